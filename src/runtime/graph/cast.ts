// Casts to types that tfjs only carries, such as uint8 pictures and int64 counts.
import * as tf from "@tensorflow/tfjs-core";
import { boolAttr, typeAttr } from "./attrs";
import { onlyOutput } from "./constants";
import { carrierOf, type OutputDtype } from "./dtypes";
import { getDefaultGraph } from "./graph";
import { roundedTo } from "./halves";
import type { OperationBehaviour, Output } from "./operation";
import { outputFor } from "./record";
import { onValues } from "./variableValues";

/** `x` as another type, declared as such in the graph and in files. Fractions are cut off; gradients end where tfjs has no such type. */
export function cast<T extends tf.Tensor>(x: T, dtype: OutputDtype, { name = "Cast" }: { readonly name?: string } = {}): T {
  const carrier = carrierOf(dtype);
  if (carrier === dtype) return tf.cast(x, carrier) as T;
  const graph = getDefaultGraph();
  const input = outputFor(graph, x);
  const operation = graph.createOperation({
    type: "Cast",
    name,
    inputs: [input],
    attrs: new Map([["SrcT", typeAttr(input.dtype)], ["DstT", typeAttr(dtype)], ["Truncate", boolAttr(false)]]),
    ...casting(input, dtype),
  });
  return onlyOutput(operation).tensor as T;
}

/** What a Cast does whose type tfjs only carries. */
export function casting({ shape }: Output, dtype: OutputDtype): OperationBehaviour {
  return { outputs: [{ dtype, shape }], execute: onValues(([value]) => [roundedTo(dtype, tf.cast(value as tf.Tensor, carrierOf(dtype)))]) };
}
