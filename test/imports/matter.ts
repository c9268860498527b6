/** A case to import into: Lin's, in Shanghai, with a lender and no code of conduct. */
import { createCase } from "../../src/cases/store.ts";
import type { TestApp } from "../support/app.ts";

/** @returns the id of the case */
export async function caseOfLin({ services, personId, clock }: TestApp): Promise<string> {
  const by = { personId: await personId("lin"), at: clock.now() };
  const facts = {
    borrower: "Lin",
    lender: "星火消费金融",
    lenderKind: "consumer-finance",
    respondentKind: "debt-collector",
    platform: null,
    zone: "Asia/Shanghai",
    country: "CN",
    pastDueOn: null,
    reachable: true,
    debtLawful: true,
    employerForbids: null,
    demo: false,
    role: "borrower",
    codes: [],
  } as const;
  return (await services.db.transaction().execute((tx) => createCase(tx, { ...facts, codes: [] }, by))).id;
}
