/** What the list of complaints prints. */
import { type Complaint, stateOf } from "./complaint.ts";
import type { Reader } from "./reader.ts";
import type { Known } from "./suggest.ts";
import { complaintsAt, nextText, officeName, timelineIn } from "./words.ts";

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
        href: `${complaintsAt(caseId)}/${complaint.number}`,
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
            action: `${complaintsAt(caseId)}/${parts.removed.number}/restoration`,
          },
  };
}
