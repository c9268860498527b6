/** `dunwatch migrate`: brings the database up to date without serving. */
import { readConfig } from "../config.ts";
import { openDatabase } from "../platform/database.ts";

export async function run(): Promise<number> {
  const database = openDatabase(readConfig(process.env).databaseUrl);
  try {
    await database.migrate();
    process.stdout.write("The database is up to date.\n");
    return 0;
  } finally {
    await database.close();
  }
}
