/**
 * Situations of borrowers, told in a line each, and what the shipped codes say of them: derived from the texts, not from the codes.
 * Where a rule of thumb is tried (an edge, a limit, a notice), the line that trips it stands beside the one just outside.
 */
import { describe, expect, test } from "vitest";
import { findCodes } from "../../src/cli/find-code.ts";
import { CaseContext } from "../../src/conduct/case.ts";
import { compileJudge, judgeCase } from "../../src/conduct/classify.ts";
import { Incident } from "../../src/conduct/incident.ts";
import { aids } from "./shipped-aids.ts";

const judgeOf = (id: string) => compileJudge(findCodes([id]), aids);

type Some = Record<string, unknown>;
/** A line: what it is, what is special about the case, the contacts in order, the rule, and each contact's outcome (`-` for none). */
type Line = [name: string, matter: Some, contacts: Some[], rule: string, outcomes: string];

const short: Record<string, string> = {
  matches: "match",
  "needs-review": "review",
  "cannot-tell": "open",
  "no-match": "-",
};

/** What a rule says of each contact, as the line writes it. */
function said(judge: ReturnType<typeof judgeOf>, matter: Some, contacts: Some[], rule: string): string {
  const incidents = contacts.map((contact, index) => Incident.parse({ ...contact, id: `c${index}` }));
  const findings = judgeCase(judge, CaseContext.parse(matter), incidents, { all: false });
  return incidents
    .map(
      ({ id }) => findings.find((finding) => finding.rule === rule && finding.incident === id)?.outcome ?? "no-match",
    )
    .map((outcome) => short[outcome])
    .join(" ");
}

const contact = {
  channel: "call",
  outcome: "conversation",
  purpose: "interactive",
  contacted: "self",
  fromNumber: "+862161234567",
  calledNumber: "+8613811112222",
  creditor: "Lender",
  collector: "Agency",
  collectorKind: "agency",
  debt: "Loan",
};
const at = (happenedAt: string, more: Some = {}) => ({ ...contact, happenedAt, ...more });
/** So many contacts, an hour apart, from 9:10. */
const hourly = (times: number, day: string, more: Some = {}) =>
  Array.from({ length: times }, (_none, hour) => at(`${day}T${String(9 + hour).padStart(2, "0")}:10`, more));
const daily = (days: number[], more: Some = {}) =>
  days.map((day) => at(`2026-04-${String(day).padStart(2, "0")}T12:30`, { outcome: "unanswered", ...more }));
const notice = (kind: string, more: Some = {}) => ({
  notices: [{ id: "n", kind, form: "written", sentAt: "2026-04-01T09:00", receivedAt: "2026-04-03T09:00", ...more }],
});

describe("in China", () => {
  const judge = judgeOf("cn-online-consumer-credit");
  const matter = { zone: "Asia/Shanghai", lenderKind: "bank", reachable: true };
  const day = "2026-04-10";
  const bot = { purpose: "notification", outcome: "connected", automated: true };
  // prettier-ignore
  const lines: Line[] = [
    ["a second before ten", {}, [at(`${day}T21:59:59`)], "cn.cba.time", "-"],
    ["ten sharp", {}, [at(`${day}T22:00:00`)], "cn.cba.time", "review"],
    ["a second after ten", {}, [at(`${day}T22:00:01`)], "cn.cba.time", "match"],
    ["a second after eight", {}, [at(`${day}T08:00:01`)], "cn.cba.time", "-"],
    ["about twenty to ten", {}, [at(`${day}T21:40`, { precision: "about" })], "cn.cba.time", "review"],
    ["about nine", {}, [at(`${day}T21:00`, { precision: "about" })], "cn.cba.time", "-"],
    ["some day", {}, [at(`${day}T00:00`, { precision: "day" })], "cn.cba.time", "open"],
    ["written down abroad, night in China", {}, [at(`${day}T11:00:00-04:00`)], "cn.cba.time", "match"],
    ["a borrower abroad", { zone: "America/New_York" }, [at(`${day}T23:00:00+08:00`)], "cn.cba.time", "match"],
    ["the borrower's own call", {}, [at(`${day}T23:00`, { direction: "outgoing" })], "cn.cba.time", "-"],
    ["the day before the bank guideline", {}, [at("2026-01-29T23:00")], "cn.cba.time", "-"],
    ["its first day", {}, [at("2026-01-30T23:00")], "cn.cba.time", "match"],
    ["the last night of 2024's guideline", {}, [at("2025-02-27T23:00"), at("2025-02-28T00:30")], "cn.nifa.time", "match -"],
    ["the first of the standard's", {}, [at("2025-02-27T23:00"), at("2025-02-28T00:30")], "cn.gbt.time", "- match"],
    ["a lender without licence", { lenderKind: "unlicensed" }, [at(`${day}T23:00`)], "cn.gbt.time", "-"],
    ["a lender nobody knows", { lenderKind: "unknown" }, [at(`${day}T23:00`)], "cn.gbt.time", "open"],
    ["an hour agreed to", notice("consent-time", { detail: { hours: [{ from: "22:00", to: "23:30" }] } }), [at(`${day}T23:00`)], "cn.gbt.time", "-"],
    ["another hour agreed to", notice("consent-time", { detail: { hours: [{ from: "07:00", to: "08:00" }] } }), [at(`${day}T23:00`)], "cn.gbt.time", "match"],
    ["four robots of three agencies", {}, hourly(4, day, bot).map((one, n) => ({ ...one, collector: `Agency ${n % 3}` })), "cn.gbt.freq.notify", "- - - match"],
    ["four robots of two lenders", {}, hourly(4, day, bot).map((one, n) => ({ ...one, creditor: `Lender ${n % 2}` })), "cn.gbt.freq.notify", "- - - -"],
    ["two before midnight and two after", {}, [...hourly(2, day, bot), ...hourly(2, "2026-04-11", bot)], "cn.gbt.freq.notify", "- - - -"],
    ["four, and nobody noted what for", {}, hourly(4, day, { ...bot, purpose: undefined }), "cn.gbt.freq.notify", "- - - open"],
    ["talks cut short are no talks", {}, hourly(4, day, { outcome: "connected" }), "cn.gbt.freq.interactive", "- - - -"],
    ["five a day were agreed for notices", notice("consent-frequency", { detail: { perDay: 5 } }), hourly(5, day, bot), "cn.gbt.freq.notify", "- - - - -"],
    ["but nothing can be agreed for talks", notice("consent-frequency", { detail: { perDay: 5 } }), hourly(4, day), "cn.gbt.freq.interactive", "- - - match"],
    ["seven unanswered, one number", {}, hourly(7, day, { outcome: "unanswered" }), "cn.cba.freq", "- - - - - - match"],
    ["seven unanswered, two numbers", {}, hourly(7, day, { outcome: "unanswered" }).map((one, n) => ({ ...one, calledNumber: `+86138${n % 2}` })), "cn.cba.freq", "- - - - - - -"],
    ["the guarantor", {}, [at(`${day}T10:00`, { contacted: "guarantor" })], "cn.gbt.contacts", "-"],
    ["the mother, borrower in reach", {}, [at(`${day}T10:00`, { contacted: "family" })], "cn.gbt.contacts", "match"],
    ["the mother, borrower lost", { reachable: false }, [at(`${day}T10:00`, { contacted: "family" })], "cn.gbt.contacts", "-"],
    ["the mother, who knows", { reachable: undefined }, [at(`${day}T10:00`, { contacted: "family" })], "cn.gbt.contacts", "open"],
    ["the mother did not pick up", {}, [at(`${day}T10:00`, { contacted: "family", outcome: "unanswered" })], "cn.gbt.contacts.disclose", "-"],
    ["the mother was told, borrower lost", { reachable: false }, [at(`${day}T10:00`, { contacted: "family", disclosed: ["amount"] })], "cn.gbt.contacts.disclose", "match"],
    ["the colleague said no", notice("third-party-refusal", { detail: { contacted: ["colleague"] } }), [at(`${day}T10:00`, { contacted: "family" }), at(`${day}T11:00`, { contacted: "colleague" })], "cn.cba.third.stop", "- match"],
    ["two came and showed who they are", {}, [at(`${day}T10:00`, { channel: "visit", visitors: 2, disclosed: ["id-shown"] })], "cn.cba.visit2", "-"],
    ["one came and showed who he is", {}, [at(`${day}T10:00`, { channel: "visit", visitors: 1, disclosed: ["id-shown"] })], "cn.cba.visit2", "match"],
    ["two came, papers not noted", {}, [at(`${day}T10:00`, { channel: "visit", visitors: 2 })], "cn.cba.visit2", "open"],
    ["New Year's Eve of the old police law", {}, [at("2025-12-31T10:00", { acts: ["threat-of-violence"] }), at("2026-01-01T10:00", { acts: ["threat-of-violence"] })], "cn.psp.42", "match -"],
    ["and of the new one", {}, [at("2025-12-31T10:00", { acts: ["threat-of-violence"] }), at("2026-01-01T10:00", { acts: ["threat-of-violence"] })], "cn.psp.50.1", "- match"],
    ["a fee asked for in a text", {}, [at(`${day}T10:00`, { channel: "sms", said: "先交三百元手续费，逾期的欠款才能减免" })], "cn.cba.fees", "review"],
    ["the police warn of fraud", {}, [at(`${day}T10:00`, { channel: "sms", said: "警方提醒：谨防冒充客服的诈骗，切勿转账" })], "cn.cba.mislead", "-"],
    ["a reminder that names the credit record", {}, [at(`${day}T10:00`, { channel: "sms", said: "您的借款已逾期两天，请尽快还款，以免影响您的个人征信" })], "cn.cba.mislead", "-"],
    ["a blacklist held over the borrower", {}, [at(`${day}T10:00`, { channel: "sms", said: "今天不还款就把你列入失信黑名单" })], "cn.cba.mislead", "review"],
    ["a plain reminder", {}, [at(`${day}T10:00`, { channel: "sms", said: "您本期账单八百元，请于二十日前还款" })], "cn.cba.coerce", "-"],
  ];
  test.each(lines)("%s", (_name, more, contacts, rule, outcomes) => {
    expect(said(judge, { ...matter, ...more }, contacts, rule)).toBe(outcomes);
  });
});

describe("in the United States", () => {
  const judge = judgeOf("us-fdcpa-regulation-f");
  const matter = { zone: "America/Chicago", respondentKind: "debt-collector" };
  const noon = "2026-04-10T12:30";
  // prettier-ignore
  const lines: Line[] = [
    ["a second before eight, and eight", {}, [at("2026-04-10T07:59:59"), at("2026-04-10T08:00:00")], "us.time", "match -"],
    ["nine, and a second after", {}, [at("2026-04-10T21:00:00"), at("2026-04-10T21:00:01")], "us.time", "- match"],
    ["half past seven where the borrower is", {}, [at("2026-04-10T08:30:00-04:00")], "us.time", "match"],
    ["an hour that the clocks skipped", {}, [at("2026-03-08T02:30")], "us.time", "match"],
    ["the morning after the clocks went back", {}, [at("2026-11-01T08:30:00-05:00"), at("2026-11-01T08:30:00-06:00")], "us.time", "match -"],
    ["the first lender itself", { respondentKind: "original-creditor" }, [at("2026-04-10T06:00")], "us.time", "-"],
    ["nobody knows who collects", { respondentKind: "unknown" }, [at("2026-04-10T06:00")], "us.time", "open"],
    ["lunch was named inconvenient", notice("inconvenient-time", { detail: { hours: [{ from: "12:00", to: "13:00" }] } }), [at("2026-04-02T12:30"), at(noon), at("2026-04-10T13:30")], "us.time", "- match -"],
    ["eight in seven days", {}, [...daily([6, 7, 8, 9, 10, 11, 12]), at("2026-04-12T20:00", { outcome: "voicemail-left" })], "us.freq.7in7", "- - - - - - - match"],
    ["eight in eight days", {}, daily([6, 7, 8, 9, 10, 11, 12, 13]), "us.freq.7in7", "- - - - - - - -"],
    ["eight about two debts", {}, hourly(8, "2026-04-10", { outcome: "unanswered" }).map((one, n) => ({ ...one, debt: `Debt ${n % 2}` })), "us.freq.7in7", "- - - - - - - -"],
    ["eight texts", {}, hourly(8, "2026-04-10", { channel: "sms", outcome: "delivered" }), "us.freq.7in7", "- - - - - - - -"],
    ["the seventh day after a talk, the eighth", {}, [at("2026-04-01T20:00"), at("2026-04-07T20:00", { outcome: "unanswered" }), at("2026-04-08T08:30", { outcome: "unanswered" })], "us.freq.cooldown", "- match -"],
    ["a talk that the borrower began", {}, [at("2026-04-01T12:00", { direction: "outgoing" }), at("2026-04-03T12:00", { outcome: "unknown" })], "us.freq.cooldown", "- match"],
    ["a call that never connected", {}, [at("2026-04-01T12:00"), at("2026-04-03T12:00", { outcome: "not-connected" })], "us.freq.cooldown", "- -"],
    ["before a letter came, and after", notice("cease-contact"), [at("2026-04-03T08:59:59"), at("2026-04-03T09:00:01")], "us.cease", "- match"],
    ["told to stop by word of mouth", notice("cease-contact", { form: "oral" }), [at(noon)], "us.cease", "-"],
    ["told to stop by e-mail", notice("cease-contact", { form: "electronic" }), [at(noon)], "us.cease", "review"],
    ["nobody knows when the letter came", notice("cease-contact", { receivedAt: undefined }), [at("2026-03-31T12:00"), at(noon)], "us.cease", "- open"],
    ["the request was taken back", notice("cease-contact", { detail: { withdrawnAt: "2026-04-05T09:00" } }), [at("2026-04-04T12:00"), at(noon)], "us.cease", "match -"],
    ["the dispute was answered", notice("dispute", { detail: { answeredAt: "2026-04-05T09:00" } }), [at("2026-04-04T12:00"), at(noon)], "us.dispute", "match -"],
    ["texts were refused", notice("medium-refused", { detail: { channels: ["sms"] } }), [at(noon), at(noon, { channel: "sms", outcome: "delivered" })], "us.medium", "- match"],
    ["calls were refused, a voicemail came", notice("medium-refused", { detail: { channels: ["call"] } }), [at(noon, { channel: "voicemail", outcome: "voicemail-left" })], "us.medium", "match"],
    ["at work, employer forbids", { employerForbids: true }, [at(noon, { place: "work" }), at(noon, { place: "home" }), at(noon)], "us.work", "match - open"],
    ["at work, nobody asked the employer", {}, [at(noon, { place: "work" }), at(noon)], "us.work", "open -"],
    ["a colleague asked twice for an address", {}, [at(noon, { contacted: "colleague", disclosed: ["identity"] }), at("2026-04-11T12:30", { contacted: "colleague", disclosed: ["identity"] })], "us.location", "- match"],
    ["a colleague who did not pick up", {}, [at(noon, { contacted: "colleague", outcome: "unanswered" })], "us.location", "-"],
    ["the spouse", {}, [at(noon, { contacted: "spouse", disclosed: ["debt-to-third-party"] })], "us.third", "-"],
    ["the debt on a wall that all can read", {}, [at(noon, { acts: ["published-personal-data"] })], "us.social", "match"],
    ["foul words", {}, [at(noon, { said: "Pay your bill, you worthless piece of shit." })], "us.harass", "review"],
    ["fees never agreed to", {}, [at(noon, { account: "They charged me $90 in collection fees I never agreed to." })], "us.unfair", "review"],
    ["a plain voicemail", {}, [at(noon, { said: "Please call us back to set up a payment plan." })], "us.harass", "-"],
  ];
  test.each(lines)("%s", (_name, more, contacts, rule, outcomes) => {
    expect(said(judge, { ...matter, ...more }, contacts, rule)).toBe(outcomes);
  });
});
