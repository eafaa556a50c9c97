// One operation of a graph and its outputs: name, type, inputs, control inputs, attributes, what it does when run.
import type * as tf from "@tensorflow/tfjs-core";
import type { AttrValue } from "#formats/graphDef/graphDef";
import type { OutputDtype } from "./dtypes";
import type { KernelAttrs } from "./engine";
import type { Graph } from "./graph";
import { makeGraphTensor } from "./graphTensor";
import type { Session } from "./session";
import type { SourceLine } from "./source";
import type { Box, VariableReference } from "./variableValues";

/** What flows between operations. Strings are host values: one string's bytes, or those of several. */
export type Value = tf.Tensor | Uint8Array | Uint8Array[];

/** What an operation may know of the run it is part of. */
export interface RunContext {
  /** The session whose run it is. */
  readonly session: Session;
}

/** The declared type and shape of one output. int64 and others are carried as tfjs types but declared as they are. */
export interface OutputSpec {
  /** The type in the graph and in files; what carries it may be wider (int64 in int32). */
  readonly dtype: OutputDtype;
  /** All lengths are known. */
  readonly shape: readonly number[];
}

/**
 * What an operation does. It owns nothing it is given; the session owns what it returns and frees it after the last
 * use. Tensor inputs that are variables arrive as their current value.
 */
export type RunFunction = (
  inputs: readonly Value[],
  context: RunContext,
) => readonly Value[] | void | Promise<readonly Value[] | void>;

/** What came of an operation on a branch that was not taken: nothing. */
export const untaken: unique symbol = Symbol("not taken");

/** What lies in a slot while a run goes on: a value, a box that may still be written, a reference to a variable, or nothing. */
export type Held = Value | Box | VariableReference | typeof untaken;

/**
 * As RunFunction, but variables arrive as references and boxes as boxes, for assignments and in-place updates. A
 * returned box must have been held once more for the session. `operation` is the one that is run.
 */
export type ExecuteFunction = (
  inputs: readonly Held[],
  context: RunContext,
  operation: Operation,
) => readonly Held[] | void | Promise<readonly Held[] | void>;

/** What operations of a type do, whoever makes them. */
export interface OperationBehaviour {
  readonly outputs: readonly OutputSpec[];
  readonly execute: ExecuteFunction;
}

/** A traced tfjs kernel: enough to run it again and to find its gradient. */
export interface KernelCall {
  readonly name: string;
  /**
   * Names of the kernel's inputs in the order of the operation's inputs; a list kernel has "0", "1", …; an empty name stands
   * for an input that only TensorFlow's operation has.
   */
  readonly keys: readonly string[];
  /** The kernel takes a list of tensors instead of named ones. */
  readonly list: boolean;
  readonly attrs: KernelAttrs;
}

/** All that makes an operation, already resolved to one graph. */
export interface OperationParts {
  readonly graph: Graph;
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly inputs: readonly Output[];
  readonly controlInputs: readonly Operation[];
  readonly controlAround: readonly Operation[];
  readonly attrs: Map<string, AttrValue>;
  readonly outputs: readonly OutputSpec[];
  readonly execute: ExecuteFunction;
  readonly kernel?: KernelCall;
  readonly source?: SourceLine;
  readonly early?: boolean | undefined;
  readonly asWritten?: boolean | undefined;
  readonly device: string;
}

/** A node of the graph. Operations of one graph are numbered by creation, and every edge points backwards. */
export class Operation {
  /** The graph it belongs to. */
  readonly graph: Graph;
  /** Its place in the order of creation, from 0. */
  readonly id: number;
  /** Full, unique in its graph: `tower/add_1`. */
  readonly name: string;
  /** TensorFlow's type of operation: `MatMul`. */
  readonly type: string;
  /** The tensors it takes, in TensorFlow's order. */
  readonly inputs: readonly Output[];
  /** Operations that run before it, besides those whose tensors it takes (CD-1). */
  readonly controlInputs: readonly Operation[];
  /** The control dependencies that were open: what an operation without inputs would have got. */
  readonly controlAround: readonly Operation[];
  /** TensorFlow's attributes that are not told by inputs and outputs. */
  readonly attrs: Map<string, AttrValue>;
  /** The tensors it gives. */
  readonly outputs: readonly Output[];
  /** What it does in a run. */
  readonly execute: ExecuteFunction;
  /** The tfjs kernel it runs, if it runs one. */
  readonly kernel: KernelCall | undefined;
  /** The script's line that made it. */
  readonly source: SourceLine | undefined;
  /** Runs as soon as its inputs are there, before operations that were made earlier: it sees the state before them. */
  readonly early: boolean;
  /** Inputs and attributes are those of TensorFlow's node already: it came from a file. */
  readonly asWritten: boolean;
  /** What `device(…)` said; where the work is done is the backend's affair. */
  readonly device: string;

  /** Made by `graph.createOperation` alone. */
  constructor(parts: OperationParts) {
    this.graph = parts.graph;
    this.id = parts.id;
    this.name = parts.name;
    this.type = parts.type;
    this.inputs = parts.inputs;
    this.controlInputs = parts.controlInputs;
    this.controlAround = parts.controlAround;
    this.attrs = parts.attrs;
    this.execute = parts.execute;
    this.kernel = parts.kernel;
    this.source = parts.source;
    this.early = parts.early ?? false;
    this.asWritten = parts.asWritten ?? false;
    this.device = parts.device;
    this.outputs = parts.outputs.map(({ dtype, shape }, index) => new Output(this, index, { dtype, shape }));
  }
}

/** One output of an operation; `tensor` is what user code holds of it. */
export class Output {
  /** The type in the graph and in files. */
  readonly dtype: OutputDtype;
  /** All lengths are known. */
  readonly shape: readonly number[];
  #tensor: tf.Tensor | undefined;

  constructor(
    /** The operation that gives it. */
    readonly operation: Operation,
    /** Its place among the operation's outputs, from 0. */
    readonly index: number,
    { dtype, shape }: OutputSpec,
  ) {
    this.dtype = dtype;
    this.shape = shape;
  }

  /** `foo/bar/add:0`. */
  get name(): string {
    return `${this.operation.name}:${this.index}`;
  }

  /** A tf.Tensor without data that stands for this output in user code. */
  get tensor(): tf.Tensor {
    this.#tensor ??= makeGraphTensor(this);
    return this.#tensor;
  }
}
