/**
 * The codes of conduct and acts installed here, read once at start and kept ready to judge with. It must not know a case's contents.
 * Next: suggest.ts (which codes fit a case), choose-codes.ts (a case's own choice), pages.ts.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Acts } from "../conduct/acts.ts";
import { Code, type Rule } from "../conduct/code.ts";
import type { Act } from "../conduct/vocabulary.ts";
import { type Wording, compileWording } from "../conduct/wording.ts";
import type { Locale } from "../web/locale.ts";
import { loadActs } from "./load-acts.ts";
import { type Suited, suggestCodes } from "./suggest.ts";

const dataFolder = join(import.meta.dirname, "../../data");

export interface CodeLibrary {
  /** In the order of their ids. */
  all(): readonly Code[];
  get(id: string): Code | undefined;
  /** A rule by its id, in whichever code has it. */
  rule(codeId: string, ruleId: string): Rule | undefined;
  /** The file of a code, byte for byte as installed: what a dossier takes along. */
  text(id: string): string;
  readonly acts: Acts;
  readonly wording: Wording;
  actLabel(act: Act, locale: Locale): string;
  /** The ids of the codes that fit a case with these facts; suggest.ts says why. */
  suggest(suited: Suited): string[];
  /** Changes whenever anything changes that these codes judge with: their texts, versions, or the acts and their wording. */
  fingerprint(codeIds: readonly string[]): string;
}

/** @throws naming file and line when an installed code or the file of acts cannot be used. */
export async function createCodeLibrary(folder: string = dataFolder): Promise<CodeLibrary> {
  const actsFile = join(folder, "acts.yaml");
  const acts = loadActs(actsFile);
  const wording = compileWording(acts);
  const labels = new Map(acts.acts.map((act) => [act.id, act.label]));
  const files = new Map<string, { code: Code; text: string; sha256: string }>();
  for (const name of readdirSync(join(folder, "codes"))
    .filter((file) => file.endsWith(".yaml"))
    .sort()) {
    const text = readFileSync(join(folder, "codes", name), "utf8");
    const code = Code.parse(parse(text));
    files.set(code.id, { code, text, sha256: sha256(text) });
  }
  const actsSha256 = sha256(readFileSync(actsFile, "utf8"));
  const ordered = [...files.values()].map(({ code }) => code).sort((a, b) => (a.id < b.id ? -1 : 1));

  return {
    all: () => ordered,
    get: (id) => files.get(id)?.code,
    rule: (codeId, ruleId) => files.get(codeId)?.code.rules.find((rule) => rule.id === ruleId),
    text(id) {
      const file = files.get(id);
      if (file === undefined) throw new Error(`no code of conduct ${id} is installed`);
      return file.text;
    },
    acts,
    wording,
    actLabel: (act, locale) => labels.get(act)?.[locale] ?? act,
    suggest: (suited) =>
      suggestCodes(ordered, suited)
        .filter(({ suggested }) => suggested)
        .map(({ code }) => code.id),
    fingerprint: (codeIds) =>
      sha256(JSON.stringify([actsSha256, ...codeIds.map((id) => [id, files.get(id)?.sha256 ?? null])])),
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
