// The axes that TensorFlow's reductions take as an input where none are given: its constants count in names.
import * as tf from "@tensorflow/tfjs-core";
import { typeAttr } from "./attrs";
import { addConstant, onlyOutput } from "./constants";
import type { KernelAttrs } from "./engine";
import type { Graph } from "./graph";
import type { Output } from "./operation";

const reductions = new Set(["Sum", "Mean", "Max", "Min", "Prod", "All", "Any"]);

/** The input that TensorFlow's operation has behind those of the kernel: a constant, for a scalar an empty range. */
export function allAxes(
  graph: Graph,
  { kernel, attrs, rank }: { readonly kernel: string; readonly attrs: KernelAttrs; readonly rank: number },
): Output[] {
  if (!reductions.has(kernel) || (attrs["axis"] ?? attrs["reductionIndices"] ?? null) !== null) return [];
  return [rank === 0 ? emptyRange(graph) : integers(graph, "Const", Array.from({ length: rank }, (_, axis) => axis))];
}

/** TensorFlow's Python takes a rank of zero for an unknown one, and makes `range(0, rank)` of it. */
function emptyRange(graph: Graph): Output {
  const end = integers(graph, "Rank", 0);
  return graph.withinNameScope("range", (scope) => {
    const [start, delta] = [integers(graph, "start", 0), integers(graph, "delta", 1)];
    const operation = graph.createOperation({
      type: "Range",
      name: scope,
      inputs: [start, end, delta],
      attrs: new Map([["Tidx", typeAttr("int32")]]),
      outputs: [{ dtype: "int32", shape: [0] }],
      run: () => [tf.tensor([], [0], "int32")],
    });
    return onlyOutput(operation);
  });
}

function integers(graph: Graph, name: string, value: number | readonly number[]): Output {
  const values = Int32Array.from(typeof value === "number" ? [value] : value);
  return addConstant(graph, { values, shape: typeof value === "number" ? [] : [values.length], dtype: "int32" }, name);
}
