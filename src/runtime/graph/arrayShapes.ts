// Output shapes of kernels that arrange values: joining, cutting, gathering, padding, resizing, filling.
import * as tf from "@tensorflow/tfjs-core";
import type { OutputDtype } from "./dtypes";
import type { KernelAttrs } from "./engine";
import type { OutputSpec } from "./operation";
import type { ShapedInputs, ShapeRule } from "./shapeRules";

const numbers = (value: unknown): readonly number[] => value as readonly number[];

const concat: ShapeRule = ({ all }, { axis }) => {
  const first = need(all[0]);
  const [along = 0] = tf.util.parseAxisParam(axis as number, [...first.shape]);
  const shapes = all.map(({ shape }) => [...shape]);
  return { shape: tf.backend_util.computeOutShape(shapes, along), dtype: first.dtype };
};

const split: ShapeRule = ({ byKey: { x } }, { numOrSizeSplits, axis }) => {
  const input = need(x);
  const [along = 0] = tf.util.parseAxisParam(axis as number, [...input.shape]);
  const sizes = splitSizes(input.shape[along] ?? 0, numOrSizeSplits as number | number[]);
  const part = (size: number): number[] => input.shape.map((length, i) => (i === along ? size : length));
  return sizes.map((size) => ({ shape: part(size), dtype: input.dtype }));
};

const pack: ShapeRule = ({ all }, { axis }) => {
  const first = need(all[0]);
  const shape = [...first.shape];
  const along = axis as number;
  shape.splice(along < 0 ? along + shape.length + 1 : along, 0, all.length);
  return { shape, dtype: first.dtype };
};

const unpack: ShapeRule = ({ byKey: { value } }, { axis }) => {
  const input = need(value);
  const along = (axis as number) < 0 ? (axis as number) + input.shape.length : (axis as number);
  const shape = input.shape.filter((_length, i) => i !== along);
  return Array.from({ length: input.shape[along] ?? 0 }, () => ({ shape, dtype: input.dtype }));
};

const reshape: ShapeRule = ({ byKey: { x } }, { shape }) => {
  const input = need(x);
  const size = tf.util.sizeFromShape([...input.shape]);
  return { shape: tf.util.inferFromImplicitShape([...numbers(shape)], size), dtype: input.dtype };
};

const expandDims: ShapeRule = ({ byKey: { input } }, { dim }) => {
  const { shape, dtype } = need(input);
  const at = (dim as number) < 0 ? shape.length + (dim as number) + 1 : (dim as number);
  return { shape: [...shape.slice(0, at), 1, ...shape.slice(at)], dtype };
};

const slice: ShapeRule = ({ byKey: { x } }, { begin, size }) => {
  const input = need(x);
  return { shape: sliceParams(input.shape, begin, size)[1], dtype: input.dtype };
};

/** Begin and size along every axis: tfjs takes one number for the first, and leaves out what reaches to the end. */
export function sliceParams(shape: readonly number[], begin: unknown, size: unknown): [begin: number[], size: number[]] {
  const [starts = [], lengths = []] = tf.slice_util.parseSliceParams({ shape, rank: shape.length } as unknown as tf.Tensor, begin as number[], size as number[]);
  return [starts, lengths];
}

const stridedSlice: ShapeRule = ({ byKey: { x } }, attrs) => {
  const { shape, dtype } = need(x);
  const info = tf.slice_util.sliceInfo(
    [...shape],
    [...numbers(attrs["begin"])],
    [...numbers(attrs["end"])],
    [...numbers(attrs["strides"])],
    attrs["beginMask"] as number,
    attrs["endMask"] as number,
    attrs["ellipsisMask"] as number,
    attrs["newAxisMask"] as number,
    attrs["shrinkAxisMask"] as number,
  );
  return { shape: info.finalShape, dtype };
};

const transpose: ShapeRule = ({ byKey: { x } }, { perm }) => {
  const { shape, dtype } = need(x);
  return { shape: numbers(perm).map((axis) => shape[axis] ?? 0), dtype };
};

const tile: ShapeRule = ({ byKey: { x } }, { reps }) => {
  const { shape, dtype } = need(x);
  return { shape: shape.map((length, i) => length * (numbers(reps)[i] ?? 1)), dtype };
};

const pad: ShapeRule = ({ byKey: { x } }, { paddings }) => {
  const { shape, dtype } = need(x);
  const pairs = paddings as readonly (readonly [number, number])[];
  return { shape: shape.map((length, i) => length + (pairs[i]?.[0] ?? 0) + (pairs[i]?.[1] ?? 0)), dtype };
};

const gather: ShapeRule = ({ byKey: { x, indices } }, attrs) => {
  const data = need(x);
  const [axis = 0] = tf.util.parseAxisParam(attrs["axis"] as number, [...data.shape]);
  const batch = (attrs["batchDims"] as number | undefined) ?? 0;
  const inner = need(indices).shape.slice(batch);
  return { shape: [...data.shape.slice(0, axis), ...inner, ...data.shape.slice(axis + 1)], dtype: data.dtype };
};

const gatherNd: ShapeRule = ({ byKey: { params, indices } }) => {
  const data = need(params);
  const where = need(indices).shape;
  return { shape: [...where.slice(0, -1), ...data.shape.slice(where.at(-1) ?? 0)], dtype: data.dtype };
};

const select: ShapeRule = ({ byKey: { t, e } }) => {
  const [yes, no] = [need(t), need(e)];
  return { shape: yes.shape, dtype: tf.upcastType(yes.dtype as tf.DataType, no.dtype as tf.DataType) };
};

const resize = (key: string): ShapeRule => ({ byKey }, { size }) => {
  const [batch = 0, , , channels = 0] = need(byKey[key]).shape;
  const [height = 0, width = 0] = numbers(size);
  return { shape: [batch, height, width, channels], dtype: "float32" };
};

const resizeGrad: ShapeRule = ({ byKey: { images } }) => ({ shape: need(images).shape, dtype: "float32" });

const depthToSpace: ShapeRule = ({ byKey: { x } }, { blockSize, dataFormat }) => {
  const { shape, dtype } = need(x);
  const [batch = 0, a = 0, b = 0, c = 0] = shape;
  const block = blockSize as number;
  const nchw = dataFormat === "NCHW";
  const channels = (nchw ? a : c) / (block * block);
  const sides = (nchw ? [b, c] : [a, b]).map((length) => length * block);
  return { shape: nchw ? [batch, channels, ...sides] : [batch, ...sides, channels], dtype };
};

const topK: ShapeRule = ({ byKey: { x } }, { k }) => {
  const { shape, dtype } = need(x);
  const top = [...shape.slice(0, -1), k as number];
  return [{ shape: top, dtype }, { shape: top, dtype: "int32" }];
};

const unsortedSegmentSum: ShapeRule = ({ byKey: { x, segmentIds } }, { numSegments }) => {
  const { shape, dtype } = need(x);
  return { shape: [numSegments as number, ...shape.slice(need(segmentIds).shape.length)], dtype };
};

const cropAndResize: ShapeRule = ({ byKey: { image, boxes } }, { cropSize }) => {
  const [height = 0, width = 0] = numbers(cropSize);
  return { shape: [need(boxes).shape[0] ?? 0, height, width, need(image).shape[3] ?? 0], dtype: "float32" };
};

const oneHot: ShapeRule = ({ byKey: { indices } }, { depth, dtype }) => ({
  shape: [...need(indices).shape, depth as number],
  dtype: (dtype as OutputDtype | undefined) ?? "int32",
});

const cast: ShapeRule = ({ byKey: { x } }, { dtype }) => ({ shape: need(x).shape, dtype: dtype as OutputDtype });

const fill: ShapeRule = (_inputs, { shape, value, dtype }) => ({
  shape: [...numbers(shape)],
  dtype: (dtype as OutputDtype | undefined) ?? tf.util.inferDtype(value as number),
});

const range: ShapeRule = (_inputs, { start, stop, step, dtype }) => {
  const [from, to, by] = [start as number, stop as number, step as number];
  const sameSign = (to - from) * by >= 0;
  const count = from === to || !sameSign ? 0 : Math.abs(Math.ceil((to - from) / by));
  return { shape: [count], dtype: (dtype as OutputDtype | undefined) ?? "float32" };
};

const linSpace: ShapeRule = (_inputs, { num }) => ({ shape: [num as number], dtype: "float32" });
const broadcastTo: ShapeRule = ({ byKey: { x } }, { shape }) => ({ shape: [...numbers(shape)], dtype: need(x).dtype });

const scatter = (key: string): ShapeRule => ({ byKey }: ShapedInputs, attrs: KernelAttrs) => ({
  shape: [...numbers(attrs["shape"] ?? attrs["outputShape"])],
  dtype: need(byKey[key]).dtype,
});

/** Rules by kernel. */
export const arrayRules: Readonly<Record<string, ShapeRule>> = {
  Concat: concat,
  SplitV: split,
  Pack: pack,
  Unpack: unpack,
  Reshape: reshape,
  ExpandDims: expandDims,
  Slice: slice,
  StridedSlice: stridedSlice,
  Transpose: transpose,
  Tile: tile,
  PadV2: pad,
  MirrorPad: pad,
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatter("updates"),
  Select: select,
  ResizeBilinear: resize("images"),
  ResizeNearestNeighbor: resize("images"),
  ResizeBilinearGrad: resizeGrad,
  ResizeNearestNeighborGrad: resizeGrad,
  DepthToSpace: depthToSpace,
  TopK: topK,
  UnsortedSegmentSum: unsortedSegmentSum,
  CropAndResize: cropAndResize,
  OneHot: oneHot,
  Cast: cast,
  Fill: fill,
  Range: range,
  LinSpace: linSpace,
  BroadcastTo: broadcastTo,
};

function need(input: OutputSpec | undefined): OutputSpec {
  if (!input) throw new TypeError("a kernel lacks an input that its shape depends on");
  return { shape: [...input.shape], dtype: input.dtype };
}

function splitSizes(length: number, splits: number | readonly number[]): number[] {
  if (typeof splits === "number") return new Array<number>(splits).fill(length / splits);
  const given = splits.filter((size) => size >= 0).reduce((sum, size) => sum + size, 0);
  return splits.map((size) => (size < 0 ? length - given : size));
}
