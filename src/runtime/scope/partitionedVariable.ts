// A variable in parts: separate variables that are used, saved and restored as one tensor (PT-2, SV-3).
import * as tf from "@tensorflow/tfjs-core";
import { carrierOf, type OutputDtype } from "../graph/dtypes";
import { engineInside, nominal, tensorClass } from "../graph/engine";
import { onlyOutput } from "../graph/constants";
import { addKernel } from "../graph/kernelOperation";
import type { Output } from "../graph/operation";
import { buildingGraph } from "../graph/trace";
import { markComposite } from "../graph/variableMark";
import { partitionAxis } from "./partitioners";
import type { Variable } from "./variable";

const Base = tensorClass() as typeof tf.Tensor;

/** What getVariable made in parts. */
export interface VariableParts {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parts: readonly Variable[];
  /** How many parts each dimension is cut into. */
  readonly partitions: readonly number[];
}

/**
 * A partitioned variable. For tf functions it is the tensor of its parts joined; optimizers, collections and savers
 * see the parts, and a checkpoint holds them as slices of one tensor.
 */
export class PartitionedVariable<R extends tf.Rank = tf.Rank> extends Base<R> implements Iterable<Variable> {
  /** The whole's name, without `:0`: no operation is called so. */
  readonly name: string;
  /** In the order of their places. */
  readonly parts: readonly Variable[];
  /** How many parts each axis has; more than one on one axis at most. */
  readonly partitions: readonly number[];
  /** The type in the graph and in files. */
  readonly declaredDtype: OutputDtype;
  override readonly kept = true;

  /** Made by `getVariable` with a partitioner. */
  constructor({ name, shape, parts, partitions }: VariableParts) {
    const dtype = parts[0]?.declaredDtype ?? "float32";
    super([...shape] as tf.ShapeMap[R], carrierOf(dtype), {}, engineInside().nextTensorId());
    this.name = name;
    this.parts = parts;
    this.partitions = partitions;
    this.declaredDtype = dtype;
    markComposite(this, () => this.#joined());
  }

  /** The parts in their order. */
  [Symbol.iterator](): Iterator<Variable> {
    return this.parts[Symbol.iterator]();
  }

  /** The parts joined, made anew where it is used: `NAME/ConcatPartitions/concat`. */
  asTensor(): tf.Tensor<R> {
    return this.#joined().tensor as tf.Tensor<R>;
  }

  /** Replaces the whole: one operation a part. */
  assign(value: tf.Tensor): tf.Tensor[] {
    return this.#update(value, (part, slice) => part.assign(slice));
  }

  /** Adds to the whole in place: one operation a part. */
  assignAdd(value: tf.Tensor): tf.Tensor[] {
    return this.#update(value, (part, slice) => part.assignAdd(slice));
  }

  /** Subtracts from the whole in place: one operation a part. */
  assignSub(value: tf.Tensor): tf.Tensor[] {
    return this.#update(value, (part, slice) => part.assignSub(slice));
  }

  override data(): never {
    throw new Error(`The value of ${this.name} is kept by a session, in parts: fetch asTensor() with session.run(…).`);
  }

  override dataSync(): never {
    return this.data();
  }

  override dispose(): void {
    // The sessions own the values of the parts.
  }

  #update(value: tf.Tensor, act: (part: Variable, slice: tf.Tensor) => tf.Tensor): tf.Tensor[] {
    const axis = partitionAxis(this.partitions);
    const sizes = this.parts.map(({ shape }) => shape[axis] ?? 1);
    const slices = buildingGraph(() => (sizes.length === 1 ? [value] : tf.split(value, sizes, axis)));
    return this.parts.map((part, index) => act(part, slices[index] as tf.Tensor));
  }

  #joined(): Output {
    const graph = (this.parts[0] as Variable).op.graph;
    const inputs = this.parts.map((part, index) => [String(index), part.readOutput()] as const);
    const attrs = { axis: partitionAxis(this.partitions) };
    const joined = graph.withinNameScope(`${this.name}/ConcatPartitions/`, () =>
      inputs.length === 1 ? inputs[0]?.[1] : onlyOutput(addKernel(graph, { kernel: "Concat", inputs, list: true, attrs }).operation),
    );
    const passed = [["x", joined as Output]] as const;
    return graph.withinNameScope(undefined, () => onlyOutput(addKernel(graph, { kernel: "Identity", name: this.name, inputs: passed }).operation));
  }
}

nominal(PartitionedVariable);
