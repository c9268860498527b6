/**
 * What is done with the whole text of a code of a case, each a plain function of plain data, so that it can run on a thread of its own.
 * Texts may be anybody's. Next: aside.ts (where they run).
 */
import type { Code } from "../conduct/code.ts";
import * as edit from "./edit-text.ts";
import { type CodeText, readCode } from "./library.ts";
import { CodeFileError, type FileProblem } from "./load.ts";

/** A text as read, or what is wrong in it. */
type Read = { read: CodeText; problems: null } | { read: null; problems: readonly FileProblem[] };

/** What a text must be to become a code of a case: readable, including only codes that are there, with this id where one is given. */
export interface Wanted {
  /** The codes that it may include. */
  known: readonly string[];
  id?: string;
}

export const textJobs = {
  read(text: string, file: string): Read {
    try {
      const { code, sha256 } = readCode(text, file);
      return { read: { code, sha256, text }, problems: null };
    } catch (error) {
      if (error instanceof CodeFileError) return { read: null, problems: error.problems };
      throw error;
    }
  },
  /** What is wrong in a text that is to become a code of a case, with places. */
  problems(text: string, file: string, { known, id }: Wanted): readonly FileProblem[] {
    try {
      const { code, placeOf } = readCode(text, file);
      return [...unknownIncludes(code, known, placeOf), ...otherId(code, id, placeOf)];
    } catch (error) {
      if (error instanceof CodeFileError) return error.problems;
      throw error;
    }
  },
  /** The text in the one layout, with another head. */
  copied: (text: string, head: edit.Head): string => edit.withHead(edit.laidOut(text), head),
  withHead: edit.withHead,
  rawRules: edit.rawRules,
  withRule: edit.withRule,
  withoutRule: edit.withoutRule,
  rawSources: edit.rawSources,
  withSource: edit.withSource,
  withoutSource: edit.withoutSource,
};

type PlaceOf = (path: readonly PropertyKey[]) => FileProblem["at"];

const unknownIncludes = ({ includes = [] }: Code, known: readonly string[], placeOf: PlaceOf): FileProblem[] =>
  includes.flatMap((one, index) =>
    known.includes(one)
      ? []
      : [
          {
            at: placeOf(["includes", index]),
            path: `includes.${index}`,
            why: {
              en: `${one} is not a code of conduct that is installed here`,
              "zh-CN": `${one} 不是这里已安装的行为规范`,
            },
          },
        ],
  );

const otherId = (code: Code, id: string | undefined, placeOf: PlaceOf): FileProblem[] =>
  id === undefined || code.id === id
    ? []
    : [{ at: placeOf(["id"]), path: "id", why: { en: `must stay ${id}`, "zh-CN": `须保持为 ${id}` } }];
