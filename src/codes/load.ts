/**
 * Reads a code of conduct from YAML and names file, line, column and path of whatever is wrong in it. Input may be anybody's: size,
 * depth and aliases are bounded, so that reading takes time in proportion to the text. It must not know cases. Next: library.ts.
 */
import { readFileSync, statSync } from "node:fs";
import { Composer, type Document, Lexer, LineCounter, Parser, isMap, isNode, isPair, isScalar, visit } from "yaml";
import { z } from "zod";
import { problemsOf } from "../conduct/code-problems.ts";
import { Code, type Rule } from "../conduct/code.ts";
import { checkExamples } from "../conduct/examples.ts";
import type { Aids } from "../conduct/compile.ts";
import { say } from "../conduct/sentences.ts";
import type { Bilingual } from "../conduct/vocabulary.ts";
import { holidayProblems, withHolidays } from "./holidays.ts";

/** The packs that come with Dunwatch are below 150 kB. */
export const LARGEST = 2 * 1024 * 1024;
const DEEPEST = 64;
/** Words, signs and spaces: the largest pack has 15,000, a code of 2,000 rules some 300,000. */
const MOST_LEXEMES = 400_000;
const MOST = { rules: 2000, sources: 500 };
/** Contacts that the examples of one rule, and of all rules together, tell of, repeated ones counted each; packs have some hundreds in all. */
export const MOST_EXAMPLE_CONTACTS = 5000;
const MOST_CONTACTS = 100_000;
/** Who has a hundred problems mends those first. */
const MOST_PROBLEMS = 100;

/** Where in a file: `line` and `column` from 1. */
export interface FilePlace {
  file: string;
  line: number;
  column: number;
}

export interface FileProblem {
  at: FilePlace;
  /** Keys and indexes with dots between them; `file` where no field is at fault. */
  path: string;
  why: Bilingual;
}

/** A code that cannot be used; the message has one line for each problem: `file:line:column: path: why`. */
export class CodeFileError extends Error {
  readonly problems: readonly FileProblem[];
  constructor(problems: readonly FileProblem[]) {
    super(problems.map(({ at, path, why }) => `${placeText(at)}: ${path}: ${why.en}`).join("\n"));
    this.problems = problems;
  }
}

export interface LoadedCode {
  code: Code;
  /** Where a path of the code stands in its file. */
  placeOf: (path: readonly PropertyKey[]) => FilePlace;
}

export const placeText = ({ file, line, column }: FilePlace): string => `${file}:${line}:${column}`;

/** Reads and checks a file. Throws {@link CodeFileError}; an unreadable file throws the system's own error. */
export function loadCode(file: string): LoadedCode {
  if (statSync(file).size > LARGEST) throw tooLarge(file);
  return parseCode(readFileSync(file, "utf8"), file);
}

/** Checks the text of a code; `file` is only named in messages. */
export function parseCode(yaml: string, file: string): LoadedCode {
  if (yaml.length > LARGEST) throw tooLarge(file);
  const lines = new LineCounter();
  const place = (offset: number): FilePlace => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const document = composed(yaml, lines, place);
  const placeOf = (path: readonly PropertyKey[]) => place(offsetOf(document, path));
  const fail = (problems: { path: readonly PropertyKey[]; why: Bilingual }[]) => {
    if (problems.length > 0)
      throw new CodeFileError(
        problems
          .slice(0, MOST_PROBLEMS)
          .map(({ path, why }) => ({ at: placeOf(path), path: path.join(".") || "file", why })),
      );
  };
  const value: unknown = document.toJS();
  // Before each of them is looked at: a hundred thousand broken rules are one problem, not a million.
  fail(tooMany(value));
  const code = Code.safeParse(value);
  if (!code.success) {
    const chinese = new Map(
      Code.safeParse(value, { error: inChinese })
        .error?.issues.flatMap(deepest)
        .map(({ path, why }) => [path.join("."), why]),
    );
    fail(
      code.error.issues.flatMap(deepest).map(({ path, why }) => ({
        path,
        why: say(why, ownWords[why] ?? chinese.get(path.join(".")) ?? why),
      })),
    );
  }
  fail([...problemsOf(code.data!), ...holidayProblems(code.data!), ...manyContacts(code.data!)]);
  return { code: withHolidays(code.data!), placeOf };
}

function tooMany(value: unknown): { path: string[]; why: Bilingual }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(MOST).flatMap(([list, most]) => {
    const items: unknown = Reflect.get(value, list);
    const count = typeof items === "object" && items !== null ? Object.keys(items).length : 0;
    return count <= most ? [] : [{ path: [list], why: say(`more than ${most} of them`, `超过 ${most} 项`) }];
  });
}

/** How many contacts the examples of a rule tell of. */
export const contactsIn = ({ examples }: Rule): number =>
  examples.reduce((n, { incidents }) => n + incidents.reduce((sum, { repeat }) => sum + (repeat?.times ?? 1), 0), 0);

function manyContacts({ rules }: Code): { path: PropertyKey[]; why: Bilingual }[] {
  const why = (most: number) => say(`tell of more than ${most} contacts`, `涉及的联系超过 ${most} 次`);
  const counts = rules.map(contactsIn);
  const many = counts.flatMap((n, index) =>
    n > MOST_EXAMPLE_CONTACTS ? [{ path: ["rules", index, "examples"], why: why(MOST_EXAMPLE_CONTACTS) }] : [],
  );
  const all = counts.reduce((sum, n) => sum + n, 0);
  return many.length > 0 || all <= MOST_CONTACTS ? many : [{ path: ["rules"], why: why(MOST_CONTACTS) }];
}

const inChinese = z.locales.zhCN().localeError;
/** What this file and the shape of a code say in words of their own. */
const ownWords: Record<string, string> = {
  "is missing": "缺少此项",
  "is not a known field": "没有这个字段",
  "an empty condition would match everything": "空的条件会触及一切联系",
  "must look like cn.gbt.time": "格式应如 cn.gbt.time",
  "must be a date such as 2026-11-23, with .2 for a second one that day":
    "应为日期，如 2026-11-23；同日的第二个版本后加 .2",
  "must be a time of day such as 22:00": "应为一天中的时刻，如 22:00",
  "is not a time zone such as Asia/Shanghai": "不是时区名称，应如 Asia/Shanghai",
  "must name either everyMinutes or everyDays": "everyMinutes 与 everyDays 须写且只写一个",
  "must be a country in two capital letters, such as ID": "应为两个大写字母的国家或地区代码，如 ID",
};

/** Runs the worked examples of a loaded code; a sentence with its place for each that comes out otherwise. */
export function checkCode({ code, placeOf }: LoadedCode, aids: Aids): string[] {
  return checkExamples(code, aids).map(({ rule, path, why }) => `${placeText(placeOf(path))}: ${rule}: ${why}`);
}

function tooLarge(file: string): CodeFileError {
  const why = say(`is larger than ${LARGEST} bytes`, `超过 ${LARGEST} 字节`);
  return new CodeFileError([{ at: { file, line: 1, column: 1 }, path: "file", why }]);
}

/** The document of a text, as a tree with places. Throws {@link CodeFileError}. */
function composed(yaml: string, lines: LineCounter, place: (offset: number) => FilePlace): Document {
  const refusal = (offset: number, en: string, zh: string) =>
    new CodeFileError([{ at: place(offset), path: "file", why: say(en, zh) }]);
  const parser = new Parser((offset) => lines.addNewLine(offset));
  lines.addNewLine(0);
  const tokens = [];
  let lexemes = 0;
  // The parser keeps a stack of its own; the steps after it recurse, so depth is bounded here.
  for (const lexeme of new Lexer().lex(yaml)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > DEEPEST) throw refusal(parser.offset, "is nested too deeply", "嵌套过深");
    if (++lexemes > MOST_LEXEMES)
      throw refusal(parser.offset, `has more than ${MOST_LEXEMES} words and signs`, `超过 ${MOST_LEXEMES} 个词与符号`);
  }
  for (const token of parser.end()) tokens.push(token);
  // The composer's own look for double keys takes quadratic time.
  const [document, second] = new Composer({ uniqueKeys: false }).compose(tokens, true, yaml.length);
  if (document === undefined) throw refusal(0, "is empty", "是空的");
  const problems: FileProblem[] = [];
  const problem = (offset: number, en: string, zh: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push({ at: place(offset), path: "file", why: say(en, zh) });
  };
  for (const error of document.errors) {
    const [first = error.message] = error.message.split("\n");
    problem(error.pos[0], first, `不是可读的 YAML：${first}`);
  }
  if (second !== undefined) problem(second.range[0], "holds more than one document", "包含不止一个文档");
  visit(document, {
    Alias(_key, alias) {
      const at = alias.range?.[0] ?? 0;
      problem(
        at,
        `uses an alias (*${alias.source}); write the value out`,
        `使用了别名（*${alias.source}），请直接写出内容`,
      );
    },
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : key;
        const at = isNode(key) ? (key.range?.[0] ?? 0) : 0;
        if (seen.has(name)) problem(at, `Map keys must be unique: ${String(name)}`, `键重复：${String(name)}`);
        seen.add(name);
      }
    },
  });
  if (problems.length > 0) throw new CodeFileError(problems);
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
