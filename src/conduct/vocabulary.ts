/**
 * The closed lists of words that the whole product shares: in files, in the database, in URLs.
 * Nothing here knows about rules. Public: these values are part of the contract and are never renamed, only added to.
 * Next: incident.ts (one contact), case.ts (its surroundings), code.ts (the rules).
 */
import { z } from "zod";

export const channels = ["call", "voicemail", "sms", "chat", "email", "letter", "visit", "post", "other"] as const;
export const directions = ["incoming", "outgoing"] as const;
/** How well the moment is known. `about` reaches {@link ABOUT_REACH_SECONDS} to either side; `day` and `month` have no time of day. */
export const precisions = ["exact", "about", "day", "month"] as const;
/** `connected` = answered, but no real talk; `conversation` = answered and talked. */
export const outcomes = [
  "conversation",
  "connected",
  "unanswered",
  "voicemail-left",
  "blocked",
  "not-connected",
  "delivered",
  "unknown",
] as const;
export const purposes = ["notification", "interactive", "unknown"] as const;
export const contactedPersons = [
  "self",
  "spouse",
  "guarantor",
  "emergency-contact",
  "family",
  "friend",
  "colleague",
  "employer",
  "stranger",
  "public",
] as const;
export const places = ["home", "work", "other", "unknown"] as const;
export const collectorKinds = ["lender", "agency", "lawyer", "debt-buyer", "unknown"] as const;
export const lenderKinds = [
  "bank",
  "consumer-finance",
  "micro-loan",
  "auto-finance",
  "card",
  "unlicensed",
  "original-creditor",
  "unknown",
] as const;
export const respondentKinds = ["debt-collector", "original-creditor", "unknown"] as const;
/** What the caller told the person contacted. */
export const disclosures = [
  "identity",
  "institution",
  "purpose",
  "amount",
  "opt-out",
  "debt-collector",
  "information-will-be-used",
  "debt-to-third-party",
  "validation",
  "visit-notice",
  "id-shown",
] as const;
export const noticeKinds = [
  "cease-contact",
  "refuse-to-pay",
  "inconvenient-time",
  "inconvenient-place",
  "medium-refused",
  "represented",
  "dispute",
  "third-party-refusal",
  "hardship-request",
  "consent-time",
  "consent-frequency",
] as const;
export const noticeForms = ["written", "oral", "electronic"] as const;
/** The vocabulary of improper conduct. Labels and wording: data/acts.yaml. */
export const acts = [
  "threat-of-violence",
  "violence",
  "threat-of-arrest",
  "threat-of-lawsuit",
  "threat-of-seizure",
  "threat-to-credit",
  "threat-to-tell-others",
  "threat-of-deportation",
  "insult",
  "obscenity",
  "intimidation",
  "stalking",
  "flooding",
  "impersonating-authority",
  "impersonating-lawyer",
  "impersonating-lender",
  "false-name",
  "anonymous-contact",
  "fake-document",
  "misstated-debt",
  "misstated-consequence",
  "claims-crime",
  "discourages-legal-response",
  "time-barred-suit",
  "extra-fee",
  "induced-borrowing",
  "payment-to-private-account",
  "told-third-party",
  "published-personal-data",
  "used-address-book",
  "traded-personal-data",
  "posted-notice",
  "visible-debt-mark",
  "work-email",
  "private-phone-or-account",
  "entered-home",
  "entered-workplace",
  "would-not-leave",
  "took-property",
  "no-verification",
  "other-improper",
] as const;
/** How binding the text is. */
export const strengths = ["criminal", "law", "regulation", "standard", "self-regulatory", "presumption"] as const;
export const obligations = ["must-not", "must", "should-not", "should"] as const;
/**
 * What a rule is about, so that rules of different texts that say the same of one contact can be shown together. A rule that forbids
 * many things at once has the topic of most of them.
 */
export const topics = [
  "quiet-hours",
  "call-frequency",
  "third-parties",
  "disclosure",
  "stop-requests",
  "threats-and-abuse",
  "impersonation",
  "false-statements",
  "identification",
  "money",
  "publicity",
  "home-and-work",
  "personal-data",
  "means-of-contact",
  "disputes",
  "records",
] as const;
export const severities = ["critical", "high", "medium", "low"] as const;
/**
 * How far a text was checked: `read` the official text was read; `reported` a press or professional report quoting it was read;
 * `weakly-reported` only partial or garbled reports; `unverified` from memory or a weak source (such a rule is never switched on).
 */
export const checks = ["read", "reported", "weakly-reported", "unverified"] as const;
const languages = ["en", "zh-CN"] as const;

/** Seconds to either side of a time given as "about" within which an edge sends the judgement to a person. */
export const ABOUT_REACH_SECONDS = 30 * 60;

export type Channel = (typeof channels)[number];
export type Direction = (typeof directions)[number];
export type Outcome = (typeof outcomes)[number];
export type Precision = (typeof precisions)[number];
export type Act = (typeof acts)[number];
export type Language = (typeof languages)[number];

/** A text in both languages. */
export const Bilingual = z.strictObject({ en: z.string().min(1), "zh-CN": z.string().min(1) });
export type Bilingual = z.infer<typeof Bilingual>;
