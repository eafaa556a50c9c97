// Plain `tf.Variable`s as variables of a graph: the weights of tf.layers models, and whatever tf.variable made.
import * as tf from "@tensorflow/tfjs-core";
import { addToCollection } from "../graph/collections";
import type { OutputDtype } from "../graph/dtypes";
import { shareTensor } from "../graph/engine";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { opOf } from "../graph/graphTensor";
import { hostCall } from "../graph/hostCall";
import { setPlainVariables } from "../graph/plainVariables";
import type { Session } from "../graph/session";
import { untraced } from "../graph/tracing";
import { Variable } from "./variable";
import { scopeStateOf } from "./variableScope";

const key = Symbol("plain variables");

/** A tf.layers model as far as its weights go, whichever copy of TensorFlow.js made it. */
export interface ModelWithWeights {
  /** All of them, trainable or not. */
  readonly weights: readonly { read(): tf.Tensor }[];
}

/**
 * The graph's variable that stands for a plain `tf.Variable`, such as `model.weights[0].read()`: made at the first use of the
 * plain one while the graph is built, in the variable scope open then, under the plain one's name (`scope/dense_Dense1/kernel`),
 * trainable if it is. Its initializer takes the value that the plain one has when it runs. Savers, `trainableVariables` and the
 * optimizers treat it like any other.
 */
export function variableOf(plain: tf.Variable): Variable {
  return standFor(plain, () => {
    const [value] = hostCall({ name: "plain_value", outputs: [{ dtype: plain.dtype as OutputDtype, shape: plain.shape }], call: () => shareTensor(plain) });
    return value as tf.Tensor;
  });
}

/**
 * Gives a tf.layers model the values that its weights have in the session, so that `model.predict` and `model.save` go on from
 * what was trained. Weights that the session's graph does not use, or that have no value yet, stay as they are.
 */
export async function updateModel(session: Session, model: ModelWithWeights): Promise<void> {
  const known = knownTo(session.graph);
  for (const weight of model.weights) {
    const plain = weight.read() as tf.Variable;
    const variable = known.get(plain);
    if (!variable || !session.isInitialized(variable)) continue;
    const values = await session.readVariable(variable);
    untraced(() => {
      const value = tf.tensor(values, plain.shape, plain.dtype as "float32");
      plain.assign(value);
      value.dispose();
    });
  }
}

function standFor(plain: tf.Variable, initial: () => tf.Tensor): Variable {
  const graph = getDefaultGraph();
  const known = knownTo(graph);
  const made = known.get(plain) ?? make(graph, plain, initial);
  known.set(plain, made);
  return made;
}

function make(graph: Graph, plain: tf.Variable, initial: () => tf.Tensor): Variable {
  const scope = scopeStateOf(graph).current.name;
  const name = `${scope ? `${scope}/` : ""}${legalName(plain.name)}`;
  const { dtype, trainable } = plain;
  return graph.withinNameScope(undefined, () => new Variable(initial, { name, dtype: dtype as OutputDtype, trainable }));
}

/** Variables of tf.variable without a name are numbered. */
function legalName(name: string): string {
  return /^\d+$/.test(name) ? "Variable" : name.replace(/^[^A-Za-z0-9.]/, ".").replace(/[^\w.\-/]/g, "_");
}

function knownTo(graph: Graph): Map<tf.Variable, Variable> {
  return graph.part(key, () => new Map<tf.Variable, Variable>());
}

setPlainVariables({
  of: variableOf,
  // What a layer writes while it is applied, such as batch normalisation's moving statistics, is an update that a training step runs.
  assign: (plain, value) => addToCollection(GraphKeys.UPDATE_OPS, opOf(variableOf(plain).assign(value))),
  made: (plain, initial) => void standFor(plain, () => initial),
});
