/** The file of acts that comes with Dunwatch and its searcher, made once for all tests of a process: its first text costs most. */
import { join } from "node:path";
import { loadActs } from "../../src/codes/load-acts.ts";
import { compileWording } from "../../src/conduct/wording.ts";

export const acts = loadActs(join(import.meta.dirname, "../../data/acts.yaml"));
export const wording = compileWording(acts);
export const aids = { acts, wording };
