/** `dunwatch codes check FILE…` and `dunwatch codes list`. */
import { relative } from "node:path";
import { checkCode } from "../codes/load.ts";
import { BadInput, orBadInput } from "./bad-input.ts";
import { checkIncludes, findCode, installedIds, loadOrRefuse } from "./find-code.ts";
import { readAids } from "./read-aids.ts";

export function run(args: string[]): Promise<number> {
  return orBadInput(async () => {
    const [verb, ...rest] = args;
    if (verb === "list" && rest.length === 0) return list();
    if (verb === "check" && rest.length > 0) return check(rest);
    throw new BadInput("usage: dunwatch codes check FILE… | dunwatch codes list");
  });
}

function list(): number {
  for (const id of installedIds()) {
    const { code } = findCode(id);
    const on = code.rules.filter((rule) => rule.on).length;
    process.stdout.write(`${id}\t${code.version}\t${on} of ${code.rules.length} rules on\t${code.title.en}\n`);
  }
  return 0;
}

/** Every file is checked, whatever is wrong with those before: 2 if one cannot be read, else 1 if an example fails. */
function check(files: string[]): number {
  const aids = readAids();
  let exit = 0;
  for (const file of files) {
    try {
      const loaded = loadOrRefuse(file);
      checkIncludes(loaded);
      const failures = checkCode(loaded, aids);
      for (const failure of failures) process.stdout.write(`${failure}\n`);
      const on = loaded.code.rules.filter((rule) => rule.on);
      const examples = on.reduce((sum, rule) => sum + rule.examples.length, 0);
      if (failures.length === 0)
        process.stdout.write(
          `${relative(".", file)}: ${loaded.code.rules.length} rules, ${on.length} on, ${examples} examples, all as they say\n`,
        );
      else exit = Math.max(exit, 1);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      process.stderr.write(`${error.message}\n`);
      exit = 2;
    }
  }
  return exit;
}
