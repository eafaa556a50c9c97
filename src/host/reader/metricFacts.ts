// A metric at each checkpoint's step, out of the run's event files, and the saves that those tell of.
import { basename } from "node:path";
import type { FoundCheckpoint, MetricFacts } from "#analysis/checkpoints/facts";
import { defaultMetric, lowerIsBetter, metricSmoothing } from "#analysis/checkpoints/metric";
import { PixelColumns } from "#analysis/series/pixelColumns";
import type { ScalarSeries } from "#analysis/series/scalarSeries";
import type { SeriesView } from "#analysis/series/seriesView";
import { thin } from "#analysis/series/thin";
import type { MetricAt, MetricCurve, PastSave } from "#model/checkpointOutlook";
import type { RecordedSave } from "#model/run";
import { scopePrefix } from "#model/scopedName";
import type { MetricWish } from "#protocol/readerApi";
import type { RunEvents } from "./runEvents";
import { noSources } from "./tagSeries";

/** The metric at the step of each checkpoint that has one. Undefined where the run has no scalars. */
export function metricFacts(events: RunEvents, found: readonly FoundCheckpoint[], wish: MetricWish): MetricFacts | undefined {
  const tags = events.scalarTags();
  const tag = wish.tag !== undefined && tags.includes(wish.tag) ? wish.tag : defaultMetric(tags);
  const series = tag === undefined ? undefined : events.tag(tag);
  if (tag === undefined || !series) return undefined;
  const smoothing = { weight: metricSmoothing, timed: false, bridge: false };
  const smoothed = series.view({ axis: { kind: "step" }, smoothing }, noSources).smoothed.values;
  const values = new Map<string, MetricAt>();
  for (const { prefix, step, wallTimeSeconds } of found) {
    const at = step === undefined ? undefined : indexAt(series.series, { step, wallTimeSeconds });
    if (at !== undefined) values.set(prefix, { raw: series.series.values[at] ?? NaN, smoothed: smoothed[at] ?? NaN });
  }
  return { tag, tags, smoothing: metricSmoothing, lower: wish.lower ?? lowerIsBetter(tag), values, curve: curveOf(series.view({ axis: { kind: "wall" }, smoothing }, noSources)) };
}

/**
 * The last point at or before a step. Where a restart went over the same steps again, the one that was recorded last before the
 * checkpoint was written; times of a copied folder fit all of them, then the last one stands.
 */
function indexAt({ steps, wallTimeSeconds: times, segments }: ScalarSeries, saved: { readonly step: number; readonly wallTimeSeconds: number }): number | undefined {
  let best: number | undefined;
  for (const { from, to } of segments) {
    const index = lastAtMost(steps, saved.step, { from, to });
    if (index === undefined) continue;
    const inTime = (times[index] ?? 0) <= saved.wallTimeSeconds + clockSlackSeconds;
    if (best === undefined || (inTime && (steps[index] ?? 0) >= (steps[best] ?? 0))) best = index;
  }
  return best;
}

/** Columns of the curve: more than any strip has pixels. */
const curveColumns = 1000;

/** What stands of a series, thinned over time: of each column first, least, greatest and last by the average. */
function curveOf(view: SeriesView): MetricCurve {
  const { x, segments, recorded, smoothed, gaps: nonFinite, wallTimeSeconds } = view;
  const standing = segments.filter(({ from, standing: to }) => to > from);
  const columns = new PixelColumns({
    left: Math.min(...standing.map(({ from }) => x[from] ?? 0)), right: Math.max(...standing.map(({ standing: to }) => x[to - 1] ?? 0)), pixels: curveColumns,
  });
  const indices: number[] = [];
  const breaks: number[] = [];
  for (const { from, standing: to } of standing) {
    if (indices.length > 0) breaks.push(indices.length);
    indices.push(...thin({ x, pyramid: smoothed, nonFinite, range: { from, to }, columns }).indices);
  }
  const take = (column: Float64Array): Float64Array => Float64Array.from(indices, (index) => column[index] ?? NaN);
  return { wallTimeSeconds: take(wallTimeSeconds), raw: take(recorded), smoothed: take(smoothed.values), breaks: Uint32Array.from(breaks) };
}

/** Event and checkpoint of one step are written by two hands of one process. */
const clockSlackSeconds = 2;

/** Steps within the range never fall. */
function lastAtMost(steps: Float64Array, step: number, { from, to }: { readonly from: number; readonly to: number }): number | undefined {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  return low > from ? low - 1 : undefined;
}

/** All saves that are told of, oldest first: by event files, by run.json, by what is there. Paths are taken by their names. */
export function allSaves(found: readonly FoundCheckpoint[], events: RunEvents | undefined, recorded: readonly RecordedSave[] = []): PastSave[] {
  const saves = new Map<string, PastSave>();
  const folder = scopePrefix(found[0]?.prefix ?? "");
  for (const { path, step, wallTimeSeconds } of events?.saves ?? []) {
    // A Supervisor logs the path without its step where it was asked for with one.
    const name = basename(path);
    const prefix = `${folder}${name.endsWith(`-${step}`) ? name : `${name}-${step}`}`;
    saves.set(prefix, { prefix, step, seconds: wallTimeSeconds });
  }
  for (const { prefix, step, seconds } of recorded) saves.set(prefix, { prefix, ...(step !== undefined && { step }), seconds });
  for (const { prefix, step, wallTimeSeconds } of found) saves.set(prefix, { prefix, ...(step !== undefined && { step }), seconds: wallTimeSeconds });
  return [...saves.values()].sort((one, other) => one.seconds - other.seconds);
}
