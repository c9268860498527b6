/** The acts that come with Dunwatch, and the searcher of their wording, as commands that judge need them. */
import { join } from "node:path";
import { ActsFileError, loadActs } from "../codes/load-acts.ts";
import type { Aids } from "../conduct/compile.ts";
import { compileWording } from "../conduct/wording.ts";
import { BadInput } from "./bad-input.ts";

export function readAids(): Aids {
  try {
    const acts = loadActs(join(import.meta.dirname, "../../data/acts.yaml"));
    return { acts, wording: compileWording(acts) };
  } catch (error) {
    throw error instanceof ActsFileError ? new BadInput(error.message) : error;
  }
}
