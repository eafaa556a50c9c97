// Invented but plausible curves of a pix2pix run, sliced as the reader would.
import type { CheckpointInfo } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import { fakeValues } from "./fakeMetric";
import type { Polyline, Slice, SliceRequest, TagInfo } from "#model/scalars";

/** Numbers that look random and are the same each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface FakeSeries {
  readonly tag: string;
  readonly steps: number[];
  readonly values: number[];
  readonly restartAt?: number;
  readonly superseded?: { readonly from: number; readonly to: number };
}

/** A noisy curve that falls or rises from `from` to `to` with a spike. */
export function fakeSeries(tag: string, shape: { from: number; to: number; noise: number; points: number; every: number; nan?: number; restart?: number }): FakeSeries {
  const random = seeded([...tag].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7));
  const steps: number[] = [];
  const values: number[] = [];
  let drift = 0;
  for (let index = 0; index < shape.points; index++) {
    const share = index / shape.points;
    drift = drift * 0.995 + (random() - 0.5) * shape.noise * 0.1;
    const base = shape.to + (shape.from - shape.to) * Math.exp(-share * 5);
    const spike = Math.abs(share - 0.73) < 0.01 ? shape.noise * 2 : 0;
    const noise = (random() + random() + random() - 1.5) * shape.noise;
    steps.push(index * shape.every);
    values.push(shape.nan !== undefined && (index === shape.nan || index === shape.nan + 1) ? NaN : Math.max(0.001, base + drift + spike + noise));
  }
  const restartAt = shape.restart;
  return { tag, steps, values, restartAt, superseded: restartAt === undefined ? undefined : { from: restartAt, to: restartAt + 1500 } };
}

const line = (points: readonly (readonly [number, number])[], breaks: readonly number[] = []): Polyline => ({
  x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y), breaks: Uint32Array.from(breaks),
});

/** What the reader would answer: smoothed over all points, then cut and thinned to four points a pixel. */
export function fakeSlice(series: FakeSeries, request: SliceRequest, revision: number): Slice {
  const { steps, values } = series;
  const from = request.from ?? steps[0] ?? 0;
  const to = request.to ?? steps.at(-1) ?? 0;
  const raw: [number, number][] = [];
  const smoothed: [number, number][] = [];
  const breaks: number[] = [];
  const bad: { step: number; value: number }[] = [];
  let average = 0;
  let weight = 0;
  let gap = false;
  for (const [index, step] of steps.entries()) {
    const value = values[index] ?? NaN;
    if (step === series.restartAt) average = weight = 0;
    if (!Number.isFinite(value)) {
      bad.push({ step, value });
      gap = true;
      continue;
    }
    average = average * request.smoothing + (1 - request.smoothing) * value;
    weight = weight * request.smoothing + (1 - request.smoothing);
    if (step < from || step > to) continue;
    if (gap || step === series.restartAt) breaks.push(raw.length);
    gap = false;
    raw.push([step, value]);
    smoothed.push([step, average / weight]);
  }
  const thinned = raw.length > request.pixels * 4;
  const last = steps.length - 1;
  const tail = smoothed.filter(([step]) => series.superseded && step >= series.superseded.from && step <= series.superseded.to);
  return {
    tag: series.tag, revision, total: steps.length, inRange: raw.length, drawn: thinned ? request.pixels * 2 : raw.length, thinned,
    extent: steps.length ? [steps[0] ?? 0, steps[last] ?? 0] : undefined,
    raw: thinned ? thin(raw, request.pixels) : line(raw, breaks), smoothed: thinned ? line(smoothed.filter((_, index) => index % Math.ceil(smoothed.length / request.pixels) === 0 || index === smoothed.length - 1)) : line(smoothed, breaks),
    superseded: line(tail.map(([x, y], index) => [x, y * (1.08 + 0.04 * Math.sin(index / 9))] as const)),
    restarts: series.restartAt === undefined ? [] : [series.restartAt], nonFinite: bad.slice(0, 5), nonFiniteCount: bad.length,
    last: last < 0 ? undefined : { step: steps[last] ?? 0, value: values[last] ?? 0, smoothed: average / weight, wallTimeSeconds: Date.now() / 1000 - 2 },
  };
}

function thin(points: readonly (readonly [number, number])[], pixels: number): Polyline {
  const size = Math.ceil(points.length / pixels);
  const kept: (readonly [number, number])[] = [];
  for (let start = 0; start < points.length; start += size) {
    const part = points.slice(start, start + size);
    const low = part.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = part.reduce((a, b) => (b[1] > a[1] ? b : a));
    kept.push(...[low, high].sort((a, b) => a[0] - b[0]));
  }
  return line(kept);
}

export function fakeTag(series: FakeSeries): TagInfo {
  const { tag, steps, values } = series;
  const at = (index: number) => ({ step: steps.at(index) ?? 0, value: values.at(index) ?? 0 });
  return { tag, plugin: "scalars", kind: "scalar", points: steps.length, superseded: 0, first: at(0), last: at(-1) };
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
