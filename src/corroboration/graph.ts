/**
 * Who called for whom: the numbers and handles of a case, the collectors that use them, whom they reached, for which debts; and which
 * numbers belong together although nobody said so. Pure: no link without its evidence, and a guess is called one.
 * Next: graph-store.ts (where the evidence is read), numbers-page.ts (table and picture).
 */
import { plainNumber } from "../cases/case.ts";

/** Contacts of one number, added up. */
export interface NumberUse {
  /** As the incidents have it. */
  number: string;
  /** Whom the incidents name; null = nobody. */
  collectorId: string | null;
  contacted: string | null;
  debtId: string | null;
  count: number;
  firstAt: number;
  lastAt: number;
  /** One of these incidents, to look at. */
  example: number;
}

/** What a message of a number says, or a recording of it is called. */
export interface NumberTrace {
  number: string;
  incident: number;
  said: string | null;
  /** The name that the phone's book or the recorder gave the caller. */
  recordedAs: string | null;
  /** Numbers that the words ask to call, written as all numbers here are. */
  callbacks: readonly string[];
}

/** Why two numbers belong together. */
export type Reason = "collector" | "callback" | "template" | "recording";

export interface Group {
  /** In the order of how often they called. */
  numbers: string[];
  collectorIds: string[];
  /** Each reason with what they share and incidents that show it. */
  reasons: { reason: Reason; shared: string; numbers: string[]; incidents: number[] }[];
}

/** Incidents named as evidence of one reason. */
const SHOWN = 5;
/** Shorter messages are too alike to say anything. */
const SHORTEST_TEMPLATE = 12;

/** Digits that may be a number to call back, with nothing that makes them part of a longer one. */
const CALLBACK =
  /(?<![\d.])(?:\+?86[- ]?)?(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4}|\+\d{8,14})(?![\d.])/gu;

export function callbacksIn(said: string): string[] {
  const found = said.normalize("NFKC").match(CALLBACK) ?? [];
  return [...new Set(found.map((text) => plainNumber(text.replace(/^\+?86[- ]?(?=[01])/u, ""))))];
}

/** The same text whoever it names and whatever it counts; null = too little to compare. */
export function templateOf(said: string): string | null {
  const plain = said
    .normalize("NFKC")
    .toLowerCase()
    .replace(/https?:\/\/\S+/gu, " ")
    .replace(/\d[\d,.:：\-/年月日]*/gu, "#")
    .replace(/[\p{P}\p{S}\s]+/gu, " ")
    .replace(/[\p{Script=Han}]{1,4}(?=先生|女士|您)/gu, "")
    .trim();
  return [...plain].length < SHORTEST_TEMPLATE ? null : plain;
}

/**
 * Numbers that belong together: named with one collector, asking to be called back on one number, sending one text, or kept by the phone
 * under one name. A number that stands alone is no group.
 */
export function groupsOf(uses: readonly NumberUse[], traces: readonly NumberTrace[]): Group[] {
  const counts = new Map<string, number>();
  for (const { number, count } of uses) counts.set(number, (counts.get(number) ?? 0) + count);
  const shared = new Map<string, { reason: Reason; shared: string; numbers: Set<string>; incidents: number[] }>();
  const share = (reason: Reason, what: string, number: string, incident: number): void => {
    const one = shared.getOrInsertComputed(`${reason} ${what}`, () => ({
      reason,
      shared: what,
      numbers: new Set<string>(),
      incidents: [],
    }));
    if (one.incidents.length < SHOWN || !one.numbers.has(number)) one.incidents.push(incident);
    one.numbers.add(number);
  };
  for (const { number, collectorId, example } of uses)
    if (collectorId !== null) share("collector", collectorId, number, example);
  for (const { number, incident, said, recordedAs, callbacks } of traces) {
    if (recordedAs !== null) share("recording", recordedAs, number, incident);
    for (const back of callbacks) {
      share("callback", back, number, incident);
      // Who asks to be called back on a number that calls, too, belongs to it.
      if (counts.has(back)) share("callback", back, back, incident);
    }
    if (said === null) continue;
    const template = templateOf(said);
    if (template !== null) share("template", template, number, incident);
  }
  const ties = [...shared.values()].filter(({ numbers }) => numbers.size > 1);
  return joinedBy(ties).map(({ numbers, reasons }) => ({
    numbers: [...numbers].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1)),
    collectorIds: [
      ...new Set(uses.flatMap((use) => (numbers.has(use.number) && use.collectorId ? [use.collectorId] : []))),
    ],
    reasons: reasons.map((one) => ({
      reason: one.reason,
      shared: one.shared,
      numbers: [...one.numbers].sort(),
      incidents: [...new Set(one.incidents)].sort((a, b) => a - b).slice(0, SHOWN),
    })),
  }));
}

type Tie = { reason: Reason; shared: string; numbers: Set<string>; incidents: number[] };

/** Ties that have a number in common are one group. */
function joinedBy(ties: readonly Tie[]): { numbers: Set<string>; reasons: Tie[] }[] {
  const parent = new Map<string, string>();
  const rootOf = (number: string): string => {
    let root = number;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root)) root = next;
    // The next walk is short.
    for (let at = number; at !== root;) {
      const next = parent.get(at) ?? root;
      parent.set(at, root);
      at = next;
    }
    return root;
  };
  for (const { numbers } of ties) {
    const [first = "", ...rest] = numbers;
    for (const number of rest) parent.set(rootOf(number), rootOf(first));
    if (!parent.has(rootOf(first))) parent.set(rootOf(first), rootOf(first));
  }
  const groups = new Map<string, { numbers: Set<string>; reasons: Tie[] }>();
  for (const tie of ties) {
    const [first = ""] = tie.numbers;
    const group = groups.getOrInsertComputed(rootOf(first), () => ({ numbers: new Set<string>(), reasons: [] }));
    for (const number of tie.numbers) group.numbers.add(number);
    group.reasons.push(tie);
  }
  return [...groups.values()];
}
