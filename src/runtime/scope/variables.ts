// Lists of variables, and operations on all of them at once.
import type * as tf from "@tensorflow/tfjs-core";
import { group } from "../graph/controlDependencies";
import { onlyOutput } from "../graph/constants";
import { getDefaultGraph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import type { Operation } from "../graph/operation";
import { VariableReference } from "../graph/variableValues";
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

/**
 * Names of those variables that have no value in the session, as strings' bytes; by default of all global and local
 * variables. The shape tells how many were asked about, the fetched list is as long as there are names.
 */
export function reportUninitializedVariables(
  list: readonly Variable[] = [...globalVariables(), ...localVariables()],
): tf.Tensor {
  const operation = getDefaultGraph().createOperation({
    type: "ReportUninitializedVariables",
    name: "report_uninitialized_variables",
    inputs: list.map((variable) => onlyOutput(variable.op)),
    outputs: [{ dtype: "string", shape: [list.length] }],
    execute: (references) => {
      const missing = references.filter((each) => each instanceof VariableReference && !each.initialized);
      return [missing.map((each) => new TextEncoder().encode((each as VariableReference).variable.name))];
    },
  });
  return onlyOutput(operation).tensor;
}
