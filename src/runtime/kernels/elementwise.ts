// Element-wise operations as typed loops, for the broadcasts that networks are made of.

/** Reads two arrays of the length of `out`. */
export type Loop = (a: Float32Array, b: Float32Array, out: Float32Array) => void;

/** One loop of its own for each operation: a shared loop that calls a function would not be compiled into it. */
export const elementwise: ReadonlyMap<string, Loop> = new Map<string, Loop>([
  [
    "Add",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) + (b[i] as number);
    },
  ],
  [
    "Sub",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) - (b[i] as number);
    },
  ],
  [
    "Multiply",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) * (b[i] as number);
    },
  ],
  [
    "RealDiv",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) / (b[i] as number);
    },
  ],
]);

/** The result of a broadcast that only repeats one side as a whole (also a scalar); nothing for any other. */
export function plainBroadcast(
  a: readonly number[],
  b: readonly number[],
): { readonly shape: readonly number[]; readonly size: number } | undefined {
  if (endsWith(a, b)) return { shape: a, size: product(a) };
  if (endsWith(b, a)) return { shape: b, size: product(b) };
  return undefined;
}

/** `values` as often as it takes to fill `size` elements. */
export function repeatedTo(values: Float32Array, size: number): Float32Array {
  if (values.length === size) return values;
  const out = new Float32Array(size);
  if (values.length === 1) return out.fill(values[0] as number);
  for (let at = 0; at < size; at += values.length) out.set(values, at);
  return out;
}

/** Whether `tail`, its leading ones aside, is how `shape` ends; then it repeats as a whole. */
function endsWith(shape: readonly number[], tail: readonly number[]): boolean {
  if (tail.length > shape.length) return false;
  const first = tail.findIndex((size) => size !== 1);
  if (first === -1) return true;
  const kept = tail.slice(first);
  return kept.every((size, at) => size === shape[shape.length - kept.length + at]);
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, next) => size * next, 1);
}
