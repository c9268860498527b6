/** The whole way of an import as a person walks it: a real browser without scripts, the shipped readers, work in its own process. */
import { setTimeout as sleep } from "node:timers/promises";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyHistory } from "../../src/history/store.ts";
import { fallsBackTo } from "../../src/imports/import.ts";
import { createImport, getImport, moveImport } from "../../src/imports/store.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { type TestBrowser, withBrowser } from "../support/browser.ts";
import { databases } from "../support/databases.ts";
import { caseOfLin } from "./matter.ts";

const at = (local: string) => Date.parse(`${local}+08:00`);
const call = (number: string, local: string, seconds: number, name = "(Unknown)") =>
  `<call number="${number}" duration="${seconds}" date="${at(local)}" type="1" presentation="1" contact_name="${name}" />`;
const calls = (...records: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<calls count="${records.length}">\n${records.join("\n")}\n</calls>\n`;

const OFTEN = Array.from({ length: 5 }, (_, day) => call("021-6000 1234", `2026-11-0${day + 1}T21:30:10`, 40 + day));
const BACKUP = calls(
  ...OFTEN,
  call("13900000001", "2026-11-02T18:00:00", 300, "妈妈"),
  '<call number="13900000001" duration="x" />',
);

describe.each(databases)("an import in the browser on $name", (database) => {
  let whole: TestApp;
  let browser: TestBrowser;
  let context: BrowserContext;
  let page: Page;
  let base: string;
  let caseId: string;

  beforeAll(async () => {
    whole = await withApp(database);
    caseId = await caseOfLin(whole);
    base = `/cases/${caseId}/imports`;
    browser = await withBrowser(whole);
    context = await browser.visit({ scripts: false }, "lin");
    page = await context.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await whole?.close();
  });

  /** Waits for the work, then reloads as a browser without scripts does. */
  async function settled(): Promise<string> {
    const working = () =>
      whole.services.db
        .selectFrom("imports")
        .select("id")
        .where("state", "in", Object.keys(fallsBackTo))
        .executeTakeFirst();
    for (const until = performance.now() + 50_000; performance.now() < until;) {
      if ((await page.locator("[data-live]").count()) === 0) return words();
      while (performance.now() < until && (await working()) !== undefined) await sleep(20);
      // The page that shows the work loads itself again, too: one of the two wins.
      await page.goto(page.url()).catch(() => page.waitForLoadState());
    }
    throw new Error("the work never ended");
  }
  const words = async () => (await page.innerText("main")).replace(/\s+/g, " ");
  const press = async (name: string | RegExp) => {
    await page.getByRole("button", { name }).click();
    return settled();
  };
  const send = async (name: string, content: string | Buffer) => {
    await page.goto(base);
    await page.setInputFiles("#files", [{ name, mimeType: "text/xml", buffer: Buffer.from(content) }]);
    return press("Send files and look inside");
  };

  test(
    "goes from a phone's backup to contacts, with nothing dropped and nobody's private life kept",
    { timeout: 60_000 },
    async () => {
      expect(await send("calls.xml", BACKUP)).toContain("021-6000 1234");
      expect(await page.inputValue("#format-1")).toBe("sms-backup");
      const choices = await press("Continue");
      expect(choices).toContain("2 numbers and chats were found. Chosen: 1.");
      expect(await page.inputValue("#choice-0")).toBe("unknown");
      expect(await page.inputValue("#choice-1")).toBe("leave");
      await page.selectOption("#choice-0", "new");
      await page.fill("#name-0", "Shanghai desk");
      const rows = await press("Compare with the case");
      expect(rows).toMatch(/7 rows\s= 5 new \+ 0 told of again \+ 1 left out \+ 1 unreadable/);
      // Closing the browser loses nothing.
      await page.goto("/");
      await page.goto(`${base}/1`);
      expect(page.url()).toContain(`${base}/1/rows`);
      await page.uncheck("#take-4");
      const done = await press(/^Add 5 contacts$/);
      expect(done).toMatch(/4 contacts were added/);
      expect(done).toMatch(/7 rows\s= 4 new \+ 0 told of again \+ 2 left out \+ 1 unreadable/);
      expect(done).toContain("deleted here");
      expect(done).toContain("2 rows that were left out were forgotten here");

      await page.goto(`/cases/${caseId}/incidents/1`);
      const incident = await words();
      expect(incident).toContain("Shanghai desk");
      expect(incident).toContain("Made from row 1 of “calls.xml”, line 3");
      expect(incident).toContain("the time is the record's own");
      expect(await whole.services.db.selectFrom("import_parties").selectAll().execute()).toEqual([]);
      expect(await verifyHistory(whole.services.db, caseId)).toBeNull();
    },
  );

  test("says at once that a file came before, and that its rows are known", { timeout: 60_000 }, async () => {
    expect(await send("calls.xml", BACKUP)).toContain("This very file came in with import 1 already.");
    await press("Continue");
    const rows = await press("Compare with the case");
    expect(rows).toMatch(/7 rows\s= 1 new \+ 4 told of again \+ 1 left out \+ 1 unreadable/);
    expect(rows).toContain("it tells of incident 1 again");
    const asked = await press("Call this import off");
    expect(asked).toContain("Call import 2 off?");
    expect(asked).toContain("calls.xml");
    expect(asked).toContain("7 rows that were read");
    expect(await press("Call this import off")).toContain("The import was called off");
    await page.goto(`${base}/2`);
    expect(await words()).not.toContain("calls.xml");
  });

  test(
    "asks how letters are written where nobody can know; loses no answer when called off",
    { timeout: 60_000 },
    async () => {
      // 日期,对方号码,类型 and three calls of 被叫 in GB 18030: too few letters to tell it from Big5.
      const bytes = Buffer.concat([
        Buffer.from("c8d5c6da2cb6d4b7bdbac5c2eb2cc0e0d0cd0a", "hex"),
        ...[1, 2, 3].map((day) =>
          Buffer.concat([Buffer.from(`2026-11-0${day} 21:30:10,02160009999,`), Buffer.from("b1bbbdd00a", "hex")]),
        ),
      ]);
      expect(await send("bill.csv", bytes)).toContain("Which text is readable?");
      const lines = (encoding: string) =>
        page
          .locator(`.govuk-radios__item:has(input[value="${encoding}"]) .govuk-radios__hint`)
          .evaluate((hint) => String(hint.textContent));
      expect((await lines("gb18030")).split("\n").map((line) => line.trim())).toEqual([
        "日期,对方号码,类型",
        "2026-11-01 21:30:10,02160009999,被叫",
        "2026-11-02 21:30:10,02160009999,被叫",
      ]);
      expect(await lines("big5")).not.toContain("被叫");
      // Chosen, not sent: calling off sends it along.
      await page.check('input[value="big5"]');
      expect(await press("Call this import off")).toContain("Your answers about these files");
      await press("Call this import off");
      expect(await send("bill.csv", bytes)).toContain("This very file was here before");
      expect(await page.isChecked('input[value="big5"]')).toBe(true);
      await page.check('input[value="gb18030"]');
      expect(await press("Continue")).toContain("incoming");
      await press("Continue");
      await page.selectOption("#choice-0", "new");
      await page.fill("#name-0", "Night desk");
      expect(await press("Call this import off")).toContain("Your choice of 1 number or chat");
      await page.getByRole("link", { name: "Go on with the import" }).click();
      await settled();
      expect(await page.inputValue("#name-0")).toBe("Night desk");
      await press("Call this import off");
      await press("Call this import off");
      const kept = await whole.services.db.selectFrom("import_mappings").select("answer").execute();
      expect(JSON.stringify(kept)).not.toContain("6000");
      await send("bill.csv", bytes);
      await press("Continue");
      expect(await page.inputValue("#choice-0")).toBe("new");
      expect(await page.inputValue("#name-0")).toBe("Night desk");
      await press("Call this import off");
      await press("Call this import off");
    },
  );

  test("is undone as a whole, and said so in the history", { timeout: 60_000 }, async () => {
    await page.goto(`${base}/1`);
    await page.getByRole("link", { name: "Undo this import" }).click();
    expect(await words()).toContain("4 contacts were added; they go to the bin.");
    expect(await press("Undo the import")).toContain("Import 1 (undone)");
    await page.goto(`/cases/${caseId}/incidents`);
    expect(await words()).toContain("0 contacts");
    await page.goto(`/cases/${caseId}/history`);
    expect(await words()).toContain("undid import 1");
  });

  test(
    "says what a file is that cannot be read, and asks again where nothing was chosen",
    { timeout: 60_000 },
    async () => {
      const answer = await send("letter.txt", "Dear Sir or Madam");
      expect(answer).toContain("It begins with “Dear Sir or Madam”");
      expect(await press("Continue")).toContain("Choose a format for at least one file");
      await page.goto(base);
      expect(await press("Send files and look inside")).toContain("Choose at least one file");
    },
  );

  test("goes back to where a person can go on when its work was interrupted", async () => {
    const { db, waiting } = whole.services;
    const bytes = await waiting.blobs.receive(
      (async function* () {
        yield await Promise.resolve(Buffer.from(BACKUP));
      })(),
    );
    const by = { personId: await whole.personId("lin"), at: whole.clock.now() };
    const { id, number } = await createImport(db, caseId, [{ ...bytes, name: "calls.xml", mediaType: "text/xml" }], by);
    await moveImport(db, caseId, id, ["detecting"], "reading");
    whole.clock.advance(10 * 60_000);
    await page.goto(`${base}/${number}`);
    expect(await words()).toContain("The server was stopped in the middle. Nothing was lost");
    expect((await getImport(db, caseId, number))?.state).toBe("asking");
  });

  test("speaks Chinese, on a phone", { timeout: 60_000 }, async () => {
    const phone = await browser.visit({ scripts: false, phone: true, language: "zh-CN" }, "lin");
    const chinese = await phone.newPage();
    await chinese.goto(`${base}/1`);
    expect(await chinese.innerText("main")).toContain("已撤销");
    await chinese.goto(base);
    expect(await chinese.innerText("main")).not.toMatch(/imports\.[a-z]/);
    await phone.close();
  });
});
