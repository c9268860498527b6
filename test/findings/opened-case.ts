/** A case with its people for tests of findings: the app once for a block of tests, and a fresh case of Lin's before each of them. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import { openCase } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import type { TestDatabase } from "../support/databases.ts";

export interface OpenedCase {
  app: TestApp;
  /** The borrower, in English. */
  lin: Agent;
  /** Her advocate, in Chinese. */
  zhou: Agent;
  /** A reader. */
  chen: Agent;
  caseId: string;
}

/** Call it inside `describe`; `take` gets the people and the case before each test. */
export function openedCase(database: TestDatabase, take: (opened: OpenedCase) => void): void {
  let people: Omit<OpenedCase, "caseId">;
  beforeAll(async () => {
    const app = await withApp(database);
    people = { app, lin: await app.as("lin"), zhou: await app.as("zhou", "zh-CN"), chen: await app.as("chen") };
  });
  afterAll(() => people.app.close());
  beforeEach(async () => {
    const caseId = await openCase(people.lin, { respondentKind: "debt-collector" });
    await people.app.join(caseId, "zhou", "advocate");
    await people.app.join(caseId, "chen", "reader");
    take({ ...people, caseId });
  });
}
