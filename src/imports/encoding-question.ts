/** Asks how the letters of a text are written where its bytes do not settle it: three lines as each encoding reads them. */
import { encodingsOf } from "./decode-text.ts";
import type { Question } from "./reader.ts";

const LINES = 3;
/** Characters of a line that are shown. */
const SHOWN = 80;

/** @param head the beginning of the file @returns null when the bytes settle it */
export function encodingQuestion(head: Uint8Array): Question | null {
  const choices = encodingsOf(head);
  if (choices.length < 2) return null;
  const telling = linesOf(head).filter((line) => line.some((byte) => byte >= 0x80));
  const samples = choices.map((encoding) =>
    telling.slice(0, LINES).map((line) => new TextDecoder(encoding).decode(line).trim().slice(0, SHOWN)),
  );
  return { name: "encoding", choices, samples };
}

/** The bytes between line ends; a line that the end of the head cuts is none, unless it is the only one. */
function linesOf(head: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let at = head.indexOf(0x0a); at >= 0; at = head.indexOf(0x0a, from)) {
    lines.push(head.subarray(from, at));
    from = at + 1;
  }
  return lines.length === 0 ? [head] : lines;
}
