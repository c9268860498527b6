/**
 * The two files of a letter, made once for each version and kept: what is downloaded is what is sent later, byte for byte. Made in a
 * process of its own, one letter at a time (typesetting takes a processor and much memory). Next: make-worker.ts.
 */
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Letter } from "./letter.ts";
import { type LetterPaper, paperOf } from "./paper.ts";

export interface Order {
  paper: LetterPaper;
  pdf: string;
  docx: string;
}
export interface Answer {
  error: string | null;
}

export interface LetterFiles {
  pdf: string;
  docx: string;
}

const LONGEST_MS = 120_000;

/** Where the files of a case's drafts are; it goes when the case does. */
export const lettersFolder = (dataDir: string, caseId: string): string => join(dataDir, "letters", caseId);

let last: Promise<unknown> = Promise.resolve();

/** Where the files of this version are, making them when nobody has yet. @throws what the worker says is wrong. */
export async function filesOf(dataDir: string, caseId: string, letter: Letter): Promise<LetterFiles> {
  const made = last.then(() => makeOnce(dataDir, caseId, letter));
  last = made.catch(() => {});
  return made;
}

async function makeOnce(dataDir: string, caseId: string, letter: Letter): Promise<LetterFiles> {
  const folder = lettersFolder(dataDir, caseId);
  const name = `${letter.number}-${letter.version}`;
  const files = { pdf: join(folder, `${name}.pdf`), docx: join(folder, `${name}.docx`) };
  // The PDF is put into place last: where it is, both are.
  if ((await stat(files.pdf).catch(() => null)) !== null) return files;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = join(folder, `.${randomUUID()}`);
  try {
    await inAProcess({ paper: paperOf(letter), pdf: `${aside}.pdf`, docx: `${aside}.docx` });
    await rename(`${aside}.docx`, files.docx);
    await rename(`${aside}.pdf`, files.pdf);
  } finally {
    await rm(`${aside}.pdf`, { force: true });
    await rm(`${aside}.docx`, { force: true });
  }
  await forgetFiles(dataDir, caseId, letter.number, letter.version);
  return files;
}

/** Deletes the files of a letter's versions, but for one. */
export async function forgetFiles(dataDir: string, caseId: string, number: number, keep: number | null): Promise<void> {
  const folder = lettersFolder(dataDir, caseId);
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(`${number}-`) && !name.startsWith(`${number}-${keep}.`))
      await rm(join(folder, name), { force: true });
  }
}

function inAProcess(order: Order): Promise<void> {
  const worker = fork(new URL("make-worker.ts", import.meta.url), {
    execArgv: [],
    serialization: "advanced",
    // One letter that never ends must not keep all others from being made.
    timeout: LONGEST_MS,
    killSignal: "SIGKILL",
  });
  return new Promise((resolve, reject) => {
    worker.once("message", ({ error }: Answer) => (error === null ? resolve() : reject(new Error(error))));
    worker.once("error", reject);
    worker.once("exit", (code, signal) => reject(new Error(`making a letter ended early (${signal ?? code})`)));
    worker.send(order);
  });
}
