// Variables: values that outlive a run, held by each session, read in place as TF1's reference variables are.
import * as tf from "@tensorflow/tfjs-core";
import type { AttrValue } from "#formats/graphDef/graphDef";
import { shapeAttr, stringAttr, typeAttr } from "../graph/attrs";
import { addConstant, hostConstant, onlyOutput, type ConstantValue } from "../graph/constants";
import { addMerge, addSwitch } from "../graph/controlFlow";
import { carrierOf, printShape, sameShape, type OutputDtype } from "../graph/dtypes";
import { engineInside, nominal, tensorClass } from "../graph/engine";
import { ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { HostTensor, markAssignment } from "../graph/graphTensor";
import { addKernel } from "../graph/kernelOperation";
import type { Operation, Output } from "../graph/operation";
import { outputFor } from "../graph/record";
import { markVariable } from "../graph/variableMark";
import type { VariableSlice } from "./partitioners";
import { askingVariable, holdingVariable, readingVariable, updatingVariable, type UpdateKind } from "./variableOperations";

/** How a variable is made. */
export interface VariableOptions {
  /** Default "Variable", made unique under the current name scope; "name/" is taken exactly. */
  readonly name?: string;
  /** Default: the initial value's. */
  readonly dtype?: OutputDtype;
  /** Default true: the optimizers may change it. */
  readonly trainable?: boolean;
  /** Default: the global variables. */
  readonly collections?: readonly string[];
  /** Reads are snapshots instead of views of the value in place. */
  readonly useResource?: boolean;
  /** What an optimizer applies to the variable after each update. */
  readonly constraint?: Constraint;
  /** Which part of a partitioned variable this is: checkpoints file it so. */
  readonly saveSlice?: VariableSlice;
}

/** Brings a variable's value back to where it may be, such as to a norm of one at most. */
export type Constraint = (value: tf.Tensor) => tf.Tensor;

/** A value to begin with: numbers, a tensor of the graph, or a function that makes one under `<name>/Initializer`. */
export type InitialValue = ConstantValue | tf.Tensor | (() => tf.Tensor);

const Base = tensorClass() as typeof tf.Tensor;

/**
 * A variable of a graph. It is a tensor for tf functions, which then use `value()`. Uninitialised until its
 * initializer ran in the session. `dtype` is the tfjs type that carries it, `declaredDtype` the one that is saved.
 */
export class Variable<R extends tf.Rank = tf.Rank> extends Base<R> {
  /** `v:0`. */
  readonly name: string;
  /** The variable's own operation. */
  readonly op: Operation;
  /** Whether optimizers may change it. */
  readonly trainable: boolean;
  /** The type in files and in the graph; tfjs's `dtype` carries it. */
  readonly declaredDtype: OutputDtype;
  /** Whether reads are snapshots. */
  readonly useResource: boolean;
  /** Applied by optimizers behind each update. */
  readonly constraint: Constraint | undefined;
  /** Which part of a partitioned variable, or of its slot, this is. */
  saveSlice: VariableSlice | undefined;
  /** Gives the variable its initial value. */
  readonly initializer: Operation;
  /** The initial value, as a tensor of the graph. */
  readonly initialValue: tf.Tensor<R>;
  /** What `value()` gives: one read per variable, outside all control dependencies. */
  readonly #snapshot: Output;
  readonly #reads: Output[] = [];
  override readonly kept = true;

  /**
   * Adds the variable, its initializer and its read to the default graph. Best made by `getVariable`, which shares by name. Of
   * operations that are there already a variable is made that is in no collection.
   */
  constructor(initial: InitialValue | VariableNodes, options: VariableOptions = {}) {
    const graph = initial instanceof VariableNodes ? initial.initializer.graph : getDefaultGraph();
    if (options.collections !== undefined && !Array.isArray(options.collections)) {
      throw new ValueError("The collections of a variable must be a list.");
    }
    const parts = initial instanceof VariableNodes ? initial : graph.control.within(undefined, () => makeParts(graph, initial, options));
    const { dtype, shape } = parts.variable;
    super([...shape] as tf.ShapeMap[R], carrierOf(dtype), {}, engineInside().nextTensorId());
    this.op = parts.variable.operation;
    this.name = parts.variable.name;
    this.declaredDtype = dtype;
    this.trainable = options.trainable ?? true;
    this.useResource = options.useResource ?? false;
    this.constraint = options.constraint;
    this.saveSlice = options.saveSlice;
    this.initializer = parts.initializer;
    this.initialValue = parts.initial.tensor as tf.Tensor<R>;
    this.#snapshot = parts.reads[0];
    this.#reads.push(...parts.reads);
    markVariable(this);
    if (parts === initial) return;
    for (const key of options.collections ?? [GraphKeys.GLOBAL_VARIABLES]) graph.addToCollection(key, this);
    if (this.trainable) graph.addToCollection(GraphKeys.TRAINABLE_VARIABLES, this);
  }

  /** All reads made so far. */
  get reads(): readonly Output[] {
    return this.#reads;
  }

  /** The read that an operation gets which is given the variable itself. */
  readOutput(name = "ReadVariableOp"): Output {
    return this.useResource ? this.#newRead(name) : this.#snapshot;
  }

  /** The variable's value as operations see it; for a reference variable one read, which waits for nothing. */
  value(): tf.Tensor<R> {
    return this.readOutput().tensor as tf.Tensor<R>;
  }

  /** A new read that obeys the open control dependencies. */
  readValue(): tf.Tensor<R> {
    if (!this.useResource) return this.#newRead("read").tensor as tf.Tensor<R>;
    const { graph } = this.op;
    const read = graph.withinNameScope("Read", () => this.#newRead("ReadVariableOp"));
    const inputs = [["x", read]] as const;
    return onlyOutput(addKernel(graph, { kernel: "Identity", inputs }).operation).tensor as tf.Tensor<R>;
  }

  /**
   * The variable's value if it has one in the session, else its initial value; for initializers that need it. As in
   * TensorFlow 1 a `cond`, outside of all control dependencies.
   */
  initializedValue(): tf.Tensor<R> {
    const { graph } = this.op;
    return graph.control.within(undefined, () => {
      const initialized = isVariableInitialized(this);
      return graph.withinNameScope("cond", () => this.#valueOrInitial(graph, outputFor(graph, initialized))) as tf.Tensor<R>;
    });
  }

  /** Replaces the value. Who read it before keeps what they read. */
  assign(value: tf.Tensor | ConstantValue, { name }: { readonly name?: string } = {}): tf.Tensor<R> {
    return this.#update("Assign", { value, name });
  }

  /** Adds in place: who read the variable sees the sum from then on. */
  assignAdd(value: tf.Tensor | ConstantValue, { name }: { readonly name?: string } = {}): tf.Tensor<R> {
    return this.#update("AssignAdd", { value, name });
  }

  /** Subtracts in place: who read the variable sees the difference from then on. */
  assignSub(value: tf.Tensor | ConstantValue, { name }: { readonly name?: string } = {}): tf.Tensor<R> {
    return this.#update("AssignSub", { value, name });
  }

  /** A variable's value is not known while the graph is built; a session reads it. */
  override data(): never {
    return refuseRead(this.op.name);
  }

  override dataSync(): never {
    return refuseRead(this.op.name);
  }

  override dispose(): void {
    // The sessions own the value; the graph keeps the variable.
  }

  #valueOrInitial(graph: Graph, initialized: Output): tf.Tensor {
    const pivot = addSwitch(graph, { name: "Switch", data: initialized, condition: initialized });
    const pass = (name: string, output: Output | undefined) => {
      const inputs = [["x", output as Output]] as const;
      return onlyOutput(addKernel(graph, { kernel: "Identity", name, inputs }).operation);
    };
    pass("switch_t", pivot.outputs[1]);
    pass("switch_f", pivot.outputs[0]);
    const condition = pass("pred_id", initialized);
    const readName = this.useResource ? "Read/ReadVariableOp" : "read";
    const chosen = addSwitch(graph, { name: `${readName}/Switch`, data: onlyOutput(this.op), condition }).outputs[1] as Output;
    const read = onlyOutput(addRead(graph, chosen, { name: readName, snapshot: this.useResource }));
    const value = this.useResource ? pass("Read/Identity", read) : read;
    const initial = addSwitch(graph, { name: "Switch_1", data: outputFor(graph, this.initialValue), condition }).outputs[0] as Output;
    return (addMerge(graph, "Merge", [initial, value]).outputs[0] as Output).tensor;
  }

  #newRead(name: string): Output {
    const reference = onlyOutput(this.op);
    const output = onlyOutput(addRead(this.op.graph, reference, { name, snapshot: this.useResource }));
    this.#reads.push(output);
    return output;
  }

  #update(
    kind: UpdateKind,
    { value, name }: { readonly value: tf.Tensor | ConstantValue; readonly name?: string | undefined },
  ): tf.Tensor<R> {
    const { graph } = this.op;
    const type = this.useResource ? `${kind}VariableOp` : kind;
    const reference = onlyOutput(this.op);
    const unique = name?.endsWith("/") ? name.slice(0, -1) : graph.uniqueName(name ?? type);
    const input = updateOperand(graph, { value, like: this }, this.useResource ? "Const" : `${unique}/value/`);
    checkUpdate(this, input);
    const operation = graph.createOperation({
      type,
      name: `${unique}/`,
      inputs: [reference, input],
      attrs: new Map([[this.useResource ? "dtype" : "T", typeAttr(this.declaredDtype)]]),
      ...updatingVariable(kind, reference),
    });
    const result = this.useResource ? this.#readBehind(operation) : onlyOutput(operation);
    return result.tensor as tf.Tensor<R>;
  }

  /** Assigning to a resource variable has no output: TensorFlow reads it again behind the assignment. */
  #readBehind(assignment: Operation): Output {
    const read = this.op.graph.control.within([assignment], () => this.#newRead("ReadVariableOp"));
    markAssignment(read.tensor, assignment);
    return read;
  }
}

nominal(Variable);

/** The operations of a variable: made with it, or there before it as those of an imported graph. */
export class VariableNodes {
  constructor(
    readonly variable: Output,
    /** Assigns the initial value, its second input. */
    readonly initializer: Operation,
    /** All reads, first the one that `value()` gives. */
    readonly reads: readonly [Output, ...Output[]],
  ) {}

  get initial(): Output {
    return this.initializer.inputs[1] as Output;
  }
}

/** The operations of a variable, named as TF1 names them: NAME, NAME/Initializer/…, NAME/Assign, NAME/read (TV-1). */
function makeParts(graph: Graph, initial: InitialValue, options: VariableOptions): VariableNodes {
  return graph.withinNameScope(options.name ?? "Variable", (scope) => {
    const value = initialOutput(graph, initial, options);
    const { shape } = value;
    const dtype = options.dtype ?? value.dtype;
    const operation = graph.createOperation({
      type: options.useResource ? "VarHandleOp" : "VariableV2",
      name: scope,
      attrs: new Map([["dtype", typeAttr(dtype)], ["shape", shapeAttr(shape)], ...(options.useResource ? [sharedName(scope)] : [])]),
      ...holdingVariable({ dtype, shape }),
    });
    const variable = onlyOutput(operation);
    if (options.useResource) addInitializedTest(graph, variable, "IsInitialized/VarIsInitializedOp");
    const initializer = graph.createOperation({
      type: options.useResource ? "AssignVariableOp" : "Assign",
      name: "Assign",
      inputs: [variable, value],
      attrs: new Map([[options.useResource ? "dtype" : "T", typeAttr(dtype)]]),
      ...updatingVariable("Assign", variable),
    });
    const name = options.useResource ? "Read/ReadVariableOp" : "read";
    const snapshot = onlyOutput(addRead(graph, variable, { name, snapshot: options.useResource ?? false }));
    return new VariableNodes(variable, initializer, [snapshot]);
  });
}

/** TensorFlow finds a resource by this name, and takes all without one for the same. */
function sharedName(scope: string): [string, AttrValue] {
  return ["shared_name", stringAttr(scope.replace(/\/$/, ""))];
}

function initialOutput(graph: Graph, initial: InitialValue, { dtype, useResource }: VariableOptions): Output {
  if (typeof initial === "function") return graph.withinNameScope("Initializer", () => outputFor(graph, initial()));
  if (initial instanceof HostTensor) return outputFor(graph, initial, "initial_value");
  if (initial instanceof tf.Tensor) return outputFor(graph, initial);
  return addConstant(graph, hostConstant(initial, { dtype }), useResource ? "Initializer/initial_value" : "initial_value");
}

function addRead(graph: Graph, variable: Output, { name, snapshot }: { name: string; snapshot: boolean }): Operation {
  return graph.createOperation({
    type: snapshot ? "ReadVariableOp" : "Identity",
    name,
    inputs: [variable],
    attrs: new Map([[snapshot ? "dtype" : "T", typeAttr(variable.dtype)]]),
    ...readingVariable(variable, snapshot),
  });
}

function updateOperand(
  graph: Graph,
  { value, like }: { readonly value: tf.Tensor | ConstantValue; readonly like: Variable },
  name: string,
): Output {
  if (value instanceof tf.Tensor) return outputFor(graph, value);
  return addConstant(graph, hostConstant(value, { dtype: like.declaredDtype, shape: like.shape }), name);
}

function checkUpdate(variable: Variable, input: Output): void {
  if (carrierOf(input.dtype) !== variable.dtype) {
    throw new TypeError(
      `${input.name} is ${input.dtype}, but variable ${variable.op.name} is ${variable.declaredDtype}; ` +
        `numbers are float32 in tfjs unless said otherwise, as in tf.scalar(1, "int32")`,
    );
  }
  if (!sameShape(input.shape, variable.shape)) {
    throw new ValueError(
      `Cannot assign ${input.name} of shape ${printShape(input.shape)} to variable ${variable.op.name} ` +
        `of shape ${printShape(variable.shape)}`,
    );
  }
}

function refuseRead(name: string): never {
  throw new Error(`The value of variable ${name} is kept by a session: fetch it with session.run(…).`);
}

/** Whether a variable has a value in the session: a truth value. */
export function isVariableInitialized(variable: Variable): tf.Tensor {
  return addInitializedTest(getDefaultGraph(), onlyOutput(variable.op)).tensor;
}

function addInitializedTest(graph: Graph, variable: Output, name?: string): Output {
  const type = variable.operation.type === "VarHandleOp" ? "VarIsInitializedOp" : "IsVariableInitialized";
  const operation = graph.createOperation({
    type,
    name: name ?? type,
    inputs: [variable],
    attrs: type === "VarIsInitializedOp" ? new Map() : new Map([["dtype", typeAttr(variable.dtype)]]),
    ...askingVariable,
  });
  return onlyOutput(operation);
}
