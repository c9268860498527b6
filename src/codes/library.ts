/**
 * The codes of conduct and acts installed here, read once at start and kept ready to judge with, and the same with codes of a case beside
 * them (case-codes.ts). It must not know a case's contents.
 * Next: suggest.ts (which codes fit a case), choose-codes.ts (a case's own choice), pages.ts.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Acts } from "../conduct/acts.ts";
import { type Judge, compileJudge } from "../conduct/classify.ts";
import type { Aids, CompiledCode, CompiledRule } from "../conduct/compile.ts";
import type { Code, Rule } from "../conduct/code.ts";
import type { Act } from "../conduct/vocabulary.ts";
import { type WordingReader, compileWording } from "../conduct/wording.ts";
import type { Locale } from "../web/locale.ts";
import { expandCodes, problemsOfIncludes } from "./includes.ts";
import { loadActs } from "./load-acts.ts";
import { CodeFileError, type LoadedCode, parseCode } from "./load.ts";
import { type Suited, suggestCodes } from "./suggest.ts";

const dataFolder = join(import.meta.dirname, "../../data");

export interface CodeLibrary {
  /** In the order of their ids. */
  all(): readonly Code[];
  get(id: string): Code | undefined;
  /**
   * These codes and all that they include, each once, a code before what it includes; of codes that
   * share rules the first has them. Ids that are not installed are left out.
   */
  expand(ids: readonly string[]): Code[];
  /** A rule by its id, in whichever code has it. */
  rule(codeId: string, ruleId: string): Rule | undefined;
  /** The text of a code, byte for byte as installed or saved. */
  text(id: string): string;
  readonly acts: Acts;
  readonly wording: WordingReader;
  /** A judge for these codes and what they include, made once for each combination; ids that are not installed are left out. */
  judgeFor(codeIds: readonly string[]): Judge;
  /** The same rules, apart by how far they look: a change then needs to be judged only as far as each of them reaches. */
  judgesByReach(codeIds: readonly string[]): readonly PartialJudge[];
  actLabel(act: Act, locale: Locale): string;
  /** The ids of the codes that fit a case with these facts; suggest.ts says why. */
  suggest(suited: Suited): string[];
  /** Changes whenever anything changes that these codes judge with: their texts, the acts and their wording, or this program. */
  fingerprint(codeIds: readonly string[]): string;
  /** The same library with codes of a case beside the installed ones; ids of the two never meet. Judges stay shared. */
  with(own: readonly CodeText[]): CodeLibrary;
}

/** A code read from its text. */
export interface CodeText {
  code: Code;
  text: string;
  sha256: string;
}

/** Judges kept; one is made again in some milliseconds. */
const KEPT_JUDGES = 100;

/** A judge of some of the rules: those of one reach. */
interface PartialJudge {
  judge: Judge;
  rules: readonly string[];
}

/** @throws naming file and line when an installed code or the file of acts cannot be used. */
export async function createCodeLibrary(folder: string = dataFolder): Promise<CodeLibrary> {
  const actsFile = join(folder, "acts.yaml");
  const acts = loadActs(actsFile);
  const wording = compileWording(acts);
  const labels = new Map(acts.acts.map((act) => [act.id, act.label]));
  const actsSha256 = sha256(readFileSync(actsFile, "utf8"));
  const installed: (CodeText & LoadedCode)[] = [];
  const names = readdirSync(join(folder, "codes")).filter((name) => name.endsWith(".yaml"));
  for (const name of names.sort()) {
    const file = join(folder, "codes", name);
    installed.push(readCode(readFileSync(file, "utf8"), file));
  }
  const judges = new Map<string, Judge>();
  const partialJudges = new WeakMap<Judge, readonly PartialJudge[]>();

  function shelf(texts: readonly CodeText[]): CodeLibrary {
    const files = new Map(texts.map((file) => [file.code.id, file]));
    const find = (id: string): Code | undefined => files.get(id)?.code;
    const ordered = texts.map(({ code }) => code).sort((a, b) => (a.id < b.id ? -1 : 1));
    /** Ids alone do not name a code: every case may have one of its own. */
    const named = (codes: readonly Code[]) => codes.map(({ id }) => [id, files.get(id)?.sha256]);

    const judgeFor = (codeIds: readonly string[]): Judge => {
      const chosen = eachRuleOnce(expandCodes(codeIds, find));
      const key = JSON.stringify(named(chosen));
      const judge = judges.get(key) ?? compileJudge(chosen, { wording, acts });
      judges.delete(key);
      judges.set(key, judge);
      // The one that was not asked for the longest goes.
      for (const oldest of judges.keys()) if (judges.size > KEPT_JUDGES) judges.delete(oldest);
      return judge;
    };

    return {
      all: () => ordered,
      get: find,
      expand: (ids) => eachRuleOnce(expandCodes(ids, find)),
      rule: (codeId, ruleId) => find(codeId)?.rules.find((rule) => rule.id === ruleId),
      text(id) {
        const file = files.get(id);
        if (file === undefined) throw new Error(`there is no code of conduct ${id}`);
        return file.text;
      },
      acts,
      wording,
      judgeFor,
      judgesByReach(codeIds) {
        const whole = judgeFor(codeIds);
        let partial = partialJudges.get(whole);
        if (partial === undefined) partialJudges.set(whole, (partial = partsOf(whole, { wording, acts })));
        return partial;
      },
      actLabel: (act, locale) => labels.get(act)?.[locale] ?? act,
      suggest: (suited) =>
        suggestCodes(ordered, suited)
          .filter(({ suggested }) => suggested)
          .map(({ code }) => code.id),
      fingerprint: (codeIds) =>
        sha256(JSON.stringify([programVersion, actsSha256, codeIds, ...named(expandCodes(codeIds, find))])),
      with: (own) => shelf([...installed, ...own]),
    };
  }

  const library = shelf(installed);
  const problems = installed.flatMap(({ code, placeOf }) =>
    problemsOfIncludes(code, library.get).map(({ path, why }) => ({ at: placeOf(path), path: path.join("."), why })),
  );
  if (problems.length > 0) throw new CodeFileError(problems);
  return library;
}

/** Of codes that share rules (a copy beside its original) the first has them: no contact may count twice. */
function eachRuleOnce(codes: readonly Code[]): Code[] {
  const seen = new Set<string>();
  return codes.map((code) => {
    const rules = code.rules.filter(({ id }) => !seen.has(id));
    for (const { id } of rules) seen.add(id);
    return rules.length === code.rules.length ? code : { ...code, rules };
  });
}

/** @throws CodeFileError; `file` is only named in it. */
export function readCode(text: string, file: string): CodeText & LoadedCode {
  const loaded = parseCode(text, file);
  return { ...loaded, text, sha256: sha256(text + (loaded.code.resolvedHolidays?.by ?? "")) };
}

/** One judge for each reach among the rules of a judge. */
function partsOf(whole: Judge, aids: Aids): PartialJudge[] {
  const codes = whole.codes.map(({ compiled }) => compiled);
  const reachOf = ({ trackers }: CompiledCode, rule: CompiledRule): number =>
    Math.max(1, ...[...rule.trackers].map((tracker) => trackers[tracker]?.days ?? 1));
  const reaches = new Set(codes.flatMap((code) => code.rules.map((rule) => reachOf(code, rule))));
  return [...reaches].map((reach) => {
    const parts = codes
      .map((code) => ({
        ...code.code,
        rules: code.rules.filter((rule) => reachOf(code, rule) === reach).map(({ rule }) => rule),
      }))
      .filter(({ rules }) => rules.length > 0);
    return { judge: compileJudge(parts, aids), rules: parts.flatMap(({ rules }) => rules.map(({ id }) => id)) };
  });
}

const programVersion = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string }
).version;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
