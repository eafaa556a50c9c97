// Kernels that few scripts use, which TensorFlow gives other inputs and attributes than tfjs does: as its nodes, and back.
import { boolAttr, intAttr, stringAttr, typeAttr } from "./attrs";
import type { KernelAttrs } from "./engine";
import type { FileNode } from "./fileNode";
import { listInput, pairsInput, pairsOf, scalarInput, type KernelForm, type KernelForms } from "./kernelForms";

/** Blocks that move between the batch and the picture; `further` is what tfjs calls the borders, `borders` what TensorFlow does. */
const blocks = (further: string, borders: string): KernelForm => ({
  write: (input, attrs) => ({
    inputs: [input("x"), listInput("block_shape", attrs["blockShape"]), pairsInput(borders, attrs[further])],
    attrs: [["Tblock_shape", typeAttr("int32")], [`T${borders}`, typeAttr("int32")]],
  }),
  read: (node) => ({ keys: ["x", "", ""], attrs: { blockShape: node.numbers(1), [further]: pairsOf(node.numbers(2)) } }),
});

/** Forms by kernel. */
export const rareForms: KernelForms = {
  SpaceToBatchND: blocks("paddings", "paddings"),
  BatchToSpaceND: blocks("crops", "crops"),
  Bincount: {
    write: (input, { size }) => ({ inputs: [input("x"), scalarInput("size", size), input("weights")], attrs: [["T", typeAttr(input("weights").dtype)]] }),
    read: (node) => ({ keys: ["x", "", "weights"], attrs: { size: node.number(1) } }),
  },
  DenseBincount: {
    write: (input, { size, binaryOutput }) => ({
      inputs: [input("x"), scalarInput("size", size), input("weights")],
      attrs: [["Tidx", typeAttr("int32")], ["T", typeAttr(input("weights").dtype)], ["binary_output", boolAttr(binaryOutput === true)]],
    }),
    read: (node) => ({ keys: ["x", "", "weights"], attrs: { size: node.number(1), binaryOutput: node.bool("binary_output") } }),
  },
  Einsum: {
    write: (_input, { equation }, { inputs }) => ({ attrs: [["equation", stringAttr(String(equation))], ["N", intAttr(inputs.length)]] }),
    read: (node) => ({ keys: node.inputs.map((_input, at) => String(at)), list: true, attrs: { equation: node.text("equation") } }),
  },
  SearchSorted: {
    write: (input) => ({ inputs: [input("sortedSequence"), input("values")], attrs: [["out_type", typeAttr("int32")]] }),
    read: (node) => ({ keys: ["sortedSequence", "values"], attrs: { side: node.type === "UpperBound" ? "right" : "left" } }),
  },
  TensorScatterUpdate: {
    write: (input) => ({ inputs: [input("tensor"), input("indices"), input("updates")], attrs: [["Tindices", typeAttr("int32")]] }),
    read: () => ({ keys: ["tensor", "indices", "updates"] }),
  },
  SparseToDense: {
    write: (input, { outputShape }) => ({
      inputs: [input("sparseIndices"), listInput("output_shape", outputShape), input("sparseValues"), input("defaultValue")],
      attrs: [["T", typeAttr(input("sparseValues").dtype)], ["Tindices", typeAttr("int32")], ["validate_indices", boolAttr(true)]],
    }),
    read: (node) => ({ keys: ["sparseIndices", "", "sparseValues", "defaultValue"], attrs: { outputShape: node.numbers(1) } }),
  },
  Transform: {
    write: (input, { interpolation, fillMode, fillValue }, { outputs: [output] }) => ({
      inputs: [input("image"), input("transforms"), listInput("output_shape", output?.shape.slice(1, 3)), scalarInput("fill_value", fillValue, "float32")],
      attrs: [["dtype", typeAttr(input("image").dtype)], ["interpolation", upper(interpolation)], ["fill_mode", upper(fillMode)]],
    }),
    read: (node) => ({ keys: ["image", "transforms", "", ""], attrs: readTransform(node) }),
  },
};

const upper = (word: unknown) => stringAttr(String(word).toUpperCase());

function readTransform(node: FileNode): KernelAttrs {
  const [interpolation, fillMode] = [node.text("interpolation"), node.text("fill_mode", "CONSTANT")];
  return { interpolation: interpolation.toLowerCase(), fillMode: fillMode.toLowerCase(), fillValue: node.number(3), outputShape: node.numbers(2) };
}
