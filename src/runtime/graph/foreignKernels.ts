// tfjs's kernels that TensorFlow has not, made of those it has: a graph holds operations that TensorFlow can import and run.
import * as tf from "@tensorflow/tfjs-core";
import type { KernelAttrs, KernelInputs } from "./engine";
import { isFused, unfused } from "./fusedKernels";

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;

/** What such a kernel computes, as calls of others; undefined where TensorFlow has nothing that does. */
type Equivalent = (inputs: Inputs, attrs: KernelAttrs) => tf.Tensor | undefined;

/** Values are the kernel's own, save that a rotation's coordinates are rounded to float32 on their way. */
const equivalents: Readonly<Record<string, Equivalent | undefined>> = {
  Step: ({ x }, { alpha }) => {
    const given = needed(x);
    const stepped = tf.where(tf.greater(given, 0), tf.onesLike(given), tf.fill([...given.shape], Number(alpha ?? 0), given.dtype as "float32"));
    return given.dtype === "float32" ? tf.where(tf.isNaN(given), given, stepped) : stepped;
  },
  // As Keras's PReLU layer writes it.
  Prelu: ({ x, alpha }) => tf.add(tf.relu(needed(x)), tf.mul(tf.neg(needed(alpha)), tf.relu(tf.neg(needed(x))))),
  FlipLeftRight: ({ image }) => tf.reverse(needed(image), 2),
  // TensorFlow fills with one number; a colour stays with tfjs's kernel.
  RotateWithOffset: ({ image }, { radians, fillValue, center }) =>
    typeof fillValue === "number" ? rotated(needed(image) as tf.Tensor4D, Number(radians), { fillValue, center: center as Center }) : undefined,
};

type Center = number | [number, number];

/** What a graph gets in place of a kernel; undefined where the kernel itself is to be recorded. */
export function insteadOf(kernel: string, inputs: KernelInputs, attrs: KernelAttrs): tf.Tensor | undefined {
  return isFused(kernel) ? unfused(kernel, inputs, attrs) : equivalents[kernel]?.(inputs as Inputs, attrs);
}

/** Each pixel of the result is the one that it comes from, by the rotation as a projection of pictures. */
function rotated(image: tf.Tensor4D, radians: number, { fillValue, center }: { readonly fillValue: number; readonly center: Center }): tf.Tensor {
  const [, height, width] = image.shape;
  const [x, y] = tf.backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  const projection = [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos, 0, 0];
  return tf.image.transform(image, tf.tensor2d([projection]), "nearest", "constant", fillValue);
}

function needed(tensor: tf.Tensor | undefined): tf.Tensor {
  if (!tensor) throw new TypeError("a kernel was called without one of its inputs");
  return tensor;
}
