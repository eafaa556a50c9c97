// Reductions, and kernels that arrange, choose and fill: as TensorFlow's nodes, and back.
import { sliceParams } from "./arrayShapes";
import { boolAttr, floatAttr, intAttr, stringAttr, typeAttr } from "./attrs";
import { carrierOf, sameShape, type OutputDtype } from "./dtypes";
import { listInput, pairsInput, pairsOf, scalarInput, type KernelForm, type KernelForms } from "./kernelForms";

/** `axisKey`: what tfjs calls the axes of this reduction. */
const reduction = (axisKey: "axis" | "reductionIndices" = "axis"): KernelForm => ({
  write: (_input, attrs, { inputs }) => {
    const [x, allAxes] = inputs;
    const axes = attrs[axisKey] ?? x?.shape.map((_length, axis) => axis);
    return {
      inputs: allAxes ? inputs : [...inputs, listInput("reduction_indices", axes)],
      attrs: [["keep_dims", boolAttr(attrs["keepDims"] === true)], ["Tidx", typeAttr("int32")]],
    };
  },
  read: (node) => ({ keys: ["x", ""], attrs: { [axisKey]: node.numbers(1), keepDims: node.bool("keep_dims") } }),
});

const argument: KernelForm = {
  write: (input, { axis }) => ({
    inputs: [input("x"), scalarInput("dimension", axis)],
    attrs: [["output_type", typeAttr("int32")], ["Tidx", typeAttr("int32")]],
  }),
  read: (node) => ({ keys: ["x", ""], attrs: { axis: node.number(1) } }),
};

const running: KernelForm = {
  write: (input, { axis, exclusive, reverse }) => ({
    inputs: [input("x"), scalarInput("axis", axis)],
    attrs: [["exclusive", boolAttr(exclusive === true)], ["reverse", boolAttr(reverse === true)], ["Tidx", typeAttr("int32")]],
  }),
  read: (node) => ({ keys: ["x", ""], attrs: { axis: node.number(1), exclusive: node.bool("exclusive"), reverse: node.bool("reverse") } }),
};

const choice: KernelForm = {
  write: (input) => ({ attrs: [["T", typeAttr(input("t").dtype)]] }),
  read: () => ({ keys: ["condition", "t", "e"] }),
};

const softmax: KernelForm = {
  write: () => ({}),
  read: (node) => ({ keys: ["logits"], attrs: { dim: node.input(0).shape.length - 1 } }),
};

/** A kernel whose one attribute is a list, which TensorFlow takes as its second input: `input` there, of the type that attribute `type` tells. */
const listed = (attr: string, input: string, type: string): KernelForm => ({
  write: (of, attrs) => ({ inputs: [of("x"), listInput(input, attrs[attr])], attrs: [[type, typeAttr("int32")]] }),
  read: (node) => ({ keys: ["x", ""], attrs: { [attr]: node.numbers(1) } }),
});

const list = (count: number, further: number): string[] => [...Array.from({ length: count }, (_, at) => String(at)), ...new Array<string>(further).fill("")];

const stridedMasks = ["begin", "end", "ellipsis", "newAxis", "shrinkAxis"];
const maskAttr = (mask: string): string => `${mask.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`)}_mask`;

/** Forms by kernel. */
export const arrayForms: KernelForms = {
  Sum: reduction(),
  Mean: reduction(),
  Max: reduction("reductionIndices"),
  Min: reduction(),
  Prod: reduction(),
  All: reduction(),
  Any: reduction(),
  ArgMax: argument,
  ArgMin: argument,
  Cumsum: running,
  Cumprod: running,
  Select: choice,
  SelectV2: choice,
  Softmax: softmax,
  LogSoftmax: softmax,
  Reshape: {
    write: (input, _attrs, { outputs }) => ({ inputs: [input("x"), listInput("shape", outputs[0]?.shape)], attrs: [["Tshape", typeAttr("int32")]] }),
    read: (node) => ({ keys: ["x", ""], attrs: { shape: node.numbers(1) } }),
  },
  Transpose: listed("perm", "perm", "Tperm"),
  ExpandDims: {
    write: (input, { dim }) => ({ inputs: [input("input"), scalarInput("dim", dim)], attrs: [["Tdim", typeAttr("int32")]] }),
    read: (node) => ({ keys: ["input", ""], attrs: { dim: node.number(1) } }),
  },
  PadV2: {
    write: (input, { paddings, constantValue }, { type }) => ({
      inputs: [
        input("x"),
        pairsInput("paddings", paddings),
        ...(type === "PadV2" ? [scalarInput("constant_values", constantValue, input("x").dtype)] : []),
      ],
      attrs: [["Tpaddings", typeAttr("int32")]],
    }),
    read: (node) => {
      const value = node.type === "PadV2" ? node.number(2) : 0;
      return { keys: ["x", "", ""], attrs: { paddings: pairsOf(node.numbers(1)), constantValue: value } };
    },
  },
  MirrorPad: {
    write: (input, { paddings, mode }) => ({
      inputs: [input("x"), pairsInput("paddings", paddings)],
      attrs: [["mode", stringAttr(String(mode).toUpperCase())], ["Tpaddings", typeAttr("int32")]],
    }),
    read: (node) => ({ keys: ["x", ""], attrs: { paddings: pairsOf(node.numbers(1)), mode: node.text("mode").toLowerCase() } }),
  },
  Slice: {
    write: (input, attrs) => {
      const [begin, size] = sliceParams(input("x").shape, attrs["begin"], attrs["size"]);
      return { inputs: [input("x"), listInput("begin", begin), listInput("size", size)], attrs: [["Index", typeAttr("int32")]] };
    },
    read: (node) => ({ keys: ["x", "", ""], attrs: { begin: node.numbers(1), size: node.numbers(2) } }),
  },
  StridedSlice: {
    write: (input, attrs) => ({
      inputs: [input("x"), ...["begin", "end", "strides"].map((name) => listInput(name, attrs[name]))],
      attrs: [...stridedMasks.map((mask) => [maskAttr(mask), intAttr(Number(attrs[`${mask}Mask`] ?? 0))] as const), ["Index", typeAttr("int32")]],
    }),
    read: (node) => ({
      keys: ["x", "", "", ""],
      attrs: {
        begin: node.numbers(1), end: node.numbers(2), strides: node.numbers(3),
        ...Object.fromEntries(stridedMasks.map((mask) => [`${mask}Mask`, node.int(maskAttr(mask))])),
      },
    }),
  },
  Tile: listed("reps", "multiples", "Tmultiples"),
  BroadcastTo: listed("shape", "shape", "Tidx"),
  Reverse: listed("dims", "axis", "Tidx"),
  Concat: {
    write: (_input, { axis }, { inputs }) => ({
      inputs: [...inputs, scalarInput("axis", axis)],
      attrs: [["N", intAttr(inputs.length)], ["Tidx", typeAttr("int32")]],
    }),
    read: (node) => {
      const count = node.inputs.length - 1;
      const axis = node.number(count);
      return { keys: list(count, 1), list: true, attrs: { axis: axis < 0 ? axis + node.input(0).shape.length : axis } };
    },
  },
  Pack: {
    write: (_input, { axis }, { inputs }) => ({ attrs: [["axis", intAttr(Number(axis))], ["N", intAttr(inputs.length)]] }),
    read: (node) => ({ keys: list(node.inputs.length, 0), list: true, attrs: { axis: node.int("axis") } }),
  },
  AddN: {
    write: (_input, _attrs, { inputs }) => ({ attrs: [["N", intAttr(inputs.length)]] }),
    read: (node) => ({ keys: list(node.inputs.length, 0), list: true }),
  },
  Unpack: {
    write: (_input, { axis }, { outputs }) => ({ attrs: [["axis", intAttr(Number(axis))], ["num", intAttr(outputs.length)]] }),
    read: (node) => ({ keys: ["value"], attrs: { axis: node.int("axis") } }),
  },
  SplitV: {
    write: (input, { axis }, { outputs }) => ({
      inputs: [
        input("x"),
        listInput("size_splits", outputs.map(({ shape }) => shape.at(Number(axis)) ?? 0)),
        scalarInput("split_dim", axis),
      ],
      attrs: [["num_split", intAttr(outputs.length)], ["Tlen", typeAttr("int32")]],
    }),
    read: (node) => ({ keys: ["x", "", ""], attrs: { numOrSizeSplits: node.numbers(1), axis: node.number(2) } }),
  },
  GatherV2: {
    write: (input, { axis, batchDims }) => ({
      inputs: [input("x"), input("indices"), scalarInput("axis", axis)],
      attrs: [["Tparams", typeAttr(input("x").dtype)], ["Tindices", typeAttr("int32")], ["Taxis", typeAttr("int32")],
        ["batch_dims", intAttr(Number(batchDims ?? 0))]],
    }),
    read: (node) => ({ keys: ["x", "indices", ""], attrs: { axis: node.number(2), batchDims: node.int("batch_dims") } }),
  },
  GatherNd: {
    write: (input) => ({ attrs: [["Tparams", typeAttr(input("params").dtype)], ["Tindices", typeAttr("int32")]] }),
    read: () => ({ keys: ["params", "indices"] }),
  },
  ScatterNd: {
    write: (input, { shape }) => ({ inputs: [input("indices"), input("updates"), listInput("shape", shape)], attrs: [["T", typeAttr(input("updates").dtype)], ["Tindices", typeAttr("int32")]] }),
    read: (node) => ({ keys: ["indices", "updates", ""], attrs: { shape: node.numbers(2) } }),
  },
  OneHot: {
    write: (input, { depth, onValue, offValue }, { outputs }) => ({
      inputs: [
        input("indices"),
        scalarInput("depth", depth),
        scalarInput("on_value", onValue, outputs[0]?.dtype),
        scalarInput("off_value", offValue, outputs[0]?.dtype),
      ],
      attrs: [["T", typeAttr(outputs[0]?.dtype ?? "int32")], ["TI", typeAttr("int32")], ["axis", intAttr(-1)]],
    }),
    read: (node) => {
      if (node.int("axis", -1) !== -1) node.refuse("puts its new axis elsewhere than last");
      return {
        keys: ["indices", "", "", ""],
        attrs: { depth: node.number(1), onValue: node.number(2), offValue: node.number(3), dtype: carrierOf(node.dtype("T")) },
      };
    },
  },
  ClipByValue: {
    write: (input, { clipValueMin, clipValueMax }) => ({
      inputs: [input("x"), scalarInput("clip_value_min", clipValueMin, "float32"), scalarInput("clip_value_max", clipValueMax, "float32")],
    }),
    read: (node) => ({ keys: ["x", "", ""], attrs: { clipValueMin: node.number(1), clipValueMax: node.number(2) } }),
  },
  Fill: {
    write: (_input, { shape, value }, { outputs }) => ({
      inputs: [listInput("shape_as_tensor", shape), scalarInput("Const", value, outputs[0]?.dtype)],
      attrs: [["index_type", typeAttr("int32")]],
    }),
    read: (node) => ({ keys: ["", ""], attrs: { shape: node.numbers(0), value: node.number(1), dtype: carrierOf(node.input(1).dtype) } }),
  },
  Range: {
    write: (_input, { start, stop, step }, { outputs: [output] }) => ({
      inputs: [scalarInput("start", start, output?.dtype), scalarInput("limit", stop, output?.dtype), scalarInput("delta", step, output?.dtype)],
      attrs: [["Tidx", typeAttr(output?.dtype ?? "float32")]],
    }),
    read: (node) => {
      const [start, stop, step] = [node.number(0), node.number(1), node.number(2)];
      return { keys: ["", "", ""], attrs: { start, stop, step, dtype: carrierOf(node.input(0).dtype) } };
    },
  },
  LinSpace: {
    write: (_input, { start, stop, num }) => ({
      inputs: [scalarInput("start", start, "float32"), scalarInput("stop", stop, "float32"), scalarInput("num", num)],
      attrs: [["Tidx", typeAttr("int32")]],
    }),
    read: (node) => ({ keys: ["", "", ""], attrs: { start: node.number(0), stop: node.number(1), num: node.number(2) } }),
  },
  TopK: {
    write: (input, { k, sorted }) => ({ inputs: [input("x"), scalarInput("k", k)], attrs: [["sorted", boolAttr(sorted !== false)]] }),
    read: (node) => ({ keys: ["x", ""], attrs: { k: node.number(1), sorted: node.bool("sorted", true) } }),
  },
  UnsortedSegmentSum: {
    write: (input, { numSegments }) => ({
      inputs: [input("x"), input("segmentIds"), scalarInput("num_segments", numSegments)],
      attrs: [["Tindices", typeAttr("int32")], ["Tnumsegments", typeAttr("int32")]],
    }),
    read: (node) => ({ keys: ["x", "segmentIds", ""], attrs: { numSegments: node.number(2) } }),
  },
  DepthToSpace: {
    write: (_input, { blockSize, dataFormat }) => ({ attrs: [["block_size", intAttr(Number(blockSize))], ["data_format", stringAttr(String(dataFormat))]] }),
    read: (node) => ({ keys: ["x"], attrs: { blockSize: node.int("block_size"), dataFormat: node.text("data_format", "NHWC") } }),
  },
  Cast: {
    write: (input, { dtype }) => ({ attrs: [["SrcT", typeAttr(input("x").dtype)], ["DstT", typeAttr(dtype as OutputDtype)]] }),
    read: (node) => ({ keys: ["x"], attrs: { dtype: carrierOf(node.dtype("DstT")) } }),
  },
  LeakyRelu: {
    write: (_input, { alpha }) => ({ attrs: [["alpha", floatAttr(Number(alpha))]] }),
    read: (node) => ({ keys: ["x"], attrs: { alpha: node.float("alpha", 0.2) } }),
  },
  L2Loss: { write: () => ({}), read: () => ({ keys: ["t"] }) },
  DiagPart: { write: () => ({}), read: () => ({ keys: ["input"] }) },
};

/** Whether TensorFlow's SelectV2 is tfjs's Select, which wants all of one shape. */
export function choosesAlike([condition, t, e]: readonly { readonly shape: readonly number[] }[]): boolean {
  return condition !== undefined && t !== undefined && e !== undefined && sameShape(condition.shape, t.shape) && sameShape(t.shape, e.shape);
}
