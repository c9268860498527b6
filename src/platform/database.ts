/**
 * Opens SQLite or PostgreSQL behind the same typed query builder. It knows tables (schema.ts) but not what they mean.
 * The only file that names a database driver. Next: migrations/.
 */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import BetterSqlite from "better-sqlite3";
import {
  CompiledQuery,
  Kysely,
  PostgresDialect,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDatabase,
  type Transaction,
} from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import pg from "pg";
import { begin } from "./migrations/0001-begin.ts";
import { findings } from "./migrations/0002-findings.ts";
import { ownCodes } from "./migrations/0003-own-codes.ts";
import { imports } from "./migrations/0004-imports.ts";
import { corroboration } from "./migrations/0005-corroboration.ts";
import { complaints } from "./migrations/0006-complaints.ts";
import { borrower } from "./migrations/0007-borrower.ts";
import { letters } from "./migrations/0008-letters.ts";
import { redaction } from "./migrations/0009-redaction.ts";
import { importsMore } from "./migrations/0010-imports-more.ts";
import { backings } from "./migrations/0011-backings.ts";
import { PatientSqliteDriver } from "./sqlite-driver.ts";
import type { DatabaseKind, Schema } from "./schema.ts";

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

/** Append only: a released migration is never edited, renamed or removed. */
const migrations: readonly { name: string; up: (db: Kysely<unknown>, kind: DatabaseKind) => Promise<void> }[] = [
  { name: "0001-begin", up: begin },
  { name: "0002-findings", up: findings },
  { name: "0003-own-codes", up: ownCodes },
  { name: "0004-imports", up: imports },
  { name: "0005-corroboration", up: corroboration },
  { name: "0006-complaints", up: complaints },
  { name: "0007-borrower", up: borrower },
  { name: "0008-letters", up: letters },
  { name: "0009-redaction", up: redaction },
  { name: "0010-imports-more", up: importsMore },
  { name: "0011-backings", up: backings },
];

class TransactionalSqliteAdapter extends SqliteAdapter {
  /** The driver lets one after the other have its one connection. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
/** How many prepared statements are kept; the app's own queries are some hundreds. */
const KEPT_STATEMENTS = 1000;

/** The same database, preparing each text once: Kysely asks again for every query, and preparing costs more than a short query does. */
function keepingStatements(database: BetterSqlite.Database): SqliteDatabase {
  const kept = new Map<string, BetterSqlite.Statement>();
  return {
    prepare(sql) {
      const found = kept.get(sql);
      if (found !== undefined) return found;
      const made = database.prepare(sql);
      if (kept.size >= KEPT_STATEMENTS) kept.clear();
      kept.set(sql, made);
      return made;
    },
    close: () => database.close(),
  };
}

class PatientSqliteDialect extends SqliteDialect {
  readonly #opened: BetterSqlite.Database;
  constructor(opened: BetterSqlite.Database) {
    super({ database: opened });
    this.#opened = opened;
  }
  override createDriver(): PatientSqliteDriver {
    return new PatientSqliteDriver(keepingStatements(this.#opened), this.#opened);
  }
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

export interface Database {
  readonly db: Db;
  readonly kind: DatabaseKind;
  /** Brings the schema up to date; safe to call from several processes at once. Throws when the database is newer than this program. */
  migrate(): Promise<void>;
  /** Throws when the database cannot answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param url `sqlite:/path/to/file.db` or `postgres://…`. The SQLite folder is created when absent.
 * @param options.cacheKiB how much of a SQLite file is kept in memory
 * @throws when the file cannot be opened; a PostgreSQL server is first asked at the first query.
 */
export function openDatabase(url: string, { cacheKiB = 65_536 }: { cacheKiB?: number } = {}): Database {
  return url.startsWith("sqlite:")
    ? wrap(openSqlite(url.slice("sqlite:".length), cacheKiB), "sqlite")
    : wrap(openPostgres(url), "postgres");
}

function openSqlite(path: string, cacheKiB: number): Db {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Made here, for its owner's eyes only, whatever folder it lies in; SQLite gives its side files the same rights.
  closeSync(openSync(path, "a", 0o600));
  const database = new BetterSqlite(path, { timeout: 10_000 });
  database.pragma("journal_mode = WAL");
  // FULL, not NORMAL: what was confirmed to a person must survive a power cut, not only a crash of this process.
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  database.pragma(`cache_size = -${cacheKiB}`);
  // From here on the driver waits for others, not SQLite, which would keep the event loop waiting with it.
  database.pragma("busy_timeout = 0");
  return new Kysely<Schema>({ dialect: new PatientSqliteDialect(database) });
}

/** PostgreSQL's own number for its type bigint. */
const INT8 = 20;

function openPostgres(connectionString: string): Db {
  // Counts and epoch milliseconds are bigint on PostgreSQL; all of ours lie below 2^53.
  const types = {
    getTypeParser: ((oid: number, format?: "text" | "binary") =>
      oid === INT8 && format !== "binary"
        ? Number
        : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({ connectionString, types, max: 10, connectionTimeoutMillis: 10_000 });
  // An idle connection that the server closes must not end the process; the next query opens another.
  pool.on("error", () => {});
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

function wrap(db: Db, kind: DatabaseKind): Database {
  return {
    db,
    kind,
    async migrate() {
      const provider = {
        getMigrations: () =>
          Promise.resolve(
            Object.fromEntries(
              migrations.map(({ name, up }): [string, Migration] => [
                name,
                { up: (tx: Kysely<unknown>) => up(tx, kind) },
              ]),
            ),
          ),
      };
      const { error } = await new Migrator({ db, provider }).migrateToLatest();
      if (error !== undefined) throw error;
    },
    async ping() {
      await db.executeQuery(CompiledQuery.raw("select 1"));
    },
    close: () => db.destroy(),
  };
}

/** Does this error say that a unique key is taken already? */
export function isUniqueViolation(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "23505" || code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY";
}
