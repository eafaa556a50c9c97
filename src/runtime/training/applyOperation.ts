// The operation by which an optimizer updates one variable: TensorFlow's Apply…, which reads and writes in place.
import * as tf from "@tensorflow/tfjs-core";
import type { AttrValue } from "#formats/graphDef/graphDef";
import { typeAttr } from "../graph/attrs";
import { onlyOutput } from "../graph/constants";
import type { FileNode, NodeReaders } from "../graph/fileNode";
import type { Graph } from "../graph/graph";
import type { Held, Operation, OperationBehaviour, Output } from "../graph/operation";
import { valueOf, VariableReference } from "../graph/variableValues";
import type { Variable } from "../scope/variable";

/** One update, rounded after each operation as TensorFlow's formula is written. */
export interface Update {
  /** `ApplyAdam`; of a resource variable `ResourceApplyAdam`. */
  readonly type: string;
  /** What is written, the variable first, then its slots. */
  readonly state: readonly Variable[];
  /** What is only read, in the order of TensorFlow's inputs. */
  readonly inputs: readonly Output[];
  readonly attrs?: readonly (readonly [string, AttrValue])[];
  /** New values of the state from the present ones and the inputs. */
  readonly compute: (state: readonly tf.Tensor[], inputs: readonly tf.Tensor[]) => tf.Tensor[];
}

/** Adds the operation; its output is the variable, that of a resource variable has none. */
export function addUpdate(graph: Graph, { type, state, inputs, attrs = [], compute }: Update): Operation {
  const references = state.map(({ op }) => onlyOutput(op));
  const [variable] = state;
  const dtype = variable?.declaredDtype ?? "float32";
  const resource = variable?.useResource === true;
  return graph.createOperation({
    type: resource ? `Resource${type}` : type,
    inputs: [...references, ...inputs],
    attrs: new Map([["T", typeAttr(dtype)], ...attrs]),
    ...applying(resource ? [] : references.slice(0, 1), { state: state.length, compute }),
  });
}

/** How one type of update is read from a file. */
export interface UpdateRule {
  /** How many of the first inputs are variables. */
  readonly state: number;
  readonly compute: Update["compute"];
}

/** Readers of an update and of its twin for resource variables. */
export function updateReaders(type: string, rule: (node: FileNode) => UpdateRule): NodeReaders {
  return {
    [type]: (node) => applying([node.input(0)], rule(node)),
    [`Resource${type}`]: (node) => applying([], rule(node)),
  };
}

function applying(outputs: readonly Output[], { state, compute }: UpdateRule): OperationBehaviour {
  return {
    outputs,
    execute: (held) => {
      const targets = held.slice(0, state).map(referenceOf);
      const read = held.map(tensorOf);
      const next = tf.tidy(() => compute(read.slice(0, state), read.slice(state)));
      targets.forEach((target, index) => target.write(next[index] as tf.Tensor));
      return targets.slice(0, outputs.length);
    },
  };
}

function referenceOf(held: Held): VariableReference {
  if (!(held instanceof VariableReference)) throw new TypeError("an update lacks the variable that it writes");
  return held;
}

function tensorOf(held: Held): tf.Tensor {
  const value = valueOf(held);
  if (!(value instanceof tf.Tensor)) throw new TypeError("an update lacks a number that it needs");
  return value;
}
