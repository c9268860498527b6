/** Stored findings against a judgement of everything, on both databases: after any edits, from two processes at once, after a fault. */
import { fork } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { correctCase } from "../../src/cases/change-case.ts";
import { addCollector, correctCollector } from "../../src/cases/collectors.ts";
import { addDebt } from "../../src/cases/debts.ts";
import { BEGINNING_OF_TIME, END_OF_TIME, getCase, listCollectors, touch } from "../../src/cases/store.ts";
import type { CodeLibrary } from "../../src/codes/library.ts";
import { judgeCase } from "../../src/conduct/classify.ts";
import { incidentsBetween, readAround } from "../../src/findings/facts.ts";
import { recentChanges } from "../../src/findings/change-store.ts";
import { currentFindings } from "../../src/findings/judge-case.ts";
import { reviewFinding } from "../../src/findings/review.ts";
import { getFinding } from "../../src/findings/store.ts";
import { answerFact, correctIncident, removeIncident, restoreIncident } from "../../src/incidents/correct-incident.ts";
import type { IncidentFacts } from "../../src/incidents/incident.ts";
import { logIncident } from "../../src/incidents/log-incident.ts";
import { getIncident } from "../../src/incidents/store.ts";
import type { NoticeFacts } from "../../src/notices/notice.ts";
import { recordNotice, removeNotice } from "../../src/notices/record-notice.ts";
import { openCase } from "../incidents/people.ts";
import { plantContacts } from "../incidents/plant-contacts.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

/** A notification call that got through to the borrower and named the institution. */
const plainCall: IncidentFacts = {
  channel: "call",
  direction: "incoming",
  happenedAt: 0,
  precision: "exact",
  contacted: "self",
  outcome: "connected",
  durationSeconds: null,
  purpose: "notification",
  automated: null,
  place: null,
  fromNumber: null,
  calledNumber: null,
  collectorId: null,
  debtId: null,
  acts: [],
  said: null,
  account: null,
  disclosed: ["institution"],
  visitors: null,
};
const shanghai = (local: string) => Date.parse(`${local}+08:00`);

describe.each(databases)("judging a case on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let caseId: string;
  let by: { personId: string; at: number };
  beforeAll(async () => {
    app = await withApp(database);
    lin = await app.as("lin");
    by = { personId: await app.personId("lin"), at: app.clock.now() };
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    caseId = await openCase(lin, { respondentKind: "debt-collector" });
  });

  const db = () => app.services.db;
  const log = async (facts: Partial<IncidentFacts>) =>
    (
      await logIncident(
        db(),
        caseId,
        { facts: { ...plainCall, ...facts }, newCollector: null, held: [], draft: null },
        [],
        by,
      )
    ).incident;

  /** What is stored, as text, one line a finding. */
  const stored = async () =>
    (await db().selectFrom("findings").select("finding_json").where("case_id", "=", caseId).execute())
      .map((row) => row.finding_json)
      .sort();
  /** What judging everything afresh gives. */
  const afresh = async (codes: CodeLibrary = app.services.codes) => {
    const matter = (await getCase(db(), caseId))!;
    const around = await readAround(db(), matter);
    const all = await incidentsBetween(db(), caseId, { from: BEGINNING_OF_TIME, to: END_OF_TIME }, around);
    return judgeCase(
      codes.judgeFor(matter.codes),
      around.context,
      all.map(({ incident }) => incident),
    )
      .map((finding) => JSON.stringify(finding))
      .sort();
  };

  /** The numbers kept of a case, and the same counted. */
  const counted = async () => {
    const kept = await db()
      .selectFrom("finding_counts")
      .select(["rule", "outcome", "n"])
      .where("case_id", "=", caseId)
      .orderBy("rule")
      .orderBy("outcome")
      .execute();
    const found = await db()
      .selectFrom("findings")
      .select((eb) => ["rule", "outcome", eb.fn.countAll<number>().as("n")])
      .where("case_id", "=", caseId)
      .groupBy(["rule", "outcome"])
      .orderBy("rule")
      .orderBy("outcome")
      .execute();
    return { kept, found };
  };

  test("says what appeared and what is gone", async () => {
    for (const hour of ["09", "11", "13"]) await log({ happenedAt: shanghai(`2026-11-17T${hour}:00`) });
    expect(await currentFindings(app.services, caseId)).toEqual({ appeared: [], changed: [], gone: [] });
    const fourth = await log({ happenedAt: shanghai("2026-11-17T15:00") });
    const rule = { incidentId: fourth.id, rule: "cn.gbt.freq.notify" };
    expect((await currentFindings(app.services, caseId)).appeared).toContainEqual({ ...rule, outcome: "matches" });
    expect(await currentFindings(app.services, caseId)).toEqual({ appeared: [], changed: [], gone: [] });
    await answerFact(db(), caseId, fourth.number, { outcome: null }, by);
    const changed = await currentFindings(app.services, caseId);
    expect(changed.changed).toContainEqual({ ...rule, outcome: "cannot-tell", was: "matches" });
    expect([...changed.appeared, ...changed.gone]).not.toContainEqual(expect.objectContaining(rule));
    await removeIncident(db(), caseId, fourth, by);
    expect((await currentFindings(app.services, caseId)).gone).toContainEqual({ ...rule, outcome: "cannot-tell" });
    expect(await stored()).toEqual([]);
  });

  test("keeps what a judgement changed, what caused it, and what a person had spoken of", async () => {
    for (const hour of ["09", "11", "13", "15"]) await log({ happenedAt: shanghai(`2026-11-17T${hour}:00`) });
    await currentFindings(app.services, caseId);
    const rule = "cn.gbt.freq.notify";
    const [first] = await recentChanges(db(), caseId, 5);
    expect(first).toMatchObject({ at: app.clock.now(), counts: { changed: 0, gone: 0 }, changed: [], gone: [] });
    expect(first!.causes.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      "incident.logged incident:4",
      "incident.logged incident:3",
      "incident.logged incident:2",
      "incident.logged incident:1",
      "case.opened case",
    ]);
    expect(first!.appeared).toContainEqual(
      expect.objectContaining({
        number: 4,
        rule,
        before: null,
        after: expect.objectContaining({ outcome: "matches" }),
      }),
    );
    expect(await reviewFinding(db(), caseId, 4, rule, { verdict: "confirmed", reason: "yes" }, by)).toBe(true);
    expect((await getFinding(db(), caseId, 4, rule))!.review).toMatchObject({ verdict: "confirmed", saidOf: null });

    // Another call of that morning: the fourth becomes the fifth, and the contact of 13:00 the fourth.
    const second = (await getIncident(db(), caseId, 2))!;
    await log({ happenedAt: shanghai("2026-11-17T10:00") });
    await currentFindings(app.services, caseId);
    const [newest] = await recentChanges(db(), caseId, 5);
    expect(newest!.causes.map(({ subject }) => subject)).toEqual(["incident:5"]);
    const change = newest!.changed.find((one) => one.rule === rule && one.number === 4)!;
    expect([change.before!.because.en, change.after!.because.en]).toEqual([
      expect.stringContaining("the 4th"),
      expect.stringContaining("the 5th"),
    ]);
    const kept = (await getFinding(db(), caseId, 4, rule))!;
    expect(kept.review!.saidOf!.because.en).toContain("the 4th");
    // Said once more of what stands there now, in the same words.
    expect(await reviewFinding(db(), caseId, 4, rule, { verdict: "confirmed", reason: "yes" }, by)).toBe(true);
    expect((await getFinding(db(), caseId, 4, rule))!.review!.saidOf).toBeNull();

    await removeIncident(db(), caseId, second, by);
    await currentFindings(app.services, caseId);
    const [last, ...earlier] = await recentChanges(db(), caseId, 5);
    expect(earlier).toHaveLength(2);
    expect(last!.causes.map(({ action }) => action)).toEqual(["incident.removed"]);
    expect(last!.gone.map((one) => [one.number, one.rule, one.after])).toContainEqual([3, rule, null]);
  });

  test("keeps no more than fifty judgements, and 200 findings of each", async () => {
    const nights = Array.from({ length: 230 }, (_, n) => ({
      happenedAt: shanghai("2026-10-01T23:00") + (n * 86_400_000) / 10,
      contacted: "self",
      outcome: "connected",
    }));
    await plantContacts(db(), caseId, nights);
    await currentFindings(app.services, caseId);
    const [whole] = await recentChanges(db(), caseId, 50);
    expect(whole!.appeared).toHaveLength(200);
    expect(whole!.counts.appeared).toBe((await stored()).length);
    // Since then there were 48 more, each with one finding that changed.
    const of = await db().selectFrom("judgements").selectAll().where("case_id", "=", caseId).executeTakeFirstOrThrow();
    const one = await db()
      .selectFrom("judgement_changes")
      .selectAll()
      .where("case_id", "=", caseId)
      .where("nth", "=", 0)
      .executeTakeFirstOrThrow();
    const later = Array.from({ length: 48 }, (_, n) => of.seq + 1 + n);
    const few = { appeared: 0, changed: 1, gone: 0 };
    await db()
      .insertInto("judgements")
      .values(later.map((seq) => ({ ...of, seq, ...few })))
      .execute();
    await db()
      .insertInto("judgement_changes")
      .values(later.map((seq) => ({ ...one, seq })))
      .execute();
    const kept = async () => {
      const { n } = await db()
        .selectFrom("judgement_changes")
        .select((eb) => eb.fn.countAll<number>().as("n"))
        .where("case_id", "=", caseId)
        .executeTakeFirstOrThrow();
      const all = await recentChanges(db(), caseId, 100);
      expect(n).toBe(
        all.reduce((sum, { appeared, changed, gone }) => sum + appeared.length + changed.length + gone.length, 0),
      );
      return all.map(({ counts }) => counts.appeared);
    };
    const first = (await getIncident(db(), caseId, 1))!;
    await removeIncident(db(), caseId, first, by);
    await currentFindings(app.services, caseId);
    // The fiftieth still leaves the first in its place; the next one takes it away, with its findings.
    expect([(await kept()).length, (await kept()).at(-1)]).toEqual([50, whole!.counts.appeared]);
    await restoreIncident(db(), caseId, first, by);
    await currentFindings(app.services, caseId);
    expect([(await kept()).length, (await kept()).at(-1)]).toEqual([50, 0]);
  });

  test(
    "whatever is edited, the stored findings are those of judging everything afresh",
    { timeout: 240_000 },
    async () => {
      const facts = fc.record(
        {
          channel: fc.constantFrom("call", "call", "sms", "visit", "voicemail"),
          direction: fc.constantFrom("incoming", "incoming", "incoming", "outgoing"),
          precision: fc.constantFrom("exact", "exact", "exact", "about", "day", "month"),
          outcome: fc.constantFrom("conversation", "connected", "unanswered", "unknown", null),
          purpose: fc.constantFrom("notification", "interactive", null),
          contacted: fc.constantFrom("self", "self", "colleague", "family", null),
          said: fc.constantFrom(null, "再不还钱就上门找你家人", "Pay or you will be arrested tomorrow"),
          disclosed: fc.constantFrom(null, [], ["amount"], ["institution", "identity"]),
          calledNumber: fc.constantFrom(null, "+8613900000000"),
        },
        { requiredKeys: [] },
      ) as fc.Arbitrary<Partial<IncidentFacts>>;
      // Two years, so that even the longest window ends somewhere; often the same few days, so that counts are reached.
      const moment = fc.oneof(
        {
          weight: 3,
          arbitrary: fc.integer({ min: 0, max: 6 * 24 * 4 }).map((n) => shanghai("2026-11-10T00:00") + n * 900_000),
        },
        {
          weight: 1,
          arbitrary: fc.integer({ min: 0, max: 700 }).map((n) => shanghai("2025-01-05T12:30") + n * 86_400_000),
        },
      );
      const edit = fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({ do: fc.constant("log" as const), facts, at: moment, collector: fc.nat(2) }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ do: fc.constant("correct" as const), which: fc.nat(), facts, at: moment }),
        },
        { weight: 2, arbitrary: fc.record({ do: fc.constant("remove" as const), which: fc.nat() }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant("restore" as const), which: fc.nat() }) },
        {
          weight: 1,
          arbitrary: fc.record({
            do: fc.constant("notice" as const),
            kind: fc.constantFrom("cease-contact", "consent-time", "third-party-refusal"),
            at: moment,
          }),
        },
        { weight: 1, arbitrary: fc.record({ do: fc.constant("removeNotice" as const), which: fc.nat() }) },
        {
          weight: 1,
          arbitrary: fc.record({
            do: fc.constant("reachable" as const),
            reachable: fc.constantFrom(true, false, null),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({
            do: fc.constant("debt" as const),
            creditor: fc.constantFrom("Example Consumer Finance", "Other Finance"),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({ do: fc.constant("collector" as const), kind: fc.constantFrom("agency", "lender") }),
        },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 8 }),
          async (rounds) => {
            caseId = await openCase(lin, {
              respondentKind: "debt-collector",
              ...(rounds.length % 2 === 0 ? { country: "US", zone: "America/Chicago", lenderKind: "card" } : {}),
            });
            const collectors = await db()
              .transaction()
              .execute(async (tx) => [
                await addCollector(tx, caseId, { name: "A", kind: "agency", note: null, handles: [] }, by),
                await addCollector(tx, caseId, { name: "B", kind: "unknown", note: null, handles: [] }, by),
                null,
              ]);
            let logged = 0;
            let notices = 0;
            for (const [index, round] of rounds.entries()) {
              /** When the contacts of this round happened; something else was changed too: null. */
              let moments: number[] | null = index === 0 ? null : [];
              for (const one of round) {
                if (!["log", "correct", "remove", "restore"].includes(one.do)) moments = null;
                if ("at" in one) moments?.push(one.at);
                if (one.do === "log") {
                  await log({ ...one.facts, happenedAt: one.at, collectorId: collectors[one.collector] ?? null });
                  logged += 1;
                } else if (one.do === "notice") {
                  const notice: NoticeFacts = { kind: one.kind, sentAt: one.at, receivedAt: one.at, form: "written", detail: one.kind === "consent-time" ? { hours: [{ from: "20:00", to: "23:30" }] } : {}, words: null }; // prettier-ignore
                  await db()
                    .transaction()
                    .execute((tx) => recordNotice(tx, caseId, notice, { files: [], held: [] }, by));
                  notices += 1;
                } else if (one.do === "removeNotice" && notices > 0) {
                  await db()
                    .transaction()
                    .execute((tx) => removeNotice(tx, caseId, (one.which % notices) + 1, true, by));
                } else if (one.do === "reachable") {
                  const { version } = (await getCase(db(), caseId))!;
                  await db()
                    .transaction()
                    .execute((tx) => correctCase(tx, caseId, version, { reachable: one.reachable }, by));
                } else if (one.do === "debt") {
                  const debt = { creditor: one.creditor, product: null, reference: null, dueOn: null, amountMinor: null, currency: null, note: null }; // prettier-ignore
                  await db()
                    .transaction()
                    .execute((tx) => addDebt(tx, caseId, debt, by));
                } else if (one.do === "collector") {
                  const [first] = await listCollectors(db(), caseId);
                  const { id, version, createdAt: _c, removedAt: _r, ...told } = first!;
                  await db()
                    .transaction()
                    .execute((tx) => correctCollector(tx, caseId, id, version, { ...told, kind: one.kind }, by));
                } else if ("which" in one && logged > 0) {
                  const incident = (await getIncident(db(), caseId, (one.which % logged) + 1))!;
                  moments?.push(incident.happenedAt);
                  if (one.do === "remove") await removeIncident(db(), caseId, incident, by);
                  else if (one.do === "restore") await restoreIncident(db(), caseId, incident, by);
                  else if (one.do === "correct" && incident.removedAt === null) {
                    const form = {
                      facts: { ...incident, ...one.facts, happenedAt: one.at },
                      newCollector: null,
                      held: [],
                      version: incident.version,
                      reason: null,
                    };
                    await correctIncident(db(), caseId, incident, form, [], by);
                  }
                }
              }
              if (moments !== null && moments.length > 0) {
                // Whoever marks stale may say up to when contacts changed; what they reach is found by judging.
                await db()
                  .updateTable("cases")
                  .set({ stale_to: Math.max(...moments) })
                  .where("id", "=", caseId)
                  .where("stale_to", "is not", null)
                  .execute();
              }
              await currentFindings(app.services, caseId);
              expect(await stored()).toEqual(await afresh());
              const { kept, found } = await counted();
              expect(kept).toEqual(found);
            }
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  test("two processes that judge at once leave one right judgement", async () => {
    const { dataDir, databaseUrl } = app.services.config;
    const other = fork(new URL("judge-process.ts", import.meta.url), [dataDir, databaseUrl, caseId]);
    try {
      await once(other, "message");
      for (let n = 0; n < 24; n++) {
        await log({ happenedAt: shanghai("2026-11-17T08:30") + n * 1_200_000 });
        await currentFindings(app.services, caseId);
      }
      const finished = once(other, "message");
      other.send("stop");
      const [rounds] = (await finished) as [number];
      expect(rounds).toBeGreaterThan(0);
    } finally {
      other.kill();
    }
    expect(await stored()).toEqual(await afresh());
    expect((await stored()).length).toBeGreaterThan(20);
  });

  test("a fault while judging stores nothing and leaves the case stale", async () => {
    await log({ happenedAt: shanghai("2026-11-17T23:00") });
    await currentFindings(app.services, caseId);
    const before = await stored();
    await log({ happenedAt: shanghai("2026-11-18T23:00") });
    const breaking: CodeLibrary = {
      ...app.services.codes,
      judgesByReach: () => {
        throw new Error("the disk is gone");
      },
      judgeFor: () => {
        throw new Error("the disk is gone");
      },
    };
    await expect(currentFindings({ ...app.services, codes: breaking }, caseId)).rejects.toThrow("the disk is gone");
    expect(await stored()).toEqual(before);
    expect((await getCase(db(), caseId))!.staleFrom).not.toBeNull();
    await currentFindings(app.services, caseId);
    expect(await stored()).toEqual(await afresh());
    expect((await stored()).length).toBeGreaterThan(before.length);
  });

  describe("of many contacts, in parts", () => {
    // More than are judged at once, but most of them say nothing that a rule asks for.
    const many = 1200;
    beforeEach(async () => {
      const contacts = Array.from({ length: many }, (_, n) => ({
        happenedAt: shanghai("2026-01-05T00:00") + n * 4_000_000,
        channel: n % 5 === 0 ? "sms" : "call",
        direction: n % 3 === 0 ? "incoming" : "outgoing",
        outcome: ["conversation", "connected", "unanswered", "unknown"][n % 4]!,
        contacted: n % 9 === 0 ? "family" : "self",
      }));
      await plantContacts(db(), caseId, contacts);
    });
    /** Does something at every turn that a long judgement leaves to others. */
    const meanwhile = async <T>(work: Promise<T>, turn: (n: number) => void): Promise<T> => {
      const state = { working: true };
      const turns = (async () => {
        for (let n = 0; state.working; n++) {
          turn(n);
          await new Promise((resume) => setImmediate(resume));
        }
      })();
      try {
        return await work;
      } finally {
        state.working = false;
        await turns;
      }
    };

    test("gives the same findings, once for all who ask, and leaves turns to others", async () => {
      let turns = 0;
      const both = Promise.all([currentFindings(app.services, caseId), currentFindings(app.services, caseId)]);
      const [one, other] = await meanwhile(both, () => (turns += 1));
      expect(await stored()).toEqual(await afresh());
      const { kept, found } = await counted();
      expect(kept).toEqual(found);
      expect(one.appeared.length + other.appeared.length).toBe((await stored()).length);
      expect(await recentChanges(db(), caseId, 5)).toHaveLength(1);
      // 1,200 contacts in parts of 250, read and judged, and findings written 500 at a time.
      expect(turns).toBeGreaterThan(9);
      const { judged_incidents } = await db()
        .selectFrom("cases")
        .select("judged_incidents")
        .where("id", "=", caseId)
        .executeTakeFirstOrThrow();
      expect(judged_incidents).toBe(many);
    });

    test("begins again when a contact is logged meanwhile", async () => {
      const logging: Promise<unknown>[] = [];
      await meanwhile(currentFindings(app.services, caseId), (n) => {
        if (n === 3 || n === 14) logging.push(log({ happenedAt: shanghai("2026-01-05T23:30") + n * 1000 }));
      });
      await Promise.all(logging);
      expect(logging).toHaveLength(2);
      await currentFindings(app.services, caseId);
      expect(await stored()).toEqual(await afresh());
      const { kept, found } = await counted();
      expect(kept).toEqual(found);
    });

    test("broken off half-way, or taken over by another process, is never taken for whole", async () => {
      // Two of these do not know of each other, as two processes do not.
      const stranger = { ...app.services, db: db().withoutPlugins() };
      await Promise.all([currentFindings(app.services, caseId), currentFindings(stranger, caseId)]);
      expect(await stored()).toEqual(await afresh());
      expect((await counted()).kept).toEqual((await counted()).found);

      const changed: CodeLibrary = { ...app.services.codes, fingerprint: () => "another text" };
      const clock = { now: () => (seen < 1 ? ((seen += 1), app.clock.now()) : broken()) };
      let seen = 0;
      const broken = (): never => {
        throw new Error("the power is gone");
      };
      await db()
        .transaction()
        .execute((tx) => touch(tx, caseId, shanghai("2026-01-20T00:00")));
      await db().deleteFrom("incidents").where("case_id", "=", caseId).where("number", "<", 200).execute();
      await db().updateTable("cases").set({ judged_with: "an earlier text" }).where("id", "=", caseId).execute();
      await expect(currentFindings({ ...app.services, codes: changed, clock }, caseId)).rejects.toThrow(
        "the power is gone",
      );
      expect((await counted()).kept).toEqual((await counted()).found);
      await currentFindings(app.services, caseId);
      expect(await stored()).toEqual(await afresh());
      expect((await counted()).kept).toEqual((await counted()).found);
    });
  });

  test("another version of a code judges everything again", async () => {
    await log({ happenedAt: shanghai("2026-11-17T23:00") });
    await currentFindings(app.services, caseId);
    const changed: CodeLibrary = { ...app.services.codes, fingerprint: () => "another text" };
    const from = await db().selectFrom("cases").select("judged_with").where("id", "=", caseId).executeTakeFirst();
    await currentFindings({ ...app.services, codes: changed }, caseId);
    const to = await db().selectFrom("cases").select("judged_with").where("id", "=", caseId).executeTakeFirst();
    expect(to).not.toEqual(from);
    expect(await stored()).toEqual(await afresh());
  });

  test("a case without codes is not judged; its lender's only debt is the default", async () => {
    const incident = await log({ happenedAt: shanghai("2026-11-17T23:00") });
    await db()
      .transaction()
      .execute(async (tx) => {
        const { version } = (await getCase(tx, caseId))!;
        await correctCase(tx, caseId, version, { codes: [] }, by);
      });
    await currentFindings(app.services, caseId);
    expect(await stored()).toEqual([]);
    const around = await readAround(db(), (await getCase(db(), caseId))!);
    const [judged] = await incidentsBetween(db(), caseId, { from: 0, to: END_OF_TIME }, around);
    expect(judged?.incident).toMatchObject({ id: incident.id, creditor: "example consumer finance", debt: caseId });
    expect(judged?.incident).not.toHaveProperty("collector");
  });
});
