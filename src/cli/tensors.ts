// One tensor of a checkpoint: its values, and figures over them.
import { openFileSource, type FileSource } from "#node/files";
import { UserError } from "#base/errors";
import { openBundle, shardName } from "#formats/bundle/openBundle";
import { decodeTensor } from "#formats/bundle/decodeTensor";

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
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Over the whole population, not a sample. */
  readonly std: number;
  readonly nonFinite: number;
  readonly zeros: number;
}

/** Reads one tensor, checksum compared. */
export async function readTensor(prefix: string, name: string): Promise<TensorAnswer> {
  const opened: FileSource[] = [];
  const open = async (path: string): Promise<FileSource> => {
    const source = await openFileSource(path);
    opened.push(source);
    return source;
  };
  try {
    const bundle = await openBundle(await open(`${prefix}.index`), (shard, of) => open(shardName(prefix, shard, of)));
    const entry = bundle.entries.get(name);
    if (!entry) throw new UserError(`There is no tensor ${name} in ${prefix}.`, "trainscope inspect lists what is there.");
    const values = decodeTensor(entry.dtype, await bundle.read(name, { verify: true }));
    const stats = statsOf(values);
    return { name, dtype: entry.dtype, shape: entry.shape, values, ...(stats && { stats }) };
  } finally {
    for (const source of opened) await source.close();
  }
}

/** Figures over numbers; undefined for anything else. Two passes, so that the deviation of large values is exact enough. */
export function statsOf(values: ArrayLike<unknown>): TensorStats | undefined {
  const numbers = Float64Array.from({ length: values.length }, (_, at) => toNumber(values[at]));
  if (values.length > 0 && !["number", "bigint"].includes(typeof values[0])) return undefined;
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

function toNumber(item: unknown): number {
  return typeof item === "number" ? item : typeof item === "bigint" ? Number(item) : NaN;
}
