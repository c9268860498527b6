/** The two things every feature leans on, on both databases: human numbers, and marking findings stale. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { correctCase } from "../../src/cases/change-case.ts";
import {
  BEGINNING_OF_TIME,
  END_OF_TIME,
  type NewCase,
  createCase,
  getCase,
  nextNumber,
  touch,
  touchAll,
} from "../../src/cases/store.ts";
import { type Database, type Tx, openDatabase } from "../../src/platform/database.ts";
import { databases } from "../support/databases.ts";

const facts: NewCase = {
  borrower: "Lin Xiaoyu",
  lender: "Example Consumer Finance",
  lenderKind: "consumer-finance",
  respondentKind: "unknown",
  platform: null,
  zone: "Asia/Shanghai",
  country: "CN",
  pastDueOn: null,
  reachable: null,
  debtLawful: null,
  employerForbids: null,
  codes: [],
  demo: false,
  role: "borrower",
};
const by = { personId: "lin", at: Date.parse("2026-11-20T14:52:00Z") };

describe.each(databases)("cases on $name", (kind) => {
  let place: Awaited<ReturnType<typeof kind.create>>;
  let database: Database;
  beforeAll(async () => {
    place = await kind.create();
    database = openDatabase(place.databaseUrl);
    await database.migrate();
  });
  afterAll(async () => {
    await database.close();
    await place.remove();
  });
  const inside = <T>(work: (tx: Tx) => Promise<T>) => database.db.transaction().execute(work);

  test("numbers count from 1 per case and kind, and are never given twice, however many ask at once", async () => {
    const [one, other] = [
      await inside((tx) => createCase(tx, facts, by)),
      await inside((tx) => createCase(tx, facts, by)),
    ];
    expect(other.number).toBe(one.number + 1);
    const asked = Array.from({ length: 20 }, () => inside((tx) => nextNumber(tx, one.id, "incident")));
    expect((await Promise.all(asked)).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(await inside((tx) => nextNumber(tx, one.id, "exhibit-A"))).toBe(1);
    expect(await inside((tx) => nextNumber(tx, other.id, "incident"))).toBe(1);
  });

  test("touching widens the stale span and never narrows it", async () => {
    const { id } = await inside((tx) => createCase(tx, facts, by));
    const span = async () => {
      const found = await getCase(database.db, id);
      return [found?.staleFrom, found?.staleTo];
    };
    expect(await span()).toEqual([null, null]);
    await inside((tx) => touch(tx, id, 5000, 9000));
    expect(await span()).toEqual([5000, 9000]);
    await inside((tx) => touch(tx, id, 6000, 7000));
    expect(await span()).toEqual([5000, 9000]);
    await inside((tx) => touch(tx, id, 1000, 2000));
    expect(await span()).toEqual([1000, 9000]);
    await inside((tx) => touch(tx, id, 8000));
    expect(await span()).toEqual([1000, END_OF_TIME]);
    await inside((tx) => touchAll(tx, id));
    expect(await span()).toEqual([BEGINNING_OF_TIME, END_OF_TIME]);
  });

  test("a correction made on an older version is refused whole; an unchanged one writes nothing", async () => {
    const { id } = await inside((tx) => createCase(tx, facts, by));
    expect(await inside((tx) => correctCase(tx, id, 1, { lenderKind: "bank" }, by))).toEqual({ done: true });
    const late = await inside((tx) => correctCase(tx, id, 1, { lenderKind: "card", lender: "Other" }, by));
    expect(late).toMatchObject({ done: false, stored: { lenderKind: "bank", version: 2 } });
    expect(await getCase(database.db, id)).toMatchObject({ lenderKind: "bank", lender: facts.lender, version: 2 });
    expect(await inside((tx) => correctCase(tx, id, 2, { lenderKind: "bank" }, by))).toEqual({ done: true });
    const events = await database.db.selectFrom("history").select("action").where("case_id", "=", id).execute();
    expect(events.map(({ action }) => action)).toEqual(["case.opened", "case.corrected"]);
  });

  test("of two corrections of one version at the same moment exactly one is written", async () => {
    const { id } = await inside((tx) => createCase(tx, facts, by));
    const both = await Promise.all(
      (["bank", "card"] as const).map((lenderKind) => inside((tx) => correctCase(tx, id, 1, { lenderKind }, by))),
    );
    expect(both.filter(({ done }) => done)).toHaveLength(1);
    expect((await getCase(database.db, id))?.version).toBe(2);
  });
});
