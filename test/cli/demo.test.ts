/** The demo, on both databases: planted through the verbs, judged, and handed over as a bag that verifies. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plantDemo } from "../../src/cli/demo.ts";
import { buildDossier, filesOf } from "../../src/dossiers/build-dossier.ts";
import { DEFAULT_OPTIONS } from "../../src/dossiers/dossier.ts";
import { getVersion, orderVersion } from "../../src/dossiers/store.ts";
import { verifyBag } from "../../src/dossiers/verify.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe.each(databases)("the demo on $name", (database) => {
  let app: TestApp;
  let personId: string;
  let cases: string[];
  beforeAll(async () => {
    app = await withApp(database);
    personId = await app.personId("lin");
    await plantDemo(app.services, personId);
    cases = await plantDemo(app.services, personId);
  });
  afterAll(() => app.close());

  test("planted twice it is there once, with an unbroken history", async () => {
    const all = await app.services.db.selectFrom("cases").select(["id", "demo"]).execute();
    expect(all.map(({ id }) => id).sort((a, b) => a.localeCompare(b))).toEqual(
      [...cases].sort((a, b) => a.localeCompare(b)),
    );
    for (const id of cases) expect(await verifyHistory(app.services.db, id)).toBeNull();
  });

  test("it shows what each code of conduct is about", async () => {
    const rulesOf = async (caseId: string) => {
      const rows = await app.services.db
        .selectFrom("findings")
        .select("rule")
        .distinct()
        .where("case_id", "=", caseId)
        .where("outcome", "=", "matches")
        .execute();
      return rows.map(({ rule }) => rule);
    };
    const [china = [], america = []] = await Promise.all(cases.map(rulesOf));
    expect(china).toEqual(
      expect.arrayContaining([
        "cn.gbt.time",
        "cn.gbt.freq.interactive",
        "cn.gbt.contacts",
        "cn.cba.freq",
        "cn.gbt.contacts.stop",
      ]),
    );
    expect(america).toEqual(expect.arrayContaining(["us.time", "us.freq.7in7", "us.third", "us.cease"]));
  });

  test.each(["both"] as const)("its dossier in %s is a bag that verifies", { timeout: 120_000 }, async (languages) => {
    const by = { personId, at: app.clock.now() };
    for (const caseId of cases) {
      const { db, config } = app.services;
      const version = await db
        .transaction()
        .execute((tx) => orderVersion(tx, caseId, { ...DEFAULT_OPTIONS, languages }, by));
      await buildDossier(app.services, caseId, version);
      const made = await getVersion(db, caseId, version);
      expect(made?.state).toBe("ready");
      const { problems, files } = await verifyBag(filesOf(config.dataDir, made!).zip);
      expect(problems).toEqual([]);
      expect(files).toBeGreaterThan(8);
    }
  });
});
