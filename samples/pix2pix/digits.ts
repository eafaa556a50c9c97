// Pictures to learn from: the outline of a handwritten digit, and the digit filled with the colour of its number.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";
import type { Pair } from "./pictures";

const file = new URL("./data/digits.bin", import.meta.url);

/** The digits as grey pictures of `side` squared bytes; ink is bright. */
interface Digits {
  readonly side: number;
  readonly labels: Uint8Array;
  readonly images: readonly Uint8Array[];
}

/** All pairs: `train` has the first hundred of each digit, `test` the last ten. Each is made when it is asked for. */
export function digitPairs(
  mode: "train" | "test",
  size: number,
): readonly { readonly name: string; readonly pair: () => Pair }[] {
  const { side, labels, images } = readDigits();
  return images
    .map((image, index) => ({ name: `${String(index).padStart(4, "0")}_${labels[index]}`, index, image }))
    .filter(({ index }) => index < 1000 === (mode === "train"))
    .map(({ name, index, image }) => ({
      name,
      pair: () => pairOf({ image, side, colour: colourOf(labels[index] ?? 0), size }),
    }));
}

function readDigits(): Digits {
  const packed = (() => {
    try {
      return readFileSync(file);
    } catch {
      throw new Error(`${fileURLToPath(file)} is not there. Make it with: node scripts/digits.mjs`);
    }
  })();
  const bytes = inflateRawSync(packed);
  const [count, side] = [bytes.readUInt16LE(0), bytes.readUInt16LE(2)];
  const labels = bytes.subarray(4, 4 + count);
  const images = Array.from({ length: count }, (_, i) =>
    bytes.subarray(4 + count + i * side * side, 4 + count + (i + 1) * side * side),
  );
  return { side, labels, images };
}

/** Ten hues around the circle, dark enough to stand out from white. */
function colourOf(label: number): readonly [number, number, number] {
  const channel = (shift: number) => {
    const distance = Math.abs(((((label / 10 + shift) % 1) + 1) % 1) - 0.5) * 6;
    return 0.75 * Math.min(1, Math.max(0, distance - 1)) + 0.1;
  };
  return [channel(0), channel(-1 / 3), channel(-2 / 3)];
}

function pairOf({
  image,
  side,
  colour,
  size,
}: {
  image: Uint8Array;
  side: number;
  colour: readonly number[];
  size: number;
}): Pair {
  const ink = enlarge(image, side, size);
  const a = new Float32Array(size * size * 3);
  const b = new Float32Array(size * size * 3);
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++, at++) {
      const level = ink[at] ?? 0;
      const edge = level > 0.5 && isOutline(ink, { x, y, size });
      for (let c = 0; c < 3; c++) {
        a[at * 3 + c] = edge ? 0 : 1;
        b[at * 3 + c] = 1 - level * (1 - (colour[c] ?? 0));
      }
    }
  }
  return { a: { width: size, height: size, values: a }, b: { width: size, height: size, values: b } };
}

/** A pixel of ink is on the outline if the one above, below, left or right of it is none. */
function isOutline(ink: Float32Array, { x, y, size }: { x: number; y: number; size: number }): boolean {
  const outside = (dx: number, dy: number) => {
    const [nx, ny] = [x + dx, y + dy];
    return nx < 0 || ny < 0 || nx >= size || ny >= size || (ink[ny * size + nx] ?? 0) <= 0.5;
  };
  return outside(1, 0) || outside(-1, 0) || outside(0, 1) || outside(0, -1);
}

/** Bilinear, then steepened, so that an enlarged digit has firm borders. */
function enlarge(image: Uint8Array, side: number, size: number): Float32Array {
  const out = new Float32Array(size * size);
  const grey = (x: number, y: number) =>
    (image[Math.min(side - 1, Math.max(0, y)) * side + Math.min(side - 1, Math.max(0, x))] ?? 0) / 255;
  for (let y = 0; y < size; y++) {
    const sourceY = ((y + 0.5) * side) / size - 0.5;
    const [top, fy] = [Math.floor(sourceY), sourceY - Math.floor(sourceY)];
    for (let x = 0; x < size; x++) {
      const sourceX = ((x + 0.5) * side) / size - 0.5;
      const [left, fx] = [Math.floor(sourceX), sourceX - Math.floor(sourceX)];
      const upper = grey(left, top) * (1 - fx) + grey(left + 1, top) * fx;
      const lower = grey(left, top + 1) * (1 - fx) + grey(left + 1, top + 1) * fx;
      out[y * size + x] = Math.min(1, Math.max(0, (upper * (1 - fy) + lower * fy - 0.5) * 3 + 0.5));
    }
  }
  return out;
}
