/** A made-up format for tests of the way of an import: one JSON object a line, a contact as reader.ts has it, or `{"broken": true}`. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Contact, Reader } from "../../src/imports/reader.ts";
import type { Formats } from "../../src/imports/workshop.ts";

type Line = Partial<Contact> & { at: string; files?: Record<string, string> };

function reader(format: string, keeps: Reader["keeps"], kind: NonNullable<Reader["kind"]>): Reader {
  return {
    format,
    keeps,
    kind,
    detect: (_head, name) => (name.endsWith(`.${format}`) ? 1 : 0),
    questions: () => Promise.resolve([]),
    async *read(path, { keep }) {
      let row = 0;
      for await (const text of createInterface({ input: createReadStream(path) })) {
        row += 1;
        const line = JSON.parse(text) as Line | { broken: true } | { joined: true };
        if ("broken" in line) yield { row, line: row, unreadable: { key: "badTime", params: { value: "24:61" } } };
        else if ("joined" in line) yield { row, line: row, noContact: { key: "groupNotice" } };
        else {
          const { at, files, ...rest } = line;
          const attachments = [];
          for (const [name, words] of Object.entries(files ?? {}))
            attachments.push(
              await keep(
                name,
                (async function* () {
                  yield await Promise.resolve(Buffer.from(words));
                })(),
              ),
            );
          const contact: Contact = {
            channel: "call",
            direction: "incoming",
            happenedAt: at,
            precision: "exact",
            timeFrom: "record",
            other: null,
            ...rest,
            attachments,
          };
          yield { row, line: row, contact };
        }
      }
    },
  };
}

const all = [reader("phone", "rows", "phone"), reader("carrier", "file", "carrier"), reader("chat", "rows", "chat")];

export const plainFormats: Formats = {
  detect: (head, name) =>
    all.map((one) => ({ reader: one, confidence: one.detect(head, name) })).filter(({ confidence }) => confidence > 0),
  readerNamed: (format) => all.find((one) => one.format === format),
};

export const asFile = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");
