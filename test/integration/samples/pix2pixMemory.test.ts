// pix2pix leaves nothing behind: what the engine and the backend hold is the same before every run, with summaries, pictures and saves between them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beginTracing, endTracing, resetDefaultGraph, Session } from "trainscope";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { makeDigits } from "../../../scripts/digits.mjs";
import pix2pix from "../../../samples/pix2pix/pix2pix";

/** TRAINSCOPE_STEPS=1000 for a long look. */
const steps = Number(process.env["TRAINSCOPE_STEPS"] ?? 22);
/** By then every kind of run has been made once. */
const settled = 10;

let folder: string;
beforeAll(async () => {
  await makeDigits();
  folder = await mkdtemp(join(tmpdir(), "memory-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

test.each(["wasm", "cpu"] as const)("on %s tensors, bytes and the backend's buffers are the same before each run", async (backend) => {
  await chooseBackend(backend, { resolveFrom: import.meta.filename });
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  resetDefaultGraph();
  const held: string[] = [];
  // Each step is a run; what the one before it fetched has been let go by then.
  const run = Session.prototype.run;
  vi.spyOn(Session.prototype, "run").mockImplementation(function (this: Session, ...asked) {
    const { numTensors, numBytes } = tf.memory();
    held.push(`${numTensors} tensors, ${numBytes} bytes, ${tf.backend().numDataIds()} buffers`);
    return run.apply(this, asked);
  });
  beginTracing();
  try {
    const freqs = "--summary_freq 5 --scalar_freq 2 --display_freq 5 --save_freq 10 --trace_freq 10 --progress_freq 4";
    const args = `--size 32 --ngf 2 --ndf 2 --seed 7 --max_steps ${steps} ${freqs}`;
    await pix2pix({ args: args.split(" "), logdir: join(folder, backend), progress: {} });
  } finally {
    endTracing();
  }
  expect(held.length).toBeGreaterThanOrEqual(steps);
  expect([...new Set(held.slice(settled))]).toEqual([held[settled]]);
}, 120_000 + steps * 1000);
