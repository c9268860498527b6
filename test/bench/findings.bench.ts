/**
 * The stored judgement of a case with 10,000 contacts: the first one, one contact more, and a dossier's reading of it, each beside the core
 * judging the same contacts in memory. Prints the longest turn of the event loop, in processor time of this thread, for a busy machine
 * says nothing with a clock. Aim: no turn over 100 ms.
 */
import { BEGINNING_OF_TIME, END_OF_TIME, getCase, touch } from "../../src/cases/store.ts";
import { judgeCase } from "../../src/conduct/classify.ts";
import { collect } from "../../src/dossiers/collect.ts";
import { incidentsBetween, readAround } from "../../src/findings/facts.ts";
import { currentFindings } from "../../src/findings/judge-case.ts";
import { turnsOf } from "../support/turns.ts";
import { INCIDENTS, NOW, START, largeCase } from "./large-case.ts";

const LONGEST_MS = 100;
const { services, caseId, contact, close } = await largeCase();
const { db, codes } = services;

const first = await turnsOf<unknown>(() => currentFindings(services, caseId));
const matter = (await getCase(db, caseId))!;
const around = await readAround(db, matter);
const all = await incidentsBetween(db, caseId, { from: BEGINNING_OF_TIME, to: END_OF_TIME }, around);
const inMemory = await turnsOf<unknown>(async () => {
  judgeCase(
    codes.judgeFor(matter.codes),
    around.context,
    all.map(({ incident }) => incident),
  );
});
const log = (n: number, at: number) =>
  turnsOf<unknown>(async () => {
    await db.insertInto("incidents").values(contact(n, at)).execute();
    await db.transaction().execute((tx) => touch(tx, caseId, at, at));
    await currentFindings(services, caseId);
  });
const last = await log(INCIDENTS, NOW);
const middle = await log(INCIDENTS + 1, START + 180 * 86_400_000);
const read = await turnsOf<unknown>(() => collect(services, caseId));
const line = (name: string, { ms, longest }: typeof first) =>
  process.stdout.write(
    `${name}: ${ms.toFixed(0)} ms of processor time, ${(ms / inMemory.ms).toFixed(2)} of judging all ${INCIDENTS} in memory; longest turn ${longest.toFixed(0)} ms\n`,
  );
line("first judgement, read, judged and stored", first);
line("one contact more, the newest", last);
line("one contact more, half a year ago", middle);
line("a dossier's reading of the case", read);
await close();
if ([first, last, middle, read].some(({ longest }) => longest > LONGEST_MS)) process.exitCode = 1;
