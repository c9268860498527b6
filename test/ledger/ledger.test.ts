/** What the borrower keeps beside contacts, through the shipped app, on both databases. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { evidenceOf } from "../../src/evidence/store.ts";
import { listEvents, verifyHistory } from "../../src/history/store.ts";
import { allEntries, versionsOf } from "../../src/ledger/store.ts";
import { impactBook } from "../../src/impact/impact-book.ts";
import { requestBook } from "../../src/negotiation/request-book.ts";
import { latestPlan } from "../../src/repayment/store.ts";
import { log, openCase, send, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe.each(databases)("what the borrower keeps on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let zhou: Agent;
  let caseId: string;
  let base: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    zhou = await app.as("zhou");
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    app.clock.set("2026-11-20T14:52:00Z");
    caseId = await openCase(lin);
    base = `/cases/${caseId}`;
    await app.join(caseId, "zhou", "advocate");
  });
  const page = async (path: string, who = lin) => textOf((await who.get(`${base}${path}`)).text);
  const request = {
    asks: ["deferral"],
    askedOn: "2026-10-08",
    channel: "call",
    words: "每月还 500 元",
    answer: "none",
  };
  const plan = {
    currency: "CNY",
    income: "6,500",
    "costWords[]": ["rent", "food", "phone"],
    "costAmount[]": ["2200", "1800.50", ""],
    offer: "800",
    every: "month",
    firstOn: "2026-11-30",
    total: "2000.50",
    owedOn: "2026-11-05",
  };
  const makePlan = (fields: Record<string, string | string[]> = {}) =>
    lin
      .post(`${base}/repayment/plans`)
      .type("form")
      .send({ ...plan, ...fields });

  test("a request takes six answers; the answer and the broken promise come later, and what it said before stays", async () => {
    const incident = await log(lin, caseId);
    const made = await send(lin, `${base}/requests`, request, [{ name: "聊天截图.png", bytes: "picture" }]);
    expect(made.headers.location).toBe(`${base}/requests/1?saved=1`);
    app.clock.set("2026-11-21T02:00:00Z");
    const later = {
      answer: "refused",
      answeredOn: "2026/10/9",
      promise: "call back",
      kept: "no",
      keptOn: "2026年10月12日",
    };
    const corrected = await send(lin, `${base}/requests/1/correction`, {
      ...request,
      ...later,
      version: "1",
      incident: `#${incident}`,
    });
    expect(corrected.status).toBe(303);

    const shown = await page("/requests/1");
    for (const words of [
      "More time (deferral)",
      "每月还 500 元",
      "Refused",
      "Not kept, 12 Oct 2026",
      "Incident 1",
      "聊天截图.png",
    ])
      expect(shown).toContain(words);
    expect(shown).toMatch(/Changed 21 Nov, 10:00 by Lin Xiaoyu Answer: No answer yet → Refused/);
    expect(await page("/requests")).toContain("Promised: call back (Not kept, 12 Oct 2026)");
    expect(await page("/evidence")).toContain("Request 1");
    const events = await listEvents(app.services.db, caseId, { subject: "request:1", limit: 10 });
    expect(events.map(({ action }) => action)).toEqual(["request.corrected", "request.recorded"]);
    expect(await page("/history?subject=request:1")).toContain("corrected request 1");
    expect(await verifyHistory(app.services.db, caseId)).toBeNull();
  });

  test("the history of entries holds no word of them, and still proves every version", async () => {
    await send(lin, `${base}/impacts`, { area: "health", fromOn: "2026-11-01", words: "panic attacks" }, [
      { name: "diagnosis.pdf", bytes: "private" },
    ]);
    await send(lin, `${base}/impacts/1/correction`, {
      area: "health",
      fromOn: "2026-11-01",
      words: "panic attacks, pills",
      version: "1",
    });
    await lin.post(`${base}/evidence/C-1`).type("form").send({ description: "my depression, in writing" });
    expect(await page("/evidence/C-1")).toContain("my depression, in writing");
    await makePlan();
    const events = await listEvents(app.services.db, caseId, { limit: 50 });
    const chain = JSON.stringify(events);
    for (const word of ["panic", "pills", "diagnosis", "depression", "650000", "rent"])
      expect(chain).not.toContain(word);
    const [entry] = await allEntries(app.services.db, caseId, impactBook);
    const said = await versionsOf(app.services.db, caseId, impactBook, entry!.id);
    expect(said.map(({ facts }) => facts.words)).toEqual(["panic attacks, pills", "panic attacks"]);
    const digests = events
      .filter(({ subject, action }) => subject === "impact:1" && action.startsWith("impact."))
      .map(({ detail }) => (JSON.parse(detail) as { digest: string }).digest);
    expect(
      said.map(({ salt, facts }) =>
        createHash("sha256")
          .update(`${salt}\n${JSON.stringify(facts)}`)
          .digest("hex"),
      ),
    ).toEqual(digests);
  });

  test("a file taken off the last private entry goes to the bin, where it travels with no dossier; it can be brought back", async () => {
    await send(lin, `${base}/impacts`, { area: "health", fromOn: "2026-11-01", words: "no sleep" }, [
      { name: "clinic.pdf", bytes: "clinic" },
    ]);
    const exhibit = `${base}/evidence/${/Exhibit ([A-Z]-\d)/.exec(await page("/evidence"))![1]}`;
    await lin.post(`${exhibit}/links/removal`).type("form").send({ subject: "impact:1" }).expect(303);
    expect(await page("/evidence")).not.toContain("clinic.pdf");
    expect(await page("/evidence?bin=1")).toContain("clinic.pdf");
    await lin.post(`${exhibit}/restoration`).type("form").send({}).expect(303);
    expect(await page("/evidence")).toContain("clinic.pdf");
  });

  test("two people correcting at once: the second sees both versions and loses nothing", async () => {
    await send(lin, `${base}/requests`, request);
    await send(lin, `${base}/requests/1/correction`, { ...request, answer: "agreed", version: "1" });
    const second = await send(zhou, `${base}/requests/1/correction`, { ...request, answer: "refused", version: "1" }, [
      { name: "letter.txt", bytes: "no" },
    ]);
    expect(second.status).toBe(409);
    expect(textOf(second.text)).toMatch(/Answer Agreed Refused/);
    const held = /name="held" value="([^"]+)"/.exec(second.text)?.[1] ?? "";
    const third = await send(zhou, `${base}/requests/1/correction`, {
      ...request,
      answer: "refused",
      version: "2",
      held,
    });
    expect(third.status).toBe(303);
    const [entry] = await allEntries(app.services.db, caseId, requestBook);
    expect(entry!.facts.answer).toBe("refused");
    expect((await evidenceOf(app.services.db, caseId, "request", [entry!.id])).get(entry!.id)).toHaveLength(1);
  });

  test("what cannot be is told at its field, in the person's language, with everything typed kept", async () => {
    const wrong = await send(lin, `${base}/requests`, {
      asks: [], // prettier-ignore
      words: "<script>alert(1)</script>", askedOn: "2026-11-22", answeredOn: "2026-02-30", notice: "9", incident: "77", amount: "5 or 6", instalments: "0",
    }); // prettier-ignore
    expect(wrong.status).toBe(422);
    const told = textOf(wrong.text);
    for (const words of ["Choose what you asked for", "Enter a real date", "Enter a whole number from 1 to 999"])
      expect(told).toContain(words);
    expect(wrong.text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    const order = await send(lin, `${base}/requests`, {
      ...request,
      answeredOn: "2026-10-01",
      notice: "9",
      incident: "77",
      kept: "unknown",
      keptOn: "2026-11-21",
    });
    const second = textOf(order.text);
    for (const words of [
      "before the one it follows",
      "has no notice of this number",
      "has no contact of this number",
      "has not come yet",
      "choose what the answer was",
    ])
      expect(second).toContain(words);
    const chinese = await app.as("lin", "zh-CN");
    const future = await send(chinese, `${base}/payments`, { amount: "12.345", currency: "CNY", paidOn: "2026-11-22" });
    expect(future.status).toBe(422);
    expect(
      textOf(
        await send(chinese, `${base}/payments`, { amount: "", currency: "CNY", paidOn: "2026-11-22" }).then(
          (a) => a.text,
        ),
      ),
    ).toContain("这一天还没有到");
    expect((await send(lin, `${base}/payments`, { amount: "1", currency: "BTC", paidOn: "2026-11-20" })).status).toBe(
      422,
    );
    expect(await allEntries(app.services.db, caseId, requestBook)).toEqual([]);
  });

  test("a plan says what is left, makes the schedule, fills it with payments, and stays when a new one comes", async () => {
    expect((await makePlan()).headers.location).toBe(`${base}/repayment?saved=1`);
    await send(lin, `${base}/payments`, { amount: "500", currency: "CNY", paidOn: "2026-11-04", how: "app" });
    await send(lin, `${base}/payments`, { amount: "900", currency: "CNY", paidOn: "2026-11-20", how: "app" });
    const shown = await page("/repayment");
    for (const words of [
      "Left over CN¥2,499.50",
      "Offered: CN¥800.00 a month.",
      "3 instalments for CN¥2,000.50, the last one CN¥400.50 on 30 Jan 2027",
      "by the record: CN¥900.00. Still open: CN¥1,100.50.",
    ])
      expect(shown).toContain(words);
    expect(shown).toMatch(/1 30 Nov 2026 CN¥800.00 CN¥1,200.50 Paid 2 30 Dec 2026 CN¥800.00 CN¥400.50 CN¥100.00 paid/);

    await makePlan({ income: "3000", offer: "" });
    const now = await latestPlan(app.services.db, caseId);
    expect(now).toMatchObject({ number: 2, leftOverMinor: -100_050, schedule: [], facts: { offerMinor: 0 } });
    expect(await page("/repayment")).toContain("Nothing can be offered now");
    const old = await page("/repayment/plans/1");
    expect(old).toContain("A newer plan has taken the place");
    expect(old).toContain("Offered: CN¥800.00 a month.");

    const endless = await makePlan({ offer: "0.01", "costWords[]": ["", "food"], "costAmount[]": ["5", "x"] });
    expect(endless.status).toBe(422);
    expect(textOf(endless.text)).toMatch(/Say what this amount is for.*200050 instalments; a plan holds at most 600/);
    const more = await makePlan({ press: "more" });
    expect([more.status, more.text.match(/name="costWords\[\]"/g)?.length]).toEqual([200, 8]);
    expect((await latestPlan(app.services.db, caseId))?.number).toBe(2);
  });

  test("the lender's figures are held against payments, and only the difference is told", async () => {
    const figure = (asOf: string, amount: string) =>
      send(lin, `${base}/figures`, { amount, currency: "CNY", asOf, source: "app" });
    await figure("2026-08-01", "30000");
    await figure("2026-11-01", "￥31,200.55");
    await send(lin, `${base}/payments`, { amount: "500", currency: "CNY", paidOn: "2026-08-15", how: "transfer" });
    await send(lin, `${base}/payments`, { amount: "70", currency: "USD", paidOn: "2026-08-16", how: "transfer" });
    const shown = await page("/repayment");
    expect(shown).toMatch(
      /CN¥30,000.00 1 payment by the record after 1 Aug 2026, up to 1 Nov 2026 −CN¥500.00 Left by the record CN¥29,500.00 The lender's figure of 1 Nov 2026 CN¥31,200.55/,
    );
    expect(shown).toContain("Differs by CN¥1,700.55: the lender's figure is higher.");
    expect(shown).not.toMatch(/wrong|illegal|overcharg/i);
    expect((await lin.get(`${base}/repayment/plans/new`)).text).toContain('value="31200.55"');
    await lin.post(`${base}/figures/2/removal`);
    expect(await page("/repayment")).not.toContain("Differs by");
    expect(await page("/figures?removed=2")).toContain("Figure 2 was removed");
    await lin.post(`${base}/figures/2/restoration`);
    expect(await page("/repayment")).toContain("Differs by");
  });

  test("a list goes on page by page, newest day first, without a gap", async () => {
    for (let n = 1; n <= 53; n++)
      await send(lin, `${base}/payments`, {
        amount: String(n),
        currency: "CNY",
        paidOn: n % 2 ? "2026-11-01" : "2026-11-02",
        how: "app",
      });
    const first = (await lin.get(`${base}/payments`)).text;
    const older = /href="([^"]*\?before=[^"]*)"/.exec(first)?.[1] ?? "";
    const second = (await lin.get(older)).text;
    const numbers = [...`${first}${second}`.matchAll(/id="payment-(\d+)"/g)].map(([, n]) => Number(n));
    const days = Array.from({ length: 53 }, (_, n) => n + 1).sort((a, b) => (a % 2) - (b % 2) || b - a);
    expect(numbers).toEqual(days);
    expect((await lin.get(`${base}/payments?before=x'--`)).status).toBe(200);
  });

  test("each impact has its own tick; a reader sees but changes nothing; strangers and other cases see nothing", async () => {
    await send(lin, `${base}/impacts`, {
      area: "sleep",
      fromOn: "2026-10-10",
      words: "awake until three",
      goesOn: "yes",
    });
    expect(await page("/impacts")).toContain("Stays in this case");
    const choice = await lin.post(`${base}/impacts/1/choice`).type("form").send({ chosen: "yes" });
    expect(choice.headers.location).toBe(`${base}/impacts#impact-1`);
    expect(await page("/impacts")).toContain("Goes into dossiers");
    const both = await send(lin, `${base}/impacts`, {
      area: "work",
      fromOn: "2026-10-10",
      toOn: "2026-10-01",
      goesOn: "yes",
    });
    expect(textOf(both.text)).toContain("This day is before the one it follows");
    expect(textOf(both.text)).toContain("Write a few words");

    const chen = await app.as("chen");
    await app.join(caseId, "chen", "reader");
    expect((await chen.get(`${base}/impacts/1`)).status).toBe(200);
    expect((await chen.get(`${base}/impacts/new`)).status).toBe(403);
    expect((await chen.post(`${base}/impacts/1/choice`).type("form").send({ chosen: "no" })).status).toBe(403);
    const carol = await app.as("carol");
    const other = await openCase(carol);
    for (const path of ["/impacts", "/impacts/1", "/requests", "/repayment"])
      expect((await carol.get(`${base}${path}`)).status).toBe(404);
    expect((await carol.get(`/cases/${other}/impacts/1`)).status).toBe(404);
    expect((await carol.post(`/cases/${other}/impacts/1/choice`).type("form").send({ chosen: "no" })).status).toBe(404);
    expect(await page("/impacts")).toContain("Goes into dossiers");
  });
});
