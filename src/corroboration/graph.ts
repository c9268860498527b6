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
type Reason = "collector" | "callback" | "template" | "recording";

export interface Group {
  /** In the order of how often they called. */
  numbers: string[];
  collectorIds: string[];
  /** Each reason with what they share and incidents that show it. */
  reasons: Shared[];
}

/** Incidents named as evidence of one reason. */
const SHOWN = 5;
/** Shorter messages are too alike to say anything. */
const SHORTEST_TEMPLATE = 12;

/** Digits that may be a number to call back, with nothing that makes them part of a longer one. */
const CALLBACK =
  /(?<![\d.])(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{4}[- ]?\d{3,4}|400[- ]?\d{3}[- ]?\d{4}|\+\d{8,14})(?![\d.]*\d)/gu;

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
export function groupsOf(
  uses: readonly NumberUse[],
  traces: readonly NumberTrace[],
): { groups: Group[]; between: Shared[] } {
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
  const named = new Map<string, Set<string>>();
  for (const { number, collectorId } of uses)
    if (collectorId !== null) named.getOrInsertComputed(number, () => new Set()).add(collectorId);
  const { groups, between } = joinedBy(ties, named);
  const reasonOf = (one: Tie): Shared => ({
    reason: one.reason,
    shared: one.shared,
    numbers: [...one.numbers].sort(),
    incidents: [...new Set(one.incidents)].sort((a, b) => a - b).slice(0, SHOWN),
  });
  return {
    groups: groups
      .map(({ numbers, ties: own }) => ({
        numbers: [...numbers].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1)),
        collectorIds: [...new Set([...numbers].flatMap((number) => [...(named.get(number) ?? [])]))],
        reasons: own.map(reasonOf),
      }))
      .sort((a, b) => b.numbers.length - a.numbers.length || (a.numbers[0]! < b.numbers[0]! ? -1 : 1)),
    between: between.map(reasonOf),
  };
}

/** What several numbers share, and incidents that show it. */
export interface Shared {
  reason: Reason;
  shared: string;
  numbers: string[];
  incidents: number[];
}

type Tie = { reason: Reason; shared: string; numbers: Set<string>; incidents: number[] };

/**
 * Ties that have a number in common are one group. What numbers of different collectors share says that these have to do with each
 * other, not that they are one: it is told apart from the groups.
 */
function joinedBy(
  ties: readonly Tie[],
  named: ReadonlyMap<string, ReadonlySet<string>>,
): { groups: { numbers: Set<string>; ties: Tie[] }[]; between: Tie[] } {
  const parent = new Map<string, string>();
  const collectors = new Map<string, Set<string>>();
  const rootOf = (number: string): string => {
    let root = number;
    for (let next = parent.get(root); next !== undefined; next = parent.get(root)) root = next;
    for (let at = number; at !== root;) {
      const next = parent.get(at) ?? root;
      parent.set(at, root);
      at = next;
    }
    return root;
  };
  const collectorsOf = (root: string) => collectors.getOrInsertComputed(root, () => new Set(named.get(root) ?? []));
  const join = ({ numbers }: Tie): void => {
    const [first = "", ...rest] = numbers;
    for (const number of rest) {
      const [a, b] = [rootOf(first), rootOf(number)];
      if (a === b) continue;
      const all = collectorsOf(a).union(collectorsOf(b));
      parent.set(b, a);
      collectors.set(a, all);
    }
  };
  const inGroups: Tie[] = [];
  const between: Tie[] = [];
  // What people said comes first; what follows from words and names must not contradict it.
  for (const tie of ties) {
    if (tie.reason !== "collector") continue;
    join(tie);
    inGroups.push(tie);
  }
  for (const tie of ties) {
    if (tie.reason === "collector") continue;
    const sides = [...tie.numbers].map((number) => collectorsOf(rootOf(number))).filter(({ size }) => size > 0);
    if (sides.some((side) => side.symmetricDifference(sides[0]!).size > 0)) {
      between.push(tie);
      continue;
    }
    join(tie);
    inGroups.push(tie);
  }
  const groups = new Map<string, { numbers: Set<string>; ties: Tie[] }>();
  for (const tie of inGroups) {
    const [first = ""] = tie.numbers;
    const group = groups.getOrInsertComputed(rootOf(first), () => ({ numbers: new Set<string>(), ties: [] }));
    for (const number of tie.numbers) group.numbers.add(number);
    group.ties.push(tie);
  }
  return { groups: [...groups.values()], between };
}
