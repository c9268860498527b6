/**
 * Recordings, screenshots and photos, one contact a file. Number and time come from the file's name, else from EXIF, else from the
 * container, else from the file's date, in this order of trust, and each contact says which; the file itself is its evidence.
 * Sources: the naming of the recorders listed in evidence/file-name.ts; EXIF 2.32 (DateTimeOriginal, OffsetTimeOriginal).
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import ExifReader from "exifreader";
import { fileTypeFromBuffer } from "file-type";
import { parseFile } from "music-metadata";
import { factsFromName } from "../evidence/file-name.ts";
import type { Contact, Problem, Reader, Row, TimeSource } from "./reader.ts";

/** EXIF stands at the front of a picture; HEIC may put it further back. */
const PICTURE_HEAD = 4 * 2 ** 20;

type When = Pick<Contact, "happenedAt" | "precision"> & { timeFrom: TimeSource };

export const media: Reader = {
  format: "media",
  keeps: "file",
  detect: (head) => (signatures.some((signature) => signature(head)) ? 0.7 : 0),
  questions: () => Promise.resolve([]),
  async *read(path, { name, today, keep, modifiedAt }): AsyncGenerator<Row> {
    const kind = await kindOf(path);
    if (kind === null) {
      yield { row: 1, unreadable: { key: "notMedia" } };
      return;
    }
    const sound = kind === "image" ? null : await soundFacts(path);
    const told = factsFromName(name, today);
    const when =
      whenFromName(told.when) ??
      (kind === "image" ? await whenFromExif(path) : null) ??
      (sound?.createdAt == null ? null : { happenedAt: sound.createdAt, precision: "about", timeFrom: "container" }) ??
      (modifiedAt === null ? null : { happenedAt: modifiedAt, precision: "about", timeFrom: "file-date" });
    if (when === null) {
      yield { row: 1, unreadable: { key: "noTime" } };
      return;
    }

    const isVoiceNote = /^(PTT|AUD)-\d{8}-WA\d+/u.test(name);
    const channel =
      kind === "image" || sound?.hasPicture === true ? "other" : isVoiceNote ? ("chat" as const) : ("call" as const);
    const seconds = sound?.seconds ?? 0;
    const oddities: Problem[] = told.yearGuessed === true ? [{ key: "yearGuessed" }] : [];
    yield {
      row: 1,
      contact: {
        channel,
        direction: told.direction ?? "incoming",
        ...when,
        other: told.number ?? null,
        // A name says who called only where the recorder also wrote when or which number: "DSCN0025" is nobody.
        ...(told.who !== undefined && (told.when ?? told.number) !== undefined ? { otherName: told.who } : {}),
        ...(seconds > 0 ? { durationSeconds: Math.max(1, Math.round(seconds)) } : {}),
        // Somebody spoke, or there would be nothing to record; whether it was a talk is the person's to correct.
        ...(channel === "call" && seconds > 0 ? { outcome: "conversation" as const } : {}),
        attachments: [await keep(name, createReadStream(path))],
      },
      ...(oddities.length > 0 ? { oddities } : {}),
    };
  },
};

const ascii = (head: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...head.subarray(from, Math.min(to, head.length)));

/** How sound, pictures and films begin. */
const signatures: readonly ((head: Uint8Array) => boolean)[] = [
  (head) => ascii(head, 4, 8) === "ftyp",
  (head) => /^(#!AMR|OggS|ID3|fLaC|GIF8|\u0089PNG|\u00FF\u00D8\u00FF)/u.test(ascii(head, 0, 6)),
  (head) => ascii(head, 0, 4) === "RIFF" && /^(WAVE|WEBP|AVI )$/u.test(ascii(head, 8, 12)),
  (head) => head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2, // MPEG audio, layer 3
  (head) => head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0, // AAC in ADTS
];

async function kindOf(path: string): Promise<"image" | "sound" | null> {
  const type = (await fileTypeFromBuffer(await headOf(path, 2 ** 16)))?.mime;
  if (type?.startsWith("image/") === true) return "image";
  return type !== undefined && /^(audio|video)\//u.test(type) ? "sound" : null;
}

async function headOf(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

interface SoundFacts {
  seconds: number | null;
  createdAt: number | null;
  hasPicture: boolean;
}

/** Null when the file is broken: its name may tell enough. */
async function soundFacts(path: string): Promise<SoundFacts | null> {
  try {
    const { format } = await parseFile(path, { duration: true, skipCovers: true });
    const createdAt = format.creationTime?.getTime();
    return {
      seconds: format.duration ?? null,
      // Recorders that do not know write the beginning of their calendar (1904, 1970).
      createdAt: createdAt !== undefined && createdAt > Date.UTC(2000) ? createdAt : null,
      hasPicture: format.hasVideo === true,
    };
  } catch {
    return null;
  }
}

function whenFromName(when: string | number | undefined): When | null {
  if (when === undefined) return null;
  const timeFrom = "file-name";
  if (typeof when === "string" && when.length === 10) {
    return { happenedAt: `${when}T00:00`, precision: "day", timeFrom };
  }
  return { happenedAt: when, precision: "exact", timeFrom };
}

/** EXIF times are local; newer cameras add the offset. */
async function whenFromExif(path: string): Promise<When | null> {
  try {
    const tags = ExifReader.load((await headOf(path, PICTURE_HEAD)).buffer as ArrayBuffer);
    const taken = /^(\d{4}):(\d{2}):(\d{2}) (\d{2}:\d{2}:\d{2})/u.exec(tags.DateTimeOriginal?.description ?? "");
    if (taken === null) return null;
    const local = `${taken[1]}-${taken[2]}-${taken[3]}T${taken[4]}`;
    const offset = /^[+-]\d{2}:\d{2}$/u.exec(tags.OffsetTimeOriginal?.description ?? "")?.[0];
    const instant = Date.parse(`${local}${offset ?? "Z"}`);
    if (Number.isNaN(instant)) return null;
    return { happenedAt: offset === undefined ? local : instant, precision: "exact", timeFrom: "exif" };
  } catch {
    return null;
  }
}
