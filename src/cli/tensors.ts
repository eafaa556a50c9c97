// One tensor of a checkpoint: its values, and figures over them.
import { UserError } from "#base/errors";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import { withCheckpoint } from "#host/reader/openCheckpoint";

/** Values flat, in row-major order. */
export interface TensorAnswer {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<unknown>;
  /** For numeric types. */
  readonly stats?: TensorStats;
}

/** Least, greatest, mean and deviation are over finite values; NaN where there are none. */
export interface TensorStats {
  /** Of 64-bit integers exact. */
  readonly min: number | bigint;
  readonly max: number | bigint;
  readonly mean: number;
  /** Over the whole population, not a sample. */
  readonly std: number;
  readonly nonFinite: number;
  readonly zeros: number;
}

/** Reads one tensor, checksum compared. */
export function readTensor(prefix: string, name: string): Promise<TensorAnswer> {
  return withCheckpoint(prefix, async (bundle) => {
    const entry = bundle.entries.get(name);
    if (!entry)
      throw new UserError(`There is no tensor ${name} in ${prefix}.`, "trainscope inspect lists what is there.");
    const bytes = await bundle.read(name, { verify: true });
    const { dtype, shape } = entry;
    const stored = decodeTensor(dtype, bytes);
    const numeric = !/^(bool|string|complex)/.test(dtype);
    return { name, dtype, shape, values: valuesOf(dtype, stored), ...(numeric && { stats: statsOf(stored) }) };
  });
}

/** One item per element: bools as bools, complex numbers as pairs, strings as their bytes, the rest as numbers. */
export function valuesOf(dtype: string, stored: ArrayLike<unknown>): ArrayLike<unknown> {
  if (dtype === "bool") return Array.from(stored, (item) => item !== 0);
  if (dtype.startsWith("complex"))
    return Array.from({ length: stored.length / 2 }, (_, at) => [stored[2 * at], stored[2 * at + 1]]);
  // An array of bytes would be printed as a byte string.
  return stored instanceof Uint8Array ? Array.from(stored) : stored;
}

/** Figures over numbers. Two passes, so that the deviation of large values is exact enough. */
export function statsOf(values: ArrayLike<unknown>): TensorStats {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return statsOfIntegers(values);
  const numbers = Float64Array.from({ length: values.length }, (_, at) => toNumber(values[at]));
  let [min, max, sum, finite, zeros] = [Infinity, -Infinity, 0, 0, 0];
  for (const number of numbers) {
    if (number === 0) zeros++;
    if (!Number.isFinite(number)) continue;
    finite++;
    sum += number;
    if (number < min) min = number;
    if (number > max) max = number;
  }
  if (finite === 0) return { min: NaN, max: NaN, mean: NaN, std: NaN, nonFinite: numbers.length, zeros };
  const mean = sum / finite;
  let squares = 0;
  for (const number of numbers) if (Number.isFinite(number)) squares += (number - mean) ** 2;
  return { min, max, mean, std: Math.sqrt(squares / finite), nonFinite: numbers.length - finite, zeros };
}

/** Sums are exact: 64-bit integers that nearly cancel would leave nothing of a sum of doubles. */
function statsOfIntegers(values: BigInt64Array | BigUint64Array): TensorStats {
  const [first] = values;
  if (first === undefined) return { min: NaN, max: NaN, mean: NaN, std: NaN, nonFinite: 0, zeros: 0 };
  let [min, max, sum, zeros] = [first, first, 0n, 0];
  for (const value of values) {
    sum += value;
    if (value === 0n) zeros++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const mean = Number(sum) / values.length;
  let squares = 0;
  for (const value of values) squares += (Number(value) - mean) ** 2;
  return { min, max, mean, std: Math.sqrt(squares / values.length), nonFinite: 0, zeros };
}

function toNumber(item: unknown): number {
  return typeof item === "number" ? item : NaN;
}
