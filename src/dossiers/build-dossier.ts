/**
 * Makes one version: reads the case, sets the paper, packs and signs the bag, keeps both files. What is made is never made again:
 * downloads are these very bytes. It must not know requests. Next: routes.ts and cli/dossier.ts ask for it.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { getCase } from "../cases/store.ts";
import type { CodeLibrary } from "../codes/library.ts";
import { privateOf } from "../complaints/gather.ts";
import { type BlobStore, isDiskFull } from "../evidence/blobs.ts";
import type { HistoryEvent } from "../history/history.ts";
import { eventsAfter } from "../history/store.ts";
import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import { newestCopies } from "../redaction/store.ts";
import { type BagPart, PartChanged, writeBag, type WrittenBag } from "./bag.ts";
import { countsOf } from "./case-json.ts";
import { collect, NeverStill } from "./collect.ts";
import { bagName, choose, type Dossier } from "./dossier.ts";
import { makeParts, type MadePart } from "./parts.ts";
import { recipientOf } from "./recipient.ts";
import { README_REDACTED } from "./readme-redacted.ts";
import { coverExhibits, maskingFor } from "./redact.ts";
import { openSigningKey } from "./sign.ts";
import {
  claimVersion,
  type Failure,
  failVersion,
  finishVersion,
  getVersion,
  type Progress,
  saveProgress,
  type Version,
} from "./store.ts";

/** What making a dossier needs of the services. */
export interface Workshop {
  db: Db;
  codes: CodeLibrary;
  blobs: BlobStore;
  clock: Clock;
  log: Logger;
  config: { dataDir: string };
}

/** How often a long build tells where it is. */
const TELL_EVERY_MS = 1000;
const EVENTS_AT_ONCE = 2000;
const STAGING = ".making-";
const ONE_DAY = 24 * 3600 * 1000;

/** Where the frozen files of a version are. */
export function filesOf(
  dataDir: string,
  { caseId, version }: Pick<Version, "caseId" | "version">,
): { pdf: string; zip: string } {
  const folder = join(dataDir, "dossiers", caseId);
  return { pdf: join(folder, `${version}.pdf`), zip: join(folder, `${version}.zip`) };
}

/**
 * Takes a pending version to ready or failed. Does nothing when somebody else is at it. Never throws for what can go wrong with a
 * dossier: the version then says why. `typed`: words that a redacted version leaves out; they come from memory and stay there.
 */
export async function buildDossier(
  workshop: Workshop,
  caseId: string,
  version: number,
  typed: readonly string[] = [],
): Promise<void> {
  const { db, clock, log, config } = workshop;
  if (!(await claimVersion(db, caseId, version, clock.now()))) return;
  const order = await getVersion(db, caseId, version);
  if (order === null) return;
  const folder = join(config.dataDir, "dossiers", caseId);
  const staging = join(folder, `${STAGING}${randomUUID()}`);
  try {
    await clearLeftovers(folder);
    await mkdir(staging, { recursive: true, mode: 0o700 });
    const made = await make(workshop, order, staging, typed);
    await db
      .transaction()
      .execute((tx) => finishVersion(tx, { caseId, version, ...made, by: order.createdBy, at: clock.now() }));
  } catch (error) {
    const failure = failureOf(error);
    log.error({ err: error, caseId, version, reference: failure.params?.["reference"] }, "a dossier could not be made");
    await db
      .transaction()
      .execute((tx) => failVersion(tx, { caseId, version, error: failure, by: order.createdBy, at: clock.now() }));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function make(workshop: Workshop, order: Version, staging: string, typed: readonly string[]) {
  const { db, codes, blobs, clock, config } = workshop;
  const { caseId, version } = order;
  const tell = (progress: Omit<Progress, "at">) => saveProgress(db, caseId, version, { ...progress, at: clock.now() });
  const key = await openSigningKey(config.dataDir);
  const madeAt = clock.now();
  const material = await collect({ db, codes, clock }, caseId);
  const { redacted } = order.options;
  // The words are in the memory of whoever took the order: without them the version would show what it was to hide.
  if (redacted !== undefined && redacted.words !== typed.length) throw new WordsGone();
  const chosen = choose(material, order.options);
  const dossier: Dossier = {
    ...chosen,
    exhibits:
      redacted === undefined
        ? chosen.exhibits
        : coverExhibits(chosen.exhibits, await newestCopies(db, caseId), redacted),
    version,
    madeAt,
    madeBy: order.createdByName ?? order.createdBy,
    options: order.options,
    recipient: recipientOf(order.options.channel),
    keyFingerprint: key.fingerprint,
  };
  await tell({ step: "typesetting", done: dossier.incidents.length });
  const masking =
    redacted === undefined
      ? null
      : maskingFor(material, await privateOf(workshop, caseId), (await getCase(db, caseId))?.country ?? "CN", typed);
  const made = await makeParts(dossier, staging, masking);
  const parts: BagPart[] = [
    ...made.map(fromDisk),
    fromDisk(await writeHistory(db, order, dossier.history.seq, join(staging, "history.jsonl"))),
    ...(redacted === undefined ? [] : [fromText("data/README.txt", README_REDACTED)]),
    ...dossier.codes.map(({ code, yaml }) => fromText(`data/code/${code.id}@${code.version}.yaml`, yaml)),
    ...(dossier.options.exhibits ? dossier.exhibits.filter(({ withheld }) => withheld !== true) : []).map(
      ({ path, sha256, size }) => ({
        path,
        sha256,
        size,
        open: async () => {
          if ((await blobs.size(sha256)) === null) throw new PartChanged(`${path} is no longer in the store`);
          return blobs.open(sha256);
        },
      }),
    ),
  ];
  const name = bagName(dossier.case.number, version);
  const zipPath = join(staging, "dossier.zip");
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const zip = await writeBag(
    {
      name,
      madeAt,
      info: [["External-Identifier", `${caseId}/${version}`], ...countsOf(dossier)],
      parts: counted(parts, total, tell),
    },
    key,
    createWriteStream(zipPath, { flush: true, highWaterMark: 1 << 20 }),
  );
  const pdf = made.find(({ path }) => path === "data/dossier.pdf")!;
  const kept = filesOf(config.dataDir, order);
  await rename(pdf.file, kept.pdf);
  await rename(zipPath, kept.zip);
  await syncFolder(join(config.dataDir, "dossiers", caseId));
  return { pdf: { sha256: pdf.sha256, size: pdf.size } satisfies WrittenBag, zip, history: dossier.history };
}

/**
 * The chain up to the event that froze the dossier, a line each, written a page at a time. Details hold what people wrote, so a redacted
 * version has none of them: its chain can still be followed, its content no longer be compared.
 */
async function writeHistory(
  db: Db,
  { caseId, options }: Pick<Version, "caseId" | "options">,
  upTo: number,
  file: string,
): Promise<MadePart> {
  const line = (event: HistoryEvent) =>
    `${JSON.stringify(options.redacted === undefined ? event : { ...event, detail: null })}\n`;
  const hash = createHash("sha256");
  let size = 0;
  const out = await open(file, "wx");
  try {
    for (let seq = 0; seq < upTo;) {
      const events = await eventsAfter(db, caseId, seq, Math.min(EVENTS_AT_ONCE, upTo - seq));
      const last = events.at(-1);
      if (last === undefined) throw new Error(`the history of case ${caseId} ends before event ${upTo}`);
      const bytes = Buffer.from(events.map(line).join(""));
      hash.update(bytes);
      size += bytes.length;
      await out.write(bytes);
      seq = last.seq;
    }
  } finally {
    await out.close();
  }
  return { path: "data/history.jsonl", file, size, sha256: hash.digest("hex") };
}

const fromDisk = ({ path, file, size, sha256 }: MadePart): BagPart => ({
  path,
  size,
  sha256,
  open: () => createReadStream(file),
});

function fromText(path: string, text: string): BagPart {
  const bytes = Buffer.from(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path, size: bytes.length, sha256, open: () => Readable.from([bytes], { objectMode: false }) };
}

/** The same parts, telling how many bytes have gone into the bag whenever the next one is opened. */
function counted(parts: BagPart[], total: number, tell: (progress: Omit<Progress, "at">) => Promise<void>): BagPart[] {
  let done = 0;
  let toldAt = 0;
  return parts.map((part) => ({
    ...part,
    async open() {
      if (performance.now() - toldAt > TELL_EVERY_MS) {
        toldAt = performance.now();
        await tell({ step: "bagging", done, total });
      }
      done += part.size;
      return part.open();
    },
  }));
}

/** The words to hide are no longer known: the server was started anew since the order. */
class WordsGone extends Error {}

function failureOf(error: unknown): Failure {
  if (isDiskFull(error)) return { key: "full" };
  if (error instanceof WordsGone) return { key: "interrupted" };
  if (error instanceof NeverStill) return { key: "busy" };
  if (error instanceof PartChanged) return { key: "evidence", params: { detail: error.message } };
  return { key: "internal", params: { reference: randomUUID().slice(0, 8) } };
}

/** What a killed process left half made. */
async function clearLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(STAGING)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > ONE_DAY) await rm(path, { recursive: true, force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
