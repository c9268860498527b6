/** Chats that were brought together with the files they name: which file belongs to which message, and what is said where none can be told. */
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveFormats } from "../../src/imports/choose.ts";
import { detect, readerNamed } from "../../src/imports/detect.ts";
import { chooseParty, listParties } from "../../src/imports/parties/store.ts";
import { listRows } from "../../src/imports/preview/store.ts";
import { createImport, filesOf, getImport, moveImport } from "../../src/imports/store.ts";
import { runTask } from "../../src/imports/task.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { caseOfLin } from "./matter.ts";

const PICTURE = "\u0089PNG\r\n\u001A\n";
const WHATSAPP = [
  "13/02/2026, 21:05 - Wang: IMG-1.png (file attached)",
  "13/02/2026, 21:06 - Wang: letter.pdf (file attached)",
  "13/02/2026, 21:07 - Wang: two.png (file attached)",
  "13/02/2026, 21:08 - Wang: never-came.png (file attached)",
  "13/02/2026, 21:09 - Lin: ok",
].join("\n");
const TELEGRAM = JSON.stringify({
  name: "Agent Hu",
  type: "personal_chat",
  id: 42,
  messages: [
    {
      type: "message",
      date_unixtime: "1770987900",
      from: "Agent Hu",
      from_id: "user42",
      text: "1",
      photo: "photos/two.png",
      photo_file_size: 11,
    },
    {
      type: "message",
      date_unixtime: "1770987960",
      from: "Agent Hu",
      from_id: "user42",
      text: "2",
      photo: "photos/two.png",
      photo_file_size: 99,
    },
  ],
});

describe.each(databases.slice(0, 1))("files beside a chat on $name", (database) => {
  let whole: TestApp;
  let caseId: string;
  beforeAll(async () => {
    whole = await withApp(database);
    caseId = await caseOfLin(whole);
  });
  afterAll(() => whole.close());

  test("each goes to the message that names it; what fits nothing is said", async () => {
    const { db, waiting } = whole.services;
    const by = { personId: await whole.personId("lin"), at: whole.clock.now() };
    const received = async (name: string, content: string) => ({
      ...(await waiting.blobs.receive(Readable.from([Buffer.from(content, "latin1")]))),
      name,
      mediaType: "application/octet-stream",
    });
    const { id, number } = await createImport(
      db,
      caseId,
      [
        await received("IMG-1.png", `${PICTURE}one`),
        await received("letter.pdf", "%PDF-1.7\nwe will come"),
        await received("two.png", `${PICTURE}aaa`),
        await received("two.png", `${PICTURE}bbbb`),
        await received("other.pdf", "%PDF-1.7\nnobody names me"),
        await received("WhatsApp Chat with Wang.txt", WHATSAPP),
        await received("result.json", TELEGRAM),
      ],
      by,
    );
    const shop = { ...whole.services, formats: { detect, readerNamed }, maxFileBytes: 1_000_000 };
    const run = () => runTask(shop, { caseId, importId: id, by });
    expect(await run()).toBe("asking");
    expect((await getImport(db, caseId, number))!.error).toBeNull();
    const files = await filesOf(db, caseId, id);
    expect(files.map(({ format }) => format)).toEqual([
      "media",
      "added",
      "media",
      "media",
      "added",
      "whatsapp",
      "telegram",
    ]);
    const said = files.map((file) => ({
      file,
      format: file.format,
      answers: { ...file.answers, ...(file.format === "whatsapp" ? { own: "Lin" } : {}) },
    }));
    await saveFormats(db, (await getImport(db, caseId, number))!, said, by.at);
    await moveImport(db, caseId, id, ["asking"], "reading");
    expect(await run()).toBe("choosing");
    for (const { key } of await listParties(db, caseId, id, null, 10))
      await chooseParty(db, caseId, id, key, "unknown");
    await moveImport(db, caseId, id, ["choosing"], "comparing");
    expect(await run()).toBe("preview");
    const rows = await listRows(db, caseId, id, { becomes: null, side: "after", place: null, limit: 50 });
    expect(
      rows.map((row) => [
        row.file,
        row.becomes,
        row.why?.key ?? null,
        row.attachments.map(({ name, size }) => `${name} ${size}`),
        row.oddities.map(({ key }) => key),
      ]),
    ).toEqual([
      [1, "left-out", "belongsTo", [], []],
      [2, "left-out", "belongsTo", [], []],
      [3, "left-out", "belongsTo", [], []],
      [4, "unreadable", "notMedia", [], []],
      [5, "unreadable", "fitsNothing", [], []],
      [6, "new", null, ["IMG-1.png 11"], []],
      [6, "new", null, ["letter.pdf 21"], []],
      [6, "new", null, [], ["attachmentSeveral"]],
      [6, "new", null, [], ["attachmentElsewhere"]],
      [6, "new", null, [], []],
      [7, "new", null, ["two.png 11"], []],
      [7, "new", null, [], ["attachmentOtherSize"]],
    ]);
    await moveImport(db, caseId, id, ["preview"], "committing");
    expect(await run()).toBe("committed");
    const exhibits = await db
      .selectFrom("evidence")
      .select("name")
      .where("case_id", "=", caseId)
      .orderBy("name")
      .execute();
    expect(exhibits.map(({ name }) => name)).toEqual(["IMG-1.png", "letter.pdf", "two.png"]);
    expect(await waiting.blobs.has(files[4]!.sha256)).toBe(false);
  });
});
