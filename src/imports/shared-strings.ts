/**
 * The texts of a spreadsheet that its cells name by number: a large book has millions, in any order. They lie in a file of their own on
 * disk, of which some pages are held; in memory stays where each begins. It must not know what the cells mean. Next: sheet.ts.
 */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { newId } from "../platform/ids.ts";

const PAGE = 1 << 16;
const KEPT_PAGES = 64;
/** Bytes that are written together. */
const WRITTEN_AT_ONCE = 1 << 18;

export class SharedStrings {
  readonly #file: number;
  /** Where each text ends; grows by doubling. */
  #ends = new Float64Array(1024);
  #count = 0;
  #size = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  readonly #pages = new Map<number, Buffer>();

  /** @param beside a file in whose folder there is room; the texts go when this process ends, however it ends. */
  constructor(beside: string) {
    const path = join(dirname(beside), `${newId()}.texts`);
    this.#file = openSync(path, "wx+", 0o600);
    unlinkSync(path);
  }

  add(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#count === this.#ends.length) {
      const wider = new Float64Array(this.#count * 2);
      wider.set(this.#ends);
      this.#ends = wider;
    }
    this.#ends[this.#count] = this.#size += bytes.length;
    this.#count += 1;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= WRITTEN_AT_ONCE) this.#write();
  }

  /** The text with a number from 0; null when there is none. */
  get(index: number): string | null {
    if (!(index >= 0 && index < this.#count)) return null;
    this.#write();
    const from = index === 0 ? 0 : this.#ends[index - 1]!;
    const to = this.#ends[index]!;
    const first = Math.floor(from / PAGE);
    if (to <= (first + 1) * PAGE) return this.#page(first).toString("utf8", from - first * PAGE, to - first * PAGE);
    const bytes = Buffer.alloc(to - from);
    readSync(this.#file, bytes, 0, bytes.length, from);
    return bytes.toString();
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(): void {
    if (this.#waitingBytes === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#size - bytes.length + done);
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** The page asked for longest ago goes first. */
  #page(number: number): Buffer {
    const found = this.#pages.get(number);
    if (found !== undefined) {
      this.#pages.delete(number);
      this.#pages.set(number, found);
      return found;
    }
    const [oldest] = this.#pages.keys();
    if (this.#pages.size >= KEPT_PAGES && oldest !== undefined) this.#pages.delete(oldest);
    const page = Buffer.alloc(PAGE);
    readSync(this.#file, page, 0, PAGE, number * PAGE);
    this.#pages.set(number, page);
    return page;
  }
}
