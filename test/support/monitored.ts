// A program for tests of monitored sessions and hooks: a global step that a train operation counts up, in a fresh folder.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach } from "vitest";
import { buildGraph, controlDependencies, endAllTracing, FileWriterCache, getGlobalStepRead, getOrCreateGlobalStep, logging, observeTraining, opOf, resetDefaultGraph, type LogLine } from "#runtime/index";

/** What every test of the file finds; the log is that of the running test. */
export interface MonitoredTests {
  readonly dir: string;
  readonly log: readonly LogLine[];
}

/** A new graph, a new folder and a new log for each test. */
export function useMonitored(): MonitoredTests {
  const state = { dir: "", log: [] as LogLine[] };
  let watching = { dispose: (): void => undefined };
  beforeEach(async () => {
    logging.setVerbosity("silent");
    await tf.setBackend("cpu");
    resetDefaultGraph();
    state.dir = await mkdtemp(join(tmpdir(), "monitored-"));
    state.log.length = 0;
    watching = observeTraining({ logged: (line) => state.log.push(line) });
  });
  afterEach(async () => {
    watching.dispose();
    await FileWriterCache.clear();
    endAllTracing();
    await rm(state.dir, { recursive: true });
  });
  return state;
}

/** Adds the train operation to the default graph, a new one unless told otherwise; its value is the step behind it. */
export function counting({ increment = 1, fresh = true } = {}): { readonly train: tf.Tensor<tf.Rank.R0>; readonly step: tf.Tensor } {
  if (fresh) resetDefaultGraph();
  return buildGraph(() => {
    const step = getOrCreateGlobalStep();
    const read = getGlobalStepRead();
    if (!read) throw new Error("there is no global step to read");
    return { step, train: controlDependencies([opOf(read)], () => step.assignAdd(increment)) };
  });
}
