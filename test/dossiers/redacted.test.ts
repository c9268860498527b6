/** A dossier for sending: what was to be hidden is in no byte of the bag, in no spelling; an ordinary one still has it. */
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run as verifyCommand } from "../../src/cli/verify.ts";
import { filesOf } from "../../src/dossiers/build-dossier.ts";
import { maskingFor, redact } from "../../src/dossiers/redact.ts";
import { verifyBag } from "../../src/dossiers/verify.ts";
import { recordNotice } from "../../src/notices/record-notice.ts";
import { linkEvidence } from "../../src/evidence/link-evidence.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { textOf } from "../incidents/people.ts";
import { logContact, plantCase } from "./planted-case.ts";
import { temporaryFolder } from "./sample-bag.ts";

const MOTHER = "王秀兰";
const NUMBER = "13812345678";
const EMAIL = "xiulan@example.net";
const IDENTITY = "11010519491231002X";
const CARD = "4111111111111111";
/** A number that only words tell of. */
const FRIEND = "13987654321";
const SECRETS = [MOTHER, NUMBER, EMAIL, IDENTITY, CARD, FRIEND];
const COLLECTOR = "+861050000001";

/** A text without what people put between digits, and without width and capitals. */
const bare = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s()-]/g, "");

function everything(root: string): { texts: string[]; names: string[] } {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const all = [entry.name, bytes.toString("utf8"), bytes.toString("utf16le")];
    if (entry.name !== "dossier.pdf") return all;
    all.push(execFileSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" }));
    for (let at = bytes.indexOf("stream\n"); at !== -1; at = bytes.indexOf("stream\n", at + 7)) {
      try {
        const plain = inflateSync(bytes.subarray(at + 7, bytes.indexOf("endstream", at + 7)));
        all.push(plain.toString("utf8"), plain.toString("utf16le"));
      } catch {
        // The end of a stream reads like the beginning of one.
      }
    }
    return all;
  });
  return { texts, names: files.map(({ name }) => name).sort() };
}
const found = (texts: readonly string[], secret: string) => texts.some((text) => bare(text).includes(bare(secret)));

describe("masking the texts of a dossier", () => {
  const facts = { direction: "incoming", contacted: "family", fromNumber: COLLECTOR, channel: "call" };
  const incidents = [
    { id: "i1", number: 1, ...facts, calledNumber: NUMBER, said: `找${MOTHER}要钱，今天必须还` },
    { id: "i2", number: 2, ...facts, contacted: "self", calledNumber: "13700000001", said: `打 ${COLLECTOR}` },
  ];
  const findings = [
    {
      rule: "r",
      incident: "i1",
      quotes: [{ incident: "i1", field: "said", start: 6, end: 13, text: "今天必须还" }],
      review: { verdict: "dismissed", reason: `${MOTHER}说的是 call` },
    },
  ];
  const dossier = { incidents, findings, collectors: [], case: { borrower: "林小雨" } };
  const known = { accounts: [], collectorNumbers: [COLLECTOR], otherNumbers: [NUMBER], otherNames: [] };

  it("takes words away everywhere but in signs, moves quotes along, and leaves the borrower's and the collector's numbers", () => {
    const masking = maskingFor(dossier as never, known, "CN", [MOTHER, "call"]);
    expect(redact(dossier as never, masking)).toMatchObject({
      incidents: [
        { channel: "call", calledNumber: "█████", fromNumber: COLLECTOR, said: "找█████要钱，今天必须还" },
        { calledNumber: "13700000001", said: `打 ${COLLECTOR}` },
      ],
      findings: [
        {
          quotes: [{ start: 9, end: 14, text: "今天必须还" }],
          review: { verdict: "dismissed", reason: "█████说的是 █████" },
        },
      ],
    });
  });
});

describe.each(databases)("a redacted dossier on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  let covered: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    const personId = await app.personId("lin");
    const { services, clock } = app;
    caseId = await plantCase(services, personId);
    const by = { personId, at: clock.now() };
    await logContact(
      services,
      caseId,
      {
        happenedAt: Date.parse("2026-11-16T09:00:00+08:00"),
        contacted: "family",
        calledNumber: NUMBER,
        said: `你妈${MOTHER}的电话１３８-１２３４-５６７８，不还钱就天天打。`,
        account: `我妈 王 秀 兰（${IDENTITY}）被问卡号 4111 1111 1111 1111，还写信到 ${EMAIL}，又打给 +86 139 8765 4321。`,
      },
      by,
    );
    await services.db.transaction().execute((tx) =>
      recordNotice(
        tx,
        caseId,
        {
          kind: "third-party-refusal",
          sentAt: Date.parse("2026-11-17T09:00:00+08:00"),
          receivedAt: null,
          form: "written",
          detail: { contacted: ["family"], numbers: [NUMBER] },
          words: `不要再打 138 1234 5678 给${MOTHER}。`,
        },
        { files: [], held: [] },
        by,
      ),
    );
    const keep = async (text: string, name: string) => {
      const file = await services.blobs.receive(Readable.from([Buffer.from(text)]));
      await services.db
        .transaction()
        .execute((tx) => linkEvidence(tx, caseId, [{ ...file, name, mediaType: "text/plain" }], null, by));
    };
    await keep(`聊天：${MOTHER} ${NUMBER} ${EMAIL}\n其余照旧`, `${MOTHER} ${NUMBER}.txt`);
    await keep("没有什么可遮的", `xiulan ${FRIEND}.txt`);
    const evidence = await services.db
      .selectFrom("evidence")
      .select(["letter", "number", "name"])
      .where("case_id", "=", caseId)
      .execute();
    const shot = evidence.find(({ name }) => name.startsWith(MOTHER))!;
    covered = `${shot.letter}-${shot.number}`;
    const made = await lin
      .post(`/cases/${caseId}/evidence/${covered}/redaction`)
      .type("form")
      .send({ press: "copy", words: [MOTHER, NUMBER, EMAIL].join("\n") });
    const at = String(made.headers["location"]);
    for (let tries = 0; (await lin.get(at)).text.includes("data-live") && tries < 100; tries += 1)
      await new Promise((resume) => setTimeout(resume, 100));
  });
  afterAll(() => app.close());

  async function order(fields: object): Promise<{ page: string; zip: string; root: string }> {
    const ordered = await lin
      .post(`/cases/${caseId}/dossiers`)
      .type("form")
      .send({
        languages: "both",
        outcomes: ["matches", "needs-review", "cannot-tell"],
        reviews: "all",
        include: ["exhibits", "words"],
        ...fields,
      });
    expect(ordered.status).toBe(303);
    const path = String(ordered.headers["location"]);
    let page = (await lin.get(path)).text;
    for (let tries = 0; page.includes("http-equiv") && tries < 300; tries += 1) {
      await new Promise((resume) => setTimeout(resume, 100));
      page = (await lin.get(path)).text;
    }
    const { zip } = filesOf(app.services.config.dataDir, { caseId, version: Number(path.split("/").at(-1)) });
    const folder = await temporaryFolder();
    execFileSync("unzip", ["-q", zip, "-d", folder]);
    return { page: textOf(page), zip, root: join(folder, readdirSync(folder)[0]!) };
  }
  const jsonOf = async (root: string) =>
    JSON.parse(await readFile(join(root, "data/case.json"), "utf8")) as Record<string, any>;

  it("warns which exhibits have no copy", async () => {
    const page = textOf((await lin.get(`/cases/${caseId}/dossiers`)).text);
    expect(page).toMatch(/3 exhibits have no redacted copy: A-1 · C-1 · C-3/);
    const zh = await app.as("lin", "zh-CN");
    expect(textOf((await zh.get(`/cases/${caseId}/dossiers`)).text)).toContain("3 件证据没有遮盖副本");
  });

  it("has nothing of what is hidden in any byte, says so, and can be checked", async () => {
    const { page, zip, root } = await order({ redacted: "yes", uncovered: "withhold", hide: `${MOTHER}\r\n` });
    expect(page).toContain("Redacted for sending; exhibits without a redacted copy are left out");
    const { texts, names } = everything(root);
    expect(SECRETS.filter((secret) => found(texts, secret))).toEqual([]);
    expect(names.filter((name) => name.startsWith("C-") || name.startsWith("A-"))).toEqual([
      `${covered}-redacted-1.txt`,
    ]);
    // The collector's number and the rest of the words are what an office needs.
    for (const kept of [COLLECTOR, "不还钱就天天打", "其余照旧"]) expect(found(texts, kept)).toBe(true);

    const content = await jsonOf(root);
    const exhibits = content["exhibits"] as Record<string, unknown>[];
    const original = await app.services.db
      .selectFrom("evidence")
      .select(["sha256", "letter", "number"])
      .where("case_id", "=", caseId)
      .execute();
    const of = (number: string) => original.find((one) => `${one.letter}-${one.number}` === number)?.sha256;
    expect(exhibits.find(({ number }) => number === covered)).toMatchObject({ originalSha256: of(covered) });
    for (const number of ["A-1", "C-1", "C-3"])
      expect(exhibits.find((one) => one["number"] === number)).toMatchObject({
        withheld: true,
        path: null,
        originalName: null,
        sha256: of(number),
      });
    const paper = bare(execFileSync("pdftotext", [join(root, "data/dossier.pdf"), "-"], { encoding: "utf8" }));
    expect(paper).toContain(of(covered));
    expect(paper).toContain(of("C-3"));
    expect(paper).toContain("forsending:privatewordsaremasked");

    execFileSync("sha256sum", ["--strict", "--quiet", "-c", "manifest-sha256.txt"], { cwd: root });
    const verdict = await verifyBag(zip);
    expect(verdict).toMatchObject({ problems: [], unread: content["history"].seq as number });
    expect(await verifyCommand([zip])).toBe(0);
  });

  it("keeps the typed words nowhere", async () => {
    const rows = await app.services.db.selectFrom("dossiers").selectAll().where("case_id", "=", caseId).execute();
    const asked = await app.services.db
      .selectFrom("history")
      .select("detail_json")
      .where("case_id", "=", caseId)
      .where("action", "like", "dossier.%")
      .execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify([rows, asked])).not.toContain(MOTHER);
  });

  it("breaks when an event of the redacted history is taken out or put elsewhere", async () => {
    const { root } = await order({ redacted: "yes", uncovered: "as-is", hide: MOTHER });
    const { names } = everything(root);
    expect(names).toEqual(expect.arrayContaining(["A-1-file.wav", "C-1-file.pdf", "C-3-file.txt"]));
    const path = join(root, "data/history.jsonl");
    const lines = (await readFile(path, "utf8")).split("\n");
    await writeFile(path, [lines[0], ...lines.slice(2)].join("\n"));
    const { problems } = await verifyBag(root);
    expect(problems.map(({ kind, why }) => `${kind}: ${why}`)).toContainEqual(
      expect.stringMatching(/^broken history: event 2 is missing/),
    );
  });

  it("leaves an ordinary version as it was", async () => {
    const { page, root, zip } = await order({});
    expect(page).not.toContain("Redacted");
    const { texts } = everything(root);
    expect(SECRETS.filter((secret) => !found(texts, secret))).toEqual([]);
    expect(await verifyBag(zip)).toMatchObject({ problems: [], unread: 0 });
  });

  it("refuses too many words and keeps what was typed", async () => {
    const answer = await lin
      .post(`/cases/${caseId}/dossiers`)
      .type("form")
      .send({ languages: "en", outcomes: "matches", reviews: "all", redacted: "yes", hide: "x".repeat(301) });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain("At most 200 words");
    expect(answer.text).toContain("x".repeat(301));
  });
});
