/**
 * The shape of data/acts.yaml: what each act is called, what a borrower ticks, and by which words it may be recognised.
 * Knows nothing of how words are found. Next: phrases.ts (what the wording of the file stands for), meanings.ts, wording.ts (finds it).
 *
 * A wording is written as phrases with a few signs, never as a regular expression:
 *   `上门催收`               these words, wherever they stand (Latin words whole, see normalise.ts)
 *   `threaten~`             and threatens, threatened, threatening
 *   `harass*`               every word that begins so
 *   `a | b`                 either
 *   `$family`               any phrase of that list
 *   `联系 … $family`         the one, then the other within 12 characters (40 in Latin script) of the same sentence
 */
import { z } from "zod";
import { BREAK, FIRST_LETTER, normalise, STOP } from "./normalise.ts";
import { acts, Bilingual, noticeKinds, topics } from "./vocabulary.ts";

const actGroups = ["threats", "speech", "pretending", "money", "privacy", "visits", "other"] as const;

/**
 * What a borrower's telling may hint at that is no act: a moment to ask for, or a notice to record, without which rules on hours,
 * on asking to stop or on lawyers cannot be judged.
 */
export const hints = [
  "outside-hours",
  "time-told",
  "asked-to-stop",
  "represented",
  "at-work",
  "disputed",
  "repeated-contact",
  "other-person-contacted",
] as const;
export type Hint = (typeof hints)[number];

const LONGEST_PHRASE = 60;
const SHORTEST_BEGINNING = 3;

const Words = z
  .string({ error: "must be a text" })
  .trim()
  .min(1)
  .max(10_000)
  .superRefine((words, context) => {
    for (const phrase of words.split(/[|…]/).map((part) => part.trim())) {
      const message = phrase.startsWith("$") ? undefined : problemOf(phrase);
      if (message) context.addIssue({ code: "custom", message });
    }
  });

/** Why a phrase could never be found, or would be found everywhere. */
function problemOf(phrase: string): string | undefined {
  if (phrase === "") return "has nothing on one side of a | or …";
  const units = normalise(phrase);
  if (phrase.length > LONGEST_PHRASE) return `“${phrase}” is longer than ${LONGEST_PHRASE} characters`;
  if (!units.some((unit) => unit >= FIRST_LETTER)) return `“${phrase}” has no letter`;
  if (units.some((unit) => unit === BREAK || unit === STOP))
    return `“${phrase}” has punctuation, which phrases never cross`;
  if (phrase.endsWith("*") && units.filter((unit) => unit >= FIRST_LETTER).length < SHORTEST_BEGINNING)
    return `“${phrase}” begins too many words`;
  return undefined;
}

/** Phrases that stand for themselves: no list inside a list, no pair. */
const PlainWords = Words.refine((words) => !/[$…]/.test(words), "must not hold $ or …");

const Pattern = z.union([
  Words,
  z.strictObject({
    words: Words,
    /** How many characters may lie between one part and the next. */
    within: z.int().min(0).max(400).optional(),
    /** Lists of which at least one phrase must stand somewhere else in the text: the words alone say too little. */
    needs: z.array(z.string()).min(1).optional(),
    /** Lists of which no phrase may stand in the same sentence or beside it: there the words mean something else. */
    unless: z.array(z.string()).min(1).optional(),
    /** The words hold although a negation stands right before them. */
    evenNegated: z.boolean().optional(),
    /** The words do not hold where the borrower says right before them that he did it himself ("I told my brother"). */
    byOthers: z.boolean().optional(),
  }),
]);

const Patterns = z.strictObject({ en: z.array(Pattern).default([]), "zh-CN": z.array(Pattern).default([]) });
const Negations = z.strictObject({ words: z.array(PlainWords), fillers: z.array(PlainWords) });

const Act = z.strictObject({
  id: z.enum(acts),
  group: z.enum(actGroups),
  label: Bilingual,
  /** In the borrower's own words, as a box to tick. */
  tick: Bilingual,
  /** Holds for every pattern of the act, beside its own. */
  unless: z.array(z.string()).min(1).optional(),
  byOthers: z.boolean().optional(),
  wording: Patterns,
});

const HintEntry = z.strictObject({
  id: z.enum(hints),
  /** What the rules are about that cannot be judged without it. */
  topics: z.array(z.enum(topics)).min(1),
  /** The notice to record, where it is one. */
  notice: z.enum(noticeKinds).optional(),
  /** What the words seem to tell. */
  label: Bilingual,
  /** What to ask the borrower, so that it becomes a record. */
  ask: Bilingual,
  wording: Patterns,
});

export const Acts = z
  .strictObject({
    groups: z.array(z.strictObject({ id: z.enum(actGroups), label: Bilingual })),
    /** Named phrases, used as `$name`, in `needs` and in `unless`. */
    lists: z.record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens"),
      z.array(PlainWords),
    ),
    /** What turns the words after it round (不会, never), and what may stand in between (再, going to). */
    negations: z.strictObject({ en: Negations, "zh-CN": Negations }),
    /** How a borrower speaks of what he did, or means to do, himself; read where a wording says `byOthers`. */
    own: z.strictObject({ en: z.array(PlainWords), "zh-CN": z.array(PlainWords) }).default({ en: [], "zh-CN": [] }),
    /** Other spellings of a word inside phrases: 微信 is also written 威信. */
    spellings: z.record(PlainWords, z.array(PlainWords)),
    acts: z.array(Act),
    /** Read from tellings only: what to ask, or to record, besides acts. */
    hints: z.array(HintEntry).default([]),
  })
  .superRefine((file, context) => {
    for (const id of acts)
      if (file.acts.filter((act) => act.id === id).length !== 1)
        context.addIssue({ code: "custom", path: ["acts"], message: `must have the act ${id} exactly once` });
    for (const group of actGroups)
      if (file.groups.filter(({ id }) => id === group).length !== 1)
        context.addIssue({ code: "custom", path: ["groups"], message: `must have the group ${group} exactly once` });
    const unknown = (name: string, path: (string | number)[]) => {
      if (!Object.hasOwn(file.lists, name))
        context.addIssue({ code: "custom", path, message: `there is no list called ${name}` });
    };
    file.acts.forEach(({ unless }, a) => unless?.forEach((name, n) => unknown(name, ["acts", a, "unless", n])));
    for (const part of ["acts", "hints"] as const)
      file[part].forEach(({ wording }, index) => {
        for (const language of ["en", "zh-CN"] as const)
          wording[language].forEach((pattern, p) => {
            const path = [part, index, "wording", language, p];
            const { words, needs, unless } = typeof pattern === "string" ? { words: pattern } : pattern;
            for (const [, name] of words.matchAll(/\$([^\s|…]*)/g)) unknown(name!, path);
            needs?.forEach((name, n) => unknown(name, [...path, "needs", n]));
            unless?.forEach((name, n) => unknown(name, [...path, "unless", n]));
          });
      });
  });
export type Acts = z.infer<typeof Acts>;
