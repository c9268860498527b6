/**
 * How the forms of complaint channels name what a rule forbids and what an act is: data/vocabularies. One mapping for the pages, for
 * complaints, and for the evaluation of the wording. It must not know cases. Next: pages.ts shows the names beside a rule.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Condition, Rule } from "../conduct/code.ts";
import type { Locale } from "../web/locale.ts";
import { type Act, Bilingual, acts, checks, topics } from "../conduct/vocabulary.ts";

const acted = z.array(z.enum(acts)).min(1).optional();
const Name = z.string().min(1);

const SubIssue = z
  .strictObject({
    /** Today's name; absent where only complaints of former years bear one. */
    name: Name.optional(),
    "zh-CN": Name.optional(),
    former: z.array(z.strictObject({ issue: Name, name: Name })).default([]),
    /** Acts that are what the sub-issue says. */
    acts: acted,
    /** Acts by which a story of it may show although a number, an hour or a notice decides. */
    signs: acted,
    topics: z.array(z.enum(topics)).min(1).optional(),
    rules: z.array(z.string()).min(1).optional(),
    /** It is about contact or threats, not about the debt itself. */
    contactOrThreat: z.boolean().default(false),
  })
  .refine(({ name, former }) => name !== undefined || former.length > 0, "needs a name, today's or a former one")
  .refine((issue) => (issue.name === undefined) === (issue["zh-CN"] === undefined), "needs its name in both languages");

export const ChannelVocabulary = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    title: Bilingual,
    country: z.string().regex(/^[A-Z]{2}$/),
    checked: z.enum(checks),
    checkedNote: Bilingual,
    /** Acts for which the channel has no name. */
    unnamed: z.array(z.enum(acts)),
    issues: z.array(
      z.strictObject({
        name: Name,
        "zh-CN": Name,
        former: z.array(Name).default([]),
        subIssues: z.array(SubIssue).min(1),
      }),
    ),
  })
  .refine(({ issues, unnamed }) => {
    const placed = new Set(
      issues.flatMap(({ subIssues }) => subIssues.flatMap((one) => [...(one.acts ?? []), ...(one.signs ?? [])])),
    );
    return acts.every((act) => placed.has(act) || unnamed.includes(act));
  }, "every act must stand with a sub-issue or among the unnamed");
export type ChannelVocabulary = z.infer<typeof ChannelVocabulary>;
type SubIssue = ChannelVocabulary["issues"][number]["subIssues"][number];

let cfpb: ChannelVocabulary | undefined;

/** The words of the complaint form of the US Consumer Financial Protection Bureau, read when first asked for. */
export function cfpbVocabulary(): ChannelVocabulary {
  const file = join(import.meta.dirname, "../../data/vocabularies/cfpb.yaml");
  return (cfpb ??= ChannelVocabulary.parse(parse(readFileSync(file, "utf8"))));
}

/** A name under which the form files something. */
export interface ChannelName {
  issue: string;
  issueZh: string;
  /** Today's name; null where only former complaints bear one. */
  subIssue: string | null;
  subIssueZh: string | null;
  /** Former names of the sub-issue, with today's left out. */
  former: string[];
}

/** What the page of a rule shows: the form, and its issues with their sub-issues; the original where the reader's language is another. */
export function channelNames(rule: Pick<Rule, "id" | "topic" | "when">, locale: Locale) {
  const vocabulary = cfpbVocabulary();
  const inWords = (en: string, zh: string) =>
    locale === "en" ? { text: en, original: null } : { text: zh, original: en };
  const issues = Map.groupBy(namesOfRule(vocabulary, rule), ({ issue }) => issue);
  return {
    channel: vocabulary.title[locale],
    issues: [...issues.values()].map((names) => ({
      ...inWords(names[0]!.issue, names[0]!.issueZh),
      subIssues: names.map(({ subIssue, subIssueZh, former }) => ({
        name: subIssue === null ? null : inWords(subIssue, subIssueZh ?? subIssue),
        former,
      })),
    })),
  };
}

/** The names for a rule: those given for it, or else those of its topic and of the acts it asks for. */
export function namesOfRule({ issues }: ChannelVocabulary, rule: Pick<Rule, "id" | "topic" | "when">): ChannelName[] {
  const asked = actsIn(rule.when);
  const given = issues.some(({ subIssues }) => subIssues.some(({ rules }) => rules?.includes(rule.id)));
  const fits = given
    ? ({ rules }: SubIssue) => rules?.includes(rule.id) === true
    : ({ acts: own, topics: about }: SubIssue) =>
        own?.some((act) => asked.has(act)) === true ||
        (rule.topic !== undefined && about?.includes(rule.topic) === true);
  return named(issues, fits);
}

/** The names for an act. */
export function namesOfAct({ issues }: ChannelVocabulary, act: Act): ChannelName[] {
  return named(issues, ({ acts: own }) => own?.includes(act) === true);
}

function named(issues: ChannelVocabulary["issues"], fits: (subIssue: SubIssue) => boolean): ChannelName[] {
  return issues.flatMap((issue) =>
    issue.subIssues.filter(fits).map(({ name, former, "zh-CN": zh }) => ({
      issue: issue.name,
      issueZh: issue["zh-CN"],
      subIssue: name ?? null,
      subIssueZh: zh ?? null,
      former: former.map((one) => one.name).filter((one) => one !== name),
    })),
  );
}

/** The acts that a condition asks for, what it denies left out. */
function actsIn(condition: Condition): Set<Act> {
  const parts = [...(condition.all ?? []), ...(condition.any ?? [])];
  return new Set([...(condition.acts ?? []), ...parts.flatMap((part) => [...actsIn(part)])]);
}
