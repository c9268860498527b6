import request from "supertest";
import { expect, test } from "vitest";
import { tinyApp } from "./tiny-app.ts";

const routes = (app: import("express").Express) => {
  app.get("/page", (_req, res) => void res.send("page"));
  app.post("/change", (_req, res) => void res.send("changed"));
};

test("a page may load from this site only, run no inline script, send forms only here and be framed by nobody", async () => {
  const { headers } = await request(tinyApp({ routes }).app).get("/page");
  const policy = Object.fromEntries(
    (headers["content-security-policy"] ?? "").split(";").map((part) => {
      const [name = "", ...values] = part.trim().split(" ");
      return [name, values.join(" ")];
    }),
  );
  expect(policy).toMatchObject({
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  });
  expect(JSON.stringify(policy)).not.toMatch(/unsafe|\*|https?:/);
});

test("pages are not stored, not sniffed, not told to other sites and not indexed", async () => {
  const { headers } = await request(tinyApp({ routes }).app).get("/page");
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  });
  expect(headers["permissions-policy"]).toContain("geolocation=()");
  expect(headers["x-powered-by"]).toBeUndefined();
});

test("the style sheet is served by this site and kept for a year under its marked address", async () => {
  const { app } = tinyApp({ routes });
  const { text } = await request(app).get("/nowhere");
  const address = /href="(\/styles\.css\?v=[0-9a-f]{10})"/.exec(text)?.[1];
  const sheet = await request(app).get(address ?? "");
  expect(sheet.status).toBe(200);
  expect(sheet.headers["content-type"]).toMatch(/^text\/css/);
  expect(sheet.headers["cache-control"]).toContain("immutable");
});

test.each(["/../package.json", "/%2e%2e/package.json", "/..%2fpackage.json", "/.gitignore"])(
  "nothing outside public is served: %s",
  async (path) => {
    const { status, text } = await request(tinyApp({ routes }).app).get(path);
    expect([400, 403, 404]).toContain(status);
    expect(text).not.toContain("dependencies");
  },
);

const cases: [string, Record<string, string>, number][] = [
  ["a form of our own page", { "Sec-Fetch-Site": "same-origin", Origin: "http://dunwatch.test" }, 200],
  ["an address typed by hand", { "Sec-Fetch-Site": "none" }, 200],
  ["another site's form", { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" }, 403],
  ["a sister site's form", { "Sec-Fetch-Site": "same-site", Origin: "http://other.dunwatch.test" }, 403],
  ["an old browser on our page", { Origin: "http://dunwatch.test" }, 200],
  ["an old browser on another site", { Origin: "https://evil.example" }, 403],
  ["a sandboxed frame", { Origin: "null" }, 403],
  ["a command-line tool", {}, 200],
  ["our own site behind a proxy that changes Host", { Origin: "https://public.example" }, 200],
  ["a look-alike of our address", { Origin: "https://public.example.evil.example" }, 403],
];
test.each(cases)("a change asked for by %s", async (_who, headers, status) => {
  const { app } = tinyApp({ routes, baseUrl: "https://public.example/" });
  const answer = await request(app)
    .post("/change")
    .set({ Host: "dunwatch.test", ...headers });
  expect([answer.status, answer.text.includes("sent from another site")]).toEqual([status, status === 403]);
});

test("another site may link to a page", async () => {
  const answer = await request(tinyApp({ routes }).app).get("/page").set("Sec-Fetch-Site", "cross-site");
  expect(answer.status).toBe(200);
});
