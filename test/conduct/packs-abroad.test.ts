/** The codes of other countries than China, the United States and the United Kingdom: complete, honest about what was read, and tried. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { countries } from "../../src/cases/form.ts";
import { currencyOf, zoneChoices } from "../../src/cases/pages.ts";
import { checkCode, loadCode } from "../../src/codes/load.ts";
import type { Rule } from "../../src/conduct/code.ts";
import { aids } from "./shipped-aids.ts";
import { translator } from "../../src/web/locale.ts";

const folder = join(import.meta.dirname, "../../data");

/** Rule ids are public. Those behind the bar are listed and never judged. */
const ids = {
  "in-rbi-recovery-agents": `in.time in.harass in.humiliate in.third in.msg in.anon in.persist in.false
    | in.records in.draft.time in.draft.wishes in.draft.third in.draft.occasions in.draft.records`,
  "ph-sec-mc-18-2019":
    "ph.time ph.contacts ph.violence ph.threats ph.abuse ph.publish ph.false ph.deceive | ph.bsp.time",
  "id-pojk-22-2023": "id.time id.shame id.pressure id.third id.disturb id.place |",
  "hk-banking-practice": `hk.violence hk.posters hk.calls hk.hours hk.referees hk.improper hk.third hk.hkma.violence hk.hkma.third
    | hk.notice`,
  "my-fair-debt-collection": "| my.time my.threats my.calls my.third my.work",
  "sg-debt-collection": "sg.poha.3 | sg.dca.licence sg.dca.conduct",
  "tw-outsourced-collection": `tw.cashcard.third tw.cashcard.acts
    | tw.cashcard.records tw.outsource.14 tw.outsource.16-5 tw.outsource.16-6 tw.hours`,
  "ke-digital-credit": "ke.threat ke.obscene ke.phonebook ke.contacts ke.shame ke.harass | ke.hours",
  "ng-digital-lending": "| ng.harass ng.contacts",
};

const money = {
  IN: "INR",
  PH: "PHP",
  ID: "IDR",
  HK: "HKD",
  MY: "MYR",
  SG: "SGD",
  TW: "TWD",
  KE: "KES",
  NG: "NGN",
};
const zones = {
  IN: ["Asia/Calcutta"],
  PH: ["Asia/Manila"],
  ID: ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"],
  HK: ["Asia/Hong_Kong"],
  MY: ["Asia/Kuala_Lumpur"],
  SG: ["Asia/Singapore"],
  TW: ["Asia/Taipei"],
  KE: ["Africa/Nairobi"],
  NG: ["Africa/Lagos"],
};

const words = (list = "") => list.split(/\s+/).filter(Boolean).sort();

function bilinguals(value: unknown): { en: string; zh: string }[] {
  if (value === null || typeof value !== "object") return [];
  const { en, "zh-CN": zh } = value as { en?: unknown; "zh-CN"?: unknown };
  return typeof en === "string" && typeof zh === "string" ? [{ en, zh }] : Object.values(value).flatMap(bilinguals);
}

/** Times of day at which a rule's hours begin or end. */
const edgesOf = (rule: Rule) =>
  [...JSON.stringify(rule.when).matchAll(/"(?:from|to)":"(\d\d:\d\d)"/g)].map(([, time]) => time!);

describe.each(Object.entries(ids))("%s", (id, list) => {
  const loaded = loadCode(join(folder, "codes", `${id}.yaml`));
  const { code } = loaded;
  const on = code.rules.filter((rule) => rule.on);
  const off = code.rules.filter((rule) => !rule.on);

  test("has every known rule, judged or not as far as its text was checked, and a topic for each", () => {
    const [judged, listed] = list.split("|");
    expect(code.id).toBe(id);
    expect(code.jurisdiction).toBe(id.slice(0, 2).toUpperCase());
    expect(on.map((rule) => rule.id).sort()).toEqual(words(judged));
    expect(off.map((rule) => rule.id).sort()).toEqual(words(listed));
    expect(code.rules.filter((rule) => rule.topic === undefined)).toEqual([]);
    expect([...new Set(code.rules.map((rule) => rule.source))].sort()).toEqual(Object.keys(code.sources).sort());
  });

  test("is of a country that a new case may name, with its money and its time", () => {
    const country = code.jurisdiction;
    expect(countries).toContain(country);
    expect(currencyOf(country)).toBe(money[country as keyof typeof money]);
    const named = zoneChoices(translator("en"), "").filter(({ value, text }) => text !== value.replaceAll("_", " "));
    for (const zone of zones[country as keyof typeof zones]) {
      expect(named.map(({ value }) => value)).toContain(zone);
      expect(named.find(({ value }) => value === zone)?.text).toMatch(/ time \(/);
    }
  });

  test("says of what is not judged why, and of what was not verified what must be read", () => {
    const why = /To be read (first|before switching it on): |^A duty of the institution/;
    expect(off.filter((rule) => !why.test(rule.caution?.en ?? "")).map((rule) => rule.id)).toEqual([]);
  });

  test("speaks both languages and never says that something is illegal", () => {
    const texts = bilinguals(code);
    expect(texts.length).toBeGreaterThan(code.rules.length * 2);
    expect(texts.filter(({ zh }) => !/\p{Script=Han}/u.test(zh))).toEqual([]);
    expect(texts.filter(({ en }) => /\p{Script=Han}|\billegal/iu.test(en))).toEqual([]);
    expect(texts.filter(({ zh }) => /违法了|构成犯罪$/.test(zh))).toEqual([]);
  });

  test("shows what trips each rule and what lies just outside, and each edge of its hours", () => {
    const untried = on.filter((rule) => {
      const outcomes = rule.examples.map((example) => example.expect);
      return !outcomes.includes(rule.when.person ? "needs-review" : "matches") || !outcomes.includes("no-match");
    });
    expect(untried.map((rule) => rule.id)).toEqual([]);
    for (const rule of on) {
      const times = rule.examples.flatMap((example) => example.incidents.map((one) => one.happenedAt ?? ""));
      for (const edge of edgesOf(rule))
        expect(
          times.some((time) => time.includes(`T${edge}`)),
          rule.id,
        ).toBe(true);
    }
  });

  test("judges every worked example as its sentence says", () => {
    expect(checkCode(loaded, aids)).toEqual([]);
  });
});
