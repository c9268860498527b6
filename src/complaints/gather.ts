/**
 * Brings together what a case says to offices: what fits, what clocks run from, what the words for the box can rest on. Reads only.
 * Next: suggest.ts, timeline.ts and narrative.ts judge it.
 */
import type { Case } from "../cases/case.ts";
import { listDebts } from "../cases/store.ts";
import { codesOf } from "../codes/case-codes.ts";
import { clauseIn } from "../codes/clause.ts";
import { type Bench, currentFindings } from "../findings/judge-case.ts";
import type { KeptFinding } from "../findings/finding.ts";
import { type Place, listFindings } from "../findings/store.ts";
import { recordedNotices } from "../notices/store.ts";
import type { Locale } from "../web/locale.ts";
import type { Complaint } from "./complaint.ts";
import { contactSpan, contactsNumbered, firstDebtNotice, newestMatches, peopleAround } from "./facts-store.ts";
import { installedChannels } from "./load-channels.ts";
import type { Material } from "./narrative.ts";
import type { KnownPrivate } from "./private-data.ts";
import { listComplaints } from "./store.ts";
import { type DatedContact, type Known, answerDue } from "./suggest.ts";
import { workingDaysOf } from "./working-days.ts";

/** Confirmed findings told of at most; a case officer reads the dossier for more. */
const MOST_TOLD = 1000;
const PAGE = 250;

export const localDate = (zone: string, at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

/** What decides which office fits, and where clocks begin. Judges first what is stale. */
export async function knownOf(bench: Bench, matter: Case): Promise<Known> {
  const { db } = bench;
  await currentFindings(bench, matter.id);
  const codes = await codesOf(bench, matter);
  const topicOf = new Map(codes.expand(matter.codes).flatMap(({ rules }) => rules.map(({ id, topic }) => [id, topic])));
  const [newest, notice, complaints] = await Promise.all([
    newestMatches(db, matter.id),
    firstDebtNotice(db, matter.id),
    listComplaints(db, matter.id),
  ]);
  const topics = new Map<string, number>();
  for (const { rule, contacts } of newest) {
    const topic = topicOf.get(rule);
    // Rules of one topic say much the same of one contact: the largest number, not the sum.
    if (topic !== undefined) topics.set(topic, Math.max(topics.get(topic) ?? 0, contacts));
  }
  const dated = ({ number, happenedAt }: { number: number; happenedAt: number }): DatedContact => ({
    number,
    day: localDate(matter.zone, happenedAt),
  });
  return {
    country: matter.country,
    lenderKind: matter.lenderKind,
    respondentKind: matter.respondentKind,
    topics,
    complaints,
    latestAct(wanted) {
      const fitting = newest.filter(({ rule }) => wanted === undefined || wanted.includes(topicOf.get(rule) ?? ""));
      const last = fitting.reduce<(typeof newest)[number] | null>(
        (latest, one) => (latest === null || one.happenedAt > latest.happenedAt ? one : latest),
        null,
      );
      return last === null ? null : dated(last);
    },
    debtNotice: notice === null ? null : dated(notice),
    channels: installedChannels(),
    today: localDate(matter.zone, bench.clock.now()),
    daysOf: workingDaysOf,
  };
}

/** Findings that a person confirmed, or that nobody has spoken of yet and appear to match; oldest contact first. */
export async function findingsSaid(
  { db }: Pick<Bench, "db">,
  caseId: string,
  said: "confirmed" | "open",
  most: number = MOST_TOLD,
): Promise<KeptFinding[]> {
  const all: KeptFinding[] = [];
  let olderThan: Place | null = null;
  do {
    const page: Awaited<ReturnType<typeof listFindings>> = await listFindings(
      db,
      caseId,
      { reviewed: [said], ...(said === "open" ? { outcomes: ["matches"] } : {}) },
      { limit: Math.min(PAGE, most), ...(olderThan === null ? {} : { olderThan }) },
    );
    all.push(...page.findings);
    olderThan = page.olderPlace;
  } while (olderThan !== null && all.length < most);
  return all.toReversed();
}

/** What the words for the box can be made of, for one complaint. `confirmed` as {@link findingsSaid} gives them. */
export async function materialOf(
  bench: Bench,
  matter: Case,
  complaint: Complaint,
  { known, confirmed, locale }: { known: Known; confirmed: readonly KeptFinding[]; locale: Locale },
): Promise<Material> {
  const { db } = bench;
  const codes = await codesOf(bench, matter);
  const told = confirmed.filter(({ finding }) => !complaint.chosen.without.includes(finding.rule));
  const numbers = [...new Set([...told.map(({ incident }) => incident.number), ...complaint.chosen.incidents])];
  const [contacts, span, notices] = await Promise.all([
    contactsNumbered(db, matter.id, numbers),
    contactSpan(db, matter.id),
    recordedNotices(db, matter.id),
  ]);
  const byRule = Map.groupBy(told, ({ finding }) => finding.rule);
  const rules = [...byRule].map(([rule, findings]) => {
    const { code, source, clause } = findings[0]!.finding;
    const kept = codes.rule(code.id, rule);
    const title = kept?.title[locale] ?? rule;
    const short = codes.get(code.id)?.sources[source]?.title[locale];
    const cite = [short, clauseIn(clause, locale)].filter((part) => part !== undefined && part !== "").join(" ");
    const ofRule = new Set(findings.map(({ incident }) => incident.number));
    return { title, cite, contacts: contacts.filter(({ number }) => ofRule.has(number)) };
  });
  const inRules = new Set(told.map(({ incident }) => incident.number));
  const others = contacts.filter(({ number }) => complaint.chosen.incidents.includes(number) && !inRules.has(number));
  const earlier = known.complaints.filter(({ id, filedOn }) => id !== complaint.id && filedOn !== null);
  return {
    lender: matter.lender,
    platform: matter.platform,
    pastDueOn: matter.pastDueOn,
    contacts: span,
    rules: rules.sort((a, b) => b.contacts.length - a.contacts.length),
    others,
    notices: notices.flatMap(({ number, kind, sentAt, receivedAt }) => {
      const at = sentAt ?? receivedAt;
      return at === null ? [] : [{ number, kind, at }];
    }),
    earlier: earlier.map((one) => {
      const channel = known.channels.get(one.channel);
      const due = channel === undefined ? null : answerDue(channel, one, known.daysOf(channel.country));
      return {
        number: one.number,
        office: channel?.name[locale] ?? one.channel,
        filedOn: one.filedOn!,
        receipt: one.receipt,
        answeredOn: one.answeredOn,
        due: due !== null && due < known.today ? due : null,
      };
    }),
  };
}

export async function privateOf({ db }: Pick<Bench, "db">, caseId: string): Promise<KnownPrivate> {
  const [debts, around] = await Promise.all([listDebts(db, caseId), peopleAround(db, caseId)]);
  return { ...around, accounts: debts.flatMap(({ reference }) => (reference === null ? [] : [reference])) };
}
