import { describe, expect, test } from "vitest";
import { contentDisposition, keptName, letterOf, savedName, shownName } from "../../src/evidence/evidence.ts";

const nfc = "résumé.pdf".normalize("NFC");
const nfd = "résumé.pdf".normalize("NFD");

describe("names of files", () => {
  test.each([
    ["../../etc/passwd"],
    ["C:\\Users\\lin\\录音.m4a"],
    ["two\nlines.png"],
    ["📞 来电.amr"],
    [nfc],
    [nfd],
    ["exe.\u202egpj"],
  ])("%j is kept as given", (name) => expect(keptName(name)).toBe(name));

  test("only what no database can carry is replaced, and a name never runs on for ever", () => {
    expect(keptName("a\0b\ud800")).toBe("a\ufffdb\ufffd");
    expect(keptName("")).toBe("?");
    expect([...keptName("录".repeat(5000))]).toHaveLength(500);
  });
  test("line ends, control characters and turned reading directions are shown, not obeyed", () => {
    expect(shownName("two\r\nlines\u001b[31m")).toBe("two␍␊lines␛[31m");
    expect(shownName("exe.\u202egpj")).toBe("exe.\ufffdgpj");
    expect(shownName(nfd)).toBe(nfd);
  });
  test.each([
    ["../../etc/passwd", "_.._etc_passwd"],
    ["C:\\x\\y.m4a", "C__x_y.m4a"],
    ["...", "file"],
    [" a.txt ", "a.txt"],
  ])("%j is saved as %j", (name, saved) => expect(savedName(name)).toBe(saved));

  test("a download's header holds one line of ASCII and the whole name beside it", () => {
    const value = contentDisposition("attachment", '来电 "1";\r\nX: y.m4a');
    expect(value).toMatch(/^[\x20-\x7e]+$/);
    const full = /filename\*=UTF-8''(\S+)$/.exec(value)?.[1] ?? "";
    expect(decodeURIComponent(full)).toBe("来电 _1_;␍␊X_ y.m4a");
  });
});

test.each([
  ["audio/amr", "A"],
  ["image/heif", "B"],
  ["video/3gpp", "D"],
  ["application/pdf", "C"],
  ["message/rfc822", "C"],
  ["text/csv", "C"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "C"],
  ["application/zip", "E"],
  ["application/octet-stream", "E"],
])("%s is lettered %s", (mediaType, letter) => expect(letterOf(mediaType)).toBe(letter));
