/** Addresses nobody types: the same plain "not found" on both databases. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { openCase } from "../incidents/people.ts";

describe.each(databases)("addresses on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    caseId = await openCase(lin);
  });
  afterAll(() => app.close());

  test.each([
    "/cases/%00",
    "/cases/:case/history?subject=%00",
    "/cases/:case/findings/1/%00/review",
    "/cases/:case/incidents?collector=a%00b",
  ])("%s is not found", async (path) => {
    const { status } = await lin.get(path.replace(":case", caseId));
    expect(status).toBe(404);
  });
});
