/**
 * Every table and column, as data: read it to know what is stored. Row types are inferred from it, and a test compares it with the
 * migrated database on SQLite and on PostgreSQL. It knows no SQL; how the tables came to be stands in migrations/. Next: database.ts.
 *
 * Conventions: `*_at` epoch milliseconds (a moment), `*_on` YYYY-MM-DD (a local day), `*_json` JSON as text, yes/no as 0/1.
 */
import type { ColumnType } from "kysely";

interface Column<Value, Nullable extends boolean> {
  /** `moment` is what the sign-in library keeps: ISO text on SQLite, timestamptz on PostgreSQL. */
  readonly kind: "text" | "integer" | "moment" | "flag";
  readonly nullable: Nullable;
  /** Only for the type system. */
  readonly value?: Value;
}
const text: Column<string, false> = { kind: "text", nullable: false };
const maybeText: Column<string, true> = { kind: "text", nullable: true };
const integer: Column<number, false> = { kind: "integer", nullable: false };
const maybeInteger: Column<number, true> = { kind: "integer", nullable: true };
const moment: Column<string, false> = { kind: "moment", nullable: false };
const maybeMoment: Column<string, true> = { kind: "moment", nullable: true };
/** The sign-in library's own booleans: 0/1 on SQLite, boolean on PostgreSQL. */
const flag: Column<boolean, false> = { kind: "flag", nullable: false };

export const schema = {
  // --- people: the first four and sign_in_limits are written by the sign-in library only -------------------------
  people: {
    id: text,
    name: text,
    email: text,
    email_verified: flag,
    image: maybeText,
    created_at: moment,
    updated_at: moment,
    /** en or zh-CN; null follows the browser. */
    locale: maybeText,
    /** owner (may invite people and see the installation's settings) or member. */
    standing: text,
  },
  sessions: {
    id: text,
    user_id: text,
    token: text,
    expires_at: moment,
    ip_address: maybeText,
    user_agent: maybeText,
    created_at: moment,
    updated_at: moment,
  },
  accounts: {
    id: text,
    account_id: text,
    provider_id: text,
    user_id: text,
    access_token: maybeText,
    refresh_token: maybeText,
    id_token: maybeText,
    access_token_expires_at: maybeMoment,
    refresh_token_expires_at: maybeMoment,
    scope: maybeText,
    password: maybeText,
    created_at: moment,
    updated_at: moment,
  },
  verifications: {
    id: text,
    identifier: text,
    value: text,
    expires_at: moment,
    created_at: moment,
    updated_at: moment,
  },
  sign_in_limits: { id: text, key: text, count: integer, last_request: integer },
  /** One-time links: the owner's set-up link (no case) and invitations to a case. Only the hash of the token is kept. */
  invitations: {
    id: text,
    token_sha256: text,
    case_id: maybeText,
    /** owner, borrower, advocate, reader */
    role: text,
    invited_by: maybeText,
    created_at: integer,
    expires_at: integer,
    used_at: maybeInteger,
    used_by: maybeText,
    revoked_at: maybeInteger,
  },

  // --- history --------------------------------------------------------------------------------------------------
  history: {
    case_id: text,
    seq: integer,
    at: integer,
    actor: text,
    action: text,
    subject: text,
    detail_json: text,
    prev_hash: text,
    hash: text,
  },
  /** The newest event of each case. Updating it is what orders concurrent writers; it also shows a cut tail. */
  history_heads: { case_id: text, seq: integer, hash: text },

  // --- cases ----------------------------------------------------------------------------------------------------
  cases: {
    id: text,
    number: integer,
    borrower: text,
    lender: text,
    lender_kind: text,
    respondent_kind: text,
    platform: maybeText,
    zone: text,
    country: maybeText,
    past_due_on: maybeText,
    reachable: maybeInteger,
    debt_lawful: maybeInteger,
    employer_forbids: maybeInteger,
    /** Ids of the chosen codes of conduct. */
    codes_json: text,
    demo: integer,
    /** Grows with every change of this row; a form that carries an older one is told. */
    version: integer,
    created_by: text,
    created_at: integer,
    /** Findings of incidents happening in this span are behind the facts; null = none. */
    stale_from: maybeInteger,
    stale_to: maybeInteger,
    /** Fingerprint of the codes and case facts that the stored findings were judged with. */
    judged_with: maybeText,
    /** How many contacts there were at that judgement: right whenever nothing is stale. */
    judged_incidents: maybeInteger,
    /** The newest event of the history at that judgement. */
    judged_history: maybeInteger,
    /** The newest event of the history when the records that were left out were last compared with the log. */
    compared_history: maybeInteger,
  },
  case_members: { case_id: text, person_id: text, role: text, added_by: text, added_at: integer },
  /** The last human number given, per case and kind (incident, notice, exhibit-A …); case_id '' numbers the cases. */
  counters: { case_id: text, kind: text, last: integer },
  debts: {
    id: text,
    case_id: text,
    creditor: text,
    product: maybeText,
    reference: maybeText,
    due_on: maybeText,
    amount_minor: maybeInteger,
    currency: maybeText,
    note: maybeText,
    version: integer,
    created_at: integer,
    removed_at: maybeInteger,
  },
  collectors: {
    id: text,
    case_id: text,
    name: text,
    kind: text,
    note: maybeText,
    version: integer,
    created_at: integer,
    removed_at: maybeInteger,
  },
  /** Numbers, addresses and account names a collector uses. */
  collector_handles: { case_id: text, collector_id: text, kind: text, value: text },

  // --- notices --------------------------------------------------------------------------------------------------
  notices: {
    id: text,
    case_id: text,
    number: integer,
    kind: text,
    sent_at: maybeInteger,
    received_at: maybeInteger,
    form: maybeText,
    detail_json: text,
    words: maybeText,
    version: integer,
    created_by: text,
    created_at: integer,
    removed_at: maybeInteger,
  },

  // --- incidents ------------------------------------------------------------------------------------------------
  incidents: {
    id: text,
    case_id: text,
    number: integer,
    channel: text,
    direction: text,
    happened_at: integer,
    precision: text,
    duration_seconds: maybeInteger,
    outcome: maybeText,
    purpose: maybeText,
    automated: maybeInteger,
    contacted: maybeText,
    place: maybeText,
    from_number: maybeText,
    called_number: maybeText,
    collector_id: maybeText,
    debt_id: maybeText,
    acts_json: text,
    said: maybeText,
    account: maybeText,
    /** null = not known what was told; [] = nothing of the list. */
    disclosed_json: maybeText,
    visitors: maybeInteger,
    version: integer,
    logged_by: text,
    logged_at: integer,
    removed_at: maybeInteger,
  },

  // --- evidence -------------------------------------------------------------------------------------------------
  evidence: {
    id: text,
    case_id: text,
    /** A audio, B picture, C document, D video, E other; with `number` the exhibit's name, e.g. A-7, given once. */
    letter: text,
    number: integer,
    sha256: text,
    size: integer,
    media_type: text,
    /** As the person's device named it. */
    name: text,
    description: maybeText,
    added_by: text,
    added_at: integer,
    removed_at: maybeInteger,
  },
  /** What a file belongs to. */
  evidence_links: { case_id: text, evidence_id: text, subject_kind: text, subject_id: text },
  /** Files received with a form that had to be shown again; they wait here so that nobody uploads twice. */
  uploads: {
    id: text,
    case_id: text,
    person_id: text,
    sha256: text,
    size: integer,
    media_type: text,
    name: text,
    received_at: integer,
  },

  // --- findings: a derived view, and what people say of it -------------------------------------------------------
  findings: {
    case_id: text,
    incident_id: text,
    rule: text,
    code_id: text,
    code_version: text,
    outcome: text,
    basis: text,
    severity: text,
    happened_at: integer,
    on_day: text,
    /** The whole finding in its public shape. */
    finding_json: text,
  },
  reviews: {
    case_id: text,
    incident_id: text,
    rule: text,
    /** confirmed or dismissed */
    verdict: text,
    reason: maybeText,
    reviewed_by: text,
    reviewed_at: integer,
    /** The finding as it stood when this was said of it. */
    finding_json: maybeText,
  },
  /** How many findings are stored of each rule and outcome; written with them, in the same transaction. */
  finding_counts: { case_id: text, rule: text, outcome: text, n: integer },
  /** What judging again made different: the latest of a case, with how many findings appeared, changed and went. */
  judgements: {
    case_id: text,
    seq: integer,
    at: integer,
    /** The events of the history after this one (null: from the beginning) … */
    after_history: maybeInteger,
    /** … up to this one came since the judgement before. */
    upto_history: integer,
    appeared: integer,
    changed: integer,
    gone: integer,
  },
  /** The single findings of a judgement that are different, the first so many. */
  judgement_changes: {
    case_id: text,
    seq: integer,
    nth: integer,
    /** appeared, changed or gone */
    kind: text,
    incident_id: text,
    rule: text,
    /** What the finding said before and says since: outcome and reason; null where there was or is none. */
    before_json: maybeText,
    after_json: maybeText,
  },

  // --- dossiers -------------------------------------------------------------------------------------------------
  dossiers: {
    id: text,
    case_id: text,
    version: integer,
    /** pending, building, ready, failed */
    state: text,
    options_json: text,
    /** What the maker is doing now and how far, for the progress page. */
    progress_json: text,
    error: maybeText,
    pdf_sha256: maybeText,
    pdf_size: maybeInteger,
    zip_sha256: maybeText,
    zip_size: maybeInteger,
    history_seq: maybeInteger,
    history_hash: maybeText,
    created_by: text,
    created_at: integer,
    finished_at: maybeInteger,
  },

  // --- imports --------------------------------------------------------------------------------------------------
  imports: {
    id: text,
    case_id: text,
    number: integer,
    /** What is done with it now or what is waited for: see imports/import.ts. */
    state: text,
    error_json: maybeText,
    progress_json: text,
    /** What its rows become, added up. */
    counts_json: maybeText,
    /** file or rows: what is kept beside the incidents. */
    keeps: maybeText,
    /** Whose phone or account the files come from. */
    contacted: text,
    /** The last sign of life of whoever works on it. */
    beat_at: integer,
    /** 1 = nothing is left that only the way of the import needed. */
    tidied: integer,
    created_by: text,
    created_at: integer,
    committed_by: maybeText,
    committed_at: maybeInteger,
    undone_by: maybeText,
    undone_at: maybeInteger,
  },
  import_files: {
    import_id: text,
    file: integer,
    case_id: text,
    name: text,
    sha256: text,
    size: integer,
    media_type: text,
    format: maybeText,
    formats_json: text,
    questions_json: text,
    answers_json: text,
    samples_json: text,
    rows: integer,
    /** Kept whole as this exhibit. */
    evidence_id: maybeText,
  },
  /** The numbers, addresses and chats of an import, and what the person said they are. */
  import_parties: {
    import_id: text,
    key: text,
    case_id: text,
    label: text,
    number: maybeText,
    name: maybeText,
    calls: integer,
    messages: integer,
    incoming: integer,
    outgoing: integer,
    /** Messages whose words suggest an act. */
    worded: integer,
    first_at: integer,
    last_at: integer,
    /** Why it is suggested. */
    why: maybeText,
    rank: integer,
    /** leave, unknown (take, nobody knows who), new (take as a collector of this name), or the id of a collector. */
    choice: text,
  },
  /** One record of a file while its import is under way. */
  import_rows: {
    import_id: text,
    file: integer,
    row: integer,
    case_id: text,
    line: maybeInteger,
    /** What the program found: new, duplicate, merge, left-out, unreadable. */
    verdict: text,
    /** What the commit does with it: new, duplicate, left-out, unreadable. */
    becomes: text,
    why_json: maybeText,
    oddities_json: maybeText,
    party: maybeText,
    kind: maybeText,
    happened_at: maybeInteger,
    precision: maybeText,
    time_from: maybeText,
    channel: maybeText,
    direction: maybeText,
    duration_seconds: maybeInteger,
    outcome: maybeText,
    /** The far end as the file writes it; `number` as it is compared. */
    other: maybeText,
    number: maybeText,
    other_name: maybeText,
    own: maybeText,
    said: maybeText,
    told_json: maybeText,
    attachments_json: maybeText,
    /** The incident it will be when it becomes one. */
    incident_id: maybeText,
    /** The incident it tells of again, with its number where it is in the case already … */
    known_id: maybeText,
    known_number: maybeInteger,
    /** … or the row of this import. */
    same_file: maybeInteger,
    same_row: maybeInteger,
    /** Where the record says that it was, in its own words: a carrier's 通信地点. */
    place: maybeText,
  },
  /** How the columns of a table were mapped before, by its heading. */
  import_mappings: { case_id: text, heading_sha256: text, answer: text, used_at: integer },
  /** Every record that tells of an incident, as it tells it: the row it was made from, and rows that tell of it again. */
  incident_sources: {
    case_id: text,
    incident_id: text,
    import_id: text,
    file: integer,
    row: integer,
    line: maybeInteger,
    /** phone, carrier, chat, mail, recording, screenshot, own */
    kind: text,
    /** 1 = the incident was made from it, 0 = it backs up one that was there. */
    made: integer,
    happened_at: integer,
    precision: text,
    /** Where its time comes from: see imports/reader.ts. */
    time_from: text,
    duration_seconds: maybeInteger,
    number: maybeText,
    /** Where the record says that it was, in its own words. */
    place: maybeText,
  },

  // --- corroboration: what imported files say beyond what became incidents ------------------------------------------
  /** From the first to the last record of a kind of contact in a file: the days it can say something about. */
  import_spans: {
    import_id: text,
    file: integer,
    kind: text,
    channel: text,
    direction: text,
    case_id: text,
    first_at: integer,
    last_at: integer,
    n: integer,
  },
  /** Records of phones and carriers that an import left out, of files that are kept whole as an exhibit. */
  left_records: {
    import_id: text,
    file: integer,
    row: integer,
    case_id: text,
    line: maybeInteger,
    kind: text,
    happened_at: integer,
    precision: text,
    time_from: text,
    channel: text,
    direction: text,
    duration_seconds: maybeInteger,
    outcome: maybeText,
    /** As it is compared; `other` as the file writes it. */
    number: maybeText,
    other: maybeText,
    other_name: maybeText,
    own: maybeText,
    said: maybeText,
    /** other (nobody known in the case), unlogged, maybe or logged (known_id tells of it, probably or surely). */
    standing: text,
    known_id: maybeText,
    /** Seconds between this record and that incident. */
    apart: maybeInteger,
    /** Whose number it is. */
    collector_id: maybeText,
    /** Where the record says that it was, in its own words. */
    place: maybeText,
  },

  /** What backs each contact that is not in the bin, as last compared: derived, see corroboration/up-to-date.ts. */
  backings: {
    case_id: text,
    incident_id: text,
    happened_at: integer,
    /** 1 = made from a record, 0 = logged by a person. */
    made: integer,
    /** Which kinds of sources tell of it: phone 1, carrier 2, file 4, messages 8. */
    sources: integer,
    /** In what one of them says something else: time 1, duration 2, number 4. */
    differs: integer,
  },

  // --- codes of conduct that belong to a case ----------------------------------------------------------------------
  own_codes: {
    case_id: text,
    /** Begins with own-, so that it can never be the id of an installed code. */
    code_id: text,
    /** The code it was copied from; null when it came as a file. */
    origin: maybeText,
    made_by: text,
    made_at: integer,
    retired_at: maybeInteger,
  },
  /** Saved versions; a row never changes. */
  own_code_versions: {
    case_id: text,
    code_id: text,
    number: integer,
    /** As the file says: a date, with .2 for a second one that day. */
    version: text,
    title_json: text,
    yaml: text,
    sha256: text,
    note: text,
    saved_by: text,
    saved_at: integer,
  },
  /** At most one for each code: what is changed but not saved as a version yet. */
  own_code_drafts: {
    case_id: text,
    code_id: text,
    yaml: text,
    revision: integer,
    changed_by: text,
    changed_at: integer,
  },
  // --- complaints -------------------------------------------------------------------------------------------------
  complaints: {
    id: text,
    case_id: text,
    number: integer,
    /** Id of an office in data/channels. */
    channel: text,
    /** The complaint that this one goes on from. */
    follows: maybeText,
    /** What is asked for, and the words for the box. */
    request: maybeText,
    narrative: maybeText,
    /** What the words are made from: see complaints/complaint.ts. */
    chosen_json: text,
    filed_on: maybeText,
    receipt: maybeText,
    /** The version of the dossier that was handed in. */
    dossier_id: maybeText,
    acknowledged_on: maybeText,
    answered_on: maybeText,
    /** relief, part, explanation, refused, none */
    outcome: maybeText,
    escalated_on: maybeText,
    closed_on: maybeText,
    version: integer,
    created_by: text,
    created_at: integer,
    removed_at: maybeInteger,
  },
  /** What was handed in and what came back; files are linked to a letter. */
  complaint_letters: {
    id: text,
    case_id: text,
    complaint_id: text,
    kind: text,
    on_day: text,
    words: maybeText,
    created_by: text,
    created_at: integer,
  },
  /** Private addresses for calendar programs. Only the hash of the token is kept. */
  calendar_feeds: { id: text, person_id: text, token_sha256: text, created_at: integer, revoked_at: maybeInteger },
  /** Who wants reminders by e-mail, in which zone and language, how many days before. */
  reminder_wishes: { person_id: text, zone: text, locale: text, days_before: integer, created_at: integer },
  /** Each reminder once. */
  reminders_sent: { person_id: text, complaint_id: text, step: text, due_on: text, at: integer },
  // --- what the borrower keeps beside contacts ----------------------------------------------------------------------
  /** Requests to the lender, repayment plans, payments, the lender's figures, what it did to the borrower. */
  ledger_entries: {
    id: text,
    case_id: text,
    /** request, plan, payment, figure or impact */
    kind: text,
    /** The human number within its kind. */
    number: integer,
    on_day: text,
    /** By kind: see negotiation/request.ts, repayment/, impact/impact.ts. */
    facts_json: text,
    version: integer,
    created_by: text,
    created_at: integer,
    removed_at: maybeInteger,
  },
  /** What each entry said, version by version. The history holds only a digest of it: see ledger/sealed.ts. */
  ledger_versions: {
    case_id: text,
    entry_id: text,
    version: integer,
    facts_json: text,
    salt: text,
    said_by: text,
    said_at: integer,
  },

  // --- letters --------------------------------------------------------------------------------------------------
  letters: {
    id: text,
    case_id: text,
    number: integer,
    kind: text,
    /** What it is made from, and its words by language: see letters/letter.ts. */
    facts_json: text,
    texts_json: text,
    /** 1 = somebody changed the words that were made from the facts. */
    edited: integer,
    version: integer,
    created_by: text,
    created_at: integer,
    updated_at: integer,
    /** When, how and as which files and notices; null = a draft. */
    sent_json: maybeText,
    removed_at: maybeInteger,
  },

  // --- redaction ------------------------------------------------------------------------------------------------
  /** Copies of evidence with something made unreadable, version by version; the original is never touched. */
  redacted_copies: {
    id: text,
    case_id: text,
    evidence_id: text,
    version: integer,
    /** making, ready, failed */
    state: text,
    /** What was covered: see redaction/redaction.ts. */
    recipe_json: text,
    /** Why there is none. */
    error: maybeText,
    original_sha256: text,
    sha256: maybeText,
    size: maybeInteger,
    media_type: maybeText,
    made_by: text,
    ordered_at: integer,
    made_at: maybeInteger,
    removed_at: maybeInteger,
  },
  /** What somebody marked so far, before a copy is made. */
  redaction_drafts: { case_id: text, evidence_id: text, recipe_json: text, saved_by: text, saved_at: integer },
  /** Which files go along with a complaint, and in which order. */
  complaint_attachments: { case_id: text, complaint_id: text, choice_json: text, saved_by: text, saved_at: integer },
} as const;

type Row<T> = {
  [K in keyof T]: T[K] extends Column<infer Value, infer Nullable>
    ? Nullable extends true
      ? ColumnType<Value | null, Value | null | undefined, Value | null>
      : Value
    : never;
};
/** The tables as kysely sees them. */
export type Schema = { -readonly [K in keyof typeof schema]: Row<(typeof schema)[K]> };
export type DatabaseKind = "sqlite" | "postgres";
