// A small pix2pix written once in plain TensorFlow.js: U-Net, PatchGAN, two losses. It is trained eagerly and as a graph.
import * as tf from "@tensorflow/tfjs";

/** Where the model gets its variables: a name and a shape, asked for in the same order each time. */
export type Variables = (name: string, shape: readonly number[]) => tf.Tensor;

/** How a layer's result is normalised. */
export type Normalize = (x: tf.Tensor4D, scale: tf.Tensor, offset: tf.Tensor) => tf.Tensor4D;

const width = 16;
const epsilon = 1e-12;

/** As TensorFlow.js has it: moments, then the kernel that takes them. */
export const plainNorm: Normalize = (x, scale, offset) => {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-5);
};

/** Numbers that look random and are the same everywhere. */
export function numbers(count: number, seed: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453) % 1) * scale));
}

/** The value a variable starts with: weights spread around zero, scales one, offsets zero. */
export function initialValue(name: string, shape: readonly number[], seed: number): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (name.endsWith("kernel")) return numbers(count, seed, 0.05);
  return new Float32Array(count).fill(name.endsWith("gamma") ? 1 : 0);
}

/** Both losses for one pair of pictures of `side` squared pixels. */
export function losses(
  pair: { readonly x: tf.Tensor4D; readonly y: tf.Tensor4D },
  { variables, norm }: { readonly variables: Variables; readonly norm: Normalize },
): { discriminator: tf.Scalar; generator: tf.Scalar } {
  const { x, y } = pair;
  const layer = (input: tf.Tensor4D, name: string, { out, stride, up }: { out: number; stride: number; up?: boolean }): tf.Tensor4D => {
    const [batch, height, wide, channels] = input.shape;
    const bias = variables(`${name}/bias`, [out]);
    if (!up) return tf.add(tf.conv2d(input, variables(`${name}/kernel`, [4, 4, channels, out]) as tf.Tensor4D, stride, "same"), bias);
    const kernel = variables(`${name}/kernel`, [4, 4, out, channels]) as tf.Tensor4D;
    return tf.add(tf.conv2dTranspose(input, kernel, [batch, height * 2, wide * 2, out], 2, "same"), bias);
  };
  const normed = (input: tf.Tensor4D, name: string): tf.Tensor4D => norm(input, variables(`${name}/gamma`, [input.shape[3]]), variables(`${name}/beta`, [input.shape[3]]));
  const discriminate = (target: tf.Tensor4D): tf.Tensor4D => {
    let h = tf.leakyRelu(layer(tf.concat([x, target], 3), "d/1", { out: width, stride: 2 }), 0.2);
    h = tf.leakyRelu(normed(layer(h, "d/2", { out: 2 * width, stride: 2 }), "d/2"), 0.2);
    h = tf.leakyRelu(normed(layer(h, "d/3", { out: 4 * width, stride: 1 }), "d/3"), 0.2);
    return tf.sigmoid(layer(h, "d/4", { out: 1, stride: 1 }));
  };
  const encoded: tf.Tensor4D[] = [layer(x, "g/e1", { out: width, stride: 2 })];
  for (const [i, multiple] of [2, 4, 8, 8].entries()) {
    const input = tf.leakyRelu(encoded.at(-1) as tf.Tensor4D, 0.2);
    encoded.push(normed(layer(input, `g/e${i + 2}`, { out: multiple * width, stride: 2 }), `g/e${i + 2}`));
  }
  let h = encoded.at(-1) as tf.Tensor4D;
  for (const [i, multiple] of [8, 4, 2, 1].entries()) {
    const input = i === 0 ? h : tf.concat([h, encoded[4 - i] as tf.Tensor4D], 3);
    h = normed(layer(tf.relu(input), `g/d${i + 1}`, { out: multiple * width, stride: 1, up: true }), `g/d${i + 1}`);
  }
  const output = tf.tanh(layer(tf.relu(tf.concat([h, encoded[0] as tf.Tensor4D], 3)), "g/d5", { out: 3, stride: 1, up: true }));
  const [real, fake] = [discriminate(y), discriminate(output)];
  const discriminator = tf.mean(tf.neg(tf.add(tf.log(tf.add(real, epsilon)), tf.log(tf.add(tf.sub(1, fake), epsilon)))));
  const generator = tf.add(tf.mean(tf.neg(tf.log(tf.add(fake, epsilon)))), tf.mul(tf.mean(tf.abs(tf.sub(y, output))), 100));
  return { discriminator: discriminator as tf.Scalar, generator: generator as tf.Scalar };
}
