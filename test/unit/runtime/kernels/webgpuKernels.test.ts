// The WebGPU backend with our kernels: its uploads on their own; against the cpu backend where Dawn and an adapter are.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { installTrainingKernels } from "#runtime/kernels/installTrainingKernels";
import { uploadThroughQueue, type WebgpuBackend } from "#runtime/kernels/webgpuBackend";
import { distance, groups, type Result } from "./agreement";
import { delegatedCases, type KernelCase } from "./kernelCases";

describe("uploads", () => {
  const queued: { readonly buffer: object; readonly data: Float32Array | Int32Array }[] = [];
  const byPackage: object[] = [];
  const places = new Map<object, ReturnType<WebgpuBackend["tensorMap"]["get"]>>();
  const backend = {
    tensorMap: { get: (dataId: object) => places.get(dataId) },
    bufferManager: { acquireBuffer: (bytes: number, usage: number) => ({ bytes, usage }) },
    queue: { writeBuffer: (buffer: object, _offset: number, data: Float32Array | Int32Array) => queued.push({ buffer, data }) },
    uploadToGPU: (dataId: object) => byPackage.push(dataId),
  } as unknown as WebgpuBackend;
  uploadThroughQueue(backend);

  test.for([
    ["float32", [1, 2.5], new Float32Array([1, 2.5])],
    ["int32", [3, -1], new Int32Array([3, -1])],
    ["bool", Uint8Array.of(1, 0), new Int32Array([1, 0])],
  ] as const)("values of type %s are written by the queue, once", ([dtype, values, data]) => {
    const place = { dtype, values, resource: undefined };
    places.set(place, place);
    backend.uploadToGPU(place);
    expect(queued.pop()).toEqual({ buffer: { bytes: 8, usage: 140 }, data });
    expect(place).toEqual({ dtype, values: null, resource: { bytes: 8, usage: 140 } });
    backend.uploadToGPU(place);
    expect(queued).toEqual([]);
  });

  test("buffers for results, and empty tensors, are the package's to make", () => {
    for (const values of [undefined, new Float32Array(0)]) {
      const place = { dtype: "float32" as const, values, resource: undefined };
      places.set(place, place);
      backend.uploadToGPU(place);
      expect(byPackage.at(-1)).toBe(place);
    }
    expect(queued).toEqual([]);
  });
});

/** A folder whose node_modules has `webgpu` and `@tensorflow/tfjs-backend-webgpu`; a software adapter will do. */
const folder = process.env["TRAINSCOPE_WEBGPU"];

async function startWebgpu(resolve: (name: string) => string): Promise<void> {
  const load = (name: string): Promise<unknown> => import(pathToFileURL(resolve(name)).href);
  const { create, globals } = (await load("webgpu")) as { create(flags: readonly string[]): object; globals: object };
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]) }, configurable: true });
  await load("@tensorflow/tfjs-backend-webgpu");
  await tf.setBackend("webgpu");
  installTrainingKernels();
  // Else small tensors never get to the device.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
}

async function resultsOf(backend: string, run: KernelCase["run"]): Promise<Result[]> {
  await tf.setBackend(backend);
  const tensors = [tf.tidy(run)].flat();
  return Promise.all(tensors.map(async (tensor) => {
    const values = await tensor.data();
    tensor.dispose();
    return { shape: tensor.shape, values };
  }));
}

test("every case of the kernels comes out as on cpu and leaves no memory behind", { timeout: 900_000 }, async ({ skip }) => {
  if (folder === undefined) return skip("TRAINSCOPE_WEBGPU names no folder that has webgpu and @tensorflow/tfjs-backend-webgpu");
  await startWebgpu(createRequire(join(folder, "script.js")).resolve);
  const before = tf.memory().numTensors;
  for (const cases of [...groups.map(([, list]) => list), delegatedCases]) {
    for (const { name, run } of cases()) {
      const wanted = await resultsOf("cpu", run);
      const got = await resultsOf("webgpu", run);
      expect(got.map(({ shape }) => shape), name).toEqual(wanted.map(({ shape }) => shape));
      got.forEach((result, i) => expect(distance(result, wanted[i] as Result), name).toBeLessThan(5e-6));
    }
  }
  expect(tf.memory().numTensors).toBe(before);
});
