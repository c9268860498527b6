/** The forms of a redaction: what is marked on one page, and which words go from a text. Messages are keys of views/locales. */
import { z } from "zod";
import { many } from "../web/forms.ts";
import { type Box, LIMITS, type PageMarks } from "./redaction.ts";

/** What the press asked for: only keeping the marks, going to another page (`page:3`), or making the copy. */
const pressed = z.union([
  z.enum(["save", "copy"]),
  z
    .string()
    .regex(/^page:[1-9]\d{0,3}$/)
    .transform((value) => ({ page: Number(value.slice(5)) })),
]);

const numbers = many(z.string().trim().max(20));

export const MarksForm = z
  .object({
    press: pressed,
    page: z.coerce.number().int().min(1).max(LIMITS.pages),
    cells: many(z.string().regex(/^\d{1,2}\.\d{1,2}$/)).pipe(z.array(z.string()).max(1500)),
    // One of each for every box; the brackets say that the fields come several times.
    "left[]": numbers,
    "top[]": numbers,
    "width[]": numbers,
    "height[]": numbers,
    leaveOut: many(z.literal("1")),
  })
  .transform((typedForm, context) => {
    const { press, page, cells, leaveOut } = typedForm;
    const columns = [typedForm["left[]"], typedForm["top[]"], typedForm["width[]"], typedForm["height[]"]];
    const rows = Math.max(...columns.map(({ length }) => length));
    const boxes: Box[] = [];
    for (let row = 0; row < rows; row += 1) {
      const typed = columns.map((column) => column[row] ?? "");
      if (typed.every((value) => value === "")) continue;
      const [x = NaN, y = NaN, across = NaN, down = NaN] = typed.map(percent);
      if (x >= 0 && x < 100 && y >= 0 && y < 100 && across > 0 && across <= 100 && down > 0 && down <= 100)
        boxes.push({ left: x, top: y, width: Math.min(across, 100 - x), height: Math.min(down, 100 - y) });
      else
        context.issues.push({
          code: "custom",
          path: ["boxes"],
          input: typed,
          message: "redaction.box.invalid",
          params: { row: row + 1 },
        });
    }
    if (boxes.length > LIMITS.boxes)
      context.issues.push({
        code: "custom",
        path: ["boxes"],
        input: rows,
        message: "redaction.box.tooMany",
        params: { max: LIMITS.boxes },
      });
    const marks: PageMarks = { cells: [...new Set(cells)], boxes, leaveOut: leaveOut.length > 0 };
    return { press, page, marks };
  });

/** "12.5", "12,5", "１２％": a number of percent. */
function percent(typed: string): number {
  const plain = typed.normalize("NFKC").replace(/\s*%$/, "").replace(",", ".");
  return /^\d{1,3}(\.\d{1,6})?$/.test(plain) ? Number(plain) : NaN;
}

const word = z.string().trim().max(300);

export const WordsForm = z
  .object({
    press: z.enum(["save", "copy"]),
    hide: many(word),
    /** One a line. */
    words: z.string().max(50_000).default(""),
  })
  .transform(({ press, hide, words }, context) => {
    const typed = words
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const long = typed.find((line) => line.length > 300);
    if (long !== undefined)
      context.issues.push({
        code: "custom",
        path: ["words"],
        input: words,
        message: "redaction.words.tooLong",
        params: { max: 300 },
      });
    const all = [...new Set([...hide.filter((one) => one !== ""), ...typed])];
    if (all.length > LIMITS.words)
      context.issues.push({
        code: "custom",
        path: ["words"],
        input: words,
        message: "redaction.words.tooMany",
        params: { max: LIMITS.words },
      });
    return { press, words: all };
  });
