// Choosing a backend for scripts beside which packages are whole, broken, deadly or absent.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UserError } from "#base/errors";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { probe } from "#trainer/backends/probe";

let folder: string;
let script: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backends-"));
  script = join(folder, "train.ts");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A package beside the script that stands for a native one: `source` is what happens when it is loaded. */
async function install(name: string, source: string): Promise<void> {
  const dir = join(folder, "node_modules", name);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "package.json"), JSON.stringify({ name, version: "4.22.0", main: "index.js" }));
  await writeFile(join(dir, "index.js"), source);
}

/** TensorFlow's package as it looks when it works, with its device list. */
const working = (gpu: boolean, stderr: string) => `
process.stderr.write(${JSON.stringify(stderr)});
exports.backend = () => ({ isUsingGpuDevice: ${gpu}, binding: { TF_Version: "2.9.1" } });
exports.getBackend = () => "tensorflow";
exports.ones = () => undefined;
exports.matMul = () => ({ dataSync: () => [3, 3, 3, 3] });
`;

const refusalOf = (name: "cuda" | "node" | "webgpu") =>
  chooseBackend(name, { resolveFrom: script }).then(
    () => "it was chosen",
    (error: unknown) => (error instanceof UserError ? error.message : error),
  );

test("a package whose native part crashes the process is refused, and this process lives", async () => {
  await install("@tensorflow/tfjs-node", 'process.kill(process.pid, "SIGBUS");');
  expect(await refusalOf("node")).toBe(
    "The backend node cannot be used: the native part of @tensorflow/tfjs-node is a broken download (cut off in the middle).",
  );
});

test("the GPU package that would compute on the CPU is refused with the library it misses", async () => {
  await install(
    "@tensorflow/tfjs-node-gpu",
    working(false, "W x] Could not load dynamic library 'libcudnn.so.8'; dlerror: …\n"),
  );
  expect(await refusalOf("cuda")).toContain("libcudnn.so.8 could not be loaded");
});

test("a package whose native part was never downloaded is refused", async () => {
  await install(
    "@tensorflow/tfjs-node",
    "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: /x')",
  );
  expect(await refusalOf("node")).toContain("its install script was blocked or could not download");
});

test("a package that is not installed is refused by its name", async () => {
  expect(await refusalOf("webgpu")).toContain("the package @tensorflow/tfjs-backend-webgpu is not installed");
});

test("what hangs is ended at its limit", async () => {
  expect(await probe("setInterval(() => undefined, 1000);", { args: [], limitMs: 300 })).toMatchObject({
    kind: "timedOut",
  });
});

test("auto gives the reason of each backend before the one it chose, which can train", async () => {
  const choice = await chooseBackend("auto", { resolveFrom: script });
  expect(choice.name).toBe("wasm");
  expect(choice.device).toMatch(/^tfjs-backend-wasm 4\.22\.0, SIMD, 1 thread$/);
  expect(choice.refused.map(({ name }) => name)).toEqual(["cuda", "webgpu", "node"]);
  const gradient = tf.grad((x) => tf.conv2d(tf.ones([1, 4, 4, 1]) as tf.Tensor4D, x as tf.Tensor4D, 1, "same"))(
    tf.ones([3, 3, 1, 1]),
  );
  expect(gradient.dataSync()[4]).toBe(16);
});

test("a backend asked for by name is used even where a better one is there", async () => {
  expect(await chooseBackend("cpu", { resolveFrom: script })).toEqual({
    name: "cpu",
    device: "tfjs-backend-cpu 4.22.0",
    refused: [],
  });
  expect(tf.getBackend()).toBe("cpu");
});
