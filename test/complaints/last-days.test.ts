/** Last days of offices, told while there is time and gone the day after, on both databases. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstDayInTime } from "../../src/complaints/last-days.ts";
import { log, openCase, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

test.each([
  [1, "year", "2026-09-01", "2025-09-01"],
  // A year from 29 February ends on the 28th; so does one from the 28th.
  [1, "year", "2029-02-28", "2028-02-28"],
  [1, "year", "2029-03-01", "2028-03-01"],
  // Six months from 28 to 31 August all end on the last day of February.
  [6, "month", "2027-02-28", "2026-08-28"],
  [6, "month", "2027-03-01", "2026-09-01"],
  [6, "month", "2028-02-29", "2027-08-29"],
] as const)("with %i %s, on %s what happened on %s is the first still in time", (amount, unit, today, first) => {
  expect(firstDayInTime({ amount, unit }, today).toString()).toBe(first);
});

describe.each(databases)("last days on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  const home = async (now: string) => {
    app.clock.set(now);
    return textOf((await lin.get("/")).text);
  };

  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    app.clock.set("2025-09-10T16:00:00Z");
    const us = { country: "US", zone: "America/New_York", lender: "Example Card Bank", lenderKind: "card", respondentKind: "debt-collector" }; // prettier-ignore
    caseId = await openCase(lin, us);
    for (const date of ["2025-09-01", "2025-09-03"])
      await log(lin, caseId, { date, time: "23:10", outcome: "conversation", purpose: "interactive" });
    await lin.get(`/cases/${caseId}/findings`);
  });
  afterAll(() => app.close());

  test("a month before, on the exact last day, and the day after", async () => {
    expect(await home("2026-07-20T16:00:00Z")).not.toContain("Last day");
    expect(await home("2026-08-20T16:00:00Z")).toMatch(
      /Tue 1 Sept 2026 12 days left You bring the action: for contact 1 of 1 Sept 2025; 1 more runs out within 30 days of it Last day · .*Court, no complaint yet/,
    );
    // 23:30 in New York is the next day in UTC; the last day is the borrower's.
    expect(await home("2026-09-02T03:30:00Z")).toMatch(/Tue 1 Sept 2026 today You bring the action: for contact 1/);
    expect(await home("2026-09-02T04:30:00Z")).toMatch(
      /Thu 3 Sept 2026 1 day left You bring the action: for contact 2 of 3 Sept 2025 Last day/,
    );
  });

  test("when the last one has passed the office is not suggested any more", async () => {
    expect(await home("2026-09-04T16:00:00Z")).not.toContain("Last day");
    const page = textOf((await lin.get(`/cases/${caseId}/complaints/new`)).text);
    expect(page).toMatch(/Time is over Court .*ended on 3 Sept 2026/);
  });
});
