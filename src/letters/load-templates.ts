/** The kinds of letters installed here, read from data/letters/*.yaml and checked once. Next: compose.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { z } from "zod";
import { Frame, type LetterKind, type Template, TemplateFile, letterKinds } from "./template.ts";

const installed = join(import.meta.dirname, "../../data/letters");

/** @throws naming the file and the field of whatever is wrong, or a shared part that is not there. */
function loadTemplates(folder: string = installed): ReadonlyMap<LetterKind, Template> {
  const { parts } = read(join(folder, "frame.yaml"), Frame);
  return new Map(
    letterKinds.map((kind) => {
      const file = join(folder, `${kind}.yaml`);
      const made = read(file, TemplateFile);
      if (made.kind !== kind) throw new Error(`${file}: kind: must be ${kind}`);
      const paragraphs = made.paragraphs.flatMap((one) => {
        if (!("part" in one)) return [one];
        const part = parts[one.part];
        if (part === undefined) throw new Error(`${file}: paragraphs: there is no part ${one.part}`);
        return part;
      });
      return [kind, { ...made, paragraphs }];
    }),
  );
}

function read<T>(file: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Error(`${file}: ${path.join(".")}: ${message}`);
}

let known: ReadonlyMap<LetterKind, Template> | undefined;

/** The same, read once. */
export function installedTemplates(): ReadonlyMap<LetterKind, Template> {
  known ??= loadTemplates();
  return known;
}
