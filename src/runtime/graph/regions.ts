// Stretches of a graph that came from one tf.customGrad call and are differentiated as one (tracing.md 3).
import type * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "./graph";
import type { Output } from "./operation";

/** An outermost customGrad call: the operations from `first` to before `end` have one gradient function together. */
export interface Region {
  readonly first: number;
  readonly end: number;
  readonly inputs: readonly Output[];
  readonly outputs: readonly Output[];
  readonly backward: (dy: tf.Tensor) => Record<string, () => tf.Tensor>;
}

const key = Symbol("customGrad regions");

/** The regions of a graph in the order of creation. */
export function regionsOf(graph: Graph): Region[] {
  return graph.part<Region[]>(key, () => []);
}
