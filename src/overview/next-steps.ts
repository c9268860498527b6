/**
 * What is worth doing next in a case, most useful first. Pure: numbers in, keys of words out. It never says that anything must be done.
 * Next: pages.ts translates them.
 */

export interface CaseState {
  contacts: number;
  /** Contacts with somebody else than the borrower. */
  others: number;
  codes: number;
  lenderKnown: boolean;
  lenderKindKnown: boolean;
  respondentKnown: boolean;
  notices: number;
  /** Findings that miss a fact. */
  cannotTell: number;
  /** Findings that need a person and have no review yet. */
  needsReview: number;
  /** Findings that appear to match and have no review yet. */
  unreviewed: number;
  /** When the last dossier was finished, epoch milliseconds. */
  lastDossierAt: number | null;
  now: number;
}

type StepName = "codes" | "lender" | "lenderKind" | "respondent" | "facts" | "review" | "confirm" | "notice" | "backUp";
/** How the status beside a step looks: a missing fact, a person's judgement, or a plain word. */
type StepTone = "missing" | "person" | "plain";

export interface Step {
  name: StepName;
  count: number;
  tone: StepTone;
  /** Below the case's address. */
  path: string;
}

const DAY = 86_400_000;
/** A copy younger than this needs no reminder. */
const FRESH_COPY_DAYS = 14;

export function nextSteps(state: CaseState): Step[] {
  const steps: Step[] = [];
  const add = (wanted: boolean, step: Step) => {
    if (wanted) steps.push(step);
  };
  add(state.codes === 0, { name: "codes", count: 0, tone: "missing", path: "/codes" });
  add(!state.lenderKindKnown, { name: "lenderKind", count: 0, tone: "missing", path: "/facts#lenderKind" });
  add(state.cannotTell > 0, {
    name: "facts",
    count: state.cannotTell,
    tone: "missing",
    path: "/findings?outcome=cannot-tell&reviewed=open",
  });
  add(state.needsReview > 0, {
    name: "review",
    count: state.needsReview,
    tone: "person",
    path: "/findings?outcome=needs-review&reviewed=open",
  });
  add(state.unreviewed > 0, {
    name: "confirm",
    count: state.unreviewed,
    tone: "person",
    path: "/findings?outcome=matches&reviewed=open",
  });
  add(!state.lenderKnown, { name: "lender", count: 0, tone: "missing", path: "/facts#lender" });
  add(!state.respondentKnown, { name: "respondent", count: 0, tone: "missing", path: "/facts#respondentKind" });
  add(state.notices === 0 && state.contacts > 0, {
    name: "notice",
    count: state.others,
    tone: "plain",
    path: "/notices/new",
  });
  const copyAge = state.lastDossierAt === null ? null : Math.floor((state.now - state.lastDossierAt) / DAY);
  add(state.contacts > 0 && (copyAge === null || copyAge >= FRESH_COPY_DAYS), {
    name: "backUp",
    count: copyAge ?? 0,
    tone: "plain",
    path: "/dossiers",
  });
  return steps;
}
