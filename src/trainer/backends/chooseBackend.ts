// Which backend computes: the fastest that can prove itself, with the reason of each that could not.
import * as tf from "@tensorflow/tfjs";
import { messageOf, UserError } from "#base/errors";
import type { BackendChoice, BackendName } from "#model/run";
import { installTrainingKernels } from "#runtime/index";
import { loadCuda, loadNode } from "./nativeBackend";
import { Refusal } from "./refusal";
import { loadWasm } from "./wasmBackend";
import { loadWebgpu } from "./webgpuBackend";

/** Makes a backend the engine's and answers with library, version and device; throws Refusal. */
type Load = (resolveFrom: string) => Promise<string>;

/** The order of choice. */
const candidates: readonly (readonly [BackendName, Load])[] = [
  ["cuda", loadCuda],
  ["webgpu", loadWebgpu],
  ["node", loadNode],
  ["wasm", loadWasm],
  ["cpu", loadCpu],
];

/**
 * Makes the best backend the engine's, ready to train: packages beside the script at `resolveFrom` come before our own.
 * Asked for by name, a backend is used or a UserError says why it cannot be; there is no silent substitute.
 */
export async function chooseBackend(
  asked: BackendName | "auto",
  { resolveFrom }: { readonly resolveFrom: string },
): Promise<BackendChoice> {
  const refused: { name: BackendName; reason: string }[] = [];
  for (const [name, load] of candidates) {
    if (asked !== "auto" && asked !== name) continue;
    try {
      const device = await load(resolveFrom);
      installTrainingKernels();
      return { name, device, refused };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push({ name, reason: error.message });
    }
  }
  const [only] = refused;
  if (asked !== "auto") {
    if (!only)
      throw new UserError(
        `There is no backend ${asked}.`,
        `Choose one of ${candidates.map(([name]) => name).join(", ")}.`,
      );
    throw new UserError(`The backend ${asked} cannot be used: ${only.reason}.`, "Choose another backend, or auto.");
  }
  throw new UserError(`No backend can be used: ${refused.map(({ name, reason }) => `${name}: ${reason}`).join("; ")}.`);
}

async function loadCpu(): Promise<string> {
  try {
    if (!(await tf.setBackend("cpu"))) throw new Error("the backend did not start");
    // Else its first use advertises tfjs-node, which may just have been refused.
    Object.assign(tf.backend(), { firstUse: false });
    return `tfjs-backend-cpu ${tf.version["tfjs-backend-cpu"]}`;
  } catch (error) {
    throw new Refusal(`@tensorflow/tfjs-backend-cpu failed: ${messageOf(error)}`);
  }
}
