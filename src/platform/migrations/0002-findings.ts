/**
 * Findings counted once and kept as numbers; what judging again changed; what a finding said when a person spoke of it.
 * Never edited once released: a later change is a new file.
 */
import { type Kysely, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

export async function findings(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;

  await db.schema.alterTable("cases").addColumn("judged_incidents", integer).execute();
  await db.schema.alterTable("cases").addColumn("judged_history", integer).execute();
  await db.schema.alterTable("reviews").addColumn("finding_json", "text").execute();

  await db.schema
    .createTable("finding_counts")
    .addColumn("case_id", "text", (column) => column.notNull().references("cases.id").onDelete("cascade"))
    .addColumn("rule", "text", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("n", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("finding_counts_key", ["case_id", "rule", "outcome"])
    .execute();
  await sql`
    insert into finding_counts (case_id, rule, outcome, n)
    select case_id, rule, outcome, count(*) from findings group by case_id, rule, outcome`.execute(db);

  await db.schema
    .createTable("judgements")
    .addColumn("case_id", "text", (column) => column.notNull().references("cases.id").onDelete("cascade"))
    .addColumn("seq", integer, (column) => column.notNull())
    .addColumn("at", integer, (column) => column.notNull())
    .addColumn("after_history", integer)
    .addColumn("upto_history", integer, (column) => column.notNull())
    .addColumn("appeared", integer, (column) => column.notNull())
    .addColumn("changed", integer, (column) => column.notNull())
    .addColumn("gone", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("judgements_key", ["case_id", "seq"])
    .execute();
  await db.schema
    .createTable("judgement_changes")
    .addColumn("case_id", "text", (column) => column.notNull())
    .addColumn("seq", integer, (column) => column.notNull())
    .addColumn("nth", integer, (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("incident_id", "text", (column) => column.notNull())
    .addColumn("rule", "text", (column) => column.notNull())
    .addColumn("before_json", "text")
    .addColumn("after_json", "text")
    .addPrimaryKeyConstraint("judgement_changes_key", ["case_id", "seq", "nth"])
    .addForeignKeyConstraint(
      "judgement_changes_of",
      ["case_id", "seq"],
      "judgements",
      ["case_id", "seq"],
      (constraint) => constraint.onDelete("cascade"),
    )
    .execute();
}
