/** A dossier made for one office, and the complaint that hands in this very version: what was sent is what is kept, byte for byte. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plantCase } from "../dossiers/planted-case.ts";
import { send, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";

describe("a dossier for an office", () => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  const get = (path: string) => lin.get(`/cases/${caseId}${path}`);
  const order = (fields: object) =>
    lin
      .post(`/cases/${caseId}/dossiers`)
      .type("form")
      .send({ outcomes: "matches", reviews: "all", include: ["exhibits", "words"], ...fields });
  const bytesOf = async (kind: string): Promise<Buffer> => {
    const answer = await get(`/dossiers/1/${kind}`)
      .buffer(true)
      .parse((res, done) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () => done(null, Buffer.concat(chunks)));
      });
    return answer.body as Buffer;
  };

  beforeAll(async () => {
    app = await withApp();
    lin = await app.as("lin");
    caseId = await plantCase(app.services, await app.personId("lin"));
  });
  afterAll(() => app.close());

  test("from the draft one comes to the form for that office, in its language", async () => {
    await lin.post(`/cases/${caseId}/complaints`).type("form").send({ channel: "cn-12378" });
    const draft = await get("/complaints/1/draft");
    expect(draft.text).toContain(`/cases/${caseId}/dossiers?channel=cn-12378`);
    const form = (await get("/dossiers?channel=cn-12378")).text;
    expect(form).toMatch(/<option value="cn-12378" selected>/);
    expect(form).toMatch(/value="zh-CN" checked/);
    expect(form).not.toContain("us-cfpb");
    const wrong = await order({ languages: "zh-CN", channel: "nobody" });
    expect(wrong.status).toBe(422);
    expect(textOf(wrong.text)).toContain("Choose an office of the list");
  });

  test("the title page names the office and what it wants; the version remembers it", async () => {
    expect((await order({ languages: "en", channel: "cn-12378" })).status).toBe(303);
    await expect
      .poll(async () => (await get("/dossiers/1")).text, { timeout: 60_000, interval: 200 })
      .toContain("sha256sum -c");
    const page = textOf((await get("/dossiers/1")).text);
    expect(page).toContain("For 12378 (financial regulator), which reads another language than this version is in");
    const path = join(app.services.config.dataDir, "made");
    for (const kind of ["pdf", "zip"]) writeFileSync(`${path}.${kind}`, await bytesOf(kind));
    const title = execFileSync("pdftotext", ["-l", "1", `${path}.pdf`, "-"], { encoding: "utf8" }).replace(/\s+/g, " ");
    expect(title).toContain("12378 (financial regulator)");
    expect(title).toContain("What it wants");
    expect(title).toContain("No limit of the office is known.");
    const json = execFileSync("unzip", ["-p", `${path}.zip`, "*/data/case.json"], { encoding: "utf8" });
    const { dossier } = JSON.parse(json) as { dossier: { recipient: object; options: object } };
    expect(dossier.options).toMatchObject({ channel: "cn-12378" });
    expect(dossier.recipient).toMatchObject({ id: "cn-12378", reads: ["zh-CN"], files: null });
  });

  test("filing keeps which version was handed in, with the hashes of its files", async () => {
    const { id } = await app.services.db.selectFrom("dossiers").select("id").executeTakeFirstOrThrow();
    expect(textOf((await get("/complaints/1/draft")).text)).toContain("Version 1, 20 Nov 2026, for 12378");
    await send(lin, `/cases/${caseId}/complaints/1/letters`, { kind: "filed", onDay: "2026-11-20", dossier: id });
    const pdf = createHash("sha256").update(await bytesOf("pdf")).digest("hex"); // prettier-ignore
    const zip = createHash("sha256").update(await bytesOf("zip")).digest("hex"); // prettier-ignore
    const page = textOf((await get("/complaints/1")).text);
    expect(page).toContain("Version 1");
    expect(page).toContain(`PDF SHA-256 ${pdf}`);
    expect(page).toContain(`Zip SHA-256 ${zip}`);
    const { detail_json } = await app.services.db
      .selectFrom("history")
      .select("detail_json")
      .where("case_id", "=", caseId)
      .where("action", "=", "complaint.filed")
      .executeTakeFirstOrThrow();
    expect(JSON.parse(detail_json)).toMatchObject({ version: 1, pdfSha256: pdf, zipSha256: zip });
  });
});
