/**
 * Writes src/conduct/traditional.ts from the character dictionary of OpenCC (Apache-2.0), as packaged by opencc-js:
 *   node data/make-traditional.ts
 * Only single characters that fit one UTF-16 unit are taken; of several simplified forms the one OpenCC gives by itself.
 */
import { writeFileSync } from "node:fs";
import { Converter } from "opencc-js/t2cn";

/** Traditional and simplified characters in turn: "萬万與与…". */
export function traditionalPairs(): string {
  const simplify = Converter({ from: "t", to: "cn" });
  let pairs = "";
  for (let code = 0x3400; code <= 0x9fff; code++) {
    const traditional = String.fromCharCode(code);
    const simplified = simplify(traditional);
    if (simplified !== traditional && simplified.length === 1) pairs += traditional + simplified;
  }
  return pairs;
}

if (import.meta.main) {
  const lines = traditionalPairs().match(/.{1,100}/gu) ?? [];
  writeFileSync(
    new URL("../src/conduct/traditional.ts", import.meta.url),
    `/**
 * Traditional to simplified characters, one to one. Data, not code: made by data/make-traditional.ts from the
 * dictionaries of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0) in opencc-js. Read by normalise.ts.
 */

/** A traditional character and its simplified form, in turn. */
export const traditionalPairs =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`,
  );
}
