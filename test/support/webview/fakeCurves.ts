// Invented but plausible curves, runs and checkpoints of a pix2pix training.
import { TagSeries } from "#host/reader/tagSeries";
import type { CheckpointInfo } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import { fakeValues } from "./fakeMetric";

/** Numbers that look random and are the same each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a made-up curve looks like. */
export interface Shape {
  readonly from: number;
  readonly to: number;
  readonly noise: number;
  readonly points: number;
  readonly every: number;
  /** Index of two values that are no numbers. */
  readonly nan?: number;
  /** Step that the run was restored to after it had gone on for a while. */
  readonly restart?: number;
  /** Share of the curve at which it rises for a while. */
  readonly spike?: number;
  readonly seed?: number;
}

/** A noisy curve that falls or rises from `from` to `to`, as a reader holds it. */
export function fakeSeries(tag: string, shape: Shape, startSeconds: number): TagSeries {
  const random = seeded([...tag].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7 + (shape.seed ?? 0)));
  const series = new TagSeries({ plugin: "scalars", kind: "scalar", inFiles: true });
  let drift = 0;
  const add = (index: number, offset: number): void => {
    const share = index / shape.points;
    drift = drift * 0.995 + (random() - 0.5) * shape.noise * 0.1;
    const base = shape.to + (shape.from - shape.to) * Math.exp(-share * 5);
    const since = share - (shape.spike ?? 2);
    const spike = since >= 0 && since < 0.04 ? shape.noise * 6 * Math.exp(-since * 60) : 0;
    const noise = (random() + random() + random() - 1.5) * shape.noise;
    const bad = shape.nan !== undefined && (index === shape.nan || index === shape.nan + 1);
    const value = bad ? NaN : Math.max(0.001, base + offset + drift + spike + noise);
    series.addFromFile({ step: index * shape.every, value, wallTimeSeconds: startSeconds + index * shape.every * 0.06 });
  };
  const restart = shape.restart === undefined ? undefined : Math.floor(shape.restart / shape.every);
  for (let index = 0; index < (restart === undefined ? shape.points : restart + Math.floor(shape.points / 8)); index++) add(index, restart !== undefined && index > restart ? shape.noise * 0.4 : 0);
  if (restart !== undefined) for (let index = restart; index < shape.points; index++) add(index, 0);
  series.settle();
  return series;
}

export function fakeRun(change: Partial<RunInfo> = {}): RunInfo {
  return {
    name: "pix2pix-7", dir: "/home/ada/facades/runs/pix2pix-7", state: "running", lastStep: 12_400, lastWallTimeSeconds: Date.now() / 1000 - 3, tags: 5,
    checkpoints: 9, bytes: 903e6, backend: "wasm", progress: { step: 12_400, of: 16_000, stepsPerSecond: 16.5, secondsLeft: 2280, loss: { tag: "generator_loss_L1", value: 0.421 } },
    ...change,
  };
}

/** Checkpoints of each kind, newest first, with the sentences that the host writes. */
export function fakeCheckpoints(nowSeconds: number): readonly CheckpointInfo[] {
  const minutes = (ago: number): number => nowSeconds - ago * 60;
  const newest = [12_000, 11_500, 11_000, 10_500, 10_000, 9_500, 9_000].map((step, index): CheckpointInfo => ({
    prefix: `model-${step}`, step, wallTimeSeconds: minutes(4 + 5 * index), bytes: 48.4e6, listed: true, complete: true, kept: "newest",
    reason: index === 0 ? "Newest: the run resumes from it" : index === 6 ? "Oldest of the newest 7" : `One of the newest 7 (${index + 1}${index === 1 ? "nd" : index === 2 ? "rd" : "th"})`,
    next: index === 1 ? "Becomes the hour mark of 14:06 at step 15,000" : `Goes at the save near step ${(15_500 - index * 500).toLocaleString("en")}, ≈ 14:${47 - 5 * index}`,
    deletedAtSave: 7 - index, place: index + 1,
    fate: index === 1 ? { kind: "becomesHourMark", save: 6, atSeconds: 1560, step: 15_000, markSeconds: minutes(10) } : { kind: "goes", save: 7 - index, atSeconds: 60 + 300 * (6 - index), step: 15_500 - index * 500 },
  }));
  const rest: readonly CheckpointInfo[] = [
    { prefix: "model-8740", step: 8740, wallTimeSeconds: minutes(42), bytes: 31.5e6, listed: false, complete: false, kept: "unmanaged", reason: "Incomplete: cut short at 13:33, no index file", next: "Cannot be restored; nothing deletes it", fate: { kind: "stays", until: "never" } },
    { prefix: "model-8500", step: 8500, wallTimeSeconds: minutes(47), bytes: 48.4e6, listed: false, complete: true, kept: "unmanaged", reason: "Not managed: saved before the restart at 13:36", next: "Stays until you manage it or move it to trash", fate: { kind: "stays", until: "managed" } },
    { prefix: "model-8000", step: 8000, wallTimeSeconds: minutes(57), bytes: 48.4e6, listed: false, complete: true, kept: "protected", reason: "Protected by you: “before the edit”", next: "Stays until you unprotect it", note: "before the edit", fate: { kind: "stays", until: "unprotected" } },
    { prefix: "model-7750", step: 7750, wallTimeSeconds: minutes(62), bytes: 48.4e6, listed: false, complete: true, kept: "unmanaged", reason: "Not managed: saved before the restart at 13:36", next: "Stays until you manage it or move it to trash", fate: { kind: "stays", until: "managed" } },
    ...[6000, 4500, 3000, 1500].map((step, index): CheckpointInfo => ({
      prefix: `model-${step}`, step, wallTimeSeconds: minutes(97 + 30 * index), bytes: 48.4e6, listed: false, complete: true, kept: "hourMark",
      reason: `Hour mark: first save after ${12 - Math.floor(index / 2)}:${index % 2 ? "08" : "38"}`, next: "Stays for good; no longer in the state file", fate: { kind: "stays", until: "forGood" },
    })),
  ];
  return [...newest, ...rest].map((one) => {
    const [smoothed, raw] = fakeValues[one.complete ? (one.step ?? 0) : 0] ?? [];
    return smoothed === undefined || raw === undefined ? one : { ...one, metric: { smoothed, raw }, ...(one.step === 10_500 && { best: true }) };
  });
}
