/** The codes of conduct that come with the program: complete against the list of known rules, honest about what was read, and tried. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findCodes } from "../../src/cli/find-code.ts";
import { checkCode, loadCode, parseCode } from "../../src/codes/load.ts";
import { compileJudge, judgeCase } from "../../src/conduct/classify.ts";
import type { Code, Rule } from "../../src/conduct/code.ts";
import { Incident } from "../../src/conduct/incident.ts";
import { aids } from "./shipped-aids.ts";

const folder = join(import.meta.dirname, "../../data");
const load = (id: string) => loadCode(join(folder, "codes", `${id}.yaml`));

/** Rule ids are public: one that is missing here or there was renamed or lost. */
const ids = {
  "cn-online-consumer-credit": `
    cn.gbt.time cn.gbt.freq.notify cn.gbt.freq.interactive cn.gbt.contacts cn.gbt.contacts.disclose cn.gbt.contacts.stop
    cn.gbt.records cn.gbt.visit
    cn.nifa.time cn.nifa.freq.notify cn.nifa.freq.interactive cn.nifa.contacts cn.nifa.contacts.disclose
    cn.nifa.contacts.stop cn.nifa.records cn.nifa2018.conduct`,
  "cn-bank-and-card": `
    cn.cba.time cn.cba.freq cn.cba.freq.reasonable cn.cba.identify cn.cba.impersonate cn.cba.coerce cn.cba.mislead
    cn.cba.fees cn.cba.posters cn.cba.private-phone cn.cba.entry cn.cba.visit2 cn.cba.third cn.cba.third.lost
    cn.cba.third.stop cn.cba.third.acts cn.cba.contactsource cn.cba.record cn.cba.whitelist
    cn.xb.41 cn.card.68 cn.card.69 cn.card.69.2 cn.card13 cn.loan9`,
  "cn-micro-loan": "cn.xd.37",
  "cn-consumer-finance": "cn.xj",
  "cn-statutes": `
    cn.civ.1033.1 cn.civ.1033.2 cn.civ.1024 cn.pipl.contacts cn.pipl.processor
    cn.psp.42 cn.psp.2012.others cn.psp.50.1 cn.psp.50.2 cn.psp.50.5 cn.psp.50.6 cn.psp.47.3 cn.psp.62.1 cn.psp.62.3
    cn.psp.56 cn.psp.58 cn.psp.30 cn.crim.293-1 cn.crim.253-1 cn.crim.others`,
  "us-fdcpa-regulation-f": `
    us.time us.place us.work us.attorney us.third us.location us.cease us.freq.7in7 us.freq.cooldown us.medium us.optout
    us.harass us.false us.miranda us.unfair us.social us.lcm us.validation us.dispute us.timebarred us.records
    us.venue`,
  "uk-conc-7": `
    uk.time uk.mislead uk.premium uk.disclose uk.embarrass uk.identity uk.visit.notice uk.visit.conduct uk.pressure
    uk.authority uk.adviser uk.mcob.time`,
};

const chinese = /\p{Script=Han}/u;

/** Every text of a thing that is there in both languages, with the place where it stands. */
function bilinguals(value: unknown, at: string): { at: string; en: string; zh: string }[] {
  if (value === null || typeof value !== "object") return [];
  const { en, "zh-CN": zh } = value as { en?: unknown; "zh-CN"?: unknown };
  if (typeof en === "string" && typeof zh === "string") return [{ at, en, zh }];
  return Object.entries(value).flatMap(([key, part]) => bilinguals(part, `${at}.${key}`));
}

describe.each(Object.entries(ids))("%s", (id, list) => {
  const loaded = load(id);
  const { code } = loaded;
  const sourceOf = (rule: Rule) => code.sources[rule.source];
  const on = code.rules.filter((rule) => rule.on);

  test("has the file's name as its id, and every known rule once", () => {
    expect(code.id).toBe(id);
    expect(code.rules.map((rule) => rule.id).sort()).toEqual(list.trim().split(/\s+/).sort());
  });

  test("names a source that is there, and uses every source", () => {
    expect([...new Set(code.rules.map((rule) => rule.source))].sort()).toEqual(Object.keys(code.sources).sort());
  });

  test("switches on only what was read or reported", () => {
    const checked = on.map((rule) => [rule.id, rule.checked ?? sourceOf(rule)?.checked]);
    expect(checked.filter(([, how]) => how !== "read" && how !== "reported")).toEqual([]);
  });

  test("gives every rule a topic, under which rules that say the same are shown together", () => {
    expect(code.rules.filter((rule) => rule.topic === undefined).map((rule) => rule.id)).toEqual([]);
  });

  test("says of every rule that is off why it is off", () => {
    const silent = code.rules.filter((rule) => !rule.on && rule.caution === undefined);
    expect(silent.map((rule) => rule.id)).toEqual([]);
  });

  test("says of what belongs to the police or a court that it is theirs to judge", () => {
    const rules = code.rules.filter((rule) => /^cn\.(psp|crim)\./.test(rule.id));
    const silent = rules.filter((rule) => !/for the police|never judged/i.test(rule.caution?.en ?? ""));
    expect(silent.map((rule) => rule.id)).toEqual([]);
  });

  test("speaks both languages everywhere, and never says that something is illegal", () => {
    const texts = bilinguals(code, code.id);
    expect(texts.length).toBeGreaterThan(code.rules.length * 2);
    expect(texts.filter(({ zh }) => !chinese.test(zh)).map(({ at }) => at)).toEqual([]);
    expect(texts.filter(({ en }) => chinese.test(en)).map(({ at }) => at)).toEqual([]);
    expect(texts.filter(({ en, zh }) => /\billegal/i.test(en) || /违法了|构成犯罪/.test(zh))).toEqual([]);
  });

  test("shows for every rule that is on what trips it and what lies just outside", () => {
    const untried = on.filter((rule) => {
      const outcomes = rule.examples.map((example) => example.expect);
      // A rule that always leaves the last word to a person never says more than that.
      const trips = rule.when.person ? "needs-review" : "matches";
      return !outcomes.includes(trips) || !outcomes.includes("no-match");
    });
    expect(untried.map((rule) => rule.id)).toEqual([]);
  });

  test("judges every worked example as its sentence says", () => {
    expect(checkCode(loaded, aids)).toEqual([]);
  });

  test("finds an example that says something else", () => {
    const lying = code.rules.map((rule) => ({
      ...rule,
      examples: rule.examples.map((example) => ({ ...example, expect: "cannot-tell" as const })),
    }));
    const honest = on.flatMap((rule) => rule.examples).filter((example) => example.expect === "cannot-tell");
    const failures = checkCode({ ...loaded, code: { ...code, rules: lying } }, aids);
    expect(failures).toHaveLength(on.flatMap((rule) => rule.examples).length - honest.length);
  });

  test("lies about no rule's hours: each window has an example on both edges", () => {
    const windows = on.filter((rule) => JSON.stringify(rule.when).includes('"localTime"'));
    for (const rule of windows) {
      const times = rule.examples.flatMap((example) => example.incidents.map((incident) => incident.happenedAt ?? ""));
      for (const edge of [...JSON.stringify(rule.when).matchAll(/"(?:from|to)":"(\d\d:\d\d)"/g)].map(
        ([, time]) => time,
      ))
        expect(
          times.some((time) => time.endsWith(`T${edge}:00`)),
          `${rule.id} at ${edge}`,
        ).toBe(true);
    }
  });
});

/** What these codes find in contacts of one case, as `rule outcome`. */
function findings(codes: readonly Code[], context: object, ...contacts: object[]): string[] {
  const incidents = contacts.map((contact, index) =>
    Incident.parse({
      id: `i${index + 1}`,
      channel: "call",
      outcome: "conversation",
      purpose: "interactive",
      contacted: "self",
      place: "home",
      collector: "A",
      collectorKind: "agency",
      creditor: "L",
      debt: "D1",
      ...contact,
    }),
  );
  return judgeCase(compileJudge(codes, aids), { zone: codes[0]?.zone ?? "America/Chicago", ...context }, incidents)
    .filter((finding) => finding.incident === incidents.at(-1)?.id)
    .map((finding) => `${finding.rule} ${finding.outcome}`);
}

describe("a proper contact", () => {
  test("of a Chinese lender gives no finding", () => {
    const contact = { happenedAt: "2026-05-01T10:00", disclosed: ["identity", "institution", "purpose", "amount"] };
    const facts = { lenderKind: "consumer-finance", reachable: true };
    expect(findings(findCodes(["cn-online-consumer-credit"]), facts, contact)).toEqual([]);
  });

  test("of a debt collector in the United States gives no finding", () => {
    const disclosed = ["identity", "debt-collector", "information-will-be-used", "validation"];
    const contact = { happenedAt: "2026-02-03T12:00", disclosed };
    expect(findings(findCodes(["us-fdcpa-regulation-f"]), { respondentKind: "debt-collector" }, contact)).toEqual([]);
  });
});

describe("who the lender is decides which Chinese text speaks of a call at night with an insult", () => {
  const judged = (lenderKind: string, happenedAt: string) =>
    findings(
      findCodes(["cn-online-consumer-credit"]),
      { lenderKind, reachable: true },
      { happenedAt, acts: ["insult"], disclosed: ["institution"] },
    );
  test.each([
    ["consumer-finance", "2026-03-01T23:00", ["cn.gbt.time", "cn.cba.time", "cn.cba.coerce", "cn.xb.41", "cn.xj"]],
    ["micro-loan", "2026-03-01T23:00", ["cn.gbt.time", "cn.xd.37"]],
    ["card", "2026-03-01T23:00", ["cn.gbt.time", "cn.cba.time", "cn.cba.coerce", "cn.xb.41", "cn.card.68"]],
    ["consumer-finance", "2025-02-27T23:00", ["cn.nifa.time", "cn.xb.41", "cn.xj"]],
    ["consumer-finance", "2024-05-14T23:00", ["cn.xb.41", "cn.xj"]],
    ["unlicensed", "2026-03-01T23:00", []],
  ])("%s at %s", (lenderKind, happenedAt, rules) => {
    expect(judged(lenderKind, happenedAt).sort()).toEqual(
      [...rules, "cn.civ.1024"].map((rule) => `${rule} matches`).sort(),
    );
  });

  test("a lender that is not known leaves it open, and says so once for each text", () => {
    const open = judged("unknown", "2026-03-01T23:00").filter((line) => line.endsWith("cannot-tell"));
    expect(open).toContain("cn.gbt.time cannot-tell");
    expect(open).toContain("cn.xd.37 cannot-tell");
  });
});

test("the template in the guide for lawyers is a code that holds", () => {
  const guide = readFileSync(join(folder, "README.md"), "utf8");
  const [, template] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
  const loaded = parseCode(template ?? "", "README.md");
  expect(checkCode(loaded, aids)).toEqual([]);
});
