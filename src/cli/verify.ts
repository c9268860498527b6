/** `dunwatch verify BAG.zip|DIR`: one line per problem on standard output. Exit 0 nothing wrong, 1 problems, 2 not a bag at all. */
import { NotABag } from "../dossiers/bag-source.ts";
import { verifyBag } from "../dossiers/verify.ts";

export async function run(args: string[]): Promise<number> {
  const [path, ...rest] = args;
  if (path === undefined || rest.length > 0 || path.startsWith("-")) {
    process.stderr.write("usage: dunwatch verify BAG.zip|DIR\n");
    return 2;
  }
  try {
    const verdict = await verifyBag(path);
    for (const { kind, part, why } of verdict.problems)
      process.stdout.write(`${kind}: ${printable(part)}: ${printable(why)}\n`);
    if (verdict.problems.length > 0) return 1;
    process.stdout.write(`nothing wrong: ${verdict.files} files, signed by the key with SHA-256 ${verdict.signedBy}\n`);
    if (verdict.unread > 0)
      process.stdout.write(
        `redacted: the content of ${verdict.unread} events of the history was left out; that they follow each other was checked, their content was not\n`,
      );
    return 0;
  } catch (error) {
    if (!(error instanceof NotABag)) throw error;
    process.stderr.write(`${printable(path)}: ${error.message}\n`);
    return 2;
  }
}

/** Names inside a stranger's zip may carry terminal commands or line ends; a problem stays on its line. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
