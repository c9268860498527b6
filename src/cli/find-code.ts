/** Finds the codes of conduct that a command names, installed ones by their id or any files, and whatever those include. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expandCodes, problemsOfIncludes } from "../codes/includes.ts";
import { CodeFileError, type LoadedCode, loadCode, placeText } from "../codes/load.ts";
import type { Code } from "../conduct/code.ts";
import { BadInput } from "./bad-input.ts";

const installed = join(import.meta.dirname, "../../data/codes");

/** The ids of the codes that come with Dunwatch. */
export function installedIds(): string[] {
  return readdirSync(installed)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
}

/**
 * The codes named, each with what it includes, each once. An include is looked for among the codes named, then among the installed ones.
 * @throws BadInput naming file and line for a code that cannot be used, an include that is not there and one that leads back to itself.
 */
export function findCodes(idsOrFiles: readonly string[]): Code[] {
  const named = [...new Set(idsOrFiles)].map(findCode);
  const twice = named.find(({ code }, index) => named.findIndex((other) => other.code.id === code.id) < index);
  if (twice)
    throw new BadInput(
      `${placeText(twice.placeOf(["id"]))}: id: ${twice.code.id} is the id of another code named before`,
    );
  const find = finderAmong(named);
  const codes = expandCodes(
    named.map(({ code }) => code.id),
    (id) => find(id)?.code,
  );
  for (const { id } of codes) checkIncludes(find(id)!, find);
  return codes;
}

/** @throws BadInput naming file and line when what a file includes is not there, among `others` or installed, or leads back to it. */
export function checkIncludes(loaded: LoadedCode, find = finderAmong([loaded])): void {
  const problems = problemsOfIncludes(loaded.code, (id) => find(id)?.code);
  if (problems.length === 0) return;
  throw new BadInput(
    problems.map(({ path, why }) => `${placeText(loaded.placeOf(path))}: ${path.join(".")}: ${why.en}`).join("\n"),
  );
}

function finderAmong(named: readonly LoadedCode[]): (id: string) => LoadedCode | undefined {
  const found = new Map<string, LoadedCode | undefined>(named.map((loaded) => [loaded.code.id, loaded]));
  return (id) => {
    if (!found.has(id)) found.set(id, installedIds().includes(id) ? findCode(id) : undefined);
    return found.get(id);
  };
}

export function findCode(idOrFile: string): LoadedCode {
  if (installedIds().includes(idOrFile)) return loadOrRefuse(join(installed, `${idOrFile}.yaml`));
  if (existsSync(idOrFile)) return loadOrRefuse(idOrFile);
  throw new BadInput(`${idOrFile}: is neither a file nor an installed code (${installedIds().join(", ")})`);
}

export function loadOrRefuse(file: string): LoadedCode {
  try {
    return loadCode(file);
  } catch (error) {
    throw error instanceof CodeFileError ? new BadInput(error.message) : error;
  }
}
