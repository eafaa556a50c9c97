// Pictures as numbers: pairs of them, out of a folder of paired files, and their size changed.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { decodeJpeg, decodePng } from "trainscope";

/** RGB between 0 and 1, interleaved, top row first. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** What the original calls A and B. */
export interface Pair {
  readonly a: Picture;
  readonly b: Picture;
}

/** The JPEG files of a folder, or if there are none its PNG files, sorted by number if every name is one, else by text. The left half is A, the right half B. */
export function folderPairs(
  inputDir: string,
  size: number,
): readonly { readonly name: string; readonly pair: () => Pair }[] {
  const all = filesIn(inputDir);
  const jpegs = all.filter((file) => isJpeg(file));
  const files = jpegs.length > 0 ? jpegs : all.filter((file) => /\.png$/i.test(file));
  if (files.length === 0) throw new Error("input_dir contains no image files");
  const named = files.map((file) => ({ file, name: basename(file, file.slice(file.lastIndexOf("."))) }));
  const numeric = named.every(({ name }) => /^\d+$/.test(name));
  named.sort((a, b) => (numeric ? Number(a.name) - Number(b.name) : a.name < b.name ? -1 : 1));
  return named.map(({ file, name }) => ({ name, pair: () => readPair(join(inputDir, file), size) }));
}

function filesIn(inputDir: string): string[] {
  try {
    return readdirSync(inputDir);
  } catch (error) {
    throw new Error(`input_dir does not exist: ${inputDir}`, { cause: error });
  }
}

function isJpeg(file: string): boolean {
  return /\.jpe?g$/i.test(file);
}

function decode(file: string): ReturnType<typeof decodePng> {
  try {
    return (isJpeg(file) ? decodeJpeg : decodePng)(readFileSync(file));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function readPair(file: string, size: number): Pair {
  const { width, height, bytes } = decode(file);
  const half = Math.floor(width / 2);
  const side = (from: number): Picture => {
    const values = new Float32Array(half * height * 3);
    for (let y = 0; y < height; y++) {
      for (let i = 0; i < half * 3; i++) values[y * half * 3 + i] = (bytes[(y * width + from) * 3 + i] ?? 0) / 255;
    }
    return resize({ width: half, height, values }, size);
  };
  return { a: side(0), b: side(half) };
}

/** To `size` squared; each new pixel is the mean of the area it covers (TensorFlow's AREA). */
export function resize(picture: Picture, size: number): Picture {
  const { width, height, values } = picture;
  if (width === size && height === size) return picture;
  const columns = overlaps(width, size);
  const rows = overlaps(height, size);
  const out = new Float32Array(size * size * 3);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (const [sy, wy] of row)
          for (const [sx, wx] of column) sum += wy * wx * (values[(sy * width + sx) * 3 + c] ?? 0);
        out[(y * size + x) * 3 + c] = sum;
      }
    });
  });
  return { width: size, height: size, values: out };
}

/** For each new pixel the old ones that it covers, with their share of it. */
function overlaps(from: number, to: number): readonly (readonly [index: number, share: number])[][] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * scale, (i + 1) * scale];
    const shares: [number, number][] = [];
    for (let s = Math.floor(start); s < Math.min(from, Math.ceil(end - 1e-9)); s++) {
      shares.push([s, (Math.min(end, s + 1) - Math.max(start, s)) / scale]);
    }
    return shares;
  });
}
