/** A version from the case to the verified bag, on both databases; what is frozen stays so; what fails says why. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDossier, filesOf } from "../../src/dossiers/build-dossier.ts";
import { collect } from "../../src/dossiers/collect.ts";
import { checkCommands } from "../../src/dossiers/check-commands.ts";
import { bagName, DEFAULT_OPTIONS, type DossierOptions } from "../../src/dossiers/dossier.ts";
import { settled } from "../../src/dossiers/queue.ts";
import { getVersion, orderVersion, type Version } from "../../src/dossiers/store.ts";
import { verifyBag } from "../../src/dossiers/verify.ts";
import { verifyHistory } from "../../src/history/store.ts";
import { type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { logContact, plantCase, RECORDING, SAID } from "./planted-case.ts";
import { temporaryFolder } from "./sample-bag.ts";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe.each(databases)("a version on $name", (database) => {
  let app: TestApp;
  let lin: string;
  let caseId: string;
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.personId("lin");
    caseId = await plantCase(app.services, lin);
  });
  afterAll(() => app.close());

  const order = (options: Partial<DossierOptions> = {}) =>
    app.services.db
      .transaction()
      .execute((tx) =>
        orderVersion(tx, caseId, { ...DEFAULT_OPTIONS, ...options }, { personId: lin, at: app.clock.now() }),
      );
  async function make(
    options: Partial<DossierOptions> = {},
  ): Promise<Version & { paths: { pdf: string; zip: string } }> {
    const version = await order(options);
    await buildDossier(app.services, caseId, version);
    const made = await getVersion(app.services.db, caseId, version);
    if (made === null) throw new Error("the version is gone");
    return { ...made, paths: filesOf(app.services.config.dataDir, made) };
  }
  async function unpack(zip: string): Promise<string> {
    const folder = await temporaryFolder();
    execFileSync("unzip", ["-q", zip, "-d", folder]);
    return join(folder, (await readdir(folder))[0]!);
  }

  it("is a bag that other tools and verify find nothing wrong with", async () => {
    const made = await make({ languages: "both" });
    expect(made).toMatchObject({ state: "ready", error: null });
    const zip = await readFile(made.paths.zip);
    const pdf = await readFile(made.paths.pdf);
    expect([made.zip, made.pdf]).toEqual([
      { size: zip.length, sha256: sha256(zip) },
      { size: pdf.length, sha256: sha256(pdf) },
    ]);
    expect((await verifyBag(made.paths.zip)).problems).toEqual([]);
    const root = await unpack(made.paths.zip);
    expect((await verifyBag(root)).problems).toEqual([]);
    execFileSync("sha256sum", ["--strict", "--quiet", "-c", "manifest-sha256.txt"], { cwd: root });
    expect(await readFile(join(root, "data/dossier.pdf"))).toEqual(pdf);
    expect(await readdir(join(root, "data/exhibits"))).toEqual(["A-1-2026-11-17.wav", "C-1-file.pdf"]);
    expect(await readFile(join(root, "data/exhibits/A-1-2026-11-17.wav"))).toEqual(RECORDING);
    // The code of the case, and those that it includes.
    expect(
      (await readdir(join(root, "data/code"))).map((name) => name.replace(/@\d{4}-\d\d-\d\d.*\.yaml$/, "")),
    ).toEqual(["cn-bank-and-card", "cn-consumer-finance", "cn-micro-loan", "cn-online-consumer-credit", "cn-statutes"]);
  });

  it("passes the very commands that it prints", async () => {
    const made = await make({ languages: "en" });
    const folder = await temporaryFolder();
    const name = bagName(1, made.version);
    await copyFile(made.paths.zip, join(folder, `${name}.zip`));
    const said = execFileSync("sh", ["-e"], { cwd: folder, input: checkCommands(name).join("\n"), encoding: "utf8" });
    expect(said).toContain("Signature Verified Successfully");
    expect(said).toContain("data/dossier.pdf: OK");
    expect(said).not.toContain("FAILED");
    const printed = execFileSync("pdftotext", ["-layout", made.paths.pdf, "-"], { encoding: "utf8" });
    for (const command of checkCommands(name)) expect(printed).toContain(command.trim());
    expect(printed).toContain(/^([0-9a-f]{64}) {2}-$/m.exec(said)![1]);
  });

  it("holds the case as data: contacts, findings, notices, and the history up to the freezing", async () => {
    const made = await make();
    const root = await unpack(made.paths.zip);
    const content = JSON.parse(await readFile(join(root, "data/case.json"), "utf8")) as Record<string, any>;
    expect(content["incidents"]).toHaveLength(3);
    expect(content["incidents"][1]).toMatchObject({
      number: 2,
      happenedAt: "2026-11-17T22:43:00+08:00",
      said: SAID,
      collector: "示例资产服务有限公司",
      exhibits: ["A-1"],
    });
    expect(
      content["findings"].map((finding: { rule: string; outcome: string }) => `${finding.rule} ${finding.outcome}`),
    ).toContain("cn.gbt.time matches");
    expect(content["notices"][0]).toMatchObject({
      kind: "third-party-refusal",
      receivedAt: "2026-11-13T09:00:00+08:00",
      exhibits: ["C-1"],
    });
    const events = (await readFile(join(root, "data/history.jsonl"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { action: string });
    expect(events.at(-1)?.action).toBe("dossier.requested");
    expect(content["history"].seq).toBe(events.length);
    expect(await verifyHistory(app.services.db, caseId)).toBeNull();
  });

  it("keeps what people wrote as text: no formula in the table, no markup on paper, no lost character", async () => {
    const made = await make({ languages: "en" });
    const root = await unpack(made.paths.zip);
    const csv = await readFile(join(root, "data/incidents.csv"), "utf8");
    expect(csv.startsWith("\uFEFFnumber,id,channel")).toBe(true);
    expect(csv).toContain(`,'+861050000001,`);
    const text = execFileSync("pdftotext", ["-layout", made.paths.pdf, "-"], { encoding: "utf8" });
    expect(text).toContain('[U+1F600] =HYPERLINK("http://x") #strong[x] $x$ *bold* \\ <b>');
    expect(text).toContain("No collection at night");
    expect(text).toContain("22:43 +08:00");
    expect(text).toContain("time of day not known");
    expect(text).toContain("“Appears to match” is not a finding of breach.");
  });

  it("stays byte for byte what it was when the case goes on", async () => {
    const first = await make();
    const before = await readFile(first.paths.zip);
    const by = { personId: lin, at: app.clock.now() };
    await logContact(app.services, caseId, { happenedAt: Date.parse("2026-11-18T09:00:00+08:00") }, by);
    const second = await make();
    expect(await readFile(second.paths.zip)).not.toEqual(before);
    expect(second.version).toBe(first.version + 1);
    expect(await readFile(first.paths.zip)).toEqual(before);
    expect(await getVersion(app.services.db, caseId, first.version)).toMatchObject({ state: "ready", zip: first.zip });
  });

  it("holds only the chosen period, outcomes and files", async () => {
    const made = await make({
      from: "2026-11-17",
      to: "2026-11-17",
      outcomes: ["matches"],
      exhibits: false,
      words: false,
    });
    const root = await unpack(made.paths.zip);
    const content = JSON.parse(await readFile(join(root, "data/case.json"), "utf8")) as Record<string, any>;
    expect(content["incidents"].map(({ number }: { number: number }) => number)).toEqual([2]);
    expect(new Set(content["findings"].map(({ outcome }: { outcome: string }) => outcome))).toEqual(
      new Set(["matches"]),
    );
    expect(await readdir(join(root, "data"))).not.toContain("exhibits");
    expect((await verifyBag(made.paths.zip)).problems).toEqual([]);
    expect(execFileSync("pdftotext", [made.paths.pdf, "-"], { encoding: "utf8" })).not.toContain("明天去你单位");
  });

  it("reads one moment of a case that goes on changing", async () => {
    const by = { personId: lin, at: app.clock.now() };
    const bench = app.services;
    const writer = { busy: true };
    const written = (async () => {
      for (let i = 0; i < 25; i++) {
        await logContact(
          app.services,
          caseId,
          { happenedAt: Date.parse("2026-11-18T10:00:00+08:00") + i * 60_000 },
          by,
        );
        await new Promise((resume) => setTimeout(resume, i * 3));
      }
      writer.busy = false;
    })();
    let reads = 0;
    while (writer.busy || reads === 0) {
      const material = await collect(bench, caseId);
      const { logged } = await app.services.db
        .selectFrom("history")
        .select((eb) => eb.fn.countAll<number>().as("logged"))
        .where("case_id", "=", caseId)
        .where("action", "=", "incident.logged")
        .where("seq", "<=", material.history.seq)
        .executeTakeFirstOrThrow();
      expect(material.incidents).toHaveLength(logged);
      reads += 1;
    }
    await written;
  });

  it("is built once, even when two ask", async () => {
    const version = await order();
    await Promise.all([buildDossier(app.services, caseId, version), buildDossier(app.services, caseId, version)]);
    expect(await getVersion(app.services.db, caseId, version)).toMatchObject({ state: "ready" });
    const made = await app.services.db
      .selectFrom("history")
      .select("seq")
      .where("case_id", "=", caseId)
      .where("action", "=", "dossier.made")
      .where("subject", "=", `dossier:${version}`)
      .execute();
    expect(made).toHaveLength(1);
  });

  it("that nobody speaks of any more is told as interrupted", async () => {
    const version = await order();
    const found = await getVersion(app.services.db, caseId, version);
    expect(await settled(app.services, found!)).toMatchObject({ state: "pending" });
    app.clock.advance(10 * 60_000);
    expect(await settled(app.services, found!)).toMatchObject({ state: "failed", error: { key: "interrupted" } });
  });

  it("is refused when a file is no longer what was added, and leaves nothing half made", async () => {
    const hash = sha256(RECORDING);
    const stored = join(app.services.config.dataDir, "evidence", hash.slice(0, 2), hash.slice(2, 4), hash);
    await writeFile(stored, Buffer.from(RECORDING).fill(120, 0, 4));
    const changed = await make();
    expect(changed).toMatchObject({
      state: "failed",
      error: {
        key: "evidence",
        params: { detail: expect.stringContaining("A-1-2026-11-17.wav was changed") as string },
      },
    });
    await rm(stored);
    expect(await make()).toMatchObject({
      state: "failed",
      error: { key: "evidence", params: { detail: expect.stringContaining("is no longer in the store") as string } },
    });
    await writeFile(stored, RECORDING);
    expect(await make()).toMatchObject({ state: "ready" });
    const kept = await readdir(join(app.services.config.dataDir, "dossiers", caseId));
    expect(kept.filter((name) => name.startsWith("."))).toEqual([]);
  });
});
