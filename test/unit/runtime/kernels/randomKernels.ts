// Random shapes on which our kernels must agree with the package's own on cpu: sizes, strides, pads, dilations, batches, broadcasts.
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../../support/random";
import { numbers, type KernelCase } from "./kernelCases";

type Pair = [number, number];
type Pad = "same" | "valid" | number | [Pair, Pair, Pair, Pair];
type Shape4 = [number, number, number, number];

/** What a convolution is asked for; `out` is the number of its channels, or how many of each where it goes channel by channel. */
interface Convolution {
  readonly x: Shape4;
  readonly kernel: Pair;
  readonly out: number;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pad: Pad;
}

const channelCounts = [1, 2, 3, 8, 17] as const;

function randomConvolution(random: Random, { dilated, deep }: { readonly dilated: boolean; readonly deep: boolean }): Convolution {
  const size = (most: number): number => 1 + random.below(most);
  const stride = size(4);
  return {
    x: [size(6), size(11), size(11), random.pick(channelCounts)],
    kernel: [size(5), size(5)],
    out: deep ? size(3) : random.pick([1, 2, 5, 16, 33]),
    strides: dilated ? [1, 1] : random.chance(3) ? [size(4), size(4)] : [stride, stride],
    dilations: dilated ? [size(3), size(3)] : [1, 1],
    pad: randomPad(random),
  };
}

function randomPad(random: Random): Pad {
  const pair = (): Pair => [random.below(4), random.below(4)];
  return random.pick<() => Pad>([() => "same", () => "valid", () => random.below(3), () => [[0, 0], pair(), pair(), [0, 0]]])();
}

/** Whether the filter finds a place at all. */
function hasPlace({ x, kernel, strides, dilations, pad, out }: Convolution, depthwise: boolean): boolean {
  const filter: Shape4 = [...kernel, x[3], out];
  const info = tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad as "same", undefined, depthwise);
  return info.outHeight > 0 && info.outWidth > 0;
}

function nameOf(kind: string, { x, kernel, out, strides, dilations, pad }: Convolution): string {
  return `${kind} of ${x} by ${kernel} to ${out}, strides ${strides}, dilations ${dilations}, pad ${JSON.stringify(pad)}`;
}

/** Results of a function of two tensors, with its gradients where the backend has them. */
function withGradients(f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, shapes: readonly [number[], number[]]): tf.Tensor[] {
  const [a, b] = [numbers(shapes[0]), numbers(shapes[1], 2)];
  const y = f(a, b);
  return [y, ...tf.grads(f)([a, b], numbers(y.shape, 3))];
}

/** Conv2D with both gradients, depthwise or not; dilated ones forwards only: core has no gradient of them. */
export function* randomConvolutions(random: Random, count: number): Generator<KernelCase> {
  for (let made = 0; made < count; ) {
    const [dilated, depthwise] = [random.chance(4), random.chance(3)];
    const conv = randomConvolution(random, { dilated, deep: depthwise });
    if (!hasPlace(conv, depthwise)) continue;
    made++;
    const { x, kernel, out, strides, dilations } = conv;
    const pad = conv.pad as "same";
    const filter = [...kernel, x[3], out];
    const convolve = (image: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
      depthwise
        ? tf.depthwiseConv2d(image as tf.Tensor4D, weights as tf.Tensor4D, strides, pad, "NHWC", dilations)
        : tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, strides, pad, "NHWC", dilations);
    const forwardOnly = dilations.some((dilation) => dilation > 1);
    yield {
      name: nameOf(depthwise ? "depthwiseConv2d" : "conv2d", conv),
      run: () => (forwardOnly ? convolve(numbers(x), numbers(filter, 2)) : withGradients(convolve, [x, filter])),
    };
  }
}

/** conv2dTranspose with both gradients: the size it undoes is any that the convolution would bring to its own. */
export function* randomTransposed(random: Random, count: number): Generator<KernelCase> {
  for (let made = 0; made < count; ) {
    const conv = randomConvolution(random, { dilated: false, deep: false });
    const pad = random.pick(["same", "valid"] as const);
    if (!hasPlace({ ...conv, pad }, false)) continue;
    made++;
    const { x, kernel, out, strides } = conv;
    const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(x, [...kernel, x[3], out], strides, 1, pad);
    const transpose = (small: tf.Tensor, filter: tf.Tensor): tf.Tensor => tf.conv2dTranspose(small as tf.Tensor4D, filter as tf.Tensor4D, x, strides, pad);
    yield {
      name: nameOf("conv2dTranspose", { ...conv, pad }),
      run: () => withGradients(transpose, [[x[0], outHeight, outWidth, out], [...kernel, x[3], out]]),
    };
  }
}

/** Products of matrices, alone and in batches, each side transposed or not, with both gradients; without where a batch is repeated: core has none. */
export function* randomProducts(random: Random, count: number): Generator<KernelCase> {
  for (let made = 0; made < count; made++) {
    const [m, k, n] = [0, 1, 2].map(() => random.pick([1, 2, 3, 4, 5, 7, 31, 40])) as [number, number, number];
    const batch = random.several(2, () => 1 + random.below(3));
    const [transposeA, transposeB] = [random.chance(2), random.chance(2)];
    const repeated = random.chance(3);
    const a = [...batch, ...(transposeA ? [k, m] : [m, k])];
    const b = [...(repeated ? batch.map(() => 1) : batch), ...(transposeB ? [n, k] : [k, n])];
    const multiply = (one: tf.Tensor, other: tf.Tensor): tf.Tensor => tf.matMul(one, other, transposeA, transposeB);
    yield {
      name: `matMul of ${a} ${transposeA} by ${b} ${transposeB}`,
      run: () => (repeated ? multiply(numbers(a), numbers(b, 2)) : withGradients(multiply, [a, b])),
    };
  }
}

/** Sums, means, tiles, joins, splits, gathers and arithmetic over shapes of up to four axes. */
export function* randomArrays(random: Random, count: number): Generator<KernelCase> {
  for (let made = 0; made < count; made++) {
    const shape = Array.from({ length: 1 + random.below(4) }, () => random.pick([1, 2, 3, 5, 50]));
    if (shape.reduce((product, size) => product * size, 1) > 20_000) continue;
    const axis = random.below(shape.length);
    yield random.pick([reduction, tiling, joining, gathering, arithmetic])(random, { shape, axis });
  }
}

interface Place {
  readonly shape: number[];
  readonly axis: number;
}

function reduction(random: Random, { shape }: Place): KernelCase {
  const axes = shape.map((_, axis) => axis).filter(() => random.chance(2));
  const [reduce, keepDims] = [random.pick([tf.sum, tf.mean]), random.chance(2)];
  return { name: `${reduce.name} of ${shape} over ${axes}, ${keepDims}`, run: () => reduce(numbers(shape), axes, keepDims) };
}

function tiling(random: Random, { shape }: Place): KernelCase {
  const reps = shape.map(() => 1 + random.below(3));
  const whole = random.chance(3);
  return { name: `tile of ${shape} by ${reps}, ${whole}`, run: () => tf.tile(whole ? tf.cast(tf.mul(numbers(shape), 1000), "int32") : numbers(shape), reps) };
}

function joining(random: Random, { shape, axis }: Place): KernelCase {
  const widths = Array.from({ length: 2 + random.below(3) }, () => random.below(5));
  const total = widths.reduce((sum, width) => sum + width, 0);
  const of = (width: number): number[] => shape.map((size, at) => (at === axis ? width : size));
  return {
    name: `join and split of ${shape} along ${axis} by ${widths}`,
    run: () => [tf.concat(widths.map((width, seed) => numbers(of(width), seed)), axis), ...(total > 0 ? tf.split(numbers(of(total)), widths, axis) : [])],
  };
}

function gathering(random: Random, { shape, axis }: Place): KernelCase {
  const rows = Array.from({ length: 1 + random.below(6) }, () => random.below(shape[axis] ?? 1));
  const gather = (table: tf.Tensor): tf.Tensor => tf.gather(table, tf.tensor1d(rows, "int32"), axis);
  return {
    name: `gather of ${shape} along ${axis} at ${rows}`,
    run: () => [gather(numbers(shape)), tf.grad(gather)(numbers(shape), numbers(shape.map((size, at) => (at === axis ? rows.length : size)), 2))],
  };
}

function arithmetic(random: Random, { shape }: Place): KernelCase {
  const other = shape.map((size) => (random.chance(3) ? 1 : size)).slice(random.below(shape.length + 1));
  const [operation, turned] = [random.pick([tf.add, tf.sub, tf.mul, tf.div]), random.chance(2)];
  const operands = (): [tf.Tensor, tf.Tensor] => [numbers(shape), tf.add(numbers(other, 2), 2)];
  return { name: `${operation.name} of ${shape} and ${other}, ${turned}`, run: () => (turned ? operation(operands()[1], tf.add(operands()[0], 2)) : operation(...operands())) };
}
