/** Ids of another case, put into the fields of a form by hand: never taken, whoever sends them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { log, openCase, quick, send } from "../incidents/people.ts";

describe.each(databases)("ids of another case on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let carol: Agent;
  let hers: string;
  let mine: string;
  let theirs: { debt: string; collector: string; held: string; incident: string };
  beforeAll(async () => {
    app = await withApp(database);
    [lin, carol] = [await app.as("lin"), await app.as("carol")];
    hers = await openCase(carol);
    mine = await openCase(lin);
    const { db } = app.services;
    const id = async (table: "debts" | "collectors" | "uploads" | "incidents") =>
      (await db.selectFrom(table).select("id").where("case_id", "=", hers).executeTakeFirstOrThrow()).id;
    await carol.post(`/cases/${hers}/debts`).type("form").send({ creditor: "Hers alone", currency: "CNY" });
    await carol.post(`/cases/${hers}/collectors`).type("form").send({ name: "Her collector", kind: "agency" });
    await log(carol, hers);
    // A form without a channel is shown again, and its file waits.
    await send(carol, `/cases/${hers}/incidents`, { ...quick, channel: "" }, [{ name: "hers.txt", bytes: "hers" }]);
    theirs = {
      debt: await id("debts"),
      collector: await id("collectors"),
      held: await id("uploads"),
      incident: await id("incidents"),
    };
  });
  afterAll(() => app.close());

  const count = async () =>
    (await app.services.db.selectFrom("incidents").select("id").where("case_id", "=", mine).execute()).length;

  test("a contact takes neither a debt nor a collector of another case", async () => {
    const before = await count();
    for (const [field, id] of [
      ["debtId", theirs.debt],
      ["collectorId", theirs.collector],
    ] as const) {
      const answer = await send(lin, `/cases/${mine}/incidents`, { ...quick, [field]: id });
      expect(answer.status).toBe(422);
      expect(answer.text).not.toMatch(/Hers alone|Her collector/);
    }
    expect(await count()).toBe(before);
    const number = await log(lin, mine);
    await lin.post(`/cases/${mine}/incidents/${number}/facts`).type("form").send({ debtId: theirs.debt });
    const { db } = app.services;
    expect(await db.selectFrom("incidents").select("id").where("debt_id", "=", theirs.debt).execute()).toEqual([]);
  });

  test("a notice takes no debt of another case", async () => {
    const fields = { kind: "cease-contact", sentDate: "2026-11-01", form: "written", debt: theirs.debt };
    expect((await send(lin, `/cases/${mine}/notices`, fields)).status).toBe(422);
  });

  test("a file that waits for somebody else stays theirs", async () => {
    await log(lin, mine, { held: theirs.held });
    const { db } = app.services;
    expect(await db.selectFrom("evidence").select("id").where("case_id", "=", mine).execute()).toEqual([]);
    expect(await db.selectFrom("uploads").select("case_id").where("id", "=", theirs.held).execute()).toEqual([
      { case_id: hers },
    ]);
  });

  test("the id of another case's contact, sent as a draft, makes a contact of one's own", async () => {
    const before = await count();
    await log(lin, mine, { draft: theirs.incident });
    expect(await count()).toBe(before + 1);
    const { db } = app.services;
    expect(await db.selectFrom("incidents").select("case_id").where("id", "=", theirs.incident).execute()).toEqual([
      { case_id: hers },
    ]);
  });
});
