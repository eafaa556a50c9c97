// The global step: an int64 variable that counts training steps, one per graph (GS-1, GS-2).
import type { Rank } from "@tensorflow/tfjs-core";
import { ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { findOutput } from "../graph/graphTensor";
import { getVariable } from "../scope/getVariable";
import { zerosInitializer } from "../scope/initializers";
import { Variable } from "../scope/variable";

/**
 * The graph's global step: the one in its collection, else what is called global_step; undefined without either. A
 * script that made it by hand may have put a tensor there that is no variable, which is given back as it is.
 */
export function getGlobalStep(graph: Graph = getDefaultGraph()): Variable<Rank.R0> | undefined {
  const found = graph.getCollection<Variable<Rank.R0>>(GraphKeys.GLOBAL_STEP);
  if (found.length > 1) throw new ValueError("There are several variables in the collection global_step.");
  const step = found[0] ?? stepByName(graph);
  if (step) checkStep(step);
  return step;
}

/** Makes the global step, which must not exist yet: `global_step`, int64, zero, not trainable. */
export function createGlobalStep(): Variable<Rank.R0> {
  const graph = getDefaultGraph();
  if (getGlobalStep(graph)) throw new ValueError('"global_step" already exists.');
  return getVariable<Rank.R0>("global_step", {
    shape: [],
    dtype: "int64",
    initializer: zerosInitializer(),
    trainable: false,
    collections: [GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
  });
}

/** The graph's global step, made if it is not there. */
export function getOrCreateGlobalStep(): Variable<Rank.R0> {
  return getGlobalStep() ?? createGlobalStep();
}

function stepByName(graph: Graph): Variable<Rank.R0> | undefined {
  const operation = graph.findOperation("global_step");
  const isIt = (variable: Variable<Rank.R0>): boolean => variable.op === operation;
  const keys = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES];
  const variable = keys.flatMap((key) => graph.getCollection<Variable<Rank.R0>>(key)).find(isIt);
  return variable ?? (operation?.outputs[0]?.tensor as Variable<Rank.R0> | undefined);
}

function checkStep(step: Variable<Rank.R0>): void {
  const dtype = step instanceof Variable ? step.declaredDtype : findOutput(step)?.dtype;
  if (dtype !== "int32" && dtype !== "int64") throw new TypeError(`Existing "global_step" does not have integer type: ${dtype}`);
  if (step.shape.length !== 0) throw new TypeError(`Existing "global_step" is not scalar: (${(step as Variable).shape.join()})`);
}
