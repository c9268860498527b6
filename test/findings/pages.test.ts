/** The findings of a case as a person sees them: explained, filtered, answered, reviewed; through the shipped app on both databases. */
import { describe, expect, test } from "vitest";
import { actionsOf, log, textOf } from "../incidents/people.ts";
import type { Agent } from "../support/app.ts";
import { databases } from "../support/databases.ts";
import { type OpenedCase, openedCase } from "./opened-case.ts";

describe.each(databases)("findings on $name", (database) => {
  let { app, lin, zhou, chen, caseId } = {} as OpenedCase;
  openedCase(database, (opened) => ({ app, lin, zhou, chen, caseId } = opened));

  const page = async (who: Agent, path = "") => who.get(`/cases/${caseId}/findings${path}`);
  const text = async (who: Agent, path = "") => textOf((await page(who, path)).text);
  const notify = {
    channel: "call",
    outcome: "connected",
    purpose: "notification",
    told: "some",
    disclosed: "institution",
  };
  /** Five notification calls on one day, the last at night. */
  const fiveCalls = async () => {
    for (const time of ["08:12", "10:05", "14:31", "18:20", "22:43"]) {
      await log(lin, caseId, { ...notify, date: "2026-11-17", time });
    }
  };
  const review = (who: Agent, number: number, rule: string, fields: object) =>
    who.post(`/cases/${caseId}/findings/${number}/${rule}/review`).type("form").send(fields);

  test("an empty case says that there is nothing to judge", async () => {
    expect(await text(lin)).toContain("No contact was logged yet, so there is nothing to judge.");
  });

  test("a finding is explained: rule, clause, strength, why, the counted contacts and which are over", async () => {
    await fiveCalls();
    const answer = await page(lin, "?rule=cn.gbt.freq.notify");
    const read = textOf(answer.text);
    expect(read).toContain("2 findings, newest first");
    expect(read).toContain("At most three connected notification calls a day");
    expect(read).toContain("Incident 5 · Call · Borrower · Tue 17 Nov 2026, 22:43");
    expect(read).toContain("This is the 5th answered contact of 17 November 2026; the limit is 3.");
    expect(read).toContain("Should not");
    expect(read).toContain("National standard");
    expect(read).toContain("in force from 28 Feb 2025");
    expect(read).toMatch(/GB\/T 45251-2025.*, 5\.3/);
    expect(read).toContain("Counted: 5 contacts; the rule allows 3");
    expect(read).toContain(
      "08:12 Incident 1 10:05 Incident 2 14:31 Incident 3 18:20 Incident 4 over 22:43 this one over",
    );
    expect(answer.text).toContain(`href="/cases/${caseId}/codes/cn-online-consumer-credit/rules/cn.gbt.freq.notify"`);
    expect(answer.text).toContain(`href="/cases/${caseId}/incidents/3"`);
    expect(answer.text.match(/dw-plot__n--over/g)).toHaveLength(2 * (2 + 1));
    expect(read.toLowerCase()).not.toContain("illegal");
  });

  test("the same page speaks Chinese throughout", async () => {
    await fiveCalls();
    const answer = await page(zhou, "?rule=cn.gbt.time");
    const read = textOf(answer.text);
    expect(answer.text).toContain('<html lang="zh-CN"');
    expect(read).toContain("夜间22时至次日8时不催收");
    expect(read).toContain("当地时间22:43在22:00至08:00之间。");
    expect(read).toContain("不应");
    expect(read).toContain("2025年2月28日起施行");
  });

  test("what a new contact changed is said once", async () => {
    await log(lin, caseId, { ...notify, date: "2026-11-17", time: "22:43" });
    const first = await page(lin);
    expect(textOf(first.text)).toMatch(/Judged again \d findings? appeared\./);
    const inRail = /\/findings" aria-current="page"><span>Findings<\/span> <span class="dw-casenav__n">(\d+)</.exec(
      first.text,
    );
    expect(textOf(first.text)).toContain(`${inRail?.[1]} findings, newest first`);
    expect(await text(lin)).not.toContain("Judged again");
  });

  test("filters stand in the address, each can be taken away, and nothing unknown breaks the page", async () => {
    await fiveCalls();
    await log(lin, caseId, { ...notify, date: "2026-11-18", time: "22:00" });
    const answer = await page(
      lin,
      "?outcome=needs-review&rule=cn.gbt.time&from=2026-11-18&severity=medium&reviewed=open",
    );
    const read = textOf(answer.text);
    expect(read).toContain("1 finding, newest first");
    expect(read).toContain("Outcome: Needs a person");
    expect(read).toContain("Days: from 18 Nov 2026");
    expect(answer.text).toContain(
      `href="/cases/${caseId}/findings?outcome=needs-review&amp;rule=cn.gbt.time&amp;severity=medium&amp;reviewed=open"`,
    );
    expect(await text(lin, "?outcome=matches&to=2026-11-16")).toContain("No findings with these filters.");
    expect((await page(lin, "?outcome=illegal&rule=%01&older=x&severity[]=1&reviewed=maybe")).status).toBe(200);
    const refused = await page(lin, "?from=17.11.2026");
    expect(refused.status).toBe(422);
    expect(textOf(refused.text)).toContain("Enter a day such as 2026-10-01");
    expect(refused.text).toContain('value="17.11.2026"');
  });

  test("long lists are paged without losing or repeating a finding", async () => {
    for (let n = 0; n < 30; n++) {
      await log(lin, caseId, { ...notify, date: "2026-11-17", time: `22:${String(n + 10)}` });
    }
    const seen: string[] = [];
    let path: string | undefined = "";
    let last = "";
    while (path !== undefined) {
      const { text: html }: { text: string } = await page(lin, path);
      seen.push(...[...html.matchAll(/<li class="dw-frow" id="([^"]+)"/g)].map(([, id]) => id ?? ""));
      const older: string | undefined = /href="[^"]*\/findings(\?older=[^"]+)"/.exec(html)?.[1];
      if (older === undefined) last = html;
      path = older;
    }
    expect(new Set(seen).size).toBe(seen.length);
    const total = Number(/(\d+) findings, newest first/.exec(textOf(last))?.[1]);
    expect(seen).toHaveLength(total);
    expect(total).toBeGreaterThan(60);
    const newer = /href="[^"]*\/findings(\?newer=[^"]+)"/.exec(last)?.[1] ?? "";
    const back = [...(await page(lin, newer)).text.matchAll(/<li class="dw-frow" id="([^"]+)"/g)].map(([, id]) => id);
    const first = seen.indexOf(back[0] ?? "");
    expect(back).toEqual(seen.slice(first, first + back.length));
    expect(seen[first + back.length]).toBe(/<li class="dw-frow" id="([^"]+)"/.exec(last)?.[1]);
  });

  test("grouped by rule, the counts are those of the list", async () => {
    await fiveCalls();
    const read = await text(lin, "?group=rule&rule=cn.gbt.freq.notify&rule=cn.gbt.time");
    expect(read).toContain("2 rules");
    expect(read).toMatch(
      /At most three connected notification calls a day Should not .*? 2 appear to match .*?2 not reviewed · newest 17 Nov 2026/,
    );
  });

  test("what is missing is asked on the spot, and the answer is judged", async () => {
    for (const time of ["08:12", "10:05", "14:31"]) await log(lin, caseId, { ...notify, date: "2026-11-17", time });
    await log(lin, caseId, { ...notify, outcome: "", date: "2026-11-17", time: "18:20" });
    const path = "?rule=cn.gbt.freq.notify";
    const before = await page(lin, path);
    const read = textOf(before.text);
    expect(read).toContain("Why we cannot tell");
    expect(read).toContain("Was the call answered?");
    const action = /<form class="dw-missing" method="post" action="([^"]+)"/.exec(before.text)?.[1] ?? "";
    expect(action).toBe(`/cases/${caseId}/incidents/4/facts`);
    expect(before.text).toContain('name="outcome" type="radio" value="connected"');
    const back = `/cases/${caseId}/findings${path}`;
    const answered = await lin.post(action).type("form").send({ outcome: "connected", back });
    expect(answered.status).toBe(303);
    expect(answered.headers.location).toBe(back);
    const after = await text(lin, path);
    expect(after).toContain("Appears to match");
    expect(after).not.toContain("Was the call answered?");
    const reader = await text(chen, "");
    expect(reader).not.toContain("Save and judge again");
  });

  test("a fact of the case is asked for where it is kept", async () => {
    await log(lin, caseId, {
      ...notify,
      contacted: "colleague",
      outcome: "conversation",
      date: "2026-11-17",
      time: "12:00",
    });
    const answer = await page(lin, "?rule=cn.gbt.contacts");
    expect(textOf(answer.text)).toContain("Say whether the borrower could be reached");
    expect(answer.text).toContain(`href="/cases/${caseId}/facts#reachable"`);
  });

  test("hurting words stay folded until asked for", async () => {
    const words = "再不还钱就上门找你家人";
    await log(lin, caseId, { channel: "sms", date: "2026-11-17", time: "12:00", said: words });
    const html = (await page(lin, "?outcome=needs-review")).text;
    expect(textOf(html)).toContain("Read out of words only; a person decides.");
    const outside = html.replace(/<details class="govuk-details">[^]*?<\/details>/g, "");
    expect(html).toContain("找你家人");
    expect(outside).not.toContain("找你家人");
  });

  test("confirmed with a name, changed to dismissed with a reason, taken back; the history keeps it all", async () => {
    await fiveCalls();
    await page(lin);
    const rule = "cn.gbt.time";
    const confirmed = await review(zhou, 5, rule, { verdict: "confirmed" });
    expect(confirmed.status).toBe(303);
    expect(confirmed.headers.location).toBe(`/cases/${caseId}/findings#f-5-cn-gbt-time`);
    expect(await text(lin, `?rule=${rule}`)).toContain("20 Nov 2026 Change this");
    expect(await text(lin, `?rule=${rule}&reviewed=confirmed`)).toContain("1 finding, newest first");

    const refused = await review(lin, 5, rule, { verdict: "dismissed", reason: "  " });
    expect(refused.status).toBe(422);
    expect(textOf(refused.text)).toContain("Write why this finding is dismissed");
    const long = await review(lin, 5, rule, { verdict: "dismissed", reason: "x".repeat(2001) });
    expect(textOf(long.text)).toContain("Shorten the reason to 2,000 characters or fewer");
    expect((await review(lin, 5, rule, {})).status).toBe(422);

    const back = `/cases/${caseId}/findings?rule=${rule}`;
    const dismissed = await review(lin, 5, rule, { verdict: "dismissed", reason: "I had asked for it 😀", back });
    expect(dismissed.headers.location).toBe(`${back}#f-5-cn-gbt-time`);
    const said = await text(zhou, `?rule=${rule}`);
    expect(said).toContain("“I had asked for it 😀”");
    expect(said).toContain("已排除");

    // Judged again with other facts: the word stays.
    await log(lin, caseId, { ...notify, date: "2026-11-17", time: "23:10" });
    expect(await text(lin, `?rule=${rule}&reviewed=dismissed`)).toContain("1 finding, newest first");

    await lin.post(`/cases/${caseId}/findings/5/${rule}/review/withdrawal`).type("form").send({ back });
    expect(await text(lin, `?rule=${rule}&reviewed=open`)).toContain("2 findings, newest first");
    const spoken = (await actionsOf(app, caseId)).filter((action) => action.startsWith("finding."));
    expect(spoken).toEqual([
      "finding.confirmed incident:5",
      "finding.dismissed incident:5",
      "finding.review-withdrawn incident:5",
    ]);
  });

  test("a contact that several texts speak of is counted once", async () => {
    await fiveCalls();
    const read = await text(lin);
    const shown = Number(/(\d+) appears? to match/.exec(read)?.[1]);
    const { contacts, findings } = await app.services.db
      .selectFrom("findings")
      .select((eb) => [
        eb.fn.count<number>("incident_id").distinct().as("contacts"),
        eb.fn.countAll<number>().as("findings"),
      ])
      .where("case_id", "=", caseId)
      .where("outcome", "=", "matches")
      .executeTakeFirstOrThrow();
    expect(shown).toBe(contacts);
    expect(findings).toBeGreaterThan(shown);
  });

  test("a contact leaves the totals once every finding on it is dismissed", async () => {
    await log(lin, caseId, { ...notify, date: "2026-11-17", time: "22:43" });
    const matching = async () => Number(/(\d+) appears? to match/.exec(await text(lin))?.[1]);
    expect(await matching()).toBe(1);
    const verdict = { verdict: "dismissed", reason: "agreed by phone" };
    await review(lin, 1, "cn.gbt.time", verdict);
    expect(await matching()).toBe(1);
    await review(lin, 1, "cn.cba.time", verdict);
    expect(await matching()).toBe(0);
  });

  test("a reader may look but not review; a stranger sees nothing; what is gone cannot be reviewed", async () => {
    await fiveCalls();
    const carol = await app.as("carol");
    expect((await page(carol)).status).toBe(404);
    expect((await review(carol, 5, "cn.gbt.time", { verdict: "confirmed" })).status).toBe(404);
    const shown = await page(chen);
    expect(shown.status).toBe(200);
    expect(shown.text).not.toContain('value="confirmed"><svg');
    expect((await review(chen, 5, "cn.gbt.time", { verdict: "confirmed" })).status).toBe(403);
    expect((await review(lin, 5, "cn.no-such", { verdict: "confirmed" })).status).toBe(409);
    expect((await review(lin, 99, "cn.gbt.time", { verdict: "confirmed" })).status).toBe(409);
    expect((await lin.get(`/cases/${caseId}/findings/x/cn.gbt.time/review`)).status).toBe(404);
    expect((await actionsOf(app, caseId)).filter((action) => action.startsWith("finding."))).toEqual([]);
  });

  test("an imaginary contact is tried with the facts of the case and leaves nothing behind", async () => {
    const form = { code: "cn-online-consumer-credit", channel: "call", date: "2026-11-17", time: "22:10", contacted: "self", outcome: "connected" }; // prettier-ignore
    const answer = await lin.post(`/cases/${caseId}/findings/try`).type("form").send(form);
    expect(answer.status).toBe(200);
    expect(textOf(answer.text)).toContain("22:10 local time lies between 22:00 and 08:00.");
    expect(await text(lin)).toContain("No contact was logged yet");
  });
});
