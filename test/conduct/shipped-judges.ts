/** Judges by the codes that come with Dunwatch, for properties. */
import { findCodes, installedIds } from "../../src/cli/find-code.ts";
import { compileJudge } from "../../src/conduct/classify.ts";
import { aids, everything, everythingJudge } from "./arbitrary-cases.ts";

const china = findCodes(["cn-online-consumer-credit"]);
const unitedStates = findCodes(["us-fdcpa-regulation-f"]);

export const judges = {
  everything: everythingJudge,
  "cn-online-consumer-credit": compileJudge(china, aids),
  "us-fdcpa-regulation-f": compileJudge(unitedStates, aids),
  all: compileJudge([...china, everything, ...unitedStates], aids),
};

/** Every code that comes with Dunwatch, and everything a rule can say. */
export const everyCode = compileJudge([...findCodes(installedIds()), everything], aids);
