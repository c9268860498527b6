/** Which rules were in force when: contacts on the days before, at and after each change of the law, as the page of a case shows them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lawOverTime } from "../../src/codes/law-over-time.ts";
import { log, openCase, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe.each(databases)("which rules were in force when, on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  let page: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    caseId = await openCase(lin, { respondentKind: "debt-collector" });
    for (const [date, time] of [
      ["2025-02-26", "12:00"],
      ["2025-02-27", "23:59"],
      ["2025-02-28", "00:00"],
      ["2025-12-31", "23:59"],
      ["2026-01-01", "00:00"],
      ["2026-01-01", "00:01"],
      ["2026-01-29", "23:59"],
      ["2026-01-30", "00:00"],
    ] as const)
      await log(lin, caseId, { date, time, outcome: "connected" });
    await log(lin, caseId, { date: "2026-01-30", precision: "day", outcome: "connected" });
    page = (await lin.get(`/cases/${caseId}/codes/in-force`)).text;
  });
  afterAll(() => app.close());

  /** The cells of the row with this id, as words. */
  const row = (id: string, html = page) =>
    textOf(`<main>${new RegExp(`<tr[^>]* id="${id}"[^>]*>(.*?)</tr>`, "s").exec(html)?.[1] ?? ""}</main>`);

  test("each stretch between two changes has the contacts of its local days", () => {
    expect(row("from-2025-02-28")).toMatch(/^28 Feb 2025 to 31 Dec 2025 2 GB\/T 45251-2025.* NIFA guideline/);
    expect(row("from-2026-01-01")).toMatch(
      /^1 Jan 2026 to 29 Jan 2026 3 Public Security.*2025\) Public Security.*2012\)$/,
    );
    expect(row("from-2026-01-30")).toMatch(/^since 30 Jan 2026 2 CBA guideline.* –$/);
    expect(textOf(page)).toContain("9 contacts from 26 Feb 2025 to 30 Jan 2026, local dates of Asia/Shanghai.");
  });

  test("each text says its dates, whether it binds this lender, its contacts and what took its place", () => {
    const nifa = row("cn-online-consumer-credit-nifa-2024");
    expect(nifa).toContain("15 May 2024 to 27 Feb 2025 ended Replaced by: GB/T 45251-2025");
    expect(nifa).toMatch(/Binds this lender.* 2$/);
    expect(row("cn-online-consumer-credit-gbt-45251-2025")).toMatch(/since 28 Feb 2025 7$/);
    expect(row("cn-statutes-public-security-2012")).toMatch(/1 Jan 2013 to 31 Dec 2025 ended Replaced by: .*2025\) 4$/);
    expect(row("cn-statutes-public-security-2025")).toMatch(/since 1 Jan 2026 5$/);
    expect(row("cn-bank-and-card-cba-2026")).toMatch(/since 30 Jan 2026 2$/);
    expect(row("cn-micro-loan-micro-loan-2024")).toContain(
      "Does not bind a lender of this kind (consumer-finance company)",
    );
    expect(page).toContain('id="cn-gbt-time"');
    expect(page).toContain('href="/codes/cn-online-consumer-credit/rules/cn.gbt.time"');
  });

  test("the same holds in the case's own zone where a code reads the clock there, and in Chinese", async () => {
    const american = await openCase(lin, { country: "US", zone: "America/Chicago", respondentKind: "debt-collector" });
    // Half past eleven at night on 29 November in Chicago is the 30th in Universal Time: Regulation F was not in force yet.
    await log(lin, american, { date: "2021-11-29", time: "23:30", outcome: "connected" });
    await log(lin, american, { date: "2021-11-30", time: "00:00", outcome: "connected" });
    const { text } = await lin.get(`/cases/${american}/codes/in-force`);
    expect(row("from-2021-11-30", text)).toMatch(/^since 30 Nov 2021 1 Regulation F/);
    expect(row("us-fdcpa-regulation-f-fdcpa", text)).toMatch(/since 20 Mar 1978 2$/);
    const chinese = await (await app.as("lin", "zh-CN")).get(`/cases/${caseId}/codes/in-force`);
    expect(textOf(chinese.text)).toContain("被取代于: GB/T 45251-2025《互联网金融");
    expect(textOf(chinese.text)).not.toMatch(/\blaw\.\w+|undefined/);
  });

  test("a case without a code, one without contacts and a stranger", async () => {
    const empty = await openCase(lin, { country: "other", zone: "Europe/Berlin" });
    expect(textOf((await lin.get(`/cases/${empty}/codes/in-force`)).text)).toContain(
      "This case has no code of conduct",
    );
    const fresh = await openCase(lin);
    expect(textOf((await lin.get(`/cases/${fresh}/codes/in-force`)).text)).toContain("No contact has been logged yet.");
    expect((await (await app.as("carol")).get(`/cases/${caseId}/codes/in-force`)).status).toBe(404);
  });

  test("the codes of the case lead there", async () => {
    expect((await lin.get(`/cases/${caseId}/codes`)).text).toContain(`href="/cases/${caseId}/codes/in-force"`);
  });
});

test("a lender that is not known may be bound; a change of what cannot bind it is none", async () => {
  const app = await withApp();
  const codes = app.services.codes.expand(["cn-online-consumer-credit"]);
  const law = (lenderKind: "unknown" | "unlicensed") =>
    lawOverTime(codes, { zone: "Asia/Shanghai", lenderKind, respondentKind: "unknown" })[0]!;
  const binding = (kind: "unknown" | "unlicensed") =>
    Object.fromEntries(law(kind).sources.map(({ id, binding: answer }) => [id, answer]));
  expect(binding("unknown")).toMatchObject({
    "cba-2026": "unknown",
    "civil-code": "yes",
    "platform-loans-2025": "off",
  });
  expect(binding("unlicensed")).toMatchObject({ "cba-2026": "no", "civil-code": "yes" });
  expect(law("unlicensed").changes).not.toContain("2026-01-30");
  expect(law("unlicensed").changes).toContain("2026-01-01");
  await app.close();
});
