// Tensors without data: what user code holds of a graph's outputs, and host values before any kernel used them.
import type * as tf from "@tensorflow/tfjs-core";
import { carrierOf } from "./dtypes";
import { engineInside, nominal, originalEngine, tensorClass, type HostValues } from "./engine";
import type { Operation, Output } from "./operation";
import { printSource, sourceLine } from "./source";

const outputs = new WeakMap<tf.Tensor, Output>();
const Base: typeof tf.Tensor = tensorClass();

/** Stands for an output. It has a shape and a type but no value, is never disposed, and any read of it is an error. */
class GraphTensor extends Base {
  override readonly kept = true;

  override dispose(): void {
    // A tensor of a graph owns no data: tidy and optimizers may dispose of it as often as they like.
  }

  override data(): never {
    return refuseRead(this);
  }

  override dataSync(): never {
    return refuseRead(this);
  }
}

/**
 * Values given while a graph is built. Nothing is uploaded: an operation takes them as a constant, and only code that
 * computes outside of the graph makes real data of them, the moment it asks for the data's id.
 */
export class HostTensor extends Base {
  override kept = true;
  /** Gone once the values live in the engine. */
  hostValues: HostValues | undefined;
  /** The tf function that drew these values at random, if one did. */
  randomBy: string | undefined;

  constructor(values: HostValues, shape: readonly number[], dtype: tf.DataType) {
    super([...shape], dtype, {}, engineInside().nextTensorId());
    this.hostValues = values;
    Object.defineProperty(this, "dataId", { configurable: true, get: () => this.#upload(values) });
  }

  override dispose(): void {
    if (this.hostValues === undefined) super.dispose();
  }

  override data<D extends tf.DataType = tf.NumericDataType>(): Promise<tf.DataTypeMap[D]> {
    return this.hostValues === undefined ? super.data() : Promise.resolve(this.hostValues as tf.DataTypeMap[D]);
  }

  override dataSync<D extends tf.DataType = tf.NumericDataType>(): tf.DataTypeMap[D] {
    return this.hostValues === undefined ? super.dataSync() : (this.hostValues as tf.DataTypeMap[D]);
  }

  #upload(values: HostValues): object {
    const real = originalEngine().makeTensor.call(engineInside(), values, [...this.shape], this.dtype);
    real.kept = true;
    this.hostValues = undefined;
    Object.defineProperty(this, "dataId", { configurable: true, writable: true, value: real.dataId });
    return real.dataId;
  }
}

nominal(HostTensor);

let refusedRead: Error | undefined;

/** The last refused read, once: a rejection that nobody awaited must fail the build all the same. */
export function takeRefusedRead(): Error | undefined {
  const error = refusedRead;
  refusedRead = undefined;
  return error;
}

/** Makes the tensor that stands for an output. */
export function makeGraphTensor(output: Output): tf.Tensor {
  const tensor = new GraphTensor([...output.shape], carrierOf(output.dtype), {}, engineInside().nextTensorId());
  outputs.set(tensor, output);
  return tensor;
}

/** The output that a tensor stands for, or undefined for an ordinary tensor. */
export function findOutput(tensor: tf.Tensor): Output | undefined {
  return outputs.get(tensor);
}

/** The output that a graph's tensor stands for. */
export function outputOf(tensor: tf.Tensor): Output {
  const output = outputs.get(tensor);
  if (!output) throw new TypeError("This tensor was not made while a graph was built, so it is no part of a graph.");
  return output;
}

const assignments = new WeakMap<tf.Tensor, Operation>();

/** Declares a tensor to be what an assignment answers with: the value read behind it, which stands for the assignment. */
export function markAssignment(read: tf.Tensor, assignment: Operation): void {
  assignments.set(read, assignment);
}

/** The operation that makes a graph's tensor; of what assigning to a resource variable answers, the assignment. */
export function opOf(tensor: tf.Tensor): Operation {
  return assignments.get(tensor) ?? outputOf(tensor).operation;
}

/** The name of a graph's tensor: `foo/bar/add:0`. */
export function tensorName(tensor: tf.Tensor): string {
  return outputOf(tensor).name;
}

/** The tensor that user code holds of an operation's output. */
export function asGraphTensor(operation: Operation, index = 0): tf.Tensor {
  const output = operation.outputs[index];
  if (!output) throw new RangeError(`Operation ${operation.name} has no output ${index}`);
  return output.tensor;
}

function refuseRead(tensor: tf.Tensor): never {
  const source = sourceLine();
  const place = source ? ` (${printSource(source)})` : "";
  refusedRead = new Error(
    `The value of ${tensorName(tensor)} is not known while the graph is being built${place}. ` +
      "Fetch it with session.run(…), or compute with tf operations instead of JavaScript.",
  );
  throw refusedRead;
}
