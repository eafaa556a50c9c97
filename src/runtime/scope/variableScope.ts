// Variable scopes: prefixes of variables' names, sharing, and defaults for the variables made inside (VS-1 to VS-14).
import { lastPart } from "#model/scopedName";
import type { OutputDtype } from "../graph/dtypes";
import { ValueError } from "../graph/errors";
import { getDefaultGraph, refusePromise, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import type { CustomGetter } from "./getVariable";
import type { Initializer } from "./initializers";
import type { PartitionedVariable } from "./partitionedVariable";
import type { Partitioner } from "./partitioners";
import type { Regularizer } from "./regularizers";
import type { Constraint, InitialValue, Variable } from "./variable";

/** Shares a variable where it exists and makes it where it does not. */
export const AUTO_REUSE: unique symbol = Symbol("AUTO_REUSE");

/** Whether variables of a scope are shared; false is the same as absent. */
export type Reuse = boolean | typeof AUTO_REUSE;

/** What variables of a scope get unless they are made with something else. */
export interface VariableDefaults {
  /** What variables that are given none begin with: a function of shape and type, or a value. */
  readonly initializer?: Initializer | Exclude<InitialValue, () => unknown>;
  /** Makes the penalty of each new variable, collected in REGULARIZATION_LOSSES. */
  readonly regularizer?: Regularizer;
  /** Cuts each new variable that is no scalar. */
  readonly partitioner?: Partitioner;
  /** Stands between getVariable and the variables that are kept; inside, it wraps the outer scope's (VS-6). */
  readonly customGetter?: CustomGetter;
  /** Type of variables that say none; float32 unless given. */
  readonly dtype?: OutputDtype;
  /** Whether reads are snapshots. */
  readonly useResource?: boolean;
  /** What an optimizer applies to a variable after each update. Inner scopes do not inherit it (VS-5). */
  readonly constraint?: Constraint;
}

/** What a scope gives to the variables made in it. Absent properties are inherited. */
export interface VariableScopeOptions extends VariableDefaults {
  /** true: variables are shared and must exist. AUTO_REUSE: shared where they exist. Inner scopes inherit it. */
  readonly reuse?: Reuse;
  /** With a name of null: made unique among variable scopes (VS-7). */
  readonly defaultName?: string;
  /** False: operations stay in the current name scope (VS-10). */
  readonly auxiliaryNameScope?: boolean;
}

/** One entry into a variable scope. What is set on it holds for this entry and later ones by this object (VS-6). */
export class VariableScope {
  /** For variables that are given none. */
  initializer: VariableDefaults["initializer"];
  /** For variables that are given none. */
  regularizer: Regularizer | undefined;
  /** For variables that are given none. */
  partitioner: Partitioner | undefined;
  /** Stands between getVariable and the variables that are kept. */
  customGetter: CustomGetter | undefined;
  /** Of variables that say none. */
  dtype: OutputDtype;
  /** Whether reads are snapshots. */
  useResource: boolean | undefined;
  /** For variables that are given none; inner scopes do not inherit it (VS-5). */
  constraint: Constraint | undefined;
  #reuse: Reuse;

  /** Made by `variableScope`. */
  constructor(
    /** Full, without a slash at its end; empty at the root. */
    readonly name: string,
    inherited: VariableDefaults & { readonly reuse: Reuse },
    /** The name scope of the first opening, with a slash at its end (VS-11). */
    readonly originalNameScope: string,
  ) {
    this.initializer = inherited.initializer;
    this.regularizer = inherited.regularizer;
    this.partitioner = inherited.partitioner;
    this.customGetter = inherited.customGetter;
    this.dtype = inherited.dtype ?? "float32";
    this.useResource = inherited.useResource;
    this.constraint = inherited.constraint;
    this.#reuse = inherited.reuse;
  }

  /** Whether variables are shared; it is never switched off again (VS-4). */
  get reuse(): Reuse {
    return this.#reuse;
  }

  /** From now on variables of this scope are shared, never made. */
  reuseVariables(): void {
    this.#reuse = true;
  }

  /** Global variables whose name begins with this scope's (GV-12). */
  globalVariables(): Variable[] {
    return this.#collection(GraphKeys.GLOBAL_VARIABLES);
  }

  /** Trainable variables whose name begins with this scope's. */
  trainableVariables(): Variable[] {
    return this.#collection(GraphKeys.TRAINABLE_VARIABLES);
  }

  /** Local variables whose name begins with this scope's. */
  localVariables(): Variable[] {
    return this.#collection(GraphKeys.LOCAL_VARIABLES);
  }

  #collection(key: string): Variable[] {
    return getDefaultGraph().getCollection<Variable>(key, this.name ? `${this.name}/` : "");
  }
}

/** The variable scopes of one graph: where we are, how often each was entered, which variables exist by name. */
export interface ScopeState {
  current: VariableScope;
  counts: Map<string, number>;
  readonly variables: Map<string, Variable>;
  /** Variables in parts, by the name of the whole; their parts are among `variables`. */
  readonly partitioned: Map<string, PartitionedVariable>;
}

const stateKey = Symbol("variable scopes");

/** The scope state of a graph. */
export function scopeStateOf(graph: Graph): ScopeState {
  return graph.part(stateKey, () => ({
    current: new VariableScope("", { reuse: false }, ""),
    counts: new Map<string, number>(),
    variables: new Map<string, Variable>(),
    partitioned: new Map<string, PartitionedVariable>(),
  }));
}

/** The variable scope that is open in the default graph (TF1: get_variable_scope). */
export function getVariableScope(): VariableScope {
  return scopeStateOf(getDefaultGraph()).current;
}

type Body<T> = (scope: VariableScope) => T;

/** Runs `body` in a variable scope: a name below the current one, an object exactly that one, null a default name. */
export function variableScope<T>(nameOrScope: string | VariableScope | null, body: Body<T>): T;
export function variableScope<T>(
  nameOrScope: string | VariableScope | null,
  options: VariableScopeOptions,
  body: Body<T>,
): T;
export function variableScope<T>(
  nameOrScope: string | VariableScope | null,
  second: VariableScopeOptions | Body<T>,
  third?: Body<T>,
): T {
  const [options, body] = typeof second === "function" ? [{}, second] : [second, third];
  if (!body) throw new TypeError("variableScope takes a callback that makes what is inside");
  checkEntry(nameOrScope, options);
  const graph = getDefaultGraph();
  const state = scopeStateOf(graph);
  if (nameOrScope instanceof VariableScope) return enterObject(graph, { state, options, from: nameOrScope }, body);
  const name = nameOrScope ?? uniqueScopeName(state, options);
  const inNameScope = nameOrScope ?? options.defaultName ?? name;
  return withinAuxiliary(graph, { name: inNameScope, options }, (nameScope) =>
    enterName(state, { name, options, nameScope }, body),
  );
}

function enterName<T>(
  state: ScopeState,
  { name, options, nameScope }: { name: string; options: VariableScopeOptions; nameScope: string },
  body: Body<T>,
): T {
  const outer = state.current;
  const full = outer.name ? `${outer.name}/${name}` : name;
  count(state, full);
  state.current = new VariableScope(full, withDefaults(options, outer, options.reuse || outer.reuse), nameScope);
  try {
    return refusePromise(body(state.current));
  } finally {
    state.current = outer;
    for (const key of state.counts.keys()) if (key.startsWith(`${full}/`)) state.counts.set(key, 0);
  }
}

function enterObject<T>(
  graph: Graph,
  { state, options, from }: { state: ScopeState; options: VariableScopeOptions; from: VariableScope },
  body: Body<T>,
): T {
  return withinAuxiliary(graph, { name: lastPart(from.name), options }, () => {
    const outer = state.current;
    count(state, from.name);
    const counts = new Map(state.counts);
    const properties = withDefaults(options, from, options.reuse || from.reuse);
    state.current = new VariableScope(from.name, properties, from.originalNameScope);
    try {
      return refusePromise(body(state.current));
    } finally {
      state.current = outer;
      state.counts = counts;
    }
  });
}

function withinAuxiliary<T>(
  graph: Graph,
  { name, options }: { name: string; options: VariableScopeOptions },
  body: (nameScope: string) => T,
): T {
  const here = graph.nameScope ? `${graph.nameScope}/` : "";
  if (options.auxiliaryNameScope === false || name === "") return body(here);
  return graph.withinNameScope(name, body);
}

function withDefaults(
  options: VariableScopeOptions,
  from: VariableScope,
  reuse: Reuse,
): VariableDefaults & { readonly reuse: Reuse } {
  return {
    initializer: options.initializer ?? from.initializer,
    regularizer: options.regularizer ?? from.regularizer,
    partitioner: options.partitioner ?? from.partitioner,
    customGetter: wrapped(options.customGetter, from.customGetter),
    dtype: options.dtype ?? from.dtype,
    useResource: options.useResource ?? from.useResource,
    constraint: options.constraint,
    reuse,
  };
}

/** The inner getter runs first and gets the outer one as what it may call (VS-6). */
function wrapped(inner: CustomGetter | undefined, outer: CustomGetter | undefined): CustomGetter | undefined {
  if (!inner || !outer) return inner ?? outer;
  return (getter, name, options) => inner((name, options) => outer(getter, name, options), name, options);
}

function uniqueScopeName(state: ScopeState, { defaultName, reuse }: VariableScopeOptions): string {
  if (defaultName === undefined) throw new TypeError("If default_name is None then name_or_scope is required");
  if (reuse) throw new ValueError("reuse=True cannot be used without a name_or_scope");
  const prefix = state.current.name ? `${state.current.name}/` : "";
  const taken = (name: string): boolean => (state.counts.get(prefix + name) ?? 0) > 0;
  if (!taken(defaultName)) return defaultName;
  let index = 1;
  while (taken(`${defaultName}_${index}`)) index += 1;
  return `${defaultName}_${index}`;
}

function count(state: ScopeState, name: string): void {
  state.counts.set(name, (state.counts.get(name) ?? 0) + 1);
}

function checkEntry(nameOrScope: unknown, { reuse, auxiliaryNameScope }: VariableScopeOptions): void {
  if (nameOrScope !== null && typeof nameOrScope !== "string" && !(nameOrScope instanceof VariableScope)) {
    throw new TypeError("variableScope: the first argument must be a string, a VariableScope, or null with a defaultName.");
  }
  if ((reuse ?? undefined) !== undefined && typeof reuse !== "boolean" && reuse !== AUTO_REUSE) {
    throw new ValueError("The reuse parameter must be true or false or AUTO_REUSE, or absent.");
  }
  if (auxiliaryNameScope !== undefined && typeof auxiliaryNameScope !== "boolean") {
    throw new TypeError("auxiliaryNameScope must be true or false.");
  }
}
