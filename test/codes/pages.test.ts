/** Codes of conduct as people read, try and choose them, through the shipped app. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import request from "supertest";
import { getCase } from "../../src/cases/store.ts";
import { clauseIn } from "../../src/codes/clause.ts";
import { suggestCodes } from "../../src/codes/suggest.ts";
import { lenderKinds } from "../../src/conduct/vocabulary.ts";
import { actionsOf, log, openCase, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

const CN = "cn-online-consumer-credit";
const US = "us-fdcpa-regulation-f";

describe("reading codes of conduct", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await withApp();
  });
  afterAll(() => app.close());
  const get = (path: string, language = "en") => request(app.app).get(path).set("Accept-Language", language);
  const codes = () => app.services.codes.all();

  test("anybody may read the list: what each code binds, its version, how many rules are judged", async () => {
    const answer = await get("/codes");
    expect(answer.status).toBe(200);
    const read = textOf(answer.text);
    for (const code of codes()) {
      expect(read).toContain(code.title.en);
      expect(read).toContain(`Version ${code.version}`);
      expect(read).toMatch(new RegExp(`\\b${code.rules.filter((rule) => rule.on).length} rules? judged`));
      expect(read).toContain(`${code.rules.filter((rule) => !rule.on).length} not judged`);
    }
  });

  test("a code shows every rule; one that is off says so and why", async () => {
    for (const code of codes()) {
      const answer = await get(`/codes/${code.id}`);
      const read = textOf(answer.text);
      for (const rule of code.rules) {
        expect(answer.text).toContain(`href="/codes/${code.id}/rules/${rule.id}"`);
        expect(read).toContain(rule.title.en.replaceAll("’", "'"));
      }
      for (const rule of code.rules.filter(({ on }) => !on)) expect(read).toContain(rule.caution!.en);
      expect(read.match(/Not judged/g) ?? []).toHaveLength(code.rules.filter(({ on }) => !on).length);
    }
  });

  test(
    "every rule has a page in both languages, and every worked example gives what its author says",
    { timeout: 120_000 },
    async () => {
      let examples = 0;
      for (const code of codes()) {
        for (const rule of code.rules) {
          for (const language of ["en", "zh-CN"] as const) {
            const answer = await get(`/codes/${code.id}/rules/${rule.id}`, language);
            expect(answer.status, rule.id).toBe(200);
            const read = textOf(answer.text);
            expect(read).toContain(rule.title[language]);
            expect(read).toContain(clauseIn(rule.clause, language));
            expect(read).toContain(code.sources[rule.source]!.issuer[language]);
            expect(read, rule.id).not.toMatch(/\b(codes|common)\.[a-z]+\.|undefined|{{/);
            expect(read).not.toContain("Do not rely on this rule");
            expect(read).not.toContain("请不要依赖这条规则");
            examples += rule.examples.length;
          }
        }
      }
      expect(examples).toBeGreaterThan(400);
    },
  );

  test("a rule says its clause, strength, dates, how far it was checked, and when it matches", async () => {
    const answer = await get(`/codes/${CN}/rules/cn.gbt.time`);
    const read = textOf(answer.text);
    for (const words of [
      "No collection at night (22:00–08:00)",
      "Should not",
      "“Should not” advises; it is weaker than “must not”",
      "National standard",
      "A recommended standard; carries no penalty itself",
      "since 28 Feb 2025, no end date",
      "We read reports quoting the text, not the text itself",
      "The local time lies between 22:00 and 08:00 the next day.",
      "Exactly 22:00: the text does not settle it, a person decides.",
      "Contact at this hour was agreed",
      "A call at 21:59 is still daytime.",
    ])
      expect(read).toContain(words);
    expect(answer.text).toContain('<svg class="dw-strip"');
    const ended = textOf((await get(`/codes/${CN}/rules/cn.nifa.time`)).text);
    expect(ended).toContain("from 15 May 2024 to 27 Feb 2025 (no longer in force)");
  });

  test("what does not exist is not found", async () => {
    for (const path of [
      "/codes/nothing",
      `/codes/${CN}/rules/nothing`,
      "/codes/__proto__",
      `/codes/${CN}/rules/constructor`,
    ])
      expect((await get(path)).status).toBe(404);
  });

  const attempt = (fields: Record<string, string | string[]>, language = "en") =>
    request(app.app)
      .post("/try")
      .set("Accept-Language", language)
      .set("Sec-Fetch-Site", "same-origin")
      .type("form")
      .send({ code: CN, channel: "call", date: "2026-11-17", contacted: "self", outcome: "connected", purpose: "notification", lenderKind: "consumer-finance", respondentKind: "debt-collector", reachable: "yes", ...fields }); // prettier-ignore
  const outcomes: Record<string, string> = {
    "Appears to match": "matches",
    "Needs a person": "needs-review",
    "Cannot tell": "cannot-tell",
    "Does not match": "no-match",
  };
  /** What the rules said, by id, as the words beside the mark say it. */
  const said = (html: string): Record<string, string | undefined> =>
    Object.fromEntries(
      [...html.matchAll(/id="rule-([^"]+)"><div class="dw-example__v"><strong[^>]*>.*?<\/svg>([^<]+)<\/strong>/gs)].map(
        ([, rule = "", words = ""]) => [rule, outcomes[words.trim()]],
      ),
    );

  test("an imaginary contact: every rule that applies says something, with its reason", async () => {
    const night = await attempt({ time: "22:10", times: "4" });
    expect(night.status).toBe(200);
    const answers = said(night.text);
    expect(answers).toMatchObject({
      "cn.gbt.time": "matches",
      "cn.gbt.freq.notify": "matches",
      "cn.gbt.contacts": "no-match",
    });
    const code = app.services.codes.get(CN)!;
    const applying = code.rules.filter((rule) => rule.on && answers[rule.id] === undefined);
    for (const rule of applying) expect(night.text).toContain(`/codes/${CN}/rules/${rule.id}`);
    expect(textOf(night.text)).toContain("22:10 local time lies between 22:00 and 08:00.");
    expect(said((await attempt({ time: "14:10", times: "3" })).text)).toMatchObject({
      "cn.gbt.time": "no-match",
      "cn.gbt.freq.notify": "no-match",
    });
    expect(said((await attempt({ time: "" })).text)).toMatchObject({ "cn.gbt.time": "cannot-tell" });
    expect(said((await attempt({ time: "22:05", precision: "about" })).text)).toMatchObject({
      "cn.gbt.time": "needs-review",
    });
    expect(said((await attempt({ time: "22:10", date: "2024-06-01" })).text)).toMatchObject({
      "cn.nifa.time": "matches",
    });
    expect(said((await attempt({ time: "12:00", acts: ["threat-of-violence"] })).text)).toMatchObject({
      "cn.psp.50.1": "matches",
    });
    expect(said((await attempt({ time: "12:00", said: "再不还钱就打断你的腿" })).text)).toMatchObject({
      "cn.psp.50.1": "needs-review",
    });
    expect(textOf((await attempt({ time: "22:10" }, "zh-CN")).text)).toContain("当地时间22:10在22:00至08:00之间。");
  });

  test("a code named many times is judged once", async () => {
    const once = await attempt({ time: "22:10" });
    const often = await attempt({ time: "22:10", code: Array.from({ length: 200 }, () => CN) });
    expect(often.text.length).toBe(once.text.length);
  });

  test("the empty form stands ready for what the code is made for", async () => {
    const form = (await get(`/try?code=${CN}`)).text;
    expect(form).toContain('<option value="consumer-finance" selected>');
    expect(form).toContain('<option value="debt-collector" selected>');
    expect(form).toMatch(new RegExp(`value="${CN}" checked`));
    expect((await get("/try?code=<script>")).text).not.toContain("<script>");
  });

  test("a form that cannot be read says where, and keeps what was typed", async () => {
    const answer = await attempt({
      date: "17.11.2026",
      time: "25:99",
      times: "1000",
      said: "<b>再不还钱</b>",
      code: [],
    });
    expect(answer.status).toBe(422);
    const read = textOf(answer.text);
    for (const words of [
      "Enter a day such as 2026-11-17",
      "Enter a time such as 22:10, or leave it empty",
      "Enter a whole number from 1 to 50",
      "Choose at least one code",
    ])
      expect(read).toContain(words);
    expect(answer.text).toContain('value="17.11.2026"');
    expect(answer.text).toContain("&lt;b&gt;再不还钱&lt;/b&gt;");
    expect((await attempt({ channel: "telepathy" })).status).toBe(422);
    expect((await attempt({ said: "x".repeat(10_001) })).status).toBe(422);
  });
});

describe.each(databases)("choosing the codes of a case on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    caseId = await openCase(lin, { respondentKind: "debt-collector" });
    await app.join(caseId, "chen", "reader");
  });
  afterAll(() => app.close());
  const choose = (who: Agent, codes: string[]) => who.post(`/cases/${caseId}/codes`).type("form").send({ codes });

  test("suggestions come with their reasons", async () => {
    const read = textOf((await lin.get(`/cases/${caseId}/codes`)).text);
    expect(read).toMatch(
      /China: collecting online consumer credit Suggested The case is in China \(mainland\)\. It has rules for a lender of this kind: consumer-finance company\./,
    );
    expect(read).toContain("It is made for another country.");
  });

  test("a choice is stored with its event, and the case is judged by it", async () => {
    await log(lin, caseId, { date: "2026-11-17", time: "22:43", outcome: "connected" });
    const findings = async () => textOf((await lin.get(`/cases/${caseId}/findings`)).text);
    expect(await findings()).toContain("No collection at night (22:00–08:00)");
    expect((await choose(lin, [US])).status).toBe(303);
    expect(await findings()).not.toContain("No collection at night (22:00–08:00)");
    expect(await findings()).toContain("Held against: United States");
    expect((await choose(lin, [])).status).toBe(303);
    expect(await findings()).toContain("This case has no code of conduct, so nothing is judged.");
    expect((await choose(lin, [CN, CN])).status).toBe(303);
    expect((await getCase(app.services.db, caseId))!.codes).toEqual([CN]);
    expect(await findings()).toContain("No collection at night (22:00–08:00)");
    expect((await actionsOf(app, caseId)).filter((action) => action.startsWith("case.codes-chosen"))).toHaveLength(3);
  });

  test("an unknown code, a reader and a stranger change nothing", async () => {
    expect((await choose(lin, ["no-such-code"])).status).toBe(422);
    expect((await choose(lin, ["__proto__"])).status).toBe(422);
    expect((await choose(await app.as("chen"), [US])).status).toBe(403);
    expect((await (await app.as("chen")).get(`/cases/${caseId}/codes`)).text).toContain(
      '<fieldset class="govuk-fieldset" disabled',
    );
    expect((await choose(await app.as("carol"), [US])).status).toBe(404);
    expect((await getCase(app.services.db, caseId))!.codes).toEqual([CN]);
  });

  test("a code says what it takes along, and its parts need not be ticked", async () => {
    const page = (await lin.get(`/cases/${caseId}/codes`)).text;
    const read = textOf(page);
    const parts = [
      "banks, credit cards and members",
      "consumer-finance companies",
      "micro-loan companies",
      "statutes that bind everybody",
    ];
    const own = /It takes along:(.*?)Other codes/.exec(read)?.[1] ?? "";
    for (const part of parts) expect(own).toContain(`China: ${part}`);
    expect(read).toContain(
      "It is part of “China: collecting online consumer credit”, so it need not be ticked as well.",
    );
    expect(page.match(/name="codes"[^>]*checked/g)).toHaveLength(1);
  });

  test("whoever opens a case sees at once which codes were chosen and why, and may change them", async () => {
    const opened = await lin.post("/cases").type("form").send({
      role: "borrower", borrower: "Lin", lender: "某放贷人", lenderKind: "unlicensed", country: "CN", zone: "Asia/Shanghai",
    }); // prettier-ignore
    const page = await lin.get(String(opened.headers.location));
    const read = textOf(page.text);
    expect(read).toContain("Contacts will be held against this code of conduct");
    expect(read).toMatch(
      /statutes that bind everybody Suggested The case is in China \(mainland\)\. It is not limited to lenders of one kind\./,
    );
    expect(read).toContain("Nothing in it binds a lender of this kind: unlicensed lender.");
    expect(page.text).toContain(`href="${String(opened.headers.location).replace("/codes?opened=1", "")}"`);
    const nowhere = await lin.post("/cases").type("form").send({ role: "borrower", borrower: "Lin", country: "other", zone: "Europe/Berlin" }); // prettier-ignore
    expect(textOf((await lin.get(String(nowhere.headers.location))).text)).toContain("No code of conduct here fits");
  });

  const suggested = (suited: Parameters<typeof suggestCodes>[1]) =>
    suggestCodes(app.services.codes.all(), suited)
      .filter((one) => one.suggested)
      .map(({ code, reasons }) => [code.id, reasons.map(({ key }) => key)]);

  test("without a country the time zone decides; who collects counts where a text binds debt collectors alone", () => {
    const unknown = { country: null, lenderKind: "unknown" } as const;
    expect(suggested({ ...unknown, zone: "Asia/Urumqi" })).toEqual([[CN, ["zone", "lenderUnknown"]]]);
    expect(suggested({ ...unknown, zone: "America/Chicago" })).toEqual([[US, ["zone", "respondentUnknown"]]]);
    expect(suggested({ ...unknown, zone: "America/Chicago", respondentKind: "debt-collector" })).toEqual([
      [US, ["zone", "respondent"]],
    ]);
    expect(suggested({ ...unknown, zone: "America/Chicago", respondentKind: "original-creditor" })).toEqual([]);
    expect(suggested({ ...unknown, zone: "Europe/Berlin" })).toEqual([]);
    expect(suggested({ country: "DE", zone: "Asia/Shanghai", lenderKind: "bank" })).toEqual([]);
  });

  test.each(lenderKinds)(
    "in China every kind of lender gets one code that holds all rules for it: %s",
    (lenderKind) => {
      const library = app.services.codes;
      const [first, ...more] = suggested({ country: "CN", lenderKind }).map(([id]) => String(id));
      expect(more).toEqual([]);
      const licensed = !["unlicensed", "original-creditor"].includes(lenderKind);
      expect(first).toBe(licensed ? CN : "cn-statutes");
      const held = new Set(library.expand([first!]).map(({ id }) => id));
      for (const code of library.all().filter(({ jurisdiction }) => jurisdiction === "CN"))
        for (const rule of code.rules.filter(({ on }) => on)) {
          const kinds = rule.lenderKinds ?? code.sources[rule.source]!.lenderKinds;
          if (kinds === undefined || kinds.includes(lenderKind))
            expect([rule.id, held.has(code.id)]).toEqual([rule.id, true]);
        }
    },
  );
});
