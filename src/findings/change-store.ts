/**
 * The latest judgements of a case that made anything different: how many findings appeared, changed and went, the first so many of them one
 * by one, and what happened in the case before. Kept by judge-case.ts; every query names the case. Next: list-page.ts shows them.
 */
import type { z } from "zod";
import type { Finding } from "../conduct/finding.ts";
import type { Bilingual, Precision } from "../conduct/vocabulary.ts";
import type { Db, Tx } from "../platform/database.ts";
import type { Compared, StoredFinding } from "./difference.ts";
import type { KeptOutcome } from "./finding.ts";

/** Judgements kept of a case, and findings kept of a judgement. */
const KEPT_JUDGEMENTS = 50;
const KEPT_CHANGES = 200;

/** What a finding said or says. */
export interface Saying {
  outcome: KeptOutcome;
  because: z.infer<typeof Bilingual>;
}

/** One finding that a judgement made different; its incident may have been removed since. */
export interface RecordedChange {
  incidentId: string;
  /** The human number of its incident. */
  number: number;
  /** Epoch milliseconds. */
  happenedAt: number;
  precision: Precision;
  rule: string;
  /** Null for a finding that appeared. */
  before: Saying | null;
  /** Null for a finding that is gone. */
  after: Saying | null;
}

/** Something that happened in the case before it was judged again, as the history has it. */
export interface Cause {
  action: string;
  subject: string;
  /** Person id, or `system`. */
  actor: string;
  at: number;
}

/** One judgement. The lists hold the first 200 findings together; `counts` says how many there were. */
export interface RecentChange {
  /** Epoch milliseconds. */
  at: number;
  counts: { appeared: number; changed: number; gone: number };
  /** The newest few, newest first. None: it was judged again because codes or this program changed. */
  causes: Cause[];
  appeared: RecordedChange[];
  /** Same incident and rule, but another outcome, reason or counted set. */
  changed: RecordedChange[];
  gone: RecordedChange[];
}

/** Events on which no finding depends. */
const withoutEffect = ["dossier.", "evidence.", "finding.", "invitation.", "member."];
const CAUSES = 5;

/**
 * The latest judgements of a case that made anything different, newest first. Call `currentFindings` before.
 * @param limit at most 50 are kept.
 */
export async function recentChanges(db: Db, caseId: string, limit: number): Promise<RecentChange[]> {
  const judgements = await db
    .selectFrom("judgements")
    .selectAll()
    .where("case_id", "=", caseId)
    .orderBy("seq", "desc")
    .limit(limit)
    .execute();
  const [newest, oldest] = [judgements[0], judgements.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const rows = await db
    .selectFrom("judgement_changes")
    .innerJoin("incidents", (join) =>
      join
        .onRef("incidents.id", "=", "judgement_changes.incident_id")
        .onRef("incidents.case_id", "=", "judgement_changes.case_id"),
    )
    .select([
      "judgement_changes.seq",
      "kind",
      "incident_id",
      "incidents.number",
      "happened_at",
      "precision",
      "rule",
      "before_json",
      "after_json",
    ])
    .where("judgement_changes.case_id", "=", caseId)
    .where("judgement_changes.seq", ">=", oldest.seq)
    .orderBy("judgement_changes.seq")
    .orderBy("nth")
    .execute();
  const changes = Map.groupBy(rows, (row) => `${row.seq} ${row.kind}`);
  return Promise.all(
    judgements.map(async (judgement) => {
      const of = (kind: string): RecordedChange[] =>
        (changes.get(`${judgement.seq} ${kind}`) ?? []).map((row) => ({
          incidentId: row.incident_id,
          number: row.number,
          happenedAt: row.happened_at,
          precision: row.precision as Precision,
          rule: row.rule,
          before: sayingFrom(row.before_json),
          after: sayingFrom(row.after_json),
        }));
      return {
        at: judgement.at,
        counts: { appeared: judgement.appeared, changed: judgement.changed, gone: judgement.gone },
        causes: await causesOf(db, caseId, judgement.after_history ?? 0, judgement.upto_history),
        appeared: of("appeared"),
        changed: of("changed"),
        gone: of("gone"),
      };
    }),
  );
}

/** How many findings appeared, changed and went in the judgements made after a moment (epoch ms), as far as they are kept. */
export async function changesSince(db: Db, caseId: string, at: number): Promise<RecentChange["counts"]> {
  const sums = await db
    .selectFrom("judgements")
    .select((eb) => [
      eb.fn.sum<number | null>("appeared").as("appeared"),
      eb.fn.sum<number | null>("changed").as("changed"),
      eb.fn.sum<number | null>("gone").as("gone"),
    ])
    .where("case_id", "=", caseId)
    .where("at", ">", at)
    .executeTakeFirstOrThrow();
  return { appeared: Number(sums.appeared), changed: Number(sums.changed), gone: Number(sums.gone) };
}

function causesOf(db: Db, caseId: string, after: number, upTo: number): Promise<Cause[]> {
  let query = db
    .selectFrom("history")
    .select(["action", "subject", "actor", "at"])
    .where("case_id", "=", caseId)
    .where("seq", ">", after)
    .where("seq", "<=", upTo);
  for (const prefix of withoutEffect) query = query.where("action", "not like", `${prefix}%`);
  return query.orderBy("seq", "desc").limit(CAUSES).execute();
}

/** Keeps what a judgement made different, and drops the oldest. Nothing is kept when nothing is different. */
export async function keepChanges(
  tx: Tx,
  caseId: string,
  judgement: { at: number; afterHistory: number | null; uptoHistory: number },
  compared: Compared,
): Promise<void> {
  const { appeared, changed, gone } = compared.difference;
  if (appeared.length + changed.length + gone.length === 0) return;
  const { newest } = await tx
    .selectFrom("judgements")
    .select((eb) => eb.fn.max("seq").as("newest"))
    .where("case_id", "=", caseId)
    .executeTakeFirstOrThrow();
  const seq = ((newest as number | null) ?? 0) + 1;
  await tx
    .insertInto("judgements")
    .values({
      case_id: caseId,
      seq,
      at: judgement.at,
      after_history: judgement.afterHistory,
      upto_history: judgement.uptoHistory,
      appeared: appeared.length,
      changed: changed.length,
      gone: gone.length,
    })
    .execute();
  // What changed or went can be seen nowhere else, so it comes first.
  const wanted = [
    ...changed.map((change) => ({ kind: "changed", ...change })),
    ...gone.map((change) => ({ kind: "gone", ...change })),
    ...appeared.map((change) => ({ kind: "appeared", ...change })),
  ].slice(0, KEPT_CHANGES);
  const keyOf = ({ incidentId, rule }: { incidentId: string; rule: string }) => `${incidentId} ${rule}`;
  const wantedKeys = new Set(wanted.map(keyOf));
  const among = (findings: readonly StoredFinding[]) =>
    new Map(findings.filter((one) => wantedKeys.has(keyOf(one))).map((one) => [keyOf(one), one.json]));
  const { written, deleted } = compared;
  const before = among([...written.flatMap(({ old }) => old ?? []), ...deleted]);
  const after = among(written.map(({ fresh }) => fresh));
  await tx
    .insertInto("judgement_changes")
    .values(
      wanted.map((change, nth) => ({
        case_id: caseId,
        seq,
        nth,
        kind: change.kind,
        incident_id: change.incidentId,
        rule: change.rule,
        before_json: sayingText(before.get(keyOf(change))),
        after_json: sayingText(after.get(keyOf(change))),
      })),
    )
    .execute();
  await tx
    .deleteFrom("judgements")
    .where("case_id", "=", caseId)
    .where("seq", "<=", seq - KEPT_JUDGEMENTS)
    .execute();
}

function sayingText(json: string | undefined): string | null {
  if (json === undefined) return null;
  const { outcome, because } = JSON.parse(json) as Finding;
  return JSON.stringify({ outcome, because });
}
const sayingFrom = (json: string | null): Saying | null => (json === null ? null : (JSON.parse(json) as Saying));
