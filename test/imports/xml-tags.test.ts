/** The scanner of tags beside saxes on sound XML, and on what saxes cannot read. */
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { type Tag, TagScanner } from "../../src/imports/xml-tags.ts";

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function tagsOf(text: string, size = 7, longest = 1000): Promise<Tag[]> {
  const scanner = new TagScanner(inPieces(text, size), {
    records: ["sms", "mms"],
    streams: (element, attribute) => element === "part" && attribute === "data",
    longest,
  });
  const tags: Tag[] = [];
  for (;;) {
    const step = scanner.next();
    if (step === "more") {
      if (scanner.ended) return tags;
      await scanner.fill();
    } else if (typeof step === "object") tags.push(step);
  }
}

const plain = ({ name, kind, attributes }: Tag) => ({ name, kind, attributes: Object.fromEntries(attributes) });

function bySaxes(text: string): ReturnType<typeof plain>[] {
  const tags: ReturnType<typeof plain>[] = [];
  const parser = new SaxesParser();
  parser.on("opentag", ({ name, attributes, isSelfClosing }) =>
    tags.push({ name, kind: isSelfClosing ? "empty" : "open", attributes: { ...attributes } }),
  );
  parser.on("closetag", ({ name, isSelfClosing }) => {
    if (!isSelfClosing) tags.push({ name, kind: "close", attributes: {} });
  });
  parser.write(text).close();
  return tags;
}

const name = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/);
// Saxes turns line ends and tabs inside a value into spaces, as XML says; a message's are wanted as they are.
const value = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .filter((text) => !/[\0-\x1f\uFFFE\uFFFF]/.test(text) && text.isWellFormed());
const escaped = (text: string, quote: string) =>
  text
    .replace(/[&<]/g, (sign) => (sign === "&" ? "&amp;" : "&#60;"))
    .replaceAll(quote, quote === '"' ? "&quot;" : "&#x27;");
const { xml } = fc.letrec((tie) => ({
  xml: fc
    .record({
      name,
      attributes: fc.dictionary(name, fc.tuple(value, fc.constantFrom('"', "'")), { maxKeys: 4 }),
      inside: fc.oneof(
        { depthSize: "small", maxDepth: 4 },
        fc.constantFrom("", " text &amp; more ", "<!-- a <comment> -->", "<![CDATA[ <not a=tag> ]]>", "<?pi x?>"),
        fc.array(tie("xml"), { maxLength: 3 }).map((all) => all.join("\n")),
      ),
    })
    .map(({ name: element, attributes, inside }) => {
      const written = Object.entries(attributes).map(([key, [text, q]]) => ` ${key} = ${q}${escaped(text, q)}${q}`);
      const start = `<${element}${written.join("")}`;
      return inside === "" ? `${start}/>` : `${start}>${inside}</${element}>`;
    }),
})) as { xml: fc.Arbitrary<string> };

describe("on sound XML", () => {
  it("gives the tags that saxes gives, in pieces of any size", async () => {
    await fc.assert(
      fc.asyncProperty(xml, fc.integer({ min: 1, max: 50 }), async (text, size) => {
        const document = `<?xml version="1.0"?>\n<!-- head -->\n${text}\n`;
        expect((await tagsOf(document, size)).map(plain)).toEqual(bySaxes(document));
      }),
      { numRuns: 300 },
    );
  });

  it("tells the line of each tag", async () => {
    const tags = await tagsOf('<a\n x="1"><b/>\n\n<c y="\n"/></a>', 3);
    expect(tags.map(({ name: element, line }) => [element, line])).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 4],
      ["a", 5],
    ]);
  });
});

describe("on what is not quite XML", () => {
  it("makes one character of two references, and tells what it replaces", async () => {
    const [tag] = await tagsOf(`<sms body="a&#55357;&#56832;b&#xD83D;c&#1;d&bogus;e&#0;f"/>`);
    expect(tag!.attributes.get("body")).toBe("a😀b\uFFFDc\uFFFDd&bogus;e\uFFFDf");
    expect(tag!.oddities).toEqual([
      { key: "unknownReference", params: { reference: "&bogus;" } },
      { key: "loneSurrogate", params: { code: "U+D83D" } },
      { key: "illegalCharacter", params: { code: "U+0001" } },
      { key: "illegalCharacter", params: { code: "U+0000" } },
    ]);
  });

  it("tells a tag as broken and reads the next", async () => {
    const broken = [
      `<sms body="never closed />\n<sms a="1"/>`,
      `<sms body=bare/><sms a="1"/>`,
      `<sms a="2" <sms a="1"/>`,
      `<sms a="${"x".repeat(2000)}"/><sms a="1"/>`,
    ];
    for (const text of broken) {
      const tags = await tagsOf(text, 11);
      expect(tags.map((tag) => [tag.name, tag.broken])).toEqual([
        ["sms", true],
        ["sms", false],
      ]);
      expect(tags[1]!.attributes.get("a")).toBe("1");
    }
  });

  it("goes on behind a space that is none to XML", async () => {
    expect(
      (await tagsOf(`<sms\u00a0a="1"/><sms \u00a0 b="2"/><sms c="3"/>`)).map(({ broken, attributes }) => [
        broken,
        ...attributes.keys(),
      ]),
    ).toEqual([
      [true, "a"],
      [true, "b"],
      [false, "c"],
    ]);
  });

  it("a comment that lost its end does not swallow what follows", async () => {
    expect(await tagsOf(`<!-- made by -> \n<sms a="1"/><sms a="2"/>`)).toHaveLength(2);
  });

  it("streams an attribute in pieces and skips it when nobody takes it", async () => {
    const scanner = new TagScanner(inPieces(`<part ct="x" data="${"abcd".repeat(100)}" z="9"/><sms/>`, 13), {
      records: ["sms"],
      streams: (element, attribute) => element === "part" && attribute === "data",
      longest: 20,
    });
    let streamed = "";
    const names: string[] = [];
    for (;;) {
      const step = scanner.next();
      if (step === "more") {
        if (scanner.ended) break;
        await scanner.fill();
      } else if (step === "stream") for await (const piece of scanner.streamed()) streamed += piece;
      else if (typeof step === "object") names.push(`${step.name} ${[...step.attributes.keys()].join(" ")}`);
    }
    expect(streamed).toBe("abcd".repeat(100));
    expect(names).toEqual(["part ct z", "sms "]);
    expect((await tagsOf(`<part data="${"abcd".repeat(100)}"/><sms/>`)).map((tag) => tag.broken)).toEqual([
      false,
      false,
    ]);
  });
});
