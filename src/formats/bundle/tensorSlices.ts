// Slices of partitioned tensors: which elements they hold, and their text (TB-14, TB-15).
import { FormatError } from "#base/errors";
import type { SliceExtent, TensorSlice } from "./bundle";

/** The slice with every length written out; refused if it does not lie in the shape. */
export function wholeExtents(shape: readonly number[], slice: TensorSlice): TensorSlice {
  if (slice.length !== shape.length) throw new FormatError("malformed", "a slice has another rank than its tensor", { wanted: shape.length, got: slice.length });
  return slice.map(([start, length], at): SliceExtent => {
    const size = shape[at] ?? 0;
    const whole = length === -1 ? size - start : length;
    if (start < 0 || whole < 0 || start + whole > size) throw new FormatError("malformed", "a slice lies outside its tensor", { wanted: size, got: start + whole });
    return [start, whole];
  });
}

/** The forms in which a slice's key may be written: as it stands, and with uncut dimensions as "whole". */
export function keyForms(shape: readonly number[], slice: TensorSlice): TensorSlice[] {
  const whole = wholeExtents(shape, slice);
  return [slice, whole, whole.map(([start, length], at): SliceExtent => (start === 0 && length === shape[at] ? [0, -1] : [start, length]))];
}

/** TensorFlow's slice spec: the full shape, a blank, and `start,length` per dimension joined by colons. */
export function sliceSpec(shape: readonly number[], slice: TensorSlice): string {
  return `${shape.join(" ")} ${wholeExtents(shape, slice).map(([start, length]) => `${start},${length}`).join(":")}`;
}

/** What `sliceSpec` writes, read; undefined for an empty text, which stands for the whole. A dimension may be `-`, which is uncut. */
export function parseSliceSpec(spec: string): { readonly shape: readonly number[]; readonly slice: TensorSlice } | undefined {
  if (spec === "") return undefined;
  const words = spec.split(" ");
  const shape = words.slice(0, -1).map(Number);
  const slice = (words.at(-1) ?? "").split(":").map((extent): SliceExtent => {
    const [start = 0, length = -1] = extent === "-" ? [] : extent.split(",").map(Number);
    return [start, length];
  });
  if ([...shape, ...slice.flat()].some((number) => !Number.isInteger(number))) throw new FormatError("malformed", `'${spec}' is no slice of a tensor`);
  return { shape, slice: wholeExtents(shape, slice) };
}

/** A run of elements that lie side by side in both the tensor and the slice. */
export interface SliceRun {
  readonly into: number;
  readonly from: number;
  readonly count: number;
}

/** All runs of a slice with lengths written out. Trailing uncut dimensions make runs longer. */
export function* sliceRuns(shape: readonly number[], slice: TensorSlice): Generator<SliceRun> {
  let split = shape.length;
  while (split > 0 && isUncut(slice[split - 1], shape[split - 1])) split--;
  const inner = shape.slice(split).reduce((product, size) => product * size, 1);
  const lastCut = Math.max(0, split - 1);
  const [lastStart, lastLength] = slice[lastCut] ?? [0, 1];
  const count = split === 0 ? inner : lastLength * inner;
  if (count === 0) return;
  const outer = slice.slice(0, lastCut);
  const rows = outer.reduce((product, [, length]) => product * length, 1);
  for (let row = 0; row < rows; row++) {
    let place = 0;
    let scale = 1;
    let rest = row;
    for (let at = outer.length - 1; at >= 0; at--) {
      const [start, length] = outer[at] ?? [0, 1];
      place += (start + (rest % length)) * scale;
      rest = Math.floor(rest / length);
      scale *= shape[at] ?? 1;
    }
    const into = split === 0 ? 0 : (place * (shape[lastCut] ?? 1) + lastStart) * inner;
    yield { into, from: row * count, count };
  }
}

function isUncut(extent: SliceExtent | undefined, size: number | undefined): boolean {
  return extent?.[0] === 0 && extent[1] === size;
}
