// An operation that hands out the next example at each run: how data comes into a graph without feeds.
import * as tf from "@tensorflow/tfjs-core";
import { carrierOf, sizeOf, type OutputDtype } from "../graph/dtypes";
import { InvalidArgumentError, OutOfRangeError } from "../graph/errors";
import { getDefaultGraph } from "../graph/graph";
import type { Operation, OutputSpec, Value } from "../graph/operation";

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
  const operation: Operation = getDefaultGraph().createOperation({
    type: "IteratorGetNext",
    name,
    outputs: keys.map((key) => outputs[key]),
    run: async (_inputs, { session }) => {
      const next = await session.stateOf(operation, make).next();
      if (next.done) throw new OutOfRangeError("End of sequence", operation.name);
      return keys.map((key) =>
        toValue(next.value[key], { spec: outputs[key], what: `${operation.name}, output ${key}` }),
      );
    },
  });
  const tensors = keys.map((key, index) => [key, operation.outputs[index]?.tensor] as const);
  return Object.fromEntries(tensors) as { readonly [key in K]: tf.Tensor };
}

function toValue(values: ExampleValues, { spec, what }: { spec: OutputSpec; what: string }): Value {
  const size = sizeOf(spec.shape);
  if (values.length !== size)
    throw new InvalidArgumentError(`${what} has ${size} elements, the example ${values.length}`);
  if (spec.dtype === "string") return (values as readonly string[]).map((text) => new TextEncoder().encode(text));
  return tf.tensor(typed(values as Float32Array, spec.dtype), [...spec.shape], carrierOf(spec.dtype));
}

/** tfjs keeps the array it is given, so an example is copied: its maker may use the array again. */
function typed(values: ArrayLike<number>, dtype: OutputDtype): tf.TypedArray {
  const carrier = carrierOf(dtype);
  if (carrier === "int32") return Int32Array.from(values);
  return carrier === "bool" ? Uint8Array.from(values) : Float32Array.from(values);
}
