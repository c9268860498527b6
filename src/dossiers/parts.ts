/**
 * The three files that are made from a dossier's data: for reading, for spreadsheets, for machines. Made in a process of their own:
 * typesetting takes seconds and hundreds of megabytes, which a worker thread would leave behind in the server; a process gives all of it
 * back, yields to the server, and takes nobody with it should it fall over. Next: parts-worker.ts.
 */
import { fork } from "node:child_process";
import type { Dossier } from "./dossier.ts";

export interface MadePart {
  /** Where it goes in the bag. */
  path: string;
  /** Where it lies now. */
  file: string;
  size: number;
  sha256: string;
}

/** Writes the parts into an existing folder. The same dossier gives the same bytes. @throws what the worker says is wrong. */
export function makeParts(dossier: Dossier, folder: string): Promise<MadePart[]> {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL("parts-worker.ts", import.meta.url), { execArgv: [], serialization: "advanced" });
    worker.once("message", (answer: { parts: MadePart[] } | { error: string }) => {
      if ("parts" in answer) resolve(answer.parts);
      else reject(new Error(answer.error));
    });
    worker.once("error", reject);
    worker.once("exit", (code, signal) =>
      reject(new Error(`making the dossier's parts ended early (${signal ?? code})`)),
    );
    worker.send({ dossier, folder });
  });
}
