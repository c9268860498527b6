/** What the template under views/rights prints: the sheet in the reader's language. */
import { clauseIn } from "../codes/clause.ts";
import { type Reader, ruleHref } from "../codes/pages.ts";
import type { Channel } from "../complaints/channel.ts";
import { dayStrip } from "../web/charts/day-strip.ts";
import type { Span } from "../web/charts/marks.ts";
import { twoDigits } from "../conduct/zone.ts";
import type { Sheet, SheetRule } from "./sheet.ts";

/** More rules of one topic than this are folded away, and stay off the paper: the strongest are enough to point at. */
const SHOWN_OF_TOPIC = 3;
const SHOWN_OFFICES = 8;

/** What one can say, where a rule of that topic is in force; in the order in which a call goes. */
const phoneTopics = [
  "identification",
  "quiet-hours",
  "call-frequency",
  "third-parties",
  "home-and-work",
  "disclosure",
  "threats-and-abuse",
  "money",
  "stop-requests",
] as const;

interface Said {
  title: string;
  text: string;
  caution: string | null;
  obligation: string;
  href: string;
  /** "Source 2, art. 41" */
  source: string;
  strength: string;
}

export interface RightsPage {
  title: string;
  nav: "cases" | "codes";
  back: { text: string; href: string };
  lede: string;
  /** Where the codes are chosen; only when none is. */
  chooseHref: string | null;
  hoursSvg: string;
  hours: { text: string; said: Said }[];
  free: string | null;
  groups: { title: string; rules: Said[]; more: Said[] }[];
  phone: { words: string; source: string; strength: string; href: string }[];
  offices: { name: string; href: string; takes: string; reach: string[]; unverified: boolean }[];
  sources: { n: number; title: string; issuer: string; strength: string; since: string; checked: string }[];
  made: string;
}

export function rightsPage(
  sheet: Sheet,
  reader: Reader,
  parts: Pick<RightsPage, "nav" | "back" | "lede" | "chooseHref"> & { caseId: string; offices: readonly Channel[] },
): RightsPage {
  const { t, locale, format, today } = reader;
  const said = (found: SheetRule) => saidOf(found, reader, parts.caseId);
  const groups = sheet.groups.map(({ topic, rules }) => ({
    title: topic === "other" ? t("rights.other") : t(`explain.topic.${topic}`),
    rules: rules.slice(0, SHOWN_OF_TOPIC).map(said),
    more: rules.slice(SHOWN_OF_TOPIC).map(said),
  }));
  const strongest = new Map(sheet.groups.map(({ topic, rules }) => [topic as string, rules[0]!]));
  const [night] = sheet.hours.rules;
  const freeText = format.list(sheet.hours.free.map(spanText));
  return {
    title: t("rights.title"),
    nav: parts.nav,
    back: parts.back,
    lede: parts.lede,
    chooseHref: parts.chooseHref,
    hoursSvg: sheet.hours.spans.length === 0 ? "" : dayStrip([], { forbidden: sheet.hours.spans, size: "large" }),
    hours: sheet.hours.rules.map(({ rule, hours }) => ({
      text: format.list(hours.map(({ from, to }) => t("rights.hours.span", { from, to }))),
      said: said(rule),
    })),
    free:
      sheet.hours.spans.length === 0
        ? null
        : t(freeText === "" ? "rights.hours.noneFree" : "rights.hours.free", { hours: freeText }),
    groups,
    phone: phoneTopics.flatMap((topic) => {
      // Hours are named by the rule that sets them, which need not be the strongest of its topic.
      const rule = topic === "quiet-hours" ? night?.rule : strongest.get(topic);
      if (rule === undefined) return [];
      const { source, strength, href } = said(rule);
      return [{ words: t(`rights.phone.${topic}`, { hours: freeText }), source, strength, href }];
    }),
    offices: parts.offices.slice(0, SHOWN_OFFICES).map((office) => ({
      name: office.name[locale],
      href: `/channels/${office.id}`,
      takes: office.takes[locale],
      reach: office.reach,
      unverified: office.checked.how === "unverified",
    })),
    sources: sheet.sources.map(({ source }, index) => ({
      n: index + 1,
      title: source.title[locale],
      issuer: source.issuer[locale],
      strength: source.strength,
      since: t("codes.code.since", { from: format.date(source.from) }),
      checked: t(`codes.rule.checkedHow.${source.checked}`),
    })),
    made: t("rights.made", { day: format.longDay(today) }),
  };
}

function saidOf({ code, rule, sourceNumber, strength }: SheetRule, { locale, t }: Reader, caseId: string): Said {
  return {
    title: rule.title[locale],
    text: rule.paraphrase[locale],
    caution: rule.caution?.[locale] ?? null,
    obligation: rule.obligation,
    href: ruleHref(code.id, rule.id, caseId),
    source: t("rights.source", { n: sourceNumber, clause: clauseIn(rule.clause, locale) }),
    strength,
  };
}

const timeText = (minute: number): string => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
const spanText = ({ fromMinute, toMinute }: Span): string => `${timeText(fromMinute)}–${timeText(toMinute)}`;
