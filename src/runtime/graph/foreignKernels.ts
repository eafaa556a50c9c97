// tfjs's kernels that TensorFlow has not, made of those it has: a graph holds operations that TensorFlow can import and run.
import * as tf from "@tensorflow/tfjs-core";
import { constant } from "./constants";
import type { KernelAttrs, KernelInputs } from "./engine";
import { isFused, unfused } from "./fusedKernels";

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;

/** What such a kernel computes, as calls of others. */
type Equivalent = (inputs: Inputs, attrs: KernelAttrs) => tf.Tensor;

const equivalents: Readonly<Record<string, Equivalent | undefined>> = {
  Step: ({ x }, { alpha }) => {
    const given = needed(x);
    const stepped = tf.where(tf.greater(given, 0), tf.onesLike(given), tf.fill([...given.shape], Number(alpha ?? 0), given.dtype as "float32"));
    return given.dtype === "float32" ? tf.where(tf.isNaN(given), given, stepped) : stepped;
  },
  // As Keras's PReLU layer writes it.
  Prelu: ({ x, alpha }) => tf.add(tf.relu(needed(x)), tf.mul(tf.neg(needed(alpha)), tf.relu(tf.neg(needed(x))))),
  FlipLeftRight: ({ image }) => tf.reverse(needed(image), 2),
  RotateWithOffset: ({ image }, attrs) => rotated(needed(image) as tf.Tensor4D, attrs as unknown as Rotation),
};

/** By how much about which point, in shares of the picture, and what comes in from outside: a number, or a colour. */
interface Rotation {
  readonly radians: number;
  readonly center: number | [number, number];
  readonly fillValue: number | readonly number[];
}

/** What a graph gets in place of a kernel; undefined where the kernel itself is to be recorded. */
export function insteadOf(kernel: string, inputs: KernelInputs, attrs: KernelAttrs): tf.Tensor | undefined {
  return isFused(kernel) ? unfused(kernel, inputs, attrs) : equivalents[kernel]?.(inputs as Inputs, attrs);
}

/** Pixels by the places that they come from, behind them the one that comes from outside. */
function rotated(image: tf.Tensor4D, rotation: Rotation): tf.Tensor {
  const [batch, height, width, channels] = image.shape;
  const places = constant(placesBefore(rotation, { height, width }), { dtype: "int32", name: "places" }) as tf.Tensor1D;
  const colour = Float32Array.from({ length: batch * channels }, (_, at) => fillOf(rotation.fillValue, at % channels));
  const outside = constant(colour, { shape: [batch, 1, channels], dtype: image.dtype as "float32", name: "outside" });
  const pixels = tf.concat([tf.reshape(image, [batch, height * width, channels]), outside], 1);
  return tf.reshape(tf.gather(pixels, places, 1), image.shape);
}

/** For each pixel the one that is rotated there, or the number of all pixels. */
function placesBefore({ radians, center }: Rotation, { height, width }: { readonly height: number; readonly width: number }): Int32Array {
  const [x, y] = tf.backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  return Int32Array.from({ length: height * width }, (_, at) => {
    const [right, down] = [(at % width) - x, Math.floor(at / width) - y];
    const column = Math.round(right * cos - down * sin + x);
    const row = Math.round(right * sin + down * cos + y);
    return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : height * width;
  });
}

/** tfjs takes a fourth channel for opacity, and all of it. */
function fillOf(fillValue: Rotation["fillValue"], channel: number): number {
  if (typeof fillValue === "number") return fillValue;
  return channel === 3 ? 255 : (fillValue[channel] ?? 0);
}

function needed(tensor: tf.Tensor | undefined): tf.Tensor {
  if (!tensor) throw new TypeError("a kernel was called without one of its inputs");
  return tensor;
}
