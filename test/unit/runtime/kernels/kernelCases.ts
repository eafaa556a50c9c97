// The grid of shapes on which our kernels must agree with the cpu backend's own.
import * as tf from "@tensorflow/tfjs";
import { ownKernels } from "#runtime/graph/ownKernels";

/** One computation, made of tensors given by shape; deterministic. */
export interface KernelCase {
  readonly name: string;
  readonly run: () => tf.Tensor | tf.Tensor[];
}

/** Numbers that differ from place to place, between -1 and 1. */
export function numbers(shape: number[], seed = 1): tf.Tensor {
  const size = shape.reduce((product, next) => product * next, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233) * 0.9);
  return tf.tensor(values, shape);
}

type Pad = "same" | "valid" | number | [[number, number], [number, number], [number, number], [number, number]];

interface ConvCase {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly strides: number | [number, number];
  readonly pad: Pad;
}

const explicit: Pad = [
  [0, 0],
  [2, 1],
  [0, 3],
  [0, 0],
];

function* convolutions(): Generator<ConvCase> {
  for (const batch of [1, 3]) {
    for (const strides of [1, 2, 3, [1, 2]] as (number | [number, number])[]) {
      for (const pad of ["same", "valid", 1, explicit] as Pad[]) {
        for (const [height, width, kernel] of [
          [1, 1, 1],
          [5, 6, 2],
          [8, 7, 3],
          [9, 8, 4],
        ] as const) {
          for (const [channels, out] of [
            [1, 1],
            [3, 5],
            [2, 40],
          ] as const) {
            if (kernel > Math.min(height, width)) continue;
            yield {
              x: [batch, height, width, channels],
              filter: [kernel, Math.max(1, kernel - 1), channels, out],
              strides,
              pad,
            };
          }
        }
      }
    }
  }
}

/** Conv2D, its gradients and the transposed convolution. */
export function* convolutionCases(): Generator<KernelCase> {
  for (const { x, filter, strides, pad } of convolutions()) {
    const name = `${x} by ${filter}, strides ${strides}, pad ${JSON.stringify(pad)}`;
    const convolve = (image: tf.Tensor4D, weights: tf.Tensor4D) => tf.conv2d(image, weights, strides, pad as "same");
    yield { name: `conv2d ${name}`, run: () => convolve(numbers(x) as tf.Tensor4D, numbers(filter, 2) as tf.Tensor4D) };
    yield {
      name: `gradients of conv2d ${name}`,
      run: () => {
        const image = numbers(x) as tf.Tensor4D;
        const weights = numbers(filter, 2) as tf.Tensor4D;
        const dy = numbers(convolve(image, weights).shape, 3);
        return tf.grads((a: tf.Tensor, b: tf.Tensor) => convolve(a as tf.Tensor4D, b as tf.Tensor4D))(
          [image, weights],
          dy,
        );
      },
    };
  }
  for (const [side, inner, out] of [
    [1, 4, 3],
    [2, 16, 5],
    [7, 3, 2],
  ] as const) {
    const transpose = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [1, side * 2, side * 2, out], 2, "same");
    const inputs = () => [numbers([1, side, side, inner]), numbers([4, 4, out, inner], 2)] as const;
    yield { name: `conv2dTranspose ${side} ${inner}`, run: () => transpose(...inputs()) };
    yield {
      name: `gradients of conv2dTranspose ${side} ${inner}`,
      run: () => tf.grads(transpose)([...inputs()], numbers([1, side * 2, side * 2, out], 3)),
    };
  }
}

/**
 * Pads that the wasm backend's own kernels take wrongly: they write beyond the output, which loses the whole backend, or
 * leave a part of it unwritten.
 */
export function* padCases(): Generator<KernelCase> {
  const convolve = (x: number[], filter: number[], { strides = 1, dilations = 1, pad }: { strides?: number | [number, number]; dilations?: number | [number, number]; pad: Pad }) =>
    tf.conv2d(numbers(x) as tf.Tensor4D, numbers(filter, 2) as tf.Tensor4D, strides, pad as "same", "NHWC", dilations);
  yield { name: "a filter of unequal sides, pad 0", run: () => convolve([5, 4, 8, 2], [3, 5, 2, 1], { pad: 0 }) };
  yield { name: "unequal strides, pad 0", run: () => convolve([2, 11, 7, 3], [1, 1, 3, 16], { strides: [1, 3], pad: 0 }) };
  yield { name: "unequal dilations, pad 2", run: () => convolve([1, 6, 1, 2], [4, 2, 2, 1], { dilations: [1, 2], pad: 2 }) };
  const depthwise = (x: number[], filter: number[], { strides = 1, pad }: { strides?: number; pad: Pad }) =>
    tf.depthwiseConv2d(numbers(x) as tf.Tensor4D, numbers(filter, 2) as tf.Tensor4D, strides, pad as "same");
  yield { name: "depthwise by a filter of unequal sides, pad 2", run: () => depthwise([1, 5, 6, 2], [5, 2, 2, 3], { pad: 2 }) };
  yield { name: "depthwise by a filter below its stride, same", run: () => depthwise([2, 7, 7, 3], [1, 2, 3, 2], { strides: 3, pad: "same" }) };
}

/** Products with each operand transposed or not, alone, in batches and with one side repeated. */
export function* productCases(): Generator<KernelCase> {
  for (const [batchA, batchB] of [
    [[], []],
    [[3], [3]],
    [[1], [2]],
    [[2], []],
    [
      [2, 2],
      [2, 2],
    ],
  ] as [number[], number[]][]) {
    for (const [m, k, n] of [
      [1, 1, 1],
      [5, 7, 3],
      [33, 40, 35],
    ] as const) {
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const a = [...batchA, ...(transposeA ? [k, m] : [m, k])];
        const b = [...batchB, ...(transposeB ? [n, k] : [k, n])];
        yield {
          name: `matMul ${a} ${transposeA} by ${b} ${transposeB}`,
          run: () => tf.matMul(numbers(a), numbers(b, 2), transposeA, transposeB),
        };
      }
    }
  }
}

/** Kernels that move or add up: tiles, joins, splits, segments, depthwise gradients. */
export function* moveCases(): Generator<KernelCase> {
  for (const [shape, reps] of [
    [[3], [4]],
    [
      [1, 1, 1, 1],
      [2, 3, 4, 5],
    ],
    [
      [2, 3],
      [1, 1],
    ],
    [
      [2, 1, 60],
      [3, 2, 1],
    ],
    [
      [2, 2, 3],
      [2, 1, 3],
    ],
  ] as [number[], number[]][]) {
    yield { name: `tile ${shape} by ${reps}`, run: () => tf.tile(numbers(shape), reps) };
    yield {
      name: `tile ${shape} of whole numbers`,
      run: () => tf.tile(tf.cast(tf.mul(numbers(shape), 1000), "int32"), reps),
    };
  }
  for (const [axis, widths] of [
    [0, [1, 2]],
    [1, [3, 4, 5]],
    [3, [1, 70]],
    [3, [64, 64]],
    [-1, [3, 0, 2]],
  ] as [number, number[]][]) {
    const shapeOf = (width: number) => [2, 3, 4, 5].map((size, at) => (at === (axis + 4) % 4 ? width : size));
    yield {
      name: `concat along ${axis} of ${widths}`,
      run: () =>
        tf.concat(
          widths.map((width, i) => numbers(shapeOf(width), i)),
          axis,
        ),
    };
    const whole = widths.reduce((sum, width) => sum + width, 0);
    yield { name: `split along ${axis} into ${widths}`, run: () => tf.split(numbers(shapeOf(whole)), widths, axis) };
  }
  for (const axis of [0, 1, 2]) {
    const rows = () =>
      tf.tensor2d(
        [
          [1, 0],
          [1, 1],
        ],
        [2, 2],
        "int32",
      );
    yield { name: `gather along ${axis}`, run: () => tf.gather(numbers([2, 3, 60]), rows(), axis) };
  }
  const ids = () => tf.tensor1d([2, 0, 2, 1, -1, 9], "int32");
  yield { name: "unsortedSegmentSum of rows", run: () => tf.unsortedSegmentSum(numbers([6, 3, 2]), ids(), 4) };
  yield { name: "unsortedSegmentSum of numbers", run: () => tf.unsortedSegmentSum(numbers([6]), ids(), 3) };
  yield {
    name: "gradient of gather",
    run: () =>
      tf.grad((table) => tf.gather(table, tf.tensor1d([3, 0, 3], "int32")))(numbers([4, 5]), numbers([3, 5], 2)),
  };
  for (const [strides, pad, multiplier] of [
    [1, "same", 1],
    [2, "same", 2],
    [1, "valid", 3],
  ] as const) {
    const depthwise = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
    yield {
      name: `gradients of depthwiseConv2d strides ${strides} ${pad} by ${multiplier}`,
      run: () => {
        const [x, filter] = [numbers([2, 6, 5, 3]), numbers([3, 2, 3, multiplier], 2)];
        return tf.grads(depthwise)([x, filter], numbers(depthwise(x, filter).shape, 3));
      },
    };
  }
}

/** Sums and means over leading, trailing, all, middle and no axes. */
export function* reductionCases(): Generator<KernelCase> {
  for (const [shape, axes] of [
    [
      [2, 3, 4, 5],
      [0, 1, 2],
    ],
    [[2, 3, 4, 5], [3]],
    [
      [2, 3, 4, 5],
      [1, 2],
    ],
    [
      [1, 6, 7, 3],
      [1, 2],
    ],
    [[7], [0]],
    [
      [3, 1, 1],
      [1, 2],
    ],
    [
      [2, 3],
      [0, 1],
    ],
    [[], []],
    [[0, 3], [0]],
  ] as [number[], number[]][]) {
    for (const keepDims of [false, true]) {
      yield { name: `sum of ${shape} over ${axes}, ${keepDims}`, run: () => tf.sum(numbers(shape), axes, keepDims) };
      if (!shape.includes(0))
        yield {
          name: `mean of ${shape} over ${axes}, ${keepDims}`,
          run: () => tf.mean(numbers(shape), axes, keepDims),
        };
    }
  }
}

/** Kernels of which the wasm backend's own are wrong. */
export function* delegatedCases(): Generator<KernelCase> {
  const conv3d = (x: tf.Tensor, filter: tf.Tensor) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 2, "same");
  yield {
    name: "gradients of conv3d",
    run: () => tf.grads(conv3d)([numbers([1, 4, 4, 4, 2]), numbers([2, 2, 2, 2, 3], 2)], numbers([1, 2, 2, 2, 3], 3)),
  };
  const dilate = (x: tf.Tensor, filter: tf.Tensor) => tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, 1, "same");
  yield { name: "dilation2d", run: () => dilate(numbers([1, 5, 5, 2]), numbers([2, 2, 2], 2)) };
  yield {
    name: "gradients of dilation2d",
    run: () => tf.grads(dilate)([numbers([1, 5, 5, 2]), numbers([2, 2, 2], 2)], numbers([1, 5, 5, 2], 3)),
  };
}

/** Element-wise operations with each kind of broadcast. */
export function* elementwiseCases(): Generator<KernelCase> {
  for (const [a, b] of [
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], []],
    [[], [4]],
    [[2, 3, 4], [4]],
    [[4], [2, 3, 4]],
    [
      [2, 3],
      [1, 3],
    ],
    [
      [3, 1],
      [1, 4],
    ],
    [[1], [1, 1]],
    [[0, 3], [3]],
  ] as [number[], number[]][]) {
    for (const operation of [tf.add, tf.sub, tf.mul, tf.div]) {
      yield { name: `${operation.name} of ${a} and ${b}`, run: () => operation(numbers(a), tf.add(numbers(b, 2), 2)) };
    }
  }
}

/** A kernel of the runtime's own: the backend's where it has one, else what it is made of. */
function own(name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor[] {
  const kernel = tf.getKernel(name, tf.getBackend());
  return [kernel ? tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) : (ownKernels[name]?.compute(inputs, { ...attrs }) ?? [])].flat() as tf.Tensor[];
}

/** Batch normalisation and its gradient: one place, one channel, several images, wide and odd shapes. */
export function* batchNormCases(): Generator<KernelCase> {
  for (const shape of [[1, 1, 1, 5], [1, 2, 2, 1], [2, 3, 5, 7], [4, 1, 9, 16], [1, 16, 16, 3]]) {
    for (const epsilon of [1e-5, 0.001]) {
      const channels = shape.slice(-1);
      const statistics = () => {
        const x = numbers(shape);
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        return { x, mean, variance };
      };
      const name = `${shape}, epsilon ${epsilon}`;
      yield {
        name: `batch norm of ${name}`,
        // The last output has no meaning.
        run: () => own("FusedBatchNormV3", { x: numbers(shape), scale: numbers(channels, 2), offset: numbers(channels, 3), mean: tf.tensor1d([]), variance: tf.tensor1d([]) }, { epsilon }).slice(0, 5),
      };
      yield {
        name: `gradients of batch norm of ${name}`,
        run: () => own("FusedBatchNormGradV3", { dy: numbers(shape, 4), scale: numbers(channels, 2), ...statistics(), reserved: tf.scalar(0) }, { epsilon }),
      };
    }
  }
}

/** Adam's update of a variable: one number, a bias, a filter. */
export function* adamCases(): Generator<KernelCase> {
  const scalars = { power1: 0.25, power2: 0.998, rate: 0.0002, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
  for (const shape of [[], [5], [4, 4, 3, 70]]) {
    yield {
      name: `ApplyAdam of ${shape}`,
      run: () => {
        const state = { var: numbers(shape), m: numbers(shape, 2), v: tf.square(numbers(shape, 3)), grad: numbers(shape, 4) };
        const inputs = { ...state, ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])) };
        return tf.getKernel("ApplyAdam", tf.getBackend()) ? (tf.engine().runKernel("ApplyAdam", inputs) as unknown as tf.Tensor[]) : plainAdam(state, scalars);
      },
    };
  }
}

/** The formula of TensorFlow's documentation. */
function plainAdam(
  { var: variable, m, v, grad }: Readonly<Record<"var" | "m" | "v" | "grad", tf.Tensor>>,
  { power1, power2, rate, beta1, beta2, epsilon }: Readonly<Record<"power1" | "power2" | "rate" | "beta1" | "beta2" | "epsilon", number>>,
): tf.Tensor[] {
  const nextM = tf.add(tf.mul(m, beta1), tf.mul(grad, 1 - beta1));
  const nextV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(grad), 1 - beta2));
  const step = tf.div(tf.mul(nextM, (rate * Math.sqrt(1 - power2)) / (1 - power1)), tf.add(tf.sqrt(nextV), epsilon));
  return [tf.sub(variable, step), nextM, nextV];
}
