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

  /** Fills `words` with the next four. */
  next(): void {
    let [c0, c1, c2, c3] = [low(this.#counter), high(this.#counter), this.#stream0, this.#stream1];
    let [k0, k1] = [this.#key0, this.#key1];
    for (let round = 0; round < rounds; round++) {
      const high0 = multiplyHigh(multiplier0, c0);
      const low0 = Math.imul(multiplier0, c0);
      const high1 = multiplyHigh(multiplier1, c2);
      const low1 = Math.imul(multiplier1, c2);
      c0 = (high1 ^ c1 ^ k0) >>> 0;
      c1 = low1;
      c2 = (high0 ^ c3 ^ k1) >>> 0;
      c3 = low0;
      k0 = (k0 + weyl0) | 0;
      k1 = (k1 + weyl1) | 0;
    }
    this.words[0] = c0;
    this.words[1] = c1;
    this.words[2] = c2;
    this.words[3] = c3;
    this.#counter += 1;
  }
}

/** Uniform in [0, 1), as TensorFlow's RandomUniform. */
export function fillUniform(values: Float32Array, seeds: SeedPair, counter: number): void {
  const generator = new Philox(seeds, counter);
  for (let i = 0; i < values.length; i++) {
    if (i % 4 === 0) generator.next();
    values[i] = uniform(generator.words[i % 4] ?? 0);
  }
}

/** Standard normal, as TensorFlow's RandomStandardNormal. */
export function fillNormal(values: Float32Array, seeds: SeedPair, counter: number): void {
  const generator = new Philox(seeds, counter);
  const pair = new Float64Array(2);
  for (let i = 0; i < values.length; i++) {
    if (i % 4 === 0) generator.next();
    const at = i % 4 < 2 ? 0 : 2;
    if (i % 2 === 0) normalPair(pair, generator.words[at] ?? 0, generator.words[at + 1] ?? 0);
    values[i] = pair[i % 2] ?? 0;
  }
}

/** Standard normal within two standard deviations, as TensorFlow's TruncatedNormal: what lies outside is drawn again. */
export function fillTruncatedNormal(values: Float32Array, seeds: SeedPair, counter: number): void {
  const pair = new Float64Array(2);
  for (let start = 0; start < values.length; start += 4) {
    const generator = new Philox(seeds, counter + (start / 4) * reservedPerOutput);
    const end = Math.min(start + 4, values.length);
    let word = 4;
    for (let i = start; i < end; ) {
      if (word === 4) {
        generator.next();
        word = 0;
      }
      normalPair(pair, generator.words[word] ?? 0, generator.words[word + 1] ?? 0);
      word += 2;
      for (const value of pair) if (Math.abs(value) < 2 && i < end) values[i++] = value;
    }
  }
}

function uniform(word: number): number {
  return (word & 0x7fffff) * mantissaStep;
}

/** Box and Muller's pair of normal numbers from two words. */
function normalPair(pair: Float64Array, word0: number, word1: number): void {
  const radius = Math.sqrt(-2 * Math.log(Math.max(uniform(word0), smallestUniform)));
  const angle = 2 * Math.PI * uniform(word1);
  pair[0] = Math.sin(angle) * radius;
  pair[1] = Math.cos(angle) * radius;
}

function low(value: number): number {
  return value >>> 0;
}

function high(value: number): number {
  return Math.floor(value / 4294967296) >>> 0;
}

/** Upper 32 bits of a 64-bit product. */
function multiplyHigh(a: number, b: number): number {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const [bHigh, bLow] = [b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (cross >>> 16)) >>> 0;
}
