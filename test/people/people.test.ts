/** Signing in and out, one-time links, and the members of a case, as the people themselves see it. */
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCase } from "../../src/cases/store.ts";
import { createSetUpLink, removeMember } from "../../src/people/store.ts";
import { PASSWORD, type TestApp, withApp } from "../support/app.ts";
import { databases, sqlite } from "../support/databases.ts";

const form = (app: TestApp) => request.agent(app.app).set("Sec-Fetch-Site", "same-origin");
const account = { name: "Zhou Ning", email: "zhou@example.org", password: PASSWORD };

async function openCase(app: TestApp): Promise<string> {
  const by = { personId: await app.personId("lin"), at: app.clock.now() };
  const facts = {
    borrower: "林小雨",
    lender: "示例消费金融",
    lenderKind: "consumer-finance" as const,
    respondentKind: "unknown" as const,
    platform: null,
    zone: "Asia/Shanghai",
    country: "CN",
    pastDueOn: null,
    reachable: null,
    debtLawful: null,
    employerForbids: null,
    codes: [],
  };
  return app.services.db
    .transaction()
    .execute(async (tx) => (await createCase(tx, { ...facts, demo: false, role: "borrower" }, by)).id);
}

describe.each(databases)("people on $name", (database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await withApp(database);
  });
  afterAll(() => app.close());

  test("the set-up link makes the owner, once; a newer link makes the older one useless", async () => {
    const { db } = app.services;
    const link = () => db.transaction().execute((tx) => createSetUpLink(tx, app.clock.now()));
    const [older, newer] = [await link(), await link()];
    expect((await form(app).get(`/links/${older}`)).status).toBe(404);
    const wrong = await form(app)
      .post(`/links/${newer}`)
      .type("form")
      .send({ name: "", email: "lin", password: "short" });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("Enter your name");
    expect(wrong.text).toContain("name@example.com");
    expect(wrong.text).toContain("at least 10 characters");
    expect(wrong.text).toContain('value="lin"');
    expect(wrong.text).not.toContain('value="short"');
    const agent = form(app);
    const made = await agent
      .post(`/links/${newer}`)
      .type("form")
      .send({ name: "Lin Xiaoyu", email: "Lin@Example.org", password: PASSWORD });
    expect([made.status, made.headers.location]).toEqual([303, "/"]);
    expect((await agent.get("/account")).text).toContain("lin@example.org");
    expect(await db.selectFrom("people").select(["email", "standing"]).execute()).toEqual([
      { email: "lin@example.org", standing: "owner" },
    ]);
    expect((await form(app).get(`/links/${newer}`)).status).toBe(404);
  });

  test("the password is kept as argon2id and nowhere else", async () => {
    const { password } = await app.services.db.selectFrom("accounts").select("password").executeTakeFirstOrThrow();
    expect(password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test("a wrong password and an unknown address give the same answer; signing in leads back to where one wanted to go", async () => {
    const ask = (email: string, password: string) =>
      form(app).post("/sign-in").type("form").send({ email, password, back: "/help/kept" });
    const [wrong, unknown] = [
      await ask("lin@example.org", "not my password"),
      await ask("nobody@example.org", PASSWORD),
    ];
    expect([wrong.status, unknown.status]).toEqual([422, 422]);
    expect(wrong.text).toContain("The e-mail address or the password is not right");
    expect(unknown.text).toContain("The e-mail address or the password is not right");
    const right = await ask("LIN@example.org ", PASSWORD);
    expect([right.status, right.headers.location]).toEqual([303, "/help/kept"]);
    expect(String(right.headers["set-cookie"])).toMatch(/HttpOnly.*SameSite=Lax/i);
    const elsewhere = await form(app)
      .post("/sign-in")
      .type("form")
      .send({ email: "lin@example.org", password: PASSWORD, back: "https://evil.example/" });
    expect(elsewhere.headers.location).toBe("/");
  });

  test("signing out ends the session for good", async () => {
    const agent = await app.as("lin");
    expect((await agent.get("/account")).status).toBe(200);
    const { session } = (await app.services.auth.api.getSession({ headers: new Headers() })) ?? {};
    expect(session).toBeUndefined();
    expect((await agent.post("/sign-out")).headers.location).toBe("/sign-in");
    expect((await agent.get("/account")).headers.location).toBe("/sign-in?back=%2Faccount");
  });

  test("a session counts while its row is there, its time is not up and its cookie is the one we signed", async () => {
    const { db } = app.services;
    const signIn = async () => {
      await app.personId("lin");
      const answer = await form(app)
        .post("/sign-in")
        .type("form")
        .send({ email: "lin@example.org", password: PASSWORD });
      const cookie = String([answer.headers["set-cookie"] ?? []].flat()[0]).split(";")[0] ?? "";
      return { cookie, token: decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1)).split(".")[0] ?? "" };
    };
    const visit = (cookie: string) => request(app.app).get("/account").set("Cookie", cookie);
    const endsAt = async (token: string) => {
      const row = await db.selectFrom("sessions").select("expires_at").where("token", "=", token).executeTakeFirst();
      return row === undefined ? null : new Date(row.expires_at).valueOf();
    };
    const endAt = (token: string, at: number) =>
      db
        .updateTable("sessions")
        .set({ expires_at: new Date(at).toISOString() })
        .where("token", "=", token)
        .execute();
    const { cookie, token } = await signIn();
    const fresh = await visit(cookie);
    expect([fresh.status, fresh.headers["set-cookie"]]).toEqual([200, undefined]);

    const [name, value] = [cookie.slice(0, cookie.indexOf("=")), cookie.slice(cookie.indexOf("=") + 1)];
    const signature = decodeURIComponent(value).split(".")[1] ?? "";
    const other = await signIn();
    const wrong = [
      token,
      `${token}.`,
      `${token}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
      `${other.token}.${signature}`,
      `.${signature}`,
      "%E0%A4%A",
    ];
    for (const one of wrong) {
      const sent = one.startsWith("%") ? one : encodeURIComponent(one);
      expect([one, (await visit(`${name}=${sent}`)).status]).toEqual([one, 303]);
    }

    // Near its end it is prolonged, for the browser and for us.
    await endAt(token, Date.now() + 60_000);
    const prolonged = await visit(cookie);
    expect(prolonged.status).toBe(200);
    expect(String(prolonged.headers["set-cookie"])).toContain("dunwatch.session_token=");
    expect(await endsAt(token)).toBeGreaterThan(Date.now() + 3_600_000);

    // Its time is up: it is not used, and not kept.
    await endAt(token, Date.now() - 1000);
    expect((await visit(cookie)).status).toBe(303);
    expect(await endsAt(token)).toBeNull();

    // Revoked: the very next request is a stranger's.
    expect((await visit(other.cookie)).status).toBe(200);
    await db.deleteFrom("sessions").where("token", "=", other.token).execute();
    expect((await visit(other.cookie)).status).toBe(303);
  });

  test("a changed password works, the old one does not, and other devices are signed out", async () => {
    const [here, there] = [await app.as("carol"), await app.as("carol")];
    const change = (current: string) =>
      here.post("/account/password").type("form").send({ current, password: "another evening" });
    expect((await change("a wrong guess")).text).toContain("This is not your password now");
    expect((await change(PASSWORD)).headers.location).toBe("/account?saved=1");
    expect((await here.get("/account")).status).toBe(200);
    expect((await there.get("/account")).status).toBe(303);
    const again = await form(app)
      .post("/sign-in")
      .type("form")
      .send({ email: "carol@example.org", password: PASSWORD });
    expect(again.status).toBe(422);
  });

  test("an invitation lets one person into one case with one role; revoked, used and expired ones are not found", async () => {
    const caseId = await openCase(app);
    const lin = await app.as("lin");
    const invite = async (role: string) => {
      const answer = await lin.post(`/cases/${caseId}/members/invitations`).type("form").send({ role });
      return /http:\/\/127\.0\.0\.1:\d+(\/links\/[\w-]+)/.exec(answer.text)?.[1] ?? "";
    };
    expect((await lin.post(`/cases/${caseId}/members/invitations`).type("form").send({ role: "king" })).status).toBe(
      422,
    );

    const link = await invite("advocate");
    const zhou = form(app);
    expect((await zhou.post(link).type("form").send(account)).headers.location).toBe(`/cases/${caseId}`);
    expect((await zhou.get(`/cases/${caseId}/members`)).status).toBe(200);
    expect((await form(app).get(link)).status).toBe(404);

    const forChen = await invite("reader");
    const chen = await app.as("chen");
    expect((await chen.get(`/cases/${caseId}/members`)).status).toBe(404);
    expect((await chen.get(forChen)).text).toContain("chen@example.org");
    expect((await chen.post(forChen)).headers.location).toBe(`/cases/${caseId}`);
    expect((await chen.get(`/cases/${caseId}/members`)).text).not.toContain("Make a link");
    expect((await chen.post(`/cases/${caseId}/members/invitations`).type("form").send({ role: "reader" })).status).toBe(
      403,
    );

    const revoked = await invite("reader");
    const id = /members\/invitations\/([\w-]+)\/revocation/.exec((await lin.get(`/cases/${caseId}/members`)).text)?.[1];
    expect((await lin.post(`/cases/${caseId}/members/invitations/${id}/revocation`)).status).toBe(303);
    expect((await form(app).get(revoked)).status).toBe(404);

    const late = await invite("reader");
    app.clock.advance(8 * 24 * 3600 * 1000);
    expect((await form(app).get(late)).status).toBe(404);

    const chenId = await app.personId("chen");
    expect((await chen.post(`/cases/${caseId}/members/${await app.personId("lin")}/removal`)).status).toBe(403);
    expect((await lin.post(`/cases/${caseId}/members/${chenId}/removal`)).status).toBe(303);
    expect((await chen.get(`/cases/${caseId}/members`)).status).toBe(404);

    const told = await app.services.db
      .selectFrom("history")
      .select("action")
      .where("case_id", "=", caseId)
      .orderBy("seq")
      .execute();
    expect(told.map(({ action }) => action)).toEqual([
      "case.opened",
      "invitation.made",
      "member.joined",
      "invitation.made",
      "member.joined",
      "invitation.made",
      "invitation.revoked",
      "invitation.made",
      "member.removed",
    ]);
  });

  test("two strangers who send in one link at once: one joins, of the other nothing is left", async () => {
    const caseId = await openCase(app);
    const lin = await app.as("lin");
    const answer = await lin.post(`/cases/${caseId}/members/invitations`).type("form").send({ role: "reader" });
    const link = /http:\/\/127\.0\.0\.1:\d+(\/links\/[\w-]+)/.exec(answer.text)?.[1] ?? "";
    const emails = ["one@example.org", "two@example.org"];
    const answers = await Promise.all(
      emails.map((email) => form(app).post(link).type("form").send({ name: "Somebody", email, password: PASSWORD })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([303, 404]);
    expect(answers.find(({ status }) => status === 404)?.headers["set-cookie"]).toBeUndefined();
    const made = await app.services.db.selectFrom("people").select("id").where("email", "in", emails).execute();
    expect(made).toHaveLength(1);
  });

  test("two managers who send each other away at once do not leave the case to nobody", async () => {
    const { db, clock } = app.services;
    const people = [await app.personId("lin"), await app.personId("carol")] as const;
    for (let round = 0; round < 5; round += 1) {
      const caseId = await openCase(app);
      await app.join(caseId, "carol", "advocate");
      const away = (actor: string, leaving: string) =>
        db.transaction().execute((tx) => removeMember(tx, caseId, leaving, { actor, at: clock.now() }));
      const done = await Promise.all([away(people[0], people[1]), away(people[1], people[0])]);
      expect(done.filter(Boolean)).toHaveLength(1);
    }
  });

  test("the last one who may change a case cannot leave it", async () => {
    const caseId = await openCase(app);
    const lin = await app.as("lin");
    const answer = await lin.post(`/cases/${caseId}/members/${await app.personId("lin")}/removal`);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain("has to stay in the case");
    expect((await lin.get(`/cases/${caseId}/members`)).status).toBe(200);
  });
});

describe("guessing passwords", () => {
  test("is stopped after ten tries a minute, in words", async () => {
    const app = await withApp(sqlite, {}, { rateLimit: true });
    await app.personId("lin");
    const guess = () => form(app).post("/sign-in").type("form").send({ email: "lin@example.org", password: "a guess" });
    for (let tries = 0; tries < 10; tries += 1) expect((await guess()).status).toBe(422);
    const stopped = await guess();
    expect(stopped.status).toBe(429);
    expect(stopped.text).toMatch(/Too many tries\. Wait \d+ seconds/);
    await app.close();
  });
});

describe("behind https", () => {
  test("the session's cookie travels by https alone, and is read again", async () => {
    const app = await withApp(sqlite, { baseUrl: "https://dunwatch.example" });
    await app.personId("lin");
    const answer = await form(app).post("/sign-in").type("form").send({ email: "lin@example.org", password: PASSWORD });
    const [cookie = ""] = [answer.headers["set-cookie"] ?? []].flat();
    expect(cookie).toMatch(/^__Secure-dunwatch\.session_token=[^;]+;.*HttpOnly; Secure; SameSite=Lax/i);
    const page = await request(app.app)
      .get("/account")
      .set("Cookie", cookie.split(";")[0] ?? "");
    expect(page.text).toContain("lin@example.org");
    await app.close();
  });
});
