// The runtime's kernels FusedBatchNormV3 and FusedBatchNormGradV3 on the wasm backend.
import { normalizeBatch, normalizeBatchGradient } from "./batchNorm";
import { floats, inputOf, type Kernel } from "./wasmMemory";

/** Outputs: y, mean, variance without bias, mean, variance, a number without meaning. */
export const fusedBatchNorm: Kernel = (call) => {
  const { backend, attrs } = call;
  const x = inputOf(call, "x");
  const perChannel = inputOf(call, "scale").shape;
  const shapes = [x.shape, perChannel, perChannel, perChannel, perChannel, []];
  const outs = shapes.map((shape) => backend.makeOutput(shape, "float32"));
  const [y, mean, unbiased, savedMean, variance, reserved] = outs.map((out) => floats(backend, out));
  if (!y || !mean || !unbiased || !savedMean || !variance || !reserved) throw new Error("six tensors are written");
  const read = (name: string) => floats(backend, inputOf(call, name));
  const arrays = { x: read("x"), scale: read("scale"), offset: read("offset"), y, mean, variance, unbiased };
  normalizeBatch(arrays, attrs["epsilon"] as number);
  savedMean.set(mean);
  reserved.fill(0);
  return outs;
};

/** Outputs: gradients of x, scale and offset. */
export const fusedBatchNormGradient: Kernel = (call) => {
  const { backend, attrs } = call;
  const perChannel = inputOf(call, "scale").shape;
  const outs = [inputOf(call, "x").shape, perChannel, perChannel].map((shape) => backend.makeOutput(shape, "float32"));
  const [dx, dScale, dOffset] = outs.map((out) => floats(backend, out));
  if (!dx || !dScale || !dOffset) throw new Error("three tensors are written");
  const read = (name: string) => floats(backend, inputOf(call, name));
  const inputs = { dy: read("dy"), x: read("x"), scale: read("scale"), mean: read("mean"), variance: read("variance") };
  normalizeBatchGradient({ ...inputs, dx, dScale, dOffset }, attrs["epsilon"] as number);
  return outs;
};
