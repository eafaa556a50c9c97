// What TensorFlow computes of shapes while it runs: here shapes are known before, so each of these is a constant.
import { knownNode } from "../graph/constants";
import type { FileNode, NodeReaders, ReadNode } from "../graph/fileNode";
import { sizeOf } from "../graph/dtypes";

/** Operations on shapes in a file. */
export const shapeReaders: NodeReaders = {
  Shape: (node) => integers(node, node.input(0).shape),
  Rank: (node) => integers(node, node.input(0).shape.length),
  Size: (node) => integers(node, sizeOf(node.input(0).shape)),
};

function integers(node: FileNode, value: number | readonly number[]): ReadNode {
  const values = Int32Array.from(typeof value === "number" ? [value] : value);
  const dtype = node.type === "Rank" || !node.def.attrs.has("out_type") ? "int32" : node.dtype("out_type");
  return knownNode({ values, shape: typeof value === "number" ? [] : [values.length], dtype });
}
