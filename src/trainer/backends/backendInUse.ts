// What really computes: the backend that was chosen, or the one that the script set in its place.
import * as tf from "@tensorflow/tfjs";
import type { BackendChoice, BackendName } from "#model/run";

/** TensorFlow.js's names of the backends. */
const engineNames: Readonly<Record<BackendName, string>> = { cuda: "tensorflow", node: "tensorflow", webgpu: "webgpu", wasm: "wasm", cpu: "cpu" };

/** The choice as it is, or with what the script made of it by `tf.setBackend` or by importing a package that sets one. */
export function backendInUse(choice: BackendChoice): BackendChoice {
  const engineName = tf.getBackend();
  if (engineName === engineNames[choice.name]) return choice;
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
  const candidates = (Object.keys(engineNames) as BackendName[]).filter((name) => engineNames[name] === engineName && (name !== "cuda" || isUsingGpuDevice));
  return { ...choice, name: candidates[0] ?? choice.name, device: `${engineName}, set by the script` };
}
