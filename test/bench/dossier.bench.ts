/**
 * The bag of many bytes beside `zip -0` and `sha256sum` doing the same, and the paper of many contacts beside Typst alone.
 * Small by default; `BENCH_MB=1024 BENCH_INCIDENTS=1000` is what the goals are about.
 */
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBag } from "../../src/dossiers/bag.ts";
import { TEMPLATE } from "../../src/dossiers/blocks.ts";
import { paperOf } from "../../src/dossiers/paper.ts";
import { makeParts } from "../../src/dossiers/parts.ts";
import { openSigningKey } from "../../src/dossiers/sign.ts";
import { verifyBag } from "../../src/dossiers/verify.ts";
import { pdfOf } from "../../src/typeset/pdf.ts";
import { sampleDossier } from "../dossiers/sample-material.ts";

const megabytes = Number(process.env["BENCH_MB"] ?? 128);
const incidents = Number(process.env["BENCH_INCIDENTS"] ?? 200);
const folder = await mkdtemp(join(tmpdir(), "dunwatch-bench-"));
const seconds = async <T>(work: () => T | Promise<T>): Promise<[number, T]> => {
  const started = performance.now();
  const result = await work();
  return [(performance.now() - started) / 1000, result];
};
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  const big = join(folder, "big.bin");
  const file = await open(big, "w");
  for (let i = 0; i < megabytes; i++) await file.write(randomBytes(1 << 20));
  await file.close();

  const [zipSeconds] = await seconds(() => execFileSync("zip", ["-q", "-0", join(folder, "other.zip"), big]));
  const [sumSeconds, sum] = await seconds(() => execFileSync("sha256sum", [big], { encoding: "utf8" }).slice(0, 64));
  await rm(join(folder, "other.zip"));
  const key = await openSigningKey(folder);
  const before = process.memoryUsage.rss();
  let peak = before;
  const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const part = {
    path: "data/big.bin",
    size: megabytes << 20,
    sha256: sum,
    open: () => createReadStream(big, { highWaterMark: 1 << 18 }),
  };
  const out = join(folder, "bag.zip");
  const [bagSeconds] = await seconds(() =>
    writeBag(
      { name: "bag", madeAt: 0, info: [], parts: [part] },
      key,
      createWriteStream(out, { highWaterMark: 1 << 20 }),
    ),
  );
  const [verifySeconds] = await seconds(() => verifyBag(out));
  clearInterval(watching);
  const ratio = bagSeconds / (zipSeconds + sumSeconds);
  say(
    `bag of ${megabytes} MB: ${bagSeconds.toFixed(2)} s; zip -0 ${zipSeconds.toFixed(2)} s + sha256sum ${sumSeconds.toFixed(2)} s; ratio ${ratio.toFixed(2)} (goal: below 2)`,
  );
  say(`  memory grew by ${Math.round((peak - before) / 1e6)} MB; verify ${verifySeconds.toFixed(2)} s`);

  const dossier = sampleDossier(incidents, { languages: "both" });
  let stalled = 0;
  let last = performance.now();
  const ticking = setInterval(() => {
    const now = performance.now();
    stalled = Math.max(stalled, now - last - 5);
    last = now;
  }, 5);
  const [partsSeconds] = await seconds(() => makeParts(dossier, folder));
  clearInterval(ticking);
  const paper = paperOf(dossier);
  const [typstSeconds, pdf] = await seconds(() => pdfOf(paper, TEMPLATE));
  const over = partsSeconds - typstSeconds;
  say(
    `paper of ${incidents} contacts in both languages: ${partsSeconds.toFixed(2)} s, Typst alone ${typstSeconds.toFixed(2)} s, ${over.toFixed(2)} s over it (goal: below 2.5)`,
  );
  say(
    `  ${Math.round(pdf.length / 1e3)} kB; the event loop stood still for at most ${Math.round(stalled)} ms (goal: below 100)`,
  );
  if (ratio > 2 || over > 2.5 || stalled > 100) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
