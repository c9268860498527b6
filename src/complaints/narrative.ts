/**
 * The short telling for an office's box, made only of what the case holds: each sentence carries what it rests on. Pure: words and
 * formats are handed in, nothing is judged here. A rule is told only from findings a person confirmed, as "appears to match".
 */
import type { Precision } from "../conduct/vocabulary.ts";
import type { Format } from "../web/format.ts";
import type { Translate } from "../web/locale.ts";

export interface ToldContact {
  number: number;
  /** Epoch milliseconds. */
  happenedAt: number;
  precision: Precision;
  channel: string;
  contacted: string | null;
  /** The collector's words, verbatim. */
  said: string | null;
}

export interface Material {
  lender: string;
  platform: string | null;
  pastDueOn: string | null;
  /** All contacts from the collector's side. */
  contacts: { count: number; first: number; last: number } | null;
  /** Confirmed findings by rule; `title` and `cite` in the language of the telling. */
  rules: { title: string; cite: string; contacts: ToldContact[] }[];
  /** Contacts told of besides, without a rule. */
  others: ToldContact[];
  notices: { number: number; kind: string; at: number }[];
  /** Complaints filed before; `due` is the end of the time for an answer, when it is over and none came. */
  earlier: {
    number: number;
    office: string;
    filedOn: string;
    receipt: string | null;
    answeredOn: string | null;
    due: string | null;
  }[];
}

export interface Source {
  kind: "case" | "contacts" | "incident" | "notice" | "complaint";
  /** Human number; 0 for the case itself. */
  number: number;
}
export interface Sentence {
  text: string;
  sources: Source[];
}

/** So many contacts of a rule are listed one by one, from generous to none, until the telling fits. */
const LISTED = [1000, 30, 12, 6, 3, 1, 0];
/** Longer words of the collector are cut, visibly. */
const LONGEST_QUOTE = 120;

/**
 * Characters as people and offices count them: code points, one for each sign, space and line end; space around the text is not kept.
 * public/enhance-count.js counts the same while somebody writes.
 */
export const lengthOf = (text: string): number => [...text.replaceAll("\r\n", "\n").replaceAll("\0", "").trim()].length;

export const textOf = (sentences: readonly Sentence[]): string => sentences.map(({ text }) => text).join("\n");

/** The telling that fits into `longest` characters; sentences that do not fit at all are left out from the end. */
export function tell(
  material: Material,
  { t, format }: { t: Translate; format: Format },
  longest: number | null,
): { sentences: Sentence[]; left: Sentence[] } {
  let sentences: Sentence[] = [];
  for (const listed of LISTED) {
    sentences = sentencesOf(material, { t, format }, listed);
    if (longest === null || lengthOf(textOf(sentences)) <= longest) return { sentences, left: [] };
  }
  const fitting: Sentence[] = [];
  for (const sentence of sentences) {
    if (lengthOf(textOf([...fitting, sentence])) <= (longest ?? Infinity)) fitting.push(sentence);
  }
  return { sentences: fitting, left: sentences.filter((sentence) => !fitting.includes(sentence)) };
}

function sentencesOf(material: Material, { t, format }: { t: Translate; format: Format }, listed: number): Sentence[] {
  const { lender, platform, pastDueOn, contacts, rules, others, notices, earlier } = material;
  const sentences: Sentence[] = [];
  const say = (key: string, params: Record<string, unknown>, sources: Source[]) =>
    sentences.push({ text: t(`complaints.story.${key}`, params), sources });
  const ofCase: Source[] = [{ kind: "case", number: 0 }];
  const incidents = (told: readonly ToldContact[]): Source[] =>
    told.map(({ number }) => ({ kind: "incident", number }));
  const when = (contact: ToldContact) => format.instant(contact.happenedAt, contact.precision);

  if (lender !== "") say(platform === null ? "loan" : "loanThrough", { lender, platform }, ofCase);
  if (pastDueOn !== null) say("pastDue", { date: format.date(pastDueOn) }, ofCase);
  if (contacts !== null) {
    const { count, first, last } = contacts;
    const span = { count, n: format.number(count), from: format.date(first), to: format.date(last) };
    say("contacts", span, [{ kind: "contacts", number: 0 }]);
  }
  for (const { title, cite, contacts: told } of rules) {
    const shown = told.slice(0, listed);
    const list = shown.map((contact) => t("complaints.story.place", { when: when(contact), number: contact.number }));
    const rest = told.length - shown.length;
    const params = {
      count: told.length,
      n: format.number(told.length),
      rule: title,
      cite,
      list: list.join(t("complaints.story.join")),
      rest,
    };
    say(shown.length === 0 ? "ruleCounted" : rest > 0 ? "ruleSome" : "rule", params, incidents(told));
  }
  for (const contact of others) {
    const what = t(`complaints.story.channel.${contact.channel}`);
    const who = contact.contacted === null ? null : t(`incidents.contacted.${contact.contacted}`);
    const params = { when: when(contact), what, who, number: contact.number };
    say(who === null ? "contact" : "contactWith", params, incidents([contact]));
    if (contact.said !== null && contact.said.trim() !== "")
      say("said", { words: quoteOf(contact.said), number: contact.number }, incidents([contact]));
  }
  for (const { number, kind, at } of notices) {
    say("notice", { date: format.date(at), what: t(`notices.kind.${kind}.name`), number }, [
      { kind: "notice", number },
    ]);
  }
  for (const { number, office, filedOn, receipt, answeredOn, due } of earlier) {
    const source: Source[] = [{ kind: "complaint", number }];
    say(receipt === null ? "complained" : "complainedReceipt", { date: format.date(filedOn), office, receipt }, source);
    if (answeredOn !== null) say("answered", { date: format.date(answeredOn) }, source);
    else if (due !== null) say("notAnswered", { date: format.date(due) }, source);
  }
  return sentences;
}

/** One line, cut with a visible sign. */
function quoteOf(said: string): string {
  const line = said.replaceAll(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length <= LONGEST_QUOTE ? line : `${characters.slice(0, LONGEST_QUOTE).join("")}…`;
}

/** A line of the text as it stands, and the sentence it is, when it is one of ours word for word. */
export interface CheckedLine {
  text: string;
  sentence: Sentence | null;
}
export function checkLines(text: string, sentences: readonly Sentence[]): CheckedLine[] {
  const known = new Map(sentences.map((sentence) => [sentence.text, sentence]));
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => ({ text: line, sentence: known.get(line) ?? null }));
}
