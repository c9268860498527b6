/**
 * An office that takes complaints, as data: what it takes, what it wants, what must have happened before, and its clocks. Every fact says
 * how far it was checked. Pure: zod only. Next: load-channels.ts (the files), deadlines.ts (the clocks).
 */
import { z } from "zod";
import { Bilingual, lenderKinds, respondentKinds, topics } from "../conduct/vocabulary.ts";

/**
 * How far a fact was checked: `text` = the rule itself was read, `report` = a press or professional report that quotes it, `unverified` =
 * nobody has; such a fact is shown as one and nothing is computed from it.
 */
export const Checked = z.strictObject({
  how: z.enum(["text", "report", "unverified"]),
  /** Rule and article, as one cites it. */
  cite: z.string().min(1).max(300).optional(),
  note: Bilingual.optional(),
});
export type Checked = z.infer<typeof Checked>;

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens");

/**
 * What sets a clock going: filing the complaint, its answer, the answer to the complaint that has to come before it, the contact complained
 * of, the collector's notice of the debt, or the police taking the matter up.
 */
export const startEvents = ["filed", "answered", "earlier-answered", "act", "debt-notice", "police-filed"] as const;
/** What ends a step before its time. */
const endEvents = ["filed", "acknowledged", "answered", "closed"] as const;
const units = ["calendar-day", "working-day", "week", "month", "year"] as const;

export const Clock = z.strictObject({
  id,
  /** What must happen by then, as a sentence. */
  step: Bilingual,
  /** Whose move it is. */
  who: z.enum(["office", "respondent", "you"]),
  starts: z.union([z.enum(startEvents), z.strictObject({ after: id })]),
  amount: z.int().min(1).max(3650),
  unit: z.enum(units),
  /** What ends it; absent = the answer where others are to act, the closing of the complaint where it is your move. */
  until: z.enum(endEvents).optional(),
  /** Once it has run out, the office no longer takes the matter at all. */
  bars: z.boolean().default(false),
  /** An instance that applies only sometimes (complex matters, with permission): shown, but not what the agenda waits for. */
  only: Bilingual.optional(),
  /** What can be done when it has run out. */
  whenOver: Bilingual,
  checked: Checked,
});
export type Clock = z.infer<typeof Clock>;

/** Which event ends a clock's step. */
export const endOf = ({ until, who }: Clock): (typeof endEvents)[number] =>
  until ?? (who === "you" ? "closed" : "answered");

const Wanted = z.strictObject({
  id,
  label: Bilingual,
  required: z.boolean().default(false),
  /** As the office counts: characters of the text (code points), spaces and signs included. */
  longest: z.int().min(1).optional(),
  hint: Bilingual.optional(),
});

/** In the sensible order: whoever is complained of first, courts last. */
export const channelKinds = [
  "lender",
  "collector",
  "ombudsman",
  "regulator",
  "industry-body",
  "platform",
  "local-government",
  "police",
  "court",
] as const;

export const Channel = z
  .strictObject({
    id,
    /** ISO 3166. */
    country: z.string().regex(/^[A-Z]{2}$/),
    /** Languages of the office that a dossier can be made in, the usual one first; absent = neither English nor Chinese. */
    reads: z
      .array(z.enum(["en", "zh-CN"]))
      .min(1)
      .optional(),
    version: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    name: Bilingual,
    /** What kind of office, which decides the sensible order: the lender first, courts last. */
    kind: z.enum(channelKinds),
    takes: Bilingual,
    takesNot: Bilingual.optional(),
    whoMayFile: Bilingual.optional(),
    /** The kinds of lender in the contract whose matters it takes; absent = whatever the lender. */
    lenderKinds: z.array(z.enum(lenderKinds)).optional(),
    /** Only against these; absent = whoever collects. */
    respondentKinds: z.array(z.enum(respondentKinds)).optional(),
    /** Topics of rules and acts that make it fitting; absent = any conduct. */
    topics: z.array(z.enum([...topics, "credit-record"])).optional(),
    wants: z.array(Wanted).default([]),
    attachments: z
      .strictObject({ files: z.int().min(1).optional(), bytes: z.int().min(1).optional(), note: Bilingual.optional() })
      .optional(),
    /** What must not be put into the words. */
    keepOut: z.array(z.enum(["account-number", "identity-number", "third-party-name"])).default([]),
    /** What must have happened before, the first one first; `channel` where it is a complaint elsewhere. */
    before: z.array(z.strictObject({ what: Bilingual, channel: id.optional(), checked: Checked })).default([]),
    clocks: z.array(Clock).default([]),
    /** Where one can go after it. */
    next: z.array(id).default([]),
    /** How it is reached: telephone numbers and addresses as text; nothing is opened or sent by the app. */
    reach: z.array(z.string().min(1).max(300)).min(1),
    checked: Checked,
  })
  .superRefine(({ clocks }, context) => {
    const seen = new Set<string>();
    clocks.forEach((clock, index) => {
      if (typeof clock.starts === "object" && !seen.has(clock.starts.after)) {
        context.addIssue({
          code: "custom",
          path: ["clocks", index, "starts", "after"],
          message: `${clock.starts.after} is no clock above it`,
        });
      }
      if (seen.has(clock.id))
        context.addIssue({ code: "custom", path: ["clocks", index, "id"], message: `${clock.id} is there twice` });
      seen.add(clock.id);
    });
  });
export type Channel = z.infer<typeof Channel>;
