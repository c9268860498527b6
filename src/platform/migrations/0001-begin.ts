/** The first schema. Never edited once released: a later change is a new file. */
import { type Kysely, type CreateTableBuilder, sql } from "kysely";
import type { DatabaseKind } from "../schema.ts";

type Table = CreateTableBuilder<string>;

export async function begin(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const integer = kind === "postgres" ? sql`bigint` : sql`integer`;
  const moment = kind === "postgres" ? sql`timestamptz` : sql`text`;
  const flag = kind === "postgres" ? sql`boolean` : sql`integer`;
  /** Adds columns in order: a name means text, `name#` a whole number, `name@` a moment, `name!` a flag; a final `?` allows null. */
  const columns = (table: Table, names: string): Table =>
    names
      .trim()
      .split(/\s+/)
      .reduce<Table>((t, word) => {
        const nullable = word.endsWith("?");
        const marked = nullable ? word.slice(0, -1) : word;
        const mark = marked.at(-1) ?? "";
        const name = "#@!".includes(mark) ? marked.slice(0, -1) : marked;
        const type = mark === "#" ? integer : mark === "@" ? moment : mark === "!" ? flag : sql`text`;
        return t.addColumn(name as never, type, (c) => (nullable ? c : c.notNull()));
      }, table);
  const table = (name: string, names: string, key: string[]): Table =>
    columns(db.schema.createTable(name), names).addPrimaryKeyConstraint(`${name}_key`, key as never[]);
  const ofCase = (t: Table, name: string): Table =>
    t.addForeignKeyConstraint(`${name}_case`, ["case_id"] as never[], "cases", ["id"], (c) => c.onDelete("cascade"));
  const index = (name: string, on: string, by: string[], where?: string) => {
    let builder = db.schema.createIndex(name).on(on);
    builder = builder.expression(sql.raw(by.join(", ")));
    return (where === undefined ? builder : builder.where(sql.raw<boolean>(where))).execute();
  };
  const unique = (name: string, on: string, by: string[]) =>
    db.schema.createIndex(name).on(on).columns(by).unique().execute();

  await table("people", "id name email email_verified! image? created_at@ updated_at@ locale? standing", [
    "id",
  ]).execute();
  await unique("people_email", "people", ["email"]);
  await table("sessions", "id user_id token expires_at@ ip_address? user_agent? created_at@ updated_at@", ["id"])
    .addForeignKeyConstraint("sessions_person", ["user_id"] as never[], "people", ["id"], (c) => c.onDelete("cascade"))
    .execute();
  await unique("sessions_token", "sessions", ["token"]);
  await index("sessions_person_id", "sessions", ["user_id"]);
  await table(
    "accounts",
    "id account_id provider_id user_id access_token? refresh_token? id_token? access_token_expires_at@? refresh_token_expires_at@? scope? password? created_at@ updated_at@",
    ["id"],
  )
    .addForeignKeyConstraint("accounts_person", ["user_id"] as never[], "people", ["id"], (c) => c.onDelete("cascade"))
    .execute();
  await index("accounts_person_id", "accounts", ["user_id"]);
  await table("verifications", "id identifier value expires_at@ created_at@ updated_at@", ["id"]).execute();
  await index("verifications_identifier", "verifications", ["identifier"]);
  await table("sign_in_limits", "id key count# last_request#", ["id"]).execute();
  await unique("sign_in_limits_by_key", "sign_in_limits", ["key"]);

  await table(
    "cases",
    `id number# borrower lender lender_kind respondent_kind platform? zone country? past_due_on? reachable#? debt_lawful#?
     employer_forbids#? codes_json demo# version# created_by created_at# stale_from#? stale_to#? judged_with?`,
    ["id"],
  ).execute();
  await unique("cases_number", "cases", ["number"]);
  await table("counters", "case_id kind last#", ["case_id", "kind"]).execute();

  await ofCase(
    table(
      "invitations",
      "id token_sha256 case_id? role invited_by? created_at# expires_at# used_at#? used_by? revoked_at#?",
      ["id"],
    ),
    "invitations",
  ).execute();
  await unique("invitations_token", "invitations", ["token_sha256"]);
  await index("invitations_case_id", "invitations", ["case_id"]);

  await ofCase(
    table("history", "case_id seq# at# actor action subject detail_json prev_hash hash", ["case_id", "seq"]),
    "history",
  ).execute();
  await index("history_subject", "history", ["case_id", "subject", "seq"]);
  await ofCase(table("history_heads", "case_id seq# hash", ["case_id"]), "history_heads").execute();

  await ofCase(
    table("case_members", "case_id person_id role added_by added_at#", ["case_id", "person_id"]),
    "case_members",
  ).execute();
  await index("case_members_person", "case_members", ["person_id", "case_id"]);
  await ofCase(
    table(
      "debts",
      "id case_id creditor product? reference? due_on? amount_minor#? currency? note? version# created_at# removed_at#?",
      ["id"],
    ),
    "debts",
  ).execute();
  await index("debts_case", "debts", ["case_id"]);
  await ofCase(
    table("collectors", "id case_id name kind note? version# created_at# removed_at#?", ["id"]),
    "collectors",
  ).execute();
  await index("collectors_case", "collectors", ["case_id"]);
  await ofCase(
    table("collector_handles", "case_id collector_id kind value", ["case_id", "collector_id", "value"]),
    "collector_handles",
  ).execute();

  await ofCase(
    table(
      "notices",
      "id case_id number# kind sent_at#? received_at#? form? detail_json words? version# created_by created_at# removed_at#?",
      ["id"],
    ),
    "notices",
  ).execute();
  await unique("notices_number", "notices", ["case_id", "number"]);

  await ofCase(
    table(
      "incidents",
      `id case_id number# channel direction happened_at# precision duration_seconds#? outcome? purpose? automated#? contacted? place?
       from_number? called_number? collector_id? debt_id? acts_json said? account? disclosed_json? visitors#? version# logged_by logged_at#
       removed_at#?`,
      ["id"],
    ),
    "incidents",
  ).execute();
  await unique("incidents_number", "incidents", ["case_id", "number"]);
  await index("incidents_when", "incidents", ["case_id", "happened_at", "id"], "removed_at is null");

  await ofCase(
    table(
      "evidence",
      "id case_id letter number# sha256 size# media_type name description? added_by added_at# removed_at#?",
      ["id"],
    ),
    "evidence",
  ).execute();
  await unique("evidence_exhibit", "evidence", ["case_id", "letter", "number"]);
  await index("evidence_sha256", "evidence", ["sha256", "case_id"]);
  await index("evidence_added", "evidence", ["case_id", "added_at", "id"], "removed_at is null");
  await ofCase(
    table("evidence_links", "case_id evidence_id subject_kind subject_id", [
      "evidence_id",
      "subject_kind",
      "subject_id",
    ]),
    "evidence_links",
  ).execute();
  await index("evidence_links_subject", "evidence_links", ["case_id", "subject_kind", "subject_id"]);
  await ofCase(
    table("uploads", "id case_id person_id sha256 size# media_type name received_at#", ["id"]),
    "uploads",
  ).execute();
  await index("uploads_case", "uploads", ["case_id", "person_id"]);
  await index("uploads_received", "uploads", ["received_at"]);

  await ofCase(
    table(
      "findings",
      "case_id incident_id rule code_id code_version outcome basis severity happened_at# on_day finding_json",
      ["case_id", "incident_id", "rule"],
    ),
    "findings",
  ).execute();
  await index("findings_when", "findings", ["case_id", "happened_at", "incident_id", "rule"]);
  await index("findings_rule", "findings", ["case_id", "rule", "outcome", "happened_at"]);
  await ofCase(
    table("reviews", "case_id incident_id rule verdict reason? reviewed_by reviewed_at#", [
      "case_id",
      "incident_id",
      "rule",
    ]),
    "reviews",
  ).execute();

  await ofCase(
    table(
      "dossiers",
      `id case_id version# state options_json progress_json error? pdf_sha256? pdf_size#? zip_sha256? zip_size#? history_seq#?
       history_hash? created_by created_at# finished_at#?`,
      ["id"],
    ),
    "dossiers",
  ).execute();
  await unique("dossiers_version", "dossiers", ["case_id", "version"]);
}
