// Lists of variables, and operations on all of them at once.
import { group } from "../graph/controlDependencies";
import { getDefaultGraph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import type { Operation } from "../graph/operation";
import type { Variable } from "./variable";

/** Variables that checkpoints hold, in the order of making; `scope` is a regular expression (CL-2). */
export function globalVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection<Variable>(GraphKeys.GLOBAL_VARIABLES, scope);
}

/** Variables that optimizers change. */
export function trainableVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection<Variable>(GraphKeys.TRAINABLE_VARIABLES, scope);
}

/** Variables of this process alone. */
export function localVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection<Variable>(GraphKeys.LOCAL_VARIABLES, scope);
}

/** Variables that layers put into the collection of model variables. */
export function modelVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection<Variable>(GraphKeys.MODEL_VARIABLES, scope);
}

/** Variables that are averaged. */
export function movingAverageVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection<Variable>(GraphKeys.MOVING_AVERAGE_VARIABLES, scope);
}

/** Gives each variable of `list` its initial value. */
export function variablesInitializer(list: readonly Variable[], name = "init"): Operation {
  return group(list.map((variable) => variable.initializer), { name });
}

/** Gives all global variables their initial values. */
export function globalVariablesInitializer(): Operation {
  return variablesInitializer(globalVariables());
}

/** Gives all local variables their initial values. */
export function localVariablesInitializer(): Operation {
  return variablesInitializer(localVariables());
}
