// The global step: an int64 variable that counts training steps, one per graph.
import { ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { getVariable } from "../scope/getVariable";
import { zerosInitializer } from "../scope/initializers";
import type { Variable } from "../scope/variable";
import type { Rank } from "@tensorflow/tfjs-core";

/** The graph's global step: the one in its collection, else the global variable of that name; undefined without either. */
export function getGlobalStep(graph: Graph = getDefaultGraph()): Variable<Rank.R0> | undefined {
  const found = graph.getCollection<Variable<Rank.R0>>(GraphKeys.GLOBAL_STEP);
  if (found.length > 1) throw new ValueError("There are several variables in the collection global_step.");
  const byName = graph.getCollection<Variable<Rank.R0>>(GraphKeys.GLOBAL_VARIABLES).find(({ name }) => name === "global_step:0");
  const step = found[0] ?? byName;
  if (step && (step.shape.length !== 0 || step.dtype !== "int32")) {
    throw new TypeError(`The global step must be one whole number; ${step.name} is ${step.declaredDtype}.`);
  }
  return step;
}

/** Makes the global step, which must not exist yet: `global_step`, int64, zero, not trainable. */
export function createGlobalStep(): Variable<Rank.R0> {
  const graph = getDefaultGraph();
  if (getGlobalStep(graph)) throw new ValueError('"global_step" already exists.');
  return graph.withinNameScope(undefined, () =>
    getVariable<Rank.R0>("global_step", {
      shape: [],
      dtype: "int64",
      initializer: zerosInitializer(),
      trainable: false,
      collections: [GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
    }),
  );
}

/** The graph's global step, made if it is not there. */
export function getOrCreateGlobalStep(): Variable<Rank.R0> {
  return getGlobalStep() ?? createGlobalStep();
}
