/** A case of Lin's to log contacts in, and the form a phone would send. */
import type { Agent, TestApp } from "../support/app.ts";

export async function openCase(agent: Agent, fields: Record<string, string> = {}): Promise<string> {
  const answer = await agent
    .post("/cases")
    .type("form")
    .send({ role: "borrower", borrower: "Lin Xiaoyu", lender: "Example Consumer Finance", lenderKind: "consumer-finance", country: "CN", zone: "Asia/Shanghai", ...fields }); // prettier-ignore
  const id = /^\/cases\/([^/?]+)/.exec(answer.headers.location ?? "")?.[1];
  if (id === undefined) throw new Error(`no case was opened: ${answer.status} ${answer.text.slice(0, 500)}`);
  return id;
}

/** What the form sends when only the quick part is answered; the test clock stands at 22:52 in Shanghai. */
export const quick = { channel: "call", date: "2026-11-20", time: "22:43", precision: "exact", contacted: "self" };

export interface Attachment {
  name: string;
  bytes: Buffer | string;
}

/** Sends the form as a browser does, with files. */
export function send(agent: Agent, path: string, fields: Record<string, string | string[]>, files: Attachment[] = []) {
  let request = agent.post(path);
  for (const [name, values] of Object.entries(fields)) {
    for (const value of [values].flat()) request = request.field(name, value);
  }
  for (const { name, bytes } of files) request = request.attach("files", Buffer.from(bytes), name);
  // An empty form of supertest would not be multipart at all.
  return Object.keys(fields).length + files.length === 0 ? request.field("x", "") : request;
}

/** Logs a contact and gives its number. */
export async function log(
  agent: Agent,
  caseId: string,
  fields: Record<string, string | string[]> = {},
  files: Attachment[] = [],
): Promise<number> {
  const answer = await send(agent, `/cases/${caseId}/incidents`, { ...quick, ...fields }, files);
  const number = /\/incidents\/(\d+)/.exec(answer.headers.location ?? "")?.[1];
  if (number === undefined) throw new Error(`not logged: ${answer.status} ${textOf(answer.text).slice(0, 800)}`);
  return Number(number);
}

/** What a person reads on a page. */
export function textOf(html: string): string {
  const start = html.indexOf("<main");
  return html
    .slice(html.indexOf(">", start) + 1, html.indexOf("</main>"))
    .replace(/<svg[^]*?<\/svg>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}

/** The actions of a case's history, oldest first. */
export async function actionsOf({ services: { db } }: TestApp, caseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("history")
    .select(["action", "subject"])
    .where("case_id", "=", caseId)
    .orderBy("seq")
    .execute();
  return rows.map(({ action, subject }) => `${action} ${subject}`);
}
