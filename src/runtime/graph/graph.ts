// The graph: its operations, their unique names, its collections, and which graph is the default one.
import type * as tf from "@tensorflow/tfjs-core";
import type { AttrValue, GraphDef } from "#formats/graphDef/graphDef";
import { ControlStack } from "./controlStack";
import { NotFoundError, ValueError } from "./errors";
import { graphDefOf } from "./graphDef";
import { findOutput } from "./graphTensor";
import { checkOperationName, checkScopeName, UsedNames } from "./names";
import {
  Operation,
  Output,
  type ExecuteFunction,
  type KernelCall,
  type OutputSpec,
  type RunFunction,
} from "./operation";
import { sourceLine, type SourceLine } from "./source";
import { isVariable, joinComposite } from "./variableMark";
import { onValues } from "./variableValues";

/** Anything that names an output: the output, or a tensor that stands for one. */
export type TensorLike = tf.Tensor | Output;

/** What a new operation is made of, but for what it does. */
export interface OperationShape {
  readonly type: string;
  /** Default: the type. A name with a slash at its end is taken exactly, without the slash (NS-4). */
  readonly name?: string;
  /** A variable given as an input is read. */
  readonly inputs?: readonly TensorLike[];
  /** Besides those that the open control-dependency blocks add. */
  readonly controlInputs?: readonly Operation[];
  readonly attrs?: ReadonlyMap<string, AttrValue>;
  readonly outputs: readonly OutputSpec[];
  /** The tfjs kernel that it runs, for gradients and the graph's file. */
  readonly kernel?: KernelCall;
  /** Where the operation came from, when the caller knows better than the stack. */
  readonly source?: SourceLine;
  /** Runs as soon as its inputs are there, whenever it was made. */
  readonly early?: boolean;
  /** Inputs and attributes are those of a node in TensorFlow's form. */
  readonly asWritten?: boolean;
}

/** An operation on values. */
export interface OperationSpec extends OperationShape {
  /** What a run computes of the inputs' values. */
  readonly run: RunFunction;
}

/** An operation on variables themselves: it gets references. */
export interface ReferenceOperationSpec extends OperationShape {
  readonly execute: ExecuteFunction;
}

/** A graph of operations. It only grows, until it is finalised. */
export class Graph {
  readonly #operations: Operation[] = [];
  readonly #byName = new Map<string, Operation>();
  readonly #names = new UsedNames();
  readonly #collections = new Map<string, unknown[]>();
  readonly #parts = new Map<symbol, unknown>();
  /** Which operations new ones wait for. */
  readonly control: ControlStack = new ControlStack();
  #nameScope = "";
  #device = "";
  #finalized = false;
  /** The graph-level seed of random operations, once set. */
  seed: number | undefined;

  /** All operations in the order of creation. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /** Grows with each operation. */
  get version(): number {
    return this.#operations.length;
  }

  /** Whether the graph is read-only. */
  get finalized(): boolean {
    return this.#finalized;
  }

  /** From now on the graph is read-only (NS-10). */
  finalize(): void {
    this.#finalized = true;
  }

  /** Lets the graph grow again: who finalised it for a while gives it back. */
  unfinalize(): void {
    this.#finalized = false;
  }

  /** The open name scope, without a slash at its end; empty at the root. */
  get nameScope(): string {
    return this.#nameScope;
  }

  /** A name under the open scope that nothing else has; `markAsUsed: false` only peeks (NS-1, NS-2). */
  uniqueName(name: string, { markAsUsed = true }: { readonly markAsUsed?: boolean } = {}): string {
    return this.#names.unique(this.#nameScope ? `${this.#nameScope}/${name}` : name, markAsUsed);
  }

  /**
   * Runs `body` in a name scope (NS-3): `undefined` or "" is the root, a name with a slash at its end is entered as
   * it is, any other is made unique. `body` gets the scope's full name with a slash at its end.
   */
  withinNameScope<T>(name: string | undefined, body: (scope: string) => T): T {
    const before = this.#nameScope;
    const scope = this.#openScope(name);
    this.#nameScope = scope;
    try {
      return refusePromise(body(name ? `${scope}/` : ""));
    } finally {
      this.#nameScope = before;
    }
  }

  /** Runs `body`, whose operations carry this device in the graph's file; `undefined` clears what outer blocks say. */
  withinDevice<T>(name: string | undefined, body: () => T): T {
    const before = this.#device;
    this.#device = name ?? "";
    try {
      return refusePromise(body());
    } finally {
      this.#device = before;
    }
  }

  /** Makes an operation. Its name, type, edges and outputs are final; refused once the graph is finalised. */
  createOperation(spec: OperationSpec | ReferenceOperationSpec): Operation {
    this.#refuseFinalized();
    const inputs = (spec.inputs ?? []).map((input) => this.#ownOutput(input, spec.type));
    const around = this.control.controlInputs([]);
    const control = [...this.control.controlInputs(inputs), ...(spec.controlInputs ?? [])];
    const source = spec.source ?? sourceLine();
    const operation = new Operation({
      graph: this,
      id: this.#operations.length,
      name: this.#operationName(spec.name || spec.type),
      type: spec.type,
      inputs,
      controlInputs: [...new Set(control)],
      controlAround: around,
      attrs: new Map(spec.attrs),
      outputs: spec.outputs,
      execute: "execute" in spec ? spec.execute : onValues(spec.run),
      kernel: spec.kernel,
      source,
      early: spec.early,
      asWritten: spec.asWritten,
      device: this.#device,
    });
    this.#operations.push(operation);
    this.#byName.set(operation.name, operation);
    this.control.recordMade(operation);
    return operation;
  }

  /** A copy of the list of all operations, in the order of creation. */
  getOperations(): Operation[] {
    return [...this.#operations];
  }

  /** The graph in TensorFlow's form, as it is written to files. */
  asGraphDef(): GraphDef {
    return graphDefOf(this);
  }

  /** The operation of exactly that name. */
  getOperationByName(name: string): Operation {
    const operation = this.#byName.get(name);
    if (!operation) throw new NotFoundError(`The name '${name}' refers to an operation that is not in the graph.`);
    return operation;
  }

  /** The operation of that name, or undefined. */
  findOperation(name: string): Operation | undefined {
    return this.#byName.get(name);
  }

  /** The tensor of that name, such as `foo/add:0`. */
  getTensorByName(name: string): tf.Tensor {
    const [operationName = "", index = ""] = name.split(":");
    if (!/^\d+$/.test(index)) throw new ValueError(`'${name}' is no tensor's name: no ":" and number at its end`);
    const output = this.getOperationByName(operationName).outputs[Number(index)];
    if (!output) throw new NotFoundError(`The name '${name}' refers to a tensor that is not in the graph.`);
    return output.tensor;
  }

  /** Appends to a collection; the same value may be there twice (CL-1). */
  addToCollection(key: string, value: unknown): void {
    this.#refuseFinalized();
    this.getCollectionRef(key).push(value);
  }

  /** A copy of a collection, only those whose name matches the regular expression `scope` at its start (CL-2). */
  getCollection<T = unknown>(key: string, scope?: string): T[] {
    const values = (this.#collections.get(key) ?? []) as T[];
    if (!scope) return [...values];
    const pattern = new RegExp(`^(?:${scope})`);
    return values.filter((value) => pattern.test(nameOf(value) ?? "") && nameOf(value) !== undefined);
  }

  /** The live list of a collection, made if it was not there (CL-3). */
  getCollectionRef(key: string): unknown[] {
    const list = this.#collections.get(key) ?? [];
    this.#collections.set(key, list);
    return list;
  }

  /** Keys of all collections in the order of their making. */
  getAllCollectionKeys(): string[] {
    return [...this.#collections.keys()];
  }

  /** Something another part of the runtime keeps for this graph, such as its variable store. */
  part<T>(key: symbol, make: () => T): T {
    if (!this.#parts.has(key)) this.#parts.set(key, make());
    return this.#parts.get(key) as T;
  }

  /** Makes this graph the default one while `body` runs. */
  asDefault<T>(body: () => T): T {
    return withDefaultGraph(this, body);
  }

  #openScope(name: string | undefined): string {
    if (!name) return "";
    checkScopeName(name, this.#nameScope === "");
    return name.endsWith("/") ? name.slice(0, -1) : this.uniqueName(name);
  }

  #operationName(name: string): string {
    const full = this.#nameScope ? `${this.#nameScope}/${name}` : name;
    checkOperationName(name.endsWith("/") ? name.slice(0, -1) : full);
    const exact = name.endsWith("/") ? name.slice(0, -1) : this.uniqueName(name);
    if (this.#byName.has(exact)) throw new ValueError(`Duplicate node name in graph: '${exact}'`);
    return exact;
  }

  #ownOutput(input: TensorLike, type: string): Output {
    const output = input instanceof Output ? input : isVariable(input) ? input.readOutput() : (findOutput(input) ?? joinComposite(input));
    if (!output) throw new TypeError(`An input of ${type} was not made while a graph was built; use constant(…).`);
    if (output.operation.graph !== this) {
      throw new ValueError(`Tensor ${output.name} is of another graph than the default one.`);
    }
    return output;
  }

  #refuseFinalized(): void {
    if (this.#finalized) throw new Error("Graph is finalized and cannot be modified.");
  }
}

let defaultGraph = new Graph();

/** The graph that new operations go to. */
export function getDefaultGraph(): Graph {
  return defaultGraph;
}

function withDefaultGraph<T>(graph: Graph, body: () => T): T {
  const before = defaultGraph;
  defaultGraph = graph;
  try {
    return refusePromise(body());
  } finally {
    defaultGraph = before;
  }
}

/** Makes a new, empty default graph. */
export function resetDefaultGraph(): void {
  defaultGraph = new Graph();
}

/**
 * Says where the operations of `body` belong, as TensorFlow writes it into the graph: `/job:ps/task:0`. All work is done by
 * the one backend; a sharded Saver writes a file for each device, and a Supervisor that is not chief asks for devices.
 */
export function device<T>(name: string | undefined, body: () => T): T {
  return defaultGraph.withinDevice(name, body);
}

/** Scopes end when their callback returns: a callback that goes on afterwards would name its operations wrongly. */
export function refusePromise<T>(result: T): T {
  if (result instanceof Promise) {
    throw new TypeError("A scope's callback must not be async: the scope would end before the callback does.");
  }
  return result;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const output = findOutput(value as tf.Tensor);
  if (output) return output.name;
  return "name" in value && typeof value.name === "string" ? value.name : undefined;
}
