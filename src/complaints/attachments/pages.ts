/** What the page of a complaint's files prints, and the list that goes into the zip. Next: views/complaints/attachments.ejs. */
import type { CodeLibrary } from "../../codes/library.ts";
import { shownName } from "../../evidence/evidence.ts";
import type { FormErrors, FormValues } from "../../web/forms.ts";
import type { Channel } from "../channel.ts";
import type { Complaint } from "../complaint.ts";
import type { Reader } from "../reader.ts";
import { complaintsAt } from "../words.ts";
import {
  type Attachable,
  type LeftWhy,
  type Limits,
  type Proof,
  fileKinds,
  kindOf,
  packedName,
} from "./attachments.ts";
import { inMegabytes } from "./form.ts";
import { type Gathered, planOf } from "./gather-files.ts";

/** Links to what one file shows. */
const MOST_PROOFS = 4;

interface FileRow {
  id: string;
  n: number;
  /** "C-3", or what the dossier is called. */
  label: string;
  name: string;
  facts: string;
  href: string;
  saveHref: string;
  ticked: boolean;
  /** As typed, when it has to be corrected. */
  place: string;
  copy: { text: string; href: string; done: boolean } | null;
  private: boolean;
  proves: { text: string; href: string }[];
  moreProves: number;
  goesAs: string | null;
  left: string | null;
}

export interface AttachmentsPage {
  title: string;
  caption: string;
  caseId: string;
  number: number;
  mayEdit: boolean;
  version: number;
  office: { name: string; href: string; note: string | null };
  /** One sentence for each limit in force. */
  limits: string[];
  /** Something was checked by the makers of the office's data. */
  verified: boolean;
  totals: string;
  leftText: string | null;
  noDossier: boolean;
  rows: FileRow[];
  more: number;
  list: { name: string; size: string; sha256: string }[];
  zipHref: string;
  kinds: { value: string; text: string }[];
  values: FormValues;
  errors: FormErrors;
  saved: boolean;
}

export function attachmentsPage(
  reader: Reader,
  caseId: string,
  complaint: Complaint,
  gathered: Gathered,
  parts: {
    channel: Channel | null;
    codes: CodeLibrary;
    mayEdit: boolean;
    saved: boolean;
    again: { values: FormValues; errors: FormErrors } | null;
  },
): AttachmentsPage {
  const { t, format, locale } = reader;
  const { channel, again } = parts;
  const plan = planOf(gathered);
  const places = new Map(plan.taken.map((file, index) => [file.id, index + 1]));
  const sentIds = [again?.values["id[]"] ?? []].flat();
  const sentPlaces = new Map([again?.values["place[]"] ?? []].flat().map((place, index) => [sentIds[index], place]));
  const ticked = again === null ? plan.chosen : new Set([again.values.take ?? []].flat());
  const own = gathered.choice?.limits;
  const unfit = [...plan.left.values()].filter((why) => why !== "not-chosen").length;
  return {
    title: t("complaints.attachments.title"),
    caption: t("complaints.name", { number: complaint.number }),
    caseId,
    number: complaint.number,
    mayEdit: parts.mayEdit,
    version: gathered.choice?.version ?? 0,
    office: {
      name: channel?.name[locale] ?? complaint.channel,
      href: `/channels/${complaint.channel}`,
      note: channel?.attachments?.note?.[locale] ?? null,
    },
    limits: limitTexts(reader, gathered.limits),
    verified: Object.values(gathered.verified).some((limit) => limit !== null),
    totals: totalsText(reader, plan.taken.length, plan.bytes, gathered.limits),
    leftText: unfit === 0 ? null : t("complaints.attachments.unfit", { count: unfit }),
    noDossier: gathered.dossier === null,
    rows: gathered.files.map((file, index) =>
      fileRow(reader, caseId, file, gathered, {
        n: index + 1,
        ticked: ticked.has(file.id),
        typed: sentPlaces.get(file.id) ?? null,
        goes: places.get(file.id) ?? null,
        left: plan.left.get(file.id) ?? null,
        proves: file.proves.slice(0, MOST_PROOFS).map((proof) => proofLink(reader, caseId, proof, parts.codes)),
      }),
    ),
    more: gathered.more,
    list: plan.taken.map((file, index) => ({
      name: packedName(index + 1, file),
      size: format.bytes(file.size),
      sha256: file.sha256,
    })),
    zipHref: `${complaintsAt(caseId)}/${complaint.number}/attachments/zip`,
    kinds: fileKinds.map((kind) => ({ value: kind, text: t(`complaints.attachments.kind.${kind}`) })),
    values: again?.values ?? {
      files: own?.files == null ? "" : String(own.files),
      each: inMegabytes(own?.each ?? null),
      total: inMegabytes(own?.total ?? null),
      kinds: own?.kinds ?? [],
    },
    errors: again?.errors ?? {},
    saved: parts.saved,
  };
}

function fileRow(
  { t, format }: Reader,
  caseId: string,
  file: Attachable,
  { dossier }: Gathered,
  at: {
    n: number;
    ticked: boolean;
    typed: string | null;
    goes: number | null;
    left: LeftWhy | null;
    proves: FileRow["proves"];
  },
): FileRow {
  const kind = kindOf(file.mediaType);
  const exhibit = file.exhibit === null ? null : `/cases/${caseId}/evidence/${file.exhibit}`;
  const dossierHref = `/cases/${caseId}/dossiers/${dossier ?? 0}`;
  const copyHref = file.copy === null ? null : `${exhibit}/copies/${file.copy}`;
  const canCover = file.exhibit !== null && ["pdf", "picture", "document"].includes(kind);
  const withheld = at.left === "not-chosen" && (file.private || at.ticked);
  return {
    id: file.id,
    n: at.n,
    label: file.exhibit ?? t("complaints.attachments.dossier", { version: dossier ?? 0 }),
    name: file.exhibit === null ? "" : shownName(file.name),
    facts: `${format.bytes(file.size)} · ${t(`complaints.attachments.kind.${kind}`)}`,
    href: exhibit ?? dossierHref,
    saveHref:
      exhibit === null ? `${dossierHref}/pdf` : copyHref === null ? `${exhibit}/original` : `${copyHref}/view?save=1`,
    ticked: at.ticked,
    place: at.typed ?? String(at.n),
    copy:
      copyHref !== null
        ? { text: t("complaints.attachments.copy", { version: file.copy ?? 0 }), href: copyHref, done: true }
        : canCover
          ? { text: t("complaints.attachments.makeCopy"), href: `${exhibit}/redaction`, done: false }
          : null,
    private: file.private,
    proves: at.proves,
    moreProves: file.proves.length - at.proves.length,
    goesAs: at.goes === null ? null : packedName(at.goes, file),
    left: at.left === null ? null : t(`complaints.attachments.left.${withheld && file.private ? "private" : at.left}`),
  };
}

function proofLink({ t, locale }: Reader, caseId: string, { kind, number, rule }: Proof, codes: CodeLibrary) {
  if (rule !== undefined) {
    const title = codes.rule(rule.code, rule.id)?.title[locale] ?? rule.id;
    const href = `/cases/${caseId}/findings/${number}/${rule.id}`;
    return { text: t("complaints.attachments.finding", { title, number }), href };
  }
  const folder = { finding: "findings", incident: "incidents", notice: "notices", complaint: "complaints" }[kind];
  return { text: t(`complaints.source.${kind}`, { number }), href: `/cases/${caseId}/${folder}/${number}` };
}

function limitTexts({ t, format }: Reader, { files, each, total, kinds }: Limits): string[] {
  const names = kinds?.map((kind) => t(`complaints.attachments.kind.${kind}`)) ?? [];
  return [
    ...(files === null ? [] : [t("complaints.attachments.limit.files", { count: files })]),
    ...(each === null ? [] : [t("complaints.attachments.limit.each", { size: format.bytes(each) })]),
    ...(total === null ? [] : [t("complaints.attachments.limit.total", { size: format.bytes(total) })]),
    ...(names.length === 0 ? [] : [t("complaints.attachments.limit.kinds", { list: format.list(names) })]),
  ];
}

/** "4 of 5 files, 7.2 MB of 10 MB"; without limits "4 files, 7.2 MB". */
function totalsText({ t, format }: Reader, count: number, bytes: number, limits: Limits): string {
  const files =
    limits.files === null
      ? t("complaints.attachments.files", { count })
      : t("complaints.attachments.filesOf", { n: format.number(count), count: limits.files });
  const size = format.bytes(bytes);
  if (limits.total === null) return t("complaints.attachments.totals", { files, size });
  const of = format.bytes(limits.total);
  return t("complaints.attachments.totals", { files, size: t("complaints.attachments.sizeOf", { size, of }) });
}

/** What lies beside the files in the zip: `sha256sum -c list.txt` checks them, lines that begin with # are for people. */
export function listText(
  { t, format }: Reader,
  complaint: Pick<Complaint, "number">,
  office: string,
  files: readonly { name: string; size: number; sha256: string }[],
): string {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const heads = [
    t("complaints.attachments.listHead", { number: complaint.number, office: office.replaceAll(/\s+/gu, " ") }),
    t("complaints.attachments.totals", {
      files: t("complaints.attachments.files", { count: files.length }),
      size: format.bytes(bytes),
    }),
    "sha256sum -c list.txt",
  ];
  const lines = files.flatMap(({ name, size, sha256 }) => [`# ${name}: ${size} B`, `${sha256}  ${name}`]);
  return `${[...heads.map((head) => `# ${head}`), ...lines].join("\n")}\n`;
}
