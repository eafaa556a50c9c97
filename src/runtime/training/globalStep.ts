// The global step: an int64 variable that counts training steps, one per graph (GS-1, GS-2).
import type * as tf from "@tensorflow/tfjs-core";
import { typeAttr } from "../graph/attrs";
import { onlyOutput } from "../graph/constants";
import { ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { findOutput } from "../graph/graphTensor";
import { getVariable } from "../scope/getVariable";
import { zerosInitializer } from "../scope/initializers";
import type { Session, VariableLike } from "../graph/session";
import { Variable } from "../scope/variable";
import { readingVariable } from "../scope/variableOperations";
import { logging } from "./logging";

/** Where TensorFlow keeps the read that hooks share. */
const stepReadKey = "global_step_read_op_cache";

/**
 * The graph's global step: the one in its collection, else what is called global_step; undefined without either, and
 * with an error in the log where the collection has several (GS-1). A
 * script that made it by hand may have put a tensor there that is no variable, which is given back as it is.
 */
export function getGlobalStep(graph: Graph = getDefaultGraph()): Variable<tf.Rank.R0> | undefined {
  const found = graph.getCollection<Variable<tf.Rank.R0>>(GraphKeys.GLOBAL_STEP);
  if (found.length > 1) {
    logging.error("Multiple tensors in global_step collection.");
    return undefined;
  }
  const step = found[0] ?? stepByName(graph);
  if (step) checkStep(step);
  return step;
}

/**
 * The global step as hooks fetch it: a copy of its value before the run's updates. TensorFlow leaves open whether its
 * own read comes before the increment of the same run (HK-12); here it always does. Undefined without a global step.
 */
export function getGlobalStepRead(graph: Graph = getDefaultGraph()): tf.Tensor<tf.Rank.R0> | undefined {
  const [made] = graph.getCollection<tf.Tensor<tf.Rank.R0>>(stepReadKey);
  if (made) return made;
  const step = getGlobalStep(graph);
  if (!step) return undefined;
  const read = graph.asDefault(() => graph.control.within(undefined, () => graph.withinNameScope(`${step.op.name}/`, () => makeRead(graph, step))));
  graph.addToCollection(stepReadKey, read);
  return read;
}

function makeRead(graph: Graph, { op, useResource, declaredDtype }: Variable): tf.Tensor<tf.Rank.R0> {
  const operation = graph.createOperation({
    type: useResource ? "ReadVariableOp" : "Identity",
    name: "read_before_updates",
    inputs: [onlyOutput(op)],
    attrs: new Map([[useResource ? "dtype" : "T", typeAttr(declaredDtype)]]),
    early: true,
    ...readingVariable(onlyOutput(op), true),
  });
  return onlyOutput(operation).tensor as tf.Tensor<tf.Rank.R0>;
}

/** Adds `increment` to the global step whenever it is run, once the run's reads of it are made. */
export function incrementGlobalStep(increment = 1): tf.Tensor<tf.Rank.R0> {
  const step = getGlobalStep();
  if (!step) throw new ValueError("Global step tensor should be created before it is incremented.");
  return step.assignAdd(increment);
}

/** The global step of a graph in a session, as a number (GS-3). */
export async function globalStep(session: Session, step: VariableLike): Promise<number> {
  return Number((await session.readVariable(step))[0]);
}

/** Makes the global step, which must not exist yet: `global_step`, int64, zero, not trainable. */
export function createGlobalStep(): Variable<tf.Rank.R0> {
  const graph = getDefaultGraph();
  if (getGlobalStep(graph)) throw new ValueError('"global_step" already exists.');
  return graph.withinNameScope(undefined, () =>
    getVariable<tf.Rank.R0>("global_step", {
      shape: [],
      dtype: "int64",
      initializer: zerosInitializer(),
      trainable: false,
      collections: [GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
    }),
  );
}

/** The graph's global step, made if it is not there. */
export function getOrCreateGlobalStep(): Variable<tf.Rank.R0> {
  return getGlobalStep() ?? createGlobalStep();
}

function stepByName(graph: Graph): Variable<tf.Rank.R0> | undefined {
  const operation = graph.findOperation("global_step");
  const isIt = (variable: Variable<tf.Rank.R0>): boolean => variable.op === operation;
  const keys = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES];
  const variable = keys.flatMap((key) => graph.getCollection<Variable<tf.Rank.R0>>(key)).find(isIt);
  return variable ?? (operation?.outputs[0]?.tensor as Variable<tf.Rank.R0> | undefined);
}

function checkStep(step: Variable<tf.Rank.R0>): void {
  const dtype = step instanceof Variable ? step.declaredDtype : findOutput(step)?.dtype;
  if (dtype !== "int32" && dtype !== "int64") throw new TypeError(`Existing "global_step" does not have integer type: ${dtype}`);
  if (step.shape.length !== 0) throw new TypeError(`Existing "global_step" is not scalar: (${(step as Variable).shape.join()})`);
}
