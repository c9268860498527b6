/** What the page of one complaint prints: how far it is, its clocks day by day, what was filed, its correspondence. */
import { type Evidence, exhibitName, shownName } from "../evidence/evidence.ts";
import type { Channel } from "./channel.ts";
import { checkedText } from "./channel-page.ts";
import { type Complaint, type Letter, type LetterKind, possibleLetters, stateOf } from "./complaint.ts";
import type { CheckedLine } from "./narrative.ts";
import type { Reader } from "./reader.ts";
import type { ReadyDossier } from "./store.ts";
import type { Known } from "./suggest.ts";
import { type TimedStep, dayByDay } from "./timeline.ts";
import { complaintsAt, leftText, nextText, officeName, sourceLink, timelineIn } from "./words.ts";

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
  dossier: { text: string; href: string; hashes: { kind: string; sha256: string }[] } | null;
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
    dossier: ReadyDossier | null;
    letters: readonly Letter[];
    files: ReadonlyMap<string, readonly Evidence[]>;
  },
): ComplaintPage {
  const { t, format, locale } = reader;
  const channel = known.channels.get(complaint.channel) ?? null;
  const timeline = channel === null ? null : timelineIn(known, channel, complaint);
  const state = stateOf(complaint);
  const here = `${complaintsAt(caseId)}/${complaint.number}`;
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
            hashes: [
              { kind: "PDF", sha256: parts.dossier.pdfSha256 ?? "" },
              { kind: "Zip", sha256: parts.dossier.zipSha256 ?? "" },
            ].filter(({ sha256 }) => sha256 !== ""),
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
      href: `${complaintsAt(caseId)}/${one.number}`,
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
