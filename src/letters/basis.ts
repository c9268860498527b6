/**
 * Which rules may stand behind a letter: of the codes of the case, switched on (or a duty to keep records), in force on the letter's date, binding (or perhaps binding)
 * this lender, and about what the letter asks for. Pure. It cites; it judges nothing. Next: gather.ts.
 */
import type { Code, Condition, Rule, Source } from "../conduct/code.ts";
import type { noticeKinds, strengths, topics } from "../conduct/vocabulary.ts";
import { bindingOf, lawOverTime } from "../codes/law-over-time.ts";
import type { Case } from "../cases/case.ts";
import type { NoticeKind } from "../notices/notice.ts";
import type { LetterFacts } from "./letter.ts";
import { noticesOf } from "./letter.ts";
import type { Template } from "./template.ts";

export interface Ground {
  code: Code;
  source: Source;
  rule: Rule;
  strength: (typeof strengths)[number];
  /** The rule itself speaks of such a notice, not only of the same matter. */
  direct: boolean;
  /** Nobody said who lends or collects: it may not bind. */
  maybe: boolean;
}

const topicOfNotice: Partial<Record<(typeof noticeKinds)[number], (typeof topics)[number]>> = {
  "inconvenient-time": "quiet-hours",
  "inconvenient-place": "home-and-work",
  "medium-refused": "means-of-contact",
};

/** The rules that can be cited, those that speak of such a notice first, then the most binding. `day` = the letter's date. */
export function groundsFor(
  codes: readonly Code[],
  matter: Case,
  template: Template,
  { writtenOn: day }: Pick<LetterFacts, "writtenOn">,
): Ground[] {
  const found: Ground[] = [];
  for (const { sources } of lawOverTime(codes, matter)) {
    for (const { code, source, rules, binding: any } of sources) {
      for (const { rule, from, to } of rules) {
        if (!(rule.on || (any !== "off" && isDutyToKeep(rule, source))) || day < from || (to !== null && day > to))
          continue;
        const binding = bindingOf(rule, source, matter);
        if (binding !== "yes" && binding !== "unknown") continue;
        const about = noticesIn(rule.when);
        const direct = about.some((kind) => template.notices.includes(kind));
        if (!direct && (about.length > 0 || !wantedTopics(template, template.notices).has(rule.topic ?? ""))) continue;
        const strength = rule.strength ?? source.strength;
        found.push({ code, source, rule, strength, direct, maybe: binding === "unknown" });
      }
    }
  }
  return found.sort((a, b) => Number(b.direct) - Number(a.direct) || order[a.strength] - order[b.strength]);
}

/**
 * A duty to record or to keep records is switched off for judging because no single contact can show it; a letter that asks for the records
 * may cite it all the same, where its text was read or reported and its source is judged at all (a draft's is not).
 */
const isDutyToKeep = (rule: Rule, source: Source): boolean =>
  rule.topic === "records" && ["read", "reported"].includes(rule.checked ?? source.checked);

const order: Record<Ground["strength"], number> = {
  criminal: 0,
  law: 1,
  regulation: 2,
  standard: 3,
  "self-regulatory": 4,
  presumption: 5,
};

/** What is ticked before anybody chose: what speaks of such a notice; where nothing does, what is about the same matter. */
export function suggestedBasis(grounds: readonly Ground[], template: Template): string[] {
  const sure = grounds.filter(({ maybe }) => !maybe);
  const direct = sure.filter(({ direct: is }) => is);
  // Of a letter about several wishes, the hours are what nearly everybody asks for.
  const hours = sure.filter(({ rule }) => template.kind !== "contact-wishes" || rule.topic === "quiet-hours");
  return (direct.length > 0 ? direct : hours).map(({ rule }) => rule.id);
}

/** Those chosen that fit what the letter says in the end: no rule about hours behind a letter that names none. */
export function chosenGrounds(grounds: readonly Ground[], template: Template, facts: LetterFacts): Ground[] {
  const notices = noticesOf(template, facts);
  const wanted = wantedTopics(template, notices);
  return grounds.filter(
    ({ rule }) =>
      facts.basis.includes(rule.id) &&
      (wanted.has(rule.topic ?? "") || noticesIn(rule.when).some((kind) => notices.includes(kind))),
  );
}

const wantedTopics = (template: Template, notices: readonly NoticeKind[]): ReadonlySet<string> =>
  new Set([...template.topics, ...notices.flatMap((kind) => topicOfNotice[kind] ?? [])]);

/** The notices a condition speaks of, however deep. */
function noticesIn(condition: Condition): NoticeKind[] {
  return [
    ...(condition.afterNotice === undefined ? [] : [condition.afterNotice.kinds].flat()),
    ...[...(condition.all ?? []), ...(condition.any ?? [])].flatMap(noticesIn),
    ...(condition.not === undefined ? [] : noticesIn(condition.not)),
  ];
}

/** The clause as a letter may cite it: what nobody verified is left out. */
export function citedClause(clause: string): string | null {
  const bare = clause.replace(/[(（][^()（）]*(not verified|未核实)[^()（）]*[)）]/g, "").trim();
  return bare === "" || /not verified|未核实/.test(bare) ? null : bare;
}
