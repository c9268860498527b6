/**
 * One connection to an SQLite file, shared by everything in a process. SQLite itself waits for another process's write by sleeping, and the
 * whole event loop with it: here whoever must wait does so in line, and everybody else goes on reading meanwhile.
 * Next: database.ts, which opens it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type BetterSqlite from "better-sqlite3";
import { CompiledQuery, type DatabaseConnection, type QueryResult, type SqliteDatabase, SqliteDriver } from "kysely";

/** Longest waits for another process to end its transaction: an import of hundreds of thousands of contacts takes that long at worst. */
const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 25;

/**
 * Transactions take the write lock at once: begun with plain BEGIN, one that reads and then writes dies with SQLITE_BUSY_SNAPSHOT as soon as
 * a second process writes in between.
 */
export class PatientSqliteDriver extends SqliteDriver {
  readonly #line = new Line();
  readonly #opened: BetterSqlite.Database;
  #connection: DatabaseConnection | undefined;

  /** @param opened the connection behind `database`, opened so that it does not wait by itself. */
  constructor(database: SqliteDatabase, opened: BetterSqlite.Database) {
    super({ database });
    this.#opened = opened;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    await this.#line.enter();
    try {
      return (this.#connection ??= new PatientConnection(await super.acquireConnection(), this.#opened, this.#line));
    } catch (error) {
      this.#line.leave();
      throw error;
    }
  }

  override async releaseConnection(): Promise<void> {
    this.#line.leave();
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /** A full disk makes SQLite roll back by itself; asking for it again fails and would hide what really happened. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#opened.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Asks again until the other process is done; lets others have the connection in between, as long as no transaction is open on it. */
class PatientConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;
  readonly #opened: BetterSqlite.Database;
  readonly #line: Line;

  constructor(inner: DatabaseConnection, opened: BetterSqlite.Database, line: Line) {
    this.#inner = inner;
    this.#opened = opened;
    this.#line = line;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const until = performance.now() + PATIENCE_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await this.#inner.executeQuery<R>(query);
      } catch (error) {
        // What is refused inside a transaction would be refused again.
        if (!isBusy(error) || this.#opened.inTransaction || performance.now() > until) throw error;
      }
      this.#line.leave();
      await sleep(pause);
      await this.#line.enter();
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#inner.streamQuery<R>(query, chunkSize ?? 1);
  }
}

const isBusy = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === "SQLITE_BUSY";

/** First come, first served. */
class Line {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  async enter(): Promise<void> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}
