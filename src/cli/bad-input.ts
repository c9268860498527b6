/** Input that cannot be used: the message names file, line and field, and the command ends with exit code 2. */
export class BadInput extends Error {}

/** Runs a command and turns bad input, and files that cannot be read, into a sentence on stderr and exit code 2. */
export async function orBadInput(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BadInput || isAboutFile(error) || isAboutOptions(error)) {
      process.stderr.write(`${sentence(error)}\n`);
      return 2;
    }
    throw error;
  }
}

function isAboutFile(error: unknown): error is NodeJS.ErrnoException & { path: string } {
  return error instanceof Error && "code" in error && "path" in error && typeof error.path === "string";
}

/** node:util parseArgs refused the options. */
function isAboutOptions(error: unknown): error is Error {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function sentence(error: Error): string {
  if (!isAboutFile(error)) return error.message;
  if (error.code === "ENOENT") return `${error.path}: there is no such file`;
  if (error.code === "EISDIR") return `${error.path}: is a folder, not a file`;
  if (error.code === "EACCES") return `${error.path}: may not be read`;
  return `${error.path}: ${error.message}`;
}
