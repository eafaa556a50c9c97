// Bicubic interpolation as two matrix products: the weights of TensorFlow's ResizeBicubic, whose positions are rounded to 1/1024 pixel.
import * as tf from "@tensorflow/tfjs-core";

const steepness = -0.75;
const tableSize = 1024;

/** The images [batch, height, width, channels] at another size. */
export function bicubic(images: tf.Tensor4D, [height, width]: readonly [number, number]): tf.Tensor4D {
  const [batch, inHeight, inWidth, channels] = images.shape;
  const rows = tf.matMul(weights(inHeight, height), tf.reshape(images, [batch, inHeight, inWidth * channels]));
  const columns = tf.matMul(weights(inWidth, width), tf.reshape(rows, [batch * height, inWidth, channels]));
  return tf.reshape(columns, [batch, height, width, channels]);
}

/** [1, to, from]: how much each old line gives to each new one. Beyond the border its last line is repeated. */
function weights(from: number, to: number): tf.Tensor3D {
  const values = new Float32Array(to * from);
  const scale = Math.fround(from / to);
  for (let line = 0; line < to; line++) {
    const place = Math.fround(scale * line);
    const first = Math.floor(place);
    const step = Math.round((place - first) * tableSize) / tableSize;
    [far(1 + step), near(step), near(1 - step), far(2 - step)].forEach((share, i) => {
      const source = Math.min(from - 1, Math.max(0, first - 1 + i));
      values[line * from + source] = (values[line * from + source] ?? 0) + share;
    });
  }
  return tf.tensor3d(values, [1, to, from]);
}

/** Share of a line less than one away. */
function near(x: number): number {
  return ((steepness + 2) * x - (steepness + 3)) * x * x + 1;
}

/** Share of a line between one and two away. */
function far(x: number): number {
  return ((steepness * x - 5 * steepness) * x + 8 * steepness) * x - 4 * steepness;
}
