// Trying one backend: loads it as a training would, and times one multiplication.
import * as tf from "@tensorflow/tfjs";
import { messageOf } from "#base/errors";
import type { BackendProbe, BackendProbeRequest } from "#protocol/backendProbe";
import { chooseBackend } from "./backends/chooseBackend";

const edge = 512;

/** Prints one line with the answer. */
export async function probeBackend({ backend, resolveFrom }: BackendProbeRequest): Promise<void> {
  process.stdout.write(`\n${JSON.stringify(await answer(backend, resolveFrom))}\n`);
}

async function answer(backend: BackendProbe["backend"], resolveFrom: string): Promise<BackendProbe> {
  try {
    const { device } = await chooseBackend(backend, { resolveFrom });
    await multiply();
    const started = performance.now();
    await multiply();
    return { backend, device, milliseconds: Math.round((performance.now() - started) * 100) / 100 };
  } catch (error) {
    return { backend, reason: withoutSentence(backend, messageOf(error)) };
  }
}

/** A refusal names the backend; in a table of backends the reason alone is enough. */
function withoutSentence(backend: string, message: string): string {
  return message.replace(`The backend ${backend} cannot be used: `, "").replace(/\.$/, "");
}

async function multiply(): Promise<void> {
  const [a, b] = [tf.fill([edge, edge], 0.5), tf.fill([edge, edge], 2)];
  const product = tf.matMul(a, b);
  await product.data();
  tf.dispose([a, b, product]);
}
