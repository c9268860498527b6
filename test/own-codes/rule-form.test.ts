/** A rule goes through the form and back without loss, whatever rule it is; buttons add and remove; what is wrong is told at its field. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainCondition } from "../../src/codes/explain-condition.ts";
import { createCodeLibrary } from "../../src/codes/library.ts";
import { parseCode } from "../../src/codes/load.ts";
import { Condition } from "../../src/conduct/code.ts";
import {
  type Part,
  conditionOf,
  factKinds,
  groupKinds,
  newPart,
  partsOf,
  problemsOfParts,
  readParts,
  shapes,
  simpleFactKinds,
  writeParts,
} from "../../src/own-codes/condition-form.ts";
import {
  laidOut,
  rawRules,
  rawSources,
  withHead,
  withRule,
  withSource,
  withoutSource,
} from "../../src/codes/edit-text.ts";
import { judgeExamples } from "../../src/codes/worked-examples.ts";
import { freeSourceId, sourceFrom, valuesOfSource } from "../../src/own-codes/source-form.ts";
import type { FormValues } from "../../src/web/forms.ts";
import { readLists, ruleFrom, valuesOfRule, withButton } from "../../src/own-codes/rule-form.ts";

const library = await createCodeLibrary();
const codes = library.all().map((code) => ({ code, text: laidOut(library.text(code.id)) }));

describe("every rule of every installed code", () => {
  test.each(codes.map(({ code, text }) => [code.id, code, text] as const))(
    "%s: form → YAML → form",
    (_id, code, text) => {
      const sources = Object.keys(code.sources);
      rawRules(text).forEach((raw, index) => {
        const values = valuesOfRule(raw);
        const { rule, errors } = ruleFrom(values, raw, sources);
        expect([code.id, raw.id, errors]).toEqual([code.id, raw.id, {}]);
        // Nothing was changed, so not one character of the file is.
        expect(withRule(text, index, rule)).toBe(text);
        // Written from the form alone, the condition still means the same, and gives the same form.
        const made = conditionOf(readLists(values).when);
        expect(writeParts(partsOf(made), "when")).toEqual(writeParts(readLists(values).when, "when"));
        // The order of sentences that must all hold may be another one.
        const told = (when: unknown) =>
          explainCondition(Condition.parse(when), "en", library.actLabel)
            .map((one) => JSON.stringify(one))
            .toSorted();
        expect(told(made)).toEqual(told(raw.when));
      });
    },
  );

  test("one hour changed changes one line", () => {
    const { code, text } = codes.find((one) => one.code.id === "cn-online-consumer-credit")!;
    const index = rawRules(text).findIndex(({ id }) => id === "cn.gbt.time");
    const before = rawRules(text)[index]!;
    const values = valuesOfRule(before);
    const field = Object.keys(values).find((name) => name.endsWith("-from") && values[name] === "22:00")!;
    const { rule } = ruleFrom({ ...values, [field]: "21:00" }, before, Object.keys(code.sources));
    const after = withRule(text, index, rule).split("\n");
    const changed = text.split("\n").filter((line, n) => line !== after[n]);
    expect(changed).toHaveLength(1);
    expect(after).toHaveLength(text.split("\n").length);
    expect(parseCode(after.join("\n"), "x").code.rules[index]?.when.localTime).toMatchObject({ from: "21:00" });
    expect(text.match(/#/g)?.length).toBe(after.join("\n").match(/#/g)?.length);
  });
});

describe("a worked example in the form", () => {
  const { code, text } = codes.find((one) => one.code.id === "cn-online-consumer-credit")!;
  const index = rawRules(text).findIndex(({ id }) => id === "cn.gbt.freq.notify");
  const before = rawRules(text)[index]!;
  const sources = Object.keys(code.sources);
  const start = valuesOfRule(before);
  const count = (before.examples as unknown[]).length;
  const at = `example-${count}`;
  const named = { [`${at}-en`]: "Four calls", [`${at}-zh`]: "四次电话", [`${at}-expect`]: "matches" };

  test("tells of several contacts just over a limit, and of one fewer on it", () => {
    const call = (m: number, time: string) =>
      Object.fromEntries(
        Object.entries({
          date: "2026-03-02",
          time,
          channel: "call",
          outcome: "connected",
          purpose: "notification",
          contacted: "self",
          direction: "incoming",
          act: "",
          said: "",
          times: "1",
          every: "10",
          unit: "minutes",
        }) // prettier-ignore
          .map(([name, value]) => [`${at}-contact-${m}-${name}`, value]),
      );
    const calls = ["09:00", "10:00", "11:00", "12:00"].map((time, m) => call(m, time));
    const four = Object.assign({}, start, named, ...calls) as FormValues;
    const outcomeOf = (values: FormValues) => {
      const { rule, errors } = ruleFrom(values, before, sources);
      expect(errors).toEqual({});
      // What stood in the file stays as it is, character by character.
      const after = withRule(text, index, rule).split("\n");
      expect(text.split("\n").filter((line) => !after.includes(line))).toEqual([]);
      const read = parseCode(after.join("\n"), "x").code;
      return judgeExamples(library, read, read.rules[index]!).at(-1);
    };
    expect(outcomeOf(four)?.outcome).toBe("matches");
    const three = withButton(four, `remove:${at}-contact-3`)!;
    expect(outcomeOf(three)?.outcome).toBe("no-match");
    // One line may stand for all of them.
    const repeated = { ...start, ...named, ...call(0, "09:00"), [`${at}-contact-0-times`]: "4" };
    expect(outcomeOf(repeated)?.outcome).toBe("matches");
  });

  test("keeps what the form has no field for when one thing of a contact changes, and tells what is wrong at its field", () => {
    const raw = { ...before, examples: [{ name: { en: "a", "zh-CN": "a" }, expect: "matches", judge: "e1", case: { reachable: true }, incidents: [{ happenedAt: "2026-03-02T09:00", fromNumber: "123", disclosed: ["identity"] }] }] }; // prettier-ignore
    const values = { ...valuesOfRule(raw), "example-0-contact-0-time": "23:15" };
    expect(ruleFrom(values, raw, sources).rule.examples).toEqual([
      { ...raw.examples[0], incidents: [{ ...raw.examples[0]!.incidents[0], happenedAt: "2026-03-02T23:15" }] },
    ]);
    const wrong = {
      ...values,
      "example-0-contact-0-time": "25:15",
      "example-0-contact-0-times": "many",
      "example-0-contact-0-channel": "pigeon",
      "example-0-en": "",
      "example-0-zh": "",
    };
    expect(ruleFrom(wrong, raw, sources).errors).toEqual({
      "example-0-en": "own.rule.noSentence",
      "example-0-contact-0-time": "own.rule.badTime",
      "example-0-contact-0-channel": "common.form.choice",
      "example-0-contact-0-times": { key: "own.rule.badNumber", params: { min: 1, max: 200 } },
    });
    expect(ruleFrom(withButton(values, "remove:example-0-contact-0")!, raw, sources).errors).toEqual({
      "example-0-en": "own.rule.noContacts",
    });
  });
});

describe("a source in the form", () => {
  test("every source of every installed code comes back as it is", () => {
    for (const { code, text } of codes)
      for (const [id, raw] of Object.entries(rawSources(text))) {
        const { source, errors } = sourceFrom(valuesOfSource(raw), raw, Object.keys(code.sources));
        expect([code.id, id, errors]).toEqual([code.id, id, {}]);
        expect(withSource(text, id, source)).toBe(text);
      }
  });

  test("a new one is written after the others, one that is removed leaves them alone", () => {
    const { code, text } = codes[0]!;
    const ids = Object.keys(code.sources);
    const { source, errors } = sourceFrom(
      { "title-zh": "约定", "issuer-zh": "平台", "binds-zh": "平台", strength: "self-regulatory", from: "2026-11-01", checked: "read", to: "" }, // prettier-ignore
      {},
      ids,
    );
    expect(errors).toEqual({});
    const id = freeSourceId(ids);
    const added = withSource(text, id, source);
    const read = parseCode(added, "x").code;
    expect(Object.keys(read.sources)).toEqual([...ids, id]);
    expect(read.sources[id]).toMatchObject({
      title: { en: "约定", "zh-CN": "约定" },
      to: null,
      strength: "self-regulatory",
    });
    expect(withoutSource(added, id)).toBe(text);
    expect(Object.keys(sourceFrom({ from: "soon" }, {}, ids).errors).sort()).toEqual(
      ["binds-en", "checked", "from", "issuer-en", "strength", "title-en"].sort(),
    );
  });
});

/** Any parts at all, as a person could build them. */
const parts = (simple: boolean, depth: number): fc.Arbitrary<Part[]> => {
  const kinds = simple ? simpleFactKinds : factKinds;
  const fact = fc.constantFrom(...kinds).chain((kind) => {
    const fields = shapes[kind].fields.map((field) =>
      field.type === "many"
        ? fc.subarray([...field.values], { minLength: 1 }).map((value) => [field.name, value] as const)
        : field.type === "one"
          ? fc.constantFrom(...field.values).map((value) => [field.name, value] as const)
          : field.type === "time"
            ? fc.constantFrom("08:00", "21:30", "00:00").map((value) => [field.name, value] as const)
            : fc.integer({ min: Math.max(1, field.least), max: 300 }).map((n) => [field.name, String(n)] as const),
    );
    const nested = shapes[kind].nested === undefined ? fc.constant<Part[]>([]) : parts(true, depth - 1);
    return fc
      .tuple(fc.tuple(...fields), nested)
      .map(([values, inner]): Part => ({ kind, values: Object.fromEntries(values), parts: inner }));
  });
  const group = fc
    .tuple(
      fc.constantFrom(...groupKinds),
      depth <= 0 ? fc.array(fact, { minLength: 1, maxLength: 2 }) : fc.nat(0).chain(() => parts(simple, depth - 1)),
    )
    .map(([kind, inner]): Part => ({ kind, values: {}, parts: inner }));
  return fc.array(depth <= 0 ? fact : fc.oneof({ weight: 3, arbitrary: fact }, { weight: 1, arbitrary: group }), {
    minLength: 1,
    maxLength: 4,
  });
};

describe("any parts", () => {
  test("are a condition that the shape of a code takes, and come back the same", () => {
    fc.assert(
      fc.property(parts(false, 2), (made) => {
        const condition = conditionOf(made);
        expect(Condition.safeParse(condition).success).toBe(true);
        const again = partsOf(condition);
        expect(conditionOf(again)).toEqual(condition);
        expect(readParts(writeParts(again, "when"), "when")).toEqual(again);
        expect(problemsOfParts(again, "when")).toEqual({});
      }),
      { numRuns: 300 },
    );
  });

  test("hostile fields end in bounded time and never in a prototype", () => {
    const values = Object.fromEntries(
      Array.from({ length: 2000 }, (_, n) => [`when${"-0".repeat(n % 40)}-kind`, n % 2 ? "all" : "constructor"]),
    );
    expect(readParts({ ...values, "when-0-kind": "any", "when-0-0-kind": "__proto__" }, "when")).toEqual([
      { kind: "any", values: {}, parts: [] },
    ]);
    expect(withButton(values, "remove:when-99-99-99")).not.toBeNull();
    expect(withButton(values, "remove:other")).toBeNull();
  });

  test("buttons add and remove, in groups and in exceptions too", () => {
    const start = { ...writeParts([newPart("any")], "when"), "add-when-0": "channel" };
    const added = withButton(start, "add:when-0")!;
    expect(readLists(added).when).toEqual([{ kind: "any", values: {}, parts: [newPart("channel")] }]);
    expect(readLists(withButton(added, "remove:when-0-0")!).when[0]?.parts).toEqual([]);
    const exception = withButton({}, "add:unless")!;
    const filled = withButton({ ...exception, "add-unless-0-when": "agreed" }, "add:unless-0-when")!;
    expect(readLists(filled).unless[0]?.parts).toEqual([newPart("agreed")]);
    expect(readLists(withButton(filled, "remove:unless-0-when-0")!).unless[0]?.parts).toEqual([]);
    expect(readLists(withButton(filled, "remove:unless-0")!).unless).toEqual([]);
    expect(readLists(withButton(withButton({}, "add:example")!, "remove:example-0")!).examples).toEqual([]);
    // Contacts of an example: one more is like the one before, and only the one that is meant goes.
    const told = { ...withButton({}, "add:example")!, "example-0-contact-0-time": "09:00" };
    const two = { ...withButton(told, "add:example-0-contact")!, "example-0-contact-1-time": "10:00" };
    const times = (values: FormValues) => readLists(values).examples[0]?.contacts.map((one) => one.values.time);
    expect(times(withButton(told, "add:example-0-contact")!)).toEqual(["09:00", "09:00"]);
    expect(times(withButton(two, "remove:example-0-contact-0")!)).toEqual(["10:00"]);
    // The next example begins with the contacts of the last one.
    expect(readLists(withButton(two, "add:example")!).examples[1]?.contacts.map((one) => one.values.time)).toEqual([
      "09:00",
      "10:00",
    ]);
  });

  test("what is wrong is told at its field", () => {
    expect(
      problemsOfParts(
        [
          { ...newPart("localTime"), values: { ...newPart("localTime").values, from: "25:00", to: "8:00" } },
          newPart("channel"),
          newPart("any"),
          { ...newPart("count"), values: { of: "placed", over: "-1", days: "0", groupBy: ["debt"] } },
        ],
        "when",
      ),
    ).toEqual({
      "when-0-from": "own.rule.badTime",
      "when-1-list": "own.rule.noChoice",
      "add-when-2": "own.rule.emptyGroup",
      "when-3-over": { key: "own.rule.badNumber", params: { min: 0, max: 100_000 } },
      "when-3-days": { key: "own.rule.badNumber", params: { min: 1, max: 366 } },
    });
  });
});

test("a new head is written without touching the rest", () => {
  const { text } = codes[0]!;
  const after = withHead(text, { id: "own-x", version: "2026-11-23" });
  expect(text.split("\n").filter((line, n) => line !== after.split("\n")[n])).toHaveLength(2);
});
