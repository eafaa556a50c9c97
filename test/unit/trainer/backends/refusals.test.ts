// The sentence for each way in which a native backend fails; the texts are those that broken installs really print.
import { expect, test } from "vitest";
import { gpuName, sentenceForDeath, sentenceForError, sentenceForMissingGpu } from "#trainer/backends/nativeFailure";
import { refusalOfAdapter } from "#trainer/backends/webgpuBackend";

const name = "@tensorflow/tfjs-node-gpu";

test.each([
  [
    {
      message:
        "The Node.js native addon module (tfjs_binding.node) can not be found at path: /x/lib/napi-v8/tfjs_binding.node. \nPlease run…",
    },
    "its install script was blocked",
  ],
  [
    {
      code: "ERR_DLOPEN_FAILED",
      message: "libtensorflow.so.2: cannot open shared object file: No such file or directory",
    },
    "libtensorflow.so.2 is missing from its folder deps",
  ],
  [{ code: "ERR_DLOPEN_FAILED", message: "/x/deps/lib/libtensorflow.so.2: file too short" }, "a broken download"],
  [{ code: "ERR_DLOPEN_FAILED", message: "/x/lib/napi-v8/tfjs_binding.node: invalid ELF header" }, "a broken download"],
  [
    {
      code: "ERR_DLOPEN_FAILED",
      message: "/x/lib/napi-v8/tfjs_binding.node: cannot open shared object file: No such file or directory",
    },
    "another kind of processor",
  ],
  [
    {
      code: "ERR_DLOPEN_FAILED",
      message: "/lib/libc.so.6: version `GLIBC_2.99' not found (required by /x/libtensorflow.so.2)",
    },
    "GLIBC_2.99 is missing",
  ],
  [
    { message: "The specified module could not be found.\r\n\\\\?\\C:\\x\\tfjs_binding.node" },
    "tensorflow.dll does not lie beside",
  ],
  [{ message: "something new\nand its details" }, `${name} failed: something new`],
])("an error while loading becomes a sentence: %j", (error, words) => {
  const sentence = sentenceForError(error, name);
  expect(sentence).toContain(words);
  expect(sentence).not.toContain("\n");
});

test("a process that dies of SIGBUS has loaded a file that was cut off", () => {
  expect(sentenceForDeath({ kind: "died", signal: "SIGBUS", stderr: "" }, name)).toContain("broken download");
});

test("a process that dies of SIGILL lacks AVX", () => {
  expect(sentenceForDeath({ kind: "died", signal: "SIGILL", stderr: "" }, name)).toContain("AVX");
});

test("an undefined symbol is named", () => {
  const stderr = "node: symbol lookup error: /x/tfjs_binding.node: undefined symbol: TFE_NewContextOptions";
  expect(sentenceForDeath({ kind: "died", exitCode: 127, stderr }, name)).toContain("TFE_NewContextOptions is missing");
});

test("a hang is told with its limit", () => {
  expect(sentenceForDeath({ kind: "timedOut", limitMs: 60_000, stderr: "" }, name)).toBe(
    `${name} did not compute within 60 seconds`,
  );
});

const couldNotLoad = (library: string) =>
  `2026-11-22 W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library '${library}'; dlerror: ${library}: cannot open shared object file: No such file or directory\n`;

test("without an NVIDIA driver the driver is what is missing, not CUDA", () => {
  expect(sentenceForMissingGpu(couldNotLoad("libcudart.so.11.0") + couldNotLoad("libcuda.so.1"))).toContain(
    "no NVIDIA driver",
  );
});

test("with a driver the missing CUDA libraries are named once each", () => {
  const stderr = couldNotLoad("libcudart.so.11.0") + couldNotLoad("libcudnn.so.8") + couldNotLoad("libcudnn.so.8");
  expect(sentenceForMissingGpu(stderr)).toMatch(/^libcudart\.so\.11\.0, libcudnn\.so\.8 could not be loaded/);
});

test("the device's name comes from TensorFlow's own line", () => {
  const line =
    "I tensorflow/core/common_runtime/gpu/gpu_device.cc:1525] Created device /job:localhost/replica:0/task:0/device:GPU:0 with 14000 MB memory:  -> device: 0, name: Tesla T4, pci bus id: 0000:00:1e.0, compute capability: 7.5";
  expect(gpuName(line)).toBe("Tesla T4");
});

test("a software adapter is refused by name, whether or not it admits to be one", () => {
  const swiftshader = {
    vendor: "google",
    architecture: "swiftshader",
    device: "swiftshader-device-subzero-",
    description: "SwiftShader driver 5.0.0",
  };
  expect(refusalOfAdapter({ ...swiftshader, fallback: true })).toContain("in software (SwiftShader driver 5.0.0)");
  expect(
    refusalOfAdapter({ vendor: "mesa", architecture: "", device: "llvmpipe (LLVM 15)", description: "" }),
  ).toContain("in software");
  expect(
    refusalOfAdapter({ vendor: "nvidia", architecture: "ampere", device: "NVIDIA A10", description: "driver 550" }),
  ).toBeUndefined();
});

test("no adapter is told with the library that Dawn missed", () => {
  const stderr =
    "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory";
  expect(refusalOfAdapter({ none: true }, stderr)).toBe(
    "no graphics adapter was found (libvulkan.so.1 could not be loaded)",
  );
});
