// TensorFlow.js's WebAssembly backend: the default where there is no native package, with our kernels for training.
import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { messageOf } from "#base/errors";
import { Refusal } from "./refusal";

/** Loads the backend and answers with the device; throws Refusal where it cannot start. */
export async function loadWasm(): Promise<string> {
  const undo = rememberListeners();
  try {
    const wasm = await import("@tensorflow/tfjs-backend-wasm");
    const folder = await binariesFolder();
    if (folder !== undefined) wasm.setWasmPaths(folder);
    if (!(await tf.setBackend("wasm"))) throw new Error("the backend did not start");
    const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) ? "SIMD" : "no SIMD";
    const threads = wasm.getThreadsCount();
    return `tfjs-backend-wasm ${wasm.version_wasm}, ${simd}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  } catch (error) {
    throw new Refusal(`@tensorflow/tfjs-backend-wasm failed: ${messageOf(error)}`);
  } finally {
    undo();
  }
}

/** The `.wasm` files lie beside the package's main file, or beside our copy of it, wherever its code was bundled to. */
async function binariesFolder(): Promise<string | undefined> {
  // Test runners replace `import.meta`; the package then finds its files itself.
  if (typeof import.meta.resolve !== "function") return undefined;
  const folder = fileURLToPath(new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm")));
  const there = await access(`${folder}tfjs-backend-wasm-simd.wasm`).then(
    () => true,
    () => false,
  );
  return there ? folder : undefined;
}

/** The package makes uncaught errors fatal in its own way; how this process ends is not its business. */
function rememberListeners(): () => void {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = new Map(events.map((event) => [event, new Set(process.rawListeners(event))]));
  return () => {
    for (const event of events) {
      for (const listener of process.rawListeners(event)) {
        if (!before.get(event)?.has(listener)) process.off(event, listener as (...args: unknown[]) => void);
      }
    }
  };
}
