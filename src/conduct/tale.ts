/**
 * What an explanation is made of while a rule's conditions are gone through a second time: sentences in both languages, missing facts,
 * quotes, the counted set, and what the answer rests on. Made only for incidents that have something to explain. Next: explain.ts.
 */
import type { Facts, Spoken } from "./facts.ts";
import type { Act, Bilingual } from "./vocabulary.ts";

/** A counted set longer than this is shown by its last members: with 100,000 calls in a day, whole sets would grow as a square. */
export const COUNTED_SHOWN = 100;

export class Tale {
  /** Each once. */
  readonly missing: string[] = [];
  readonly quotes: { facts: Facts; words: Spoken }[] = [];
  readonly #telling: Bilingual[] = [];
  readonly #aside: Bilingual[] = [];
  readonly labelOfAct: (act: Act) => Bilingual;
  counted: readonly Facts[] = [];
  /** Does the answer rest on what the person ticked, or on what the words suggest? */
  reported = false;
  worded = false;

  constructor(labelOfAct: (act: Act) => Bilingual) {
    this.labelOfAct = labelOfAct;
  }

  /** A second tale, for what need not be told itself. */
  aside(): Tale {
    return new Tale(this.labelOfAct);
  }

  /** A fact that decides. */
  tell(sentence: Bilingual): void {
    addTo(this.#telling, sentence);
  }

  /** A circumstance, worth saying only when nothing else is. */
  mention(sentence: Bilingual): void {
    addTo(this.#aside, sentence);
  }

  miss(fact: string): void {
    if (!this.missing.includes(fact)) this.missing.push(fact);
  }

  get because(): Bilingual {
    const sentences = this.#telling.length > 0 ? this.#telling : this.#aside;
    if (sentences.length === 1) return sentences[0]!;
    let en = "";
    let zh = "";
    for (const sentence of sentences) {
      en += en === "" ? sentence.en : ` ${sentence.en}`;
      zh += sentence["zh-CN"];
    }
    return { en, "zh-CN": zh };
  }
}

/** Nothing is said twice. */
function addTo(said: Bilingual[], sentence: Bilingual): void {
  for (let i = 0; i < said.length; i++) if (said[i]!.en === sentence.en) return;
  said.push(sentence);
}
