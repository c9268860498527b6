/** Evidence through the shipped app, on both databases: received whole, named once, linked, handed out safely, checked again. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { appendFile, chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tidyEvidence } from "../../src/evidence/integrity.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { type Attachment, actionsOf, log, openCase, quick, send, textOf } from "../incidents/people.ts";

const demo = (name: string) => readFileSync(join(import.meta.dirname, "../../data/demo/files", name));
const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = (response: { body: unknown }) => response.body as Buffer;

describe.each(databases)("evidence on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  beforeAll(async () => {
    app = await withApp(database, { maxFileBytes: 200_000, maxFiles: 5 });
    lin = await app.as("lin");
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    app.clock.set("2026-11-20T14:52:00Z");
    caseId = await openCase(lin);
  });

  const rows = () =>
    app.services.db
      .selectFrom("evidence")
      .selectAll()
      .where("case_id", "=", caseId)
      .orderBy("letter")
      .orderBy("number")
      .execute();
  const held = () => app.services.db.selectFrom("uploads").selectAll().where("case_id", "=", caseId).execute();
  const fileOf = (hash: string) =>
    join(app.services.config.dataDir, "evidence", hash.slice(0, 2), hash.slice(2, 4), hash);
  const picture: Attachment = { name: "shot.png", bytes: demo("call-list.png") };
  const sound: Attachment = { name: "REC.opus", bytes: demo("call-2026-10-09.opus") };
  const letter: Attachment = { name: "letter.pdf", bytes: demo("cease-letter.pdf") };

  test("files logged with a contact are kept byte for byte, lettered by what they are, and shown with their fingerprint", async () => {
    const number = await log(lin, caseId, {}, [picture, sound, letter]);
    expect((await rows()).map((row) => [row.letter + row.number, row.name, row.media_type, row.sha256])).toEqual([
      ["A1", "REC.opus", "audio/ogg", sha256(sound.bytes)],
      ["B1", "shot.png", "image/png", sha256(picture.bytes)],
      ["C1", "letter.pdf", "application/pdf", sha256(letter.bytes)],
    ]);
    const page = await lin.get(`/cases/${caseId}/incidents/${number}`);
    expect(textOf(page.text)).toContain("Exhibit A-1: recording");
    expect(page.text).toContain(sha256(picture.bytes));
    // Nothing plays or is loaded whole before it is asked for; pictures lie under a veil.
    expect(page.text).toMatch(/<audio controls muted preload="none"/);
    expect(page.text).toMatch(/<details class="dw-veil"><summary/);
    const original = await lin.get(`/cases/${caseId}/evidence/A-1/original`).buffer(true);
    expect(bytesOf(original).equals(Buffer.from(sound.bytes))).toBe(true);
    const list = textOf((await lin.get(`/cases/${caseId}/evidence`)).text);
    expect(list).toContain("3 files");
    expect(list).toContain(`Incident ${number}`);
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  test("what a file is comes from its content, whatever its name says", async () => {
    await log(lin, caseId, {}, [
      { name: "photo.jpg", bytes: "<html><script>alert(1)</script></html>" },
      { name: "movie.mp4", bytes: picture.bytes },
      { name: "no ending", bytes: "plain words, 普通文字" },
      { name: "sheet.txt", bytes: "date,number\n2026-11-20,10000\n2026-11-21,10001\n" },
      { name: "mail.doc", bytes: "From: a@example.org\r\nTo: b@example.org\r\nSubject: pay\r\n\r\nnow\r\n" },
    ]);
    expect(Object.fromEntries((await rows()).map((row) => [row.name, row.media_type]))).toEqual({
      "photo.jpg": "text/html",
      "movie.mp4": "image/png",
      "no ending": "text/plain",
      "sheet.txt": "text/csv",
      "mail.doc": "message/rfc822",
    });
  });

  test("the same file again is information: linked, not stored twice", async () => {
    const first = await log(lin, caseId, {}, [picture]);
    const answer = await send(lin, `/cases/${caseId}/incidents`, quick, [{ ...picture, name: "again.png" }, sound]);
    const shown = textOf((await lin.get(String(answer.headers.location))).text);
    expect(shown).toContain(
      "Exhibit A-1 was added. One file was already here as exhibit B-1: it is linked, not stored twice.",
    );
    expect(await rows()).toHaveLength(2);
    const exhibit = textOf((await lin.get(`/cases/${caseId}/evidence/B-1`)).text);
    expect(exhibit).toContain(`Incident ${first}`);
    expect(exhibit).toContain(`Incident ${first + 1}`);
    // Twice in one form, too.
    await log(lin, caseId, {}, [letter, { ...letter, name: "copy.pdf" }]);
    expect((await rows()).filter((row) => row.letter === "C")).toHaveLength(1);
  });

  test("the same file sent by two people at once is one exhibit", async () => {
    await app.join(caseId, "zhou", "advocate");
    const zhou = await app.as("zhou");
    await Promise.all([lin, zhou, lin, zhou].map((agent) => log(agent, caseId, {}, [sound])));
    expect(await rows()).toHaveLength(1);
    expect(await verifyHistory(app.services.db, caseId)).toBe(null);
  });

  describe("what is not taken is told by name, and the rest is kept", () => {
    const refused = async (files: Attachment[], fields: Record<string, string> = {}) => {
      const answer = await send(
        lin,
        `/cases/${caseId}/incidents`,
        { ...quick, said: "these words stay", ...fields },
        files,
      );
      expect([answer.status, answer.text.includes("these words stay")]).toEqual([422, true]);
      return answer;
    };
    const heldIds = (html: string) =>
      [...html.matchAll(/name="held" value="([^"]+)" checked/g)].map(([, id]) => id ?? "");

    test("an empty file", async () => {
      const answer = await refused([{ name: "gone.m4a", bytes: "" }, sound]);
      expect(textOf(answer.text)).toContain("“gone.m4a” is empty (0 bytes)");
      expect(answer.text).toMatch(/<a href="#files">/);
      // Pressing Save again goes on without it and without sending the other one again.
      const saved = await send(lin, `/cases/${caseId}/incidents`, { ...quick, held: heldIds(answer.text) });
      expect(saved.status).toBe(303);
      expect((await rows()).map(({ name }) => name)).toEqual(["REC.opus"]);
      expect(await held()).toEqual([]);
    });
    test("one byte more than allowed; exactly as many are taken", async () => {
      const answer = await refused([{ name: "long.bin", bytes: randomBytes(200_001) }]);
      expect(textOf(answer.text)).toContain("“long.bin” is larger than 200 kB");
      await log(lin, caseId, {}, [{ name: "just.bin", bytes: randomBytes(200_000) }]);
      expect((await rows()).map(({ size }) => size)).toEqual([200_000]);
    });
    test("more files than a form takes", async () => {
      const files = Array.from({ length: 7 }, (_, n) => ({ name: `${n}.txt`, bytes: `file ${n}` }));
      const answer = await refused(files);
      const text = textOf(answer.text);
      expect(text).toContain("“5.txt” was left out, because a form takes 5 files at once");
      expect(text).toContain("“6.txt” was left out");
      expect(heldIds(answer.text)).toHaveLength(5);
    });
    test("a mistake elsewhere keeps the files for the next try, seven days long and for this person only", async () => {
      const answer = await refused([picture], { date: "" });
      const ids = heldIds(answer.text);
      expect(textOf(answer.text)).toContain("Already received");
      await app.join(caseId, "zhou", "advocate");
      const zhou = await app.as("zhou");
      await log(zhou, caseId, { held: ids });
      expect(await rows()).toEqual([]);
      app.clock.advance(6.9 * 24 * 3600_000);
      expect((await lin.get(`/cases/${caseId}/incidents/new`)).text).toContain(`name="held" value="${ids[0]}"`);
      app.clock.advance(0.2 * 24 * 3600_000);
      expect((await lin.get(`/cases/${caseId}/incidents/new`)).text).not.toContain('name="held"');
      await tidyEvidence(app.services.db, app.services.blobs, app.clock.now());
      expect(await held()).toEqual([]);
    });
  });

  test("adding files later, to a contact and to the case as a whole", async () => {
    const number = await log(lin, caseId);
    const added = await send(lin, `/cases/${caseId}/incidents/${number}/files`, {}, [sound]);
    expect(textOf((await lin.get(String(added.headers.location))).text)).toContain("Exhibit A-1 was added.");
    const none = await send(lin, `/cases/${caseId}/incidents/${number}/files`, {});
    expect([none.status, textOf(none.text).includes("Choose at least one file")]).toEqual([422, true]);
    const loose = await send(lin, `/cases/${caseId}/evidence`, {}, [letter]);
    expect(loose.status).toBe(303);
    expect(textOf((await lin.get(`/cases/${caseId}/evidence/C-1`)).text)).toContain("to the case as a whole");
    expect(await actionsOf(app, caseId)).toEqual(
      expect.arrayContaining([
        "evidence.added evidence:A-1",
        `incident.files-added incident:${number}`,
        "evidence.added evidence:C-1",
      ]),
    );
  });

  describe("handing out", () => {
    beforeEach(async () => {
      await log(lin, caseId, {}, [
        sound,
        { name: '页面\n"x".html', bytes: "<html><script>alert(1)</script></html>" },
        picture,
      ]);
    });
    const policy = { "content-security-policy": "sandbox; default-src 'none'", "x-content-type-options": "nosniff", "cache-control": "private, no-store" }; // prettier-ignore

    test("always as a download that no browser runs, under the name it came with", async () => {
      const answer = await lin.get(`/cases/${caseId}/evidence/C-1/original`);
      expect(answer.headers).toMatchObject(policy);
      expect(answer.headers["content-disposition"]).toMatch(
        /^attachment; filename="[ -~]+"; filename\*=UTF-8''%E9%A1%B5%E9%9D%A2/,
      );
      expect(answer.headers["content-disposition"]).not.toMatch(/[\r\n]/);
    });
    test("in place only pictures and sound", async () => {
      const shown = await lin.get(`/cases/${caseId}/evidence/B-1/view`);
      expect([shown.status, shown.headers["content-type"]]).toEqual([200, "image/png"]);
      expect(shown.headers).toMatchObject(policy);
      expect((await lin.get(`/cases/${caseId}/evidence/C-1/view`)).status).toBe(404);
    });
    test("a part of it, for a player that jumps", async () => {
      const all = Buffer.from(sound.bytes);
      const part = async (range: string) => {
        const answer = await lin.get(`/cases/${caseId}/evidence/A-1/view`).set("Range", range).buffer(true);
        return { status: answer.status, range: answer.headers["content-range"], bytes: bytesOf(answer) };
      };
      const middle = await part("bytes=100-199");
      expect([middle.status, middle.range]).toEqual([206, `bytes 100-199/${all.length}`]);
      expect(middle.bytes.equals(all.subarray(100, 200))).toBe(true);
      expect((await part("bytes=-10")).bytes.equals(all.subarray(-10))).toBe(true);
      expect((await part(`bytes=${all.length}-`)).status).toBe(416);
      expect((await part("bytes=oops")).status).toBe(200);
    });
    test("not again when the reader has it", async () => {
      const { etag } = (await lin.get(`/cases/${caseId}/evidence/A-1/view`)).headers;
      expect((await lin.get(`/cases/${caseId}/evidence/A-1/view`).set("If-None-Match", String(etag))).status).toBe(304);
    });
    test("to members of the case alone", async () => {
      const other = await openCase(lin);
      const carol = await app.as("carol");
      for (const end of ["", "/original", "/view"]) {
        expect((await lin.get(`/cases/${other}/evidence/A-1${end}`)).status).toBe(404);
        expect((await carol.get(`/cases/${caseId}/evidence/A-1${end}`)).status).toBe(404);
      }
      expect((await lin.get(`/cases/${caseId}/evidence/A-2`)).status).toBe(404);
      expect((await lin.get(`/cases/${caseId}/evidence/..%2F..%2Fetc`)).status).toBe(404);
    });
  });

  test("bin, back, unlink and describe, each in the history; the bytes stay", async () => {
    const number = await log(lin, caseId, {}, [sound]);
    const post = (end: string, body: object = {}) =>
      lin.post(`/cases/${caseId}/evidence/A-1${end}`).type("form").send(body);
    await post("", { description: "Listen from 0:31" });
    await post("/removal");
    expect(textOf((await lin.get(`/cases/${caseId}/incidents/${number}`)).text)).toContain("No files yet.");
    expect(textOf((await lin.get(`/cases/${caseId}/evidence?bin=1`)).text)).toContain("Exhibit A-1");
    app.clock.advance(30 * 24 * 3600_000);
    await tidyEvidence(app.services.db, app.services.blobs, app.clock.now());
    await post("/restoration");
    expect(textOf((await lin.get(`/cases/${caseId}/incidents/${number}`)).text)).toContain("Listen from 0:31");
    await post("/links/removal", { subject: `incident:${number}` });
    expect(textOf((await lin.get(`/cases/${caseId}/incidents/${number}`)).text)).toContain("No files yet.");
    expect(
      bytesOf(await lin.get(`/cases/${caseId}/evidence/A-1/original`).buffer(true)).equals(Buffer.from(sound.bytes)),
    ).toBe(true);
    const told = (await actionsOf(app, caseId)).filter((action) => action.endsWith("evidence:A-1"));
    expect(told.map((action) => action.split(" ")[0])).toEqual([
      "evidence.added",
      "evidence.described",
      "evidence.removed",
      "evidence.restored",
      "evidence.unlinked",
    ]);
  });

  test("the check names what is changed and what is missing, and writes down what it found", async () => {
    await log(lin, caseId, {}, [sound, picture, letter]);
    const check = async () => textOf((await lin.post(`/cases/${caseId}/evidence/checks`)).text);
    expect(await check()).toContain("All 3 files are unchanged");
    await chmod(fileOf(sha256(sound.bytes)), 0o600);
    await appendFile(fileOf(sha256(sound.bytes)), "x");
    await rm(fileOf(sha256(picture.bytes)));
    const found = await check();
    expect(found).toContain("Changed A-1 REC.opus");
    expect(found).toContain("Missing B-1 shot.png");
    expect(found).toContain("Unchanged C-1 letter.pdf");
    expect(found).toContain("2 files are not as they were");
    expect((await actionsOf(app, caseId)).filter((action) => action.startsWith("evidence.checked"))).toHaveLength(2);
    // A changed file is not handed out as evidence.
    const answer = await lin.get(`/cases/${caseId}/evidence/A-1/original`);
    expect([answer.status, textOf(answer.text).includes("was changed there")]).toEqual([503, true]);
  });

  test("bytes that nothing refers to are tidied away after a day, what is referred to never", async () => {
    const { blobs, db } = app.services;
    const orphan = await blobs.receive([Buffer.from("nobody's")] as unknown as AsyncIterable<Uint8Array>);
    await log(lin, caseId, {}, [sound]);
    await tidyEvidence(db, blobs, Date.now());
    expect(await blobs.has(orphan.sha256)).toBe(true);
    await tidyEvidence(db, blobs, Date.now() + 25 * 3600_000);
    expect(await blobs.has(orphan.sha256)).toBe(false);
    expect(await blobs.has(sha256(sound.bytes))).toBe(true);
  });
});
