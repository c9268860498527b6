/**
 * The borrower's own side on paper: talks with the lender, the plan and the account, what it did. The words are those of the pages, in
 * each language of the paper. Next: paper.ts.
 */
import type { Debt } from "../cases/case.ts";
import { impactBook } from "../impact/impact-book.ts";
import type { Book, BookWords } from "../ledger/entry.ts";
import { requestBook } from "../negotiation/request-book.ts";
import { accountsOf, standingOf } from "../repayment/account.ts";
import { figureBook } from "../repayment/figure-book.ts";
import { accountViews, planView } from "../repayment/pages.ts";
import { paymentBook } from "../repayment/payment-book.ts";
import type { Block, Cell, Fact, Section } from "./blocks.ts";
import type { DossierEntry } from "./borrower.ts";
import type { Dossier } from "./dossier.ts";
import type { Text, Voice } from "./voice.ts";

/** The sections that the version holds something for. */
export function borrowerSections(dossier: Dossier, voice: Voice): Section[] {
  const { borrower } = dossier;
  if (borrower === undefined) return [];
  const tell = <Facts extends object>(book: Book<Facts>, entries: readonly DossierEntry<Facts>[]): Block[] =>
    entries.flatMap((entry) => entryBlocks(dossier, voice, book, entry));
  const section = (title: string, intro: string, blocks: Block[]): Section => ({
    title: voice.say(title),
    follows: true,
    blocks: [{ k: "p", t: voice.say(intro) }, ...blocks],
  });
  return [
    ...(borrower.requests === undefined
      ? []
      : [section("ledger.request.title", "dossiers.paper.borrower.requests", tell(requestBook, borrower.requests))]),
    ...(borrower.payments === undefined || borrower.figures === undefined
      ? []
      : [
          section("repayment.title", "dossiers.paper.borrower.repayment", [
            ...planBlocks(dossier, voice),
            ...accountBlocks(dossier, voice),
            ...tell(paymentBook, borrower.payments),
            ...tell(figureBook, borrower.figures),
          ]),
        ]),
    ...(borrower.impacts.length === 0
      ? []
      : [
          section(
            "dossiers.paper.borrower.impactTitle",
            "dossiers.paper.borrower.impact",
            tell(impactBook, borrower.impacts),
          ),
        ]),
  ];
}

/** The debts as the ledger's words ask for them. */
const debtsOf = (dossier: Dossier): Debt[] =>
  dossier.debts.map((debt) => ({ ...debt, version: 1, createdAt: 0, removedAt: null }));

/** The same list made in each language: texts side by side, row for row. */
function together<T>(
  dossier: Dossier,
  voice: Voice,
  make: (words: BookWords) => T[],
): ((pick: (row: T) => string) => Text)[] {
  const debts = debtsOf(dossier);
  const lists = new Map<string, T[]>();
  const probe = voice.languages[0]!;
  voice.each((language, t, format) => {
    lists.set(language, make({ t, format, debts }));
    return "";
  });
  return (lists.get(probe) ?? []).map(
    (_row, at) => (pick) => voice.each((language) => pick(lists.get(language)![at]!)),
  );
}

function entryBlocks<Facts extends object>(
  dossier: Dossier,
  voice: Voice,
  book: Book<Facts>,
  entry: DossierEntry<Facts>,
): Block[] {
  const { number, facts, exhibits } = entry;
  const plain = book.rows(
    facts,
    { t: (key) => key, format: formatOf(voice), debts: debtsOf(dossier) },
    dossier.case.id,
  );
  const rows = together(dossier, voice, (words) => book.rows(facts, words, dossier.case.id)).flatMap(
    (row, at): Fact[] => {
      const said = plain[at]!;
      if (said.screenOnly === true) return [];
      return [[row(({ label }) => label), said.words === true ? voice.own(said.value) : row(({ value }) => value)]];
    },
  );
  const proof: Fact[] =
    exhibits.length === 0
      ? []
      : [[voice.say("ledger.show.proof"), voice.each((_l, _t, format) => format.list(exhibits))]];
  return [
    { k: "h", level: 3, t: voice.say(`ledger.${book.kind}.name`, { number }) },
    { k: "facts", rows: [...rows, ...proof] },
  ];
}

/** The format of the paper's first language. */
function formatOf(voice: Voice): BookWords["format"] {
  let found: BookWords["format"] | undefined;
  voice.each((_language, _t, format) => {
    found ??= format;
    return "";
  });
  return found!;
}

function planBlocks(dossier: Dossier, voice: Voice): Block[] {
  const { plan, payments = [], today } = dossier.borrower!;
  if (plan === null || plan === undefined) return [{ k: "p", t: voice.say("repayment.plan.none") }];
  const standing = standingOf(plan, payments.map(asEntry), today);
  const [view] = together(dossier, voice, (words) => [
    planView(words, dossier.case.id, plan, { madeBy: dossier.case.borrower, standing }),
  ]);
  const sums = together(
    dossier,
    voice,
    (words) => planView(words, dossier.case.id, plan, { madeBy: "", standing }).sum,
  );
  const instalments = together(
    dossier,
    voice,
    (words) => planView(words, dossier.case.id, plan, { madeBy: "", standing }).schedule,
  );
  const say = (key: string) => voice.say(`repayment.schedule.${key}`);
  return [
    { k: "h", level: 2, t: voice.say("repayment.plan.name", { number: plan.number }) },
    { k: "facts", rows: sums.map((row): Fact => [row(({ label }) => label), row(({ amount }) => amount)]) },
    { k: "p", t: view!(({ offer }) => offer) },
    ...(plan.facts.offerMinor > 0 ? [] : [{ k: "p" as const, t: voice.say("repayment.plan.nothing") }]),
    ...(plan.facts.note === null ? [] : [{ k: "quote" as const, t: voice.own(plan.facts.note) }]),
    ...(plan.schedule.length === 0
      ? []
      : [
          { k: "p" as const, t: view!(({ scheduleText }) => scheduleText ?? "") },
          { k: "p" as const, t: view!(({ standing: text }) => text ?? "") },
          {
            k: "table" as const,
            caption: say("title"),
            widths: ["auto", "1fr", "1fr", "1fr", "1fr"],
            head: [say("n"), say("due"), say("amount"), say("left"), say("state")],
            rows: instalments.map((row, at): Cell[] => [
              String(at + 1),
              row(({ due }) => due),
              row(({ amount }) => amount),
              row(({ left }) => left),
              row(({ state }) => state),
            ]),
          },
        ]),
  ];
}

/** Every figure held against the payments, with its arithmetic. */
function accountBlocks(dossier: Dossier, voice: Voice): Block[] {
  const { figures = [], payments = [] } = dossier.borrower!;
  const debts = debtsOf(dossier);
  const accounts = accountsOf(debts, figures.map(asEntry), payments.map(asEntry));
  const views = together(dossier, voice, (words) => accountViews(words, dossier.case.id, accounts, debts));
  return accounts.flatMap((account, at): Block[] => {
    const rows = (
      pick: (view: ReturnType<typeof accountViews>[number]) => { label: string; amount: string }[],
    ): Fact[] =>
      together(dossier, voice, (words) => pick(accountViews(words, dossier.case.id, accounts, debts)[at]!)).map(
        (row): Fact => [row(({ label }) => label), row(({ amount }) => amount)],
      );
    return [
      { k: "h", level: 3, t: views[at]!(({ title }) => title) },
      ...account.steps.flatMap((_step, n): Block[] => [
        { k: "facts", rows: rows((view) => view.steps[n]!.lines) },
        { k: "p", t: views[at]!(({ steps }) => steps[n]!.says) },
      ]),
      { k: "facts", rows: rows((view) => view.since.lines) },
    ];
  });
}

/** The ledger's arithmetic asks for entries; it looks at number and facts alone. */
const asEntry = <Facts>({ number, facts }: DossierEntry<Facts>) => ({
  id: "",
  number,
  onDay: "",
  facts,
  version: 1,
  createdBy: "",
  createdAt: 0,
  removedAt: null,
});
