/** A code of the largest size that is taken, and hostile files, sent to the running app: nobody else's page waits while they are read. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TextThread } from "../../src/codes/aside.ts";
import { openCase } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { turnsOf } from "../support/turns.ts";

/** So long may one turn keep others waiting. */
const LONGEST_MS = 100;

describe("a large code", () => {
  let app: TestApp;
  let lin: Agent;
  let chen: Agent;
  let base: string;
  beforeAll(async () => {
    app = await withApp();
    lin = await app.as("lin");
    chen = await app.as("chen");
    base = `/cases/${await openCase(lin)}/codes`;
  });
  afterAll(() => app.close());

  /** The rules of a pack under new ids, again and again, just below the most words and signs that are taken. */
  const large = (): string => {
    const text = app.services.codes.text("cn-online-consumer-credit");
    const at = text.indexOf("\nrules:\n") + "\nrules:\n".length;
    const rules = text.slice(at);
    const copies = Array.from({ length: 36 }, (_, n) => rules.replaceAll(/- id: (\S+)/g, `- id: $1-x${n}`));
    return text.slice(0, at).replace(/^id: .*$/m, "id: own-large") + copies.join("");
  };
  /** Does it while another person asks for pages, and says how long any turn took. */
  const besideOthers = async <T>(work: () => Promise<T>) => {
    const state = { working: true, pages: 0 };
    const asking = (async () => {
      while (state.working) {
        expect((await chen.get("/help")).status).toBe(200);
        state.pages += 1;
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    })();
    const turns = await turnsOf(work);
    state.working = false;
    await asking;
    return { ...turns, pages: state.pages };
  };

  test("is brought in, looked at, changed and saved without a long turn", { timeout: 120_000 }, async () => {
    const text = large();
    expect(text.length).toBeGreaterThan(1_400_000);
    const longest: Record<string, number> = {};
    const step = async (name: string, work: () => PromiseLike<{ status: number; text: string }>, status = 200) => {
      const done = await besideOthers(async () => work());
      expect([name, done.value.status]).toEqual([name, status]);
      longest[name] = Math.round(done.longest);
      return done;
    };
    const first = await step("bring in", () => lin.post(`${base}/import`).attach("file", Buffer.from(text), "large.yaml"), 303); // prettier-ignore
    expect(first.pages).toBeGreaterThan(3);
    const own = `${base}/own-large`;
    await step("look", () => lin.get(own));
    const rule = "cn.gbt.time-x3";
    await step("a rule's form", () => lin.get(`${own}/draft/rules/${rule}`));
    await step("keep the text", () => lin.post(`${own}/draft/yaml`).field("yaml", text.replace("over: 3", "over: 4")).field("revision", "0"), 303); // prettier-ignore
    await step("save", () => lin.post(`${own}/versions`).type("form").send({ revision: "1", note: "more calls", otherwise: "yes" }), 303); // prettier-ignore
    expect(Object.entries(longest).filter(([, ms]) => ms > LONGEST_MS)).toEqual([]);
  });

  test("that is hostile is refused while others get their pages", { timeout: 120_000 }, async () => {
    const files = {
      "quotes.yaml": `a: "${"\\n".repeat(900_000)}"`,
      "deep.yaml": "[".repeat(1_000_000),
      "keys.yaml": Array.from({ length: 90_000 }, (_, n) => `k${n}: 1`).join("\n"),
      "empty-rules.yaml": `rules:\n${"- {}\n".repeat(60_000)}`,
      "examples.yaml": app.services.codes
        .text("cn-online-consumer-credit")
        .replace(
          /examples:\n/,
          `examples:\n      - { name: { en: x, zh-CN: x }, expect: no-match, incidents: [ ${"{ repeat: { times: 200, everyDays: 1 } }, ".repeat(100)} ] }\n`,
        ),
    };
    for (const [name, text] of Object.entries(files)) {
      const { value, longest } = await besideOthers(async () =>
        lin.post(`${base}/import`).attach("file", Buffer.from(text), name),
      );
      expect([name, value.status]).toEqual([name, 422]);
      expect(value.text).toContain(`${name}:`);
      expect([name, longest < LONGEST_MS * 2]).toEqual([name, true]);
    }
  });

  test("that takes too much time or memory ends alone: the next one is read", { timeout: 60_000 }, async () => {
    const text = large();
    const hurried = new TextThread({ ms: 1, megabytes: 384 });
    await expect(hurried.run("read", text, "x.yaml")).rejects.toThrow("takes too long to read");
    const narrow = new TextThread({ ms: 30_000, megabytes: 16 });
    await expect(narrow.run("read", text, "x.yaml")).rejects.toThrow("takes too much memory to read");
    const usual = new TextThread();
    // Something that is no job's fault is an error; those behind it in the line are not touched by it.
    const wrong = usual.run("withoutRule", "x: 1", 0);
    const right = usual.run("problems", text, "x.yaml", { known: [] });
    await expect(wrong).rejects.toThrow();
    expect((await right).map(({ path }) => path)).toEqual(["includes.0", "includes.1", "includes.2", "includes.3"]);
  });
});
