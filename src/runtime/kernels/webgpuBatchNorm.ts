// The runtime's kernels FusedBatchNormV3 and FusedBatchNormGradV3 on the WebGPU backend: four shaders forward, three back.
import { inputOf, type Kernel } from "./wasmMemory";
import { webgpuOf } from "./webgpuBackend";
import { channelSums, elementwise } from "./webgpuPrograms";

/** Outputs: y, mean, variance without bias, mean, variance, a number without meaning. */
export const fusedBatchNorm: Kernel = (call) => {
  const backend = webgpuOf(call);
  const [x, scale, offset] = [inputOf(call, "x"), inputOf(call, "scale"), inputOf(call, "offset")];
  const { shape } = scale;
  const places = "f32(uniforms.xShape / uniforms.size)";
  const mean = channelSums(backend, { formula: `x[i] / ${places}`, inputs: { x }, shape });
  const squaresOver = (divisor: string) => channelSums(backend, { formula: `(x[i] - mean[c]) * (x[i] - mean[c]) / ${divisor}`, inputs: { x, mean }, shape });
  const variance = squaresOver(places);
  const unbiased = squaresOver(`max(1.0, ${places} - 1.0)`);
  const channel = "i % uniforms.scaleShape";
  const rate = `inverseSqrt(variance[${channel}] + ${Number(call.attrs["epsilon"])})`;
  const y = elementwise(backend, {
    formula: `(x[i] - mean[${channel}]) * ${rate} * scale[${channel}] + offset[${channel}]`,
    inputs: { x, mean, variance, scale, offset },
    shape: x.shape,
  });
  call.backend.incRef(mean.dataId);
  return [y, mean, unbiased, { ...mean }, variance, backend.makeTensorInfo([], "float32", new Float32Array(1))];
};

/** Outputs: gradients of x, scale and offset. */
export const fusedBatchNormGradient: Kernel = (call) => {
  const backend = webgpuOf(call);
  const [dy, x, scale] = [inputOf(call, "dy"), inputOf(call, "x"), inputOf(call, "scale")];
  const [mean, variance] = [inputOf(call, "mean"), inputOf(call, "variance")];
  const { shape } = scale;
  const normal = (channel: string) => `(x[i] - mean[${channel}]) * inverseSqrt(variance[${channel}] + ${Number(call.attrs["epsilon"])})`;
  const dOffset = channelSums(backend, { formula: "dy[i]", inputs: { dy }, shape });
  const dScale = channelSums(backend, { formula: `dy[i] * ${normal("c")}`, inputs: { dy, x, mean, variance }, shape });
  const channel = "i % uniforms.scaleShape";
  const places = "f32(uniforms.size / uniforms.scaleShape)";
  const rate = `inverseSqrt(variance[${channel}] + ${Number(call.attrs["epsilon"])})`;
  const dx = elementwise(backend, {
    formula: `(dy[i] - dOffset[${channel}] / ${places} - ${normal(channel)} * dScale[${channel}] / ${places}) * scale[${channel}] * ${rate}`,
    inputs: { dy, x, mean, variance, scale, dOffset, dScale },
    shape: x.shape,
  });
  return [dx, dScale, dOffset];
};
