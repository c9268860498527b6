import { connect } from "node:net";
import type { Express } from "express";
import request from "supertest";
import { describe, expect, test } from "vitest";
import { badRequest, conflict, forbidden, HttpError, notFound } from "../../src/web/errors.ts";
import { rateLimited } from "../../src/web/limits.ts";
import { translator } from "../../src/web/locale.ts";
import type { Locale } from "../../src/web/locale.ts";
import { listening, tinyApp } from "./tiny-app.ts";

const failures: Record<string, () => Error> = {
  400: () => badRequest(),
  403: () => forbidden(),
  404: () => notFound(),
  409: () => conflict(),
  413: () => new HttpError(413),
  422: () => new HttpError(422),
  429: () => new HttpError(429),
  500: () => new Error("the secret is 12345"),
  503: () => new HttpError(503),
};
const routes = (app: Express) => {
  app.get("/fail/:status", async (req) => {
    await Promise.resolve(); // an error in an async route must be answered too
    throw failures[req.params.status]?.() ?? new Error("unknown");
  });
  app.post("/form", (req, res) => void res.json(req.body));
  app.get("/names/:name", (req, res) => void res.send(req.params.name));
  app.get("/half", (_req, res) => {
    res.write("half a page");
    throw new Error("broke off");
  });
  app.get("/full", () => {
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
  app.get("/door", rateLimited({ limit: 2, minutes: 1 }), (_req, res) => void res.send("open"));
};

describe.each(["en", "zh-CN"] satisfies Locale[])("in %s", (locale) => {
  const t = translator(locale);
  test.each(Object.keys(failures))(
    "%s has a page with its words, a reference and nothing of its cause",
    async (status) => {
      const answer = await request(tinyApp({ routes }).app).get(`/fail/${status}`).set("Accept-Language", locale);
      expect(answer.status).toBe(Number(status));
      expect(answer.text).toContain(`<html lang="${locale}"`);
      expect(answer.text).toContain(`<h1 class="govuk-heading-l">${t(`errors.${status}.title`)}</h1>`);
      expect(answer.text).toContain(t(`errors.${status}.message`));
      expect(answer.text).toMatch(/<code>[2-9A-Z]{4}-[2-9A-Z]{4}<\/code>/);
      expect(answer.text).not.toContain("12345");
      expect(answer.text).not.toContain("errors.");
    },
  );

  test.each(Object.keys(failures))("%s as data when data was asked for", async (status) => {
    const answer = await request(tinyApp({ routes }).app)
      .get(`/fail/${status}`)
      .set({ Accept: "application/json", "Accept-Language": locale });
    expect(answer.status).toBe(Number(status));
    expect(answer.body).toEqual({
      error: {
        status: Number(status),
        title: t(`errors.${status}.title`),
        message: t(`errors.${status}.message`),
        reference: expect.stringMatching(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/),
      },
    });
  });
});

test("the reference on the page finds the cause in the log", async () => {
  const { app, logged } = tinyApp({ routes });
  const { text } = await request(app).get("/fail/500");
  const reference = /<code>([^<]+)<\/code>/.exec(text)?.[1];
  expect(logged.find((line) => line.reference === reference)).toMatchObject({
    level: 50,
    status: 500,
    failure: { message: "the secret is 12345" },
  });
});

test("an address that no route takes is a 404 page", async () => {
  const answer = await request(tinyApp({ routes }).app).get("/no/such/page");
  expect(answer.status).toBe(404);
  expect(answer.text).toContain("Page not found");
});

test.each(["/names/%E0%A4%A", "/names/%", "/%FF"])(
  "a broken percent-encoding is a 400 or 404 page: %s",
  async (path) => {
    const answer = await request(tinyApp({ routes }).app).get(path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.text).toContain('<h1 class="govuk-heading-l">');
  },
);

test("a form at its limits is taken, beyond them it is a 413 page", async () => {
  const { app } = tinyApp({ routes });
  const fields = (n: number) => Array.from({ length: n }, (_, i) => `f${i}=x`).join("&");
  expect((await request(app).post("/form").type("form").send(fields(2000))).status).toBe(200);
  const many = await request(app).post("/form").type("form").send(fields(2001));
  expect(many.status).toBe(413);
  expect(many.text).toContain("That is too large");
  const large = await request(app)
    .post("/form")
    .type("form")
    .send(`said=${"x".repeat(1024 * 1024)}`);
  expect(large.status).toBe(413);
  expect(large.text).toContain("That is too large");
});

test.each([
  ["broken JSON", "application/json", '{"a":'],
  ["an unknown charset", "application/x-www-form-urlencoded; charset=klingon", "a=b"],
])("%s is a 400 page", async (_what, type, body) => {
  const answer = await request(tinyApp({ routes }).app).post("/form").set("Content-Type", type).send(body);
  expect(answer.status).toBe(400);
  expect(answer.text).toContain("This request cannot be read");
});

test("a full disk says so", async () => {
  const answer = await request(tinyApp({ routes }).app).get("/full");
  expect(answer.status).toBe(503);
  expect(answer.text).toContain("The disk of this site is full. Nothing was saved halfway.");
});

test("half a page is not passed off as whole: the connection breaks", async () => {
  await using server = await listening(tinyApp({ routes }).app);
  await expect(fetch(`${server.url}/half`).then((answer) => answer.text())).rejects.toThrow("terminated");
});

test("asking too often is a 429 page that says to wait", async () => {
  const { app } = tinyApp({ routes });
  await request(app).get("/door");
  await request(app).get("/door");
  const answer = await request(app).get("/door");
  expect(answer.status).toBe(429);
  expect(answer.text).toContain("Wait a minute");
});

test("headers too large and nonsense on the line do not stop the server", async () => {
  await using server = await listening(tinyApp({ routes }).app);
  const raw = (text: string) =>
    new Promise<string>((resolve) => {
      let answer = "";
      const socket = connect(server.port, "127.0.0.1", () => socket.end(text));
      socket.on("data", (data) => (answer += data)).on("close", () => resolve(answer));
      socket.on("error", () => resolve(answer));
    });
  expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${"y".repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/);
  expect(await raw("HELLO\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/);
  expect((await fetch(`${server.url}/names/a`)).status).toBe(200);
});

test("health says whether the app can serve", async () => {
  const well = await request(tinyApp({ checks: { database: async () => 1 } }).app).get("/health");
  expect([well.status, well.body]).toEqual([200, { status: "ok", failed: [] }]);
  const ill = await request(
    tinyApp({ checks: { database: async () => Promise.reject(new Error("password is x")), disk: async () => 1 } }).app,
  ).get("/health");
  expect([ill.status, ill.body]).toEqual([503, { status: "failing", failed: ["database"] }]);
});

test("the log holds no words, names, tokens or files of a request", async () => {
  const { app, logged } = tinyApp({ routes });
  await request(app)
    .post("/form?q=private-question")
    .set({ Cookie: "session=secret-cookie", "User-Agent": "agent-words", Referer: "http://x/secret-referer" })
    .type("form")
    .send("said=private-words");
  await request(app).get("/evidence/0198c6f0-aaaa-7bbb-8ccc-0123456789ab/%E6%9E%97.png");
  await request(app).get("/set-up/SECRETTOKEN123");
  const text = JSON.stringify(logged);
  expect(text).toContain('"path":"/evidence/:x/:x"');
  expect(text).not.toMatch(/private|secret|agent-words|SECRETTOKEN|0198c6f0|%E6|127\.0\.0\.1/);
});
