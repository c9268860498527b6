/**
 * The words of the interface: which languages there are, and how a key becomes words in one of them.
 * Must not know any feature; the words themselves live in views/locales/<language>/<feature>.json.
 * Next: language.ts (which language a request is answered in), format.ts (dates and numbers), view.ts (templates).
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];

/**
 * Words for a key: `t("incidents.log.title")`, `t("common.contacts", { count: 3 })`. An unknown key comes back as itself.
 * The files follow i18next: `{{name}}` is filled in, and with a count `key_one` and `key_other` are the language's plural forms.
 * Values are not escaped here; templates escape what they print.
 */
export type Translate = (key: string, params?: Record<string, unknown>) => string;

const wordsFolder = join(import.meta.dirname, "../../views/locales");

/** Every file of words of one language, as one tree: `common.json` is under `common`. */
export function readWords(locale: Locale, folder = wordsFolder): Record<string, unknown> {
  const files = readdirSync(join(folder, locale)).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    files.map((name) => [
      name.slice(0, -".json".length),
      JSON.parse(readFileSync(join(folder, locale, name), "utf8")) as unknown,
    ]),
  );
}

type Words = Map<string, (params: Params) => string>;
type Params = Record<string, unknown>;

/** A tree of words as one list of keys, each text taken apart at its `{{name}}`s once. */
function compileWords(tree: unknown, prefix: string, into: Words): Words {
  if (typeof tree === "string") {
    const parts = tree.split(/{{\s*(\w+)\s*}}/);
    const [only = ""] = parts;
    into.set(
      prefix,
      parts.length === 1
        ? () => only
        : (params) => parts.map((part, n) => (n % 2 === 0 ? part : valueText(params[part]))).join(""),
    );
  } else {
    for (const [name, part] of Object.entries(tree ?? {}))
      compileWords(part, prefix ? `${prefix}.${name}` : name, into);
  }
  return into;
}

function valueText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function makeTranslator(locale: Locale, words: Words): Translate {
  const plural = new Intl.PluralRules(locale);
  return (key, params = {}) => {
    const { count } = params;
    const say = (typeof count === "number" ? words.get(`${key}_${plural.select(count)}`) : undefined) ?? words.get(key);
    return say ? say(params) : key;
  };
}

const allWords: Record<Locale, Words> = {
  en: compileWords(readWords("en"), "", new Map()),
  "zh-CN": compileWords(readWords("zh-CN"), "", new Map()),
};
const translators: Record<Locale, Translate> = {
  en: makeTranslator("en", allWords.en),
  "zh-CN": makeTranslator("zh-CN", allWords["zh-CN"]),
};

/** The translator of one language. */
export function translator(locale: Locale): Translate {
  return translators[locale];
}

/** Whether a text is the key of words we have; used where a message may be a key or plain text. */
export function isKey(text: string): boolean {
  return allWords.en.has(text) || allWords.en.has(`${text}_other`);
}

export function isLocale(value: unknown): value is Locale {
  return value === "en" || value === "zh-CN";
}
