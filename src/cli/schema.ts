/** `dunwatch schema incident|case|finding|code|import-report`: the JSON Schema of a public shape, made from the very schemas that check input. */
import { z } from "zod";
import { CaseContext } from "../conduct/case.ts";
import { Code } from "../conduct/code.ts";
import { Finding } from "../conduct/finding.ts";
import { Incident } from "../conduct/incident.ts";
import { ImportReport } from "../imports/report.ts";
import { BadInput, orBadInput } from "./bad-input.ts";

const shapes: Record<string, z.ZodType> = {
  incident: Incident,
  case: CaseContext,
  finding: Finding,
  code: Code,
  "import-report": ImportReport,
};
/** Shapes that we write; what we read may leave out what has a default. */
const written = new Set(["finding", "import-report"]);

export function run(args: string[]): Promise<number> {
  return orBadInput(async () => {
    const [name = "", ...rest] = args;
    if (!Object.hasOwn(shapes, name) || rest.length > 0)
      throw new BadInput(`usage: dunwatch schema ${Object.keys(shapes).join("|")}`);
    const schema = z.toJSONSchema(shapes[name]!, { io: written.has(name) ? "output" : "input" });
    process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    return 0;
  });
}
