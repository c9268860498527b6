/**
 * Which numbers and chats of a file are probably a collector's: those the case knows, those whose words suggest an act or name the
 * lender, and those that called often and were never called. Everything else is somebody's private life and is left out unless a person
 * says otherwise. Pure.
 */
import { type Choice, LEAVE, NEW, type Party, UNKNOWN, type Why } from "./import.ts";
import { ownText } from "./numbers.ts";
import type { Contact } from "./reader.ts";

/** Calls and messages from a number that nobody saved, before it is suggested for its persistence alone. */
const OFTEN = 5;

/** Adds up the records of each number or chat while a file is read. */
export class Parties {
  readonly #byKey = new Map<string, Omit<Party, "why" | "rank" | "choice">>();

  add(key: string, contact: Contact, number: string | null, at: number, worded: boolean): void {
    let party = this.#byKey.get(key);
    if (party === undefined) {
      party = {
        key: ownText(key),
        label: ownText(
          contact.told?.collector ?? (key.startsWith("chat:") ? contact.conversation : contact.other) ?? "",
        ),
        number: key.startsWith("number:") && number !== null ? ownText(number) : null,
        name: contact.told?.collector ?? null,
        calls: 0,
        messages: 0,
        incoming: 0,
        outgoing: 0,
        worded: 0,
        firstAt: at,
        lastAt: at,
      };
      this.#byKey.set(party.key, party);
    }
    if (party.name === null && contact.otherName !== undefined) party.name = ownText(contact.otherName);
    if (contact.channel === "call" || contact.channel === "voicemail" || contact.channel === "visit") party.calls += 1;
    else party.messages += 1;
    if (contact.direction === "incoming") party.incoming += 1;
    else party.outgoing += 1;
    if (worded) party.worded += 1;
    party.firstAt = Math.min(party.firstAt, at);
    party.lastAt = Math.max(party.lastAt, at);
  }

  all(): Omit<Party, "why" | "rank" | "choice">[] {
    return [...this.#byKey.values()];
  }
}

/** One key for everything from one far end: a chat by its name, all else by number, address or handle. */
export function partyKey(contact: Contact, number: string | null): string {
  if (contact.told?.collector !== undefined) return `collector:${contact.told.collector}`;
  if (contact.channel === "chat" && contact.conversation !== undefined) return `chat:${contact.conversation}`;
  return number === null ? "hidden" : `number:${number}`;
}

/** What the case knows of numbers already. */
export interface KnownNumbers {
  /** Collectors by their numbers and addresses. */
  handles: ReadonlyMap<string, string>;
  /** Collectors by name, in lower case. */
  names: ReadonlyMap<string, string>;
  /** Numbers of contacts logged before, with their collector if it was named. */
  logged: ReadonlyMap<string, string | null>;
}

const weights: Record<Why, number> = { known: 5, logged: 4, asked: 4, wording: 3, often: 2, whole: 1 };
const HEAVY = 1_000_000;

/** Every party with what is suggested for it. */
export function suggest(parties: readonly Omit<Party, "why" | "rank" | "choice">[], known: KnownNumbers): Party[] {
  return parties.map((party) => {
    const { why, choice } = suggestionFor(party, known);
    const records = Math.min(party.calls + party.messages, HEAVY - 1);
    return { ...party, why, choice, rank: (why === null ? 0 : weights[why] * HEAVY) + records };
  });
}

function suggestionFor(
  party: Omit<Party, "why" | "rank" | "choice">,
  known: KnownNumbers,
): { why: Why | null; choice: Choice } {
  const number = party.number ?? party.label;
  const collector =
    known.handles.get(number) ??
    known.names.get(party.label.toLowerCase()) ??
    known.names.get(party.name?.toLowerCase() ?? "");
  if (collector !== undefined) return { why: "known", choice: collector };
  if (party.key.startsWith("collector:")) return { why: "whole", choice: NEW };
  if (party.number !== null && known.logged.has(party.number))
    return { why: "logged", choice: known.logged.get(party.number) ?? UNKNOWN };
  const saved = party.name !== null && party.name !== party.label;
  // Somebody in the address book may write harsh words, too: shown to the person, but not taken by itself.
  if (party.worded > 0) return { why: "wording", choice: saved ? LEAVE : UNKNOWN };
  if (!saved && party.incoming >= OFTEN && party.outgoing === 0) return { why: "often", choice: UNKNOWN };
  return { why: null, choice: LEAVE };
}
