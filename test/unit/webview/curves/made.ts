// Small values for the tests of the curves view.
import type { CheckpointInfo } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import type { Polyline, Slice, TagInfo } from "#model/scalars";
import type { CurvesRun, CurvesSnapshot } from "#protocol/curvesApi";
import { defaultSettings } from "../../../../webview/curves/settings";
import { initialState, reduce, type CurvesState, type Drawn, type Happening } from "../../../../webview/curves/state";

/** Nothing but what is so at first. */
export const chosen: Drawn["chosen"] = { settings: defaultSettings, range: undefined };

export function line(points: readonly (readonly [number, number])[], breaks: readonly number[] = []): Polyline {
  return { x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y), breaks: Uint32Array.from(breaks) };
}

export function slice(change: Partial<Slice> = {}): Slice {
  const points = [[0, 1], [100, 0.5], [200, 0.25]] as const;
  return {
    tag: "loss", revision: 1, total: 3, inRange: 3, drawn: 3, thinned: false, columns: 100, extent: [0, 200], raw: line(points), band: undefined, smoothed: line(points),
    superseded: line([]), restarts: [], nonFinite: [], nonFiniteCount: 0, spikes: [], usual: undefined, above: 0, below: 0, oneStep: false,
    last: { x: 200, step: 200, value: 0.25, smoothed: 0.3, wallTimeSeconds: 1000 }, ...change,
  };
}

export function tag(name: string, change: Partial<TagInfo> = {}): TagInfo {
  return { tag: name, plugin: "scalars", kind: "scalar", points: 3, superseded: 0, first: { step: 0, value: 1 }, last: { step: 200, value: 0.25 }, ...change };
}

export function run(change: Partial<RunInfo> = {}): RunInfo {
  return { name: "pix2pix-7", dir: "/runs/pix2pix-7", state: "running", tags: 1, checkpoints: 0, bytes: 0, ...change };
}

export function checkpoint(step: number, change: Partial<CheckpointInfo> = {}): CheckpointInfo {
  return {
    prefix: `model-${step}`, step, wallTimeSeconds: 1000 + step, bytes: 48.4e6, listed: true, complete: true, kept: "newest", reason: "Newest: the run resumes from it",
    next: "Goes at the save near step 500, ≈ 14:47", deletedAtSave: 3, fate: { kind: "goes", save: 3, atSeconds: 960 }, ...change,
  };
}

export function curvesRun(name: string, change: Partial<CurvesRun> = {}): CurvesRun {
  return { run: run({ name, dir: `/runs/${name}` }), style: 0, revision: 5, tags: [tag("loss")], checkpoints: [], averages: [], damage: [], ...change };
}

export function snapshot(runs: readonly CurvesRun[] = [curvesRun("a")], settings = ""): CurvesSnapshot {
  return { own: runs[0]?.run.dir ?? "/runs/a", runs, known: runs.length, settings, mayChange: true };
}

export function opened(runs?: readonly CurvesRun[], settings?: object): Happening {
  return { kind: "opened", snapshot: snapshot(runs, settings ? JSON.stringify(settings) : "") };
}

export function after(...happenings: readonly Happening[]): CurvesState {
  return happenings.reduce(reduce, initialState(undefined, 0));
}
