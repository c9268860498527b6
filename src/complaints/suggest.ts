/**
 * Which offices fit a case, why, and in which order: what has to come first stands first, and what can no longer be used is not
 * suggested. Pure. Next: gather.ts (what is known of a case), pages.ts (the words).
 */
import { type Channel, channelKinds } from "./channel.ts";
import { type Complaint, eventsOf } from "./complaint.ts";
import { type Events, type Step, type WorkingDays, deadlinesOf } from "./deadlines.ts";

/** A contact whose local day sets a clock going. */
export interface DatedContact {
  number: number;
  day: string;
}

/** What a case tells about which office fits. */
export interface Known {
  country: string | null;
  lenderKind: string;
  respondentKind: string;
  /** How many contacts appear to match a rule of each topic. */
  topics: ReadonlyMap<string, number>;
  complaints: readonly Complaint[];
  /** The latest contact that appears to match a rule of these topics (undefined: of any). */
  latestAct(topics: readonly string[] | undefined): DatedContact | null;
  /** The contact that told what the debt is and how to dispute it. */
  debtNotice: DatedContact | null;
  /** Every office installed, by its id. */
  channels: ReadonlyMap<string, Channel>;
  /** Local date. */
  today: string;
  daysOf(country: string): WorkingDays;
}

/** `now` fits and can be used; `later` wants something else first; `passed` its time is over; `other` is for other matters. */
export type Fit = "now" | "later" | "passed" | "other";
/** A key under `complaints.reason` with what stands in it. */
interface Reason {
  key: string;
  params?: Record<string, string | number>;
}
export interface Suggestion {
  channel: Channel;
  fit: Fit;
  reasons: Reason[];
  /** Topics of the case that the office takes. */
  topics: { topic: string; count: number }[];
  /** The period that is over. */
  passed: Step | null;
  /** The open or finished complaint to this office. */
  already: Complaint | null;
}

/** Offices of the case's country (all, when it is not known), the sensible order first. */
export function suggestChannels(known: Known): Suggestion[] {
  const fits: Fit[] = ["now", "later", "passed", "other"];
  return [...known.channels.values()]
    .filter(({ country }) => known.country === null || country === known.country)
    .map((channel) => suggestionOf(channel, known))
    .sort(
      (a, b) =>
        fits.indexOf(a.fit) - fits.indexOf(b.fit) ||
        channelKinds.indexOf(a.channel.kind) - channelKinds.indexOf(b.channel.kind) ||
        Number(b.topics.length > 0) - Number(a.topics.length > 0),
    );
}

function suggestionOf(channel: Channel, known: Known): Suggestion {
  const already = known.complaints.findLast((complaint) => complaint.channel === channel.id) ?? null;
  const topics = (channel.topics ?? []).flatMap((topic) => {
    const count = known.topics.get(topic) ?? 0;
    return count > 0 ? [{ topic, count }] : [];
  });
  const reasons: Reason[] = [];
  const found = (fit: Fit, passed: Step | null = null): Suggestion => ({
    channel,
    fit,
    reasons,
    topics,
    passed,
    already,
  });

  const { lenderKinds, respondentKinds } = channel;
  if (lenderKinds !== undefined && !(lenderKinds as readonly string[]).includes(known.lenderKind)) {
    reasons.push({ key: "lenderKind" });
    return found("other");
  }
  if (respondentKinds !== undefined && !(respondentKinds as readonly string[]).includes(known.respondentKind)) {
    reasons.push({ key: "respondent" });
    return found("other");
  }
  if (channel.topics !== undefined && topics.length === 0) {
    reasons.push({ key: "noTopic" });
    return found("other");
  }
  const days = known.daysOf(channel.country);
  const barred = deadlinesOf(channel, eventsOf(channel, null, aroundOf(channel, known)), days).find(
    ({ clock, due }) => clock.bars && due < known.today,
  );
  if (barred !== undefined && already?.filedOn == null) {
    reasons.push({ key: "passed", params: { due: barred.due } });
    return found("passed", barred);
  }
  if (channel.topics !== undefined) reasons.push({ key: "topics" });
  else reasons.push({ key: lenderKinds === undefined ? "anyConduct" : "lender" });
  if (lenderKinds !== undefined && known.lenderKind === "unknown") reasons.push({ key: "lenderUnknown" });

  // What is still open, but will not be for ever.
  const running = deadlinesOf(channel, eventsOf(channel, null, aroundOf(channel, known)), days).find(
    ({ clock }) => clock.bars,
  );
  if (running !== undefined) reasons.push({ key: "until", params: { due: running.due, from: running.from } });

  let later = false;
  for (const { channel: first, checked } of channel.before) {
    if (first === undefined) continue;
    const earlier = known.complaints.findLast((complaint) => complaint.channel === first);
    const state = earlierState(earlier, known);
    reasons.push({ key: `before.${state}`, params: { number: earlier?.number ?? 0 } });
    if (state === "answered" || state === "over") continue;
    // What nobody has read in a rule is advice, not a door that is shut.
    if (checked.how === "unverified") reasons.push({ key: "before.unverified" });
    else later = true;
  }
  return found(later ? "later" : "now");
}

/** How far the complaint is that has to come first; `over` when its office had its time, or the person went on from it. */
function earlierState(
  earlier: Complaint | undefined,
  { channels, today, daysOf }: Known,
): "none" | "draft" | "waiting" | "answered" | "over" {
  if (earlier === undefined) return "none";
  if (earlier.filedOn === null) return "draft";
  if (earlier.answeredOn !== null) return "answered";
  if (earlier.escalatedOn !== null || earlier.closedOn !== null) return "over";
  const channel = channels.get(earlier.channel);
  if (channel === undefined) return "waiting";
  const overdue = answerDue(channel, earlier, daysOf(channel.country));
  return overdue !== null && overdue < today ? "over" : "waiting";
}

/** The day by which an office or the other side has to answer, extensions left aside; null when no such period is known. */
export function answerDue(channel: Channel, complaint: Complaint, days: WorkingDays): string | null {
  const steps = deadlinesOf(channel, eventsOf(channel, complaint, {}), days);
  const theirs = steps.filter(({ clock }) => clock.who !== "you" && clock.only === undefined);
  return theirs.at(-1)?.due ?? null;
}

/** The days in a case that clocks of this office may run from. */
export function aroundOf(channel: Channel, known: Known): Pick<Events, "act" | "debt-notice" | "earlier-answered"> {
  const act = known.latestAct(channel.topics);
  const first = channel.before.find(({ channel: id }) => id !== undefined)?.channel;
  const answered = known.complaints.findLast((complaint) => complaint.channel === first)?.answeredOn ?? null;
  return {
    ...(act === null ? {} : { act: act.day }),
    ...(known.debtNotice === null ? {} : { "debt-notice": known.debtNotice.day }),
    ...(answered === null ? {} : { "earlier-answered": answered }),
  };
}
