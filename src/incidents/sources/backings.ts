/**
 * Reads what tells of contacts, for one or for many at once, and says of each who backs it. Next: backing.ts (the comparing),
 * view.ts (the words).
 */
import { factsFromName } from "../../evidence/file-name.ts";
import { type Evidence, exhibitName } from "../../evidence/evidence.ts";
import type { Db } from "../../platform/database.ts";
import type { Incident } from "../incident.ts";
import { type Backing, type Contact, type FileFacts, type Telling, backingOf, confidenceOf } from "./backing.ts";
import { keptFiles, tellingsOf } from "./store.ts";

/** The zone of the case and the moment of asking: names of files tell local times, sometimes without a year. */
export interface Clockwork {
  zone: string;
  now: number;
}

/** So many incidents are asked about in one question. */
const AT_ONCE = 500;

type Backed = Pick<
  Incident,
  "id" | "happenedAt" | "precision" | "channel" | "direction" | "durationSeconds" | "fromNumber" | "calledNumber"
>;

/** @param files the exhibits of each incident. */
export async function backingsOf(
  db: Db,
  caseId: string,
  incidents: readonly Backed[],
  files: ReadonlyMap<string, readonly Pick<Evidence, "id" | "letter" | "number" | "name">[]>,
  clockwork: Clockwork,
): Promise<Map<string, Backing>> {
  const dayOf = localDays(clockwork.zone);
  const kept = await keptFiles(db, caseId);
  const found = new Map<string, Backing>();
  for (let from = 0; from < incidents.length; from += AT_ONCE) {
    const some = incidents.slice(from, from + AT_ONCE);
    const tellings = await tellingsOf(
      db,
      caseId,
      some.map(({ id }) => id),
    );
    for (const incident of some) {
      const contact = contactOf(incident);
      const own = (files.get(incident.id) ?? []).filter(({ id }) => !kept.has(id));
      const told = [
        ...(tellings.get(incident.id) ?? []),
        ...own.flatMap((file) => tellingOfFile(contact, file, clockwork, dayOf)),
      ];
      found.set(incident.id, backingOf(contact, told, dayOf));
    }
  }
  return found;
}

export const contactOf = (incident: Omit<Backed, "id">): Contact => ({
  at: incident.happenedAt,
  precision: incident.precision,
  channel: incident.channel,
  durationSeconds: incident.durationSeconds,
  number: incident.direction === "incoming" ? incident.fromNumber : incident.calledNumber,
});

/** Local days of moments in a zone. */
export function localDays(zone: string): (at: number) => string {
  return (at) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** What a file's name tells of when and with whom it was made; null = no time. */
export function factsOfFile(name: string, { zone, now }: Clockwork): FileFacts | null {
  const { when, number } = factsFromName(name, localDays(zone)(now));
  if (when === undefined) return null;
  const at = typeof when === "number" ? when : when.includes("T") ? instantOf(when, zone) : null;
  const day = at === null ? String(when) : localDays(zone)(at);
  return { at, day, number: number ?? null };
}

const instantOf = (local: string, zone: string): number =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;

/**
 * A recording or picture that somebody added, as a source of its own where its name speaks for this contact. A picture is often taken
 * later, so that another time says nothing; a recording named with another time says something else and is told as it is.
 */
function tellingOfFile(
  contact: Contact,
  file: Pick<Evidence, "letter" | "number" | "name">,
  clockwork: Clockwork,
  dayOf: (at: number) => string,
): Telling[] {
  if (file.letter !== "A" && file.letter !== "B" && file.letter !== "D") return [];
  const facts = factsOfFile(file.name, clockwork);
  if (facts === null) return [];
  const agrees = confidenceOf(contact, facts, dayOf) !== null;
  if (!agrees && file.letter === "B") return [];
  return [
    {
      kind: file.letter === "B" ? "screenshot" : "recording",
      at: facts.at ?? instantOf(`${facts.day}T00:00`, clockwork.zone),
      precision: facts.at === null ? "day" : "exact",
      durationSeconds: null,
      number: facts.number,
      name: exhibitName(file),
    },
  ];
}
