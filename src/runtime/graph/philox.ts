// TensorFlow's random numbers: the counter-based generator Philox 4x32-10, and floats made of its bits.

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

/** 2⁻²³: TensorFlow uses the low 23 bits of a word as a float's mantissa. */
const mantissaStep = 1 / 8388608;
/** TensorFlow's guard against log(0). */
const smallestUniform = 1e-7;
/** Counter values that TensorFlow sets aside for each output, so that rejection has enough. */
export const reservedPerOutput = 256;

/** The two seeds of an operation: the graph's and the operation's own, each a non-negative integer. */
export interface SeedPair {
  readonly seed: number;
  readonly seed2: number;
}

/** A stream of 32-bit words from position `counter` (in groups of four words) on. */
export class Philox {
  readonly #key0: number;
  readonly #key1: number;
  readonly #stream0: number;
  readonly #stream1: number;
  #counter: number;
  /** The four words of the present counter. */
  readonly words = new Uint32Array(4);

  constructor({ seed, seed2 }: SeedPair, counter: number) {
    this.#key0 = low(seed);
    this.#key1 = high(seed);
    this.#stream0 = low(seed2);
    this.#stream1 = high(seed2);
    this.#counter = counter;
  }

  /** Fills `words` with the next four. Plain locals and no tuples: this is the inner loop of every initializer. */
  next(): void {
    let c0 = low(this.#counter);
    let c1 = high(this.#counter);
    let c2 = this.#stream0;
    let c3 = this.#stream1;
    let k0 = this.#key0;
    let k1 = this.#key1;
    for (let round = 0; round < rounds; round++) {
      const high0 = multiplyHigh(0xd251, 0x1f53, c0);
      const low0 = Math.imul(multiplier0, c0);
      const high1 = multiplyHigh(0xcd9e, 0x8d57, c2);
      const low1 = Math.imul(multiplier1, c2);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + weyl0) | 0;
      k1 = (k1 + weyl1) | 0;
    }
    const { words } = this;
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
    this.#counter += 1;
  }
}

/** Uniform in [0, 1), as TensorFlow's RandomUniform. */
export function fillUniform(values: Float32Array, seeds: SeedPair, counter: number): void {
  const generator = new Philox(seeds, counter);
  const { words } = generator;
  for (let start = 0; start < values.length; start += 4) {
    generator.next();
    const count = Math.min(4, values.length - start);
    for (let i = 0; i < count; i++) values[start + i] = uniform(words[i] as number);
  }
}

/** Standard normal, as TensorFlow's RandomStandardNormal. */
export function fillNormal(values: Float32Array, seeds: SeedPair, counter: number): void {
  const generator = new Philox(seeds, counter);
  const { words } = generator;
  const four = new Float64Array(4);
  for (let start = 0; start < values.length; start += 4) {
    generator.next();
    normalPair(four, 0, words);
    normalPair(four, 2, words);
    const count = Math.min(4, values.length - start);
    for (let i = 0; i < count; i++) values[start + i] = four[i] as number;
  }
}

/** Standard normal, as TensorFlow's TruncatedNormal: what lies beyond two standard deviations is drawn again. */
export function fillTruncatedNormal(values: Float32Array, seeds: SeedPair, counter: number): void {
  const four = new Float64Array(4);
  for (let start = 0; start < values.length; start += 4) {
    const generator = new Philox(seeds, counter + (start / 4) * reservedPerOutput);
    const end = Math.min(start + 4, values.length);
    for (let i = start; i < end; ) {
      generator.next();
      normalPair(four, 0, generator.words);
      normalPair(four, 2, generator.words);
      for (let j = 0; j < 4 && i < end; j++) if (Math.abs(four[j] as number) < 2) values[i++] = four[j] as number;
    }
  }
}

function uniform(word: number): number {
  return (word & 0x7fffff) * mantissaStep;
}

/** Box and Muller's pair of normal numbers from two words, at the same place as the words. */
function normalPair(into: Float64Array, at: number, words: Uint32Array): void {
  const radius = Math.sqrt(-2 * Math.log(Math.max(uniform(words[at] as number), smallestUniform)));
  const angle = 2 * Math.PI * uniform(words[at + 1] as number);
  into[at] = Math.sin(angle) * radius;
  into[at + 1] = Math.cos(angle) * radius;
}

function low(value: number): number {
  return value >>> 0;
}

function high(value: number): number {
  return Math.floor(value / 4294967296) >>> 0;
}

/** Upper 32 bits of a product; the first factor comes in its two halves, and halves of both never overflow a double. */
function multiplyHigh(aHigh: number, aLow: number, b: number): number {
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (cross >>> 16)) | 0;
}
