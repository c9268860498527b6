/** Broken and hostile files, each read in a process of its own with little memory: refused with file, line and reason, in bounded time. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const run = promisify(execFile);
const script = `
  import { parseCode } from ${JSON.stringify(new URL("../../src/codes/load.ts", import.meta.url).href)};
  const files = {
    "bomb.yaml": "a: &a [x,x,x,x,x,x,x,x,x,x]\\n" + Array.from({ length: 60 }, (_, n) => "b" + n + ": &b" + n + " [" + (n ? "*b" + (n - 1) + "," : "*a,").repeat(10) + "x]").join("\\n"),
    "rules.yaml": "rules:\\n" + "- { id: cn.a }\\n".repeat(100000),
    "empty-rules.yaml": "rules:\\n" + "- {}\\n".repeat(60000),
    "sources.yaml": "sources:\\n" + Array.from({ length: 60000 }, (_, n) => "  k" + n + ": {}").join("\\n"),
    "deep.yaml": "[".repeat(1000000),
    "deep-map.yaml": "{a: ".repeat(400000),
    "deep-block.yaml": Array.from({ length: 1800 }, (_, n) => " ".repeat(n) + "a:").join("\\n"),
    "keys.yaml": Array.from({ length: 90000 }, (_, n) => "k" + n + ": 1").join("\\n"),
    "same-key.yaml": "k: 1\\n".repeat(40000),
    "merge.yaml": "x: &x {a: 1}\\n<<: *x\\n",
    "large.yaml": "#".repeat(3000000),
    "quotes.yaml": 'a: "' + "\\\\n".repeat(900000) + '"',
    "tag.yaml": "a: !!js/function 'x'\\nid: 1\\n",
  };
  for (const [name, text] of Object.entries(files)) {
    const start = performance.now();
    let message = "taken";
    try { parseCode(text, name); } catch (error) { message = error.constructor.name + " " + error.message; }
    console.log(JSON.stringify({ name, ms: performance.now() - start, message: message.slice(0, 300) }));
  }
`;

describe("a hostile file", () => {
  test("is refused with file, line and reason, in seconds and within 256 MB", { timeout: 90_000 }, async () => {
    const { stdout } = await run(
      process.execPath,
      ["--max-old-space-size=256", "--input-type=module", "--eval", script],
      { timeout: 80_000, maxBuffer: 1_000_000 },
    );
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { name: string; ms: number; message: string });
    expect(answers).toHaveLength(13);
    for (const { name, ms, message } of answers) {
      expect(message).toMatch(new RegExp(`^CodeFileError ${name.replace(".", "\\.")}:\\d+:\\d+: `));
      expect([name, ms < 8000]).toEqual([name, true]);
    }
    const said = (name: string) => answers.find((answer) => answer.name === name)?.message;
    expect(said("bomb.yaml")).toContain("uses an alias");
    expect(said("empty-rules.yaml")).toContain("rules: more than 2000 of them");
    expect(said("deep.yaml")).toContain("nested too deeply");
    expect(said("same-key.yaml")).toContain("same-key.yaml:2:1: file: Map keys must be unique");
  });
});
