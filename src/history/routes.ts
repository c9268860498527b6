/** The history of a case as people read it, and the check of its chain; below /cases/:case/history. */
import { Router } from "express";
import type { Act } from "../conduct/vocabulary.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import type { Format } from "../web/format.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { type HistoryPage, type Namer, historyRows, subjectName } from "./pages.ts";
import { headOf, listEvents, verifyHistory } from "./store.ts";

const PAGE = 50;

/** @param codesOf every code of conduct that a case knows or knew: entries name them and their rules. */
export function historyRoutes({ db }: Services, codesOf: (caseId: string) => Promise<Services["codes"]>): Router {
  const router = Router({ mergeParams: true });

  router.get("/", async (req, res) => {
    const { caseId } = memberOf(res);
    const t = res.locals.t as Translate;
    const format = res.locals.format as Format;
    const locale = res.locals.locale as Locale;
    const subject = typeof req.query.subject === "string" ? req.query.subject.slice(0, 200) : undefined;
    const asked = typeof req.query.before === "string" ? req.query.before : "";
    const before = /^[1-9]\d{0,14}$/.test(asked) ? Number(asked) : undefined;
    const [events, head, fault] = await Promise.all([
      listEvents(db, caseId, { subject, before, limit: PAGE + 1 }),
      headOf(db, caseId),
      req.query.check === "1" ? verifyHistory(db, caseId) : undefined,
    ]);
    const shown = events.slice(0, PAGE);
    const address = (wish: { before?: number }) => {
      const query = new URLSearchParams();
      if (subject !== undefined) query.set("subject", subject);
      if (wish.before !== undefined) query.set("before", String(wish.before));
      return `/cases/${caseId}/history${query.size > 0 ? `?${query.toString()}` : ""}`;
    };
    // Somebody's own id stands where they joined or left; everybody else is an actor.
    const people = shown.flatMap((event) => [event.actor, event.subject.replace(/^person:/, "")]);
    const page: HistoryPage = {
      title: t("history.title"),
      caseId,
      rows: historyRows({ t, format }, shown, {
        caseId,
        namer: await namerOf(caseId, people, locale),
        filtered: subject !== undefined,
      }),
      chips:
        subject === undefined
          ? []
          : [{ label: t("history.only"), value: subjectName(t, subject), href: `/cases/${caseId}/history` }],
      newerHref: before === undefined ? null : address({}),
      olderHref: events.length > PAGE ? address({ before: shown.at(-1)?.seq }) : null,
      head,
      check:
        fault === undefined
          ? null
          : { holds: fault === null, fault: fault && t(`history.check.fault.${fault.kind}`, { ...fault }) },
    };
    res.render("history/list", page);
  });

  async function namerOf(caseId: string, people: readonly string[], locale: Locale): Promise<Namer> {
    const [persons, collectors, debts] = await Promise.all([
      db
        .selectFrom("people")
        .select(["id", "name"])
        .where("id", "in", [...new Set(people)])
        .execute(),
      db.selectFrom("collectors").select(["id", "name"]).where("case_id", "=", caseId).execute(),
      db.selectFrom("debts").select(["id", "creditor as name"]).where("case_id", "=", caseId).execute(),
    ]);
    const byId = (rows: readonly { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]));
    const things = { collectorId: byId(collectors), debtId: byId(debts) };
    const codes = await codesOf(caseId);
    const rules = new Map(codes.all().flatMap((code) => code.rules.map((rule) => [rule.id, rule.title[locale]])));
    const acts = new Set<string>(codes.acts.acts.map(({ id }) => id));
    return {
      people: byId(persons),
      rule: (id) => rules.get(id) ?? id,
      value(field, value) {
        if (field === "collectorId" || field === "debtId") return things[field].get(value);
        if (field === "codes") return codes.get(value)?.title[locale];
        return field === "acts" && acts.has(value) ? codes.actLabel(value as Act, locale) : undefined;
      },
    };
  }
  return router;
}
