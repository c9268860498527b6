/** Another process on the same database: judges one case again and again until it is told to stop. Arguments: data folder, database, case. */
import { pino } from "pino";
import { readConfig } from "../../src/config.ts";
import { currentFindings } from "../../src/findings/judge-case.ts";
import { createServices } from "../../src/services.ts";

const [dataDir = "", databaseUrl = "", caseId = ""] = process.argv.slice(2);
const config = { ...readConfig({ DATA_DIR: dataDir }), databaseUrl };
const services = await createServices(config, { log: pino({ level: "silent" }), rateLimit: false });
const told = { stop: false };
process.once("message", () => {
  told.stop = true;
});
process.send?.("ready");
let rounds = 0;
while (!told.stop) {
  await currentFindings(services, caseId);
  rounds += 1;
  await new Promise((resolve) => setImmediate(resolve));
}
process.send?.(rounds);
await services.close();
process.disconnect?.();
