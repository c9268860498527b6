/**
 * `dunwatch evaluate --data DIR [--full]`: holds the wording of data/acts.yaml against real texts that nobody here wrote, and
 * prints what it suggests, misses and wrongly suggests. The texts are not part of the project; DIR names their folder.
 * Complaints say by their sub-issue which act a narrative ought to suggest; messages between friends ought to suggest none.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadActs } from "../codes/load-acts.ts";
import type { Act } from "../conduct/vocabulary.ts";
import { compileWording, type Wording, type WordingHit } from "../conduct/wording.ts";

/** CFPB sub-issues, old and new names, on how a collector made contact or threatened, and the acts that would answer them. */
const actsOfSubIssue: Record<string, readonly Act[]> = {
  "Frequent or repeated calls": ["flooding"],
  "Called before 8am or after 9pm": ["flooding", "other-improper"],
  "Called outside of 8am-9pm": ["flooding", "other-improper"],
  "You told them to stop contacting you, but they keep trying": ["flooding", "other-improper"],
  "Called after sent written cease of comm": ["flooding", "other-improper"],
  "Contacted me after I asked not to": ["flooding", "other-improper"],
  "Contacted you after you asked them to stop": ["flooding", "other-improper"],
  "Contacted me instead of my attorney": ["other-improper"],
  "Contacted you instead of your attorney": ["other-improper"],
  "Used obscene, profane, or other abusive language": ["insult", "obscenity"],
  "Used obscene/profane/abusive language": ["insult", "obscenity"],
  "Threatened to take legal action": ["threat-of-lawsuit", "threat-of-seizure"],
  "Threatened to sue you for very old debt": ["threat-of-lawsuit", "time-barred-suit"],
  "Threatened to sue on too old debt": ["threat-of-lawsuit", "time-barred-suit"],
  "Sued you without properly notifying you of lawsuit": ["threat-of-lawsuit"],
  "Sued w/o proper notification of suit": ["threat-of-lawsuit"],
  "Sued you in a state where you do not live or did not sign for the debt": ["threat-of-lawsuit"],
  "Sued where didn't live/sign for debt": ["threat-of-lawsuit"],
  "Threatened to arrest you or take you to jail if you do not pay": ["threat-of-arrest", "claims-crime"],
  "Threatened arrest/jail if do not pay": ["threat-of-arrest", "claims-crime"],
  "Threatened to turn you in to immigration or deport you": ["threat-of-deportation"],
  "Seized or attempted to seize your property": ["threat-of-seizure", "took-property"],
  "Seized/Attempted to seize property": ["threat-of-seizure", "took-property"],
  "Collected or attempted to collect exempt funds": ["threat-of-seizure", "took-property", "misstated-debt"],
  "Attempted to/Collected exempt funds": ["threat-of-seizure", "took-property", "misstated-debt"],
  "Threatened or suggested your credit would be damaged": ["threat-to-credit"],
  "Talked to a third party about my debt": ["told-third-party", "threat-to-tell-others"],
  "Talked to a third-party about your debt": ["told-third-party", "threat-to-tell-others"],
  "Contacted your employer": ["told-third-party", "threat-to-tell-others", "entered-workplace"],
  "Contacted employer after asked not to": ["told-third-party", "threat-to-tell-others", "entered-workplace"],
  "Impersonated attorney, law enforcement, or government official": ["impersonating-authority", "impersonating-lawyer"],
  "Impersonated an attorney or official": ["impersonating-authority", "impersonating-lawyer"],
  "Indicated you were committing crime by not paying debt": ["claims-crime", "threat-of-arrest"],
  "Indicated committed crime not paying": ["claims-crime", "threat-of-arrest"],
  "Told you not to respond to a lawsuit they filed against you": ["discourages-legal-response"],
  "Indicated shouldn't respond to lawsuit": ["discourages-legal-response"],
};

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

/** Runs the command; returns its exit status (2: the folder is missing or not named). */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { data: { type: "string" }, full: { type: "boolean" } } });
  const folder = values.data;
  if (!folder || !existsSync(folder)) {
    console.error(folder ? `evaluate: there is no folder ${folder}` : "evaluate: --data DIR is missing");
    return 2;
  }
  const wording = compileWording(loadActs(new URL("../../data/acts.yaml", import.meta.url)));
  const width = values.full ? Infinity : 140;
  const totals = [
    ...complaints(wording, folder, width),
    ...scripts(wording, folder, width),
    ...silence(wording, folder, width),
    ...counts(wording, folder),
  ];
  console.log("\nTotals");
  for (const line of totals) console.log(`  ${line}`);
  return 0;
}

/** Narratives of complaints, by sub-issue: is one of the acts suggested that its sub-issue names? */
function complaints(wording: Wording, folder: string, width: number): string[] {
  const text = readIfThere(folder, "cfpb/debt_collection_narratives.csv");
  if (text === undefined) return ["complaints: not there"];
  const perSubIssue = new Map<string, { hit: number; all: number }>();
  const perAct = new Map<Act, { hit: number; all: number }>();
  const without = new Map<string, number>();
  let unexpected = 0;
  console.log("Complaints whose sub-issue names an act, and what was missed");
  for (const row of records(text)) {
    const narrative = row["narrative"] ?? "";
    const subIssue = row["sub_issue"] ?? "";
    const expected = actsOfSubIssue[subIssue];
    const hits = wording.find(narrative);
    if (!expected) {
      unexpected += hits.length > 0 ? 1 : 0;
      for (const act of new Set(hits.map((hit) => hit.act))) without.set(act, (without.get(act) ?? 0) + 1);
      continue;
    }
    const found = expected.filter((act) => hits.some((hit) => hit.act === act));
    tally(perSubIssue, subIssue, found.length > 0);
    for (const act of found.length > 0 ? found : expected.slice(0, 1)) tally(perAct, act, found.length > 0);
    if (found.length === 0)
      console.log(`  MISS ${subIssue}: suggested ${summary(hits) || "nothing"}\n       ${shorten(narrative, width)}`);
  }
  console.log("\nPer sub-issue");
  for (const [name, { hit, all }] of [...perSubIssue].sort(byName)) console.log(`  ${hit} of ${all}  ${name}`);
  console.log("\nPer act");
  for (const [act, { hit, all }] of [...perAct].sort(byName)) console.log(`  ${hit} of ${all}  ${act}`);
  console.log("\nActs suggested on complaints whose sub-issue names none (often rightly)");
  for (const [act, n] of [...without].sort((a, b) => b[1] - a[1])) console.log(`  ${n}  ${act}`);
  const hit = sum([...perSubIssue.values()].map((one) => one.hit));
  const all = sum([...perSubIssue.values()].map((one) => one.all));
  return [
    `complaints on contact or threats: ${hit} of ${all} suggest the act (${percent(hit, all)})`,
    `complaints on other issues that suggest some act: ${unexpected}`,
  ];
}

/** Collection scripts: all that they suggest, beside what somebody guessed of them. */
function scripts(wording: Wording, folder: string, width: number): string[] {
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

/** Messages that ought to suggest nothing; every one that does is printed. */
function silence(wording: Wording, folder: string, width: number): string[] {
  return quiet.map(({ name, file, read }) => {
    const text = readIfThere(folder, file);
    if (text === undefined) return `${name}: not there`;
    const messages = read(text);
    console.log(`\nFalse alarms: ${name}`);
    let alarms = 0;
    for (const message of messages) {
      const hits = wording.find(message);
      if (hits.length === 0) continue;
      alarms++;
      console.log(`  ${quoted(hits)}\n       ${shorten(message, width)}`);
    }
    return `${name}: ${alarms} false alarms on ${messages.length} messages`;
  });
}

function counts(wording: Wording, folder: string): string[] {
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

function tally<Key>(counted: Map<Key, { hit: number; all: number }>, key: Key, isHit: boolean): void {
  const one = counted.get(key) ?? { hit: 0, all: 0 };
  one.all++;
  if (isHit) one.hit++;
  counted.set(key, one);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function summary(hits: WordingHit[]): string {
  return [...new Set(hits.map((hit) => hit.act))].join(", ");
}

function quoted(hits: WordingHit[]): string {
  return hits.map((hit) => `${hit.act} “${shorten(hit.text, 80)}”`).join(", ");
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

function readIfThere(folder: string, file: string): string | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, "utf8").replace(/^\ufeff/, "") : undefined;
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
