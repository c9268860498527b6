#!/usr/bin/env node
/**
 * The `dunwatch` command: looks up the file of the command named first and runs it. Commands live in cli/, one file each, and are loaded
 * only when asked for: a new command is a new file that exports `run(args)` and a line here. Exit codes: 0 fine, 1 the answer is no,
 * 2 bad input.
 */

import { ConfigError } from "./config.ts";

interface Command {
  /** Gets what follows the command's name; resolves to the exit code. */
  run: (args: string[]) => Promise<number>;
}

const commands: Record<string, { says: string; load: () => Promise<Command> }> = {
  serve: { says: "start the app", load: () => import("./cli/serve.ts") },
  demo: { says: "fill a made-up case and say how to see it", load: () => import("./cli/demo.ts") },
  migrate: { says: "bring the database up to date", load: () => import("./cli/migrate.ts") },
  classify: { says: "judge incidents against codes of conduct", load: () => import("./cli/classify.ts") },
  codes: { says: "check a code of conduct, or list those installed", load: () => import("./cli/codes.ts") },
  "check-evidence": { says: "read every stored file again", load: () => import("./cli/check-evidence.ts") },
  deadlines: { says: "work out when a complaint must be answered", load: () => import("./cli/deadlines.ts") },
  import: { says: "bring in calls, messages, bills, chats from a file", load: () => import("./cli/import.ts") },
  dossier: { says: "freeze a dossier and write its PDF and bag", load: () => import("./cli/dossier.ts") },
  verify: { says: "check a dossier's bag", load: () => import("./cli/verify.ts") },
  evaluate: { says: "hold the wording of acts against real texts", load: () => import("./cli/evaluate.ts") },
  schema: { says: "print the JSON Schema of a public shape", load: () => import("./cli/schema.ts") },
};

// `dunwatch … | head` closes our output early; that is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const [name = "help", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command !== undefined) {
  try {
    const { run } = await command.load();
    process.exitCode = await run(args);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
} else {
  const asked = name === "help" || name === "--help" || name === "-h";
  const lines = Object.entries(commands).map(([word, { says }]) => `  ${word.padEnd(12)} ${says}`);
  const usage = `usage: dunwatch COMMAND …\n${lines.join("\n")}\n`;
  if (asked) process.stdout.write(usage);
  else process.stderr.write(`dunwatch: there is no command "${name}"\n${usage}`);
  process.exitCode = asked ? 0 : 2;
}
