/** Why, why not, what would be different, what changed, and many questions at once: as people see it, on both databases. */
import { describe, expect, test } from "vitest";
import { touchAll } from "../../src/cases/store.ts";
import { plantContacts } from "../incidents/plant-contacts.ts";
import { log, openCase, textOf } from "../incidents/people.ts";
import type { Agent } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { type OpenedCase, openedCase } from "./opened-case.ts";

describe.each(databases)("explaining on $name", (database) => {
  let { app, lin, zhou, chen, caseId } = {} as OpenedCase;
  openedCase(database, (opened) => ({ app, lin, zhou, chen, caseId } = opened));

  const get = (who: Agent, path = "") => who.get(`/cases/${caseId}/findings${path}`);
  const text = async (who: Agent, path = "") => textOf((await get(who, path)).text);
  const call = { channel: "call", outcome: "connected", purpose: "notification" };
  const day = async (...times: string[]) => {
    for (const time of times) await log(lin, caseId, { ...call, date: "2026-11-17", time });
  };

  test("a finding says why, from which facts, counted how, under which text, within which limits, and what would be different", async () => {
    await day("09:00", "10:05", "14:31", "18:20", "19:10");
    const answer = await get(chen, "/5/cn.gbt.freq.notify");
    const read = textOf(answer.text);
    expect(answer.status).toBe(200);
    expect(read).toContain("This is the 5th answered contact of 17 November 2026; the limit is 3.");
    expect(read).toMatch(/When Tue 17 Nov 2026, 19:10 Typed by Lin Xiaoyu, 20 Nov 2026/);
    expect(read).toMatch(/1 09:00 Incident 1 within .* 4 18:20 Incident 4 over 5 19:10 Incident 5 this one over/);
    expect(read).toContain("A recommended standard: no penalty comes from it alone.");
    expect(read).toContain("The text says “should”: it advises and does not forbid.");
    expect(read).toContain("The rule is known from reports that quote it; the text itself was not read.");
    expect(read).toContain("If there had been 2 fewer counted contacts, it would not match.");
    expect(read).toContain("If 5 contacts a day had been agreed in writing, it would not match.");
    // It is so: two contacts go, and the finding with them.
    for (const number of [1, 2]) await lin.post(`/cases/${caseId}/incidents/${number}/removal`);
    const gone = await get(lin, "/5/cn.gbt.freq.notify");
    expect(gone.status).toBe(303);
    expect(gone.headers.location).toBe(`/cases/${caseId}/findings/why-not/5?rule=cn.gbt.freq.notify`);
  });

  test("of a count of more than a hundred it is said how many fewer would do, and it is so", async () => {
    const at = (n: number) => Date.parse("2026-11-17T08:00+08:00") + n * 60_000;
    const facts = { contacted: "self", outcome: "connected", purpose: "notification" };
    await plantContacts(
      app.services.db,
      caseId,
      Array.from({ length: 250 }, (_, n) => ({ ...facts, happenedAt: at(n) })),
    );
    const read = await text(lin, "/250/cn.gbt.freq.notify");
    expect(read).toContain("This is the 250th answered contact of 17 November 2026; the limit is 3.");
    expect(read).toContain("The last 100 of the counted contacts; the rule allows 3");
    expect(read).toContain("If there had been 247 fewer counted contacts, it would not match.");
    const remove = (numbers: number[]) =>
      app.services.db
        .updateTable("incidents")
        .set({ removed_at: 1 })
        .where("case_id", "=", caseId)
        .where("number", "in", numbers)
        .execute();
    await remove(Array.from({ length: 246 }, (_, n) => n + 1));
    await app.services.db.transaction().execute((tx) => touchAll(tx, caseId));
    expect(await text(lin, "/250/cn.gbt.freq.notify")).toContain("This is the 4th answered contact");
    await remove([247]);
    await app.services.db.transaction().execute((tx) => touchAll(tx, caseId));
    expect((await get(lin, "/250/cn.gbt.freq.notify")).status).toBe(303);
  });

  test("why not is a step away: from a contact for any rule, from a rule within the case for any contact", async () => {
    await day("12:00", "22:43");
    const contact = await lin.get(`/cases/${caseId}/incidents/1`);
    expect(contact.text).toContain(`href="/cases/${caseId}/findings/why-not/1"`);
    const all = await get(lin, "/why-not/1");
    expect(all.text).toMatch(/<select[^>]* id="rule"/);
    expect(all.text).toContain('<option value="cn.gbt.time"');
    const rule = `/cases/${caseId}/codes/cn-online-consumer-credit/rules/cn.gbt.time`;
    const page = await chen.get(rule);
    expect(textOf(page.text)).toContain("It says something of 1 contact. See them");
    expect(page.text).toContain(`action="/cases/${caseId}/findings/why-not"`);
    expect(page.text).toContain('<input type="hidden" name="rule" value="cn.gbt.time">');
    const asked = await get(chen, "/why-not?rule=cn.gbt.time&incident=1");
    expect(asked.headers.location).toBe(`/cases/${caseId}/findings/why-not/1?rule=cn.gbt.time`);
    const elsewhere = await chen.get(`/cases/${caseId}/codes/us-fdcpa-regulation-f/rules/us.time`);
    expect(textOf(elsewhere.text)).toContain("This case is not judged by this rule.");
    expect(elsewhere.text).not.toContain("/why-not");
    expect((await (await app.as("carol")).get(rule)).status).toBe(404);
    expect((await chen.get(`${rule}.none`)).status).toBe(404);
  });

  test("a fact that was corrected says by whom; a nearest time is named and true", async () => {
    await day("22:43");
    await zhou
      .post(`/cases/${caseId}/incidents/1/facts`)
      .type("form")
      .send({ purpose: "interactive", asked: "purpose" });
    const read = await text(lin, "/1/cn.gbt.time");
    expect(read).toContain("If it had been at 21:59 instead of 22:43 local time, it would not match.");
    expect(read).toContain("If contact at this hour had been agreed in writing, it would not match.");
    expect(await text(lin, "/1/cn.gbt.freq.interactive").catch(() => "")).not.toContain("no such");
    await lin.post(`/cases/${caseId}/incidents/1/facts`).type("form").send({ time: "21:59", asked: "time" });
    const after = await text(lin, "/why-not/1?rule=cn.gbt.time");
    expect(after).toContain("At another time 1");
    expect(after).toContain("21:59 local time does not lie between 22:00 and 08:00.");
    expect(after).toContain("If it had been at 22:01 instead of 21:59 local time, it would appear to match.");
  });

  test("every rule that says nothing of a contact has its first reason; reasons and topics filter; both languages", async () => {
    await day("12:00");
    const read = await text(lin, "/why-not/1");
    expect(read).toContain("At another time");
    expect(read).toContain("12:00 local time does not lie between 22:00 and 08:00.");
    expect(read).toContain("This is the 1st answered contact of 17 November 2026; the limit is 3.");
    expect(read).toContain("In force from"); // the copies of 2024, replaced in 2025
    const [, silent, all] = /(\d+) rules of (\d+) say nothing/.exec(read) ?? [];
    const findings = Number(/(\d+) findings?, newest/.exec(await text(lin))?.[1] ?? 0);
    expect(Number(all) - Number(silent)).toBe(findings);
    const filtered = await text(lin, "/why-not/1?reason=time");
    expect(filtered).not.toContain("the limit is 3");
    expect(filtered).toContain("No collection at night");
    const chinese = await text(zhou, "/why-not/1?topic=quiet-hours");
    expect(chinese).toContain("时间不同");
    expect(chinese).toContain("当地时间12:00不在22:00至08:00之间。");
  });

  test("from a rule one chooses the contact; a rule that does say something leads to its finding; strangers see nothing", async () => {
    await day("22:43");
    const asked = await get(lin, "/why-not?rule=cn.gbt.time");
    expect(textOf(asked.text)).toContain("Why not? No collection at night");
    const wrong = await get(lin, "/why-not?rule=cn.gbt.time&incident=7");
    expect(wrong.status).toBe(422);
    expect(textOf(wrong.text)).toContain("Enter the number of an incident of this case");
    const right = await get(lin, "/why-not?rule=cn.gbt.time&incident=1");
    expect(right.headers.location).toBe(`/cases/${caseId}/findings/why-not/1?rule=cn.gbt.time`);
    const says = await get(lin, "/why-not/1?rule=cn.gbt.time");
    expect(textOf(says.text)).toContain("This rule does say something");
    expect(says.text).toContain(`href="/cases/${caseId}/findings/1/cn.gbt.time"`);
    const carol = await app.as("carol");
    for (const path of ["/1/cn.gbt.time", "/why-not", "/why-not/1", "/untold"])
      expect((await get(carol, path)).status).toBe(404);
    for (const path of ["/1/no.such", "/9/cn.gbt.time", "/why-not/9"]) expect((await get(lin, path)).status).toBe(404);
  });

  test("what a change made different is told with its cause, and a review of what said otherwise is marked until said again", async () => {
    await day("22:43");
    await get(lin);
    await lin.post(`/cases/${caseId}/findings/1/cn.gbt.time/review`).type("form").send({ verdict: "confirmed" });
    await lin.post(`/cases/${caseId}/incidents/1/facts`).type("form").send({ time: "22:00", asked: "time" });
    const contact = textOf((await lin.get(`/cases/${caseId}/incidents/1`)).text);
    expect(contact).toMatch(/Judged again: \d changed/);
    const list = await text(lin);
    expect(list).toContain("Lin Xiaoyu corrected incident 1");
    expect(list).toMatch(
      /Changed: No collection at night .*?It said: Appears to match\. 22:43 .*?It says: Needs a person\. 22:00/,
    );
    expect(list).toContain("Reviewed when it said otherwise");
    expect(list).toContain("Then it said: Appears to match. 22:43 local time lies between 22:00 and 08:00.");
    // Who was away is told together what happened since; who was told is not told again.
    await log(lin, caseId, { ...call, date: "2026-11-17", time: "23:30" });
    app.clock.advance(60_000);
    await lin.get(`/cases/${caseId}/incidents/2`);
    expect(await text(lin)).toMatch(/Since your last visit \d findings? appeared/);
    expect(await text(lin)).not.toContain("Since your last visit");
    // The same word again, now of what it says.
    await lin.post(`/cases/${caseId}/findings/1/cn.gbt.time/review`).type("form").send({ verdict: "confirmed" });
    expect(await text(lin)).not.toContain("Reviewed when it said otherwise");
  });

  test("hurting words stay folded in every explanation", async () => {
    await log(lin, caseId, { channel: "sms", date: "2026-11-17", time: "12:00", said: "再不还钱就上门找你家人" });
    const list = (await get(lin, "?outcome=needs-review")).text;
    const href = /href="(\/cases\/[^"]+\/findings\/1\/[^"/?]+)"/.exec(list)?.[1] ?? "";
    for (const html of [list, (await lin.get(href)).text, (await get(lin, "/why-not/1")).text]) {
      const outside = html.replaceAll(/<details class="govuk-details">[^]*?<\/details>/g, "");
      expect(outside).not.toContain("找你家人");
    }
  });

  test("what nobody noted of many contacts is one question, apart from the others, answered for several at once", async () => {
    const us = await openCase(lin, { respondentKind: "debt-collector" });
    await lin
      .post(`/cases/${us}/codes`)
      .type("form")
      .send({ codes: ["us-fdcpa-regulation-f"] });
    for (const date of ["02", "04", "06", "09", "11", "13"])
      await log(lin, us, { channel: "sms", outcome: "delivered", date: `2026-11-${date}`, time: "12:00" });
    const list = (await lin.get(`/cases/${us}/findings`)).text;
    const read = textOf(list);
    expect(read).toContain("12 questions about what was told stand together");
    expect(read).toContain("For 6 contacts nobody noted whether this was told: how to refuse further messages.");
    // They are left out of the list, and of six contacts it stays true that one cannot tell.
    expect(read).toContain("6 cannot tell");
    expect(read).toContain("1 finding, newest first");
    const form = await lin.get(`/cases/${us}/findings/untold?rule=us.optout`);
    expect(textOf(form.text)).toContain("For which contacts do you know it?");
    const empty = await lin
      .post(`/cases/${us}/incidents/facts`)
      .type("form")
      .send({ rule: "us.optout", told: "some", numbers: ["1"] });
    expect(empty.status).toBe(422);
    expect(textOf(empty.text)).toContain("Tick what they told");
    expect(empty.text).toMatch(/name="numbers"[^>]*value="1"[^>]*checked|value="1"[^>]*checked/);
    const sent = await lin
      .post(`/cases/${us}/incidents/facts`)
      .type("form")
      .send({ rule: "us.optout", asked: "disclosed", told: "nothing", numbers: ["1", "2", "3", "4"] });
    expect(sent.status).toBe(303);
    const after = textOf((await lin.get(`/cases/${us}/findings?rule=us.optout`)).text);
    expect(after.match(/Appears to match/g)?.length).toBeGreaterThanOrEqual(4);
    const history = textOf((await lin.get(`/cases/${us}/history`)).text);
    for (const number of [1, 2, 3, 4]) expect(history).toContain(`corrected incident ${number}`);
    expect((await chen.post(`/cases/${us}/incidents/facts`).type("form").send({})).status).toBe(404);
    expect((await chen.post(`/cases/${caseId}/incidents/facts`).type("form").send({})).status).toBe(403);
  });
});
