// Batches of handwritten digits: 1,000 to learn from, 100 to test with. The file is the pix2pix sample's.
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import type { Example } from "trainscope";

const file = new URL("../pix2pix/data/digits.bin", import.meta.url);
const trained = 1000;

/** Pictures of `side` squared grey values between 0 and 1, and which digit each shows. */
export interface Digits {
  readonly side: number;
  readonly images: readonly Float32Array[];
  readonly labels: readonly number[];
}

/** The first thousand digits, or the hundred behind them. */
export function loadDigits(part: "train" | "test"): Digits {
  const bytes = inflateRawSync(readFileSync(file));
  const [count, side] = [bytes.readUInt16LE(0), bytes.readUInt16LE(2)];
  const pixels = side * side;
  const chosen = Array.from({ length: count }, (_, i) => i).filter((i) => i < trained === (part === "train"));
  const imageAt = (i: number) => {
    const at = 4 + count + i * pixels;
    return Float32Array.from(bytes.subarray(at, at + pixels), (grey) => grey / 255);
  };
  return { side, images: chosen.map(imageAt), labels: chosen.map((i) => bytes[4 + i] ?? 0) };
}

/** Batches without end. Each pass over the digits has an order of its own, drawn from the seed; none where it is undefined. */
export function* batches({ images, labels }: Digits, { size, seed }: { readonly size: number; readonly seed?: number }): Generator<Example<"images" | "labels">> {
  const random = numbersFrom(seed ?? 0);
  let order: number[] = [];
  for (;;) {
    while (order.length < size) order.push(...shuffled(images.map((_, i) => i), seed === undefined ? undefined : random));
    const taken = order.slice(0, size);
    order = order.slice(size);
    yield {
      images: Float32Array.from(taken.flatMap((i) => Array.from(images[i] ?? []))),
      labels: Int32Array.from(taken, (i) => labels[i] ?? 0),
    };
  }
}

function shuffled(items: number[], random: (() => number) | undefined): number[] {
  if (!random) return items;
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other] ?? 0, items[last] ?? 0];
  }
  return items;
}

/** Numbers between 0 and 1 that the seed decides (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
