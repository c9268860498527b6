/** Ordering, watching and downloading in the real app; who may and who may not. */
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Response } from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyBag } from "../../src/dossiers/verify.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { plantCase } from "./planted-case.ts";
import { temporaryFolder } from "./sample-bag.ts";

let app: TestApp;
let caseId: string;
let base: string;
let people: Record<"lin" | "chen" | "carol", Agent>;

beforeAll(async () => {
  app = await withApp();
  const lin = await app.as("lin");
  caseId = await plantCase(app.services, await app.personId("lin"));
  base = `/cases/${caseId}/dossiers`;
  await app.join(caseId, "chen", "reader");
  people = { lin, chen: await app.as("chen"), carol: await app.as("carol") };
});
afterAll(() => app.close());

const order = {
  languages: "both",
  outcomes: ["matches", "cannot-tell"],
  reviews: "not-dismissed",
  include: ["exhibits", "words"],
  from: "",
  to: "",
};
const post = (who: Agent, body: object) => who.post(base).type("form").send(body);

/** Reloads the page as a browser without scripts does, until nothing asks it to. */
async function watch(who: Agent, path: string): Promise<Response> {
  for (let times = 0; times < 200; times++) {
    const page = await who.get(path);
    if (!page.text.includes('http-equiv="refresh"')) return page;
    expect(page.text).toContain("<progress");
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error("the version never came");
}
const binary = (who: Agent, path: string) =>
  who
    .get(path)
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => done(null, Buffer.concat(chunks)));
    });

describe("the dossier pages", () => {
  let path: string;
  it("order a version, show how it is made, and offer both files", async () => {
    const ordered = await post(people.lin, order);
    expect(ordered.status).toBe(303);
    path = String(ordered.headers["location"]);
    expect(path).toBe(`${base}/1`);
    const page = await watch(people.lin, path);
    expect(page.text).toContain("Version 1");
    expect(page.text).toContain("sha256sum -c manifest-sha256.txt");
    for (const kind of ["pdf", "zip"]) expect(page.text).toContain(`href="${path}/${kind}"`);
    const list = await people.lin.get(base);
    expect(list.text).toContain("Version 1");
    expect(list.text).not.toContain("dossiers.");
  });

  it("download the very bytes that were frozen, as attachments that can do nothing", async () => {
    for (const kind of ["pdf", "zip"] as const) {
      const answer = await binary(people.lin, `${path}/${kind}`);
      expect(answer.headers["content-disposition"]).toMatch(
        new RegExp(`^attachment; filename="dunwatch-case-\\d+-dossier-1\\.${kind}"$`),
      );
      expect(answer.headers["x-content-type-options"]).toBe("nosniff");
      expect(answer.headers["content-security-policy"]).toContain("sandbox");
      const file = join(await temporaryFolder(), `x.${kind}`);
      await writeFile(file, answer.body as Buffer);
      const sum = execFileSync("sha256sum", [file], { encoding: "utf8" }).slice(0, 64);
      expect(answer.headers["etag"]).toBe(`"${sum}"`);
      expect((await people.lin.get(path)).text).toContain(sum);
      if (kind === "zip") expect((await verifyBag(file)).problems).toEqual([]);
    }
    const taken = await app.services.db
      .selectFrom("history")
      .select("detail_json")
      .where("case_id", "=", caseId)
      .where("action", "=", "dossier.downloaded")
      .orderBy("seq")
      .execute();
    expect(taken.map(({ detail_json }) => detail_json)).toEqual(['{"kind":"pdf"}', '{"kind":"zip"}']);
  });

  it("speak the reader's language", async () => {
    const chinese = await app.as("lin", "zh-CN");
    expect((await chinese.get(base)).text).toContain("已做好的版本");
    expect((await chinese.get(path)).text).toContain("第1版");
  });

  it("keep what was chosen when something is wrong with it, and say so at the field", async () => {
    const wrong = await post(people.lin, {
      ...order,
      languages: "en",
      outcomes: [],
      from: "2026-11-20",
      to: "2026-11-01",
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("Choose at least one kind of finding");
    expect(wrong.text).toMatch(/value="en"[^>]*checked/);
    expect(wrong.text).toContain('value="2026-11-20"');
    const order2 = await post(people.lin, { ...order, from: "2026-11-20", to: "2026-11-01" });
    expect(order2.text).toContain("The last day must not be before the first");
    expect((await post(people.lin, { ...order, from: "yesterday" })).text).toContain("Write the day as year-month-day");
    expect((await post(people.lin, {})).status).toBe(422);
    expect((await post(people.lin, { ...order, languages: "fr" })).status).toBe(422);
  });

  it("let a reader read and not make, and hide the case from a stranger", async () => {
    const read = await people.chen.get(base);
    expect(read.status).toBe(200);
    expect(read.text).not.toContain('<form method="post" action="' + base);
    expect((await post(people.chen, order)).status).toBe(403);
    for (const address of [base, path, `${path}/pdf`, `${path}/zip`])
      expect((await people.carol.get(address)).status).toBe(404);
    expect((await post(people.carol, order)).status).toBe(404);
  });

  it("know no version that does not exist", async () => {
    for (const version of ["2", "0", "-1", "1e0", "01", "x", "999999999999"])
      expect((await people.lin.get(`${base}/${version}`)).status).toBe(404);
    expect((await people.lin.get(`${base}/2/pdf`)).status).toBe(404);
  });

  it("make a person wait who orders without end, and nobody else", async () => {
    await app.join(caseId, "zhou", "advocate");
    const zhou = await app.as("zhou");
    const answers: number[] = [];
    while (answers.length < 31) answers.push((await post(zhou, { languages: "fr" })).status);
    expect(new Set(answers.slice(0, 30))).toEqual(new Set([422]));
    expect(answers[30]).toBe(429);
    expect((await post(people.lin, { languages: "fr" })).status).toBe(422);
  });
});
