/** What the pages of complaints print: the list, where one could complain, and one complaint with its clocks and letters. */
import type { Evidence } from "../evidence/evidence.ts";
import { exhibitName, shownName } from "../evidence/evidence.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Channel } from "./channel.ts";
import { type Reader, checkedText } from "./channel-page.ts";
import { type Complaint, type Letter, type LetterKind, possibleLetters, stateOf } from "./complaint.ts";
import type { CheckedLine, Source } from "./narrative.ts";
import { type Fit, type Known, type Suggestion, aroundOf } from "./suggest.ts";
import { type TimedStep, type Timeline, dayByDay, timelineOf } from "./timeline.ts";

const base = (caseId: string) => `/cases/${caseId}/complaints`;

export interface ComplaintsPage {
  title: string;
  caseId: string;
  mayEdit: boolean;
  rows: {
    href: string;
    name: string;
    office: string;
    state: string;
    next: string;
    overdue: boolean;
    filed: string | null;
  }[];
  removed: { text: string; action: string } | null;
}

export function complaintsPage(
  reader: Reader,
  caseId: string,
  known: Known,
  parts: { mayEdit: boolean; removed: Complaint | null },
): ComplaintsPage {
  const { t, format } = reader;
  return {
    title: t("complaints.list.title"),
    caseId,
    mayEdit: parts.mayEdit,
    rows: known.complaints.toReversed().map((complaint) => {
      const channel = known.channels.get(complaint.channel);
      const timeline = channel === undefined ? null : timelineIn(known, channel, complaint);
      return {
        href: `${base(caseId)}/${complaint.number}`,
        name: t("complaints.name", { number: complaint.number }),
        office: officeName(reader, known, complaint),
        state: t(`complaints.state.${stateOf(complaint)}`),
        next: timeline === null ? "" : nextText(reader, timeline),
        overdue: timeline?.next.step?.stands === "over",
        filed: complaint.filedOn === null ? null : t("complaints.list.filed", { date: format.date(complaint.filedOn) }),
      };
    }),
    removed:
      parts.removed === null
        ? null
        : {
            text: t("complaints.list.removed", { number: parts.removed.number }),
            action: `${base(caseId)}/${parts.removed.number}/restoration`,
          },
  };
}

export const officeName = (
  { locale }: Reader,
  known: Pick<Known, "channels">,
  { channel }: Pick<Complaint, "channel">,
) => known.channels.get(channel)?.name[locale] ?? channel;

const timelineIn = (known: Known, channel: Channel, complaint: Complaint): Timeline =>
  timelineOf(channel, complaint, aroundOf(channel, known), {
    today: known.today,
    days: known.daysOf(channel.country),
  });

/** Whose move it is, in a sentence. */
function nextText({ t, format, locale }: Reader, { next: { who, step }, state }: Timeline): string {
  if (who === "nobody") return t(`complaints.next.${state === "escalated" ? "escalated" : "closed"}`);
  if (step === null) return t(`complaints.next.${state === "draft" ? "file" : state === "answered" ? "read" : "wait"}`);
  const params = { what: step.clock.step[locale], date: format.day(step.due) };
  if (step.stands === "over")
    return t("complaints.next.over", { ...params, count: -step.daysLeft, after: step.clock.whenOver[locale] });
  return t(`complaints.next.${who}`, { ...params, left: leftText({ t }, step) });
}

const leftText = ({ t }: Pick<Reader, "t">, { daysLeft, stands }: TimedStep): string =>
  stands === "over"
    ? t("complaints.left.over", { count: -daysLeft })
    : daysLeft === 0
      ? t("complaints.left.today")
      : t("complaints.left.days", { count: daysLeft });

// --- where one could complain ------------------------------------------------------------------------------------------

export interface SuggestionsPage {
  title: string;
  caseId: string;
  mayEdit: boolean;
  /** Something found is for the police first of all. */
  urgent: boolean;
  follows: { number: number; name: string } | null;
  noCountry: boolean;
  groups: { fit: Fit; title: string; items: SuggestionItem[] }[];
  errors: FormErrors;
}
interface SuggestionItem {
  id: string;
  name: string;
  href: string;
  takes: string;
  takesNot: string | null;
  reasons: string[];
  checked: string;
  already: { text: string; href: string } | null;
}

export function suggestionsPage(
  reader: Reader,
  caseId: string,
  known: Known,
  suggestions: readonly Suggestion[],
  parts: { mayEdit: boolean; follows: Complaint | null; errors: FormErrors },
): SuggestionsPage {
  const { t, locale, format } = reader;
  const fits = ["now", "later", "passed", "other"] as const;
  const reasonText = ({ key, params }: Suggestion["reasons"][number], { channel, topics, passed }: Suggestion) => {
    const first = channel.before.find(({ channel: id }) => id !== undefined);
    return t(`complaints.reason.${key}`, {
      ...params,
      office: known.channels.get(first?.channel ?? "")?.name[locale] ?? "",
      topics: format.list(
        topics.map(({ topic, count }) =>
          t("complaints.reason.topic", { topic: t(`complaints.topic.${topic}`), count }),
        ),
      ),
      due: format.date(String(params?.due ?? "")),
      from: format.date(String(params?.from ?? passed?.from ?? "")),
      what: passed?.clock.step[locale] ?? "",
    });
  };
  const item = (suggestion: Suggestion): SuggestionItem => {
    const { channel, already, reasons } = suggestion;
    return {
      id: channel.id,
      name: channel.name[locale],
      href: `/channels/${channel.id}`,
      takes: channel.takes[locale],
      takesNot: channel.takesNot?.[locale] ?? null,
      reasons: reasons.map((reason) => reasonText(reason, suggestion)),
      checked: checkedText(reader, channel.checked),
      already:
        already === null
          ? null
          : {
              text: t("complaints.suggest.already", {
                number: already.number,
                state: t(`complaints.state.${stateOf(already)}`),
              }),
              href: `${base(caseId)}/${already.number}`,
            },
    };
  };
  return {
    title: t("complaints.suggest.title"),
    caseId,
    mayEdit: parts.mayEdit,
    urgent: (known.topics.get("threats-and-abuse") ?? 0) > 0,
    follows:
      parts.follows === null ? null : { number: parts.follows.number, name: officeName(reader, known, parts.follows) },
    noCountry: suggestions.length === 0,
    groups: fits
      .map((fit) => ({
        fit,
        title: t(`complaints.suggest.${fit}`),
        items: suggestions.filter((one) => one.fit === fit).map(item),
      }))
      .filter(({ items }) => items.length > 0),
    errors: parts.errors,
  };
}

// --- one complaint -----------------------------------------------------------------------------------------------------

interface ClockView {
  id: string;
  title: string;
  who: string;
  only: string | null;
  /** "filed on Mon 2 Nov 2026" */
  from: string;
  /** "15 calendar days" */
  period: string;
  due: string;
  stands: TimedStep["stands"];
  left: string;
  whenOver: string | null;
  rest: string | null;
  estimated: boolean;
  checked: string;
  days: { date: string; nth: number | null; why: string | null }[];
  byDay: boolean;
}

export interface ComplaintPage {
  title: string;
  caption: string;
  caseId: string;
  number: number;
  mayEdit: boolean;
  removed: boolean;
  saved: boolean;
  state: ReturnType<typeof stateOf>;
  channel: { href: string; reach: string[] } | null;
  steps: { title: string; text: string; stands: "done" | "now" | "next" }[];
  next: string;
  overdue: boolean;
  clocks: ClockView[];
  /** Steps whose period nobody verified: told, not computed. */
  uncounted: { step: string; checked: string }[];
  needs: { there: number; all: number } | null;
  request: string | null;
  lines: { text: string; sources: { text: string; href: string }[]; own: boolean }[];
  dossier: { text: string; href: string } | null;
  receipt: string | null;
  outcome: string | null;
  letters: { kind: string; day: string; words: string | null; files: { exhibit: string; name: string }[] }[];
  possible: { kind: LetterKind; text: string; href: string }[];
  escalations: { id: string; name: string; reasons: string }[];
  chain: { text: string; href: string }[];
}

export function complaintPage(
  reader: Reader,
  caseId: string,
  complaint: Complaint,
  known: Known,
  parts: {
    mayEdit: boolean;
    saved: boolean;
    needs: ComplaintPage["needs"];
    lines: readonly CheckedLine[];
    dossier: { version: number } | null;
    letters: readonly Letter[];
    files: ReadonlyMap<string, readonly Evidence[]>;
  },
): ComplaintPage {
  const { t, format, locale } = reader;
  const channel = known.channels.get(complaint.channel) ?? null;
  const timeline = channel === null ? null : timelineIn(known, channel, complaint);
  const state = stateOf(complaint);
  const here = `${base(caseId)}/${complaint.number}`;
  const linked = known.complaints.filter(({ id, follows }) => id === complaint.follows || follows === complaint.id);
  return {
    title: officeName(reader, known, complaint),
    caption: t("complaints.name", { number: complaint.number }),
    caseId,
    number: complaint.number,
    mayEdit: parts.mayEdit && complaint.removedAt === null,
    removed: complaint.removedAt !== null,
    saved: parts.saved,
    state,
    channel: channel === null ? null : { href: `/channels/${channel.id}`, reach: channel.reach },
    steps: progressSteps(reader, complaint),
    next: timeline === null ? "" : nextText(reader, timeline),
    overdue: timeline?.next.step?.stands === "over",
    clocks: timeline?.steps.map((step) => clockView(reader, known, channel!, step)) ?? [],
    uncounted: (channel?.clocks ?? [])
      .filter(({ checked }) => checked.how === "unverified")
      .map(({ step, checked }) => ({ step: step[locale], checked: checkedText(reader, checked) })),
    needs: parts.needs,
    request: complaint.request,
    lines: parts.lines.map(({ text, sentence }) => ({
      text,
      own: sentence === null,
      sources: (sentence?.sources ?? []).map((source) => sourceLink(reader, caseId, source)),
    })),
    dossier:
      parts.dossier === null
        ? null
        : {
            text: t("complaints.show.dossier", { version: parts.dossier.version }),
            href: `/cases/${caseId}/dossiers/${parts.dossier.version}`,
          },
    receipt: complaint.receipt,
    outcome: complaint.outcome === null ? null : t(`complaints.outcome.${complaint.outcome}`),
    letters: parts.letters.map(({ id, kind, onDay, words }) => ({
      kind: t(`complaints.letter.${kind}.done`),
      day: format.day(onDay),
      words,
      files: (parts.files.get(id) ?? []).map((file) => ({ exhibit: exhibitName(file), name: shownName(file.name) })),
    })),
    possible: possibleLetters(complaint).map((kind) => ({
      kind,
      text: t(`complaints.letter.${kind}.button`),
      href: `${here}/letters/new?kind=${kind}`,
    })),
    escalations:
      state === "draft" || state === "escalated"
        ? []
        : (channel?.next ?? []).flatMap((id) => {
            const after = known.channels.get(id);
            return after === undefined ? [] : [{ id, name: after.name[locale], reasons: after.takes[locale] }];
          }),
    chain: linked.map((one) => ({
      text: t(one.id === complaint.follows ? "complaints.show.follows" : "complaints.show.followed", {
        number: one.number,
        office: officeName(reader, known, one),
      }),
      href: `${base(caseId)}/${one.number}`,
    })),
  };
}

function progressSteps({ t, format }: Reader, complaint: Complaint): ComplaintPage["steps"] {
  const { filedOn, acknowledgedOn, answeredOn, escalatedOn, closedOn, receipt } = complaint;
  const over = closedOn ?? escalatedOn;
  const done = [filedOn, acknowledgedOn, answeredOn, over];
  const at = done.findLastIndex((day) => day !== null) + 1;
  const names = [
    "filed",
    "acknowledged",
    "answered",
    escalatedOn !== null && closedOn === null ? "escalated" : "closed",
  ];
  return [
    { title: t("complaints.steps.draft"), text: "", stands: at === 0 ? ("now" as const) : ("done" as const) },
    ...names.map((name, index) => {
      const day = done[index] ?? null;
      const text =
        day === null
          ? index < at
            ? t("complaints.steps.skipped")
            : ""
          : name === "filed" && receipt !== null
            ? t("complaints.steps.receipt", { date: format.date(day), receipt })
            : format.date(day);
      return {
        title: t(`complaints.steps.${name}`),
        text,
        stands:
          day !== null || index < at
            ? ("done" as const)
            : index === at && at > 0
              ? ("now" as const)
              : ("next" as const),
      };
    }),
  ];
}

function clockView(reader: Reader, known: Known, channel: Channel, step: TimedStep): ClockView {
  const { t, format, locale } = reader;
  const { clock } = step;
  const start = typeof clock.starts === "string" ? clock.starts : "after";
  const act = start === "act" ? known.latestAct(channel.topics) : start === "debt-notice" ? known.debtNotice : null;
  return {
    id: step.step,
    title: clock.step[locale],
    who: t(`complaints.who.${clock.who}`),
    only: clock.only?.[locale] ?? null,
    from: t(`complaints.from.${start}`, { date: format.day(step.from), number: act?.number ?? 0 }),
    period: t(`complaints.unit.${step.unit}`, { count: clock.amount }),
    due: format.day(step.due),
    stands: step.stands,
    left:
      step.done === null
        ? leftText(reader, step)
        : t(`complaints.left.${step.stands}`, { date: format.date(step.done) }),
    whenOver: step.stands === "over" ? clock.whenOver[locale] : null,
    rest:
      step.rest === null
        ? null
        : t("complaints.clock.rest", { why: step.rest.why[locale], next: format.day(step.rest.next) }),
    estimated: step.estimated,
    checked: checkedText(reader, clock.checked),
    days: dayByDay(step).map(({ date, nth, why }) => ({ date: format.day(date), nth, why: why?.[locale] ?? null })),
    byDay: step.unit === "calendar-day" || step.unit === "working-day",
  };
}

export function sourceLink({ t }: Reader, caseId: string, { kind, number }: Source): { text: string; href: string } {
  const paths = {
    case: "/settings",
    contacts: "/incidents",
    incident: `/incidents/${number}`,
    notice: `/notices/${number}`,
    complaint: `/complaints/${number}`,
  };
  return { text: t(`complaints.source.${kind}`, { number }), href: `/cases/${caseId}${paths[kind]}` };
}

// --- something that happened -------------------------------------------------------------------------------------------

export interface LetterPage {
  title: string;
  caption: string;
  caseId: string;
  number: number;
  kind: LetterKind;
  dossiers: { value: string; text: string }[];
  held: { id: string; name: string }[];
  maxFileMb: number;
  values: FormValues;
  errors: FormErrors;
}
