/** The page of an imaginary contact: the form with the values kept, and what every rule said. Next: routes.ts. */
import type { CaseContext } from "../conduct/case.ts";
import type { Finding } from "../conduct/finding.ts";
import {
  channels,
  collectorKinds,
  contactedPersons,
  disclosures,
  lenderKinds,
  outcomes,
  places,
  purposes,
  respondentKinds,
} from "../conduct/vocabulary.ts";
import { dayStrip } from "../web/charts/day-strip.ts";
import { minuteOf } from "../web/charts/marks.ts";
import { type FormErrors, type FormValues, formValues, parseForm } from "../web/forms.ts";
import { clauseIn } from "./clause.ts";
import { hoursOfRule, spansOf } from "./forbidden-hours.ts";
import { TryForm } from "./form.ts";
import type { CodeLibrary } from "./library.ts";
import { type Reader, missingText, ruleHref } from "./pages.ts";
import { tryContact } from "./try.ts";

/** Where the page stands: by itself, or inside a case, whose facts and notices then hold. */
export interface TryPlace {
  action: string;
  backHref: string;
  backText: string;
  /** The codes ticked at first. */
  codes: readonly string[];
  inCase: { id: string; number: number; context: CaseContext } | null;
}

/** The empty form, for a GET. */
export function emptyTryPage(library: CodeLibrary, place: TryPlace, reader: Reader) {
  const sources = Object.values(library.get(place.codes[0] ?? "")?.sources ?? {});
  const values: FormValues = {
    code: [...place.codes],
    channel: "call",
    date: reader.today,
    times: "1",
    contacted: "self",
    // What the code is made for, so that a first try does not only say that facts are missing.
    lenderKind: sources.flatMap((source) => source.lenderKinds ?? [])[0] ?? "",
    respondentKind: "debt-collector",
    reachable: "yes",
  };
  return page(library, place, reader, values, {}, null);
}

/** The answer to a POST: the results, or the form with what is wrong. */
export function judgedTryPage(library: CodeLibrary, place: TryPlace, reader: Reader, body: unknown) {
  const form = parseForm(TryForm, body);
  const values = formValues(body);
  if (!form.ok) return { ok: false, page: page(library, place, reader, form.values, form.errors, null) };
  return { ok: true, page: page(library, place, reader, values, {}, form.value) };
}

function page(
  library: CodeLibrary,
  place: TryPlace,
  reader: Reader,
  values: FormValues,
  errors: FormErrors,
  form: TryForm | null,
) {
  const { t, locale } = reader;
  const chosen = (field: string): string[] => [values[field] ?? []].flat();
  const one = (field: string): string => chosen(field)[0] ?? "";
  const options = (field: string, kind: string, all: readonly string[], withNotKnown = true) => [
    ...(withNotKnown ? [{ value: "", text: t("codes.try.notKnown"), selected: one(field) === "" }] : []),
    ...all
      .filter((value) => value !== "unknown")
      .map((value) => ({ value, text: t(`codes.option.${kind}.${value}`), selected: one(field) === value })),
  ];
  const ticks = (field: string, all: readonly { value: string; text: string }[]) =>
    all.map((item) => ({ ...item, checked: chosen(field).includes(item.value) }));
  return {
    title: t("codes.try.title"),
    action: place.action,
    back: { href: place.backHref, text: place.backText },
    inCase: place.inCase === null ? null : { number: place.inCase.number },
    values: Object.fromEntries(["date", "time", "times", "said"].map((field) => [field, one(field)])),
    errors,
    codes: ticks(
      "code",
      library.all().map((code) => ({ value: code.id, text: code.title[locale] })),
    ),
    options: {
      channel: options("channel", "channel", channels, false),
      contacted: options("contacted", "contacted", contactedPersons),
      outcome: options("outcome", "outcome", outcomes),
      purpose: options("purpose", "purpose", purposes),
      place: options("place", "place", places),
      collectorKind: options("collectorKind", "collectorKind", collectorKinds),
      lenderKind: options("lenderKind", "lenderKind", lenderKinds),
      respondentKind: options("respondentKind", "respondentKind", respondentKinds),
      direction: ["incoming", "outgoing"].map((value) => ({
        value,
        text: t(`codes.try.directions.${value}`),
        selected: one("direction") === value,
      })),
      precision: ["exact", "about"].map((value) => ({
        value,
        text: t(`codes.try.precisions.${value}`),
        selected: one("precision") === value,
      })),
      reachable: [
        { value: "", text: t("codes.try.notKnown"), selected: one("reachable") === "" },
        ...["yes", "no"].map((value) => ({
          value,
          text: t(`codes.try.${value}`),
          selected: one("reachable") === value,
        })),
      ],
    },
    acts: ticks(
      "acts",
      library.acts.acts.map((act) => ({ value: act.id, text: act.label[locale] })),
    ),
    told: chosen("told").includes("known"),
    disclosed: ticks(
      "disclosed",
      disclosures.map((value) => ({ value, text: t(`codes.option.disclosed.${value}`) })),
    ),
    results: form === null ? null : resultsOf(library, place, reader, form),
  };
}

function resultsOf(library: CodeLibrary, place: TryPlace, reader: Reader, form: TryForm) {
  const { t, locale, format } = reader;
  const { findings, notApplying } = tryContact(library, form, place.inCase?.context ?? null);
  const title = (codeId: string, ruleId: string) => library.rule(codeId, ruleId)?.title[locale] ?? ruleId;
  const view = (finding: Finding) => {
    const rule = library.rule(finding.code.id, finding.rule);
    const forbidden = rule === undefined ? [] : spansOf(hoursOfRule(rule));
    return {
      id: finding.rule,
      title: title(finding.code.id, finding.rule),
      href: ruleHref(finding.code.id, finding.rule, place.inCase?.id),
      outcome: finding.outcome,
      obligation: finding.obligation,
      strength: finding.strength,
      clause: clauseIn(finding.clause, locale),
      because: finding.because[locale] === "" ? t("codes.try.noMatchWhy") : finding.because[locale],
      missing: finding.missing.length === 0 ? null : missingText(finding.missing, t, format),
      stripSvg:
        forbidden.length === 0 || form.time === undefined
          ? ""
          : dayStrip([{ minute: minuteOf(form.time), about: form.precision === "about" }], { forbidden, size: "row" }),
    };
  };
  const groups = (["matches", "needs-review", "cannot-tell", "no-match"] as const).map((outcome) => ({
    outcome,
    findings: findings.filter((finding) => finding.outcome === outcome).map(view),
  }));
  return {
    groups,
    notApplying: notApplying.map(({ code, rule }) => ({
      title: title(code, rule),
      href: ruleHref(code, rule, place.inCase?.id),
    })),
  };
}
