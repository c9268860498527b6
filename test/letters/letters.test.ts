/** Letters through the shipped app, on both databases: kind, facts, words, both files, sent as a notice, kept byte for byte. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyHistory } from "../../src/history/store.ts";
import { actionsOf, log, openCase, send, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

const folder = mkdtempSync(join(tmpdir(), "dunwatch-letters-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The bytes of a download. */
async function bytesOf(agent: Agent, path: string): Promise<Buffer> {
  const answer = await agent.get(path).buffer(true).parse(binary);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.body as Buffer;
}
function binary(stream: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  (stream as NodeJS.ReadableStream).on("data", (chunk: Buffer) => chunks.push(chunk));
  (stream as NodeJS.ReadableStream).on("end", () => done(null, Buffer.concat(chunks)));
}
const unspaced = (text: string) => text.replaceAll(/\s+/g, "");
function pdfText(pdf: Buffer): string {
  const file = join(folder, "letter.pdf");
  writeFileSync(file, pdf);
  return execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
}
function docxPart(docx: Buffer, part: string): string {
  const file = join(folder, "letter.docx");
  writeFileSync(file, docx);
  execFileSync("unzip", ["-tq", file]);
  return execFileSync("unzip", ["-p", file, part], { encoding: "utf8" });
}
/** The paragraphs of a Word file, by our own reading of its XML. */
const docxParagraphs = (xml: string): string[] =>
  [...xml.matchAll(/<w:p>(.*?)<\/w:p>/gs)].map(([, inner = ""]) =>
    [...inner.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>|<w:br\/>/g)]
      .map(([tag, words]) => (tag === "<w:br/>" ? "\n" : (words ?? "")))
      .join("")
      .replaceAll("&quot;", '"')
      .replaceAll("&apos;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&"),
  );

describe.each(databases)("letters on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  const at = (path: string) => `/cases/${caseId}/letters${path}`;
  const read = async (path: string) => textOf((await lin.get(at(path))).text);
  const post = (path: string, fields: Record<string, string | string[]>) =>
    lin.post(at(path)).type("form").send(fields);
  const basics = { language: "zh-CN", writtenOn: "2026-11-24", recipient: "Example Consumer Finance", sender: "林晓雨", days: "15", startDays: "5" }; // prettier-ignore
  const field = (html: string, name: string) =>
    (new RegExp(`<textarea[^>]*name="${name}"[^>]*>\\n?([^<]*)<`).exec(html)?.[1] ?? "").replaceAll("&#39;", "'").replaceAll("&quot;", '"'); // prettier-ignore

  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    caseId = await openCase(lin);
    for (const date of ["2026-11-01", "2026-11-03"])
      await log(lin, caseId, { date, time: "23:10", outcome: "conversation", purpose: "interactive" });
  });
  afterAll(() => app.close());

  test("each kind says how well it suits the case; a kind must be chosen", async () => {
    const page = await read("/new");
    expect(page).toContain("Stop contacting me");
    expect(page).toContain(
      "Suits in part. No Chinese text installed here lets a borrower end all contact by a letter.",
    );
    expect((await lin.get(at("/new?chosen=1"))).status).toBe(422);
    expect((await post("", { kind: "nothing" })).status).toBe(422);
  });

  test("a complaint tells confirmed findings only, cites its source and counts its dates", async () => {
    expect(await read("/new?kind=lender-complaint")).toContain("No finding has been confirmed yet.");
    const review = `/cases/${caseId}/findings/1/cn.gbt.time/review`;
    expect((await lin.post(review).type("form").send({ verdict: "confirmed", reason: "" })).status).toBe(303);
    const page = await lin.get(at("/new?kind=lender-complaint"));
    expect(page.text).toMatch(/value="cn\.gbt\.time" checked/);
    // The standard in force speaks of records; its forerunner ended in February 2025 and is not offered.
    expect(page.text).toContain('value="cn.gbt.records"');
    expect(page.text).not.toContain('value="cn.nifa.records"');

    const missing = await post("", { kind: "lender-complaint", ...basics, sender: "", writtenOn: "tomorrow" });
    expect(missing.status).toBe(422);
    expect(textOf(missing.text)).toContain("Write the date as in 2026-11-24");
    const facts = { kind: "lender-complaint", ...basics, language: "both", findings: "cn.gbt.time", basis: ["cn.gbt.records", "cn.nifa.records"] }; // prettier-ignore
    const made = await post("", facts);
    expect(made.headers.location).toBe(at("/1/text"));
    const letter = await lin.get(at("/1/text"));
    const zh = field(letter.text, "body-zh-CN");
    expect(zh).toMatch(
      /- 1次联系疑似触及“[^”]+”（GB\/T 45251-2025[^（]*》 5\.3，推荐性国家标准）：2026年11月1日[^\n]*23:10。/,
    );
    expect(zh).toContain("2026年12月9日（本函日期后第15日）");
    expect(zh).toContain("在2026年11月29日（本函日期后第5日）之前");
    expect(zh).not.toContain("NIFA");
    const en = field(letter.text, "body-en");
    expect(en).toMatch(
      /- 1 contact appears to match the rule “[^”]+” \(GB\/T 45251-2025, [^)]*, 5\.3, national standard\)/,
    );
    expect(en).toContain("by 9 December 2026, which is 15 days after the date of this letter");
    expect(`${zh}${en}`).not.toMatch(/illegal|违法|immediately|立即|{{/);
  });

  test("on another date other rules are in force; words changed by hand are not lost unasked", async () => {
    const refreshed = await post("/1/facts", {
      ...basics,
      language: "both",
      writtenOn: "2025-01-15",
      press: "refresh",
    });
    expect(refreshed.status).toBe(200);
    expect(refreshed.text).toContain('value="cn.nifa.records" checked');
    expect(refreshed.text).not.toContain('value="cn.gbt.records"');

    const page = await lin.get(at("/1/text"));
    const texts = Object.fromEntries(
      ["en", "zh-CN"].flatMap((locale) => [
        [`title-${locale}`, "投诉 <b>&"],
        [`recipient-${locale}`, "Example Consumer Finance"],
        [`sender-${locale}`, "林晓雨\n13912345678"],
        [`date-${locale}`, "2026-11-24"],
        [
          `body-${locale}`,
          `${field(page.text, `body-${locale}`)}\n\n身份证号 11010519491231002X\u0007\u202Etxt.exe 😀`,
        ],
      ]),
    );
    expect((await post("/1/text", { ...texts, version: "9" })).status).toBe(409);
    expect((await post("/1/text", { ...texts, version: "1", "title-en": " " })).status).toBe(422);
    expect((await post("/1/text", { ...texts, version: "1" })).headers.location).toBe(at("/1?saved=1"));
    // A second tap is the same saving; other words from a second window are kept on the page, with the way to save them.
    expect((await post("/1/text", { ...texts, version: "1" })).headers.location).toBe(at("/1?saved=1"));
    const second = await post("/1/text", { ...texts, version: "1", "date-en": "1 May" });
    expect(second.status).toBe(409);
    expect(second.text).toContain('name="version" value="2"');
    expect(second.text).toContain('value="1 May"');
    const shown = await read("/1");
    expect(shown).toContain("投诉 <b>&");
    expect(shown).toContain("Identity number: 11010519491231002X");
    const anew = { ...basics, language: "both", version: "2" };
    expect(textOf((await post("/1/facts", anew)).text)).toContain("Tick that your changes may be lost");
    expect((await post("/1/text", { ...texts, version: "2", "body-en": "x".repeat(20_001) })).status).toBe(422);
  });

  test(
    "both files say every paragraph, in their own languages, with real headings and page numbers",
    { timeout: 60_000 },
    async () => {
      const page = await lin.get(at("/1/text"));
      const [pdf, docx] = [await bytesOf(lin, at("/1/pdf")), await bytesOf(lin, at("/1/docx"))];
      const printed = unspaced(pdfText(pdf));
      const xml = docxPart(docx, "word/document.xml");
      const paragraphs = docxParagraphs(xml).map(unspaced);
      for (const locale of ["en", "zh-CN"]) {
        for (const line of field(page.text, `body-${locale}`)
          .split("\n")
          .filter((one) => one !== "")) {
          const bare = unspaced(line.replace(/^[#-] /, ""))
            .replace("\u202E", "[U+202E]")
            .replaceAll("&amp;", "&");
          expect(paragraphs.some((one) => one.includes(bare))).toBe(true);
          expect(printed).toContain(bare.replace("😀", "[U+1F600]").slice(0, 40));
        }
      }
      expect(printed).toContain("第1页，共");
      expect(pdf.toString("latin1")).toMatch(/\/MarkInfo|\/StructTreeRoot/);
      expect(xml).toMatch(/<w:pStyle w:val="Heading1"\/>/);
      expect(xml).toMatch(/<w:pStyle w:val="Heading2"\/>/);
      expect(xml).toMatch(/w:w="11906" w:h="16838"/);
      expect(xml).toMatch(/<w:lang w:val="zh-CN" w:eastAsia="zh-CN"\/>/);
      expect(docxPart(docx, "word/styles.xml")).toMatch(/w:eastAsia="宋体"/);
      expect(docxPart(docx, "word/footer1.xml")).toMatch(/<w:instrText[^>]*>PAGE</);
      // Made once: the next download is the same file.
      expect((await bytesOf(lin, at("/1/docx"))).equals(docx)).toBe(true);
    },
  );

  test(
    "wishes become one notice each when sent; the very files are kept, and nothing can be changed after",
    { timeout: 60_000 },
    async () => {
      const facts = { kind: "contact-wishes", ...basics, hoursFrom: "21:00", hoursTo: "09:00", places: "work", channels: ["call", "visit"], basis: ["cn.gbt.time", "cn.gbt.private-phone"] }; // prettier-ignore
      expect((await post("", { ...facts, hoursFrom: "", hoursTo: "", places: "", channels: "" })).status).toBe(422);
      expect((await post("", facts)).headers.location).toBe(at("/2/text"));
      expect(await read("/2")).toContain("以下时间本人不便接受联系，请勿联系：21:00至09:00（中国标准时间）。");
      const [pdf, docx] = [await bytesOf(lin, at("/2/pdf")), await bytesOf(lin, at("/2/docx"))];

      const early = await send(lin, at("/2/sending"), { version: "1", how: "registered", sentDate: "2026-11-19" }, [
        { name: "回执.txt", bytes: "EX-77" },
      ]);
      expect(early.status).toBe(422);
      expect(textOf(early.text)).toContain("The letter is dated later than this day.");
      const held = /name="held" value="([^"]+)"/.exec(early.text)![1]!;
      app.clock.set("2026-11-26T04:00:00Z");
      const stale = { version: "7", how: "registered", sentDate: "2026-11-25", held };
      const refused = await send(lin, at("/2/sending"), stale, [{ name: "快递单.txt", bytes: "SF-1" }]);
      expect(refused.status).toBe(409);
      expect(textOf(refused.text)).toContain("is the one you sent, then press the button again");
      // Nothing has to be filled in or chosen again.
      expect(refused.text).toContain('name="version" value="1"');
      expect(textOf(refused.text)).toContain("快递单.txt");
      expect(await app.services.db.selectFrom("notices").selectAll().execute()).toEqual([]);
      // Two taps on the button are one sending.
      const taps = await Promise.all([1, 2].map(() => send(lin, at("/2/sending"), { ...stale, version: "1" })));
      for (const tap of taps) expect(tap.headers.location).toMatch(/\/letters\/2(\?saved=1)?$/);

      const rows = await app.services.db.selectFrom("notices").selectAll().orderBy("number").execute();
      expect(rows.map(({ kind, form }) => [kind, form])).toEqual([
        ["inconvenient-time", "written"],
        ["inconvenient-place", "written"],
        ["medium-refused", "written"],
      ]);
      expect(JSON.parse(rows[0]!.detail_json)).toMatchObject({ hours: [{ from: "21:00", to: "09:00" }] });
      expect(new Date(rows[0]!.sent_at!).toISOString()).toBe("2026-11-25T15:59:59.999Z");
      const page = await read("/2");
      expect(page).toContain("Recorded as: Notice 1 Notice 2 Notice 3");
      expect(page).toMatch(/Exhibit C-1 Exhibit C-2 Exhibit C-3/);
      const kept = await bytesOf(lin, `/cases/${caseId}/evidence/C-1/original`);
      expect(kept.equals(pdf)).toBe(true);
      expect((await bytesOf(lin, `/cases/${caseId}/evidence/C-2/original`)).equals(docx)).toBe(true);
      expect((await bytesOf(lin, at("/2/pdf"))).equals(pdf)).toBe(true);
      expect((await lin.get(at("/2/text"))).headers.location).toBe(at("/2"));
      expect((await post("/2/removal", {})).status).toBe(409);
      expect((await actionsOf(app, caseId)).at(-1)).toBe("letter.sent letter:2");
      expect(await verifyHistory(app.services.db, caseId)).toBeNull();
      // A later call at work is held against what the letter said.
      expect(textOf((await lin.get(`/cases/${caseId}/notices/1`)).text)).toContain("21:00");
    },
  );

  test("a plea for time names amount, days and total, keeps its reasons out of the history, and a draft goes and comes back", async () => {
    const facts = { kind: "hardship", ...basics, reason: "因病住院，收入中断。", amount: "800", currency: "CNY", every: "month", payFrom: "2026-12-31", instalments: "3" }; // prettier-ignore
    expect(textOf((await post("", { ...facts, amount: "" })).text)).toContain("Give an amount you can afford");
    expect((await post("", facts)).headers.location).toBe(at("/3/text"));
    const page = await read("/3");
    expect(page).toContain("每月¥800.00，自2026年12月31日起还");
    // Three months on from the last of December: the last of February.
    expect(page).toContain("共还3期，最后一期为2027年2月28日，合计¥2,400.00");
    const history = await app.services.db.selectFrom("history").select("detail_json").execute();
    expect(history.some(({ detail_json: detail }) => detail.includes("住院"))).toBe(false);
    expect((await post("/3/removal", {})).headers.location).toBe(at("?removed=3"));
    expect(await read("?removed=3")).toContain("Letter 3 is removed.");
    expect((await post("/3/restoration", {})).headers.location).toBe(at("/3"));
  });
});

test(
  "an authorisation goes to nobody in particular and, once handed over, is evidence without a notice",
  { timeout: 60_000 },
  async () => {
    const app = await withApp();
    try {
      const lin = await app.as("lin", "zh-CN");
      const caseId = await openCase(lin);
      const facts = { kind: "authorisation", language: "both", writtenOn: "2026-11-20", recipient: "", sender: "林晓雨", days: "15", advocate: "周宁", powers: ["speak", "papers"], validFrom: "2026-11-20" }; // prettier-ignore
      const letters = `/cases/${caseId}/letters`;
      expect(
        (
          await lin
            .post(letters)
            .type("form")
            .send({ ...facts, validUntil: "2026-01-01" })
        ).status,
      ).toBe(422);
      expect((await lin.post(letters).type("form").send(facts)).headers.location).toBe(`${letters}/1/text`);
      const page = textOf((await lin.get(`${letters}/1`)).text);
      expect(page).toContain("委托人：Lin Xiaoyu");
      expect(page).toContain("委托期限：自2026年11月20日起，至委托人书面撤回之日止。");
      expect(page).toContain(
        "I, Lin Xiaoyu, authorise 周宁 to act for me in the matter of my account with Example Consumer Finance.",
      );
      expect(page).not.toContain("Dear Sir");
      const [title, first] = docxParagraphs(docxPart(await bytesOf(lin, `${letters}/1/docx`), "word/document.xml"));
      expect([title, first]).toEqual(["授权委托书", "委托人：Lin Xiaoyu"]);
      const sent = await send(lin, `${letters}/1/sending`, { version: "1", how: "hand", sentDate: "2026-11-20" });
      expect(sent.headers.location).toBe(`${letters}/1?saved=1`);
      expect(await app.services.db.selectFrom("notices").selectAll().execute()).toEqual([]);
      expect(textOf((await lin.get(`${letters}/1`)).text)).toContain("作为证据保存： 证据 C-1 证据 C-2");
      const reader = await app.as("chen");
      await app.join(caseId, "chen", "reader");
      expect((await reader.get(`${letters}/1`)).status).toBe(200);
      expect((await reader.get(`${letters}/new`)).status).toBe(403);
      expect((await (await app.as("carol")).get(`${letters}/1/pdf`)).status).toBe(404);
    } finally {
      await app.close();
    }
  },
);

test("an American letter stands on the rule about such a notice; one without any rule says its request alone", async () => {
  const app = await withApp();
  try {
    const lin = await app.as("lin");
    const caseId = await openCase(lin, {
      country: "US",
      zone: "America/New_York",
      respondentKind: "debt-collector",
      lenderKind: "card",
    });
    const page = await lin.get(`/cases/${caseId}/letters/new?kind=stop-contact`);
    expect(page.text).toMatch(/value="us\.cease" checked/);
    expect(page.text).toMatch(/value="us\.freq\.7in7" aria/);
    const facts = { kind: "stop-contact", language: "en", writtenOn: "2026-11-24", recipient: "A Collector", sender: "Lin", days: "14", startDays: "5", basis: "us.cease" }; // prettier-ignore
    const made = await lin.post(`/cases/${caseId}/letters`).type("form").send(facts);
    const letter = textOf((await lin.get(made.headers.location!.replace("/text", ""))).text);
    expect(letter).toContain("Fair Debt Collection Practices Act, 15 USC 1692c(c); 12 CFR 1006.6(c) (law): ");
    expect(letter).toContain("at the latest from 29 November 2026");
    const plea = { ...facts, kind: "hardship", basis: "us.cease", deferUntil: "2027-03-01" };
    const bare = await lin.post(`/cases/${caseId}/letters`).type("form").send(plea);
    const said = textOf((await lin.get(bare.headers.location!.replace("/text", ""))).text);
    expect(said).toContain("Please defer the payments until 1 March 2027.");
    expect(said).toContain("No rule is named in this letter");
    expect(said).not.toContain("What this request rests on");
  } finally {
    await app.close();
  }
});
