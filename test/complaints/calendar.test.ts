/** What is due, on the home page and in calendar programs, on both databases; read back with another program's parser. */
import ICAL from "ical.js";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCase, send, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe.each(databases)("the calendar on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;

  const events = (text: string) =>
    new ICAL.Component(ICAL.parse(text) as [string, object[], object[]])
      .getAllSubcomponents("vevent")
      .map((component) => new ICAL.Event(component));
  const filed = async (channel: string, onDay: string) => {
    const begun = await lin.post(`/cases/${caseId}/complaints`).type("form").send({ channel });
    const number = /complaints\/(\d+)/.exec(begun.headers.location!)![1]!;
    await send(lin, `/cases/${caseId}/complaints/${number}/letters`, { kind: "filed", onDay });
    return number;
  };

  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    app.clock.set("2026-09-28T04:00:00Z");
    caseId = await openCase(lin);
    await filed("cn-lender", "2026-09-10");
    await filed("cn-12378", "2026-09-28");
    await filed("cn-pboc-credit", "2026-09-22");
    await filed("cn-12378-report", "2026-09-18");
  });
  afterAll(() => app.close());

  test("the home page tells what is overdue, due within a week and later, soonest first", async () => {
    const page = textOf((await lin.get("/")).text);
    const [, overdue = "", week = "", later = ""] =
      /Overdue (.*) Within a week (.*) Later (.*) How each day/.exec(page) ?? [];
    expect(overdue).toContain("Fri 25 Sept 2026 3 days over The lender decides and tells you its decision");
    expect(week).toContain("Sat 3 Oct 2026 5 days left");
    // Ten working days from 22 September, over Mid-autumn and National Day: 13 October.
    expect(later).toContain("Tue 13 Oct 2026 15 days left");
  });

  test("a complaint gives its own file, in neutral words, as whole days", async () => {
    const answer = await lin.get(`/cases/${caseId}/complaints/2/calendar.ics`);
    expect(answer.headers["content-type"]).toContain("text/calendar");
    expect(answer.headers["content-disposition"]).toContain("complaint-2.ics");
    const [event, ...more] = events(answer.text);
    expect(more).toEqual([]);
    expect(event!.summary).toBe("Case 1: complaint 2 is due");
    expect(event!.startDate.isDate).toBe(true);
    expect(event!.startDate.toString()).toBe("2026-10-13");
    expect(event!.endDate.toString()).toBe("2026-10-14");
    expect(answer.text).not.toMatch(/Lin|Example Consumer|12378/);
  });

  test("a private address serves a calendar program that cannot sign in, until it is ended", async () => {
    const made = await lin.post("/calendar/address").type("form").send({});
    const path = new URL(/value="(http[^"]+\/feeds\/[^"]+\.ics)"/.exec(made.text)![1]!).pathname;
    expect(textOf((await lin.get("/calendar")).text)).not.toContain("/feeds/");
    const program = request(app.app);
    const feed = await program.get(path);
    expect(feed.status).toBe(200);
    expect(events(feed.text).map((event) => event.startDate.toString())).toEqual([
      "2026-09-25",
      "2026-10-03",
      "2026-10-13",
      "2026-10-13",
    ]);
    // The same dates keep their identity from one call to the next.
    const ids = events(feed.text).map(({ uid }) => uid);
    expect(events((await program.get(path)).text).map(({ uid }) => uid)).toEqual(ids);
    // Another one takes its place; ended, nothing is left.
    const again = await lin.post("/calendar/address").type("form").send({});
    expect((await program.get(path)).status).toBe(404);
    const newer = new URL(/value="(http[^"]+\/feeds\/[^"]+\.ics)"/.exec(again.text)![1]!).pathname;
    expect((await program.get(newer)).status).toBe(200);
    await lin.post("/calendar/address/removal").type("form").send({});
    expect((await program.get(newer)).status).toBe(404);
    expect(await app.services.db.selectFrom("calendar_feeds").selectAll().execute()).not.toContainEqual(
      expect.objectContaining({ token_sha256: expect.stringContaining(path.slice(7, 20)) }),
    );
  });

  test("a person who is out of the case sees nothing of it any more", async () => {
    const zhou = await app.as("zhou");
    await app.join(caseId, "zhou", "advocate");
    const made = await zhou.post("/calendar/address").type("form").send({});
    const path = new URL(/value="(http[^"]+\/feeds\/[^"]+\.ics)"/.exec(made.text)![1]!).pathname;
    expect(events((await request(app.app).get(path)).text)).toHaveLength(4);
    await lin
      .post(`/cases/${caseId}/members/${await app.personId("zhou")}/removal`)
      .type("form")
      .send({});
    expect(events((await request(app.app).get(path)).text)).toHaveLength(0);
  });
});
