/**
 * A version for sending: every text of it without private words, exhibits as their redacted copies. Pure. What is masked: what the maker
 * typed, numbers of people who are neither the borrower nor a collector, and what looks like an identity or account number, a telephone
 * number or an e-mail address. Next: build-dossier.ts exchanges the exhibits, parts-worker.ts masks the texts before anything is made.
 */
import type { KnownPrivate } from "../complaints/private-data.ts";
import { coreDigits, masker } from "../redaction/mask.ts";
import { copyName } from "../redaction/redaction.ts";
import type { NewestCopy } from "../redaction/store.ts";
import { suggestedWords, suggestionsIn } from "../redaction/suggest.ts";
import type { CaseMaterial, Dossier, DossierExhibit, DossierFinding, DossierOptions } from "./dossier.ts";

/** What decides which words go; travels to the process that makes the parts and is kept nowhere. */
export interface Masking {
  /** As the maker typed them. */
  typed: readonly string[];
  /** `collectorNumbers` with the borrower's own: what stays. */
  known: KnownPrivate;
  /** Addresses that stay, in lower case. */
  addresses: readonly string[];
  /** ISO 3166. */
  country: string;
}

/** `material`: the whole case, so that a number is known even when its contact lies outside the period. */
export function maskingFor(
  { incidents, collectors }: Pick<CaseMaterial, "incidents" | "collectors">,
  known: KnownPrivate,
  country: string,
  typed: readonly string[],
): Masking {
  const own = new Set<string>();
  const theirs = new Set([...known.collectorNumbers, ...collectors.flatMap(({ handles }) => handles)]);
  const unknown: string[] = [];
  for (const { calledNumber, direction, contacted, fromNumber } of incidents) {
    if (fromNumber !== undefined && direction === "incoming") theirs.add(fromNumber);
    if (calledNumber === undefined) continue;
    if (direction === "outgoing") theirs.add(calledNumber);
    else if (contacted === "self") own.add(calledNumber);
    else unknown.push(calledNumber);
  }
  const stays = [...theirs, ...own];
  const staying = new Set(stays.map(coreDigits));
  return {
    typed,
    known: {
      ...known,
      collectorNumbers: stays.filter((value) => !value.includes("@") && coreDigits(value).length > 4),
      otherNumbers: [...new Set([...known.otherNumbers, ...unknown])].filter(
        (value) => !staying.has(coreDigits(value)),
      ),
    },
    addresses: stays.filter((value) => value.includes("@")).map((value) => value.toLowerCase()),
    country,
  };
}

/** Exhibits as they go along: copies instead of originals, no names of files, and nothing of what is withheld but its hash. */
export function coverExhibits(
  exhibits: readonly DossierExhibit[],
  copies: ReadonlyMap<string, NewestCopy>,
  { uncovered }: NonNullable<DossierOptions["redacted"]>,
): DossierExhibit[] {
  return exhibits.map((exhibit) => {
    const copy = copies.get(exhibit.id);
    if (copy !== undefined)
      return {
        ...exhibit,
        ...copy.file,
        originalName: null,
        originalSha256: exhibit.sha256,
        path: `data/exhibits/${copyName(exhibit.number, copy.version, copy.file.mediaType)}`,
      };
    const ending = /\.([a-z]{1,4}[34]?)$/.exec(exhibit.path)?.[1] ?? "bin";
    const named = { ...exhibit, originalName: null, path: `data/exhibits/${exhibit.number}-file.${ending}` };
    return uncovered === "withhold" ? { ...named, withheld: true } : named;
  });
}

/** The same dossier without private words in any text. */
export function redact(dossier: Dossier, masking: Masking): Dossier {
  const { codes, acts, options, recipient, history, keyFingerprint, ...told } = dossier;
  const words = new Set([...masking.typed, ...masking.known.otherNumbers]);
  const texts = new Set<string>();
  mapTexts(told, (text) => {
    texts.add(text);
    return text;
  });
  const staying = masking.known.collectorNumbers.map((number) => [coreDigits(number), number] as const);
  for (const chunk of chunksOf(texts)) {
    // Reading hundreds of numbers again for every chunk is what would take long.
    const digits = chunk.normalize("NFKC").replaceAll(/\D/g, "");
    const here = staying.flatMap(([core, number]) => (digits.includes(core) ? [number] : []));
    const known = { ...masking.known, collectorNumbers: here, otherNumbers: [] };
    for (const word of privateIn(chunk, { ...masking, known })) words.add(word);
  }
  const mask = masker([...words]);
  const known = new Map<string, string>();
  const clean = mapTexts(told, (text) => known.getOrInsertComputed(text, () => mask(text)));
  return {
    ...clean,
    findings: withQuotes(clean),
    codes,
    acts,
    options,
    recipient,
    history,
    keyFingerprint,
  };
}

/** Long enough that few readings are needed, short enough for what one reading tells of. */
const CHUNK = 3000;
/** Between two texts, so that no number is read across. */
const SEAM = "\n|\n";

function* chunksOf(texts: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (length > 0 && length + text.length > CHUNK) {
      yield chunk.join(SEAM);
      [chunk, length] = [[], 0];
    }
    chunk.push(text);
    length += text.length;
  }
  if (length > 0) yield chunk.join(SEAM);
}

/** Everything private in a text; one reading tells of so many only, so what was found goes before the next. */
function privateIn(text: string, { known, addresses, country }: Masking): string[] {
  const all = new Set<string>();
  let left = text;
  for (;;) {
    const found = suggestedWords(suggestionsIn(left, known, country)).filter(
      (word) => !all.has(word) && !addresses.includes(word.toLowerCase()),
    );
    if (found.length === 0) return [...all];
    for (const word of found) all.add(word);
    left = masker(found)(left);
  }
}

/** Words of fixed lists, ids, hashes and days: they name no person, and a mask in one of them would break what is looked up by it. */
const SIGNS = new Set(
  (
    "id incident incidents number counted missing rule code codes basis at source clause strength obligation severity version verdict " +
    "channel channels direction happenedAt precision outcome purpose contacted place places acts disclosed collectorKind exhibits " +
    "kind form sha256 originalSha256 mediaType path lenderKind respondentKind zone currency state groups about field hours " +
    "answered sentAt receivedAt pastDueOn dueOn filedOn acknowledgedOn answeredOn escalatedOn closedOn on asks askedOn askedTime " +
    "untilOn answer promisedOn kept keptOn area fromOn toOn disputedOn paidOn how asOf every firstOn owedOn today debtId"
  ).split(" "),
);

/** The same shape with every text that a person may have written put through `map`. */
function mapTexts<T>(value: T, map: (text: string) => string): T;
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((one: unknown) => mapTexts(one, map));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, SIGNS.has(key) && isPlain(inner) ? inner : mapTexts(inner, map)]),
  );
}

/** A sign or a list of signs; a list of contacts is none, whatever it is called. */
const isPlain = (value: unknown): boolean => [value].flat().every((one) => one === null || typeof one !== "object");

/** Quotes stand where their words stand now; one that is no longer found there is not quoted. */
function withQuotes({ incidents, findings }: Pick<Dossier, "incidents" | "findings">): DossierFinding[] {
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  return findings.map((finding) => ({
    ...finding,
    quotes: finding.quotes.flatMap((quote) => {
      const start = byId.get(quote.incident)?.[quote.field]?.indexOf(quote.text) ?? -1;
      return start === -1 ? [] : [{ ...quote, start, end: start + quote.text.length }];
    }),
  }));
}
