/** The first step of an import: what each file probably is, what must be asked about it, and three records as they would be read. */
import { createHash } from "node:crypto";
import type { Case } from "../cases/case.ts";
import { seemsToBe } from "./detect.ts";
import { encodingQuestion } from "./encoding-question.ts";
import { headOf } from "./head.ts";
import type { Import, ImportFile } from "./import.ts";
import type { Answers, Attachment, Contact, Problem, Question, ReadOptions, Reader } from "./reader.ts";
import { rememberedOf } from "./remembered.ts";
import { changeFile, changeImport, filesOf, mappingOf } from "./store.ts";
import type { Workshop } from "./workshop.ts";

const SAMPLES = 3;
/** Records looked at in search of samples: a phone's backup may begin with many that are none. */
const LOOKED_AT = 200;

/** @returns what a file that fits no format seems to be, the first such file only; null when all were recognised. */
export async function detectFiles(shop: Workshop, matter: Case, imported: Import): Promise<Problem | null> {
  let unknown: Problem | null = null;
  const strangers: ImportFile[] = [];
  let hasNames = false;
  for (const found of await filesOf(shop.db, matter.id, imported.id)) {
    const file = await asAnsweredBefore(shop, imported, found);
    const head = await headOf(shop.waiting.pathOf(file.sha256));
    const likely = shop.formats.detect(head, file.name);
    // What a person chose stands, whatever the content looks like.
    const reader = (file.format === null ? undefined : shop.formats.readerNamed(file.format)) ?? likely[0]?.reader;
    if (reader === undefined) {
      unknown ??= await seemsToBe(head);
      strangers.push(file);
      await changeFile(shop.db, matter.id, imported.id, file.file, { format: null, formats: [] });
      continue;
    }
    hasNames ||= reader.namesFiles === true;
    const formats = likely.map((one) => one.reader.format);
    await changeFile(shop.db, matter.id, imported.id, file.file, {
      format: reader.format,
      formats,
      ...(await askAbout(shop, matter, file, reader)),
    });
  }
  if (!hasNames) return unknown;
  // A paper or a film beside a chat that names its files is probably one of them.
  for (const { file } of strangers)
    await changeFile(shop.db, matter.id, imported.id, file, { format: "added", formats: ["added"] });
  return null;
}

/** A file nobody has answered for yet, with what was answered when this very file was here before. */
async function asAnsweredBefore({ db }: Workshop, imported: Import, file: ImportFile): Promise<ImportFile> {
  const before = file.format === null ? await rememberedOf(db, imported.caseId, file) : null;
  if (before === null) return file;
  const { keeps, contacted } = before;
  await changeImport(db, imported.caseId, imported.id, { ...(keeps === null ? {} : { keeps }), contacted });
  return { ...file, format: before.format, answers: { ...before.answers, ...file.answers } };
}

/** What a format asks about a file, and what it makes of it. */
async function askAbout(
  shop: Workshop,
  matter: Case,
  file: Pick<ImportFile, "name" | "sha256" | "answers">,
  reader: Reader,
): Promise<Pick<ImportFile, "questions" | "answers" | "samples">> {
  const path = shop.waiting.pathOf(file.sha256);
  const answers: Answers = {};
  const settle = async (question: Question) => {
    const likely = (await rememberedAnswer(shop, matter.id, question)) ?? question.choices?.[0];
    const answer = file.answers[question.name] ?? likely;
    if (answer !== undefined) answers[question.name] = answer;
  };
  // How the letters are written comes first: what else there is to ask hangs on reading them.
  const encoding = reader.asksEncoding === true ? encodingQuestion(await headOf(path)) : null;
  if (encoding !== null) await settle(encoding);
  const options = readOptions(shop, matter, { ...file, answers: { ...file.answers, ...answers } });
  const asked = await reader.questions(path, options);
  const questions = encoding === null ? asked : [encoding, ...asked];
  for (const question of asked) await settle(question);
  const ready = questions.every(({ name }) => answers[name] !== undefined);
  const samples = ready ? await samplesOf(reader, path, { ...options, answers, keep: passBy }) : [];
  return { questions: [...questions], answers, samples };
}

export const readOptions = (
  shop: Pick<Workshop, "clock">,
  matter: Case,
  file: Pick<ImportFile, "name" | "answers">,
): Omit<ReadOptions, "keep"> => ({
  name: file.name,
  zone: matter.zone,
  answers: file.answers,
  modifiedAt: null,
  today: Temporal.Instant.fromEpochMilliseconds(shop.clock.now())
    .toZonedDateTimeISO(matter.zone)
    .toPlainDate()
    .toString(),
});

async function samplesOf(reader: Reader, path: string, options: ReadOptions): Promise<Contact[]> {
  const samples: Contact[] = [];
  try {
    for await (const row of reader.read(path, options)) {
      if ("contact" in row)
        samples.push({ ...row.contact, said: row.contact.said?.slice(0, 200) ?? "", attachments: [] });
      if (samples.length >= SAMPLES || row.row >= LOOKED_AT) break;
    }
  } catch {
    // What cannot be read at all is told when it is read for good; samples are only a help.
  }
  return samples;
}

/** Samples need no attachments: they are let by. */
async function passBy(name: string, bytes: AsyncIterable<Uint8Array>): Promise<Attachment> {
  let size = 0;
  for await (const chunk of bytes) size += chunk.byteLength;
  return { name, sha256: "", size };
}

/** How this very heading was read before in this case. */
async function rememberedAnswer(shop: Workshop, caseId: string, question: Question): Promise<string | null> {
  return isRemembered(question) ? mappingOf(shop.db, caseId, headingHash(question)) : null;
}

/** Files of one origin begin alike and are written alike. */
export const isRemembered = ({ name }: Question): boolean => name === "columns" || name === "encoding";

export const headingHash = ({ name, samples }: Question): string =>
  createHash("sha256")
    .update(JSON.stringify(name === "columns" ? (samples[0] ?? []) : [name, samples.map(([first]) => first)]))
    .digest("hex");
