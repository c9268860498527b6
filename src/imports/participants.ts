/**
 * Who writes in a chat: exports name the people but often not which of them is the borrower, and direction hangs on that.
 * Next: the readers of chats.
 */
import type { Question } from "./reader.ts";

/** More names than this are not offered; a chat with thousands of members is no collector's. */
const MOST_CHOICES = 200;

export class Participants {
  readonly #counts = new Map<string, number>();
  readonly #samples: string[][] = [];

  add(name: string, said: string): void {
    const count = this.#counts.get(name) ?? 0;
    if (count > 0 || this.#counts.size < MOST_CHOICES) this.#counts.set(name, count + 1);
    // One line of each of the first three people says more than three lines of one.
    if (count === 0 && this.#samples.length < 3) this.#samples.push([name, said.slice(0, 200)]);
  }

  get size(): number {
    return this.#counts.size;
  }

  names(): string[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  }

  /**
   * Asks which of them is the borrower, unless nobody writes or the file tells the other of exactly two.
   * @param other the name of the far end, where the file tells it
   */
  question(other: string | null): Question[] {
    if (this.otherThan(other) !== null || this.#counts.size === 0) return [];
    return [{ name: "own", choices: this.names(), samples: this.#samples }];
  }

  /** In a chat of two, the one whom this name is not. */
  otherThan(name: string | null): string | null {
    if (name === null || this.#counts.size !== 2 || !this.#counts.has(name)) return null;
    return this.names().find((one) => one !== name) ?? null;
  }
}
