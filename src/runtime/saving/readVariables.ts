// What a restore will set: the values of a Saver's variables, read and checked before any of them changes (SR-3 to SR-5).
import * as tf from "@tensorflow/tfjs-core";
import { FormatError } from "#base/errors";
import type { WorkWatch } from "#node/namedTasks";
import type { Bundle } from "#formats/bundle/openBundle";
import { decodeStrings } from "#formats/bundle/stringTensor";
import { sliceRuns, sliceSpec } from "#formats/bundle/tensorSlices";
import { bytesPerElement } from "#formats/tensor/dtypes";
import { isNotFound } from "#node/files";
import { carrierOf, sameShape, sizeOf } from "../graph/dtypes";
import { DataLossError, InvalidArgumentError, NotFoundError } from "../graph/errors";
import type { Value } from "../graph/operation";
import { openCheckpoint, type OpenCheckpoint } from "./openCheckpoint";
import type { StoredTensor } from "./saveables";
import { heldValues } from "./storedValues";
import { watchedReads } from "./watchedReads";

/** A checkpoint's values in memory. Tensors are made of them only when they are set, so that a failure leaves none behind. */
export interface CheckpointRead {
  /** By `readKey`. */
  readonly values: ReadonlyMap<string, () => Value>;
}

/** A tensor or a part of one among what was read. */
export function readKey({ name, part }: StoredTensor): string {
  return part ? `${name} ${sliceSpec(part.fullShape, part.slice)}` : name;
}

/** How variables are read. */
export interface ReadOptions {
  /** Values take the variables' shapes if they have as many elements (SV-12). */
  readonly reshape: boolean;
  readonly watch?: WorkWatch;
}

/**
 * Reads the values of all saveables. Missing names come first, the first one in byte order (SR-3); then all types that
 * differ, in one message (SR-4); then shapes (SR-5). Unlike TensorFlow everything is checked and read before any
 * variable changes, so that a restore that fails leaves the program as it was.
 */
export async function readVariables(prefix: string, saveables: readonly StoredTensor[], { reshape, watch = {} }: ReadOptions): Promise<CheckpointRead> {
  let checkpoint: OpenCheckpoint | undefined;
  try {
    checkpoint = await openCheckpoint(prefix);
    const { bundle } = checkpoint;
    checkFit(bundle, saveables, reshape);
    const values = new Map<string, () => Value>();
    const read = watchedReads(bundle, saveables.map(({ name }) => name), watch);
    let whole: WholeTensor | undefined;
    for (const saveable of inFileOrder(bundle, saveables)) {
      // The parts of one variable come one after the other, so its bytes are read once.
      if (whole?.name !== saveable.name) whole = { name: saveable.name, bytes: await read(saveable.name) };
      values.set(readKey(saveable), valueIn(whole, saveable));
    }
    return { values };
  } catch (error) {
    if (error instanceof FormatError) throw new DataLossError(error.message, undefined, { cause: error });
    if (!isNotFound(error)) throw error;
    throw new NotFoundError(`The checkpoint ${prefix} cannot be opened: a file of it is not there.`, undefined, { cause: error });
  } finally {
    await checkpoint?.close();
  }
}

function checkFit(bundle: Bundle, saveables: readonly StoredTensor[], reshape: boolean): void {
  const pairs = saveables.map((saveable) => ({ saveable, entry: bundle.entries.get(saveable.name) }));
  const missing = pairs.find(({ entry }) => !entry);
  if (missing && bundle.problems[0]) throw bundle.problems[0];
  if (missing) throw new NotFoundError(`Key ${missing.saveable.name} not found in checkpoint`);
  const otherTypes = pairs.flatMap(({ saveable: { name, dtype }, entry }) =>
    entry && entry.dtype !== dtype
      ? [`tensor_name = ${name}; expected dtype ${typeText(dtype)} does not equal original dtype ${typeText(entry.dtype)}`]
      : [],
  );
  if (otherTypes.length > 0) throw new InvalidArgumentError(otherTypes.join("\n"));
  for (const { saveable, entry } of pairs) {
    if (!entry || sameShape(saveable.part?.fullShape ?? saveable.shape, entry.shape)) continue;
    if (saveable.part) {
      throw new InvalidArgumentError(
        `tensor_name = ${saveable.name}; shape in shape_and_slice spec [${saveable.part.fullShape}] does not match the shape stored in checkpoint: [${entry.shape}]`,
      );
    }
    const [wanted, given] = [sizeOf(saveable.shape), sizeOf(entry.shape)];
    if (reshape && wanted === given) continue;
    if (reshape) {
      throw new InvalidArgumentError(
        `Input to reshape is a tensor with ${given} values, but the requested shape has ${wanted} (variable ${saveable.name})`,
      );
    }
    throw new InvalidArgumentError(
      `Assign requires shapes of both tensors to match. lhs shape= [${saveable.shape}] rhs shape= [${entry.shape}]` +
        ` (variable ${saveable.name})`,
    );
  }
}

/** The bytes of a part, out of those of the whole. */
function cut(whole: Uint8Array, { fullShape, slice }: NonNullable<StoredTensor["part"]>, elementBytes: number): Uint8Array {
  const bytes = new Uint8Array(slice.reduce((product, [, length]) => product * length, elementBytes));
  for (const { into, from, count } of sliceRuns(fullShape, slice)) {
    bytes.set(whole.subarray(into * elementBytes, (into + count) * elementBytes), from * elementBytes);
  }
  return bytes;
}

/** Reading a data file forwards only is much faster on spinning and networked disks. */
function inFileOrder(bundle: Bundle, saveables: readonly StoredTensor[]): StoredTensor[] {
  const place = ({ name }: StoredTensor) => bundle.entries.get(name);
  return [...saveables].sort((a, b) => {
    const [first, second] = [place(a), place(b)];
    if (!first || !second) return 0;
    return first.shard - second.shard || first.offset - second.offset || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  });
}

/** TensorFlow's C++ names of types, as its messages have them. */
function typeText(dtype: string): string {
  const known: Record<string, string> = { float32: "float", float64: "double", float16: "half" };
  return known[dtype] ?? dtype;
}

interface WholeTensor {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function valueIn({ bytes: whole }: WholeTensor, { name, dtype, shape, part }: StoredTensor): () => Value {
  const bytes = part && dtype !== "string" ? cut(whole, part, bytesPerElement(dtype) ?? 1) : whole;
  if (dtype === "string") {
    const strings = decodeStrings(bytes);
    return () => (shape.length === 0 ? (strings[0] ?? new Uint8Array()) : strings);
  }
  const values = heldValues(name, dtype, bytes);
  return () => tf.tensor(values, [...shape], carrierOf(dtype));
}
