/** What is being worked on: the draft of a code, or its newest version where nothing is changed yet. Next: routes.ts. */
import { setImmediate } from "node:timers/promises";
import { readOnce } from "../codes/case-codes.ts";
import type { CodeLibrary, CodeText } from "../codes/library.ts";
import type { OwnCode } from "../codes/own-code.ts";
import { getDraft, getVersion } from "../codes/own-store.ts";
import { type ExampleFailure, checkExamples } from "../conduct/examples.ts";
import type { Db } from "../platform/database.ts";
import { createHash } from "node:crypto";

export interface Work {
  yaml: string;
  /** 0 = nothing is changed yet. */
  revision: number;
  read: CodeText;
}

export async function workOn(db: Db, caseId: string, code: OwnCode): Promise<Work> {
  const draft = await getDraft(db, caseId, code.id);
  const yaml = draft?.yaml ?? (await getVersion(db, caseId, code.id, code.newest.number))?.yaml;
  if (yaml === undefined) throw new Error(`code ${code.id} of case ${caseId} has no version`);
  const sha256 = createHash("sha256").update(yaml).digest("hex");
  return { yaml, revision: draft?.revision ?? 0, read: await readOnce({ id: code.id, sha256, yaml }) };
}

/** The examples that come out otherwise than they say. Rule by rule, so that others get their turn however many there are. */
export async function examplesOtherwise(
  { code }: CodeText,
  { wording, acts }: Pick<CodeLibrary, "wording" | "acts">,
): Promise<ExampleFailure[]> {
  const failures: ExampleFailure[] = [];
  let rested = performance.now();
  for (const [index, rule] of code.rules.entries()) {
    for (const failure of checkExamples({ ...code, rules: [rule] }, { wording, acts }))
      failures.push({ ...failure, path: ["rules", index, ...failure.path.slice(2)] });
    if (performance.now() - rested < 20) continue;
    await setImmediate();
    rested = performance.now();
  }
  return failures;
}
