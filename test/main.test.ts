/** Starting and stopping the real server process, as the README says. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

let folder: string;
const running: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dunwatch-main-"));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** Waits until standard output holds this, or the process ends. */
  until(text: RegExp): Promise<string>;
  ended: Promise<number | null>;
}

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ["src/main.ts"], {
    env: { PATH: process.env.PATH, PORT: "0", DATA_DIR: join(folder, "data"), LOG_LEVEL: "error", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const until = async (text: RegExp) => {
    while (!text.test(out)) {
      const over = await Promise.race([ended.then(() => true), once(child.stdout, "data").then(() => false)]);
      if (over && !text.test(out)) throw new Error(`ended without saying ${text}: ${out}${err}`);
    }
    return out;
  };
  return { child, out: () => out, err: () => err, until, ended };
}

describe("a start", () => {
  test("prints one address and a set-up link that works once; SIGTERM ends it cleanly; then no link is printed any more", async () => {
    const first = start({ DATA_DIR: join(folder, "fresh") });
    const said = await first.until(/links\/\S+\n/);
    const origin = /ready at (http:\/\/127\.0\.0\.1:\d+)\n/.exec(said)?.[1];
    const link = /(http:\/\/127\.0\.0\.1:\d+\/links\/\S+)\n/.exec(said)?.[1];
    expect(said.match(/http:\/\//g)).toHaveLength(2);
    expect(await (await fetch(`${origin}/health`)).json()).toMatchObject({ status: "ok" });

    const account = new URLSearchParams({ name: "Lin", email: "lin@example.org", password: "a quiet evening" });
    const make = () =>
      fetch(link!, { method: "POST", body: account, redirect: "manual", headers: { "Sec-Fetch-Site": "same-origin" } });
    const made = await make();
    expect([made.status, made.headers.get("location")]).toEqual([303, "/"]);
    const cookie = made.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    expect((await fetch(`${origin}/`, { headers: { cookie }, redirect: "manual" })).status).toBe(200);
    expect((await make()).status).toBe(404);

    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    const second = start({ DATA_DIR: join(folder, "fresh") });
    await second.until(/ready at/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(second.out()).not.toContain("/links/");
  });

  test.each<[string, () => Promise<Record<string, string>> | Record<string, string>, RegExp]>([
    [
      "a busy port",
      async () => {
        const busy = createServer().listen(0, "127.0.0.1");
        await once(busy, "listening");
        busy.unref();
        return { PORT: String((busy.address() as AddressInfo).port) };
      },
      /^Port \d+ on 127\.0\.0\.1 is in use\. Stop the other program, or choose another with PORT=3001\.\n$/,
    ],
    [
      "a folder that is a file",
      () => {
        writeFileSync(join(folder, "file"), "");
        return { DATA_DIR: join(folder, "file") };
      },
      /^DATA_DIR \S+file is not a folder\.\n$/,
    ],
    [
      "a folder that cannot be written to",
      () => ({ DATA_DIR: "/sys/dunwatch" }),
      /^(The folder|Dunwatch cannot start with) .*\/sys\/dunwatch.*\n$/,
    ],
    ["a setting of the wrong kind", () => ({ PORT: "many" }), /^Setting PORT: .+\.\n$/],
    [
      "two wrong settings",
      () => ({ LOG_LEVEL: "loud", DATABASE_URL: "mysql://x" }),
      /^Setting DATABASE_URL: .+\nSetting LOG_LEVEL: .+\n$/,
    ],
    [
      "a file that is no database",
      () => {
        writeFileSync(join(folder, "broken.db"), "this is not a database, whatever its name says. ".repeat(40));
        return { DATABASE_URL: `sqlite:${join(folder, "broken.db")}` };
      },
      /^sqlite:\S+broken\.db is not a usable SQLite database .+\n$/,
    ],
    [
      "no database server",
      () => ({ DATABASE_URL: "postgres://a:secret@127.0.0.1:1/x" }),
      /^Dunwatch cannot start with DATABASE_URL postgres:\/\/…@127\.0\.0\.1:1\/x .+\n$/,
    ],
  ])("refuses %s in one clear sentence with exit code 2", async (_, prepare, sentence) => {
    const { ended, err } = start(await prepare());
    expect(await ended).toBe(2);
    expect(err()).toMatch(sentence);
  });
});
