/** Cases of other countries through the shipped app: their codes chosen, their zone, the day the debt fell due, their holidays. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/dossiers/collect.ts";
import { log, openCase, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";

describe("a case", () => {
  let app: TestApp;
  let lin: Agent;
  beforeAll(async () => {
    app = await withApp();
    lin = await app.as("lin");
  });
  afterAll(() => app.close());

  const findings = async (caseId: string, path = "") =>
    textOf((await lin.get(`/cases/${caseId}/findings${path}`)).text);
  const correct = async (caseId: string, fields: Record<string, string>) => {
    const page = (await lin.get(`/cases/${caseId}/facts`)).text;
    const version = /name="version" value="(\d+)"/.exec(page)?.[1] ?? "";
    const stored = {
      borrower: "Lin Xiaoyu",
      lender: "Example",
      lenderKind: "micro-loan",
      country: "PH",
      zone: "Asia/Manila",
    };
    const answer = await lin
      .post(`/cases/${caseId}/facts`)
      .type("form")
      .send({ ...stored, version, ...fields });
    expect(answer.status).toBe(303);
  };

  test("in the Philippines asks since when the account is overdue, and judges each contact by its own day", async () => {
    const caseId = await openCase(lin, {
      lender: "Example",
      lenderKind: "micro-loan",
      country: "PH",
      zone: "Asia/Manila",
    });
    // Fifteen and sixteen days after 4 November.
    await log(lin, caseId, { date: "2026-11-19", time: "22:30" });
    await log(lin, caseId, { date: "2026-11-20", time: "22:30" });
    expect(await findings(caseId, "?rule=ph.time")).toContain("It is not known how many days the debt is past due.");
    await correct(caseId, { pastDueOn: "2026-11-04" });
    const judged = await findings(caseId, "?rule=ph.time");
    expect(judged).toContain("1 finding");
    expect(judged).toContain("The debt is 15 days past due.");
    expect(judged).toContain("Thu 19 Nov 2026, 22:30");
    await correct(caseId, { pastDueOn: "2026-11-03" });
    expect(await findings(caseId, "?rule=ph.time")).toContain("0 findings, newest first");
  });

  test("in eastern Indonesia is judged by its own clock and the decreed holidays", async () => {
    const facts = { lender: "Contoh Finance", lenderKind: "consumer-finance", country: "ID", zone: "Asia/Jayapura" };
    const caseId = await openCase(lin, facts);
    await log(lin, caseId, { date: "2026-11-19", time: "19:30" });
    await log(lin, caseId, { date: "2026-08-25", time: "10:00" });
    await log(lin, caseId, { date: "2026-08-24", time: "10:00" });
    const judged = await findings(caseId, "?rule=id.time");
    expect(judged).toContain("1 finding");
    expect(judged).toContain("25 August 2026 was a public holiday.");
    expect((await lin.get(`/cases/${caseId}/codes`)).text).toContain("OJK Regulation 22 of 2023");
    // A dossier takes the code along with the dates that the calendar gave; the installed file stays as it is.
    const along = (await collect(app.services, caseId)).codes.find(({ code }) => code.id === "id-pojk-22-2023");
    expect(along?.yaml).toMatch(/by: date-holidays [\d.]+\n[^]*"2027": \["2027-01-01"/);
    expect(app.services.codes.text("id-pojk-22-2023")).not.toContain("resolvedHolidays");
  });
});
