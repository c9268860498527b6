/** What the form prints that notes what happened to a complaint. */
import { type HeldFile, shownName } from "../evidence/evidence.ts";
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Channel } from "./channel.ts";
import type { Complaint, LetterKind } from "./complaint.ts";
import type { Reader } from "./reader.ts";
import type { ReadyDossier } from "./store.ts";
import { dossierChoices, officeName } from "./words.ts";

interface LetterPage {
  title: string;
  caption: string;
  caseId: string;
  number: number;
  kind: LetterKind;
  dossiers: { value: string; text: string }[];
  held: { id: string; name: string }[];
  maxFileMb: number;
  values: FormValues;
  errors: FormErrors;
}

export function letterPage(
  reader: Reader,
  caseId: string,
  { number, channel }: Pick<Complaint, "number" | "channel">,
  parts: {
    kind: LetterKind;
    dossiers: readonly ReadyDossier[];
    channels: ReadonlyMap<string, Channel>;
    /** Files received with an earlier try of the form. */
    held: readonly Pick<HeldFile, "id" | "name">[];
    maxFileBytes: number;
    values: FormValues;
    errors: FormErrors;
  },
): LetterPage {
  const { kind, dossiers, channels, held, maxFileBytes, values, errors } = parts;
  const { t } = reader;
  return {
    title: t(`complaints.letter.${kind}.title`),
    caption: `${t("complaints.name", { number })} · ${officeName(reader, { channels }, { channel })}`,
    caseId,
    number,
    kind,
    dossiers: dossierChoices(reader, dossiers, channels),
    held: held.map(({ id, name }) => ({ id, name: shownName(name) })),
    maxFileMb: Math.floor(maxFileBytes / 1_000_000),
    values,
    errors,
  };
}
