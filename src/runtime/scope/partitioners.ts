// Partitioners: into how many parts a variable is cut along which axis (PT-1, PT-2, PT-4).
import { bytesPerElement } from "#formats/tensor/dtypes";
import { sizeOf, type OutputDtype } from "../graph/dtypes";
import { ValueError } from "../graph/errors";

/** Says for a shape and type how many parts each dimension is cut into; at most one dimension into more than one. */
export type Partitioner = (shape: readonly number[], dtype: OutputDtype) => readonly number[];

/** Which part of a whole variable one variable holds: how a checkpoint files it (TF1's SaveSliceInfo). */
export interface VariableSlice {
  /** The name of the whole. */
  readonly fullName: string;
  /** Shape of the whole. */
  readonly fullShape: readonly number[];
  /** Where the part begins, on each axis. */
  readonly offset: readonly number[];
  /** Shape of the part. */
  readonly shape: readonly number[];
}

/** What an initializer may know of the part that it makes. */
export type PartitionInfo = Pick<VariableSlice, "fullShape" | "offset">;

/** As many parts as are asked for, or as the axis is long. */
export function fixedSizePartitioner(shards: number, { axis = 0 }: { readonly axis?: number } = {}): Partitioner {
  return (shape) => alongAxis(shape, axis, (length) => Math.min(length, shards));
}

/** Parts of at most `maxShardBytes` along an axis; strings count `bytesPerString` each. */
export function variableAxisSizePartitioner(
  maxShardBytes: number,
  options: { readonly axis?: number; readonly bytesPerString?: number; readonly maxShards?: number } = {},
): Partitioner {
  const { axis = 0, bytesPerString = 16, maxShards = Infinity } = options;
  if (!(maxShardBytes >= 1)) throw new ValueError(`maxShardBytes must be positive, not ${maxShardBytes}`);
  if (!(maxShards >= 1)) throw new ValueError(`maxShards must be positive, not ${maxShards}`);
  return (shape, dtype) =>
    alongAxis(shape, axis, (length) => {
      const bytesPerSlice = (sizeOf(shape) / length) * elementBytes(dtype, bytesPerString);
      const slicesPerShard = Math.max(1, Math.floor(maxShardBytes / bytesPerSlice));
      return Math.min(maxShards, Math.ceil(length / slicesPerShard));
    });
}

/** At most `maxPartitions` parts, none smaller than `minSliceSize` bytes (256 KiB). */
export function minMaxVariablePartitioner(
  options: {
    readonly maxPartitions?: number;
    readonly axis?: number;
    readonly minSliceSize?: number;
    readonly bytesPerString?: number;
  } = {},
): Partitioner {
  const { maxPartitions = 1, axis = 0, minSliceSize = 256 * 1024, bytesPerString = 16 } = options;
  return (shape, dtype) =>
    alongAxis(shape, axis, (length) => {
      const slices = Math.ceil((sizeOf(shape) * elementBytes(dtype, bytesPerString)) / minSliceSize);
      return Math.max(1, Math.min(length, maxPartitions, slices));
    });
}

/** Asks a partitioner and checks its answer; the shape must be known and have a dimension (PT-1). */
export function partitionsOf(partitioner: Partitioner, shape: readonly number[] | undefined, dtype: OutputDtype): number[] {
  if (!shape) throw new ValueError("Shape of a new partitioned variable must be fully defined, but instead was unknown.");
  if (shape.length === 0) throw new ValueError("Shape of a new partitioned variable must have rank at least one.");
  const partitions = partitioner(shape, dtype);
  const listed = Array.isArray(partitions) ? (partitions as readonly number[]) : [];
  if (listed.length !== shape.length) {
    throw new ValueError(`The partitioner must give one number for each dimension of (${shape.join(", ")}), not ${JSON.stringify(partitions)}`);
  }
  if (listed.some((count) => !Number.isInteger(count) || count < 1)) {
    throw new ValueError(`The partitioner returned counts below one: ${listed.join(", ")}`);
  }
  if (listed.filter((count) => count > 1).length > 1) {
    throw new ValueError(`A variable can be partitioned along one axis only, not as ${listed.join(", ")}`);
  }
  return [...listed];
}

/** The parts along the partitioned axis; sizes differ by at most one, larger ones first (PT-2). */
export function slicesOf(fullName: string, fullShape: readonly number[], partitions: readonly number[]): VariableSlice[] {
  const axis = partitionAxis(partitions);
  const count = partitions[axis] ?? 1;
  const length = fullShape[axis] ?? 1;
  const [small, larger] = [Math.floor(length / count), length % count];
  return Array.from({ length: count }, (_, index) => {
    const start = index * small + Math.min(index, larger);
    return {
      fullName,
      fullShape,
      offset: fullShape.map((_length, at) => (at === axis ? start : 0)),
      shape: fullShape.map((whole, at) => (at === axis ? small + (index < larger ? 1 : 0) : whole)),
    };
  });
}

/** The axis that is cut; the first where none is. */
export function partitionAxis(partitions: readonly number[]): number {
  return Math.max(0, partitions.findIndex((count) => count > 1));
}

function alongAxis(shape: readonly number[], axis: number, shards: (length: number) => number): number[] {
  const length = shape[axis];
  if (length === undefined) throw new ValueError(`A shape (${shape.join(", ")}) has no axis ${axis} to be partitioned along.`);
  return shape.map((_length, at) => (at === axis ? shards(length) : 1));
}

function elementBytes(dtype: OutputDtype, bytesPerString: number): number {
  return bytesPerElement(dtype) ?? bytesPerString;
}
