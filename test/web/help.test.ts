import request from "supertest";
import { describe, expect, test } from "vitest";
import { helpRoutes } from "../../src/help/routes.ts";
import { locales } from "../../src/web/locale.ts";
import { tinyApp } from "./tiny-app.ts";

const { app } = tinyApp({ routes: (routes) => void routes.use("/help", helpRoutes()) });

describe.each(locales)("in %s, without an account", (locale) => {
  const get = (path: string) => request(app).get(path).set("Accept-Language", locale);

  test("the footer of every page leads to pages with words in every place", async () => {
    const { text } = await get("/help");
    const links = [...new Set([...text.matchAll(/href="(\/help\/[\w-]+)"/g)].map(([, href = ""]) => href))];
    expect(links.sort()).toEqual(["/help/accessibility", "/help/deleting", "/help/kept", "/help/limits"]);
    for (const link of links) {
      const page = await get(link);
      expect([link, page.status]).toEqual([link, 200]);
      expect(page.text.replaceAll(/<[^>]*>/g, " ")).not.toMatch(/\b(help|layout)\.\w+/);
    }
  });
});

test.each(["/help/nothing", "/help/constructor", "/help/__proto__", "/help/toString"])(
  "%s is not a page",
  async (path) => {
    expect((await request(app).get(path)).status).toBe(404);
  },
);
