/**
 * Writes src/conduct/traditional.ts from the character dictionary of OpenCC (Apache-2.0), as packaged by opencc-js:
 *   node data/make-traditional.ts
 * Only single characters that fit one UTF-16 unit are taken; of several simplified forms the first, which OpenCC prefers.
 */
import { writeFileSync } from "node:fs";
import characters from "../node_modules/opencc-js/dist/esm-lib/dict/TSCharacters.js";

/** Traditional and simplified characters in turn: "萬万與与…". */
export function traditionalPairs(): string {
  const pairs: string[] = [];
  for (const entry of String(characters).split("|")) {
    const [from, to] = entry.split(" ");
    if (from?.length === 1 && to?.length === 1) pairs.push(from + to);
  }
  return pairs.join("");
}

if (import.meta.main) {
  const lines = traditionalPairs().match(/.{1,100}/gu) ?? [];
  writeFileSync(
    new URL("../src/conduct/traditional.ts", import.meta.url),
    `/**
 * Traditional to simplified characters, one to one. Data, not code: made by data/make-traditional.ts from the
 * TSCharacters dictionary of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0) in opencc-js. Read by normalise.ts.
 */

/** A traditional character and its simplified form, in turn. */
export const traditionalPairs =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`,
  );
}
