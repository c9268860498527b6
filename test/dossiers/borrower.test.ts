/** The borrower's own side in a dossier: only what was chosen, and nothing of the rest in any byte of the bag. */
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildDossier, filesOf } from "../../src/dossiers/build-dossier.ts";
import { verifyBag } from "../../src/dossiers/verify.ts";
import { openCase, send } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { temporaryFolder } from "./sample-bag.ts";

let app: TestApp;
let lin: Agent;
let caseId: string;
beforeAll(async () => {
  app = await withApp();
  lin = await app.as("lin");
  caseId = await openCase(lin);
  const base = `/cases/${caseId}`;
  const keep = (path: string, fields: Record<string, string>, file?: string) =>
    send(
      lin,
      `${base}/${path}`,
      fields,
      file === undefined ? [] : [{ name: `${file}.txt`, bytes: `bytes of ${file}` }],
    );
  await keep(
    "requests",
    { asks: "deferral", askedOn: "2026-10-08", words: "askedformoretime", answer: "refused" },
    "talkshot",
  );
  await keep("payments", { amount: "777.77", currency: "CNY", paidOn: "2026-10-09", how: "app" }, "receipt");
  await keep(
    "impacts",
    { area: "sleep", fromOn: "2026-10-10", words: "awakeuntilthree", inDossier: "yes" },
    "sleepdiary",
  );
  await keep("impacts", { area: "health", fromOn: "2026-10-11", words: "secretdiagnosis" }, "secretletter");
  await keep("impacts/2/correction", {
    area: "health",
    fromOn: "2026-10-11",
    words: "secretdiagnosis, worse",
    version: "1",
  });
  await lin.post(`${base}/repayment/plans`).type("form").send({ income: "6543", total: "2000", offer: "1000", firstOn: "2027-01-31", "costWords[]": "secretrent", "costAmount[]": "1234" }); // prettier-ignore
});
afterAll(() => app.close());

/** What a version holds: the text of its PDF, its case.json, and every byte of the bag. */
async function versionWith(
  include: string[],
): Promise<{ paper: string; json: string; bytes: string; exhibits: string[] }> {
  const form = { languages: "en", outcomes: ["matches"], reviews: "all", include };
  const ordered = await lin.post(`/cases/${caseId}/dossiers`).type("form").send(form);
  const version = Number(ordered.headers.location?.split("/").at(-1));
  await buildDossier(app.services, caseId, version);
  for (let tries = 0; tries < 100; tries++) {
    const { state } = await app.services.db.selectFrom("dossiers").select("state").where("case_id", "=", caseId).where("version", "=", version).executeTakeFirstOrThrow(); // prettier-ignore
    if (state === "ready") break;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  const { pdf, zip } = filesOf(app.services.config.dataDir, { caseId, version });
  expect((await verifyBag(zip)).problems).toEqual([]);
  const folder = await temporaryFolder();
  execFileSync("unzip", ["-q", zip, "-d", folder]);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((entry) => `${entry.name} ${readFileSync(join(entry.parentPath, entry.name), "latin1")}`);
  return {
    paper: execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" }),
    json: texts.find((text) => text.startsWith("case.json")) ?? "",
    bytes: texts.join("\n"),
    exhibits: files
      .filter(({ parentPath }) => parentPath.endsWith("exhibits"))
      .map(({ name }) => name)
      .sort(),
  };
}

test("without a choice only the entry with its tick goes in, with its file and no other", async () => {
  const { paper, json, bytes, exhibits } = await versionWith(["exhibits", "words"]);
  expect(paper).toContain("What it did to the borrower");
  expect(paper).toContain("awakeuntilthree");
  expect(json).toContain("awakeuntilthree");
  expect(exhibits.map((name) => name.replace(/^[A-E]-\d+-/, ""))).toEqual(["sleepdiary.txt"]);
  for (const word of ["secretdiagnosis", "secretletter", "secretrent", "askedformoretime", "654300", "77777"]) {
    expect(bytes).not.toContain(word);
    expect(paper).not.toContain(word);
  }
});

test("what is chosen stands on paper and in case.json, with schedule and files; what has no tick still does not", async () => {
  const { paper, json, bytes, exhibits } = await versionWith(["exhibits", "words", "requests", "repayment"]);
  for (const words of [
    "Talks with the lender",
    "askedformoretime",
    "Refused",
    "secretrent",
    "Offered: CN¥1,000.00 a month.",
    "28 Feb 2027",
    "CN¥777.77",
  ])
    expect(paper).toContain(words);
  const { borrower } = JSON.parse(json.slice(json.indexOf("{"))) as {
    borrower: { plan: { schedule: unknown[] }; payments: { exhibits: string[] }[] };
  };
  expect(borrower.plan.schedule).toMatchObject([
    { n: 1, dueOn: "2027-01-31", amountMinor: 100_000 },
    { n: 2, dueOn: "2027-02-28", amountMinor: 100_000 },
  ]);
  expect(borrower.payments[0]!.exhibits).toEqual(["C-2"]);
  expect(exhibits.map((name) => name.replace(/^[A-E]-\d+-/, ""))).toEqual([
    "talkshot.txt",
    "receipt.txt",
    "sleepdiary.txt",
  ]);
  for (const word of ["secretdiagnosis", "secretletter"]) expect(bytes).not.toContain(word);
});
