/**
 * Changes the text of a code of conduct and leaves alone whatever is not changed, comments and order included: a value that stays as it
 * is keeps its very node. Texts come checked (load.ts). Pure. Next: text-jobs.ts.
 */
import { type Document, type Node, type YAMLSeq, isMap, isSeq, parseDocument, visit } from "yaml";
import type { Bilingual } from "../conduct/vocabulary.ts";

type Path = readonly (string | number)[];

/** A change of a text by its tree; the text comes back laid out in one way, so that versions can be compared line by line. */
function edited(yaml: string, change: (document: Document) => void): string {
  const document = parseDocument(yaml, { uniqueKeys: false });
  change(document);
  return document.toString({ lineWidth: 120 });
}

/** The same text in the one layout. */
export const laidOut = (yaml: string): string => edited(yaml, () => {});

export interface Head {
  id?: string;
  version?: string;
  title?: Bilingual;
}

export function withHead(yaml: string, head: Head): string {
  return edited(yaml, (document) => {
    for (const [key, value] of Object.entries(head)) replace(document, [key], value);
  });
}

/** A rule as the text has it, defaults not filled in. */
export type RawRule = Record<string, unknown>;

/** Every rule of a text as it stands there. */
export function rawRules(yaml: string): RawRule[] {
  return (parseDocument(yaml, { uniqueKeys: false }).toJS() as { rules: RawRule[] }).rules;
}

/** Puts a rule in the place of the one at `index`, or at the end; only what is different is written. */
export function withRule(yaml: string, index: number, rule: RawRule): string {
  return edited(yaml, (document) => {
    const before = (document.toJS() as { rules: RawRule[] }).rules[index];
    if (before === undefined) document.addIn(["rules"], nodeOf(document, rule));
    else merge(document, ["rules", index], before, rule);
  });
}

export function withoutRule(yaml: string, index: number): string {
  return edited(yaml, (document) => {
    document.deleteIn(["rules", index]);
  });
}

/** The sources of a text as they stand there, by their ids. */
export type RawSources = Record<string, Record<string, unknown>>;

export function rawSources(yaml: string): RawSources {
  return (parseDocument(yaml, { uniqueKeys: false }).toJS() as { sources: RawSources }).sources;
}

/** Puts a source in the place of the one with this id, or after the others; only what is different is written. */
export function withSource(yaml: string, id: string, source: Record<string, unknown>): string {
  return edited(yaml, (document) => replace(document, ["sources", id], source));
}

export function withoutSource(yaml: string, id: string): string {
  return edited(yaml, (document) => {
    document.deleteIn(["sources", id]);
  });
}

function replace(document: Document, path: Path, value: unknown): void {
  merge(document, path, (document.getIn(path, true) as { toJSON?: () => unknown } | undefined)?.toJSON?.(), value);
}

function merge(document: Document, path: Path, before: unknown, after: unknown): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const node = document.getIn(path, true);
  if (isRecord(before) && isRecord(after) && isMap(node)) {
    for (const key of Object.keys(before)) if (after[key] === undefined) document.deleteIn([...path, key]);
    for (const [key, value] of Object.entries(after))
      if (value !== undefined) merge(document, [...path, key], before[key], value);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after) && isSeq(node))
    return mergeList(document, path, before, after, node);
  const made = nodeOf(document, after);
  // A list of words in one line stays in one line.
  if ((isMap(node) || isSeq(node)) && (isMap(made) || isSeq(made)) && node.flow !== undefined) made.flow = node.flow;
  document.setIn(path, made);
}

/** Items that stay at the beginning and the end keep their nodes; those between are changed one by one, then added or taken away. */
function mergeList(document: Document, path: Path, before: unknown[], after: unknown[], node: YAMLSeq): void {
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start])) start++;
  let end = 0;
  while (end < shorter - start && isSame(before.at(-1 - end), after.at(-1 - end))) end++;
  const both = shorter - end;
  for (let at = start; at < both; at++) merge(document, [...path, at], before[at], after[at]);
  const added = after.slice(both, after.length - end).map((value) => nodeOf(document, value));
  node.items.splice(both, before.length - end - both, ...added);
}

/** Times and days stand in quotes: an older reader of YAML takes 18:00 for a number. */
function nodeOf(document: Document, value: unknown): Node {
  const node = document.createNode(value, { aliasDuplicateObjects: false }) as Node;
  visit(node, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === "string" && /^\d/.test(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    },
  });
  return node;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
