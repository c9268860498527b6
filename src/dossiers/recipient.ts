/**
 * The office that a version is made for, as the file of offices had it when the version was made: what it wants, reads and takes. It is
 * frozen with the version. Next: paper.ts prints it on the title page, case-json.ts keeps it for machines.
 */
import { installedChannels } from "../complaints/load-channels.ts";
import type { Fact } from "./blocks.ts";
import type { Dossier, DossierOptions, Recipient } from "./dossier.ts";
import type { Voice } from "./voice.ts";

export function recipientOf(id: string | null): Recipient | null {
  if (id === null) return null;
  const office = installedChannels().get(id);
  return {
    id,
    name: office?.name ?? { en: id, "zh-CN": id },
    asOf: office?.version ?? null,
    reads: office?.reads ?? [],
    wants: office?.wants.map(({ label, required }) => ({ label, required })) ?? [],
    files: office?.attachments?.files ?? null,
    bytes: office?.attachments?.bytes ?? null,
  };
}

/** A version in a language that the office does not read. */
export function isForeignTo(recipient: Recipient | null, { languages }: Pick<DossierOptions, "languages">): boolean {
  return (
    recipient !== null && languages !== "both" && recipient.reads.length > 0 && !recipient.reads.includes(languages)
  );
}

/** For the title page: who it is for, what that office wants, and how the exhibits lie within what it takes. */
export function recipientFacts({ recipient, exhibits }: Dossier, voice: Voice): Fact[] {
  if (recipient === null) return [];
  const { name, wants, files, bytes, asOf } = recipient;
  const say = (key: string) => voice.say(`dossiers.paper.cover.${key}`);
  const going = exhibits.filter(({ withheld }) => withheld !== true);
  const size = going.reduce((sum, one) => sum + one.size, 0);
  return [
    [say("recipient"), voice.of(name)],
    ...(wants.length === 0
      ? []
      : [
          [
            say("wants"),
            voice.each((language, t, format) => {
              const names = wants.map(({ label, required }) =>
                required ? label[language] : t("dossiers.paper.cover.ifAny", { what: label[language] }),
              );
              return format.list(names);
            }),
          ] satisfies Fact,
        ]),
    [
      say("takesFiles"),
      voice.each((language, t, format) => {
        const limits = [
          ...(files === null ? [] : [t("dossiers.paper.cover.mostFiles", { count: files, n: format.number(files) })]),
          ...(bytes === null ? [] : [t("dossiers.paper.cover.mostBytes", { size: format.bytes(bytes) })]),
        ];
        const held = { count: going.length, n: format.number(going.length), size: format.bytes(size) };
        return [
          limits.length === 0
            ? t("dossiers.paper.cover.noLimit")
            : t("dossiers.paper.cover.limit", { what: format.list(limits) }),
          t("dossiers.paper.cover.holdsFiles", held),
        ].join(language === "en" ? " " : "");
      }),
    ],
    ...(asOf === null
      ? []
      : [[say("officeAsOf"), voice.each((_language, _t, format) => format.date(asOf))] satisfies Fact]),
  ];
}
