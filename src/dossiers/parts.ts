/**
 * The three files that are made from a dossier's data: for reading, for spreadsheets, for machines. Made in a process of their own:
 * typesetting takes seconds and hundreds of megabytes, which a worker thread would leave behind in the server; a process gives all of it
 * back, yields to the server, and takes nobody with it should it fall over. Next: parts-worker.ts.
 */
import { fork } from "node:child_process";
import type { Dossier } from "./dossier.ts";
import type { Masking } from "./redact.ts";

export interface MadePart {
  /** Where it goes in the bag. */
  path: string;
  /** Where it lies now. */
  file: string;
  size: number;
  sha256: string;
}

/** What the worker is sent, in this order: the dossier without its long lists, the lists in pieces, the order to begin. */
export type Order =
  | { dossier: Dossier }
  | { incidents: Dossier["incidents"] }
  | { findings: Dossier["findings"] }
  | { exhibits: Dossier["exhibits"] }
  | { masking: Masking }
  | { folder: string };
export type Answer = { parts: MadePart[] } | { error: string };

/** Serialising ten thousand findings at once would keep every reader of the server waiting for a second. */
const AT_ONCE = 250;

/**
 * Writes the parts into an existing folder, with private words masked when it is told which. The same dossier gives the same bytes.
 * @throws what the worker says is wrong.
 */
export async function makeParts(dossier: Dossier, folder: string, masking: Masking | null = null): Promise<MadePart[]> {
  const worker = fork(new URL("parts-worker.ts", import.meta.url), { execArgv: [], serialization: "advanced" });
  const answered = new Promise<MadePart[]>((resolve, reject) => {
    worker.once("message", (answer: Answer) => {
      if ("parts" in answer) resolve(answer.parts);
      else reject(new Error(answer.error));
    });
    worker.once("error", reject);
    worker.once("exit", (code, signal) =>
      reject(new Error(`making the dossier's parts ended early (${signal ?? code})`)),
    );
  });
  const sent = (async () => {
    for (const order of orders(dossier, folder, masking))
      await new Promise<void>((resolve, reject) => {
        worker.send(order, (error) => (error === null ? resolve() : reject(error)));
      });
  })();
  // Whatever goes wrong first is what is told; a worker that ends early makes sending fail too.
  const [parts] = await Promise.all([answered, sent]);
  return parts;
}

function* orders(dossier: Dossier, folder: string, masking: Masking | null): Generator<Order> {
  yield { dossier: { ...dossier, incidents: [], findings: [], exhibits: [] } };
  for (const incidents of pieces(dossier.incidents)) yield { incidents };
  for (const findings of pieces(dossier.findings)) yield { findings };
  for (const exhibits of pieces(dossier.exhibits)) yield { exhibits };
  if (masking !== null) yield { masking };
  yield { folder };
}

function* pieces<T>(list: readonly T[]): Generator<T[]> {
  for (let from = 0; from < list.length; from += AT_ONCE) yield list.slice(from, from + AT_ONCE);
}
