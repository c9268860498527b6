/**
 * `dunwatch classify`: judges a file of incidents (JSON lines) and prints findings (JSON lines). The input is read twice: first to find
 * bad lines and whether it is in time order, so that nothing is printed for input that cannot be used; then it is judged as it streams,
 * in constant memory, or, when it is not in time order, sorted first.
 */
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import type { z } from "zod";
import { CaseContext } from "../conduct/case.ts";
import { type Judge, compileJudge, judgeCase } from "../conduct/classify.ts";
import type { Finding } from "../conduct/finding.ts";
import { Incident } from "../conduct/incident.ts";
import { startStream } from "../conduct/stream.ts";
import { instantOf, zoneNamed } from "../conduct/zone.ts";
import { BadInput, orBadInput } from "./bad-input.ts";
import { findCodes } from "./find-code.ts";
import { readAids } from "./read-aids.ts";
import { SeenIds } from "./seen-ids.ts";

const USAGE = "usage: dunwatch classify --input incidents.jsonl|- --case case.json [--code ID|FILE]… [--all]";

export function run(args: string[]): Promise<number> {
  return orBadInput(async () => {
    const { values } = parseArgs({
      args,
      options: {
        input: { type: "string" },
        case: { type: "string" },
        code: { type: "string", multiple: true },
        all: { type: "boolean", default: false },
      },
    });
    if (values.input === undefined || values.case === undefined) throw new BadInput(USAGE);
    const context = readCase(values.case);
    const codes = values.code ?? context.codes ?? [];
    if (codes.length === 0)
      throw new BadInput(`${values.case}: codes: names no code of conduct; name one there or with --code`);
    const judge = compileJudge(findCodes(codes), readAids());
    await withFile(values.input, (input) => classify(input, context, judge, values.all));
    return 0;
  });
}

interface Input {
  path: string;
  /** As errors name it. */
  name: string;
}

async function classify(input: Input, context: CaseContext, judge: Judge, all: boolean): Promise<void> {
  if (await isInTimeOrder(input, context)) {
    const stream = startStream(judge, context, { all });
    for await (const { incident } of incidentsIn(input)) await print(stream.push(incident));
    await print(stream.end());
  } else {
    const incidents: Incident[] = [];
    for await (const { incident } of incidentsIn(input)) incidents.push(incident);
    await print(judgeCase(judge, context, incidents, { all }));
  }
}

/** Checks every line on the way, and that no two incidents have one id: a finding could not say which it means. */
async function isInTimeOrder(input: Input, context: CaseContext): Promise<boolean> {
  const zone = zoneNamed(context.zone);
  let last = Number.NEGATIVE_INFINITY;
  let ordered = true;
  const seen = new SeenIds();
  for await (const { incident, line } of incidentsIn(input)) {
    if (seen.hadBefore(incident.id)) await refuseRepeated(input, incident.id, line);
    const at = instantOf(incident.happenedAt, zone);
    if (at < last) ordered = false;
    last = at;
  }
  return ordered;
}

/** Looks up in the lines before whether the id is really there, and says where. */
async function refuseRepeated(input: Input, id: string, repeatedAt: number): Promise<void> {
  for await (const { incident, line } of incidentsIn(input)) {
    if (line >= repeatedAt) return;
    if (incident.id === id)
      throw new BadInput(`${input.name}:${repeatedAt}: id: “${id}” is the id of line ${line} already`);
  }
}

async function* incidentsIn({ path, name }: Input): AsyncGenerator<{ incident: Incident; line: number }> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Infinity })) {
    number++;
    const text = number === 1 ? line.replace(/^\uFEFF/, "") : line;
    if (text.trim() !== "") yield { incident: parsed(text, Incident, `${name}:${number}`), line: number };
  }
}

function readCase(file: string): CaseContext {
  return parsed(readFileSync(file, "utf8"), CaseContext, file);
}

function parsed<T>(json: string, schema: z.ZodType<T>, place: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new BadInput(`${place}: is not JSON (${(error as Error).message})`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const missing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
    return `${place}: ${issue.path.join(".") || "line"}: ${missing ? "is missing" : issue.message}`;
  });
  throw new BadInput(problems.join("\n"));
}

async function print(findings: readonly Finding[]): Promise<void> {
  for (const finding of findings)
    if (!process.stdout.write(`${JSON.stringify(finding)}\n`)) await once(process.stdout, "drain");
}

/** Standard input is kept in a file for as long as it is read, for it is read twice. */
async function withFile(input: string, use: (input: Input) => Promise<void>): Promise<void> {
  if (input !== "-") return use({ path: input, name: input });
  const folder = await mkdtemp(join(tmpdir(), "dunwatch-"));
  try {
    const path = join(folder, "input.jsonl");
    await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
    await use({ path, name: "standard input" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
