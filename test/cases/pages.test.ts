/** Opening, correcting and deleting a case through the shipped app, on both databases. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getCase, listCollectors, listDebts } from "../../src/cases/store.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { actionsOf, openCase, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe.each(databases)("a case on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let zhou: Agent;
  let caseId: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    zhou = await app.as("zhou");
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    caseId = await openCase(lin, { respondentKind: "debt-collector" });
    await app.join(caseId, "zhou", "advocate");
  });

  const stored = async () => (await getCase(app.services.db, caseId))!;
  const facts = async (changes: Record<string, string> = {}) => ({
    version: String((await stored()).version),
    borrower: "Lin Xiaoyu",
    lender: "Example Consumer Finance",
    lenderKind: "consumer-finance",
    respondentKind: "debt-collector",
    platform: "",
    country: "CN",
    zone: "Asia/Shanghai",
    pastDueOn: "",
    reachable: "unknown",
    debtLawful: "unknown",
    employerForbids: "unknown",
    ...changes,
  });
  const post = (who: Agent, path: string, fields: object) =>
    who.post(`/cases/${caseId}${path}`).type("form").send(fields);

  test("opening one asks for what it needs, keeps what was typed, and suggests codes by country", async () => {
    const refused = await lin
      .post("/cases")
      .type("form")
      .send({ lender: "某某消费金融", country: "CN", zone: "Mars/Olympus" });
    expect(refused.status).toBe(422);
    const page = textOf(refused.text);
    expect(page).toContain("Say whether this is about you or somebody you help");
    expect(page).toContain("Write the borrower's name, or a short name for now");
    expect(page).toContain("Choose a time zone from the list");
    expect(refused.text).toContain('value="某某消费金融"');
    expect(await stored()).toMatchObject({
      codes: ["cn-online-consumer-credit"],
      zone: "Asia/Shanghai",
    });
    const american = await openCase(lin, { country: "US", zone: "America/Chicago" });
    expect((await getCase(app.services.db, american))?.codes).toEqual(["us-fdcpa-regulation-f"]);
    expect((await lin.get(`/cases/${caseId}`)).status).toBe(200);
  });

  test("in Chinese the form is Chinese and begins with Beijing time", async () => {
    const chinese = await app.as("carol", "zh-CN");
    const form = await chinese.get("/cases/new");
    expect(textOf(form.text)).toContain("合同上的出借人");
    expect(form.text).toMatch(/<option value="Asia\/Shanghai" selected>/);
  });

  test("correcting a fact marks every finding stale and says old and new in the history", async () => {
    await app.services.db
      .updateTable("cases")
      .set({ stale_from: null, stale_to: null })
      .where("id", "=", caseId)
      .execute();
    const saved = await post(lin, "/facts", await facts({ reachable: "yes", pastDueOn: "2026-08-15" }));
    expect([saved.status, saved.headers.location]).toEqual([303, `/cases/${caseId}/settings?saved=1`]);
    expect(await stored()).toMatchObject({ reachable: true, debtLawful: null, pastDueOn: "2026-08-15", version: 2 });
    expect((await stored()).staleFrom).not.toBe(null);
    const settings = textOf((await lin.get(`/cases/${caseId}/settings`)).text);
    expect(settings).toContain("Borrower can be reached Yes");
    expect(settings).toContain("Overdue since 15 Aug 2026");
    const history = textOf((await lin.get(`/cases/${caseId}/history`)).text);
    expect(history).toContain("Lin Xiaoyu changed facts of the case");
    expect(history).toContain("Borrower can be reached: nothing → yes");
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  test("the second of two people is told with both values, and loses nothing", async () => {
    const opened = await facts();
    app.clock.advance(60_000);
    expect((await post(zhou, "/facts", { ...opened, lender: "Example Finance Ltd", lenderKind: "bank" })).status).toBe(
      303,
    );
    const told = await post(lin, "/facts", { ...opened, lender: "Beispiel & Söhne", debtLawful: "no" });
    expect(told.status).toBe(409);
    const page = textOf(told.text);
    expect(page).toContain("Zhou Ning saved it on");
    expect(page).toContain("Lender in the contract Example Finance Ltd Beispiel & Söhne");
    expect(page).toContain("Kind of lender Bank Consumer finance company");
    expect(page).toContain("Loan is lawful Not known No");
    expect(told.text).toContain('value="Beispiel &amp; Söhne"');
    expect(told.text).toContain('name="version" value="2"');
    expect((await stored()).lender).toBe("Example Finance Ltd");
    const again = await post(lin, "/facts", { ...opened, version: "2", lender: "Beispiel & Söhne", debtLawful: "no" });
    expect(again.status).toBe(303);
    expect(await stored()).toMatchObject({ lender: "Beispiel & Söhne", debtLawful: false, version: 3 });
  });

  test("debts are added, corrected, removed and brought back", async () => {
    const wrong = await post(lin, "/debts", { creditor: "", amount: "a lot", dueOn: "2026-02-30" });
    expect(wrong.status).toBe(422);
    expect(textOf(wrong.text)).toContain("Write the lender of this debt");
    expect(textOf(wrong.text)).toContain("Write the amount in figures, such as 12,345.67");
    expect(textOf(wrong.text)).toContain("Write a date that exists");
    expect(wrong.text).toContain('value="a lot"');
    await post(lin, "/debts", {
      creditor: "Example Consumer Finance",
      reference: "LX-1",
      amount: "￥１２，３４５.６",
      currency: "CNY",
    });
    const [debt] = await listDebts(app.services.db, caseId);
    expect(debt).toMatchObject({ amountMinor: 1_234_560, currency: "CNY", reference: "LX-1" });
    expect(textOf((await lin.get(`/cases/${caseId}/settings`)).text)).toContain("12,345.60");

    const path = `/debts/${debt!.id}`;
    expect((await post(zhou, path, { creditor: "Example", amount: "", version: "1" })).status).toBe(303);
    const late = await post(lin, path, {
      creditor: "Example",
      reference: "LX-2",
      amount: "1",
      currency: "USD",
      version: "1",
    });
    expect(late.status).toBe(409);
    expect(textOf(late.text)).toContain("Amount claimed Not known 1.00");

    const removed = await post(lin, `${path}/removal`, {});
    expect(await listDebts(app.services.db, caseId)).toEqual([]);
    const settings = await lin.get(String(removed.headers.location));
    expect(textOf(settings.text)).toContain("Example was removed.");
    expect(settings.text).toContain(`action="/cases/${caseId}${path}/restoration"`);
    await post(lin, `${path}/restoration`, {});
    expect((await listDebts(app.services.db, caseId)).map(({ id }) => id)).toEqual([debt!.id]);
    expect((await actionsOf(app, caseId)).slice(1)).toEqual(
      ["added", "corrected", "removed", "restored"].map((verb) => `debt.${verb} debt:${debt!.id}`),
    );
  });

  test("a collector keeps its numbers in one writing, each once", async () => {
    const handles = "+86 100-0000-0111\n００８６ 100 0000 0111\n400 800 1234\r\nAgent@Example.COM\n催收员小王\n\n";
    expect((await post(lin, "/collectors", { name: "Example Asset Services", kind: "agency", handles })).status).toBe(
      303,
    );
    const [collector] = await listCollectors(app.services.db, caseId);
    expect(collector).toMatchObject({
      name: "Example Asset Services",
      kind: "agency",
      handles: [
        { kind: "account", value: "催收员小王" },
        { kind: "email", value: "agent@example.com" },
        { kind: "phone", value: "+8610000000111" },
        { kind: "phone", value: "4008001234" },
      ],
    });
    const form = await lin.get(`/cases/${caseId}/collectors/${collector!.id}`);
    expect(form.text).toContain("+8610000000111\n4008001234</textarea>");
    await post(lin, `/collectors/${collector!.id}`, {
      name: "Example Asset Services",
      kind: "lawyer",
      handles: "4008001234",
      version: "1",
    });
    expect((await listCollectors(app.services.db, caseId))[0]).toMatchObject({
      kind: "lawyer",
      handles: [{ value: "4008001234" }],
    });
  });

  test("a reader sees the settings but may change nothing; a debt of another case is not found", async () => {
    const chen = await app.as("chen");
    await app.join(caseId, "chen", "reader");
    const settings = await chen.get(`/cases/${caseId}/settings`);
    expect(settings.status).toBe(200);
    expect(settings.text).not.toContain(`/cases/${caseId}/facts`);
    for (const path of ["/facts", "/debts", "/collectors", "/deletion"])
      expect((await post(chen, path, {})).status).toBe(403);
    const other = await openCase(lin);
    await lin.post(`/cases/${other}/debts`).type("form").send({ creditor: "Elsewhere" });
    const [debt] = await listDebts(app.services.db, other);
    expect((await lin.get(`/cases/${caseId}/debts/${debt!.id}`)).status).toBe(404);
    expect((await post(lin, `/debts/${debt!.id}/removal`, {})).status).toBe(404);
    expect(await listDebts(app.services.db, other)).toHaveLength(1);
  });

  test("deleting asks, says what goes and what stays, and leaves files that another case holds", async () => {
    const { db, blobs } = app.services;
    let exhibit = 1000;
    const keep = async (text: string, cases: string[]) => {
      const { sha256, size } = await blobs.receive(Readable.from([Buffer.from(text)]));
      for (const id of cases) {
        await db
          .insertInto("evidence")
          .values({
            id: `${sha256}-${id}`,
            case_id: id,
            letter: "C",
            number: exhibit++,
            sha256,
            size,
            media_type: "text/plain",
            name: "a.txt",
            added_by: "x",
            added_at: 0,
          }) // prettier-ignore
          .execute();
      }
      return sha256;
    };
    const other = await openCase(lin);
    const own = await keep(`only here ${caseId}`, [caseId]);
    const shared = await keep(`in both ${caseId}`, [caseId, other]);
    expect(createHash("sha256").update(`only here ${caseId}`).digest("hex")).toBe(own);
    const bytesOf = async (text: string) => (await blobs.receive(Readable.from([Buffer.from(text)]))).sha256;
    const covered = await bytesOf(`redacted ${caseId}`);
    const copy = async (sha256: string, id: string, original: string) =>
      db
        .insertInto("redacted_copies")
        .values({
          id: `${sha256}-${id}`,
          case_id: id,
          evidence_id: `${original}-${id}`,
          version: 1,
          state: "ready",
          recipe_json: "{}",
          sha256,
          size: 1,
          media_type: "text/plain",
          original_sha256: original,
          made_by: "x",
          ordered_at: 0,
        })
        .execute();
    await copy(covered, caseId, own);
    // Another case's copy may have the bytes of a file of this one.
    const coincided = await keep(`[…] ${caseId}`, [caseId]);
    await copy(coincided, other, shared);
    const letters = join(app.services.config.dataDir, "letters", caseId);
    mkdirSync(letters, { recursive: true });
    writeFileSync(join(letters, "1-1.pdf"), "of illness and income");
    // What was received within the same millisecond may still be on its way into a case.
    await new Promise((resolve) => setTimeout(resolve, 20));

    const { number } = await stored();
    const asked = textOf((await lin.get(`/cases/${caseId}/deletion`)).text);
    expect(asked).toContain("3 files, unless another case holds the same ones");
    expect(asked).toContain("Dossiers that somebody downloaded or sent: we cannot reach them");
    expect((await post(lin, "/deletion", { confirm: String(number + 1) })).status).toBe(422);
    expect(await getCase(db, caseId)).not.toBe(null);
    const gone = await post(lin, "/deletion", { confirm: String(number) });
    expect(gone.headers.location).toBe(`/?deleted=${number}`);
    expect(textOf((await lin.get(`/?deleted=${number}`)).text)).toContain(
      `Case ${number} and everything in it was deleted.`,
    );
    expect((await lin.get(`/cases/${caseId}`)).status).toBe(404);
    expect([await blobs.has(own), await blobs.has(shared)]).toEqual([false, true]);
    expect([await blobs.has(covered), await blobs.has(coincided)]).toEqual([false, true]);
    expect(existsSync(letters)).toBe(false);
    for (const table of ["history", "evidence", "case_members", "counters"] as const) {
      expect([table, await db.selectFrom(table).selectAll().where("case_id", "=", caseId).execute()]).toEqual([
        table,
        [],
      ]);
    }
    const next = await openCase(lin);
    expect((await getCase(db, next))?.number).toBeGreaterThan(number);
  });
});
