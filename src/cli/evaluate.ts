/**
 * `dunwatch evaluate --data DIR [--full]`: holds the wording of data/acts.yaml against real texts that nobody here wrote, and
 * prints what it suggests, misses and wrongly suggests. The texts are not part of the project; DIR names their folder.
 * Complaints say by their sub-issue which act, or which question to the borrower, a narrative ought to suggest (the mapping is
 * data/vocabularies/cfpb.yaml); messages between friends ought to suggest none.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createCodeLibrary } from "../codes/library.ts";
import { cfpbVocabulary } from "../codes/vocabularies.ts";
import type { Acts, Hint } from "../conduct/acts.ts";
import type { Act, topics } from "../conduct/vocabulary.ts";
import { compileWording, type HintHit, type WordingHit, type WordingReader } from "../conduct/wording.ts";

type Topic = (typeof topics)[number];

/** A file beyond this is refused: texts are read whole. */
const LARGEST_FILE = 200_000_000;
/** Texts printed of one kind, unless all are asked for. */
const SHOWN = 200;

/** What would answer a sub-issue: acts, and hints at what rules about it need to know. */
interface Expected {
  acts: readonly Act[];
  hints: readonly Hint[];
}

/** By each name, today's and former, of a sub-issue on contact or threats. "Something else improper" says nothing and answers none. */
function expectations(acts: Acts, topicOf: ReadonlyMap<string, Topic | undefined>): Map<string, Expected> {
  const expected = new Map<string, Expected>();
  for (const { subIssues } of cfpbVocabulary().issues)
    for (const { name, former, acts: own = [], signs = [], topics = [], rules = [], contactOrThreat } of subIssues) {
      if (!contactOrThreat) continue;
      const about = new Set<Topic | undefined>([...topics, ...rules.map((rule) => topicOf.get(rule))]);
      // Disputing a debt says nothing of how it was collected, though rules on old debts are filed with those on disputes.
      about.delete("disputes");
      const one: Expected = {
        acts: [...own, ...signs].filter((act) => act !== "other-improper"),
        hints: acts.hints.filter((hint) => hint.topics.some((topic) => about.has(topic))).map((hint) => hint.id),
      };
      for (const key of [...(name === undefined ? [] : [name]), ...former.map((was) => was.name)])
        expected.set(key, merged(expected.get(key), one));
    }
  return expected;
}

/** The same name stands with two issues of the form. */
function merged(one: Expected | undefined, other: Expected): Expected {
  if (one === undefined) return other;
  return {
    acts: [...new Set([...one.acts, ...other.acts])],
    hints: [...new Set([...one.hints, ...other.hints])],
  };
}

/** Files of messages and narratives on which a suggestion is, or is almost always, a false alarm. */
interface Quiet {
  name: string;
  file: string;
  read: (text: string) => string[];
}

const quiet: readonly Quiet[] = [
  { name: "zh SMS between people", file: "zh_sms/nus/nus_zh.csv", read: (text) => column(text, "text") },
  { name: "en SMS between people (NUS)", file: "en_sms/nus/nus_en.csv", read: (text) => column(text, "text") },
  { name: "en SMS between people (UCI ham)", file: "en_sms/uci/sms.tsv", read: (text) => labelled(text, "ham") },
  { name: "en spam (UCI)", file: "en_sms/uci/sms.tsv", read: (text) => labelled(text, "spam") },
  { name: "zh spam (FBS)", file: "zh_sms/fbs/fbs.csv", read: (text) => column(text, "text_tokenised") },
];

/** Texts without a known answer: only how many suggest something is told. */
const others: readonly Quiet[] = [
  {
    name: "complaints on other products",
    file: "cfpb/other_product_narratives_negatives.csv",
    read: (text) => column(text, "narrative"),
  },
  {
    name: "complaints on payday and personal loans",
    file: "cfpb/payday_personal_loan_narratives.csv",
    read: (text) => column(text, "narrative"),
  },
  { name: "comments on a rulemaking", file: "cfpb/cdcp_user_comments.csv", read: (text) => column(text, "text") },
  {
    name: "zh comments called offensive",
    file: "zh_abuse/coldataset/dev_800.csv",
    read: (text) => column(text, "TEXT", ["label", "1"]),
  },
  {
    name: "zh comments called inoffensive",
    file: "zh_abuse/coldataset/dev_800.csv",
    read: (text) => column(text, "TEXT", ["label", "0"]),
  },
];

/** Runs the command; returns its exit status (2: the folder is missing, not named, or holds a file beyond all measure). */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { data: { type: "string" }, full: { type: "boolean" } } });
  const folder = values.data;
  if (!folder || !existsSync(folder)) {
    console.error(folder ? `evaluate: there is no folder ${folder}` : "evaluate: --data DIR is missing");
    return 2;
  }
  const library = await createCodeLibrary();
  const wording = compileWording(library.acts);
  const topicOf = new Map(library.all().flatMap(({ rules }) => rules.map((rule) => [rule.id, rule.topic] as const)));
  const print: Print = values.full ? { width: Infinity, shown: Infinity } : { width: 140, shown: SHOWN };
  try {
    const totals = [
      ...complaints(wording, expectations(library.acts, topicOf), folder, print),
      ...scripts(wording, folder, print),
      ...silence(wording, folder, print),
      ...counts(wording, folder),
    ];
    console.log("\nTotals");
    for (const line of totals) console.log(`  ${line}`);
    return 0;
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    console.error(`evaluate: ${error.message}`);
    return 2;
  }
}

/** How much of each text, and how many texts of a kind, are printed. */
interface Print {
  width: number;
  shown: number;
}

/** Narratives of complaints, by sub-issue: is one of the acts or hints suggested that answer it? */
function complaints(
  wording: WordingReader,
  expectedOf: ReadonlyMap<string, Expected>,
  folder: string,
  { width }: Print,
): string[] {
  const text = readIfThere(folder, "cfpb/debt_collection_narratives.csv");
  if (text === undefined) return ["complaints: not there"];
  const perSubIssue = new Map<string, Share>();
  const perSubject = new Map<Act | Hint, Share>();
  const without = new Map<string, number>();
  let byAct = 0;
  let unexpected = 0;
  console.log("Complaints whose sub-issue is on contact or threats: what answered it, and what was missed");
  for (const row of records(text)) {
    const narrative = row["narrative"] ?? "";
    const subIssue = row["sub_issue"] ?? "";
    const expected = expectedOf.get(subIssue);
    const { acts, hints } = wording.read(narrative);
    if (!expected) {
      unexpected += acts.length > 0 ? 1 : 0;
      for (const act of new Set(acts.map((hit) => hit.act))) without.set(act, (without.get(act) ?? 0) + 1);
      continue;
    }
    const answering = acts.filter(({ act }) => expected.acts.includes(act));
    const asking = hints.filter(({ hint }) => expected.hints.includes(hint));
    const isHit = answering.length + asking.length > 0;
    byAct += answering.length > 0 ? 1 : 0;
    tally(perSubIssue, subIssue, isHit);
    const subjects = [...answering.map(({ act }) => act), ...asking.map(({ hint }) => hint)];
    for (const subject of new Set(isHit ? subjects : [...expected.acts, ...expected.hints].slice(0, 1)))
      tally(perSubject, subject, isHit);
    console.log(
      isHit
        ? `  hit  ${subIssue}: ${quoted([...answering, ...asking])}`
        : `  MISS ${subIssue}: suggested ${quoted([...acts, ...hints]) || "nothing"}`,
    );
    console.log(`       ${shorten(narrative, width)}`);
  }
  console.log("\nPer sub-issue: hits of all");
  for (const [name, { hit, all }] of [...perSubIssue].sort(byName)) console.log(`  ${hit} of ${all}  ${name}`);
  console.log("\nPer act, and per hint at what to ask: hits, and misses laid to the first that was expected");
  for (const [act, { hit, all }] of [...perSubject].sort(byName)) console.log(`  ${hit} of ${all}  ${act}`);
  console.log("\nActs suggested on complaints whose sub-issue names none (often rightly)");
  for (const [act, n] of [...without].sort((a, b) => b[1] - a[1])) console.log(`  ${n}  ${act}`);
  const hit = sum([...perSubIssue.values()].map((one) => one.hit));
  const all = sum([...perSubIssue.values()].map((one) => one.all));
  return [
    `complaints on contact or threats: ${hit} of ${all} suggest the act or the rule (${percent(hit, all)}); ${byAct} the act`,
    `complaints on other issues that suggest some act: ${unexpected}`,
  ];
}

/** Collection scripts: all that they suggest, beside what somebody guessed of them. */
function scripts(wording: WordingReader, folder: string, { width }: Print): string[] {
  const text = readIfThere(folder, "zh_collection/zh_collection_messages.csv");
  if (text === undefined) return ["collection scripts: not there"];
  console.log("\nCollection scripts");
  let some = 0;
  const rows = records(text);
  for (const row of rows) {
    const hits = wording.find(row["text"] ?? "");
    some += hits.length > 0 ? 1 : 0;
    console.log(`  ${row["id"]} (${row["hint_unreviewed"]}): ${quoted(hits) || "nothing"}`);
    console.log(`       ${shorten(row["text"] ?? "", width)}`);
  }
  return [`collection scripts that suggest some act: ${some} of ${rows.length}`];
}

/** Messages that ought to suggest nothing: those that do, and how many there are of each act. */
function silence(wording: WordingReader, folder: string, { width, shown }: Print): string[] {
  const perAct = new Map<string, number>();
  const totals = quiet.map(({ name, file, read }) => {
    const text = readIfThere(folder, file);
    if (text === undefined) return `${name}: not there`;
    const messages = read(text);
    console.log(`\nFalse alarms: ${name}`);
    let alarms = 0;
    for (const message of messages) {
      const hits = wording.find(message);
      if (hits.length === 0) continue;
      alarms++;
      for (const act of new Set(hits.map((hit) => hit.act))) perAct.set(act, (perAct.get(act) ?? 0) + 1);
      if (alarms <= shown) console.log(`  ${quoted(hits)}\n       ${shorten(message, width)}`);
    }
    if (alarms > shown) console.log(`  … and ${alarms - shown} more`);
    return `${name}: ${alarms} false alarms on ${messages.length} messages`;
  });
  console.log("\nFalse alarms per act");
  for (const [act, n] of [...perAct].sort(byName)) console.log(`  ${n}  ${act}`);
  if (perAct.size === 0) console.log("  none");
  return totals;
}

function counts(wording: WordingReader, folder: string): string[] {
  return others.map(({ name, file, read }) => {
    const text = readIfThere(folder, file);
    if (text === undefined) return `${name}: not there`;
    const texts = read(text);
    const perAct = new Map<string, number>();
    let some = 0;
    for (const one of texts) {
      const acts = new Set(wording.find(one).map((hit) => hit.act));
      if (acts.size > 0) some++;
      for (const act of acts) perAct.set(act, (perAct.get(act) ?? 0) + 1);
    }
    const most = [...perAct].sort((a, b) => b[1] - a[1]).slice(0, 6);
    return `${name}: ${some} of ${texts.length} suggest some act (${most.map(([act, n]) => `${act} ${n}`).join(", ")})`;
  });
}

interface Share {
  hit: number;
  all: number;
}

function tally<Key>(counted: Map<Key, Share>, key: Key, isHit: boolean): void {
  const one = counted.get(key) ?? { hit: 0, all: 0 };
  one.all++;
  if (isHit) one.hit++;
  counted.set(key, one);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** What was suggested, each act or hint once, with its first words. */
function quoted(hits: readonly (WordingHit | HintHit)[]): string {
  const first = new Map<Act | Hint, string>();
  for (const hit of hits) {
    const subject = "act" in hit ? hit.act : hit.hint;
    if (!first.has(subject)) first.set(subject, hit.text);
  }
  return [...first].map(([subject, words]) => `${subject} “${shorten(words, 80)}”`).join(", ");
}

function shorten(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > width ? `${line.slice(0, width)}…` : line;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${((100 * part) / whole).toFixed(1)} %`;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

class TooLarge extends Error {}

function readIfThere(folder: string, file: string): string | undefined {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  if (statSync(path).size > LARGEST_FILE) throw new TooLarge(`${path} is larger than ${LARGEST_FILE / 1e6} MB`);
  return readFileSync(path, "utf8").replace(/^\ufeff/, "");
}

function labelled(text: string, label: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${label}\t`))
    .map((line) => line.slice(label.length + 1));
}

/** One column of a CSV text; of some rows only, when another column must have a value. */
function column(text: string, name: string, only?: readonly [column: string, value: string]): string[] {
  return records(text)
    .filter((row) => !only || row[only[0]] === only[1])
    .map((row) => row[name] ?? "");
}

/** Rows of a CSV text (RFC 4180) by the names in its first line. */
function records(text: string): Record<string, string>[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let from = 0;
  while (from < text.length) {
    let field = "";
    let at = from;
    if (text[at] === '"') {
      for (;;) {
        const quote = text.indexOf('"', at + 1);
        const end = quote < 0 ? text.length : quote;
        field += text.slice(at + 1, end);
        at = end + 1;
        if (text[at] !== '"') break;
        field += '"';
      }
    }
    let end = at;
    while (end < text.length && text[end] !== "," && text[end] !== "\n") end++;
    row.push(field + text.slice(at, end).replace(/\r$/, ""));
    if (end >= text.length || text[end] === "\n") {
      rows.push(row);
      row = [];
    }
    from = end + 1;
  }
  const [names = [], ...rest] = rows;
  return rest.map((values) => Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""])));
}
