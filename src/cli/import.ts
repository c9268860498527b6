/**
 * `dunwatch import FILE --case ID`: the way of an import without pages. What the file does not settle by itself must be answered with a
 * flag; whose numbers count is what the page would suggest, or what --numbers and --all say. Exit 0 when done, 2 for bad input.
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import type { By } from "../cases/case.ts";
import { getCase } from "../cases/store.ts";
import { readConfig } from "../config.ts";
import { keptName } from "../evidence/evidence.ts";
import { mediaTypeOf } from "../evidence/media-type.ts";
import { detect, readerNamed, readers } from "../imports/detect.ts";
import {
  type Counts,
  type Import,
  type Keeps,
  LEAVE,
  type Party,
  type State,
  UNKNOWN,
  totalOf,
} from "../imports/import.ts";
import { numberKeys } from "../imports/numbers.ts";
import { sentence } from "../imports/pages.ts";
import type { Answers, Problem, Reader } from "../imports/reader.ts";
import { listRows } from "../imports/preview/store.ts";
import { chooseParty, listParties } from "../imports/parties/store.ts";
import { changeFile, changeImport, createImport, filesOf, getImportById, moveImport } from "../imports/store.ts";
import type { ImportReport } from "../imports/report.ts";
import { runTask } from "../imports/task.ts";
import { dropImport } from "../imports/tidy.ts";
import { createServices, type Services } from "../services.ts";
import { translator } from "../web/locale.ts";
import { BadInput, orBadInput } from "./bad-input.ts";

const USAGE = `usage: dunwatch import FILE --case ID [--format F] [--answer QUESTION=VALUE]… [--numbers A,B,…|--all]
                       [--keep file|rows] [--dry-run] [--json]`;
const PAGE = 1000;

interface Wish {
  path: string;
  caseId: string;
  format: string | null;
  answers: Answers;
  /** Only these numbers, addresses or chats; null = what is suggested. */
  numbers: readonly string[] | null;
  all: boolean;
  keeps: Keeps | null;
  dryRun: boolean;
}

export function run(args: string[]): Promise<number> {
  return orBadInput(async () => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        case: { type: "string" },
        format: { type: "string" },
        answer: { type: "string", multiple: true },
        numbers: { type: "string" },
        all: { type: "boolean", default: false },
        keep: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const [path] = positionals;
    if (path === undefined || positionals.length > 1 || values.case === undefined) throw new BadInput(USAGE);
    const keeps = values.keep ?? null;
    if (keeps !== null && keeps !== "file" && keeps !== "rows") throw new BadInput("--keep: must be file or rows");
    if (values.format !== undefined && readerNamed(values.format) === undefined)
      throw new BadInput(`--format: must be one of ${readers.map(({ format }) => format).join(", ")}`);
    if (!(await stat(path)).isFile()) throw new BadInput(`${path}: is not a file`);
    const wish: Wish = {
      path,
      caseId: values.case,
      format: values.format ?? null,
      answers: readAnswers(values.answer ?? []),
      numbers: values.numbers?.split(/[,，]/).map((one) => one.trim()) ?? null,
      all: values.all,
      keeps,
      dryRun: values["dry-run"],
    };
    const services = await createServices(readConfig(process.env));
    try {
      const { report, left } = await bringIn(services, wish, { personId: "system", at: services.clock.now() });
      process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : told(report, wish));
      if (left.length > 0) process.stderr.write(hint(left));
      return 0;
    } finally {
      await services.close();
    }
  });
}

function readAnswers(given: readonly string[]): Answers {
  const answers: Answers = {};
  for (const one of given) {
    const [, name, value] = /^(dateOrder|year|columns|own|encoding)=([\s\S]+)$/.exec(one) ?? [];
    if (name === undefined) throw new BadInput(`--answer: ${one} does not look like dateOrder=dmy`);
    answers[name as keyof Answers] = value!;
  }
  return answers;
}

/** The whole way of an import. @returns its report, and who was left out. @throws BadInput in the words of the command line. */
export async function bringIn(
  services: Services,
  wish: Wish,
  by: By,
): Promise<{ report: ImportReport; left: Party[] }> {
  const { db, config, waiting } = services;
  const matter = await getCase(db, wish.caseId);
  if (matter === null) throw new BadInput(`--case: there is no case ${wish.caseId}`);
  const shop = { ...services, formats: { detect, readerNamed }, maxFileBytes: config.maxFileBytes };
  const { sha256, size } = await waiting.blobs.receive(createReadStream(wish.path));
  const name = keptName(basename(wish.path));
  const mediaType = size === 0 ? "application/octet-stream" : await mediaTypeOf(waiting.blobs, sha256, size);
  const { id } = await createImport(db, matter.id, [{ sha256, size, name, mediaType }], by);
  let committed = false;
  try {
    await changeFile(db, matter.id, id, 1, {
      answers: wish.answers,
      ...(wish.format === null ? {} : { format: wish.format }),
    });
    await step("detecting", "asking");
    const reader = await settleQuestions();
    await step("asking", "reading", "choosing");
    const left = await choose(reader);
    if (wish.keeps !== null) await changeImport(db, matter.id, id, { keeps: wish.keeps });
    await step("choosing", "comparing", "preview");
    const { counts } = await current();
    // The rows are listed first: a finished import keeps none but the unreadable.
    const report = { ...reportOf(reader.format, counts), problems: await problems() };
    if (!wish.dryRun) {
      await step("preview", "committing", "committed");
      committed = true;
    }
    return { report, left };
  } finally {
    if (!committed) await dropImport(services, matter.id, id);
  }

  async function current(): Promise<Import> {
    return (await getImportById(db, wish.caseId, id))!;
  }

  /** Does the work between two states; anything but the last is what the file does not allow. */
  async function step(from: State, ...rest: State[]): Promise<void> {
    const to = rest.at(-1);
    if (rest.length > 1) await moveImport(db, wish.caseId, id, [from], rest[0]!, { error: null });
    const reached = await runTask(shop, { caseId: wish.caseId, importId: id, by });
    const { error } = await current();
    if (reached !== to || error !== null) throw new BadInput(`${wish.path}: ${english(error ?? { key: "failed" })}`);
  }

  /** @throws naming the flags that answer what the file leaves open. */
  async function settleQuestions(): Promise<Reader> {
    const [file] = await filesOf(db, wish.caseId, id);
    const reader = file?.format == null ? undefined : readerNamed(file.format);
    if (file === undefined || reader === undefined) throw new BadInput(`${wish.path}: ${english({ key: "empty" })}`);
    const open = file.questions.filter(
      (question) =>
        wish.answers[question.name] === undefined &&
        !(question.name === "columns" && file.answers.columns !== undefined),
    );
    if (open.length === 0) return reader;
    const t = translator("en");
    const asked = open.map(({ name: question, choices, samples }) => {
      const flags = (choices ?? ["…"]).map((choice) => `--answer ${question}=${choice}`).join(" or ");
      const shown = samples.map((cells) => `  ${cells.join(" | ").slice(0, 200)}`).join("\n");
      return `${wish.path}: ${t(`imports.question.${question}.title`)} Say ${flags}\n${shown}`;
    });
    throw new BadInput(asked.join("\n"));
  }

  /** Takes whose numbers count. @returns who was left out though they have many records. */
  async function choose(reader: Reader): Promise<Party[]> {
    const parties: Party[] = [];
    for (let after: Party | null = null; ;) {
      const page: Party[] = await listParties(db, wish.caseId, id, after, PAGE);
      parties.push(...page);
      after = page.at(-1) ?? null;
      if (page.length < PAGE) break;
    }
    const keys = numberKeys(matter!.country);
    const asked = wish.numbers === null ? null : new Set(wish.numbers.flatMap((one) => [one, keys(one)]));
    const isKnown = parties.some(({ why }) => why === "known" || why === "logged");
    // A bill, a recording, a file of our own or a single chat was brought for its contacts; a whole phone holds other people's lives.
    const everybody =
      wish.all || reader.kind === "own" || (!isKnown && (reader.keeps === "file" || parties.length === 1));
    const left: Party[] = [];
    for (const party of parties) {
      const named =
        asked !== null && [party.number, party.label, party.name].some((one) => one !== null && asked.has(one));
      const taken = asked === null ? everybody || party.choice !== LEAVE : named;
      const choice = !taken ? LEAVE : party.choice === LEAVE ? UNKNOWN : party.choice;
      if (choice !== party.choice) await chooseParty(db, wish.caseId, id, party.key, choice);
      if (!taken) left.push(party);
    }
    return asked === null ? left : [];
  }

  async function problems(): Promise<ImportReport["problems"]> {
    const found: ImportReport["problems"] = [];
    for (let place: { file: number; row: number } | null = null; ;) {
      const filter = { becomes: "unreadable", side: "after", place, limit: PAGE } as const;
      const rows: Awaited<ReturnType<typeof listRows>> = await listRows(db, wish.caseId, id, filter);
      found.push(...rows.map(({ row, why }) => ({ row, why: why === null ? "" : english(why) })));
      place = rows.at(-1) ?? null;
      if (rows.length < PAGE) return found;
    }
  }
}

const english = (problem: Problem): string => sentence({ t: translator("en") }, "problem", problem);

const reportOf = (format: string, counts: Counts): Omit<ImportReport, "problems"> => ({
  format,
  rows: totalOf(counts),
  new: counts.new,
  duplicate: counts.duplicate,
  leftOut: counts["left-out"],
  unreadable: counts.unreadable,
});

function told(report: ImportReport, { path, dryRun }: Wish): string {
  const { rows, duplicate, leftOut, unreadable, problems } = report;
  return [
    `${path}: ${report.format}${dryRun ? ", nothing was changed" : ""}`,
    `${rows} rows = ${report.new} new + ${duplicate} duplicate + ${leftOut} left out + ${unreadable} unreadable`,
    ...problems.map(({ row, why }) => `row ${row}: ${why}`),
    "",
  ].join("\n");
}

function hint(left: readonly Party[]): string {
  const first = left
    .slice(0, 5)
    .map(({ label, calls, messages }) => `${label || "number withheld"} (${calls + messages})`);
  return `left out: ${first.join(", ")}${left.length > 5 ? ` and ${left.length - 5} more` : ""}; take them with --numbers A,B or --all\n`;
}
