// TensorFlow.js on TensorFlow's own library, for CUDA and for the CPU: proven in a throw-away process, then loaded here.
import { createRequire } from "node:module";
import type * as util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { messageOf } from "#base/errors";
import { gpuName, sentenceForDeath, sentenceForError, sentenceForMissingGpu, type NativeError } from "./nativeFailure";
import { probe } from "./probe";
import { Refusal } from "./refusal";
import { resolvePackage, type FoundPackage } from "./resolvePackage";

/** A GPU's first load may compile its kernels. */
const limitMs = { cuda: 120_000, node: 60_000 };

const probeSource = `
try {
  const tf = require(args[0]);
  const backend = tf.backend();
  const product = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()[3];
  const tensorflow = backend.binding && backend.binding.TF_Version;
  answer({ name: tf.getBackend(), product, gpu: backend.isUsingGpuDevice === true, tensorflow });
} catch (error) {
  answer({ error: { code: error && error.code, message: String((error && error.message) || error) } });
}
`;

interface Proof {
  readonly name?: string;
  readonly product?: number;
  readonly gpu?: boolean;
  readonly tensorflow?: string;
  readonly error?: NativeError;
}

/** Loads @tensorflow/tfjs-node-gpu and answers with the device; throws Refusal unless TensorFlow really uses a GPU. */
export async function loadCuda(resolveFrom: string): Promise<string> {
  const found = resolvePackage("@tensorflow/tfjs-node-gpu", resolveFrom);
  // TensorFlow names the device, or the library it misses, only at this log level.
  const { proof, stderr } = await prove(found, { limitMs: limitMs.cuda, env: { TF_CPP_MIN_LOG_LEVEL: "0" } });
  if (proof.gpu !== true) throw new Refusal(sentenceForMissingGpu(stderr));
  await loadHere(found);
  return describe(found, { proof, device: gpuName(stderr) ?? "GPU" });
}

/** Loads @tensorflow/tfjs-node and answers with the device; throws Refusal where it cannot compute. */
export async function loadNode(resolveFrom: string): Promise<string> {
  const found = resolvePackage("@tensorflow/tfjs-node", resolveFrom);
  const { proof } = await prove(found, { limitMs: limitMs.node });
  await loadHere(found);
  return describe(found, { proof, device: "CPU" });
}

function describe({ name, version }: FoundPackage, { proof, device }: { proof: Proof; device: string }): string {
  const library = proof.tensorflow === undefined ? "" : `TensorFlow ${proof.tensorflow}, `;
  return `${name.replace("@tensorflow/", "")} ${version}, ${library}${device}`;
}

async function prove(
  found: FoundPackage,
  options: { limitMs: number; env?: NodeJS.ProcessEnv },
): Promise<{ proof: Proof; stderr: string }> {
  const outcome = await probe(probeSource, { args: [found.main], ...options });
  if (outcome.kind !== "answered") throw new Refusal(sentenceForDeath(outcome, found.name));
  const proof = outcome.answer as Proof;
  if (proof.error) throw new Refusal(sentenceForError(proof.error, found.name));
  if (proof.name !== "tensorflow" || proof.product !== 3)
    throw new Refusal(`${found.name} loads, but computes wrongly`);
  return { proof, stderr: outcome.stderr };
}

/** What worked a moment ago in the child is done here; should it fail all the same, that is a refusal too. */
async function loadHere(found: FoundPackage): Promise<void> {
  restoreUtil();
  const warn = console.warn;
  // Two copies of TensorFlow.js say of each kernel that it is registered already: hundreds of lines that mean nothing.
  console.warn = (...words: unknown[]) => {
    if (!/already registered/.test(String(words[0]))) warn(...words);
  };
  try {
    createRequire(import.meta.url)(found.main);
    if (!(await tf.setBackend("tensorflow"))) throw new Error("the backend was not registered");
  } catch (error) {
    throw new Refusal(sentenceForError({ message: messageOf(error) }, found.name));
  } finally {
    console.warn = warn;
  }
}

/** Node 23 dropped `util.isNullOrUndefined`; tfjs-node 4.22.0 looks it up on the module object at each call. */
function restoreUtil(): void {
  const module = createRequire(import.meta.url)("node:util") as typeof util & {
    isNullOrUndefined?: (value: unknown) => boolean;
  };
  module.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
