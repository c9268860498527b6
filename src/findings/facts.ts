/**
 * The read model that judging needs: rows made into the public shapes of the core. Names of lenders, collectors and debts become ids that
 * stay equal when a name is corrected. It must not know what any rule says. Next: judge-case.ts.
 */
import { createHash } from "node:crypto";
import type { Case } from "../cases/case.ts";
import type { CaseContext } from "../conduct/case.ts";
import type { Incident } from "../conduct/incident.ts";
import { listNotices } from "../notices/store.ts";
import type { Db } from "../platform/database.ts";
import type { Rest } from "./rest.ts";

/** What stands round the incidents of a case. */
export interface Around {
  context: CaseContext;
  /** Collector id -> kind; removed collectors too, for incidents still name them. */
  collectorKinds: ReadonlyMap<string, string>;
  /** Debt id -> creditor, the same text for the same lender. */
  creditors: ReadonlyMap<string, string>;
  /** What an incident that names no debt is about; undefined when that cannot be known. */
  soleDebt: string | undefined;
  soleCreditor: string | undefined;
}

/**
 * Changes with the facts of the case itself, of which every finding may depend. Notices, debts and collectors are not in it: whoever
 * changes one of them marks stale what it touches.
 */
export function fingerprintOf(matter: Case): string {
  return createHash("sha256")
    .update(JSON.stringify([matter.lender, factsOf(matter)]))
    .digest("hex");
}

/** Reads what stands round the incidents of a case: three small queries, whatever the number of incidents. */
export async function readAround(db: Db, matter: Case): Promise<Around> {
  const [notices, debts, collectors] = [
    await listNotices(db, matter.id),
    await db
      .selectFrom("debts")
      .select(["id", "creditor", "removed_at"])
      .where("case_id", "=", matter.id)
      .orderBy("id")
      .execute(),
    await db.selectFrom("collectors").select(["id", "kind"]).where("case_id", "=", matter.id).orderBy("id").execute(),
  ];
  const open = debts.filter((debt) => debt.removed_at === null);
  const creditors = new Map(debts.map((debt) => [debt.id, sameName(debt.creditor)]));
  const openCreditors = new Set(open.map((debt) => sameName(debt.creditor)));
  // A case without a debt written down is still about one: the one with its lender.
  const soleDebt = open.length === 0 ? matter.id : open.length === 1 ? open[0]?.id : undefined;
  const soleCreditor =
    openCreditors.size === 0 ? sameName(matter.lender) : openCreditors.size === 1 ? [...openCreditors][0] : undefined;
  return {
    context: { ...factsOf(matter), notices },
    collectorKinds: new Map(collectors.map((collector) => [collector.id, collector.kind])),
    creditors,
    soleDebt,
    soleCreditor,
  };
}

function factsOf(matter: Case): Omit<CaseContext, "notices"> {
  const known = <T>(value: T | null): T | undefined => value ?? undefined;
  return {
    zone: matter.zone,
    lenderKind: matter.lenderKind,
    respondentKind: matter.respondentKind,
    pastDueOn: known(matter.pastDueOn),
    reachable: known(matter.reachable),
    debtLawful: known(matter.debtLawful),
    employerForbids: known(matter.employerForbids),
    codes: matter.codes,
  };
}

/** "Example Finance Ltd" and "example finance  ltd" are one lender. */
const sameName = (name: string): string => name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();

/** An incident as the core judges it, and the moment as stored. */
export interface JudgedIncident {
  incident: Incident;
  happenedAt: number;
}

/** Rows read at a time. */
const PAGE = 1000;

/**
 * The incidents that happened in a span (epoch ms, both ends included), in time order; those of one instant by id.
 * @param rest what to await between two pages of rows, if others may go on meanwhile.
 */
export async function incidentsBetween(
  db: Db,
  caseId: string,
  span: { from: number; to: number },
  around: Around,
  rest?: Rest,
): Promise<JudgedIncident[]> {
  const incidents: JudgedIncident[] = [];
  let last: IncidentRow | undefined;
  for (;;) {
    const rows = await rowsBetween(db, caseId, span, last);
    for (const row of rows) incidents.push({ incident: incidentFrom(row, around), happenedAt: row.happened_at });
    last = rows.at(-1);
    if (rows.length < PAGE) return incidents;
    await rest?.();
  }
}

/** How many incidents happened in a span, for which {@link incidentsBetween} would read them. */
export async function countBetween(db: Db, caseId: string, span: { from: number; to: number }): Promise<number> {
  const { n } = await db
    .selectFrom("incidents")
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", ">=", span.from)
    .where("happened_at", "<=", span.to)
    .executeTakeFirstOrThrow();
  return n;
}

/** When the n-th incident of a span happened, counted from 0; null when it has no more than n. */
export async function momentOf(
  db: Db,
  caseId: string,
  span: { from: number; to: number },
  n: number,
): Promise<number | null> {
  const row = await db
    .selectFrom("incidents")
    .select("happened_at")
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", ">=", span.from)
    .where("happened_at", "<=", span.to)
    .orderBy("happened_at")
    .limit(1)
    .offset(n)
    .executeTakeFirst();
  return row?.happened_at ?? null;
}

/** A month with the days round it that belong to it in some time zone. */
const LONGEST_MONTH = 33 * 86_400_000;

/**
 * The earliest moment at which an incident is kept that may have happened at or after `moment`: one of which only the month is known
 * stands at the beginning of its month. @returns `moment` itself when there is none.
 */
export async function reachBack(db: Db, caseId: string, moment: number): Promise<number> {
  const { earliest } = await db
    .selectFrom("incidents")
    .select((eb) => eb.fn.min("happened_at").as("earliest"))
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("precision", "=", "month")
    .where("happened_at", ">=", moment - LONGEST_MONTH)
    .where("happened_at", "<", moment)
    .executeTakeFirstOrThrow();
  return earliest ?? moment;
}

/**
 * Of the incidents before a moment, the first of each kind that a "first contact" could be: what stands for the whole past where a rule
 * asks for it. Two incidents equal in all these respects differ in time alone, and then only the earlier can matter.
 */
export async function firstIncidentsBefore(
  db: Db,
  caseId: string,
  before: number,
  around: Around,
): Promise<JudgedIncident[]> {
  const rows = await db
    .with("ordered", (with_) =>
      with_
        .selectFrom("incidents")
        .select(judgedColumns)
        .select((eb) => [
          eb.fn
            .agg<number>("row_number")
            .over((over) =>
              over
                .partitionBy([
                  "debt_id",
                  "collector_id",
                  "called_number",
                  "contacted",
                  "direction",
                  "outcome",
                  "channel",
                ])
                .orderBy("happened_at")
                .orderBy("id"),
            )
            .as("nth"),
        ])
        .where("case_id", "=", caseId)
        .where("removed_at", "is", null)
        .where("happened_at", "<", before),
    )
    .selectFrom("ordered")
    .select(judgedColumns)
    .where("nth", "=", 1)
    .orderBy("happened_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({ incident: incidentFrom(row, around), happenedAt: row.happened_at }));
}

const rowsBetween = (
  db: Db,
  caseId: string,
  { from, to }: { from: number; to: number },
  after?: { happened_at: number; id: string },
) => {
  const rows = db
    .selectFrom("incidents")
    .select(judgedColumns)
    .where("case_id", "=", caseId)
    .where("removed_at", "is", null)
    .where("happened_at", "<=", to);
  return (
    after === undefined
      ? rows.where("happened_at", ">=", from)
      : rows.where((eb) => eb(eb.refTuple("happened_at", "id"), ">", eb.tuple(after.happened_at, after.id)))
  )
    .orderBy("happened_at")
    .orderBy("id")
    .limit(PAGE)
    .execute();
};

const judgedColumns = [
  "id",
  "channel",
  "direction",
  "happened_at",
  "precision",
  "duration_seconds",
  "outcome",
  "purpose",
  "automated",
  "contacted",
  "place",
  "from_number",
  "called_number",
  "collector_id",
  "debt_id",
  "acts_json",
  "said",
  "account",
  "disclosed_json",
  "visitors",
] as const;
type IncidentRow = Awaited<ReturnType<typeof rowsBetween>>[number];

/** The rows were checked by the forms that wrote them; here only absent values are left out, for absent means "not known". */
function incidentFrom(row: IncidentRow, around: Around): Incident {
  const debt = row.debt_id ?? around.soleDebt;
  const creditor = row.debt_id === null ? around.soleCreditor : around.creditors.get(row.debt_id);
  const collectorKind = row.collector_id === null ? undefined : around.collectorKinds.get(row.collector_id);
  const facts: Record<string, unknown> = {
    id: row.id,
    channel: row.channel,
    direction: row.direction,
    happenedAt: new Date(row.happened_at).toISOString(),
    precision: row.precision,
    acts: JSON.parse(row.acts_json),
  };
  const set = (name: string, value: unknown) => {
    if (value !== null && value !== undefined) facts[name] = value;
  };
  set("durationSeconds", row.duration_seconds);
  set("outcome", row.outcome);
  set("purpose", row.purpose);
  set("automated", row.automated === null ? null : row.automated === 1);
  set("contacted", row.contacted);
  set("place", row.place);
  set("fromNumber", row.from_number);
  set("calledNumber", row.called_number);
  set("collector", row.collector_id);
  set("collectorKind", collectorKind);
  set("creditor", creditor);
  set("debt", debt);
  set("said", row.said);
  set("account", row.account);
  set("disclosed", row.disclosed_json === null ? null : JSON.parse(row.disclosed_json));
  set("visitors", row.visitors);
  return facts as Incident;
}
