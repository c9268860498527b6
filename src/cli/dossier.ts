/**
 * `dunwatch dossier --case ID [--channel CH] [--lang en|zh-CN|both] --out DIR`: freezes a new version of a case and writes its PDF and
 * zip. Exit 0 when made, 1 when it could not be made, 2 for bad input.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { getCase } from "../cases/store.ts";
import { readConfig } from "../config.ts";
import { buildDossier, filesOf } from "../dossiers/build-dossier.ts";
import { bagName, DEFAULT_OPTIONS, dossierLanguages } from "../dossiers/dossier.ts";
import { getVersion, orderVersion } from "../dossiers/store.ts";
import { createServices, type Services } from "../services.ts";
import { BadInput, orBadInput } from "./bad-input.ts";

const USAGE = "usage: dunwatch dossier --case ID [--channel CH] [--lang en|zh-CN|both] --out DIR";

export function run(args: string[]): Promise<number> {
  return orBadInput(async () => {
    const { values } = parseArgs({
      args,
      options: {
        case: { type: "string" },
        channel: { type: "string" },
        lang: { type: "string" },
        out: { type: "string" },
      },
    });
    const { case: caseId, channel = null, out } = values;
    if (caseId === undefined || out === undefined) throw new BadInput(USAGE);
    const languages = dossierLanguages.find((one) => one === (values.lang ?? DEFAULT_OPTIONS.languages));
    if (languages === undefined) throw new BadInput(`--lang: must be one of ${dossierLanguages.join(", ")}`);
    if (channel !== null && !/^[a-z0-9][a-z0-9.-]{0,60}$/.test(channel))
      throw new BadInput("--channel: is not the id of a channel");
    await mkdir(out, { recursive: true });
    const services = await createServices(readConfig(process.env));
    try {
      return await make(services, caseId, { ...DEFAULT_OPTIONS, languages, channel }, out);
    } finally {
      await services.close();
    }
  });
}

async function make(services: Services, caseId: string, options: typeof DEFAULT_OPTIONS, out: string): Promise<number> {
  const { db, clock, config } = services;
  const matter = await getCase(db, caseId);
  if (matter === null) throw new BadInput(`--case: there is no case ${caseId}`);
  const by = { personId: "system", at: clock.now() };
  const version = await db.transaction().execute((tx) => orderVersion(tx, caseId, options, by));
  await buildDossier(services, caseId, version);
  const made = await getVersion(db, caseId, version);
  if (made?.state !== "ready") {
    process.stderr.write(`version ${version} could not be made: ${JSON.stringify(made?.error)}\n`);
    return 1;
  }
  const kept = filesOf(config.dataDir, made);
  for (const kind of ["pdf", "zip"] as const) {
    const path = join(out, `${bagName(matter.number, version)}.${kind}`);
    await copyFile(kept[kind], path);
    process.stdout.write(`${made[kind]?.sha256}  ${path}\n`);
  }
  return 0;
}
