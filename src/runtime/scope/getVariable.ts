// getVariable: a variable by its full name, through the scope's custom getter, made or shared by the store (GV-1 to GV-10).
import * as tf from "@tensorflow/tfjs-core";
import { addConstant, hostConstant, type ConstantValue } from "../graph/constants";
import { ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import type { OutputDtype } from "../graph/dtypes";
import type { Output } from "../graph/operation";
import { outputFor } from "../graph/record";
import { isVariable } from "../graph/variableMark";
import type { Initializer } from "./initializers";
import type { PartitionedVariable } from "./partitionedVariable";
import type { Partitioner } from "./partitioners";
import type { Regularizer } from "./regularizers";
import type { Constraint, Variable } from "./variable";
import { scopeStateOf, type Reuse } from "./variableScope";
import { variableFromStore } from "./variableStore";

/** Options of getVariable; what is absent comes from the variable scope. */
export interface GetVariableOptions {
  /** Lengths that only a variable to be shared may leave open are null. */
  readonly shape?: readonly (number | null)[];
  /** Default: the scope's, else the type's: Glorot uniform for floats, zeros for integers and truth values. */
  readonly initializer?: Initializer | ConstantValue | tf.Tensor;
  /** Default: the scope's, float32 unless set. */
  readonly dtype?: OutputDtype;
  /** Makes the variable's penalty, collected in REGULARIZATION_LOSSES; `noRegularizer` undoes the scope's. */
  readonly regularizer?: Regularizer;
  /** Default true: the optimizers may change it. */
  readonly trainable?: boolean;
  /** Default: the global variables. */
  readonly collections?: readonly string[];
  /** Cuts the variable into parts, unless it is a scalar; getVariable then gives a PartitionedVariable. */
  readonly partitioner?: Partitioner;
  /** Reads are snapshots instead of views of the value in place. Default: the scope's. */
  readonly useResource?: boolean;
  /** Instead of the scope's. */
  readonly customGetter?: CustomGetter;
  /** What an optimizer applies to the variable after each update. */
  readonly constraint?: Constraint;
}

/** What a getter is asked for: the call's options, completed by the scope, and whether variables are shared. */
export interface GetterOptions extends Omit<GetVariableOptions, "customGetter"> {
  /** The scope's where the call gave none. */
  readonly dtype: OutputDtype;
  /** Whether the variable is shared, as the scope says. */
  readonly reuse: Reuse;
}

/** Gives the variable of a full name. */
export type Getter = (name: string, options: GetterOptions) => tf.Tensor;

/** Gives what getVariable answers with: it may call `getter` with another name or options, often, or wrap what that gives. */
export type CustomGetter = (getter: Getter, name: string, options: GetterOptions) => tf.Tensor;

/**
 * The variable of that name in the open variable scope: made, or shared where the scope says so. A partitioner of the
 * scope makes a PartitionedVariable of it, a custom getter whatever it gives; for tf functions all are tensors.
 */
export function getVariable<R extends tf.Rank = tf.Rank>(
  name: string,
  options: GetVariableOptions & { readonly partitioner: Partitioner },
): PartitionedVariable<R>;
export function getVariable<R extends tf.Rank = tf.Rank>(name: string, options?: GetVariableOptions): Variable<R>;
export function getVariable(name: string, options: GetVariableOptions = {}): tf.Tensor {
  const graph = getDefaultGraph();
  const scope = scopeStateOf(graph).current;
  const full = scope.name ? `${scope.name}/${name}` : name;
  const { initializer = scope.initializer, customGetter = scope.customGetter, dtype = scope.dtype } = options;
  const { trainable, collections } = options;
  const completed: GetterOptions = {
    dtype,
    reuse: scope.reuse,
    shape: options.shape,
    initializer,
    trainable,
    collections,
    regularizer: options.regularizer ?? scope.regularizer,
    partitioner: options.partitioner ?? scope.partitioner,
    useResource: options.useResource ?? scope.useResource,
    constraint: options.constraint ?? scope.constraint,
  };
  const fromStore: Getter = (name, asked) =>
    variableFromStore(graph, name, { ...asked, dtypeGiven: options.dtype !== undefined || asked.dtype !== dtype });
  return graph.withinNameScope(undefined, () => {
    if (options.dtype) checkConstantDtype(graph, options.initializer, options.dtype);
    if (customGetter === undefined) return fromStore(full, completed);
    if (typeof customGetter !== "function") {
      throw new ValueError(`Passed a customGetter which is not callable: ${String(customGetter)}`);
    }
    return customGetter(fromStore, full, completed);
  });
}

/** As getVariable, for a variable of this process alone: in the local variables, never trainable (GV-9). */
export function getLocalVariable<R extends tf.Rank = tf.Rank>(
  name: string,
  options: GetVariableOptions = {},
): Variable<R> {
  const collections = [...new Set([...(options.collections ?? []), GraphKeys.LOCAL_VARIABLES])];
  return getVariable<R>(name, { ...options, collections, trainable: false });
}

/**
 * A JavaScript number has no type of its own, so only tensors, truth values and strings can disagree (GV-5). As in
 * TensorFlow the constant is made for this look as well, unused: later constants are counted from there.
 */
function checkConstantDtype(graph: Graph, initializer: GetVariableOptions["initializer"], dtype: OutputDtype): void {
  if (initializer === undefined || typeof initializer === "function") return;
  const own = isVariable(initializer) ? initializer.declaredDtype : constantOutput(graph, initializer, dtype).dtype;
  if (own !== dtype) throw new ValueError(`Initializer type '${own}' and explicit dtype '${dtype}' don't match.`);
}

function constantOutput(graph: Graph, initializer: ConstantValue | tf.Tensor, dtype: OutputDtype): Output {
  if (initializer instanceof tf.Tensor) return outputFor(graph, initializer);
  const own = hostConstant(initializer).dtype;
  const typeless = own !== "string" && dtype !== "string" && (own !== "bool" || dtype === "bool");
  return addConstant(graph, hostConstant(initializer, typeless ? { dtype } : {}), "Const");
}
