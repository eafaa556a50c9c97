// The cpu backend with typed loops: convolutions as blocked products, element-wise operations without index arithmetic.
import * as tf from "@tensorflow/tfjs-core";
import { adamStep, readAdamNumbers } from "./applyAdam";
import { normalizeBatch, normalizeBatchGradient } from "./batchNorm";
import { splitRows, tileInto, transposeMatrices } from "./blockCopies";
import { blockedProduct } from "./blockedProduct";
import { addColumns, fillColumns, fillColumnsTransposed, placesOf, tapsOf, type ConvGeometry } from "./convColumns";
import { elementwise, plainBroadcast, repeatedTo, type Loop } from "./elementwise";
import { convInfoOf } from "./wasmConvolutions";
import { planReduction, reduceInto } from "./reductions";
import { inputOf, type Kernel, type KernelCall, type Originals } from "./wasmMemory";

interface CpuBackend {
  readonly data: { get(dataId: object): { values: Float32Array | Int32Array | Uint8Array } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array | Int32Array): tf.TensorInfo;
}

function cpuOf({ backend }: KernelCall): CpuBackend {
  return backend as unknown as CpuBackend;
}

function valuesOf(call: KernelCall, name: string): Float32Array {
  const { values } = cpuOf(call).data.get(inputOf(call, name).dataId);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function output(call: KernelCall, shape: readonly number[], values: Float32Array): tf.TensorInfo {
  return cpuOf(call).makeTensorInfo([...shape], "float32", values);
}

/** The kernels that replace the cpu backend's own. */
export function cpuTrainingKernels(originals: Originals): Map<string, Kernel> {
  return new Map<string, Kernel>([
    ["Conv2D", conv2D(originals)],
    ["Conv2DBackpropFilter", conv2DBackpropFilter(originals)],
    ["Conv2DBackpropInput", conv2DBackpropInput(originals)],
    ["ApplyAdam", applyAdam],
    ["FusedBatchNormV3", fusedBatchNorm],
    ["FusedBatchNormGradV3", fusedBatchNormGradient],
    ["Sum", reduce("Sum", originals)],
    ["Mean", reduce("Mean", originals)],
    ["Tile", tile(originals)],
    ["SplitV", splitV(originals)],
    ...[...elementwise].map(([name, loop]) => [name, binary(name, loop, originals)] as const),
  ]);
}

/** Only channels last and without dilation; the rest stays with the package. */
function unusual({ attrs }: KernelCall): boolean {
  const { dataFormat = "NHWC", dilations = 1 } = attrs as { dataFormat?: string; dilations?: number | number[] };
  return dataFormat !== "NHWC" || [dilations].flat().some((dilation) => dilation !== 1);
}

function conv2D(originals: Originals): Kernel {
  return (call) => {
    if (unusual(call)) return originals("Conv2D")(call);
    const info = convInfoOf(call.attrs, { input: inputOf(call, "x").shape, filter: inputOf(call, "filter").shape });
    const columns = new Float32Array(placesOf(info) * tapsOf(info));
    fillColumns(valuesOf(call, "x"), columns, info);
    const out = new Float32Array(placesOf(info) * info.outChannels);
    blockedProduct({ values: columns }, { values: valuesOf(call, "filter") }, { ...forward(info), out });
    return output(call, info.outShape, out);
  };
}

function forward(info: ConvGeometry): { m: number; n: number; k: number } {
  return { m: placesOf(info), n: info.outChannels, k: tapsOf(info) };
}

function conv2DBackpropFilter(originals: Originals): Kernel {
  return (call) => {
    if (unusual(call)) return originals("Conv2DBackpropFilter")(call);
    const x = inputOf(call, "x");
    const info = convInfoOf(call.attrs, { input: x.shape, filter: call.attrs["filterShape"] as number[] });
    const planes = new Float32Array(tf.util.sizeFromShape(x.shape));
    const matrices = { batches: info.batchSize, rows: info.inHeight * info.inWidth, columns: info.inChannels };
    transposeMatrices(valuesOf(call, "x"), planes, matrices);
    const { m: places, n, k: taps } = forward(info);
    const columns = new Float32Array(taps * places);
    fillColumnsTransposed(planes, columns, { geometry: info, firstRow: 0, endRow: info.filterHeight });
    const out = new Float32Array(taps * n);
    blockedProduct({ values: columns }, { values: valuesOf(call, "dy") }, { m: taps, n, k: places, out });
    return output(call, info.filterShape, out);
  };
}

function conv2DBackpropInput(originals: Originals): Kernel {
  return (call) => {
    if (unusual(call)) return originals("Conv2DBackpropInput")(call);
    const info = convInfoOf(call.attrs, {
      input: call.attrs["inputShape"] as number[],
      filter: inputOf(call, "filter").shape,
    });
    const { m: places, n, k: taps } = forward(info);
    const columns = new Float32Array(places * taps);
    const filter = { values: valuesOf(call, "filter"), transposed: true };
    blockedProduct({ values: valuesOf(call, "dy") }, filter, { m: places, n: taps, k: n, out: columns });
    const out = new Float32Array(tf.util.sizeFromShape(info.inShape));
    addColumns(columns, out, info);
    return output(call, info.inShape, out);
  };
}

function tile(originals: Originals): Kernel {
  return (call) => {
    const x = inputOf(call, "x");
    if (x.dtype !== "float32") return originals("Tile")(call);
    const reps = call.attrs["reps"] as number[];
    const shape = x.shape.map((size, axis) => size * (reps[axis] ?? 1));
    const out = new Float32Array(tf.util.sizeFromShape(shape));
    tileInto(valuesOf(call, "x"), out, { shape: x.shape, reps });
    return output(call, shape, out);
  };
}

function reduce(kernelName: "Sum" | "Mean", originals: Originals): Kernel {
  return (call) => {
    const x = inputOf(call, "x");
    const plan = x.dtype === "float32" ? planReduction(x.shape, call.attrs) : undefined;
    if (!plan) return originals(kernelName)(call);
    const out = new Float32Array(tf.util.sizeFromShape([...plan.shape]));
    reduceInto(valuesOf(call, "x"), out, { plan, mean: kernelName === "Mean" });
    return output(call, plan.shape, out);
  };
}

function splitV(originals: Originals): Kernel {
  return (call) => {
    const x = inputOf(call, "x");
    if (x.dtype !== "float32") return originals("SplitV")(call);
    const axis = tf.util.parseAxisParam(call.attrs["axis"] as number, x.shape)[0] ?? 0;
    const sizes = tf.backend_util.prepareSplitSize(
      x as tf.Tensor,
      call.attrs["numOrSizeSplits"] as number | number[],
      axis,
    );
    const shapes = sizes.map((size) => x.shape.map((whole, at) => (at === axis ? size : whole)));
    const parts = shapes.map((shape) => new Float32Array(tf.util.sizeFromShape(shape)));
    splitRows(valuesOf(call, "x"), parts, {
      rows: tf.util.sizeFromShape(x.shape.slice(0, axis)),
      widths: shapes.map((shape) => tf.util.sizeFromShape(shape.slice(axis))),
    });
    return parts.map((part, index) => output(call, shapes[index] ?? [], part));
  };
}

/** As the wasm backend's: inputs var, m, v, grad and `adamNumbers`; outputs var, m, v. */
const applyAdam: Kernel = (call) => {
  const { shape } = inputOf(call, "var");
  const [variable, m, v] = [0, 1, 2].map(() => new Float32Array(tf.util.sizeFromShape(shape)));
  if (!variable || !m || !v) throw new Error("Adam writes three tensors");
  adamStep(
    {
      variable: valuesOf(call, "var"),
      m: valuesOf(call, "m"),
      v: valuesOf(call, "v"),
      gradient: valuesOf(call, "grad"),
    },
    { variable, m, v },
    readAdamNumbers((name) => valuesOf(call, name)),
  );
  return [variable, m, v].map((values) => output(call, shape, values));
};

/** As the wasm backend's. */
const fusedBatchNorm: Kernel = (call) => {
  const [x, scale, offset] = [valuesOf(call, "x"), valuesOf(call, "scale"), valuesOf(call, "offset")];
  const perChannel = inputOf(call, "scale").shape;
  const [mean, variance, unbiased] = [0, 1, 2].map(() => new Float32Array(scale.length));
  if (!mean || !variance || !unbiased) throw new Error("batch normalisation writes three statistics");
  const y = new Float32Array(x.length);
  normalizeBatch({ x, scale, offset, y, mean, variance, unbiased }, call.attrs["epsilon"] as number);
  const statistics = [mean, unbiased, mean.slice(), variance].map((values) => output(call, perChannel, values));
  return [output(call, inputOf(call, "x").shape, y), ...statistics, output(call, [], new Float32Array(1))];
};

/** As the wasm backend's. */
const fusedBatchNormGradient: Kernel = (call) => {
  const [dy, x, scale] = [valuesOf(call, "dy"), valuesOf(call, "x"), valuesOf(call, "scale")];
  const statistics = { mean: valuesOf(call, "mean"), variance: valuesOf(call, "variance") };
  const dx = new Float32Array(x.length);
  const [dScale, dOffset] = [new Float32Array(scale.length), new Float32Array(scale.length)];
  normalizeBatchGradient({ dy, x, scale, ...statistics, dx, dScale, dOffset }, call.attrs["epsilon"] as number);
  const perChannel = inputOf(call, "scale").shape;
  return [output(call, inputOf(call, "x").shape, dx), output(call, perChannel, dScale), output(call, perChannel, dOffset)];
};

function binary(name: string, loop: Loop, originals: Originals): Kernel {
  return (call) => {
    const [a, b] = [inputOf(call, "a"), inputOf(call, "b")];
    const plan = a.dtype === "float32" && b.dtype === "float32" ? plainBroadcast(a.shape, b.shape) : undefined;
    if (!plan) return originals(name)(call);
    const out = new Float32Array(plan.size);
    loop(repeatedTo(valuesOf(call, "a"), plan.size), repeatedTo(valuesOf(call, "b"), plan.size), out);
    return output(call, plan.shape, out);
  };
}
