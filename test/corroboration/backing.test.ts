/** Who backs a contact: one source a kind, and differences said only where there are any. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Contact,
  type Telling,
  backingOf,
  confidenceOf,
  groupOf,
  sameLength,
  sameNumber,
} from "../../src/incidents/sources/backing.ts";
import { factsOfFile, localDays } from "../../src/incidents/sources/backings.ts";

const zone = "Asia/Shanghai";
const dayOf = localDays(zone);
const at = (local: string) => Date.parse(`${local}+08:00`);
const call: Contact = {
  at: at("2026-11-02T21:30:00"),
  precision: "exact",
  channel: "call",
  durationSeconds: 65,
  number: "+862160001234",
};
const told = (kind: string, more: Partial<Telling> = {}): Telling => ({
  kind,
  at: call.at,
  precision: "exact",
  durationSeconds: null,
  number: null,
  name: "calls.xml",
  ...more,
});

describe("who backs a contact", () => {
  test("two rows of one kind count once, a copy of the log not at all", () => {
    expect(backingOf(call, [], dayOf)).toEqual({ groups: [], disagreements: [] });
    const many = [told("carrier"), told("phone"), told("phone"), told("own"), told("recording"), told("screenshot")];
    expect(backingOf(call, many, dayOf)).toEqual({ groups: ["phone", "carrier", "file"], disagreements: [] });
    expect(backingOf(call, [told("own", { at: 0 })], dayOf)).toEqual({ groups: [], disagreements: [] });
  });

  test("says by how much a record's time, length and number are different, and nothing within what clocks differ by", () => {
    const other = told("carrier", { at: call.at + 121_000, durationSeconds: 300, number: "13900000001" });
    expect(backingOf(call, [other], dayOf).disagreements).toEqual([
      { about: "time", name: "calls.xml", kind: "carrier", apart: 121 },
      { about: "duration", name: "calls.xml", kind: "carrier", logged: 65, told: 300 },
      { about: "number", name: "calls.xml", kind: "carrier", logged: "+862160001234", told: "13900000001" },
    ]);
    const near = told("carrier", { at: call.at + 119_000, durationSeconds: 120, number: "021-6000 1234" });
    expect(backingOf(call, [near], dayOf).disagreements).toEqual([]);
  });

  test("compares days where only the day is known, and lets “about nine” reach half an hour", () => {
    const day = { ...call, precision: "day" as const, at: at("2026-11-02T00:00:00") };
    expect(backingOf(day, [told("phone", { at: at("2026-11-02T23:59:00") })], dayOf).disagreements).toEqual([]);
    expect(backingOf(day, [told("phone", { at: at("2026-11-03T00:01:00") })], dayOf).disagreements).toEqual([
      { about: "time", name: "calls.xml", kind: "phone", apart: null },
    ]);
    const about = { ...call, precision: "about" as const };
    expect(backingOf(about, [told("phone", { at: call.at + 1_800_000 })], dayOf).disagreements).toEqual([]);
    expect(backingOf(about, [told("phone", { at: call.at + 1_801_000 })], dayOf).disagreements).toHaveLength(1);
  });

  test("never knows more sources than kinds, whatever is told in whatever order, and unknown is no difference", () => {
    const kinds = ["phone", "carrier", "chat", "mail", "recording", "screenshot", "own"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 20 }), fc.nat({ max: 19 }), (list, turn) => {
        const tellings = list.map((kind) => told(kind));
        const turned = [...tellings.slice(turn), ...tellings.slice(0, turn)];
        const { groups, disagreements } = backingOf({ ...call, number: null, durationSeconds: null }, tellings, dayOf);
        expect(backingOf(call, turned, dayOf).groups).toEqual(groups);
        expect(groups).toHaveLength(new Set(list.map(groupOf).filter((group) => group !== null)).size);
        expect(disagreements).toEqual([]);
      }),
    );
  });

  test("numbers and lengths are the same both ways round", () => {
    expect(sameNumber("+86 138 0013 8000", "13800138000")).toBe(true);
    expect(sameNumber("0086-21-6000 1234", "021-60001234")).toBe(true);
    expect(sameNumber("021-6000 1234", "60001234")).toBe(true);
    expect(sameNumber("95588", "10095588")).toBe(false);
    expect(sameNumber("13800138000", "13800138001")).toBe(false);
    expect(sameNumber("Little Fish", "little fish")).toBe(true);
    const digits = fc.stringMatching(/^\+?\d{3,14}$/);
    fc.assert(fc.property(digits, digits, (a, b) => sameNumber(a, b) === sameNumber(b, a) && sameNumber(a, a)));
    const seconds = fc.nat({ max: 5000 });
    fc.assert(fc.property(seconds, seconds, (a, b) => sameLength(a, b) === sameLength(b, a) && sameLength(a, a)));
  });
});

describe("a recording and a call", () => {
  const now = at("2026-11-20T12:00:00");
  const facts = (name: string) => factsOfFile(name, { zone, now })!;

  test("number and time make it sure, the time alone likely, number and day possible, another number nothing", () => {
    const surely = facts("021-60001234_20261102213030.mp3");
    expect(surely).toMatchObject({ at: at("2026-11-02T21:30:30"), day: "2026-11-02" });
    expect(confidenceOf(call, surely, dayOf)).toBe("sure");
    expect(confidenceOf(call, { ...surely, number: null }, dayOf)).toBe("likely");
    expect(confidenceOf(call, { ...surely, at: call.at + 121_000 }, dayOf)).toBe("possible");
    expect(confidenceOf(call, { ...surely, at: call.at + 121_000, number: null }, dayOf)).toBeNull();
    expect(confidenceOf(call, { ...surely, at: null }, dayOf)).toBe("possible");
    expect(confidenceOf(call, { ...surely, number: "13900000001" }, dayOf)).toBeNull();
    expect(confidenceOf({ ...call, number: null }, surely, dayOf)).toBe("likely");
    expect(confidenceOf({ ...call, precision: "about" }, surely, dayOf)).toBe("possible");
    expect(factsOfFile("Recording 7.mp3", { zone, now })).toBeNull();
  });
});
