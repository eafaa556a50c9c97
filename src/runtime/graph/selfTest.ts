// Whether this tfjs can be traced at all: its engine's members, and one small graph against eager computation.
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "#base/errors";
import { placeholder } from "./constants";
import { engineInside, originalEngine } from "./engine";
import { gradients } from "./gradients";
import { Graph } from "./graph";
import { Session } from "./session";
import { buildGraph } from "./trace";
import { untraced } from "./tracing";

const methods = [
  "runKernel", "runKernelFunc", "makeTensor", "makeVariable", "gradients", "isTapeOn", "nextTensorId",
] as const;
const tolerance = 1e-5;

/**
 * Traces a small function with a gradient and a customGrad, runs it on the current backend and compares it with eager
 * computation. A tfjs whose engine is not what tracing relies on is refused in one sentence.
 */
export async function checkTfjs(): Promise<void> {
  const engine = originalEngine();
  const missing = methods.filter((method) => typeof engine[method] !== "function");
  const { state } = engineInside();
  const stateIsKnown = typeof state.gradientDepth === "number" && Array.isArray(state.scopeStack);
  if (missing.length > 0 || !stateIsKnown) throw unsupported();
  const values = [0.5, -1.25];
  const graph = new Graph();
  const { x, y, dx } = graph.asDefault(() =>
    buildGraph(() => {
      const input = placeholder("float32", { shape: [2] });
      const result = sample(input);
      return { x: input, y: result, dx: gradients([result], [input])[0] };
    }),
  );
  const session = new Session({ graph });
  const got = await session.run([y, dx], { feeds: [[x, values]] });
  session.close();
  const eagerly = tf.valueAndGrad((input: tf.Tensor) => tf.reshape(sample(input), []) as tf.Scalar);
  const eager = untraced(() => tf.tidy(() => eagerly(tf.tensor1d(values))));
  const wanted = [...(await eager.value.data()), ...(await eager.grad.data())];
  tf.dispose([eager.value, eager.grad]);
  const flat = got.flatMap((each) => (typeof each === "number" ? [each] : [...(each as Float32Array)]));
  if (flat.length !== wanted.length || flat.some((value, i) => !(Math.abs(value - (wanted[i] ?? NaN)) < tolerance))) {
    throw unsupported();
  }
}

/** Squares with a gradient of its own, three times the true one, so that a lost customGrad shows. */
const squareWithOwnGradient = tf.customGrad((x, save) => {
  (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
  return {
    value: tf.square(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, tf.mul(saved[0] as tf.Tensor, 6)),
  };
});

function sample(x: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(squareWithOwnGradient(x), tf.sigmoid(x)));
}

function unsupported(): UserError {
  return new UserError(
    `This version of TensorFlow.js (${tf.version_core}) cannot be traced; use @tensorflow/tfjs 4.22.0.`,
    "Install @tensorflow/tfjs@4.22.0",
  );
}
