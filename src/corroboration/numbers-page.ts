/** The graph of numbers as a table and as a picture, with the evidence of every link and of every group. */
import type { Case, Collector, Debt } from "../cases/case.ts";
import { listCollectors, listDebts } from "../cases/store.ts";
import { factsFromName } from "../evidence/file-name.ts";
import { numberKeys } from "../imports/numbers.ts";
import { localDays } from "../incidents/sources/backings.ts";
import { type Notice, isWholeDay } from "../notices/notice.ts";
import { recordedNotices } from "../notices/store.ts";
import type { Db } from "../platform/database.ts";
import { type LinkLine, type Links, type LinkedBox, linksPicture } from "../web/charts/links.ts";
import { type SentNotice, sentNotices } from "./graph-notices.ts";
import { type Group, type NumberUse, type Shared, callbacksIn, groupsOf } from "./graph.ts";
import { contactsAfterNotices, numberUses, recordedNumbers, recordingNames, saidByNumbers } from "./graph-store.ts";
import type { Words } from "./pages.ts";

const LISTED = 50;
/** Reasons told of one group. */
const REASONS = 8;
/** Numbers in the picture: what a phone shows without becoming a wall. */
const DRAWN = 14;
/** Notices in the picture, the newest. */
const DRAWN_NOTICES = 8;
const TEXTS = 20_000;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

interface NumberRow {
  number: string;
  count: number;
  firstAt: number;
  lastAt: number;
  /** Contacts by collector id; "" = nobody named. */
  collectors: Map<string, number>;
  contacted: Map<string, number>;
  debts: Map<string, number>;
  /** Is it written among a collector's numbers? */
  listedBy: string[];
  records: Map<string, number>;
  group: number | null;
}

export async function numbersPage(db: Db, matter: Case, query: Record<string, unknown>, now: number, words: Words) {
  const { t, format } = words;
  const [collectors, debts] = [await listCollectors(db, matter.id), await listDebts(db, matter.id)];
  const { rows, groups, between } = await readNumbers(db, matter, collectors, now);
  const sent = sentNotices(
    await recordedNotices(db, matter.id),
    await contactsAfterNotices(db, matter.id),
    { lender: matter.lender, collectors },
    numberKeys(matter.country),
  );
  const nameOf = new Map(collectors.map(({ id, name }) => [id, name]));
  const asked = typeof query.page === "string" && /^[1-9]\d{0,5}$/.test(query.page) ? Number(query.page) : 1;
  const base = `/cases/${matter.id}/numbers`;
  const shown = rows.slice((asked - 1) * LISTED, asked * LISTED);
  const count = (n: number) => t("corroboration.numbers.contacts", { count: n, n: format.number(n) });
  const reasonView = ({ reason, shared, numbers, incidents }: Shared) => ({
    text: t(`corroboration.numbers.reason.${reason}`, {
      shared: reason === "collector" ? (nameOf.get(shared) ?? t("corroboration.numbers.removed")) : cut(shared),
      n: format.number(numbers.length),
    }),
    incidents: incidents.map((number) => ({
      text: t("incidents.show.incident", { number }),
      href: `/cases/${matter.id}/incidents/${number}`,
    })),
  });
  const letter = (group: number | null) => (group === null ? null : letterOf(group));
  const picture = pictureOf(rows.slice(0, DRAWN), groups, { matter, collectors, debts, sent }, words);
  return {
    title: t("corroboration.numbers.title"),
    caseId: matter.id,
    total: t("corroboration.numbers.total", { count: rows.length, n: format.number(rows.length) }),
    wideSvg: rows.length === 0 ? "" : linksPicture(picture, 900, "dw-plot--wide"),
    phoneSvg:
      rows.length === 0
        ? ""
        : linksPicture({ ...picture, columns: picture.columns.slice(1, 3) }, 350, "dw-plot--phone") +
          linksPicture({ ...picture, columns: picture.columns.slice(2) }, 350, "dw-plot--phone"),
    drawn: rows.length > DRAWN ? t("corroboration.numbers.drawn", { n: DRAWN, all: format.number(rows.length) }) : null,
    rows: shown.map((row) => ({
      number: row.number,
      href: `/cases/${matter.id}/incidents?number=${encodeURIComponent(row.number)}`,
      count: count(row.count),
      dates:
        row.count === 0
          ? ""
          : t("corroboration.span.dates", { from: format.date(row.firstAt), to: format.date(row.lastAt) }),
      whose: [
        ...[...new Set([...row.collectors.keys(), ...row.listedBy])]
          .filter((id) => id !== "")
          .map((id) => {
            const how = [
              ...(row.collectors.has(id)
                ? [t("corroboration.numbers.namedIn", { contacts: count(row.collectors.get(id) ?? 0) })]
                : []),
              ...(row.listedBy.includes(id) ? [t("corroboration.numbers.listed")] : []),
            ];
            return t("corroboration.numbers.used", {
              name: nameOf.get(id) ?? t("corroboration.numbers.removed"),
              how: format.list(how),
            });
          }),
        ...(row.collectors.has("")
          ? [t("corroboration.numbers.nobody", { contacts: count(row.collectors.get("") ?? 0) })]
          : []),
      ],
      reached: [...row.contacted].map(([who, n]) => `${t(`incidents.contacted.${who}`)}: ${format.number(n)}`),
      about: [...row.debts].map(([id, n]) => `${debtName(debts, id)}: ${format.number(n)}`),
      records: [...row.records].map(([kind, n]) => `${t(`imports.source.kind.${kind}`)}: ${format.number(n)}`),
      group: letter(row.group),
    })),
    groups: groups.map((group, i) => ({
      letter: letterOf(i),
      numbers: [...group.numbers.slice(0, 30), ...(group.numbers.length > 30 ? ["…"] : [])],
      reasons: group.reasons.slice(0, REASONS).map(reasonView),
    })),
    between: between
      .slice(0, REASONS)
      .map((one) => ({ ...reasonView(one), numbers: format.list(one.numbers.slice(0, 12)) })),
    notices: sent.map(({ notice, after }) => ({
      name: t("notices.show.title", { number: notice.number }),
      href: `/cases/${matter.id}/notices/${notice.number}`,
      kind: t(`notices.kind.${notice.kind}.name`),
      day: dayOf(notice, words),
      to: notice.detail.to ?? null,
      toHref: `/cases/${matter.id}/notices/${notice.number}/correction`,
      after: after.slice(0, REASONS).map(({ collectorId, count: n, numbers }) =>
        t("corroboration.numbers.after", {
          name:
            collectorId === null
              ? t("corroboration.numbers.noName")
              : (nameOf.get(collectorId) ?? t("corroboration.numbers.removed")),
          contacts: count(n),
          numbers: t("corroboration.numbers.total", { count: numbers, n: format.number(numbers) }),
        }),
      ),
    })),
    newerHref: asked > 1 ? `${base}?page=${asked - 1}` : null,
    olderHref: rows.length > asked * LISTED ? `${base}?page=${asked + 1}` : null,
  };
}

async function readNumbers(db: Db, matter: Case, collectors: readonly Collector[], now: number) {
  const keys = numberKeys(matter.country);
  const today = localDays(matter.zone)(now);
  const uses = (await numberUses(db, matter.id)).map((use): NumberUse => ({ ...use, number: keys(use.number) }));
  const texts = await saidByNumbers(db, matter.id, TEXTS);
  const recordings = await recordingNames(db, matter.id);
  const traces = [
    ...texts.map(({ number, incident, said }) => ({
      number: keys(number),
      incident,
      said,
      recordedAs: null,
      callbacks: callbacksIn(said).map(keys),
    })),
    ...recordings.map(({ number, incident, name }) => ({
      number: keys(number),
      incident,
      said: null,
      recordedAs: factsFromName(name, today).who ?? null,
      callbacks: [],
    })),
  ];
  const { groups, between } = groupsOf(uses, traces);
  const byNumber = new Map<string, NumberRow>();
  const rowOf = (number: string) =>
    byNumber.getOrInsertComputed(number, () => ({
      number,
      count: 0,
      firstAt: Number.POSITIVE_INFINITY,
      lastAt: Number.NEGATIVE_INFINITY,
      collectors: new Map(),
      contacted: new Map(),
      debts: new Map(),
      listedBy: [],
      records: new Map(),
      group: null,
    }));
  const grow = (map: Map<string, number>, key: string, n: number) => map.set(key, (map.get(key) ?? 0) + n);
  for (const use of uses) {
    const row = rowOf(use.number);
    row.count += use.count;
    row.firstAt = Math.min(row.firstAt, use.firstAt);
    row.lastAt = Math.max(row.lastAt, use.lastAt);
    grow(row.collectors, use.collectorId ?? "", use.count);
    if (use.contacted !== null) grow(row.contacted, use.contacted, use.count);
    if (use.debtId !== null) grow(row.debts, use.debtId, use.count);
  }
  for (const { id, handles } of collectors) for (const { value } of handles) rowOf(keys(value)).listedBy.push(id);
  for (const { number, kind, count } of await recordedNumbers(db, matter.id))
    grow(rowOf(keys(number)).records, kind, count);
  for (const [i, group] of groups.entries()) for (const number of group.numbers) rowOf(number).group = i;
  const rows = [...byNumber.values()].sort((a, b) => b.count - a.count || (a.number < b.number ? -1 : 1));
  return { rows, groups, between };
}

/** People reached, numbers, collectors, debts and the lender, from left to right. */
function pictureOf(
  rows: readonly NumberRow[],
  groups: readonly Group[],
  {
    matter,
    collectors,
    debts,
    sent,
  }: { matter: Case; collectors: readonly Collector[]; debts: readonly Debt[]; sent: readonly SentNotice[] },
  words: Words,
): Links {
  const { t, format } = words;
  const contacts = (n: number) => t("corroboration.numbers.contacts", { count: n, n: format.number(n) });
  const ordered = [...rows].sort(
    (a, b) => (a.group ?? groups.length) - (b.group ?? groups.length) || b.count - a.count,
  );
  const lines = new Map<string, LinkLine>();
  const line = (from: string, to: string, count: number, guessed = false) => {
    const one = lines.getOrInsertComputed(`${from} ${to}`, () => ({ from, to, count: 0, guessed }));
    one.count += count;
  };
  const people = new Map<string, number>();
  const used = new Map<string, number>();
  const aims = new Map<string, number>();
  const lender = matter.lender === "" ? null : matter.lender;
  for (const row of ordered) {
    const id = `n ${row.number}`;
    for (const [who, n] of row.contacted) {
      people.set(who, (people.get(who) ?? 0) + n);
      line(`p ${who}`, id, n);
    }
    for (const [collector, n] of row.collectors) {
      if (collector === "") continue;
      used.set(collector, (used.get(collector) ?? 0) + n);
      line(id, `c ${collector}`, n);
    }
    for (const collector of row.listedBy) {
      used.set(collector, used.get(collector) ?? 0);
      if (!row.collectors.has(collector)) line(id, `c ${collector}`, 1);
    }
    const known = [...row.collectors.keys(), ...row.listedBy].filter((collector) => collector !== "");
    if (known.length > 0 || row.group === null) continue;
    // Nobody said whose it is; its group has one collector.
    const [only, ...others] = groups[row.group]?.collectorIds ?? [];
    if (only !== undefined && others.length === 0) {
      used.set(only, used.get(only) ?? 0);
      line(id, `c ${only}`, Math.max(1, row.count), true);
    }
  }
  for (const row of ordered) {
    for (const [collector, n] of row.collectors) {
      if (collector === "") continue;
      const named = [...row.debts];
      for (const [debt, of] of named) {
        aims.set(debt, (aims.get(debt) ?? 0) + Math.min(n, of));
        line(`c ${collector}`, `d ${debt}`, Math.min(n, of));
      }
      if (named.length === 0 && lender !== null) line(`c ${collector}`, "l", n);
    }
  }
  const noticeBoxes: LinkedBox[] = [];
  const others = new Set<string>();
  for (const { notice, collectorIds, other } of sent.slice(-DRAWN_NOTICES)) {
    const id = `t ${notice.number}`;
    const nobody = collectorIds.length === 0 && other === null;
    noticeBoxes.push({
      id,
      label: `${notice.number} · ${t(`notices.kind.${notice.kind}.name`)}`,
      sub: nobody ? t("corroboration.numbers.toNobody") : dayOf(notice, words),
      shape: "dotted",
    });
    for (const collector of collectorIds) {
      used.set(collector, used.get(collector) ?? 0);
      line(`c ${collector}`, id, 1);
    }
    if (other !== null) {
      others.add(other);
      line(`o ${other}`, id, 1);
    }
  }
  // A lender whose debts are all named stands in the names of these.
  const aimed = [...lines.values()].some(({ to }) => to === "l");
  const lenderBox: LinkedBox[] =
    lender === null || !aimed ? [] : [{ id: "l", label: lender, sub: t("corroboration.numbers.lender") }];
  return {
    label: t("corroboration.numbers.picture"),
    lines: [...lines.values()],
    columns: [
      {
        title: t("corroboration.numbers.people"),
        shape: "dotted",
        boxes: [...people].map(([who, n]) => ({
          id: `p ${who}`,
          label: t(`incidents.contacted.${who}`),
          sub: contacts(n),
        })),
      },
      {
        title: t("corroboration.numbers.numbers"),
        shape: "round",
        boxes: ordered.map((row) => ({
          id: `n ${row.number}`,
          label: row.number,
          sub: contacts(row.count),
          group: row.group === null ? undefined : letterOf(row.group),
        })),
      },
      {
        title: t("corroboration.numbers.collectors"),
        shape: "square",
        boxes: collectors
          .filter(({ id }) => used.has(id))
          .map(({ id, name }): LinkedBox => ({ id: `c ${id}`, label: name, sub: contacts(used.get(id) ?? 0) }))
          .concat([...others].map((name) => ({ id: `o ${name}`, label: name, sub: contacts(0) }))),
      },
      {
        title: t(noticeBoxes.length > 0 ? "corroboration.numbers.debtsAndNotices" : "corroboration.numbers.debts"),
        shape: "double",
        boxes: [
          ...lenderBox,
          ...[...aims].map(([id, n]) => ({ id: `d ${id}`, label: debtName(debts, id), sub: contacts(n) })),
          ...noticeBoxes,
        ],
      },
    ],
  };
}

/** When a notice was received or, where nobody noted that, sent. */
function dayOf({ receivedAt, sentAt }: Notice, { t, format }: Words): string {
  const at = receivedAt ?? sentAt;
  if (at === null) return t("notices.notKnown");
  return isWholeDay(at, format.zone) ? format.day(at) : format.date(at);
}

/** A to Z, then A2, B2 … */
const letterOf = (i: number): string =>
  `${LETTERS[i % LETTERS.length] ?? ""}${i < LETTERS.length ? "" : Math.floor(i / LETTERS.length) + 1}`;

function debtName(debts: readonly Debt[], id: string): string {
  const debt = debts.find((one) => one.id === id);
  return debt === undefined
    ? "?"
    : [debt.creditor, debt.product ?? debt.reference].filter((part) => part !== null).join(" · ");
}

const cut = (text: string): string => ([...text].length > 60 ? `${[...text].slice(0, 60).join("")}…` : text);
