// Every sentence of the curves view: the run's state, what is drawn, what is not, and what a point or a tick is.
import type { CheckpointInfo } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import type { Slice } from "#model/scalars";
import { markOf, markWord } from "#kit/marks";
import type { Numbers } from "#kit/numbers";
import type { Reading } from "./lines";

/** Without an event for this long a running run counts as stale. */
const staleSeconds = 300;

/** Seconds since the last event of a running run, once that is long enough to be worth a word. */
export function staleFor(run: RunInfo, nowSeconds: number): number | undefined {
  if (run.state !== "running" || run.lastWallTimeSeconds === undefined) return undefined;
  const seconds = nowSeconds - run.lastWallTimeSeconds;
  return seconds >= staleSeconds ? seconds : undefined;
}

/** The run in the legend, `drawnStep` being the last one in the picture: `live · step 12,400 · 16.5 steps/s`. */
export function runWords(run: RunInfo, numbers: Numbers, drawnStep = -Infinity): string {
  const known = run.progress?.step ?? run.end?.step ?? run.lastStep;
  // Points come faster than news of the run; the line must not end beyond the step that is named.
  const step = run.state === "running" && drawnStep > (known ?? -Infinity) ? drawnStep : known;
  const speed = run.progress?.stepsPerSecond;
  const left = run.progress?.secondsLeft;
  return [
    run.state === "running" ? "live" : run.state === "foreign" ? "written elsewhere" : run.state,
    step === undefined ? undefined : `step ${numbers.count(step)}`,
    run.state === "running" && speed !== undefined ? `${numbers.value(speed)} steps/s` : undefined,
    run.state === "running" && left !== undefined ? `${numbers.timeLeft(left)} left` : undefined,
  ].filter(Boolean).join(" · ");
}

/** The left footnote: how much of the data is drawn, and how. */
export function drawnWords(slice: Slice, numbers: Numbers): string {
  const { drawn, inRange, thinned } = slice;
  if (inRange === 0) return slice.total === 0 ? "no points yet" : "no points in this range";
  if (!thinned) return inRange === 1 ? "the one point drawn" : `all ${numbers.count(inRange)} points drawn`;
  return `${numbers.count(Math.min(drawn, inRange))} of ${numbers.count(inRange)} points drawn · band = min–max`;
}

/** The right footnote: what has no place in the picture. */
export function notDrawnWords(slice: Slice, numbers: Numbers): string | undefined {
  const { nonFinite, nonFiniteCount } = slice;
  if (nonFiniteCount === 0) return undefined;
  const first = nonFinite.slice(0, 2);
  const kinds = [...new Set(first.map(({ value }) => numbers.value(value)))].join(", ");
  const steps = first.map(({ step }) => numbers.count(step)).join(" and ");
  const more = nonFiniteCount - first.length;
  if (first.length === 0) return `${numbers.count(nonFiniteCount)} not finite`;
  return `${kinds} at ${steps}${more > 0 ? ` and ${numbers.count(more)} more` : ""}`;
}

/** A raw reading: one value, or what lies between least and greatest. */
export function rawWords({ raw, rawRange }: Reading, numbers: Numbers): string {
  if (raw !== undefined) return `raw ${numbers.value(raw)}`;
  return rawRange ? `raw ${numbers.value(rawRange[0])} – ${numbers.value(rawRange[1])}` : "";
}

/** A point in one sentence, for the line below a card under the keys. */
export function pointWords(run: RunInfo, reading: Reading, { near, numbers }: { near?: CheckpointInfo; numbers: Numbers }): string {
  const last = run.progress?.step ?? run.lastStep;
  const place = `${run.name}, step ${numbers.count(reading.step)}${last === undefined ? "" : ` of ${numbers.count(last)}`}.`;
  const raw = rawWords(reading, numbers);
  const values = `Smoothed ${numbers.value(reading.smoothed)}${raw ? `, ${raw}` : ""}.`;
  return [place, values, near ? `Nearest checkpoint: ${checkpointWords(near, numbers)}.` : ""].filter(Boolean).join(" ");
}

/** A checkpoint's name and what it is: `step 9,000, hour mark`. */
export function checkpointWords(checkpoint: CheckpointInfo, numbers: Numbers): string {
  return `${checkpointName(checkpoint, numbers)}, ${markWord(markOf(checkpoint))}`;
}

/** `step 9,000`, or the file's name where no step is known. */
export function checkpointName({ step, prefix }: CheckpointInfo, numbers: Numbers): string {
  return step === undefined ? prefix : `step ${numbers.count(step)}`;
}

/** The figure in words, for those who do not see it. */
export function figureWords(tag: string, slice: Slice | undefined, numbers: Numbers): string {
  if (!slice?.last || !slice.extent) return `${tag}, no points yet`;
  const { last, extent } = slice;
  return `${tag}, line chart, step ${numbers.count(extent[0])} to ${numbers.count(extent[1])}, last smoothed value ${numbers.value(last.smoothed)}, raw ${numbers.value(last.value)}. Arrow keys walk the points, T shows the data as a table.`;
}
