/**
 * The shipped app, whole, on a fresh database and folder, with the people the tests talk about:
 * Lin Xiaoyu owns the installation and is the borrower; Zhou Ning is her advocate; Chen Bo reads; Carol is nobody in her cases.
 */
import type { Express } from "express";
import { pino } from "pino";
import request from "supertest";
import { createApp } from "../../src/app.ts";
import { createCodeLibrary } from "../../src/codes/library.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { type Services, createServices } from "../../src/services.ts";
import { type TestClock, testClock } from "./clock.ts";
import { type TestDatabase, sqlite } from "./databases.ts";

export const PASSWORD = "a quiet evening";
export const names = { lin: "Lin Xiaoyu", zhou: "Zhou Ning", chen: "Chen Bo", carol: "Carol Stranger" } as const;
export type Name = keyof typeof names;
export type Agent = ReturnType<typeof request.agent>;

export interface TestApp {
  app: Express;
  services: Services;
  clock: TestClock;
  /** Signed in; English unless told otherwise. */
  as(name: Name, language?: "en" | "zh-CN"): Promise<Agent>;
  personId(name: Name): Promise<string>;
  /** Puts a person into a case with a role, as an accepted invitation would. */
  join(caseId: string, name: Name, role: "borrower" | "advocate" | "reader"): Promise<void>;
  close(): Promise<void>;
}

/** Read once for all the apps of a process: they only ever read it. */
let installed: ReturnType<typeof createCodeLibrary> | undefined;

/** Nobody is made before the first `as`. Close it in afterAll. */
export async function withApp(
  database: TestDatabase = sqlite,
  settings: Partial<Config> = {},
  { rateLimit = false } = {},
): Promise<TestApp> {
  const place = await database.create();
  const clock = testClock();
  const config: Config = {
    ...readConfig({ DATA_DIR: place.dataDir, DATABASE_URL: place.databaseUrl, LOG_LEVEL: "silent" }),
    ...settings,
  };
  const codes = await (installed ??= createCodeLibrary());
  const services = await createServices(config, { clock, log: pino({ level: "silent" }), codes, rateLimit });
  const app = createApp(services);
  const email = (name: Name) => `${name}@example.org`;

  const personId = async (name: Name): Promise<string> => {
    const found = await services.db
      .selectFrom("people")
      .select("id")
      .where("email", "=", email(name))
      .executeTakeFirst();
    if (found !== undefined) return found.id;
    const made = await services.auth.api.signUpEmail({
      body: { name: names[name], email: email(name), password: PASSWORD },
    });
    if (name === "lin") {
      await services.db.updateTable("people").set({ standing: "owner" }).where("id", "=", made.user.id).execute();
    }
    return made.user.id;
  };

  return {
    app,
    services,
    clock,
    personId,
    async as(name, language = "en") {
      await personId(name);
      const agent = request.agent(app).set("Accept-Language", language).set("Sec-Fetch-Site", "same-origin");
      const answer = await agent
        .post("/sign-in")
        .type("form")
        .send({ email: email(name), password: PASSWORD });
      if (answer.status !== 303) throw new Error(`${name} could not sign in: ${answer.status}`);
      return agent;
    },
    async join(caseId, name, role) {
      await services.db
        .insertInto("case_members")
        .values({
          case_id: caseId,
          person_id: await personId(name),
          role,
          added_by: await personId("lin"),
          added_at: clock.now(),
        })
        .execute();
    },
    async close() {
      await services.close();
      await place.remove();
    },
  };
}
