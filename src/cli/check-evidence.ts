/** `dunwatch check-evidence`: reads every stored file of every case again and names those that are missing or changed. */
import { readConfig } from "../config.ts";
import { createDiskBlobs } from "../evidence/disk-blobs.ts";
import { exhibitName, shownName } from "../evidence/evidence.ts";
import { checkEvidence } from "../evidence/integrity.ts";
import { openDatabase } from "../platform/database.ts";

/** One line for each fault on standard output, the counts at the end. @returns 0 all is well, 1 something is not, 2 called wrongly. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stderr.write(`check-evidence takes no arguments, but was given: ${args.join(" ")}\n`);
    return 2;
  }
  const config = readConfig(process.env);
  const database = openDatabase(config.databaseUrl);
  try {
    await database.migrate();
    const blobs = await createDiskBlobs(config.dataDir);
    const counts = { unchanged: 0, changed: 0, missing: 0 };
    for await (const { state, sha256, exhibits } of checkEvidence(database.db, blobs, null)) {
      counts[state] += 1;
      if (state === "unchanged") continue;
      const where = exhibits
        .map((one) => `case ${one.caseNumber} ${exhibitName(one)} “${shownName(one.name)}”`)
        .join(", ");
      process.stdout.write(`${state}: ${sha256} (${where})\n`);
    }
    process.stdout.write(`${counts.unchanged} unchanged, ${counts.changed} changed, ${counts.missing} missing\n`);
    return counts.changed + counts.missing === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}
