import request from "supertest";
import { expect, test } from "vitest";
import { fromAcceptLanguage, ownPath } from "../../src/web/language.ts";
import { tinyApp } from "./tiny-app.ts";

const lin = { id: "p1", name: "Lin Xiaoyu" };
const language = async (options: Parameters<typeof tinyApp>[0], headers: Record<string, string> = {}) => {
  const { text } = await request(tinyApp(options).app).get("/nowhere").set(headers);
  return /<html lang="([^"]+)"/.exec(text)?.[1];
};

test("the person's setting comes before the cookie, the cookie before the browser, English last", async () => {
  const cookie = { Cookie: "a=b; locale=zh-CN", "Accept-Language": "en-US" };
  expect(await language({ person: { ...lin, locale: "en" } }, cookie)).toBe("en");
  expect(await language({ person: lin }, cookie)).toBe("zh-CN");
  expect(await language({}, { "Accept-Language": "zh-TW,zh;q=0.9,en;q=0.1" })).toBe("zh-CN");
  expect(await language({}, { "Accept-Language": "fr,de" })).toBe("en");
  expect(await language({})).toBe("en");
  expect(await language({}, { Cookie: "locale=xx", "Accept-Language": "zh" })).toBe("zh-CN");
});

test.each([
  ["en;q=0.2, zh-Hans-CN;q=0.8", "zh-CN"],
  ["zh;q=0, en", "en"],
  ["*", undefined],
  ["", undefined],
  [";;;,,q=q", undefined],
  ["fr, ZH", "zh-CN"],
])("a browser that asks for %j reads %s", (header, expected) => {
  expect(fromAcceptLanguage(header)).toBe(expected);
});

test("the switch keeps the page, sets the cookie and remembers a signed-in person's choice", async () => {
  const remembered: [string, string][] = [];
  const { app } = tinyApp({ person: lin, remember: (id, locale) => remembered.push([id, locale]) });
  const page = await request(app).get("/cases/7?from=2026-11-01&to=2");
  const link = /href="(\/language\?to=zh-CN[^"]*)"/.exec(page.text)?.[1]?.replaceAll("&amp;", "&");
  const answer = await request(app).get(link ?? "");
  expect(answer.status).toBe(303);
  expect(answer.headers.location).toBe("/cases/7?from=2026-11-01&to=2");
  expect(answer.headers["set-cookie"]?.[0]).toMatch(/^locale=zh-CN;.*HttpOnly; SameSite=Lax/);
  expect(remembered).toEqual([["p1", "zh-CN"]]);
});

test("the switch works by POST too, and another site cannot change what a person has set", async () => {
  const remembered: string[] = [];
  const { app } = tinyApp({ person: lin, remember: (_id, locale) => remembered.push(locale) });
  const answer = await request(app).post("/language").type("form").send({ to: "zh-CN", back: "/cases" });
  expect([answer.status, answer.headers.location]).toEqual([303, "/cases"]);
  await request(app).get("/language?to=en&back=/").set("Sec-Fetch-Site", "cross-site");
  expect(remembered).toEqual(["zh-CN"]);
});

test.each([
  ["https://evil.example/", "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/cases/7#x", "/cases/7"],
  ["/..//evil.example", "/evil.example"],
  ["/%2f/evil", "/%2f/evil"],
  [undefined, "/"],
  [["/a", "/b"], "/"],
])("the switch leads back to this site only: %j", (back, expected) => {
  expect(ownPath(back)).toBe(expected);
});

test("an unknown language changes nothing", async () => {
  const answer = await request(tinyApp().app).get("/language?to=tlh&back=/cases");
  expect(answer.headers["set-cookie"]).toBeUndefined();
  expect(answer.headers.location).toBe("/cases");
});
