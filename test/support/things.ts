/** What the parameters of addresses stand for in a planted case, so that every route can be asked. */
import type { TestApp } from "./app.ts";

/** One value for each parameter that names a thing of a case. */
export async function thingsOf({ services: { db } }: TestApp, caseId: string): Promise<Record<string, string>> {
  const one = async (table: "evidence" | "debts" | "collectors" | "dossiers") =>
    (await db.selectFrom(table).select("id").where("case_id", "=", caseId).limit(1).executeTakeFirst())?.id ?? "none";
  const finding = await db
    .selectFrom("findings")
    .innerJoin("incidents", "incidents.id", "findings.incident_id")
    .select(["rule", "incident_id", "number"])
    .where("findings.case_id", "=", caseId)
    .limit(1)
    .executeTakeFirst();
  return {
    case: caseId,
    number: "1",
    incident: finding?.incident_id ?? "none",
    findingNumber: String(finding?.number ?? 0),
    rule: finding?.rule ?? "none",
    evidence: await one("evidence"),
    exhibit: "A-1",
    debt: await one("debts"),
    collector: await one("collectors"),
    notice: "1",
    dossier: await one("dossiers"),
    version: "1",
    person: "nobody",
    invitation: "nothing",
    code: "cn-online-consumer-credit",
    token: "no-such-token",
    article: "kept",
    file: "pdf",
    format: "pdf",
  };
}

export const fill = (path: string, values: Record<string, string>) =>
  path
    .replace("/findings/:number/", `/findings/${values.findingNumber}/`)
    .replaceAll(/[:*](\w+)/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`say in thingsOf what :${name} of ${path} is`);
      return encodeURIComponent(value);
    });
