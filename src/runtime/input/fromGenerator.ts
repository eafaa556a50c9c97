// An operation that hands out the next example at each run: how data comes into a graph without feeds.
import type * as tf from "@tensorflow/tfjs-core";
import { OutOfRangeError } from "../graph/errors";
import { opOf } from "../graph/graphTensor";
import { hostCall, type HostResult } from "../graph/hostCall";
import type { OutputSpec } from "../graph/operation";

/** Values of one output: numbers in row-major order, or strings. */
export type ExampleValues = Float32Array | Int32Array | Uint8Array | readonly string[];

/** One example: values for each output by name. */
export type Example<K extends string> = Readonly<Record<K, ExampleValues>>;

/**
 * Makes an operation whose outputs are the next example of `make`'s iterator, a new one for each run that needs it. Each
 * session gets its own iterator at its first run. When that has no more examples, the run fails with OutOfRangeError.
 */
export function fromGenerator<K extends string>(
  make: () => Iterator<Example<K>> | AsyncIterator<Example<K>>,
  { outputs, name = "IteratorGetNext" }: { readonly outputs: Readonly<Record<K, OutputSpec>>; readonly name?: string },
): { readonly [key in K]: tf.Tensor } {
  const keys = Object.keys(outputs) as K[];
  const tensors: readonly tf.Tensor[] = hostCall({
    name,
    outputs: keys.map((key) => outputs[key]),
    call: async (_inputs, { session }): Promise<readonly HostResult[]> => {
      const [first] = tensors;
      if (!first) return [];
      const next = await session.stateOf(opOf(first), make).next();
      if (next.done) throw new OutOfRangeError("End of sequence", opOf(first).name);
      return keys.map((key) => next.value[key]);
    },
  });
  return Object.fromEntries(keys.map((key, index) => [key, tensors[index]])) as { readonly [key in K]: tf.Tensor };
}
