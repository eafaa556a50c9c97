// Convolution and its two gradients on the wasm backend, built from XNNPACK's fast product and convolution.
import * as tf from "@tensorflow/tfjs-core";
import { transposeMatrices } from "./blockCopies";
import { addColumnsTransposed, fillColumns, fillColumnsTransposed, placesOf, tapsOf } from "./convColumns";
import { fillPhaseFilter, interleavePhase, phasesOf, type PhaseAxis } from "./phases";
import {
  floats,
  inputOf,
  multiply,
  reshaped,
  withScratch,
  type Kernel,
  type KernelCall,
  type Originals,
  type WasmBackend,
} from "./wasmMemory";

type Conv2DInfo = tf.backend_util.Conv2DInfo;
type Pad = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];

/** Columns above this many bytes are made one filter row at a time. */
const columnsLimitBytes = 64 * 2 ** 20;

/** What TensorFlow.js's attributes of a convolution say. `dilations` are 1 in the gradients: core refuses others. */
export function convInfoOf(
  attrs: KernelCall["attrs"],
  shapes: { input: number[]; filter: number[]; depthwise?: boolean },
): Conv2DInfo {
  const {
    strides,
    dilations = 1,
    pad,
    dimRoundingMode,
    dataFormat = "NHWC",
  } = attrs as {
    strides: number | [number, number];
    dilations?: number | [number, number];
    pad: Pad;
    dimRoundingMode?: "floor" | "round" | "ceil";
    dataFormat?: string;
  };
  if (dataFormat !== "NHWC") throw new Error(`convolutions are computed for NHWC only, not for ${dataFormat}`);
  return tf.backend_util.computeConv2DInfo(
    shapes.input as [number, number, number, number],
    shapes.filter as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    shapes.depthwise ?? false,
    "channelsLast",
  );
}

/**
 * Conv2D: for few places XNNPACK would spend its time repacking the weights, so there a product of columns is faster. What
 * neither can do goes `elsewhere`.
 */
export function conv2D(originals: Originals, elsewhere: Kernel): Kernel {
  return (call) => {
    const { attrs } = call;
    const info = convInfoOf(
      { ...attrs, dataFormat: "NHWC" },
      { input: inputOf(call, "x").shape, filter: inputOf(call, "filter").shape },
    );
    const dilated = info.dilationHeight !== 1 || info.dilationWidth !== 1;
    if (dilated && misshapen(info)) return elsewhere(call);
    const few = placesOf(info) <= info.outChannels || misshapen(info);
    if (!few || dilated || attrs["dataFormat"] === "NCHW")
      return originals("Conv2D")(skipping(info) ? withPads(call, info) : call);
    return 4 * placesOf(info) <= info.outChannels
      ? byTurnedFilter(call, { info, originals })
      : byColumns(call, { info, originals });
  };
}

/** Columns [P, K] times the filter [K, O]. */
function byColumns(call: KernelCall, { info, originals }: { info: Conv2DInfo; originals: Originals }): tf.TensorInfo {
  const { backend } = call;
  return withScratch(backend, (take) => {
    const columns = take(columnsOf(call, info));
    const filter = { info: inputOf(call, "filter"), columns: info.outChannels };
    return reshaped(
      multiply({ backend, originals }, { info: columns, rows: placesOf(info), columns: tapsOf(info) }, filter),
      info.outShape,
    );
  });
}

/** The same product with both sides transposed: transposing the filter costs less than the product's packing of it. */
function byTurnedFilter(
  call: KernelCall,
  { info, originals }: { info: Conv2DInfo; originals: Originals },
): tf.TensorInfo {
  const { backend } = call;
  const [places, taps, outChannels] = [placesOf(info), tapsOf(info), info.outChannels];
  return withScratch(backend, (take) => {
    const columns = take(turned(backend, take(columnsOf(call, info)), { rows: places, columns: taps }));
    const filter = take(turned(backend, inputOf(call, "filter"), { rows: taps, columns: outChannels }));
    const product = take(
      multiply(
        { backend, originals },
        { info: filter, rows: outChannels, columns: taps },
        { info: columns, columns: places },
      ),
    );
    return reshaped(turned(backend, product, { rows: outChannels, columns: places }), info.outShape);
  });
}

function columnsOf(call: KernelCall, info: Conv2DInfo): tf.TensorInfo {
  const columns = call.backend.makeOutput([placesOf(info), tapsOf(info)], "float32");
  fillColumns(floats(call.backend, inputOf(call, "x")), floats(call.backend, columns), info);
  return columns;
}

function turned(backend: WasmBackend, info: tf.TensorInfo, size: { rows: number; columns: number }): tf.TensorInfo {
  const out = backend.makeOutput([size.columns, size.rows], "float32");
  transposeMatrices(floats(backend, info), floats(backend, out), size);
  return out;
}

/**
 * Core derives both output sizes of a numeric pad from the filter's height and stride; XNNPACK uses the width's own and
 * writes beyond the output, which loses the whole backend, or leaves a part of it as it was.
 */
function misshapen(info: Conv2DInfo): boolean {
  const { padInfo: { type, top, bottom, left, right } } = info;
  if (type === "SAME") return false;
  const rows = Math.floor((info.inHeight + top + bottom - info.effectiveFilterHeight) / info.strideHeight) + 1;
  const columns = Math.floor((info.inWidth + left + right - info.effectiveFilterWidth) / info.strideWidth) + 1;
  return rows !== info.outHeight || columns !== info.outWidth;
}

/** XNNPACK's own "same" padding refuses a filter smaller than its stride, in silence: the output stays as it was. */
function skipping({ padInfo, filterHeight, filterWidth, strideHeight, strideWidth }: Conv2DInfo): boolean {
  return padInfo.type === "SAME" && (filterHeight < strideHeight || filterWidth < strideWidth);
}

function withPads(call: KernelCall, { padInfo: { top, bottom, left, right } }: Conv2DInfo): KernelCall {
  return {
    ...call,
    attrs: {
      ...call.attrs,
      pad: [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ],
    },
  };
}

/** DepthwiseConv2dNative: the package's own, but for the pads that it takes wrongly. */
export function depthwiseConv2d(originals: Originals, elsewhere: Kernel): Kernel {
  return (call) => {
    const info = convInfoOf(call.attrs, { input: inputOf(call, "x").shape, filter: inputOf(call, "filter").shape, depthwise: true });
    if (misshapen(info)) return elsewhere(call);
    return originals("DepthwiseConv2dNative")(skipping(info) ? withPads(call, info) : call);
  };
}

/** Conv2DBackpropFilter: transposed columns times dy is the filter's own layout. */
export function conv2DBackpropFilter(originals: Originals): Kernel {
  return (call) => {
    const { backend, attrs } = call;
    const x = inputOf(call, "x");
    const dy = inputOf(call, "dy");
    const info = convInfoOf(attrs, { input: x.shape, filter: attrs["filterShape"] as number[] });
    const places = placesOf(info);
    const { batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth, outChannels } = info;
    return withScratch(backend, (take) => {
      const planes = take(backend.makeOutput(x.shape, "float32"));
      transposeMatrices(floats(backend, x), floats(backend, planes), {
        batches: batchSize,
        rows: inHeight * inWidth,
        columns: inChannels,
      });
      const rowTaps = filterWidth * inChannels;
      const whole = filterHeight * rowTaps * places * 4 <= columnsLimitBytes;
      const step = whole ? filterHeight : 1;
      const columns = take(backend.makeOutput([step * rowTaps, places], "float32"));
      const product = (firstRow: number) => {
        const range = { geometry: info, firstRow, endRow: firstRow + step };
        fillColumnsTransposed(floats(backend, planes), floats(backend, columns), range);
        return multiply(
          { backend, originals },
          { info: columns, rows: step * rowTaps, columns: places },
          { info: dy, columns: outChannels },
        );
      };
      if (whole) return reshaped(product(0), info.filterShape);
      const out = backend.makeOutput(info.filterShape, "float32");
      for (let row = 0; row < filterHeight; row++) {
        const part = product(row);
        floats(backend, out).set(floats(backend, part), row * rowTaps * outChannels);
        backend.disposeData(part.dataId);
      }
      return out;
    });
  };
}

/** Conv2DBackpropInput, which is also conv2dTranspose: by phases, or by columns where the weights outweigh the places. */
export function conv2DBackpropInput(originals: Originals): Kernel {
  return (call) => {
    const { attrs } = call;
    const info = convInfoOf(attrs, { input: attrs["inputShape"] as number[], filter: inputOf(call, "filter").shape });
    const rows = phasesOf(axis(info, "Height"));
    const columns = phasesOf(axis(info, "Width"));
    const cropped = [...rows, ...columns].some(
      ({ taps, count, before, after }) => taps * count > 0 && Math.min(before, after) < 0,
    );
    if (cropped || placesOf(info) <= 2 * info.outChannels) return inputByColumns(call, { info, originals });
    return inputByPhases(call, { info, originals, rows, columns });
  };
}

function axis(info: Conv2DInfo, which: "Height" | "Width") {
  return {
    stride: info[`stride${which}`],
    pad: which === "Height" ? info.padInfo.top : info.padInfo.left,
    input: info[`in${which}`],
    output: info[`out${which}`],
    filter: info[`filter${which}`],
  };
}

function inputByColumns(
  call: KernelCall,
  { info, originals }: { info: Conv2DInfo; originals: Originals },
): tf.TensorInfo {
  const { backend } = call;
  const dy = inputOf(call, "dy");
  const places = placesOf(info);
  const { outChannels } = info;
  return withScratch(backend, (take) => {
    const turnedDy = take(turned(backend, dy, { rows: places, columns: outChannels }));
    const filter = { info: inputOf(call, "filter"), rows: tapsOf(info), columns: outChannels };
    const columns = take(multiply({ backend, originals }, filter, { info: turnedDy, columns: places }));
    const out = backend.makeOutput(info.inShape, "float32");
    addColumnsTransposed(floats(backend, columns), floats(backend, out), info);
    return out;
  });
}

interface Phases {
  readonly info: Conv2DInfo;
  readonly originals: Originals;
  readonly rows: readonly PhaseAxis[];
  readonly columns: readonly PhaseAxis[];
}

function inputByPhases(call: KernelCall, { info, originals, rows, columns }: Phases): tf.TensorInfo {
  const { backend } = call;
  const [only] = rows;
  if (rows.length === 1 && columns.length === 1 && only && columns[0]) {
    return phase(call, { info, originals, rows: only, columns: columns[0] });
  }
  const out = backend.makeOutput(info.inShape, "float32");
  const unreached = [...rows, ...columns].some(({ taps }) => taps === 0);
  if (unreached) floats(backend, out).fill(0);
  for (const row of rows) {
    for (const column of columns) {
      if (row.taps * row.count * column.taps * column.count === 0) continue;
      const part = phase(call, { info, originals, rows: row, columns: column });
      interleavePhase(floats(backend, part), floats(backend, out), { geometry: info, rows: row, columns: column });
      backend.disposeData(part.dataId);
    }
  }
  return out;
}

/** One phase: a stride-1 convolution of dy with its taps reversed. */
function phase(
  call: KernelCall,
  { info, originals, rows, columns }: { info: Conv2DInfo; originals: Originals; rows: PhaseAxis; columns: PhaseAxis },
): tf.TensorInfo {
  const { backend } = call;
  return withScratch(backend, (take) => {
    const taps = take(backend.makeOutput([rows.taps, columns.taps, info.outChannels, info.inChannels], "float32"));
    fillPhaseFilter(floats(backend, inputOf(call, "filter")), floats(backend, taps), { geometry: info, rows, columns });
    return single(
      originals("Conv2D")({
        backend: backend satisfies WasmBackend,
        inputs: { x: inputOf(call, "dy"), filter: taps },
        attrs: {
          strides: 1,
          dilations: 1,
          dataFormat: "NHWC",
          pad: [
            [0, 0],
            [rows.before, rows.after],
            [columns.before, columns.after],
            [0, 0],
          ],
        },
      }),
    );
  });
}

function single(result: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo {
  if (Array.isArray(result)) throw new Error("a convolution is one tensor");
  return result;
}
