/** The tick beside each entry: into dossiers, or not. Below /cases/:case/impacts, beside the routes of the ledger. */
import { Router } from "express";
import { correctEntry } from "../ledger/keep-entry.ts";
import { getEntry } from "../ledger/store.ts";
import { requireMay } from "../people/member.ts";
import { memberOf } from "../people/person.ts";
import type { Services } from "../services.ts";
import { conflict, notFound } from "../web/errors.ts";
import { formValues } from "../web/forms.ts";
import { impactBook } from "./impact-book.ts";

export function impactRoutes({ db, clock }: Services): Router {
  const router = Router({ mergeParams: true });

  router.post("/:number/choice", requireMay("log"), async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const { chosen } = formValues(req.body);
    const number = /^[1-9]\d{0,8}$/.test(String(req.params.number)) ? Number(req.params.number) : 0;
    const by = { personId, at: clock.now() };
    const outcome = await db.transaction().execute(async (tx) => {
      const stored = await getEntry(tx, caseId, impactBook, number);
      if (stored === null) return null;
      const change = { facts: { ...stored.facts, inDossier: chosen === "yes" }, proof: { files: [], held: [] } };
      return correctEntry(tx, caseId, impactBook, stored, change, by);
    });
    if (outcome === null) throw notFound();
    if (!outcome.done) throw conflict("ledger.busy");
    res.redirect(303, `/cases/${caseId}/impacts#impact-${number}`);
  });

  return router;
}
