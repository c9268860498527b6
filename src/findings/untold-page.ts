/** The questions about what was told, together: for each rule how many contacts, and for one rule the form that answers several at once. */
import type { Case } from "../cases/case.ts";
import { clauseIn } from "../codes/clause.ts";
import { type Reader, ruleHref } from "../codes/pages.ts";
import { disclosures } from "../conduct/vocabulary.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import { countByRule } from "./count-store.ts";
import type { Desk } from "./explained.ts";
import { listFindings } from "./store.ts";
import { type Untold, untoldOf } from "./untold.ts";

/** So many contacts are answered for at once. */
const AT_ONCE = 50;

/** For a rule that asks no such question (any more) the page is the list of those that do. */
export async function untoldPage(
  desk: Desk,
  matter: Case,
  asked: { rule: string; values: FormValues; errors: FormErrors; mayLog: boolean },
  reader: Reader,
) {
  const { t, locale, format } = reader;
  const groups = untoldOf(desk.codes.expand(matter.codes), await countByRule(desk.db, matter.id));
  const chosen = groups.find(({ rule }) => rule.id === asked.rule);
  const here = `/cases/${matter.id}/findings/untold`;
  const ticked = (field: string, value: string) => [asked.values[field] ?? []].flat().includes(value);
  const listed =
    chosen === undefined
      ? []
      : (
          await listFindings(
            desk.db,
            matter.id,
            { rules: [chosen.rule.id], outcomes: ["cannot-tell"], reviewed: ["open"] },
            { limit: AT_ONCE },
          )
        ).findings;
  return {
    title:
      chosen === undefined
        ? t("explain.untold.title")
        : t("explain.untold.titleRule", { rule: chosen.rule.title[locale] }),
    back: `/cases/${matter.id}/findings`,
    here,
    groups: groupViews(groups, matter.id, reader),
    mayLog: asked.mayLog,
    errors: asked.errors,
    form:
      chosen === undefined
        ? null
        : {
            rule: chosen.rule.id,
            action: `/cases/${matter.id}/incidents/facts`,
            question: t("explain.untold.question", { list: namesOf(chosen, reader), count: chosen.contacts }),
            cite: t("findings.one.cite", {
              source: chosen.code.sources[chosen.rule.source]?.title[locale] ?? chosen.rule.source,
              clause: clauseIn(chosen.rule.clause, locale),
            }),
            ruleHref: ruleHref(chosen.code.id, chosen.rule.id, matter.id),
            more:
              chosen.contacts > listed.length
                ? t("explain.untold.more", { count: chosen.contacts - listed.length })
                : null,
            contacts: listed.map(({ incident }, index) => ({
              value: String(incident.number),
              id: index === 0 ? "numbers" : `numbers-${index + 1}`,
              text: t(incident.contacted === null ? "findings.lineShort" : "findings.line", {
                number: incident.number,
                channel: t(`findings.channel.${incident.channel}`),
                contacted: incident.contacted === null ? "" : t(`findings.contacted.${incident.contacted}`),
                when: format.instant(incident.happenedAt, incident.precision),
              }),
              checked: ticked("numbers", String(incident.number)),
            })),
            told: (["some", "nothing"] as const).map((value, index) => ({
              value,
              id: index === 0 ? "told" : `told-${index + 1}`,
              text: t(`findings.missing.told.${value}`),
              checked: ticked("told", value),
            })),
            disclosed: disclosures.map((value, index) => ({
              value,
              id: index === 0 ? "disclosed" : `disclosed-${index + 1}`,
              text: t(`codes.option.disclosed.${value}`),
              checked: ticked("disclosed", value),
            })),
          },
  };
}

/** One line for each rule: "for 38 contacts nobody noted whether they were told …". */
export const groupViews = (groups: readonly Untold[], caseId: string, reader: Reader) =>
  groups.map((group) => ({
    title: group.rule.title[reader.locale],
    question: reader.t("explain.untold.question", { list: namesOf(group, reader), count: group.contacts }),
    href: `/cases/${caseId}/findings/untold?rule=${encodeURIComponent(group.rule.id)}`,
  }));

const namesOf = ({ asks }: Untold, { t, format }: Reader): string =>
  format.list(asks.map((one) => t(`codes.term.disclosed.${one}`)));
