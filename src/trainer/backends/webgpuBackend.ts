// TensorFlow.js on WebGPU through Dawn, from npm's `webgpu`: only on a real graphics card, proven in a throw-away process.
import { pathToFileURL } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { messageOf } from "#base/errors";
import { sentenceForDeath } from "./nativeFailure";
import { probe } from "./probe";
import { Refusal } from "./refusal";
import { resolvePackage } from "./resolvePackage";

const limitMs = 60_000;

const probeSource = `
(async () => {
  const { create, globals } = await import(args[0]);
  Object.assign(globalThis, globals);
  const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return answer({ none: true });
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const opened = await adapter.requestDevice();
  answer({ vendor, architecture, device, description, fallback: isFallbackAdapter === true || adapter.isFallbackAdapter === true, opened: Boolean(opened) });
})().catch((error) => answer({ error: String((error && error.message) || error) }));
`;

/** What a graphics adapter says of itself. */
export interface AdapterProof {
  readonly none?: boolean;
  readonly error?: string;
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly fallback?: boolean;
}

/** Loads Dawn and the webgpu backend and answers with the device; throws Refusal without a real graphics card. */
export async function loadWebgpu(resolveFrom: string): Promise<string> {
  const backend = resolvePackage("@tensorflow/tfjs-backend-webgpu", resolveFrom);
  const dawn = resolvePackage("webgpu", resolveFrom);
  const outcome = await probe(probeSource, { args: [pathToFileURL(dawn.main).href], limitMs });
  if (outcome.kind !== "answered") throw new Refusal(sentenceForDeath(outcome, dawn.name));
  const proof = outcome.answer as AdapterProof;
  const refused = refusalOfAdapter(proof, outcome.stderr);
  if (refused) throw new Refusal(refused);
  try {
    await provideGpu(pathToFileURL(dawn.main).href);
    await import(pathToFileURL(backend.main).href);
    if (!(await tf.setBackend("webgpu"))) throw new Error("the backend did not start");
    failOnDeviceErrors();
  } catch (error) {
    throw new Refusal(`@tensorflow/tfjs-backend-webgpu failed: ${messageOf(error)}`);
  }
  return `tfjs-backend-webgpu ${backend.version}, Dawn ${dawn.version}, ${adapterName(proof)}`;
}

/** Why an adapter will not do; nothing if it will. A software adapter is slower than the wasm backend. */
export function refusalOfAdapter(proof: AdapterProof, stderr = ""): string | undefined {
  if (proof.error !== undefined) return `the package webgpu failed: ${proof.error}`;
  if (proof.none) {
    const library = /Couldn't load Vulkan: (\S+?):/.exec(stderr)?.[1];
    return `no graphics adapter was found${library ? ` (${library} could not be loaded)` : ""}`;
  }
  const words = `${proof.vendor} ${proof.architecture} ${proof.device} ${proof.description}`;
  if (proof.fallback || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(words)) {
    return `the only graphics adapter computes in software (${adapterName(proof)})`;
  }
  return undefined;
}

function adapterName({ description, device, vendor }: AdapterProof): string {
  return [description, device, vendor].find((words) => words) ?? "unnamed adapter";
}

/** What the device refuses, for want of memory or beyond its limits, nobody is told of: results would be wrong without a word. */
function failOnDeviceErrors(): void {
  const { device } = tf.backend() as unknown as { device: EventTarget };
  let refused = false;
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    // What follows from the first is refused as well.
    if (refused) return;
    refused = true;
    const { error } = event as Event & { readonly error: { readonly message: string } };
    throw new Error(`The graphics card refused what was asked of it: ${error.message.split("\n")[0] ?? ""}`);
  });
}

/** The backend looks for `navigator.gpu`, which Node does not have. */
async function provideGpu(dawn: string): Promise<void> {
  const { create, globals } = (await import(dawn)) as { create(flags: readonly string[]): unknown; globals: object };
  Object.assign(globalThis, globals);
  const gpu = { value: create([]), configurable: true };
  const { navigator } = globalThis as { navigator?: object };
  if (navigator) Object.defineProperty(navigator, "gpu", gpu);
  else
    Object.defineProperty(globalThis, "navigator", {
      value: Object.defineProperty({}, "gpu", gpu),
      configurable: true,
    });
}
