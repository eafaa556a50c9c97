// Random contents for tests, the same in every run of a seed.

/** A small generator (mulberry32) with what tests ask for. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0, below 1. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** One in `times` is true. */
  chance(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** Up to `most` results of `make`. */
  several<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  /** Any double but NaN: usual sizes, whole numbers, the ends of the range, any bits. */
  double(): number {
    switch (this.below(5)) {
      case 0: return this.pick([0, -0, 1, -1, 0.1, 1e16, 1e-5, Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -Infinity, 2 ** 53]);
      case 1: return this.below(2 ** 31) - 2 ** 30;
      case 2: return (this.unit() - 0.5) * 10 ** (this.below(40) - 20);
      default: {
        const value = new DataView(this.bytes(8).buffer).getFloat64(0);
        return Number.isNaN(value) ? 1.5 : value;
      }
    }
  }

  /** Any float32 but NaN. */
  float(): number {
    if (this.chance(2)) return Math.fround(this.double());
    const value = new DataView(this.bytes(4).buffer).getFloat32(0);
    return Number.isNaN(value) ? 0.5 : value;
  }

  /** Text of up to `most` characters: quotes, escapes, control characters, accents, other scripts, emoji. */
  text(most: number): string {
    return this.several(most, () => this.pick(characters)).join("");
  }
}

const characters: readonly string[] = [
  ..."abcxyzABC0123456789_/.:-+* ", "\\", '"', "'", "\n", "\r", "\t", "\0", "\x01", "\x7f", "?", "#", "{", "}", "%", "\u00a0", "ß", "é", "\u2028", "模", "型", "🙂",
];
