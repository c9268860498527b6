/**
 * The objects of one list in a JSON text that comes in pieces, each as its own text: `{ …, "incidents": [ {…}, {…} ], … }`.
 * What is broken costs the object it stands in. It must not know what the objects mean. Next: read-own.ts.
 */

/** An object's text; or none, because it is too long, because it is no object, or because the text ends in the middle of the list. */
export type JsonElement = { text: string } | { broken: "tooLong" | "noObject" | "cut" };

/** Characters of one object; an incident has at most a fifth of it. */
const LONGEST = 1 << 21;

/** @param list the key, on the first level, of the list whose objects are wanted */
export async function* jsonElements(pieces: AsyncIterable<string>, list: string): AsyncGenerator<JsonElement> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** The last string on the first level, or its beginning: the key of what comes next. */
  let key = "";
  let state: "before" | "in" | "after" = "before";
  let element = "";
  let tooLong = false;

  for await (const piece of pieces) {
    /** Where in this piece the element, or what stands between two of them, begins. */
    let from = 0;
    const take = (to: number) => {
      if (state === "in") element += piece.slice(from, to);
      from = to;
      if (element.length <= LONGEST) return;
      tooLong = true;
      element = element.slice(0, 10);
    };
    /** Where in this piece a string begins. */
    let string = 0;
    const signs = /["\\{}[\]]/g;
    // The sign behind a backslash that ended the piece before.
    signs.lastIndex = escaped && piece !== "" ? 1 : 0;
    escaped &&= piece === "";
    for (let match = signs.exec(piece); match !== null; match = signs.exec(piece)) {
      const at = match.index;
      const sign = match[0];
      if (inString) {
        if (sign === '"') inString = false;
        else if (sign === "\\") {
          escaped = at === piece.length - 1;
          signs.lastIndex = at + 2;
        }
        if (!inString && depth === 1) key += piece.slice(string, at);
        continue;
      }
      if (sign === '"') {
        inString = true;
        string = at + 1;
        if (depth === 1) key = "";
      } else if (sign === "{" || sign === "[") {
        if (state === "in" && depth === 2) {
          take(at);
          if (element.replace(/[\s,]/g, "") !== "") yield { broken: "noObject" };
          element = "";
        }
        depth += 1;
        if (sign === "[" && state === "before" && depth === 2 && key === list) {
          state = "in";
          from = at + 1;
        }
      } else if (sign === "}" || sign === "]") {
        depth -= 1;
        if (state !== "in") continue;
        if (depth === 2) {
          take(at + 1);
          yield tooLong ? { broken: "tooLong" } : { text: element };
          element = "";
          tooLong = false;
        } else if (depth < 2) {
          take(at);
          if (element.replace(/[\s,]/g, "") !== "") yield { broken: "noObject" };
          element = "";
          state = "after";
        }
      }
    }
    // A key is short; what else stands on the first level may be long.
    if (inString && depth === 1 && key.length <= list.length) key += piece.slice(string);
    take(piece.length);
  }
  if (state === "in" || depth > 0) yield { broken: "cut" };
}
