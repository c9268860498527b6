/** Reads the file of acts (data/acts.yaml) and names file, line and field of whatever is wrong in it. */
import { readFileSync } from "node:fs";
import { isNode, LineCounter, parseDocument } from "yaml";
import { Acts } from "../conduct/acts.ts";

/** A file of acts that cannot be used; the message has one line for each problem: `file:line: field: why`. */
export class ActsFileError extends Error {}

/** Reads and checks a file of acts. Throws {@link ActsFileError}; an unreadable file throws the system's own error. */
export function loadActs(file: string | URL): Acts {
  return parseActs(readFileSync(file, "utf8"), file instanceof URL ? decodeURIComponent(file.pathname) : file);
}

/** Checks the text of a file of acts; `file` is only named in messages. */
export function parseActs(yaml: string, file: string): Acts {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines });
  const problems = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    why: error.message.split("\n")[0] ?? error.message,
  }));
  if (problems.length === 0) {
    const acts = Acts.safeParse(document.toJS());
    if (acts.success) return acts.data;
    for (const issue of acts.error.issues)
      problems.push({ line: lineOf(issue.path), why: `${issue.path.join(".") || "file"}: ${issue.message}` });
  }
  throw new ActsFileError(problems.map(({ line, why }) => `${file}:${line}: ${why}`).join("\n"));

  /** Line of a field, or of the nearest thing round it that is there. */
  function lineOf(path: readonly PropertyKey[]): number {
    for (let depth = path.length; depth > 0; depth--) {
      const node: unknown = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}
