// Kernels of the wasm backend that only move or add up numbers: tiling, joining, splitting, segments, depthwise gradients.
import * as tf from "@tensorflow/tfjs-core";
import { adamStep, readAdamNumbers } from "./applyAdam";
import { copyBlock, joinRows, splitRows, tileInto } from "./blockCopies";
import { depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise";
import { planReduction, reduceInto } from "./reductions";
import { sumSegments } from "./segmentSum";
import { convInfoOf } from "./wasmConvolutions";
import { floats, inputOf, isFourBytes, words, type Kernel, type Originals } from "./wasmMemory";

/** Tile: the gradient of sums and means. */
export function tile(originals: Originals): Kernel {
  return (call) => {
    const x = inputOf(call, "x");
    if (!isFourBytes(x)) return originals("Tile")(call);
    const reps = call.attrs["reps"] as number[];
    const out = call.backend.makeOutput(
      x.shape.map((size, axis) => size * (reps[axis] ?? 1)),
      x.dtype,
    );
    tileInto(words(call.backend, x), words(call.backend, out), { shape: x.shape, reps });
    return out;
  };
}

/** Concat. Its inputs come as an array. */
export function concat(originals: Originals): Kernel {
  return (call) => {
    const parts = Object.values(call.inputs);
    const [first] = parts;
    const axis = call.attrs["axis"];
    const filled = parts.filter(({ shape }) => tf.util.sizeFromShape(shape) > 0);
    if (
      !first ||
      filled.length < 2 ||
      typeof axis !== "number" ||
      !parts.every((part) => isFourBytes(part) && part.dtype === first.dtype)
    ) {
      return originals("Concat")(call);
    }
    const along = tf.util.parseAxisParam(axis, first.shape)[0] ?? 0;
    const shapes = parts.map(({ shape }) => shape);
    tf.backend_util.assertParamsConsistent(shapes, along);
    const out = call.backend.makeOutput(tf.backend_util.computeOutShape(shapes, along), first.dtype);
    joinRows(
      filled.map((part) => words(call.backend, part)),
      words(call.backend, out),
      {
        rows: tf.util.sizeFromShape(first.shape.slice(0, along)),
        widths: filled.map(({ shape }) => tf.util.sizeFromShape(shape.slice(along))),
      },
    );
    return out;
  };
}

/** SplitV: the gradient of Concat. */
export function splitV(originals: Originals): Kernel {
  return (call) => {
    const { backend, attrs } = call;
    const x = inputOf(call, "x");
    if (!isFourBytes(x)) return originals("SplitV")(call);
    const axis = tf.util.parseAxisParam(attrs["axis"] as number, x.shape)[0] ?? 0;
    const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs["numOrSizeSplits"] as number | number[], axis);
    const shapes = sizes.map((size) => x.shape.map((whole, at) => (at === axis ? size : whole)));
    const outs = shapes.map((shape) => backend.makeOutput(shape, x.dtype));
    splitRows(
      words(backend, x),
      outs.map((out) => words(backend, out)),
      {
        rows: tf.util.sizeFromShape(x.shape.slice(0, axis)),
        widths: shapes.map((shape) => tf.util.sizeFromShape(shape.slice(axis))),
      },
    );
    return outs;
  };
}

/** UnsortedSegmentSum, for ids of one dimension; others go to `elsewhere`. */
export function unsortedSegmentSum(elsewhere: Kernel): Kernel {
  return (call) => {
    const { backend } = call;
    const x = inputOf(call, "x");
    const ids = inputOf(call, "segmentIds");
    if (ids.shape.length !== 1 || !isFourBytes(x)) return elsewhere(call);
    const inner = x.shape.slice(1);
    const out = backend.makeOutput([call.attrs["numSegments"] as number, ...inner], x.dtype);
    const rows = backend.typedArrayFromHeap(x);
    const target = backend.typedArrayFromHeap(out);
    if (rows instanceof Uint8Array || target instanceof Uint8Array)
      throw new Error("segments of float32 or int32 are wanted");
    const segment = backend.typedArrayFromHeap(ids);
    sumSegments(rows, Int32Array.from(segment), { out: target, width: tf.util.sizeFromShape(inner) });
    return out;
  };
}

/** DepthwiseConv2dNativeBackpropFilter. */
export const depthwiseBackpropFilter: Kernel = (call) => {
  const { backend, attrs } = call;
  const x = inputOf(call, "x");
  const geometry = convInfoOf(attrs, { input: x.shape, filter: attrs["filterShape"] as number[], depthwise: true });
  const out = backend.makeOutput(geometry.filterShape, "float32");
  depthwiseFilterGradient(floats(backend, x), floats(backend, inputOf(call, "dy")), {
    geometry,
    out: floats(backend, out),
  });
  return out;
};

/** DepthwiseConv2dNativeBackpropInput. */
export const depthwiseBackpropInput: Kernel = (call) => {
  const { backend, attrs } = call;
  const filter = inputOf(call, "filter");
  const geometry = convInfoOf(attrs, { input: attrs["inputShape"] as number[], filter: filter.shape, depthwise: true });
  const out = backend.makeOutput(geometry.inShape, "float32");
  depthwiseInputGradient(floats(backend, inputOf(call, "dy")), floats(backend, filter), {
    geometry,
    out: floats(backend, out),
  });
  return out;
};

/** ApplyAdam, the runtime's own kernel: inputs var, m, v, grad and `adamNumbers`; outputs var, m, v. */
export const applyAdam: Kernel = (call) => {
  const { backend } = call;
  const target = inputOf(call, "var");
  const next = [0, 1, 2].map(() => backend.makeOutput(target.shape, "float32"));
  const [variable, m, v] = next.map((info) => floats(backend, info));
  const read = (name: string) => floats(backend, inputOf(call, name));
  if (!variable || !m || !v) throw new Error("Adam writes three tensors");
  adamStep(
    { variable: read("var"), m: read("m"), v: read("v"), gradient: read("grad") },
    { variable, m, v },
    readAdamNumbers(read),
  );
  return next;
};

/** Sum and Mean: the package's add up in single precision and transpose first where channels are kept. */
export function reduce(kernelName: "Sum" | "Mean", originals: Originals): Kernel {
  return (call) => {
    const x = inputOf(call, "x");
    const plan = x.dtype === "float32" ? planReduction(x.shape, call.attrs) : undefined;
    if (!plan) return originals(kernelName)(call);
    const out = call.backend.makeOutput(plan.shape, "float32");
    reduceInto(floats(call.backend, x), floats(call.backend, out), { plan, mean: kernelName === "Mean" });
    return out;
  };
}

/** GatherV2: the package's copies element by element. */
export function gather(originals: Originals): Kernel {
  return (call) => {
    const { backend, attrs } = call;
    const x = inputOf(call, "x");
    const indices = inputOf(call, "indices");
    if (!isFourBytes(x) || indices.dtype !== "int32" || attrs["batchDims"] !== 0) return originals("GatherV2")(call);
    const axis = tf.util.parseAxisParam(attrs["axis"] as number, x.shape)[0] ?? 0;
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    const size = x.shape[axis] ?? 0;
    const rows = Int32Array.from(backend.typedArrayFromHeap(indices));
    const bad = rows.find((row) => row < 0 || row >= size);
    if (bad !== undefined) throw new Error(`GatherV2: the index value ${bad} is not in [0, ${size - 1}]`);
    const out = backend.makeOutput(shape, x.dtype);
    const [from, to] = [words(backend, x), words(backend, out)];
    const length = tf.util.sizeFromShape(x.shape.slice(axis + 1));
    const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
    for (let block = 0, at = 0; block < outer; block++) {
      for (const row of rows) {
        copyBlock(from, (block * size + row) * length, { array: to, at, length });
        at += length;
      }
    }
    return out;
  };
}
