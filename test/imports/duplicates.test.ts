/** What is one contact told twice, and what are two; on made-up lives, small and long. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Candidate, type Known, KnownContacts, type Match, REACH_MS } from "../../src/imports/duplicates.ts";
import { numberKeys } from "../../src/imports/numbers.ts";

const NINE = Date.parse("2026-11-05T21:00:00+08:00");
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const record = (over: Partial<Candidate> = {}): Candidate => ({
  at: NINE,
  precision: "exact",
  channel: "call",
  direction: "incoming",
  durationSeconds: 95,
  words: null,
  collectorId: null,
  number: "+861088881234",
  kind: "phone",
  file: 1,
  ...over,
});
const told = (over: Partial<Candidate> = {}, id = "i"): Known => {
  const { number, kind, file: _file, ...rest } = record(over);
  const tellings = [{ kind, at: rest.at, durationSeconds: rest.durationSeconds }];
  return { ...rest, id, number: 12, numbers: number === null ? [] : [number], tellings, file: null, row: null };
};
const typed = (over: Partial<Known> = {}): Known => ({ ...told(), durationSeconds: null, tellings: [], ...over });

function ask(known: Known[], ...records: Candidate[]): (Match | null)[] {
  const contacts = new KnownContacts();
  for (const one of known.toSorted((a, b) => a.at - b.at)) contacts.admit(one);
  return records.map((one) => contacts.match(one));
}
const how = (known: Known, one: Candidate) => ask([known], one)[0]?.how ?? null;

describe("one contact told twice", () => {
  test("by two backups of one phone only when it is the very same record", () => {
    expect(how(told(), record())).toBe("same");
    expect(how(told(), record({ at: NINE + 40 * SECOND }))).toBeNull();
    expect(how(told(), record({ durationSeconds: 94 }))).toBeNull();
    expect(how(told(), record({ number: "+861088885678" }))).toBeNull();
    expect(how(told(), record({ direction: "outgoing" }))).toBeNull();
  });

  test("by phone and carrier, whose clocks and roundings differ, but not beyond two minutes", () => {
    expect(how(told(), record({ kind: "carrier", at: NINE + 119 * SECOND, durationSeconds: 96 }))).toBe("clock");
    expect(how(told(), record({ kind: "carrier", at: NINE - 30 * SECOND, durationSeconds: 120 }))).toBe("clock");
    expect(how(told(), record({ kind: "carrier", at: NINE + 121 * SECOND }))).toBeNull();
    expect(how(told(), record({ kind: "carrier", durationSeconds: 300 }))).toBeNull();
    // A missed call is not the call that was billed.
    expect(how(told({ durationSeconds: 0 }), record({ kind: "carrier", durationSeconds: 60 }))).toBeNull();
  });

  test("a newer backup is compared with what the phone said, though the carrier's record made the incident", () => {
    const both = told({ kind: "carrier", at: NINE });
    both.tellings = [...both.tellings, { kind: "phone", at: NINE + 45 * SECOND, durationSeconds: 95 }];
    expect(how(both, record({ at: NINE + 45 * SECOND }))).toBe("same");
    expect(how(both, record({ at: NINE + 90 * SECOND }))).toBeNull();
  });

  test("by hand: at that time, about that time, or with the collector's name alone", () => {
    expect(how(typed(), record({ at: NINE + 43 * SECOND }))).toBe("hand");
    expect(how(typed({ precision: "about" }), record({ at: NINE - 25 * MINUTE }))).toBe("about");
    expect(how(typed({ precision: "about" }), record({ at: NINE - 31 * MINUTE }))).toBeNull();
    expect(how(typed({ precision: "day" }), record())).toBeNull();
    const nameless = typed({ numbers: [], collectorId: "c" });
    expect(how(nameless, record({ collectorId: "c" }))).toBe("collector");
    expect(how(nameless, record({ collectorId: "other" }))).toBeNull();
    const [about, second] = ask(
      [typed({ precision: "about" })],
      record({ at: NINE - MINUTE }),
      record({ at: NINE + MINUTE }),
    );
    expect([about?.certain, second]).toEqual([false, null]);
  });

  test("a message by its words, in full or as far as a person copied them", () => {
    const words = "您的账单已逾期，请尽快处理";
    const sms = { channel: "sms", durationSeconds: null, words } as const;
    expect(how(told(sms), record(sms))).toBe("same");
    expect(how(told(sms), record({ ...sms, words: "还钱" }))).toBeNull();
    expect(how(told(sms), record({ ...sms, kind: "carrier", words: null, at: NINE + MINUTE }))).toBe("clock");
    expect(how(typed({ channel: "sms", words: "已逾期" }), record(sms))).toBe("hand");
    expect(how(told({ ...sms, kind: "chat" }), record({ ...sms, kind: "chat", at: NINE + 40 * SECOND }))).toBe("same");
  });
});

/** Calls of some numbers in the order of time. */
const life = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 200_000 }),
      number: fc.integer({ min: 0, max: 3 }),
      seconds: fc.integer({ min: 0, max: 300 }),
    }),
    { maxLength: 200 },
  )
  .map((calls) => {
    let at = NINE;
    return calls.map(({ gap, number, seconds }) =>
      record({ at: (at += gap), number: `+8610${number}`, durationSeconds: seconds }),
    );
  });

/** Walks two streams side by side as compare.ts does. */
function walk(known: readonly Known[], records: readonly Candidate[]): (Match | null)[] {
  const contacts = new KnownContacts();
  let next = 0;
  return records.map((one) => {
    while (next < known.length && known[next]!.at <= one.at + REACH_MS) contacts.admit(known[next++]!);
    return contacts.match(one);
  });
}

describe("any life", () => {
  test("brought in again is known again, each record once", () => {
    fc.assert(
      fc.property(life, (calls) => {
        const found = walk(
          calls.map((one, n) => told(one, `i${n}`)),
          calls,
        );
        expect(found.map((match) => match?.how)).toEqual(calls.map(() => "same"));
        expect(new Set(found.map((match) => match?.known.id)).size).toBe(calls.length);
      }),
    );
  });

  test("no contact is told twice by one file, whatever the other source says", () => {
    fc.assert(
      fc.property(life, life, fc.integer({ min: -150_000, max: 150_000 }), (mine, theirs, ahead) => {
        const bill = theirs.map((one) => ({ ...one, at: one.at + ahead, kind: "carrier" as const }));
        const ids = walk(
          mine.map((one, n) => told(one, `i${n}`)),
          bill,
        ).flatMap((match) => match?.known.id ?? []);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  test("is found in a time that grows with its length, even if one number calls without pause", () => {
    const burst = (length: number) => {
      const calls = Array.from({ length }, (_, n) => record({ at: NINE + n * 10, durationSeconds: n % 7 }));
      const known = calls.map((one, n) => told(one, `i${n}`));
      const from = performance.now();
      const found = walk(known, calls);
      expect(found.every((match) => match !== null)).toBe(true);
      return performance.now() - from;
    };
    burst(2000);
    const [short, long] = [Math.max(burst(4000), 5), burst(40_000)];
    // Ten times as much takes about ten times as long; a hundred would be the square.
    expect(long / short).toBeLessThan(40);
  });
});

describe("a number", () => {
  test("is the same however it is written", () => {
    const key = numberKeys("CN");
    const ways = [
      ["+86 138 0000 1234", "0086 138-0000-1234", "13800001234", "１３８００００１２３４"],
      ["010-8888 1234", "+861088881234", "(010)88881234", "008601088881234"],
      ["95588", "+8695588"],
      ["1069 0000 1", "+86106900001"],
      ["A@B.example", "a@b.example"],
    ];
    for (const same of ways) expect([same, new Set(same.map(key)).size]).toEqual([same, 1]);
    expect(new Set(ways.map(([one]) => key(one!))).size).toBe(ways.length);
    expect(numberKeys("US")("(202) 555-0143")).toBe("+12025550143");
    expect(numberKeys(null)("138****1234")).toBe("138****1234");
  });
});
