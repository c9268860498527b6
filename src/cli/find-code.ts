/** Finds the codes of conduct that a command names: an installed one by its id, or any file. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CodeFileError, type LoadedCode, loadCode } from "../codes/load.ts";
import { BadInput } from "./bad-input.ts";

const installed = join(import.meta.dirname, "../../data/codes");

/** The ids of the codes that come with Dunwatch. */
export function installedIds(): string[] {
  return readdirSync(installed)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
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
