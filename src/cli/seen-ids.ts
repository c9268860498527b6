/**
 * Remembers which ids a long input has had, in a few bytes each: only a fingerprint of an id is kept, so a repeat is certain to be
 * noticed, and what is noticed must be looked up again in the input to be sure. Knows nothing of files. Next: classify.ts uses it.
 */

/** Slots of two 32-bit halves of a fingerprint; a second half of zero is an empty slot. Doubled when half full. */
const FIRST_SLOTS = 1024;

export class SeenIds {
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  #count = 0;

  /** Takes the id in. True when it, or (once in many million million) another of the same fingerprint, was there before. */
  hadBefore(id: string): boolean {
    let a = 0x811c9dc5;
    let b = 0x9e3779b9;
    for (let i = 0; i < id.length; i++) {
      const unit = id.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x85ebca6b);
      b ^= b >>> 13;
    }
    // A second half is never zero: that marks an empty slot.
    if (put(this.#slots, a >>> 0, b >>> 0 || 1)) return true;
    this.#count++;
    if (this.#count * 4 > this.#slots.length) this.#grow();
    return false;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) put(this.#slots, old[at]!, old[at + 1]!);
  }
}

/** Puts a fingerprint into its slot; true when it is there already. The second half is never zero. */
function put(slots: Uint32Array, a: number, b: number): boolean {
  const last = slots.length / 2 - 1;
  for (let slot = (a ^ (b >>> 7)) & last; ; slot = (slot + 1) & last) {
    if (slots[2 * slot + 1] === 0) {
      slots[2 * slot] = a;
      slots[2 * slot + 1] = b;
      return false;
    }
    if (slots[2 * slot] === a && slots[2 * slot + 1] === b) return true;
  }
}
