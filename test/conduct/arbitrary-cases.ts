/** Any case at all: incidents and their surroundings for properties, and everything a rule can say. Shipped codes: shipped-judges.ts. */
import * as fc from "fast-check";
import { Acts } from "../../src/conduct/acts.ts";
import { type CaseContext, CaseContext as CaseSchema } from "../../src/conduct/case.ts";
import { compileJudge } from "../../src/conduct/classify.ts";
import { Incident } from "../../src/conduct/incident.ts";
import {
  acts,
  channels,
  collectorKinds,
  contactedPersons,
  directions,
  disclosures,
  lenderKinds,
  noticeForms,
  noticeKinds,
  outcomes,
  places,
  precisions,
  purposes,
  respondentKinds,
} from "../../src/conduct/vocabulary.ts";
import { compileWording } from "../../src/conduct/wording.ts";
import { codeOf } from "./small-code.ts";

const name = (text: string) => ({ en: text, "zh-CN": text });
const wordings: Record<string, { en: string[]; "zh-CN": string[] }> = {
  intimidation: { en: [], "zh-CN": ["上门 … 全家", "上门找你"] },
  "threat-of-arrest": { en: ["you arrested"], "zh-CN": [] },
  insult: { en: ["scum"], "zh-CN": [] },
};
/** Words enough for what is said in these cases: how broadly wording reads is tested elsewhere, and costs far more. */
const fewActs = Acts.parse({
  groups: ["threats", "speech", "pretending", "money", "privacy", "visits", "other"].map((id) => ({
    id,
    label: name(id),
  })),
  lists: {},
  negations: { en: { words: ["not"], fillers: [] }, "zh-CN": { words: ["不会"], fillers: [] } },
  spellings: {},
  acts: acts.map((id) => ({
    id,
    group: "other",
    label: name(id),
    tick: name(id),
    wording: wordings[id] ?? { en: [], "zh-CN": [] },
  })),
});
export const aids = { acts: fewActs, wording: compileWording(fewActs) };

export const everything = codeOf([
  { when: { count: { of: "placed", over: 2, per: { rollingDays: 3 }, groupBy: ["debt", "person"] } } },
  { when: { count: { of: "conversations", over: 1, per: { calendarDays: 1 }, groupBy: ["creditor"] } } },
  {
    when: {
      count: {
        of: "unanswered",
        where: { localTime: { from: "10:00", to: "15:00", fromEdge: "person", toEdge: "in" } },
        over: 1,
        per: { rollingDays: 30 },
        groupBy: ["calledNumber", "collector", "creditor"],
      },
    },
    unless: [{ title: { en: "agreed", "zh-CN": "约定" }, when: { agreed: "consent-frequency" } }],
  },
  { when: { coolDown: { after: { outcome: ["conversation"], acts: ["insult"] }, days: 5, groupBy: ["debt"] } } },
  { when: { coolDown: { after: { outcome: ["conversation"] }, days: 2, groupBy: ["collector", "person"] } } },
  { when: { firstContact: { groupBy: ["collector"] }, not: { disclosed: ["identity"] } } },
  { when: { afterNotice: { kinds: [...noticeKinds], from: "received" } } },
  { when: { firstContact: { groupBy: ["debt", "creditor"] } }, from: "2026-01-05", to: "2026-01-20" },
  { when: { any: [{ weekday: [6, 7] }, { publicHoliday: true }, { visitors: { over: 2 } }] } },
]);

/** Judges by everything a rule can say. */
export const everythingJudge = compileJudge([everything], aids);

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const oneOf = <T>(words: readonly T[]) => fc.constantFrom(...words);
/** Minutes of a few weeks across a turn of law, a turn of the year and a change of clocks. */
const moment = fc
  .tuple(
    fc.constantFrom("2025-02-25", "2025-12-28", "2026-01-01", "2026-03-07"),
    fc.integer({ min: 0, max: 3 * 24 * 4 }),
  )
  .map(([day, quarter]) => new Date(Date.parse(`${day}T00:00Z`) + quarter * 15 * 60_000).toISOString())
  .chain((instant) => fc.constantFrom(instant, instant.slice(0, 16)));
const words = fc.constantFrom(
  "今天不还钱就上门找你全家",
  "We will have you arrested, scum",
  "您好，请及时还款",
  "不会上门",
);

/** Up to so many incidents, with ids in the order of the list. */
export const incidentsUpTo = (maxLength: number): fc.Arbitrary<Incident[]> =>
  fc
    .array(
      fc.record({
        channel: fc.oneof({ weight: 3, arbitrary: fc.constant("call" as const) }, oneOf(channels)),
        direction: fc.oneof({ weight: 4, arbitrary: fc.constant("incoming" as const) }, oneOf(directions)),
        happenedAt: moment,
        precision: fc.oneof({ weight: 6, arbitrary: fc.constant("exact" as const) }, oneOf(precisions)),
        outcome: maybe(oneOf(outcomes)),
        purpose: maybe(oneOf(purposes)),
        contacted: fc.oneof({ weight: 2, arbitrary: fc.constant("self" as const) }, maybe(oneOf(contactedPersons))),
        place: maybe(oneOf(places)),
        automated: maybe(fc.boolean()),
        calledNumber: maybe(oneOf(["+1", "+2"])),
        collector: maybe(oneOf(["A", "B"])),
        creditor: maybe(oneOf(["L", "M"])),
        debt: maybe(oneOf(["D1", "D2"])),
        collectorKind: maybe(oneOf(collectorKinds)),
        acts: maybe(fc.subarray(["insult", "threat-of-arrest", "told-third-party", "flooding"] as const)),
        said: maybe(words),
        account: maybe(words),
        disclosed: maybe(fc.subarray([...disclosures])),
        visitors: maybe(fc.integer({ min: 0, max: 5 })),
      }),
      { maxLength },
    )
    .map((list) => list.map((one, index) => Incident.parse({ id: `i${String(index).padStart(2, "0")}`, ...one })));

export const incidents = incidentsUpTo(30);

export const context: fc.Arbitrary<CaseContext> = fc
  .record({
    zone: oneOf(["Asia/Shanghai", "America/New_York", "Asia/Kolkata"]),
    lenderKind: maybe(oneOf(lenderKinds)),
    respondentKind: maybe(oneOf(respondentKinds)),
    daysPastDue: maybe(fc.integer({ min: 0, max: 400 })),
    reachable: maybe(fc.boolean()),
    debtLawful: maybe(fc.boolean()),
    employerForbids: maybe(fc.boolean()),
    notices: fc.array(
      fc.record({
        id: fc.constant("n"),
        kind: oneOf(noticeKinds),
        sentAt: maybe(moment),
        receivedAt: maybe(moment),
        form: maybe(oneOf(noticeForms)),
        detail: maybe(
          fc.record(
            {
              channels: fc.subarray([...channels]),
              contacted: fc.subarray([...contactedPersons]),
              places: fc.subarray([...places]),
              numbers: fc.constant(["+1"]),
              hours: fc.constant([{ from: "20:00", to: "09:00" }]),
              perDay: fc.integer({ min: 0, max: 3 }),
              withdrawnAt: moment,
              answeredAt: moment,
              debt: oneOf(["D1", "L"]),
            },
            { requiredKeys: [] },
          ),
        ),
      }),
      { maxLength: 3 },
    ),
  })
  .map((value) => CaseSchema.parse(value));
