// The goals of the training library: what recording costs, the default backend's speed, and a replayed step against an eager one.
import type { Goal, Side } from "./goals";
import type { TrainingArguments } from "./variants/training";

const nothing = () => ({ path: "", count: 0 });

function step(title: string, training: TrainingArguments): Side {
  return { title, variant: "trainingStep", arguments: () => ({ path: "", count: 0, training }) };
}

const faster = (ours: number, peer: number): number => peer / ours;
const share = (ours: number, peer: number): number => ours / peer;
/** Losses of the first steps, relative. */
const tolerance = 1e-4;
const node = "@tensorflow/tfjs-node";

const stepsOf: Readonly<Record<number, number>> = { 64: 24, 128: 10 };

function speed(side: number, backend: "cpu" | "node", limits: { readonly gate: number; readonly target: number }): Goal {
  const ours = step("wasm, our kernels, graph", { backend: "wasm", side, step: "replay", fused: true, what: "time", steps: stepsOf[side] ?? 10 });
  const peer = step(`tfjs ${backend}, eager`, { backend, side, step: "eager", bare: true, what: "time", steps: backend === "cpu" ? 1 : (stepsOf[side] ?? 10) });
  return {
    name: "P15", title: `a step of small pix2pix at ${side} pixels without a native package; times faster than tfjs's ${backend} backend`,
    ours, peer, unit: "ms", ratio: faster, better: "more", ...limits, tolerance, ...(backend === "node" && { needs: node }),
  };
}

function replay(backend: "cpu" | "wasm" | "node"): Goal[] {
  const side = 64;
  const sides = (what: "time" | "bytes", steps: number) => ({
    ours: step("replayed", { backend, side, step: "replay", what, steps }),
    peer: step("eager", { backend, side, step: "eager", what, steps }),
    tolerance, ...(backend === "node" && { needs: node }),
  });
  return [
    { name: "P16", title: `a replayed step on ${backend}; times faster than the same step written eagerly`, ...sides("time", backend === "cpu" ? 8 : 24), unit: "ms", ratio: faster, better: "more", gate: 1, target: 1.4 },
    { name: "P16", title: `the most bytes of a replayed step on ${backend}; share of the eager step's`, ...sides("bytes", 4), unit: "MB", ratio: share, better: "less", gate: 0.6, target: 0.3 },
  ];
}

/** Measured on small networks, with losses compared. */
export const trainingGoals: readonly Goal[] = [
  {
    name: "P14", title: "an eager step of 150 kernels while the engine is tapped and nothing recorded; times that without taps",
    ours: { title: "tapped", variant: "tappedStep", arguments: nothing }, peer: { title: "untapped", variant: "untappedStep", arguments: nothing },
    unit: "ms", ratio: share, better: "less", gate: 1.05, target: 1.02,
  },
  {
    name: "P14", title: "noting time and size of every operation of a run, for each; share of what tf.profile adds for each kernel",
    ours: { title: "traced run", variant: "tracedRun", arguments: nothing }, peer: { title: "tf.profile", variant: "profiledStep", arguments: nothing },
    unit: "ms", ratio: share, better: "less", gate: 0.5, target: 0.25,
  },
  speed(64, "cpu", { gate: 60, target: 150 }),
  speed(64, "node", { gate: 1.2, target: 2 }),
  speed(128, "node", { gate: 0.6, target: 1 }),
  ...replay("cpu"), ...replay("wasm"), ...replay("node"),
];
