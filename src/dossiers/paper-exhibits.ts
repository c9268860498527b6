/** The last sections: the exhibit index, how this was made and how to check it, and who signs. Next: blocks.ts. */
import type { Block, Cell, Line, Section } from "./blocks.ts";
import { checkCommands } from "./check-commands.ts";
import { bagName, type Dossier, type DossierExhibit, ranges } from "./dossier.ts";
import { momentWords } from "./paper-moments.ts";
import type { Text, Voice } from "./voice.ts";

export function exhibitsSection(dossier: Dossier, voice: Voice): Section {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.exhibits.${key}`, params);
  if (dossier.exhibits.length === 0) return { title: say("title"), blocks: [{ k: "p", t: say("none") }] };
  return {
    title: say("title"),
    blocks: [
      { k: "p", t: say(dossier.options.exhibits ? introOf(dossier) : "introWithout") },
      {
        k: "table",
        widths: ["auto", "1.3fr", "1.2fr", "1fr"],
        head: [say("number"), say("what"), say("source"), say("shows")],
        rows: dossier.exhibits.flatMap((exhibit): Cell[][] => [
          [
            { lines: [{ t: exhibit.number, s: "bold" }] },
            { lines: whatLines(exhibit, voice) },
            {
              lines: [
                { t: say("addedBy", { by: exhibit.addedBy }) },
                { s: "small", t: momentWords(voice, exhibit.addedAt) },
              ],
            },
            showsWords(exhibit, voice),
          ],
          [
            {
              lines: fileLines(dossier, exhibit, voice),
            },
          ],
        ]),
      },
    ],
  };
}

const introOf = ({ options }: Dossier) => (options.redacted === undefined ? "intro" : "introRedacted");

/** What identifies the file and where it lies; of a redacted copy also what it is a copy of. */
function fileLines({ options }: Dossier, exhibit: DossierExhibit, voice: Voice): Line[] {
  const { sha256, path, originalSha256, withheld } = exhibit;
  const say = (key: string) => voice.say(`dossiers.paper.exhibits.${key}`);
  return [
    ...(withheld === true ? [{ t: say("withheld"), s: "small" as const }] : []),
    ...(originalSha256 === undefined ? [] : [{ t: say("copy"), s: "small" as const }]),
    { t: sha256, s: "mono" },
    ...(options.exhibits && withheld !== true ? [{ t: path, s: "mono" as const }] : []),
    ...(originalSha256 === undefined
      ? []
      : [{ t: say("copyOf"), s: "small" as const }, { t: originalSha256, s: "mono" as const } satisfies Line]),
  ];
}

function whatLines(exhibit: DossierExhibit, voice: Voice): Line[] {
  const kind = voice.each((_language, t, format) =>
    [
      t(`dossiers.words.exhibitKind.${exhibit.number[0]}`),
      exhibit.mediaType,
      t("dossiers.paper.exhibits.exactSize", { count: exhibit.size, n: format.number(exhibit.size) }),
    ].join(t("dossiers.paper.comma")),
  );
  return [
    ...(exhibit.description === null ? [] : [{ t: voice.own(exhibit.description) }]),
    exhibit.description === null ? { t: kind } : { t: kind, s: "small" },
    ...(exhibit.originalName === null
      ? []
      : [{ s: "small" as const, t: voice.say("dossiers.paper.exhibits.named", { name: exhibit.originalName }) }]),
  ];
}

/** What it belongs to is what it is offered as proof of; the file itself is for the reader to judge. */
function showsWords({ incidents, notices }: DossierExhibit, voice: Voice): Text {
  return voice.each((_language, t) => {
    const parts = [
      ...(incidents.length === 0
        ? []
        : [t("dossiers.paper.exhibits.ofIncidents", { count: incidents.length, numbers: ranges(incidents) })]),
      ...(notices.length === 0
        ? []
        : [t("dossiers.paper.exhibits.ofNotices", { count: notices.length, numbers: ranges(notices) })]),
    ];
    return parts.length === 0 ? t("dossiers.paper.exhibits.ofNothing") : parts.join(t("dossiers.paper.semicolon"));
  });
}

export function methodSection(dossier: Dossier, voice: Voice): Section {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.method.${key}`, params);
  const name = bagName(dossier.case.number, dossier.version);
  const blocks: Block[] = [
    { k: "p", t: say("facts") },
    { k: "p", t: say("times", { zone: dossier.case.zone }) },
    { k: "p", t: say("rules") },
    { k: "p", t: say("outcomes") },
    { k: "p", t: say("glyphs") },
    { k: "h", level: 2, t: say("codesTitle") },
    {
      k: "table",
      widths: ["1fr", "auto"],
      head: [say("code"), say("codeVersion")],
      rows: dossier.codes.map(({ code }): Cell[] => [
        { lines: [{ t: voice.of(code.title) }, { t: code.id, s: "mono" }] },
        code.version,
      ]),
    },
    { k: "h", level: 2, t: say("recordTitle") },
    { k: "p", t: say("record", { count: dossier.history.seq }) },
    ...(dossier.options.redacted === undefined ? [] : [{ k: "p", t: say("recordRedacted") } satisfies Block]),
    { k: "facts", rows: [[say("headNumber"), String(dossier.history.seq)]] },
    { k: "code", lines: [dossier.history.hash] },
    { k: "h", level: 2, t: say("checkTitle") },
    { k: "p", t: say("check", { file: `${name}.zip` }) },
    {
      k: "code",
      lines: checkCommands(name),
    },
    { k: "p", t: say("key") },
    { k: "code", lines: [dossier.keyFingerprint] },
    { k: "p", t: say("csv"), small: true },
  ];
  return { title: say("title"), blocks };
}

export function signatureSection(dossier: Dossier, voice: Voice): Section {
  const say = (key: string, params = {}) => voice.say(`dossiers.paper.signature.${key}`, params);
  return {
    title: say("title"),
    follows: true,
    blocks: [
      { k: "p", t: say("statement", { name: dossier.case.borrower }) },
      { k: "sign", rows: [say("name"), say("signed"), say("date")] },
    ],
  };
}
