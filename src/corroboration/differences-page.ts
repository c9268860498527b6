/** What the list of contacts prints of which a record or a recording says something else than the log, a page at a time. */
import type { Case } from "../cases/case.ts";
import { shownName } from "../evidence/evidence.ts";
import { evidenceOf } from "../evidence/store.ts";
import { backingsOf } from "../incidents/sources/backings.ts";
import { disagreementText } from "../incidents/sources/view.ts";
import type { Db } from "../platform/database.ts";
import { differences, differingContacts, sumBackings } from "./backing-store.ts";
import { parseMoment } from "./form.ts";
import type { Words } from "./pages.ts";
import { bringUpToDate } from "./up-to-date.ts";

const LISTED = 50;

export async function differencesPage(
  db: Db,
  matter: Case,
  query: Record<string, unknown>,
  now: number,
  { t, format }: Words,
) {
  await bringUpToDate(db, matter, now);
  const base = `/cases/${matter.id}/corroboration/differences`;
  const about = differences.find((one) => one === query.about) ?? null;
  const before = parseMoment(query.before);
  const found = await differingContacts(db, matter.id, about, before, LISTED + 1);
  const contacts = found.slice(0, LISTED);
  const ids = contacts.map(({ id }) => id);
  const files = await evidenceOf(db, matter.id, "incident", ids);
  const backings = await backingsOf(db, matter.id, contacts, files, { zone: matter.zone, now });
  const sums = await sumBackings(db, matter.id);
  const address = (fields: Record<string, string | null>) => {
    const given = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
    return given.length === 0 ? base : `${base}?${new URLSearchParams(given).toString()}`;
  };
  const last = contacts.at(-1);
  return {
    title: t("corroboration.gap.differences.title"),
    caseId: matter.id,
    ways: [null, ...differences].map((one) => ({
      href: address({ about: one }),
      text: t(`corroboration.differences.${one ?? "all"}`, {
        n: format.number(
          sums
            .filter(({ differs }) => (one === null ? differs.length > 0 : differs.includes(one)))
            .reduce((all, { count }) => all + count, 0),
        ),
      }),
      current: one === about,
    })),
    rows: contacts.map((contact) => {
      const { groups = [], disagreements = [] } = backings.get(contact.id) ?? {};
      return {
        href: `/cases/${matter.id}/incidents/${contact.number}`,
        number: t("incidents.show.incident", { number: contact.number }),
        when: format.instant(contact.happenedAt, contact.precision),
        who: contact.direction === "incoming" ? contact.fromNumber : contact.calledNumber,
        backed: t("corroboration.incident.backed", {
          count: groups.length,
          n: format.number(groups.length),
          which: format.list(groups.map((group) => t(`corroboration.group.${group}`))),
        }),
        // Those that were asked for come first.
        says: disagreements
          .toSorted((a, b) => Number(b.about === about) - Number(a.about === about))
          .map((one) => disagreementText(one, shownName, { t, format })),
      };
    }),
    newerHref: before === null ? null : address({ about }),
    olderHref:
      found.length > LISTED && last !== undefined ? address({ about, before: `${last.happenedAt}.${last.id}` }) : null,
  };
}
