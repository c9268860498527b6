/**
 * Every route of the app with every kind of person. A new route is in this table by itself: it is read from the app as it is composed.
 * A stranger must not learn that a case, or anything in it, exists; nor may a member of one case reach into another.
 */
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { plantDemo } from "../src/cli/demo.ts";
import { type Agent, type TestApp, withApp } from "./support/app.ts";
import { type Route, withRoutes } from "./support/routes.ts";
import { fill, thingsOf } from "./support/things.ts";

/** Answered without signing in. Everything else sends a visitor to the sign-in page. */
const open = [
  "/sign-in",
  "/sign-out",
  "/links/:token",
  "/language",
  "/health",
  "/help",
  "/channels",
  "/codes",
  "/feeds",
  "/try",
];
const isOpen = ({ path }: Route) => open.some((start) => path === start || path.startsWith(`${start}/`));

/** Changes that a reader may make, because they change nothing in the case. */
const readersMay = ["/cases/:case/history/verification", "/cases/:case/evidence/checks", "/cases/:case/findings/try"];

let whole: TestApp;
let routes: Route[];
let theirs: Record<string, string>;
let mine: Record<string, string>;
let people: Record<"lin" | "chen" | "carol", Agent>;

const ask = (who: Agent, method: string, path: string) =>
  method === "get" || method === "head"
    ? who[method](path)
    : who[method as "post"](path).set("Sec-Fetch-Site", "same-origin").type("form").send({});

beforeAll(async () => {
  whole = await withApp();
  routes = withRoutes(() => createApp(whole.services)).routes;
  const lin = await whole.as("lin");
  const [first, second] = await plantDemo(whole.services, await whole.personId("lin"));
  mine = await thingsOf(whole, first!);
  theirs = await thingsOf(whole, second!);
  await whole.join(first!, "chen", "reader");
  people = { lin, chen: await whole.as("chen"), carol: await whole.as("carol") };
  // The second case is somebody else's: Lin leaves it to Carol.
  await whole.join(second!, "carol", "borrower");
  await whole.services.db
    .deleteFrom("case_members")
    .where("case_id", "=", second!)
    .where("person_id", "=", await whole.personId("lin"))
    .execute();
});
afterAll(() => whole.close());

describe("who may reach what", () => {
  test("the table knows the app's routes", () => {
    expect(routes.length).toBeGreaterThan(40);
    expect(routes).toContainEqual({ method: "post", path: "/cases/:case/incidents" });
    expect(routes).toContainEqual({ method: "get", path: "/cases/:case/findings" });
  });

  test("a visitor who has not signed in is sent to sign in, or gets nothing", async () => {
    for (const route of routes.filter((one) => !isOpen(one))) {
      const { status, headers } = await ask(request(whole.app), route.method, fill(route.path, mine));
      expect([route, status, headers.location?.startsWith("/sign-in")]).toEqual([route, 303, true]);
    }
  });

  test("a stranger gets the same 404 for every address of a case, existing or not", async () => {
    for (const route of routes.filter((one) => one.path.startsWith("/cases/:case"))) {
      for (const values of [mine, { ...mine, case: "no-such-case" }]) {
        const { status } = await ask(people.carol, route.method, fill(route.path, values));
        expect([route, values.case, status]).toEqual([route, values.case, 404]);
      }
    }
  });

  test("a member of one case cannot reach the things of another through it", async () => {
    const things = ["evidence", "debt", "collector", "dossier"];
    const pointing = routes.filter(
      (one) => one.path.startsWith("/cases/:case") && things.some((name) => one.path.includes(`:${name}`)),
    );
    expect(pointing.length).toBeGreaterThan(3);
    for (const route of pointing) {
      const { status } = await ask(people.lin, route.method, fill(route.path, { ...theirs, case: mine.case! }));
      expect([route, status]).toEqual([route, 404]);
    }
  });

  test("a reader reads everything and changes nothing", async () => {
    const wrong: string[] = [];
    for (const route of routes.filter((one) => one.path.startsWith("/cases/:case"))) {
      const { status } = await ask(people.chen, route.method, fill(route.path, mine));
      const right = route.method === "get" ? [200, 303, 403, 404].includes(status) : status === 403;
      if (!right && !readersMay.includes(route.path)) wrong.push(`${route.method} ${route.path}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  test("what is open to everybody is open", async () => {
    for (const path of [
      "/sign-in",
      "/health",
      "/help",
      "/help/kept",
      "/codes",
      "/codes/cn-online-consumer-credit",
      "/try",
    ]) {
      expect([path, (await request(whole.app).get(path)).status]).toEqual([path, 200]);
    }
  });
});
