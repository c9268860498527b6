/**
 * The words of the interface and the reader's language: which languages there are, how a key becomes words, which one to use.
 * Must not know any feature; the words themselves live in views/locales/<language>/<feature>.json.
 * Next: format.ts (dates and numbers), view.ts (templates).
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Express, NextFunction, Request, RequestHandler, Response } from "express";
import { formatter } from "./format.ts";

export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];

/**
 * Words for a key: `t("incidents.log.title")`, `t("common.contacts", { count: 3 })`. An unknown key comes back as itself.
 * The files follow i18next: `{{name}}` is filled in, and with a count `key_one` and `key_other` are the language's plural forms.
 * Values are not escaped here; templates escape what they print.
 */
export type Translate = (key: string, params?: Record<string, unknown>) => string;

const cookieName = "locale";
const oneYear = 365 * 24 * 3600 * 1000;
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

function isLocale(value: unknown): value is Locale {
  return value === "en" || value === "zh-CN";
}

/** The first language a browser asks for that we speak: any Chinese reads zh-CN. */
export function fromAcceptLanguage(header: string | undefined): Locale | undefined {
  const wanted = (header ?? "")
    .split(",", 20)
    .map((part) => {
      const [tag = "", ...params] = part.trim().toLowerCase().split(";");
      const q = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find((value) => value !== undefined);
      return { tag, q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { tag } of wanted) {
    if (tag === "zh" || tag.startsWith("zh-")) return "zh-CN";
    if (tag === "en" || tag.startsWith("en-")) return "en";
  }
  return undefined;
}

/** Puts the words and formats of a language, and of a time zone if given, on a response for templates to use. */
export function speak(res: Response, locale: Locale, zone?: string): void {
  const t = translator(locale);
  const format = formatter(locale, zone ?? res.locals.zone ?? Temporal.Now.timeZoneId());
  Object.assign(res.locals, { locale, t, format });
}

/** Inside a case, times are shown in the case's zone. */
export function setZone(res: Response, zone: string): void {
  res.locals.zone = zone;
  speak(res, res.locals.locale as Locale, zone);
}

/** Chooses the language: the person's setting, else the cookie, else what the browser asks for, else English. */
export function chooseLocale(req: Request, res: Response): Locale {
  const person = res.locals.person as { locale?: unknown } | null | undefined;
  if (isLocale(person?.locale)) return person.locale;
  const cookie = /(?:^|;\s*)locale=(en|zh-CN)(?:;|$)/.exec(req.headers.cookie ?? "")?.[1];
  if (isLocale(cookie)) return cookie;
  return fromAcceptLanguage(req.headers["accept-language"]) ?? "en";
}

type Remember = (personId: string, locale: Locale) => Promise<void> | void;

/**
 * Speaks to every request in its reader's language, and answers `/language?to=zh-CN&back=/cases`.
 * Goes after the middleware that sets `res.locals.person` (`{ id, locale? }` or null), whose setting comes first.
 * `remember` keeps a signed-in person's choice; everybody's is kept in a cookie.
 */
export function setUpLanguage(app: Express, { remember }: { remember?: Remember } = {}): void {
  app.use((req: Request, res: Response, next: NextFunction) => {
    res.vary("Accept-Language");
    speak(res, chooseLocale(req, res));
    next();
  });
  const change: RequestHandler = async (req, res) => {
    const body = (req.body ?? {}) as Record<string, unknown>;
    const to = req.query.to ?? body.to;
    if (isLocale(to)) {
      res.cookie(cookieName, to, { httpOnly: true, sameSite: "lax", maxAge: oneYear, secure: req.secure, path: "/" });
      const person = res.locals.person as { id: string } | null | undefined;
      // Another site may link here, but must not change what a person has set.
      if (person && req.headers["sec-fetch-site"] !== "cross-site") await remember?.(person.id, to);
    }
    res.redirect(303, ownPath(req.query.back ?? body.back));
  };
  app.get("/language", change);
  app.post("/language", change);
}

/** A path of this site, or the home page: never another site's address. */
export function ownPath(back: unknown): string {
  if (typeof back !== "string" || !back.startsWith("/") || back.length > 2000) return "/";
  const url = URL.parse(back, "http://self.invalid");
  return url?.origin === "http://self.invalid" ? url.pathname.replace(/^\/{2,}/, "/") + url.search : "/";
}
