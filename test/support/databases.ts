/**
 * Both databases for the tests: a SQLite file in a temporary folder, and a database of its own on a real PostgreSQL server
 * that test/support/postgres.ts starts once for the whole run. Usage: `describe.each(databases)("… on $name", (database) => { … })`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";

export interface TestDatabase {
  name: "sqlite" | "postgres";
  /** A fresh, empty database and a fresh data folder. */
  create(): Promise<Place>;
}
export interface Place {
  databaseUrl: string;
  dataDir: string;
  remove(): Promise<void>;
}

const freshFolder = () => mkdtempSync(join(tmpdir(), "dunwatch-test-"));
let created = 0;

const sqlite: TestDatabase = {
  name: "sqlite",
  create() {
    const dataDir = freshFolder();
    return Promise.resolve({
      databaseUrl: `sqlite:${join(dataDir, "dunwatch.db")}`,
      dataDir,
      remove: () => Promise.resolve(rmSync(dataDir, { recursive: true, force: true })),
    });
  },
};

const postgres: TestDatabase = {
  name: "postgres",
  async create() {
    const server = inject("postgresUrl");
    const name = `test_${process.pid}_${Date.now()}_${created++}`;
    const admin = async (sql: string) => {
      const client = new pg.Client({ connectionString: `${server}/postgres` });
      await client.connect();
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    };
    await admin(`create database ${name}`);
    const dataDir = freshFolder();
    return {
      databaseUrl: `${server}/${name}`,
      dataDir,
      async remove() {
        await admin(`drop database ${name} with (force)`);
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

export const databases: readonly TestDatabase[] = [sqlite, postgres];
export { sqlite };
