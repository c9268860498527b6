/** The files that go along with a complaint: the budget by itself, and through the shipped app on both databases. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Limits,
  NO_LIMITS,
  fileKinds,
  fill,
  kindOf,
  moved,
  packedName,
  reordered,
} from "../../src/complaints/attachments/attachments.ts";
import { filesOf } from "../../src/dossiers/build-dossier.ts";
import { DEFAULT_OPTIONS } from "../../src/dossiers/dossier.ts";
import { orderVersion } from "../../src/dossiers/store.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { actionsOf, log, openCase, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe("the budget", () => {
  const types = ["application/pdf", "image/png", "text/plain", "audio/wav", "video/mp4", "application/zip"];
  const files = fc
    .array(fc.record({ size: fc.nat(100), mediaType: fc.constantFrom(...types) }), { maxLength: 20 })
    .map((all) => all.map((file, index) => ({ ...file, id: String(index) })));
  const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });
  const limits: fc.Arbitrary<Limits> = fc.record({
    files: maybe(fc.integer({ min: 1, max: 10 })),
    each: maybe(fc.integer({ min: 1, max: 100 })),
    total: maybe(fc.integer({ min: 1, max: 400 })),
    kinds: maybe(fc.subarray([...fileKinds], { minLength: 1 })),
  });

  test("never goes over a limit, keeps the order, is greedy, and gives a true reason for every file left", () => {
    fc.assert(
      fc.property(files, limits, fc.array(fc.nat(19)), (all, limit, unticked) => {
        const chosen = new Set(all.map(({ id }) => id).filter((id) => !unticked.includes(Number(id))));
        const { taken, bytes, left } = fill(all, chosen, limit);
        expect(bytes).toBe(taken.reduce((sum, { size }) => sum + size, 0));
        expect(taken.length).toBeLessThanOrEqual(limit.files ?? Infinity);
        expect(bytes).toBeLessThanOrEqual(limit.total ?? Infinity);
        for (const file of taken) {
          expect(file.size).toBeLessThanOrEqual(limit.each ?? Infinity);
          expect(limit.kinds ?? fileKinds).toContain(kindOf(file.mediaType));
        }
        expect(taken).toEqual(all.filter((file) => taken.includes(file)));
        expect(taken.length + left.size).toBe(all.length);
        for (const [index, file] of all.entries()) {
          const before = taken.filter((one) => Number(one.id) < index);
          const used = before.reduce((sum, { size }) => sum + size, 0);
          const why = left.get(file.id);
          const wrong = limit.kinds !== null && !limit.kinds.includes(kindOf(file.mediaType));
          const large = file.size > (limit.each ?? Infinity) || file.size > (limit.total ?? Infinity);
          const full = before.length >= (limit.files ?? Infinity);
          const tight = used + file.size > (limit.total ?? Infinity);
          if (why === undefined) expect([chosen.has(file.id), wrong, large, full, tight]).toEqual([true, false, false, false, false]); // prettier-ignore
          else
            expect({ "not-chosen": !chosen.has(file.id), kind: wrong, "too-large": large, count: full, room: tight }[why]).toBe(true); // prettier-ignore
        }
      }),
    );
  });

  test("a file typed to a place ends up there; up and down exchange neighbours and lose nothing", () => {
    const ids = ["a", "b", "c", "d", "e"];
    fc.assert(
      fc.property(fc.nat(4), fc.nat(4), (from, to) => {
        const places = ids.map((_, index) => (index === from ? to + 1 : index + 1));
        const order = reordered(ids, places);
        expect(order[to]).toBe(ids[from]);
        expect(order.toSorted()).toEqual(ids);
      }),
    );
    expect(moved(ids, "b", -1)).toEqual(["b", "a", "c", "d", "e"]);
    expect(moved(ids, "e", 1)).toEqual(ids);
    expect(moved(ids, "x", 1)).toEqual(ids);
  });

  test("names are plain ASCII; of a copy nothing of the original name is left", () => {
    const file = { exhibit: "B-3", name: "截图 13800001111 ../x.PNG", mediaType: "image/png" };
    expect(packedName(2, { ...file, copy: null })).toBe("02-B-3-x.png");
    expect(packedName(2, { ...file, copy: 1 })).toBe("02-B-3-redacted.png");
    expect(packedName(1, { ...file, exhibit: null, copy: null })).toBe("01-dossier.pdf");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(packedName(1, { ...file, name, copy: null })).toMatch(/^01-B-3(-[A-Za-z0-9-]+)?\.[a-z0-9]{1,8}$/);
      }),
      { numRuns: 50 },
    );
    expect(fill([{ id: "a", size: 1, mediaType: "x/y" }], new Set(["a"]), NO_LIMITS).taken).toHaveLength(1);
  });
});

describe.each(databases)("files for an office on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  const here = () => `/cases/${caseId}/complaints/1/attachments`;
  const read = async (agent = lin) => textOf((await agent.get(here())).text);
  const ids: Record<string, string> = {};
  const sha = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");
  const PDF = Buffer.from("%PDF-1.7 the dossier");
  const RECORDING = Buffer.concat([Buffer.from("RIFF\xb0\x0b\0\0WAVEfmt \x10\0\0\0", "latin1"), Buffer.alloc(2980)]);
  const PICTURE = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
  const COVERED = Buffer.from("covered");
  /** The form as the page shows it, with changes. */
  async function form(changes: Record<string, string | string[]> = {}) {
    const page = (await lin.get(here())).text;
    const all = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, value = ""]) => value);
    return {
      version: all(/name="version" value="(\d+)"/g),
      "id[]": all(/name="id\[\]" value="([^"]+)"/g),
      "place[]": all(/name="place\[\]"[^>]* value="(\d+)"/g),
      take: all(/name="take" value="([^"]+)" checked/g),
      files: all(/name="files"[^>]* value="([^"]*)"/g),
      total: all(/name="total"[^>]* value="([^"]*)"/g),
      ...changes,
    };
  }
  const post = async (changes: Record<string, string | string[]>) =>
    lin
      .post(here())
      .type("form")
      .send(await form(changes));

  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    const { db, blobs, clock, config } = app.services;
    caseId = await openCase(lin, { codes: "cn-online-consumer-credit" });
    await log(lin, caseId, { date: "2026-11-18", time: "10:00", outcome: "conversation", said: "今天不还就上门找你家人" }, [
      { name: "微信 chat.png", bytes: PICTURE },
    ]); // prettier-ignore
    await log(lin, caseId, { date: "2026-11-17", time: "23:10", outcome: "conversation", purpose: "interactive" }, [
      { name: "call 13800001111.wav", bytes: RECORDING },
    ]);
    await log(lin, caseId, { date: "2026-11-16", time: "12:00" }, [{ name: "nothing.txt", bytes: "no finding" }]);
    await lin.get(`/cases/${caseId}/findings`);
    const findings = await db
      .selectFrom("findings")
      .innerJoin("incidents", "incidents.id", "findings.incident_id")
      .select(["rule", "incidents.number", "basis"])
      .where("findings.case_id", "=", caseId)
      .where("findings.outcome", "!=", "cannot-tell")
      .where("incidents.number", "in", [1, 2])
      .execute();
    for (const { number, rule } of findings)
      await lin
        .post(`/cases/${caseId}/findings/${number}/${rule}/review`)
        .type("form")
        .send({ verdict: "confirmed", reason: "" });
    await lin.post(`/cases/${caseId}/complaints`).type("form").send({ channel: "cn-12378" });
    for (const row of await db.selectFrom("evidence").select(["id", "letter", "number"]).where("case_id", "=", caseId).execute()) ids[`${row.letter}-${row.number}`] = row.id; // prettier-ignore
    // A frozen version of the dossier, as its maker leaves it.
    const by = { personId: await app.personId("lin"), at: clock.now() };
    await db.transaction().execute((tx) => orderVersion(tx, caseId, DEFAULT_OPTIONS, by));
    const path = filesOf(config.dataDir, { caseId, version: 1 }).pdf;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, PDF);
    await db
      .updateTable("dossiers")
      .set({ state: "ready", pdf_sha256: sha(PDF), pdf_size: PDF.length })
      .where("case_id", "=", caseId)
      .execute();
    const { id } = await db.selectFrom("dossiers").select("id").where("case_id", "=", caseId).executeTakeFirstOrThrow();
    await db.updateTable("complaints").set({ dossier_id: id }).where("case_id", "=", caseId).execute();
    const copy = await blobs.receive(Readable.from([COVERED]));
    await db
      .insertInto("redacted_copies")
      .values({
        id: "copy",
        case_id: caseId,
        evidence_id: ids["B-1"]!,
        version: 1,
        state: "ready",
        recipe_json: "{}",
        original_sha256: sha(PICTURE),
        sha256: copy.sha256,
        size: copy.size,
        media_type: "image/png",
        made_by: by.personId,
        ordered_at: by.at,
        made_at: by.at,
      })
      .execute();
  });
  afterAll(() => app.close());

  test("without a verified limit no number is used; dossier first, then by what the files prove, copies instead of originals", async () => {
    const page = await read();
    expect(page).toContain("No limit of this office on files was verified");
    expect(page).toContain("3 files, 3 kB");
    expect(page).not.toMatch(/\d files? at most/);
    const order = ["01-dossier.pdf", "02-A-1-call.wav", "03-B-1-redacted.png"].map((name) => page.indexOf(name)); // prettier-ignore
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(page).toContain("Redacted copy 1 goes instead of the original.");
    expect(page).toContain(`SHA-256 ${sha(COVERED)}`);
    expect(page).not.toContain("nothing");
    expect(page).toMatch(/Shows: .* \(contact 2\)/);
    expect(textOf((await lin.get(`/cases/${caseId}/complaints/1`)).text)).toContain("Files for the office");
  });

  test("what does not fit into what the person read at the office is left with its reason", async () => {
    expect((await post({ files: "5", total: "0.001" })).status).toBe(303);
    const page = await read();
    expect(page).toContain("2 of 5 files, 27 B of 1 kB");
    expect(page).toContain("1 chosen file does not fit");
    expect(page).toContain("Left out: larger than the office takes.");
    expect(page).toContain("02-B-1-redacted.png");
    await post({ files: "1", total: "" });
    expect(await read()).toContain("Left out: the number of files is used up.");
    await post({ files: "", kinds: ["sound"] });
    expect(await read()).toContain("Left out: the office does not take this kind.");
    const wrong = await post({ files: "many", total: "2 MB" });
    expect(wrong.status).toBe(422);
    expect(textOf(wrong.text)).toContain("Write a whole number of files");
    expect(wrong.text).toMatch(/name="files"[^>]* value="many"/);
    await post({ kinds: [], files: "" });
  });

  test("order and ticks are kept, with an event; a stale form and files of another case are refused", async () => {
    const before = await form();
    await post({ press: `up:${ids["B-1"]}` });
    expect(await read()).toContain("02-B-1-redacted.png");
    await post({ "place[]": ["1", "1", "3"] });
    expect(await read()).toContain("01-B-1-redacted.png");
    const stale = await lin.post(here()).type("form").send(before);
    expect(stale.status).toBe(409);
    expect(textOf(stale.text)).toContain("Somebody else has changed the files meanwhile");
    await post({ take: [ids["B-1"]!] });
    expect(await read()).toContain("Stays here: not ticked.");
    const other = await openCase(lin);
    await log(lin, other, {}, [{ name: "theirs.txt", bytes: "theirs" }]);
    const { id } = await app.services.db
      .selectFrom("evidence")
      .select("id")
      .where("case_id", "=", other)
      .executeTakeFirstOrThrow();
    for (const foreign of [id, ids["C-1"]!]) {
      const refused = await post({ take: [ids["B-1"]!, foreign] });
      expect(refused.status).toBe(422);
      expect(textOf(refused.text)).toContain("Nothing was saved");
    }
    expect(await read()).toContain("1 file, 7 B");
    await post({ press: "suggest" });
    expect(await read()).toContain("02-A-1-call.wav");
    const events = (await actionsOf(app, caseId)).filter((one) => one === "complaint.attached complaint:1");
    expect(events).toHaveLength(8);
    expect(await verifyHistory(app.services.db, caseId)).toBeNull();
  });

  test("the zip holds the very bytes in order, and a list that checks them", async () => {
    const answer = await lin
      .get(`${here()}/zip`)
      .buffer(true)
      .parse((res, done) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () => done(null, Buffer.concat(chunks)));
      });
    expect(answer.status).toBe(200);
    const folder = mkdtempSync(join(tmpdir(), "dunwatch-zip-"));
    try {
      writeFileSync(join(folder, "files.zip"), answer.body as Buffer);
      execFileSync("unzip", ["-q", "files.zip"], { cwd: folder });
      const names = execFileSync("unzip", ["-Z1", "files.zip"], { cwd: folder, encoding: "utf8" }).trim().split("\n");
      expect(names).toEqual(["list.txt", "01-dossier.pdf", "02-A-1-call.wav", "03-B-1-redacted.png"]);
      const checked = execFileSync("sha256sum", ["--strict", "-c", "list.txt"], { cwd: folder, encoding: "utf8" });
      expect(checked.match(/: OK/g)).toHaveLength(3);
      expect(readFileSync(join(folder, "03-B-1-redacted.png"))).toEqual(COVERED);
      expect((answer.body as Buffer).includes(PICTURE)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a reader reads and downloads but changes nothing; a stranger finds nothing", async () => {
    await app.join(caseId, "chen", "reader");
    const chen = await app.as("chen");
    const page = (await chen.get(here())).text;
    expect(textOf(page)).toContain("01-dossier.pdf");
    expect(page).not.toContain('name="take"');
    expect((await chen.get(`${here()}/zip`)).status).toBe(200);
    expect((await chen.post(here()).type("form").send(await form())).status).toBe(403); // prettier-ignore
    const carol = await app.as("carol");
    for (const path of [here(), `${here()}/zip`]) expect((await carol.get(path)).status).toBe(404);
    expect((await carol.post(here()).type("form").send({ version: "1" })).status).toBe(404);
  });

  test("in Chinese too", async () => {
    const page = await read(await app.as("lin", "zh-CN"));
    expect(page).toContain("该渠道对文件的限制没有核实过");
    expect(page).toContain("3个文件，3 kB");
    expect(page).not.toMatch(/complaints\.attachments/);
  });
});
