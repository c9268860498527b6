/** Redacted copies on the real app: what was covered or hidden is nowhere in what is handed out, and the original stays as it was. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import { Readable } from "node:stream";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkEvidence } from "../../src/evidence/link-evidence.ts";
import { exhibitName } from "../../src/evidence/evidence.ts";
import { tidyEvidence } from "../../src/evidence/integrity.ts";
import { plantCase } from "../dossiers/planted-case.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

const SECRET = "13900001111";
const DAY = 24 * 3600_000;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** White, with a red part where the secret would be read: from a quarter to a half, both ways. */
const picture = () =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: "#fff" } }).composite([
    { input: { create: { width: 100, height: 75, channels: 3, background: "#f00" } }, left: 100, top: 75 },
  ]);
const OVER_IT = { "left[]": "25", "top[]": "25", "width[]": "25", "height[]": "25" };

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG that says the secret in a text, a compressed text, a colour profile, under transparency's edge, and behind its end. */
async function talkingPng(): Promise<Buffer> {
  const png = await picture().png().toBuffer();
  const said = [
    chunk("tEXt", Buffer.from(`Comment\0call ${SECRET}`)),
    chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(`call ${SECRET}`)])),
    chunk("iTXt", Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0<x>${SECRET}</x>`)),
    chunk("eXIf", Buffer.from(`MM\0*\0\0\0\x08\0\0\0\0${SECRET}`, "latin1")),
  ];
  return Buffer.concat([png.subarray(0, 33), ...said, png.subarray(33), Buffer.from(`behind the end ${SECRET}`)]);
}

/** A JPEG, turned by its camera's word, that says the secret in EXIF, in a comment and in a thumbnail behind it. */
async function talkingJpeg(): Promise<Buffer> {
  const jpeg = await picture()
    .withExif({ IFD0: { ImageDescription: SECRET, Artist: SECRET }, IFD3: { GPSDateStamp: SECRET } })
    .withMetadata({ orientation: 3 })
    .jpeg()
    .toBuffer();
  const text = Buffer.from(`comment ${SECRET}`);
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), text]);
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2), jpeg, Buffer.from(SECRET)]);
}

/** Two pages of text with a title, by hand. */
function talkingPdf(pages = 2): Buffer {
  const laid = (text: string) => `BT /F 24 Tf 72 700 Td (${text}) Tj ET`;
  const kids = Array.from({ length: pages }, (_, at) => 4 + at * 2);
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R >>`,
    `<< /Type /Pages /Count ${pages} /Kids [${kids.map((one) => `${one} 0 R`).join(" ")}] >>`,
    `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>`,
    ...kids.flatMap((one, at) => {
      const text = laid(`page ${at + 1} ${SECRET}`);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${one + 1} 0 R /Resources << /Font << /F 3 0 R >> >> >>`,
        `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ];
    }),
    `<< /Title (${SECRET}) >>`,
  ];
  let out = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = out.length;
    out += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = out.length;
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(out, "latin1");
}

describe.each(databases)("redacted copies on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  beforeAll(async () => {
    app = await withApp(database);
    caseId = await plantCase(app.services, await app.personId("lin"));
    lin = await app.as("lin");
  });
  afterAll(() => app.close());

  /** @returns the exhibit's address. */
  async function add(bytes: Buffer, mediaType: string): Promise<string> {
    const { services, clock } = app;
    const by = { personId: await app.personId("lin"), at: clock.now() };
    const file = await services.blobs.receive(Readable.from([bytes]));
    const name = `${SECRET} shot`;
    const [linked] = await services.db
      .transaction()
      .execute((tx) => linkEvidence(tx, caseId, [{ ...file, name, mediaType }], null, by));
    return `/cases/${caseId}/evidence/${exhibitName(linked!.evidence)}`;
  }
  async function copyOf(
    exhibit: string,
    form: object,
  ): Promise<{ bytes: Buffer; page: string; name: string; at: string }> {
    const made = await lin
      .post(`${exhibit}/redaction`)
      .type("form")
      .send({ press: "copy", ...form });
    expect(made.status).toBe(303);
    const at = made.headers["location"] as string;
    let page = (await lin.get(at)).text;
    for (let tries = 0; page.includes("data-live") && tries < 100; tries += 1) {
      await new Promise((next) => setTimeout(next, 100));
      page = (await lin.get(at)).text;
    }
    const file = await lin.get(`${at}/view`).buffer().parse(binary);
    return { bytes: file.body as Buffer, page, name: String(file.headers["content-disposition"]), at };
  }

  test.each([
    ["png", talkingPng, "image/png", OVER_IT],
    // Turned by 180 degrees, so the red part lies on the other side.
    ["jpeg", talkingJpeg, "image/jpeg", { "left[]": "50", "top[]": "50", "width[]": "25", "height[]": "25" }],
    [
      "webp",
      () =>
        picture()
          .withExif({ IFD0: { Artist: SECRET } })
          .webp()
          .toBuffer(),
      "image/webp",
      OVER_IT,
    ],
  ] as const)(
    "a %s says nothing that it said before, and is black where it was covered",
    async (_kind, make, mediaType, box) => {
      const original = await make();
      expect(original.includes(SECRET)).toBe(true);
      const exhibit = await add(original, mediaType);
      const page = (await lin.get(`${exhibit}/redaction`)).text;
      expect(page).toContain("Row 1, column 12");
      const copy = await copyOf(exhibit, { page: "1", cells: ["0.0"], ...box });
      expect(copy.bytes.includes(SECRET)).toBe(false);
      expect(copy.name).not.toContain(SECRET);
      expect(await sharp(copy.bytes).metadata()).not.toMatchObject({ exif: expect.anything() as unknown });
      const { data, info } = await sharp(copy.bytes).raw().toBuffer({ resolveWithObject: true });
      const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)];
      const [left, top] = [Number(box["left[]"]) * 4, Number(box["top[]"]) * 3];
      for (let y = top; y < top + 75; y += 1)
        for (let x = left; x < left + 100; x += 1) expect(at(x, y)).toEqual([0, 0, 0]);
      expect(at(2, 2)).toEqual([0, 0, 0]);
      expect(at(395, 5).every((value) => value > 250)).toBe(true);
      // Both hashes are told, and the original is what it was.
      expect(copy.page).toContain(sha256(copy.bytes));
      expect(copy.page).toContain(sha256(original));
      expect((await lin.get(`${exhibit}/original`).buffer().parse(binary)).body).toEqual(original);
    },
  );

  test("a PDF becomes pictures: no text, no title, marked parts black, a page left out", async () => {
    const exhibit = await add(talkingPdf(), "application/pdf");
    await lin.post(`${exhibit}/redaction`).type("form").send({ press: "page:1", page: "2", leaveOut: "1" }).expect(303);
    const copy = await copyOf(exhibit, { page: "1", "left[]": "0", "top[]": "0", "width[]": "100", "height[]": "20" });
    expect(copy.bytes.includes(SECRET)).toBe(false);
    expect(execFileSync("pdftotext", ["-", "-"], { input: copy.bytes, encoding: "utf8" }).trim()).toBe("");
    const facts = execFileSync("pdfinfo", ["-"], { input: copy.bytes, encoding: "utf8" });
    expect(facts).toMatch(/Pages:\s+1\n/);
    expect(facts).toContain("612 x 792");
    expect(facts).not.toMatch(/Title|Author|Producer|Creator|CreationDate/);
    const jpeg = copy.bytes.subarray(copy.bytes.indexOf(Buffer.from([0xff, 0xd8, 0xff])));
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    // The line of text lay within the topmost fifth.
    expect(data.subarray(0, Math.floor(info.height / 5) * info.width * 3).every((value) => value === 0)).toBe(true);
  });

  test("what cannot be redacted is told in a sentence", async () => {
    const many = await lin.get(`${await add(talkingPdf(101), "application/pdf")}/redaction`);
    expect(many.text).toContain("The PDF has 101 pages; at most 100");
    const broken = await lin.get(`${await add(Buffer.from("%PDF-1.4 nothing"), "application/pdf")}/redaction`);
    expect(broken.text).toContain("cannot be read");
    const bomb = Buffer.from(await picture().png().toBuffer());
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect((await lin.get(`${await add(bomb, "image/png")}/redaction`)).text).toContain("more than 64 million pixels");
    const sound = await lin.get(`${await add(Buffer.from("RIFF other sound"), "audio/wav")}/redaction`);
    expect(sound.text).toContain("A recording cannot be redacted here");
    const wrong = await lin
      .post(`${await add(await picture().png().toBuffer(), "image/png")}/redaction`)
      .type("form")
      .send({ press: "copy", page: "1", "left[]": "120", "top[]": "5", "width[]": "5", "height[]": "5" });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="120"');
    expect(wrong.text).toContain("Box 1: give four numbers");
    // Marks of pages that no file here has are not kept.
    const nowhere = `${await add(talkingPdf(3), "application/pdf")}/redaction`;
    const beyond = { press: "save", page: "101", cells: "0.0" };
    expect((await lin.post(nowhere).type("form").send(beyond)).status).toBe(422);
  });

  test("a number too long for a number of JSON keeps its digits, and so is found and removed", async () => {
    const exhibit = await add(Buffer.from('{"id": 110101199003078881, "n": 7, "share": 0.5}'), "application/json");
    expect((await lin.get(`${exhibit}/redaction`)).text).toContain("110101199003078881");
    const { bytes } = await copyOf(exhibit, { words: "110101199003078881" });
    expect(bytes.toString("utf8")).toMatch(/"id": "█+",\s+"n": 7,\s+"share": 0.5/);
  });

  test("work that could not begin takes nobody's turn", async () => {
    const exhibit = await add(Buffer.from("call 13900001111"), "text/plain");
    const before = process.env.TMPDIR;
    try {
      process.env.TMPDIR = "/nowhere";
      for (let tries = 0; tries < 3; tries += 1) expect((await lin.get(`${exhibit}/redaction`)).status).toBe(500);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    expect((await lin.get(`${exhibit}/redaction`)).status).toBe(200);
  });

  test("a mail loses a number however it is spelled, also in base64 and in attached files", async () => {
    const body = Buffer.from(
      `电话 ${SECRET}，+86 139-0000-1111，１３９００００１１１１。王小明与王 小明。催收 +861050000001`,
    ).toString("base64");
    const mail = [
      `From: <a@example.org>`,
      "To: lin@example.org",
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="x"',
      "",
      "--x",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      body,
      "--x",
      "Content-Type: application/octet-stream",
      "Content-Transfer-Encoding: base64",
      "Content-Disposition: attachment; filename=list.bin",
      "",
      Buffer.from(SECRET).toString("base64"),
      "--x--",
    ].join("\r\n");
    const exhibit = await add(Buffer.from(mail), "message/rfc822");
    const page = (await lin.get(`${exhibit}/redaction`)).text;
    expect(page).toMatch(/value="[^"]*139[^"]*" checked/);
    // What is suggested is removed in what is shown at first.
    expect(/<pre[^>]*>([^<]*)<\/pre>/.exec(page)?.[1]).toMatch(/^(?![\s\S]*1390000)[\s\S]*█/);
    expect(page).not.toMatch(/value="\+861050000001"[^>]* checked/);
    const { bytes } = await copyOf(exhibit, { hide: ["+8613900001111", "lin@example.org"], words: "王小明\n" });
    const text = bytes.toString("utf8").normalize("NFKC");
    expect(text.replaceAll(/[\s-]/g, "")).not.toContain(SECRET.slice(0, 7));
    expect(text.replaceAll(" ", "")).not.toContain("王小明");
    expect(text).not.toContain("lin@example.org");
    expect(text).not.toContain(Buffer.from(SECRET).toString("base64"));
    expect(text).toContain("催收 +861050000001");
  });

  test("is kept as long as the case, scoped to it, told in the history, and goes to the bin and back", async () => {
    const exhibit = await add(await picture().png({ compressionLevel: 1 }).toBuffer(), "image/png");
    const { bytes, at } = await copyOf(exhibit, { page: "1", ...OVER_IT });
    app.clock.advance(3 * DAY);
    await tidyEvidence(app.services.db, app.services.blobs, Date.now() + 3 * DAY);
    expect((await lin.get(`${at}/view`).buffer().parse(binary)).body).toEqual(bytes);
    const carol = await app.as("carol");
    await carol.get(`${at}/view`).expect(404);
    expect((await lin.get(`/cases/${caseId}/history`)).text).toContain("made redacted copy 1 of exhibit");
    await lin.post(`${at}/removal`).expect(303);
    expect((await lin.get(at)).text).toContain("not offered for sending");
    await lin.post(`${at}/restoration`).expect(303);
    const again = await copyOf(exhibit, { page: "1", cells: "0.0" });
    expect(again.at).toMatch(/copies\/2$/);
  });
});

function binary(res: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const stream = res as NodeJS.ReadableStream;
  const pieces: Buffer[] = [];
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  stream.on("end", () => done(null, Buffer.concat(pieces)));
}
