/** The bag as other people's tools see it. */
import { execFileSync } from "node:child_process";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exhibitPath, writeBag } from "../../src/dossiers/bag.ts";
import { openSigningKey } from "../../src/dossiers/sign.ts";
import { createWriteStream } from "node:fs";
import { part, sampleBag, sampleExhibits, sha256, temporaryFolder, writeSample } from "./sample-bag.ts";

describe("a bag", () => {
  it("unpacks with unzip into one folder and passes sha256sum and openssl", async () => {
    const { path, folder, key } = await writeSample();
    expect(execFileSync("unzip", ["-t", path], { encoding: "utf8" })).toContain("No errors detected");
    execFileSync("unzip", ["-q", path, "-d", folder]);
    const root = join(folder, "dunwatch-case-7-dossier-3");
    expect(await readdir(root)).toEqual([
      "bag-info.txt",
      "bagit.txt",
      "data",
      "manifest-sha256.txt",
      "signing-key.pem",
      "tagmanifest-sha256.txt",
      "tagmanifest-sha256.txt.sig",
    ]);
    for (const manifest of ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
      expect(execFileSync("sha256sum", ["--strict", "-c", manifest], { cwd: root, encoding: "utf8" })).not.toContain(
        "FAILED",
      );
    const verified = execFileSync(
      "openssl",
      "pkeyutl -verify -pubin -inkey signing-key.pem -rawin -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig".split(
        " ",
      ),
      { cwd: root, encoding: "utf8" },
    );
    expect(verified).toContain("Signature Verified Successfully");
    const der = execFileSync("openssl", ["pkey", "-pubin", "-in", "signing-key.pem", "-outform", "DER"], { cwd: root });
    expect(sha256(der)).toBe(key.fingerprint);
  });

  it("declares its payload in bag-info.txt and the bytes are those of the parts", async () => {
    const bag = sampleBag();
    const { path } = await writeSample(bag);
    const info = execFileSync("unzip", ["-p", path, `${bag.name}/bag-info.txt`], { encoding: "utf8" });
    const octets = bag.parts.reduce((sum, { size }) => sum + size, 0);
    expect(info).toContain(`Payload-Oxum: ${octets}.7\n`);
    expect(info).toContain("Bagging-Date: 2026-11-23\n");
    expect(info).toContain("Count-Incidents: 2\n");
    const exhibit = execFileSync("unzip", ["-p", path, `${bag.name}/data/exhibits/A-2-call.m4a`]);
    expect(sha256(exhibit)).toBe(bag.parts.at(-1)!.sha256);
  });

  it("gives the same bytes for the same input, whatever the zone of the machine and the order of the parts", async () => {
    const folder = await temporaryFolder();
    const exhibits = sampleExhibits();
    const zone = process.env["TZ"];
    try {
      process.env["TZ"] = "Asia/Shanghai";
      const first = await writeSample(sampleBag(exhibits), folder);
      expect(sha256(await readFile(first.path))).toBe(first.sha256);
      expect((await stat(first.path)).size).toBe(first.size);
      process.env["TZ"] = "America/New_York";
      const again = sampleBag(exhibits);
      again.parts.reverse();
      expect((await writeSample(again, folder)).sha256).toBe(first.sha256);
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  });

  it("is not made when a stored file is no longer what was added", async () => {
    const changed = { ...part("data/exhibits/A-1-x.bin", "now"), sha256: sha256("was") };
    await expect(writeSample(sampleBag([changed]))).rejects.toThrow("data/exhibits/A-1-x.bin was changed in the store");
    const shorter = { ...part("data/exhibits/A-1-x.bin", "now"), size: 30 };
    await expect(writeSample(sampleBag([shorter]))).rejects.toThrow("has 3 bytes in the store, 30 when it was added");
    const gone = { ...part("data/exhibits/A-1-x.bin", "now"), open: () => Promise.reject(new Error("no such blob")) };
    await expect(writeSample(sampleBag([gone]))).rejects.toThrow("no such blob");
  });

  it("fails when the disk does", async () => {
    const key = await openSigningKey(await temporaryFolder());
    await expect(writeBag(sampleBag(), key, createWriteStream("/dev/full"))).rejects.toThrow("ENOSPC");
  });

  it("takes only plain ASCII paths, each once", async () => {
    const bad = (path: string) => writeSample(sampleBag([part(path, "x")]));
    await expect(bad("data/exhibits/A-1-录音.m4a")).rejects.toThrow("only plain ASCII names");
    await expect(bad("data/../../etc/passwd")).rejects.toThrow("only plain ASCII names");
    await expect(bad("data/dossier.pdf")).rejects.toThrow("is in the bag twice");
  });
});

describe("an exhibit's path", () => {
  it.each([
    ["IMG_0012.JPG", "data/exhibits/B-3-IMG-0012.jpg"],
    ["昨晚22点43分.m4a", "data/exhibits/B-3-22-43.m4a"],
    ["微信截图", "data/exhibits/B-3-file.bin"],
    ["../../etc/passwd", "data/exhibits/B-3-etc-passwd.bin"],
    ["relevé d’août.pdf", "data/exhibits/B-3-releve-d-aout.pdf"],
    ["a\nb\u202Egpj.exe", "data/exhibits/B-3-a-b-gpj.exe"],
    [".htaccess", "data/exhibits/B-3-htaccess.bin"],
    [`${"x".repeat(300)}.png`, `data/exhibits/B-3-${"x".repeat(60)}.png`],
  ])("of %j is %s", (name, path) => {
    expect(exhibitPath("B-3", name)).toBe(path);
  });
});

describe("the signing key", () => {
  it("is made once, kept private, and the same for all who open it at the same moment", async () => {
    const folder = await temporaryFolder();
    const keys = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(folder)));
    expect(new Set(keys.map((key) => key.fingerprint)).size).toBe(1);
    expect((await stat(join(folder, "keys", "dossier-ed25519.pem"))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, "keys"))).toEqual(["dossier-ed25519.pem"]);
  });
});
