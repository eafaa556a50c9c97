// States of the variables a little while ago, kept in memory: where a search for a broken value can start.
import * as tf from "@tensorflow/tfjs-core";
import type { Step } from "#model/run";
import { onGpu } from "../graph/engine";
import { randomState } from "../graph/randomOps";
import type { Session } from "../graph/session";
import type { KeptVariables } from "../graph/variableValues";

/** The variables and random counters of one moment. */
export interface KeptState {
  readonly step: Step | undefined;
  readonly variables: KeptVariables;
  readonly random: Readonly<Record<string, number>>;
}

/** The older of two is from before a value broke even where the newer was kept while it did. */
const generations = 2;
/** Larger models are left alone: a kept state holds on to as many bytes as the variables have. */
const maxBytes = 256 * 1024 * 1024;

const statesOf = new WeakMap<Session, KeptState[]>();

/** Newest first. */
export function recentStates(session: Session): readonly KeptState[] {
  return statesOf.get(session) ?? [];
}

/** Keeps the state of this moment in place of the oldest. Does nothing for large models, nor on a GPU, whose memory is dear. */
export function keepRecentState(session: Session, step: Step | undefined): void {
  if (onGpu()) return;
  const state = keptState(session, step);
  if (bytesOf(state) > maxBytes) return state.variables.dispose();
  let states = statesOf.get(session);
  if (!states) {
    states = [];
    statesOf.set(session, states);
    session.onClose(() => statesOf.get(session)?.forEach(({ variables }) => variables.dispose()));
  }
  states.unshift(state);
  for (const old of states.splice(generations)) old.variables.dispose();
}

/** The state of this moment; the caller disposes of its variables. */
export function keptState(session: Session, step: Step | undefined): KeptState {
  return { step, variables: session.keepVariables(), random: randomState(session) };
}

function bytesOf({ variables }: KeptState): number {
  let bytes = 0;
  for (const value of variables.values.values()) {
    if (value instanceof tf.Tensor) bytes += value.size * tf.util.bytesPerElement(value.dtype);
  }
  return bytes;
}
