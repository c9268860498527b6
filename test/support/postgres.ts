/** Starts one PostgreSQL server for the whole test run and stops it at the end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = spawn(process.execPath, [join(import.meta.dirname, "postgres-server.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [said] = (await Promise.race([once(server.stdout, "data"), once(server, "exit")])) as [Buffer | number | null];
  if (!(said instanceof Buffer)) throw new Error("the PostgreSQL server for the tests did not start");
  project.provide("postgresUrl", said.toString().trim());
  return async () => {
    const ended = once(server, "exit");
    server.stdin.end();
    await ended;
  };
}
