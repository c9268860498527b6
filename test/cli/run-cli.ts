/** Runs the real command in a process of its own. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const cli = join(import.meta.dirname, "../../src/cli.ts");

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function dunwatch(args: string[], stdin?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.on("error", () => {}).end(stdin ?? "");
  });
}

/** Writes files into a folder that goes with the test; gives their paths. */
export async function filesWith<T extends Record<string, string>>(contents: T): Promise<Record<keyof T, string>> {
  const folder = await mkdtemp(join(tmpdir(), "dunwatch-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const entries = Object.entries(contents).map(async ([name, text]) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return [name, path] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<keyof T, string>;
}
