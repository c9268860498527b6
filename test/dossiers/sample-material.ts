/** A believable case as plain data, of any size, always the same for the same size. No database. */
import { createCodeLibrary } from "../../src/codes/library.ts";
import type { Channel, Outcome, Precision } from "../../src/conduct/vocabulary.ts";
import { exhibitPath } from "../../src/dossiers/bag.ts";
import {
  type CaseMaterial,
  choose,
  DEFAULT_OPTIONS,
  type Dossier,
  type DossierExhibit,
  type DossierFinding,
  type DossierIncident,
  type DossierOptions,
} from "../../src/dossiers/dossier.ts";
import { sha256 } from "./sample-bag.ts";

const library = await createCodeLibrary();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 2 September 2026, midnight in Shanghai. */
const START = Date.parse("2026-09-02T00:00:00+08:00");

const SAID = [
  "再不还钱，明天就去你单位找你领导。",
  "您好，您的账单已逾期12天，应还4,826.50元，请尽快处理。",
  "我们是法务部的，今天下午五点前不处理就上门😀。",
  "This is the final notice. Call us back today or we will tell your employer.",
];

/** Whole numbers that look random and are not. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

export function sampleMaterial(count = 40): CaseMaterial {
  const roll = dice(7);
  const code = library.get("cn-online-consumer-credit")!;
  // Spread over 81 days, from a quarter to seven in the morning to a quarter past eleven at night, in order of time.
  const moments = Array.from({ length: count }, () => START + roll(81) * DAY + 6.75 * HOUR + roll(990) * 60_000).sort(
    (a, b) => a - b,
  );
  const incidents: DossierIncident[] = Array.from({ length: count }, (_, i) => {
    const at = moments[i]!;
    const channel = (["call", "call", "call", "sms", "chat", "voicemail", "visit"] as Channel[])[roll(7)]!;
    const precision = (["exact", "exact", "exact", "exact", "exact", "exact", "about", "day"] as Precision[])[roll(8)]!;
    const answers: Outcome[] = channel === "call" ? ["conversation", "connected", "unanswered"] : ["delivered"];
    const outcome = answers[roll(answers.length)]!;
    const other = roll(9) === 0;
    return {
      id: `i${i + 1}`,
      number: i + 1,
      channel,
      direction: "incoming",
      happenedAt: new Date(at).toISOString(),
      at,
      precision,
      outcome: roll(12) === 0 ? undefined : outcome,
      ...(outcome === "conversation" ? { durationSeconds: 20 + roll(300) } : {}),
      contacted: other ? (["family", "colleague", "friend"] as const)[roll(3)]! : "self",
      ...(other ? { disclosed: ["identity", "debt-to-third-party"] as ("identity" | "debt-to-third-party")[] } : {}),
      fromNumber: `+8610${String(50_000_000 + roll(23) * 1234)}`,
      ...(roll(4) === 0 ? { said: SAID[roll(4)]! } : {}),
      ...(roll(11) === 0 ? { account: "对方语气很凶，说不处理就把这件事告诉我的同事。我回答说正在协商分期。" } : {}),
      ...(roll(7) === 0 ? { acts: ["threat-to-tell-others" as const] } : {}),
      loggedAt: at + 9 * 60_000 + roll(50) * 60_000,
      loggedBy: "林小雨",
      exhibits: [],
    };
  });
  const exhibits: DossierExhibit[] = Array.from({ length: Math.min(14, Math.ceil(count / 3)) }, (_, i) => {
    const letter = "ABC"[i % 3]!;
    const number = `${letter}-${Math.floor(i / 3) + 1}`;
    const incident = incidents[(i * 3) % count]!;
    incident.exhibits.push(number);
    const originalName = ["通话录音 2026-09-17 22.43.m4a", "微信截图_20261112.png", "移动详单9月.csv"][i % 3]!;
    return {
      id: `e${i}`,
      number,
      sha256: sha256(`exhibit ${i}`),
      size: 10_000 + i * 777,
      mediaType: ["audio/mp4", "image/png", "text/csv"][i % 3]!,
      originalName,
      description: [null, "短信截图", "运营商导出的通话详单"][i % 3]!,
      addedBy: "林小雨",
      addedAt: incident.loggedAt + 60_000,
      incidents: [incident.number],
      notices: [],
      path: exhibitPath(number, originalName),
    };
  });
  return {
    case: {
      id: "0193c0de-0000-7000-8000-000000000007",
      number: 7,
      borrower: "林小雨",
      lender: "示例消费金融有限公司",
      lenderKind: "consumer-finance",
      respondentKind: "unknown",
      platform: "示例分期",
      zone: "Asia/Shanghai",
      pastDueOn: "2026-08-20",
      reachable: true,
      debtLawful: null,
      employerForbids: null,
      codes: ["cn-online-consumer-credit"],
      demo: false,
    },
    debts: [
      {
        id: "d1",
        creditor: "示例消费金融有限公司",
        product: "示例分期",
        reference: "HT-20250311-0042",
        dueOn: "2026-08-20",
        amountMinor: 482_650,
        currency: "CNY",
        note: null,
      },
    ],
    collectors: [{ id: "c1", name: "示例资产服务有限公司", kind: "agency", handles: ["+861050000000"] }],
    incidents,
    findings: sampleFindings(incidents, code.version),
    complaints: [],
    notices: [
      {
        id: "n1",
        number: 1,
        kind: "hardship-request",
        sentAt: START + 37 * DAY,
        receivedAt: START + 37 * DAY,
        form: "electronic",
        words: "申请分12期偿还，每月450元。",
        detail: {},
        exhibits: [],
      },
      {
        id: "n2",
        number: 2,
        kind: "third-party-refusal",
        sentAt: START + 42 * DAY,
        receivedAt: START + 45 * DAY,
        form: "written",
        words: null,
        detail: { note: "挂号信，已签收" },
        exhibits: ["C-1"],
      },
    ],
    exhibits,
    codes: [{ code, yaml: library.text(code.id) }],
    acts: Object.fromEntries(library.acts.acts.map((act) => [act.id, act.label])),
    history: { seq: 5, hash: sha256("history") },
  };
}

function sampleFindings(incidents: DossierIncident[], version: string): DossierFinding[] {
  const base = { code: { id: "cn-online-consumer-credit", version }, severity: "medium", review: null } as const;
  return incidents.flatMap((incident, i): DossierFinding[] => {
    const found: DossierFinding[] = [];
    const day = new Date(incident.at + 8 * HOUR).toISOString().slice(0, 10);
    const hour = new Date(incident.at + 8 * HOUR).getUTCHours();
    const time =
      incident.precision === "day"
        ? "cannot-tell"
        : hour >= 22 || hour < 8
          ? incident.precision === "about"
            ? "needs-review"
            : "matches"
          : null;
    if (time !== null)
      found.push({
        ...base,
        rule: "cn.gbt.time",
        outcome: time,
        basis: "record",
        incident: incident.id,
        counted: [],
        at: day,
        missing: time === "cannot-tell" ? ["time-of-day"] : [],
        quotes: [],
        because: {
          en: `The contact at ${hour}:… local time lies between 22:00 and 08:00.`,
          "zh-CN": `当地时间${hour}点多的联系在22:00至次日8:00之间。`,
        },
        source: "gbt-45251-2025",
        clause: "5.3",
        strength: "standard",
        obligation: "should-not",
        review:
          i % 3 === 0
            ? {
                verdict: "confirmed",
                reason: i % 6 === 0 ? "与通话详单一致" : null,
                by: "周宁",
                at: incident.loggedAt + DAY,
              }
            : i % 11 === 0
              ? { verdict: "dismissed", reason: "时间记错", by: "周宁", at: incident.loggedAt + DAY }
              : null,
      });
    if (incident.contacted !== "self")
      found.push({
        ...base,
        rule: "cn.gbt.contacts",
        outcome: "matches",
        basis: "reported",
        incident: incident.id,
        counted: incidents.slice(Math.max(0, i - 3), i + 1).map(({ id }) => id),
        at: day,
        missing: [],
        quotes:
          incident.said === undefined
            ? []
            : [{ incident: incident.id, field: "said", start: 0, end: 6, text: incident.said.slice(0, 6) }],
        because: {
          en: "Somebody other than the borrower was contacted although the borrower could be reached.",
          "zh-CN": "在能够联系到借款人的情况下联系了其他人。",
        },
        source: "gbt-45251-2025",
        clause: "5.3",
        strength: "standard",
        obligation: "should-not",
      });
    if (incident.outcome === undefined)
      found.push({
        ...base,
        rule: "cn.gbt.freq.interactive",
        outcome: "cannot-tell",
        basis: "record",
        incident: incident.id,
        counted: [],
        at: day,
        missing: ["outcome"],
        quotes: [],
        because: { en: "We do not know whether the call was answered.", "zh-CN": "不知道电话是否接通。" },
        source: "gbt-45251-2025",
        clause: "5.3",
        strength: "standard",
        obligation: "should-not",
      });
    return found;
  });
}

export function sampleDossier(count = 40, options: Partial<DossierOptions> = {}): Dossier {
  const chosen = { ...DEFAULT_OPTIONS, ...options };
  return {
    ...choose(sampleMaterial(count), chosen),
    version: 3,
    madeAt: Date.parse("2026-11-23T19:40:00+08:00"),
    madeBy: "周宁",
    options: chosen,
    recipient: null,
    keyFingerprint: sha256("key"),
  };
}
