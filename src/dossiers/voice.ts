/**
 * Words of the paper in the chosen language, or in both at once: every label asked for comes back in each of them.
 * It knows keys and languages, not what is said. Next: paper.ts.
 */
import type { Bilingual, Language } from "../conduct/vocabulary.ts";
import { formatter, type Format } from "../web/format.ts";
import { type Translate, translator } from "../web/locale.ts";

/** A text by language tag, in the order it is to be read; a bare string is in the paper's first language or in none (numbers, hashes). */
export type Text = string | { zh?: string; en?: string };

/** The tag of a language as the paper marks it. */
export const tagOf = (language: Language) => (language === "zh-CN" ? "zh" : "en");

type Params =
  Record<string, unknown> | ((in_: { t: Translate; format: Format; language: Language }) => Record<string, unknown>);

export class Voice {
  readonly languages: readonly Language[];
  readonly zone: string;
  constructor(languages: readonly Language[], zone: string) {
    this.languages = languages;
    this.zone = zone;
  }

  /** The words of a key; `params` may depend on the language (dates, names of things). */
  say(key: string, params: Params = {}): Text {
    return this.each((language, t, format) =>
      t(key, typeof params === "function" ? params({ t, format, language }) : params),
    );
  }

  /** The same text made in every language; equal ones are said once. */
  each(make: (language: Language, t: Translate, format: Format) => string): Text {
    const made = this.languages.map(
      (language) => [tagOf(language), make(language, translator(language), formatter(language, this.zone))] as const,
    );
    if (made.every(([, text]) => text === made[0]![1])) return made[0]![1];
    return Object.fromEntries(made);
  }

  /** A text that its author gave in both languages. */
  of(text: Bilingual): Text {
    return this.each((language) => text[language]);
  }

  /** A person's own words, in whatever language they are; marked when that is not the paper's first language. */
  own(text: string): Text {
    const language = /\p{Script=Han}/u.test(text) ? "zh" : "en";
    return language === tagOf(this.languages[0]!) || !/\p{Letter}/u.test(text) ? text : { [language]: text };
  }
}
