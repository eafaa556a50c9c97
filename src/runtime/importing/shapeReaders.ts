// What TensorFlow computes of shapes while it runs: here shapes are known before, so each of these is a constant.
import * as tf from "@tensorflow/tfjs-core";
import { knownNode } from "../graph/constants";
import { summedAxes } from "../graph/knownValues";
import type { FileNode, NodeReaders, ReadNode } from "../graph/fileNode";
import { sizeOf } from "../graph/dtypes";

/** Operations on shapes in a file. */
export const shapeReaders: NodeReaders = {
  Shape: (node) => integers(node, node.input(0).shape),
  Rank: (node) => integers(node, node.input(0).shape.length),
  Size: (node) => integers(node, sizeOf(node.input(0).shape)),
  ShapeN: (node) => ({
    outputs: node.inputs.map(({ shape }) => ({ dtype: "int32", shape: [shape.length] })),
    execute: () => node.inputs.map(({ shape }) => tf.tensor1d([...shape], "int32")),
  }),
  BroadcastGradientArgs: (node) => {
    const axes = summedAxes(node.numbers(0), node.numbers(1));
    return {
      outputs: axes.map(({ length }) => ({ dtype: "int32", shape: [length] })),
      execute: () => axes.map((each) => tf.tensor1d([...each], "int32")),
    };
  },
};

function integers(node: FileNode, value: number | readonly number[]): ReadNode {
  const values = Int32Array.from(typeof value === "number" ? [value] : value);
  const dtype = node.type === "Rank" || !node.def.attrs.has("out_type") ? "int32" : node.dtype("out_type");
  return knownNode({ values, shape: typeof value === "number" ? [] : [values.length], dtype });
}
