/** What the pages of corroboration send: ticked records, recordings put with contacts, and where a page of a list begins. */
import { z } from "zod";
import { parseExhibitName } from "../evidence/evidence.ts";
import { many } from "../web/forms.ts";
import type { Place } from "./left-store.ts";
import type { RecordPlace } from "./take-over.ts";

const RECORD = /^([0-9a-f-]{36})\.(\d{1,5})\.(\d{1,12})$/;

/** "import.file.row", as a tick sends it. */
export const recordText = ({ importId, file, row }: RecordPlace): string => `${importId}.${file}.${row}`;

const ticked = z
  .string()
  .regex(RECORD)
  .transform((text): RecordPlace => {
    const [, importId = "", file, row] = RECORD.exec(text) ?? [];
    return { importId, file: Number(file), row: Number(row) };
  });
export const RecordsForm = z.object({ take: many(ticked), back: many(ticked) });

/** "A-7:12": the exhibit goes with the incident. */
const paired = z
  .string()
  .regex(/^[A-E]-\d{1,9}:[1-9]\d{0,8}$/)
  .transform((text) => {
    const [exhibit = "", incident] = text.split(":");
    return { exhibit, incident: Number(incident) };
  })
  .refine(({ exhibit }) => parseExhibitName(exhibit) !== null);
export const RecordingsForm = z.object({ pair: many(paired) });

export const placeText = ({ happenedAt, ...place }: Place): string => `${happenedAt}.${recordText(place)}`;

/** A place of the list of records read back; null = from the beginning. */
export function parseRecordPlace(text: unknown): Place | null {
  const [, at, rest] = (typeof text === "string" ? /^(-?\d{1,15})\.(.+)$/.exec(text) : null) ?? [];
  const found = rest === undefined ? null : ticked.safeParse(rest);
  return found?.success === true ? { happenedAt: Number(at), ...found.data } : null;
}

/** "moment.id" read back, as the lists of calls and recordings page; null = from the beginning. */
export function parseMoment(text: unknown): { at: number; id: string } | null {
  const [, at, id] = (typeof text === "string" ? /^(-?\d{1,15})\.([0-9a-f-]{36})$/.exec(text) : null) ?? [];
  return id === undefined ? null : { at: Number(at), id };
}
