// getVariable: a variable by its full name, made or shared (GV-1 to GV-9).
import * as tf from "@tensorflow/tfjs-core";
import { hostConstant, type ConstantValue } from "../graph/constants";
import { isFloating, printShape, type OutputDtype } from "../graph/dtypes";
import { ValueError } from "../graph/errors";
import { getDefaultGraph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { findOutput } from "../graph/graphTensor";
import { glorotUniformInitializer, zerosInitializer, type Initializer } from "./initializers";
import { Variable, type InitialValue } from "./variable";
import { scopeStateOf, type VariableScope } from "./variableScope";

/** Options of getVariable. */
export interface GetVariableOptions {
  readonly shape?: readonly (number | null)[];
  /** Default: the scope's, else the type's: Glorot uniform for floats, zeros for integers and truth values. */
  readonly initializer?: Initializer | ConstantValue | tf.Tensor;
  readonly dtype?: OutputDtype;
  readonly trainable?: boolean;
  readonly collections?: readonly string[];
  readonly useResource?: boolean;
}

/** The variable of that name in the open variable scope: made, or shared where the scope says so. */
export function getVariable<R extends tf.Rank = tf.Rank>(name: string, options: GetVariableOptions = {}): Variable<R> {
  const state = scopeStateOf(getDefaultGraph());
  const scope = state.current;
  const full = scope.name ? `${scope.name}/${name}` : name;
  const initializer = options.initializer ?? scope.initializer;
  if (options.shape !== undefined && initializer !== undefined && typeof initializer !== "function") {
    throw new ValueError("If initializer is a constant, do not specify shape.");
  }
  if (options.shape?.some((length) => length !== null && !(length >= 0))) {
    throw new ValueError(`A variable's shape has no negative lengths: ${full} (${options.shape.join(", ")})`);
  }
  const found = state.variables.get(full);
  if (found) {
    if (!scope.reuse) throw alreadyThere(full, found);
    checkShared(found, full, { shape: options.shape, dtype: options.dtype ?? scope.dtype });
    return found as Variable<R>;
  }
  if (scope.reuse === true) {
    throw new ValueError(
      `Variable ${full} does not exist, or was not created with getVariable(). Did you mean to set reuse: AUTO_REUSE?`,
    );
  }
  const variable = makeVariable<R>(full, { ...options, initializer }, scope);
  state.variables.set(full, variable as unknown as Variable);
  return variable;
}

/** As getVariable, for a variable of this process alone: in the local variables, never trainable (GV-9). */
export function getLocalVariable<R extends tf.Rank = tf.Rank>(
  name: string,
  options: GetVariableOptions = {},
): Variable<R> {
  const collections = [...new Set([...(options.collections ?? []), GraphKeys.LOCAL_VARIABLES])];
  return getVariable<R>(name, { ...options, collections, trainable: false });
}

function makeVariable<R extends tf.Rank>(full: string, options: GetVariableOptions, scope: VariableScope): Variable<R> {
  const dtype = options.dtype ?? constantDtype(options.initializer) ?? scope.dtype;
  const initial = initialValue(full, options, dtype);
  const graph = getDefaultGraph();
  return graph.withinNameScope(undefined, () =>
    new Variable<R>(initial, {
      name: full,
      dtype,
      trainable: options.trainable,
      collections: options.collections,
      useResource: options.useResource ?? scope.useResource,
    }),
  );
}

function initialValue(full: string, { initializer, shape }: GetVariableOptions, dtype: OutputDtype): InitialValue {
  const known = shape?.every((length) => length !== null) ? (shape as readonly number[]) : undefined;
  const chosen = initializer ?? defaultInitializer(full, dtype);
  if (typeof chosen !== "function") {
    if (!(chosen instanceof tf.Tensor)) checkConstantDtype(chosen, dtype);
    return chosen;
  }
  if (known) return () => chosen(known, dtype);
  if (shape === undefined && chosen.length === 0) return () => (chosen as () => tf.Tensor)();
  throw new ValueError(
    "The initializer passed is not valid. It should be a function without arguments and the shape should not be " +
      "provided, or an initializer and the shape should be fully defined.",
  );
}

function defaultInitializer(full: string, dtype: OutputDtype): Initializer {
  if (isFloating(dtype)) return glorotUniformInitializer();
  if (/^(u?int|bool|string)/.test(dtype)) return zerosInitializer();
  throw new ValueError(`An initializer for variable ${full} of ${dtype} is required`);
}

function constantDtype(initializer: GetVariableOptions["initializer"]): OutputDtype | undefined {
  if (initializer === undefined || typeof initializer === "function") return undefined;
  return initializer instanceof tf.Tensor ? findOutput(initializer)?.dtype : hostConstant(initializer).dtype;
}

/** A JavaScript number has no type of its own, so only truth values and strings can disagree (GV-5). */
function checkConstantDtype(initializer: ConstantValue, dtype: OutputDtype): void {
  const own = hostConstant(initializer).dtype;
  if ((own === "string") !== (dtype === "string") || (own === "bool" && dtype !== "bool")) {
    throw new ValueError(`Initializer type '${own}' and explicit dtype '${dtype}' don't match.`);
  }
}

function checkShared(
  found: Variable,
  full: string,
  { shape, dtype }: { readonly shape?: readonly (number | null)[]; readonly dtype: OutputDtype },
): void {
  const same = (length: number | null, i: number): boolean => length === null || length === found.shape[i];
  const fits = !shape || (shape.length === found.shape.length && shape.every(same));
  if (!fits) {
    const wanted = shape.every((n) => n !== null) ? printShape(shape as readonly number[]) : `(${shape.join(", ")})`;
    const there = printShape(found.shape);
    throw new ValueError(`Trying to share variable ${full}, but specified shape ${wanted} and found shape ${there}.`);
  }
  if (dtype !== found.declaredDtype) {
    const there = found.declaredDtype;
    throw new ValueError(`Trying to share variable ${full}, but specified dtype ${dtype} and found dtype ${there}.`);
  }
}

function alreadyThere(full: string, found: Variable): ValueError {
  const source = found.op.source;
  const place = source ? ` Originally made at ${source.file}:${source.line}.` : "";
  return new ValueError(
    `Variable ${full} already exists, disallowed. ` +
      `Did you mean to set reuse: true or reuse: AUTO_REUSE in variableScope?${place}`,
  );
}
