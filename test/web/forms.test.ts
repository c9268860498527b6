import { anything, assert, property } from "fast-check";
import request from "supertest";
import { expect, test } from "vitest";
import { z } from "zod";
import { formValues, many, optional, parseForm, problemText, required } from "../../src/web/forms.ts";
import { translator } from "../../src/web/locale.ts";
import { tinyApp } from "./tiny-app.ts";

const schema = z.object({
  lender: required("common.form.missing", 10),
  kind: z.enum(["bank", "card"]),
  visitors: optional(z.coerce.number().int().min(1).max(99)),
  acts: many(z.enum(["insult", "stalking"])),
});
const say = (body: unknown) => {
  const parsed = parseForm(schema, body);
  if (parsed.ok) return "fine";
  return Object.fromEntries(
    Object.entries(parsed.errors).map(([field, found]) => [field, problemText(translator("en"), found)]),
  );
};

test("a good form gives its values: empty is nothing, ticks are a list", () => {
  expect(parseForm(schema, { lender: " Bank ", kind: "bank", visitors: "", acts: "insult" })).toEqual({
    ok: true,
    value: { lender: "Bank", kind: "bank", visitors: undefined, acts: ["insult"] },
  });
  expect(parseForm(schema, { lender: "B", kind: "card", visitors: "2", acts: ["insult", "stalking"] })).toMatchObject({
    value: { visitors: 2, acts: ["insult", "stalking"] },
  });
});

test("each bad field has one sentence that says what to do", () => {
  expect(say({})).toEqual({ lender: "Fill this in", kind: "Fill this in" });
  expect(say({ lender: "12345678901", kind: "pawn", visitors: "100", acts: ["insult", "other"] })).toEqual({
    lender: "Shorten this to 10 characters or fewer",
    kind: "Choose one of the answers offered",
    visitors: "Enter 99 or less",
    acts: "Choose one of the answers offered",
  });
  expect(say({ lender: ["a", "b"], kind: "bank", visitors: "many" })).toEqual({
    lender: "Fill this in",
    visitors: "Check this answer: it cannot be read",
  });
  expect(say({ lender: "a", kind: "bank", visitors: "0" })).toEqual({ visitors: "Enter 1 or more" });
});

test("a problem between fields belongs to the field its path names, or to the whole form", () => {
  const period = z
    .object({ from: z.string(), to: z.string() })
    .refine(({ from, to }) => from <= to, { error: "common.form.invalid", path: ["to"] });
  expect(parseForm(period, { from: "2", to: "1" })).toMatchObject({ errors: { to: "common.form.invalid" } });
  const whole = z.object({}).refine(() => false, { error: "Nothing chosen" });
  expect(parseForm(whole, {})).toMatchObject({ errors: { form: "Nothing chosen" } });
});

test("a key's own values are filled in", () => {
  const limit = z.object({ n: z.string().max(3, { error: "common.form.tooBig.text" }) });
  const parsed = parseForm(limit, { n: "1234" });
  expect(parsed.ok ? "" : problemText(translator("zh-CN"), parsed.errors.n ?? "")).toBe("请缩短到 3 个字以内");
});

test("what was typed comes back as typed, but for what no database keeps", () => {
  const parsed = parseForm(schema, { lender: "", said: "  <b>滚\r\n出去\0 \ud800" });
  expect(parsed.ok ? null : parsed.values.said).toBe("  <b>滚\n出去 \ufffd");
});

test("no body can reach a prototype or make parsing throw", () => {
  const hostile = JSON.parse(
    '{"__proto__":{"admin":"1"},"constructor":"x","lender":{"a":1},"kind":["bank",{"x":1}]}',
  ) as unknown;
  expect(Object.keys(formValues(hostile))).toEqual(["kind"]);
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
  assert(
    property(anything(), (body) => {
      const values = formValues(body);
      for (const value of Object.values(values)) for (const text of [value].flat()) expect(typeof text).toBe("string");
      parseForm(schema, body);
    }),
  );
});

test("a posted form with repeated fields and field names like prototypes arrives safely", async () => {
  const { app } = tinyApp({
    routes: (routes) => void routes.post("/form", (req, res) => void res.json(parseForm(schema, req.body))),
  });
  const { body } = await request(app)
    .post("/form")
    .type("form")
    .send("lender=B&kind=bank&acts=insult&acts=stalking&__proto__=x&__proto__[admin]=1&a[b]=c");
  expect(body).toEqual({ ok: true, value: { lender: "B", kind: "bank", acts: ["insult", "stalking"] } });
});

test("the page shows each problem at its field and in a summary that leads there", async () => {
  const { app } = tinyApp({
    routes: (routes) =>
      routes.get("/", (_req, res) =>
        res.render("components/_problems", { errors: { lender: "common.form.missing", form: "<b>" } }),
      ),
  });
  const { text } = await request(app).get("/");
  expect(text).toContain("Not saved yet: 2 things to correct");
  expect(text).toContain('<a href="#lender">Fill this in</a>');
  expect(text).toContain("<li>&lt;b&gt;</li>");
});
