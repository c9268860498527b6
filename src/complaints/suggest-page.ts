/** What the page prints that says where one could complain, in which order and why. */
import type { FormErrors } from "../web/forms.ts";
import { checkedText } from "./channel-page.ts";
import { type Complaint, stateOf } from "./complaint.ts";
import type { Reader } from "./reader.ts";
import type { Fit, Known, Suggestion } from "./suggest.ts";
import { complaintsAt, officeName } from "./words.ts";

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
              href: `${complaintsAt(caseId)}/${already.number}`,
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
