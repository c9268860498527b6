/**
 * `dunwatch dossier --case ID [--channel CH] [--lang en|zh-CN|both] --out DIR`: freezes a new version of a case and writes its PDF and
 * zip, for an office in the language it reads unless another is named. Exit 0 when made, 1 when it could not be made, 2 for bad input.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { getCase } from "../cases/store.ts";
import { installedChannels } from "../complaints/load-channels.ts";
import { readConfig } from "../config.ts";
import { buildDossier, filesOf } from "../dossiers/build-dossier.ts";
import { bagName, DEFAULT_OPTIONS, type DossierOptions, dossierLanguages } from "../dossiers/dossier.ts";
import { isForeignTo, recipientOf } from "../dossiers/recipient.ts";
import { getVersion, orderVersion } from "../dossiers/store.ts";
import { createServices, type Services } from "../services.ts";
import { BadInput, orBadInput } from "./bad-input.ts";
import { channelNamed } from "./channel-named.ts";

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
    const { case: caseId, channel, lang, out } = values;
    if (caseId === undefined || out === undefined) throw new BadInput(USAGE);
    const languages = dossierLanguages.find((one) => one === lang);
    if (lang !== undefined && languages === undefined)
      throw new BadInput(`--lang: must be one of ${dossierLanguages.join(", ")}`);
    await mkdir(out, { recursive: true });
    const services = await createServices(readConfig(process.env));
    try {
      return await make(services, caseId, { languages, channel }, out);
    } finally {
      await services.close();
    }
  });
}

async function make(
  services: Services,
  caseId: string,
  asked: { languages: DossierOptions["languages"] | undefined; channel: string | undefined },
  out: string,
): Promise<number> {
  const { db, clock, config } = services;
  const matter = await getCase(db, caseId);
  if (matter === null) throw new BadInput(`--case: there is no case ${caseId}`);
  const offices = [...installedChannels().values()];
  const office = asked.channel === undefined ? null : channelNamed(offices, asked.channel, matter.country);
  const languages = asked.languages ?? office?.reads?.[0] ?? DEFAULT_OPTIONS.languages;
  const options = { ...DEFAULT_OPTIONS, languages, channel: office?.id ?? null };
  if (office !== null && isForeignTo(recipientOf(office.id), options))
    process.stderr.write(
      `note: ${office.name.en} reads ${office.reads?.join(", ")}, this version is in ${languages}\n`,
    );
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
