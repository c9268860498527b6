/**
 * What was told in several contacts, answered at once: each contact keeps its own event in the history, as if it had been answered by
 * itself. Next: routes.ts.
 */
import type { By } from "../cases/case.ts";
import { disclosures } from "../conduct/vocabulary.ts";
import type { Db } from "../platform/database.ts";
import { type FormErrors, type FormValues, formValues } from "../web/forms.ts";
import { answerFact } from "./correct-incident.ts";
import type { Disclosure } from "./incident.ts";
import { getIncident } from "./store.ts";

/** More contacts than the page lists are nobody's honest answer. */
const AT_MOST = 50;

export type ManyAnswered =
  { ok: true; numbers: number[]; disclosed: Disclosure[] } | { ok: false; values: FormValues; errors: FormErrors };

export function parseMany(body: unknown): ManyAnswered {
  const values = formValues(body);
  const all = (name: string): string[] => [values[name] ?? []].flat();
  const numbers = all("numbers")
    .filter((text) => /^[1-9]\d{0,8}$/.test(text))
    .map(Number);
  const disclosed = disclosures.filter((one) => all("disclosed").includes(one));
  const errors: FormErrors = {};
  if (numbers.length === 0) errors.numbers = "explain.untold.noContacts";
  if (numbers.length > AT_MOST) errors.numbers = "explain.untold.tooMany";
  if (values.told !== "some" && values.told !== "nothing") errors.told = "explain.untold.noAnswer";
  if (values.told === "some" && disclosed.length === 0) errors.disclosed = "explain.untold.nothingTicked";
  if (Object.keys(errors).length > 0) return { ok: false, values, errors };
  return { ok: true, numbers, disclosed: values.told === "nothing" ? [] : disclosed };
}

/** Answers for those of which nothing was noted yet: what somebody else has said meanwhile stays. @returns for how many. */
export async function answerMany(
  db: Db,
  caseId: string,
  { numbers, disclosed }: { numbers: readonly number[]; disclosed: Disclosure[] },
  by: By,
): Promise<number> {
  let answered = 0;
  for (const number of numbers) {
    const stored = await getIncident(db, caseId, number);
    if (stored?.disclosed === null && (await answerFact(db, caseId, number, { disclosed }, by))) answered += 1;
  }
  return answered;
}
