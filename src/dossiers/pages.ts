/** What the templates under views/dossiers print. */
import { channelKinds } from "../complaints/channel.ts";
import { installedChannels } from "../complaints/load-channels.ts";
import type { Format } from "../web/format.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Locale, Translate } from "../web/locale.ts";
import { isForeignTo, recipientOf } from "./recipient.ts";
import type { Progress, Version } from "./store.ts";

export interface Words {
  t: Translate;
  format: Format;
  locale: Locale;
}

interface FileLink {
  href: string;
  /** "PDF, 1.6 MB" */
  text: string;
  /** Which one, for those who hear it out of place. */
  of: string;
  sha256: string;
}

export interface VersionRow {
  version: number;
  href: string;
  state: Version["state"];
  /** When and by whom. */
  made: string;
  /** What was chosen, in a line. */
  chosen: string;
  /** Says that it is redacted, and how; null = it is not. */
  redacted: string | null;
  /** For which office, and whether it reads this language; null = for anybody. */
  office: string | null;
  /** Where it is, or what went wrong; empty when ready. */
  says: string;
  files: FileLink[];
}

export interface DossiersPage {
  title: string;
  caseId: string;
  mayExport: boolean;
  versions: VersionRow[];
  /** Exhibits without a redacted copy. */
  uncovered: { exhibit: string; href: string }[];
  offices: { value: string; text: string }[];
  values: FormValues;
  errors: FormErrors;
}

export interface VersionPage {
  title: string;
  caseId: string;
  row: VersionRow;
  /** While it is made: 0 to 100 where that can be told. */
  percent: number | null;
  /** While it is made: seconds until a browser without scripts asks again. */
  refresh?: number;
  fingerprint: string;
  commands: string[];
}

export function versionRow(found: Version, { t, format, locale }: Words): VersionRow {
  const { caseId, version, options } = found;
  const href = `/cases/${caseId}/dossiers/${version}`;
  const comma = t("dossiers.paper.comma");
  const period =
    options.from === null && options.to === null
      ? t("dossiers.versions.wholePeriod")
      : t("dossiers.versions.period", {
          from: options.from === null ? "…" : format.date(options.from),
          to: options.to === null ? "…" : format.date(options.to),
        });
  const file = (kind: "pdf" | "zip"): FileLink[] => {
    const made = found[kind];
    if (found.state !== "ready" || made === null) return [];
    return [
      {
        href: `${href}/${kind}`,
        text: t(`dossiers.versions.${kind}`, { size: format.bytes(made.size) }),
        of: t(`dossiers.versions.${kind}Of`, { version }),
        sha256: made.sha256,
      },
    ];
  };
  return {
    version,
    href,
    state: found.state,
    made: t("dossiers.versions.made", {
      at: format.instant(found.finishedAt ?? found.createdAt),
      by: found.createdByName ?? found.createdBy,
    }),
    chosen: [
      t(`dossiers.form.languages.${options.languages}`),
      period,
      options.outcomes.map((outcome) => t(`common.outcome.${outcome}`)).join(comma),
      t(`dossiers.reviews.${options.reviews}`),
      ...(options.borrower ?? []).map((part) => t(`dossiers.form.${part}`)),
    ].join(" · "),
    redacted: options.redacted === undefined ? null : t(`dossiers.versions.redacted.${options.redacted.uncovered}`),
    office: officeText(found, { t, format, locale }),
    says: saysOf(found, { t, format, locale }),
    files: [...file("pdf"), ...file("zip")],
  };
}

function officeText({ options }: Version, { t, locale }: Words): string | null {
  const recipient = recipientOf(options.channel);
  if (recipient === null) return null;
  const key = isForeignTo(recipient, options) ? "dossiers.versions.forForeign" : "dossiers.versions.for";
  return t(key, { office: recipient.name[locale] });
}

/** The offices of a country, whoever is complained of first before all others; every office when the country is not known. */
export function officeChoices(country: string | null, { locale }: Words): DossiersPage["offices"] {
  const offices = [...installedChannels().values()].filter((one) => country === null || one.country === country);
  return offices
    .sort((a, b) => channelKinds.indexOf(a.kind) - channelKinds.indexOf(b.kind))
    .map(({ id, name }) => ({ value: id, text: name[locale] }));
}

function saysOf({ state, error, progress }: Version, { t, format }: Words): string {
  if (state === "failed" && error !== null)
    return t("dossiers.versions.failed", { error: t(`dossiers.error.${error.key}`, error.params) });
  if (state === "ready") return "";
  return t(`dossiers.progress.${progress.step}`, {
    incidents: format.number(progress.done ?? 0),
    done: format.bytes(progress.done ?? 0),
    total: format.bytes(progress.total ?? 0),
  });
}

/** Setting takes about as long as packing for a common case; a bar that goes backwards helps nobody. */
export function percentOf({ step, done = 0, total = 0 }: Progress): number {
  if (step === "pending") return 0;
  if (step === "collecting") return 10;
  if (step === "typesetting") return 30;
  return total === 0 ? 70 : 70 + Math.floor((done / total) * 30);
}
