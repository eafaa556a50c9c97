// The examples as operations: each run that needs them pulls the next batch of pairs.
import * as tf from "@tensorflow/tfjs";
import { constant, fromGenerator, nameScope, type Example } from "trainscope";
import { digitPairs } from "./digits";
import type { Options } from "./options";
import { folderPairs, type Pair } from "./pictures";

/** A batch, and how many of them make an epoch. */
export interface Examples {
  readonly paths: tf.Tensor;
  readonly inputs: tf.Tensor4D;
  readonly targets: tf.Tensor4D;
  readonly count: number;
  readonly stepsPerEpoch: number;
}

type Named = { readonly name: string; readonly pair: () => Pair };
type Draw = "paths" | "a" | "b" | "flip" | "offset";

/**
 * The original decodes, flips, resizes and crops inside the graph, with a queue before and one behind. Here files are
 * decoded and resized as they are loaded, and each batch has one draw of flip and offset, so that both sides get the same.
 */
export function loadExamples(options: Options): Examples {
  const { input_dir, mode, size, scale_size, batch_size, which_direction } = options;
  const pairs =
    input_dir === null
      ? digitPairs(mode === "test" ? "test" : "train", scale_size)
      : folderPairs(input_dir, scale_size);
  const image = { dtype: "float32", shape: [batch_size, scale_size, scale_size, 3] } as const;

  const { paths, a, b, flip, offset } = nameScope("load_images", () => {
    const raw = fromGenerator<Draw>(() => batches(pairs, options), {
      outputs: {
        paths: { dtype: "string", shape: [batch_size] },
        a: image,
        b: image,
        flip: { dtype: "bool", shape: [batch_size, 1, 1, 1] },
        offset: { dtype: "int32", shape: [2] },
      },
    });
    return { ...raw, a: preprocess(raw.a), b: preprocess(raw.b) };
  });
  const [inputs, targets] = which_direction === "AtoB" ? [a, b] : [b, a];

  const transform = (picture: tf.Tensor): tf.Tensor4D => {
    let r = picture as tf.Tensor4D;
    if (options.flip) r = tf.where(flip, tf.reverse(r, 2), r);
    if (scale_size > size) {
      const [top, left] = tf.split(tf.cast(offset, "int32"), 2);
      const range = constant(
        Int32Array.from({ length: size }, (_, i) => i),
        { name: "range" },
      ) as tf.Tensor1D;
      r = tf.gather(tf.gather(r, tf.add(range, top as tf.Tensor), 1), tf.add(range, left as tf.Tensor), 2);
    }
    return r;
  };
  const inputImages = nameScope("input_images", () => transform(inputs));
  const targetImages = nameScope("target_images", () => transform(targets));

  return nameScope("batch", () => ({
    paths,
    inputs: tf.reshape(inputImages, [batch_size, size, size, 3]),
    targets: tf.reshape(targetImages, [batch_size, size, size, 3]),
    count: pairs.length,
    stepsPerEpoch: Math.ceil(pairs.length / batch_size),
  }));
}

/** [0, 1] => [-1, 1] */
export function preprocess(image: tf.Tensor): tf.Tensor {
  return nameScope("preprocess", () => tf.sub(tf.mul(image, 2), 1));
}

/** [-1, 1] => [0, 1] */
export function deprocess(image: tf.Tensor4D): tf.Tensor4D {
  return nameScope("deprocess", () => tf.div(tf.add(image, 1), 2));
}

/** Batches for ever: in training each epoch has its own order. The last one of an epoch is filled up from the next. */
function* batches(pairs: readonly Named[], options: Options): Generator<Example<Draw>> {
  const { mode, batch_size, scale_size, size, seed } = options;
  const random = randomNumbers(seed);
  const picture = scale_size * scale_size * 3;
  const [a, b] = [new Float32Array(batch_size * picture), new Float32Array(batch_size * picture)];
  const queue: Named[] = [];
  for (;;) {
    while (queue.length < batch_size) queue.push(...(mode === "train" ? shuffled(pairs, random) : pairs));
    const batch = queue.splice(0, batch_size);
    batch.forEach(({ pair }, index) => {
      const sides = pair();
      a.set(sides.a.values, index * picture);
      b.set(sides.b.values, index * picture);
    });
    yield {
      paths: batch.map(({ name }) => name),
      a,
      b,
      flip: Uint8Array.from(batch, () => (random() < 0.5 ? 1 : 0)),
      offset: Int32Array.from([0, 0], () => Math.floor(random() * (scale_size - size + 1))),
    };
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

/** Mulberry32: numbers in [0, 1) that depend on the seed alone. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
