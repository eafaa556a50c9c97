// The global step that hooks read, or an error that says which hook needs one (MT-6).
import type * as tf from "@tensorflow/tfjs-core";
import type { Session } from "../../graph/session";
import { getGlobalStepRead } from "../globalStep";

/** A read of the default graph's global step, shared by all hooks of the graph. */
export function stepReadFor(hook: string): tf.Tensor<tf.Rank.R0> {
  const read = getGlobalStepRead();
  if (!read) throw new Error(`Global step should be created to use ${hook}.`);
  return read;
}

/** The global step as it is now, which no hook sees. */
export async function currentStep(session: Session, read: tf.Tensor<tf.Rank.R0>): Promise<number> {
  return Number(await session.run(read));
}
