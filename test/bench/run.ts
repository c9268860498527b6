/** `npm run bench`: every benchmark in this folder, one after the other, each in a process of its own. Arguments pick some by name. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const wanted = process.argv.slice(2);
const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".bench.ts"));
let failed = 0;
for (const name of names.filter((one) => wanted.length === 0 || wanted.some((word) => one.includes(word)))) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, ["--expose-gc", join(import.meta.dirname, name)], {
    stdio: "inherit",
  });
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
