/** A small, true bag: the shape every dossier has, without a database or a PDF. */
import { createHash, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Bag, type BagPart, writeBag, type WrittenBag } from "../../src/dossiers/bag.ts";
import { openSigningKey, type SigningKey } from "../../src/dossiers/sign.ts";
import { FIRST_PREV_HASH, hashEvent } from "../../src/history/history.ts";

export const temporaryFolder = () => mkdtemp(join(tmpdir(), "dunwatch-dossier-"));

export const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

export function part(path: string, content: Buffer | string): BagPart {
  const bytes = Buffer.from(content);
  return { path, size: bytes.length, sha256: sha256(bytes), open: () => Readable.from([bytes], { objectMode: false }) };
}

function historyLines(count: number): { text: string; hash: string } {
  let hash = FIRST_PREV_HASH;
  let text = "";
  for (let seq = 1; seq <= count; seq++) {
    const event = {
      caseId: "c1",
      seq,
      at: 1_795_000_000_000 + seq,
      actor: "lin",
      action: "incident.logged",
      subject: `incident:${seq}`,
      detail: JSON.stringify({ said: "还钱“now”" }),
      prevHash: hash,
    };
    hash = hashEvent(event);
    text += `${JSON.stringify({ ...event, hash })}\n`;
  }
  return { text, hash };
}

/** A PDF-like part, a case with two incidents, five events and two exhibits. */
export function sampleBag(exhibits: BagPart[] = sampleExhibits()): Bag {
  const history = historyLines(5);
  const content = {
    incidents: [{ id: "i1" }, { id: "i2" }],
    exhibits: exhibits.map((exhibit, i) => ({ number: `A-${i + 1}`, path: exhibit.path, sha256: exhibit.sha256 })),
    history: { seq: 5, hash: history.hash },
  };
  return {
    name: "dunwatch-case-7-dossier-3",
    madeAt: Date.UTC(2026, 10, 23, 11, 40),
    info: [
      ["Count-Incidents", "2"],
      ["Count-Exhibits", String(exhibits.length)],
      ["Count-Events", "5"],
    ],
    parts: [
      part("data/dossier.pdf", "%PDF-1.7 not really"),
      part("data/incidents.csv", "number,happened\r\n1,x\r\n"),
      part("data/case.json", JSON.stringify(content)),
      part("data/history.jsonl", history.text),
      part("data/code/cn-online-consumer-credit@2026-11-23.yaml", "id: cn-online-consumer-credit\n"),
      ...exhibits,
    ],
  };
}

export const sampleExhibits = () => [
  part("data/exhibits/A-1-voicemail.m4a", randomBytes(70_000)),
  part("data/exhibits/A-2-call.m4a", randomBytes(300_000)),
];

export async function writeSample(
  bag: Bag = sampleBag(),
  folder?: string,
): Promise<WrittenBag & { path: string; folder: string; key: SigningKey }> {
  const where = folder ?? (await temporaryFolder());
  const key = await openSigningKey(where);
  const path = join(where, "bag.zip");
  return { ...(await writeBag(bag, key, createWriteStream(path))), path, folder: where, key };
}
