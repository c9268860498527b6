import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/platform/database.ts";
import { schema } from "../../src/platform/schema.ts";
import { type Place, databases } from "../support/databases.ts";

describe.each(databases)("the readable schema on $name", ({ name, create }) => {
  let place: Place;
  let database: Database;
  beforeAll(async () => {
    place = await create();
    database = openDatabase(place.databaseUrl);
    await database.migrate();
  });
  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  const types: Record<string, string> = {
    sqlite: { text: "text", integer: "integer", moment: "text", flag: "integer" },
    postgres: { text: "text", integer: "int8", moment: "timestamptz", flag: "bool" },
  }[name];

  test("is what the migrations make: tables, columns, types, and what may be empty", async () => {
    const tables = await database.db.introspection.getTables();
    const made = Object.fromEntries(
      tables.map((table) => [
        table.name,
        Object.fromEntries(table.columns.map((c) => [c.name, `${c.dataType.toLowerCase()}${c.isNullable ? "?" : ""}`])),
      ]),
    );
    const written = Object.fromEntries(
      Object.entries(schema).map(([table, columns]) => [
        table,
        Object.fromEntries(
          Object.entries(columns).map(([column, { kind, nullable }]) => [
            column,
            `${types[kind]}${nullable ? "?" : ""}`,
          ]),
        ),
      ]),
    );
    expect(made).toEqual(written);
  });

  test("migrating again changes nothing", async () => {
    await database.migrate();
    await expect(database.db.introspection.getTables()).resolves.toHaveLength(Object.keys(schema).length);
  });
});
