/**
 * Reads a code of conduct from YAML and names file, line, column and path of whatever is wrong in it. Input may be anybody's: size,
 * depth and aliases are bounded, so that reading takes time in proportion to the text. It must not know cases. Next: library.ts.
 */
import { readFileSync, statSync } from "node:fs";
import { Composer, type Document, Lexer, LineCounter, Parser, isMap, isNode, isPair, isScalar, visit } from "yaml";
import type { z } from "zod";
import { problemsOf } from "../conduct/code-problems.ts";
import { Code } from "../conduct/code.ts";
import { checkExamples } from "../conduct/examples.ts";
import type { Aids } from "../conduct/compile.ts";
import { holidayProblems, withHolidays } from "./holidays.ts";

/** The packs that come with Dunwatch are below 150 kB. */
const LARGEST = 2 * 1024 * 1024;
const DEEPEST = 64;

/** A code that cannot be used; the message has one line for each problem: `file:line:column: path: why`. */
export class CodeFileError extends Error {}

export interface LoadedCode {
  code: Code;
  /** Where a path of the code stands in its file: `file:line:column`. */
  placeOf: (path: readonly PropertyKey[]) => string;
}

/** Reads and checks a file. Throws {@link CodeFileError}; an unreadable file throws the system's own error. */
export function loadCode(file: string): LoadedCode {
  if (statSync(file).size > LARGEST) throw new CodeFileError(`${file}:1:1: file: is larger than ${LARGEST} bytes`);
  return parseCode(readFileSync(file, "utf8"), file);
}

/** Checks the text of a code; `file` is only named in messages. */
export function parseCode(yaml: string, file: string): LoadedCode {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (yaml.length > LARGEST) throw new CodeFileError(`${file}:1:1: file: is larger than ${LARGEST} characters`);
  const document = composed(yaml, lines, place);
  const placeOf = (path: readonly PropertyKey[]) => place(offsetOf(document, path));
  const fail = (problems: { path: readonly PropertyKey[]; why: string }[]) => {
    if (problems.length > 0)
      throw new CodeFileError(
        problems.map(({ path, why }) => `${placeOf(path)}: ${path.join(".") || "file"}: ${why}`).join("\n"),
      );
  };
  const code = Code.safeParse(document.toJS());
  if (!code.success) fail(code.error.issues.flatMap(deepest));
  fail([...problemsOf(code.data!), ...holidayProblems(code.data!)]);
  return { code: withHolidays(code.data!), placeOf };
}

/** Runs the worked examples of a loaded code; a sentence with its place for each that comes out otherwise. */
export function checkCode({ code, placeOf }: LoadedCode, aids: Aids): string[] {
  return checkExamples(code, aids).map(({ rule, path, why }) => `${placeOf(path)}: ${rule}: ${why}`);
}

function composed(yaml: string, lines: LineCounter, place: (offset: number) => string): Document {
  const parser = new Parser((offset) => lines.addNewLine(offset));
  lines.addNewLine(0);
  const tokens = [];
  // The parser keeps a stack of its own; the steps after it recurse, so depth is bounded here.
  for (const lexeme of new Lexer().lex(yaml)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > DEEPEST) throw new CodeFileError(`${place(parser.offset)}: file: is nested too deeply`);
  }
  for (const token of parser.end()) tokens.push(token);
  const [document, second] = new Composer({ uniqueKeys: true }).compose(tokens, true, yaml.length);
  if (document === undefined) throw new CodeFileError(`${place(0)}: file: is empty`);
  const problems = document.errors.map((error) => `${place(error.pos[0])}: file: ${error.message.split("\n")[0]}`);
  if (second !== undefined) problems.push(`${place(second.range[0])}: file: holds more than one document`);
  visit(document, {
    Alias: (_key, alias) => {
      problems.push(`${place(alias.range?.[0] ?? 0)}: file: uses an alias (*${alias.source}); write the value out`);
    },
  });
  if (problems.length > 0) throw new CodeFileError(problems.join("\n"));
  return document;
}

/** An issue, or the issues inside the branch of a union that came nearest. */
function deepest(issue: z.core.$ZodIssue): { path: PropertyKey[]; why: string }[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...issue.path, key], why: "is not a known field" }));
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branches = issue.errors.map((errors) => errors.flatMap(deepest));
    const nearest = branches.reduce((a, b) => (b.length < a.length ? b : a));
    return nearest.map(({ path, why }) => ({ path: [...issue.path, ...path], why }));
  }
  const isMissing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  return [{ path: [...issue.path], why: isMissing ? "is missing" : issue.message }];
}

/** Where a field stands, or the nearest thing round it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent: unknown = document.getIn(path.slice(0, depth - 1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isPair(item) && isScalar(item.key) && item.key.value === path[depth - 1],
      );
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
