/**
 * Once for the whole test run: starts one PostgreSQL server, and stops it at the end; says where the many processes that tests start
 * keep their compiled modules, so that not each of them compiles the app again.
 */
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
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "../../node_modules/.cache/compiled-for-tests");
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
