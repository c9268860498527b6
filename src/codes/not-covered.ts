/**
 * What a rule leaves out, as far as its conditions and its source say so: ways of contact, persons and outcomes it does not name, whom it
 * does not bind. Whoever reads that calls are limited wants to know that letters are not. Pure. Next: pages.ts.
 */
import { zoneText } from "../cases/pages.ts";
import type { Code, Condition, Rule, Simple } from "../conduct/code.ts";
import { channels, contactedPersons, lenderKinds, outcomes, respondentKinds } from "../conduct/vocabulary.ts";
import type { Locale, Translate } from "../web/locale.ts";

interface Reader {
  t: Translate;
  locale: Locale;
}

/** What must hold in any case: of a count, also what is counted at all. */
function musts(condition: Condition | Simple): Simple[] {
  const { all = [], any, not: _not, ...own } = condition as Condition;
  const counted = own.count === undefined ? [] : musts({ direction: "incoming", ...own.count.where });
  // One of a single alternative must hold, too.
  return [own, ...counted, ...all.flatMap(musts), ...(any?.length === 1 ? any.flatMap(musts) : [])];
}

/** The sentences, none where the rule names nothing that would leave something out. */
export function notCovered(code: Code, rule: Rule, { t, locale }: Reader): string[] {
  const parts = musts(rule.when);
  const source = code.sources[rule.source];
  const list = (items: readonly string[]) =>
    new Intl.ListFormat(locale === "en" ? "en-GB" : locale, { type: "disjunction" }).format(items);
  const terms = (kind: string, values: readonly string[]) =>
    list(values.map((value) => t(`codes.term.${kind}.${value}`)));
  const sentences: string[] = [];
  /** Of what can be, that which some part does not allow; where that is most of it, what all allow is told instead. */
  const add = (key: string, kind: string, all: readonly string[], allowed: (value: string) => boolean) => {
    const known = all.filter((value) => value !== "unknown");
    const out = known.filter((value) => !allowed(value));
    if (out.length === 0) return;
    const isMost = out.length > known.length / 2 && out.length < known.length;
    const told = isMost ? known.filter(allowed) : out;
    sentences.push(t(`codes.notCovered.${key}${isMost ? "But" : ""}`, { list: terms(kind, told) }));
  };
  const named =
    (listOf: (part: Simple) => readonly string[] | undefined) =>
    (value: string): boolean =>
      parts.every((part) => listOf(part)?.includes(value) !== false);
  const inList = (kinds: readonly string[] | undefined) => (value: string) => kinds?.includes(value) !== false;
  add(
    "channel",
    "channel",
    channels,
    named(({ channel }) => channel),
  );
  const directions = new Set(parts.flatMap(({ direction }) => direction ?? []));
  if (directions.has("incoming")) sentences.push(t("codes.notCovered.outgoing"));
  if (directions.has("outgoing")) sentences.push(t("codes.notCovered.incoming"));
  add(
    "contacted",
    "contacted",
    contactedPersons,
    named(({ contacted }) => contacted),
  );
  add(
    "outcome",
    "outcome",
    outcomes,
    named(({ outcome }) => outcome),
  );
  add("lenders", "lenderKind", lenderKinds, inList(rule.lenderKinds ?? source?.lenderKinds));
  // Of two kinds the one that is left out is always told itself.
  add("respondents", "respondentKind", respondentKinds, inList(source?.respondentKinds));
  return sentences;
}

/** Whose clock a rule goes by; null for one that asks neither for hours nor for days. */
export function clockOf({ zone }: Code, { when, unless }: Rule, { t }: Reader): string | null {
  const asks = JSON.stringify([when, unless.map((one) => one.when)]);
  if (!/"(localTime|weekday|publicHoliday|count|coolDown)":/.test(asks)) return null;
  return zone === undefined
    ? t("codes.notCovered.zoneCase")
    : t("codes.notCovered.zoneCode", { zone: zoneText(t, zone) });
}
