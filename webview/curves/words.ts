// Every sentence of the curves view: a run's state, what is drawn, what is not, and what a point or a tick is.
import type { CheckpointInfo } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import type { AxisKind, CurvePoint, Slice } from "#model/scalars";
import type { Damage } from "#protocol/readerApi";
import { markOf, markWord } from "#kit/marks";
import type { Numbers } from "#kit/numbers";
import type { Box } from "./keyBox";
import type { Reading } from "./lines";
import { axisWord, placeText } from "./places";

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
  // Points come faster than news of the run; the line must not end beyond the step that is named. A run of others may grow too.
  const step = (run.state === "running" || run.state === "foreign") && drawnStep > (known ?? -Infinity) ? drawnStep : known;
  const speed = run.progress?.stepsPerSecond;
  const left = run.progress?.secondsLeft;
  return [
    run.state === "running" ? "live" : run.state === "foreign" ? "written elsewhere" : run.state,
    step === undefined ? undefined : `step ${numbers.count(step)}`,
    run.state === "running" && speed !== undefined ? `${numbers.value(speed)} steps/s` : undefined,
    run.state === "running" && left !== undefined ? `${numbers.timeLeft(left)} left` : undefined,
  ].filter(Boolean).join(" · ");
}

/** Of a run's folder that was there before. */
export function goneWords(dir: string): string {
  return `${dir.split(/[\\/]/).at(-1) ?? dir} is not there any more`;
}

/** The left footnote: how much of the data is drawn, and how. `rawHidden`: so many runs that raw values are not drawn. `logX`: all of a logarithmic axis is shown. */
export function drawnWords(slices: readonly Slice[], { rawHidden, logX = false, numbers }: { readonly rawHidden: boolean; readonly logX?: boolean; readonly numbers: Numbers }): string {
  const inRange = sum(slices, (slice) => slice.inRange);
  const total = sum(slices, (slice) => slice.total);
  if (inRange === 0) return total === 0 ? "no points yet" : "no points in this range";
  const hidden = rawHidden ? " · raw hidden at 3 or more runs" : "";
  const lacking = logX && total > inRange ? ` · ${numbers.count(total - inRange)} not above 0` : "";
  const order = slices.some(({ oneStep }) => oneStep) ? " · all carry one step: in their order" : "";
  if (!slices.some(({ thinned }) => thinned)) return `${inRange === 1 ? "the one point drawn" : `all ${numbers.count(inRange)} points drawn`}${lacking}${hidden}${order}`;
  const drawn = Math.min(inRange, sum(slices, (slice) => slice.drawn));
  const band = slices.some((slice) => slice.band) ? " · band = min–max" : "";
  return `${numbers.count(drawn)} of ${numbers.count(inRange)} points drawn${band}${lacking}${hidden}${order}`;
}

/** How many points are off the chart: `3 points above 4`. */
export function beyondWords(slices: readonly Slice[], [low, high]: readonly [string, string], numbers: Numbers): string | undefined {
  const above = sum(slices, (slice) => slice.above);
  const below = sum(slices, (slice) => slice.below);
  const words = [above > 0 ? `${numbers.counted(above, "point", "points")} above ${high}` : "", below > 0 ? `${numbers.counted(below, "point", "points")} below ${low}` : ""];
  return words.filter(Boolean).join(" · ") || undefined;
}

/** `NaN at 6,250 and 6,300`: the first bad steps of a line, with the run's name where there are several. */
export function nonFiniteWords({ nonFinite, nonFiniteCount }: Slice, name: string | undefined, numbers: Numbers): string | undefined {
  if (nonFiniteCount === 0) return undefined;
  const begin = name === undefined ? "" : `${name}: `;
  const first = nonFinite.slice(0, 2);
  if (first.length === 0) return `${begin}${numbers.count(nonFiniteCount)} not finite`;
  const kinds = [...new Set(first.map(({ value }) => numbers.value(value)))].join(", ");
  const steps = first.map(({ step }) => numbers.count(step)).join(" and ");
  const more = nonFiniteCount - first.length;
  return `${begin}${kinds} at ${steps}${more > 0 ? ` and ${numbers.count(more)} more` : ""}`;
}

/** What could not be read of a run: `1 record lost after step 27`. */
export function lostWords(damage: readonly Pick<Damage, "afterStep">[], numbers: Numbers): string | undefined {
  const [first] = damage;
  if (!first) return undefined;
  const where = damage.length === 1 && first.afterStep !== undefined ? ` after step ${numbers.count(first.afterStep)}` : "";
  return `${numbers.counted(damage.length, "record", "records")} lost${where}`;
}

/** A raw reading: one value, or what lies between least and greatest. */
export function rawWords({ raw, rawRange }: Pick<Reading, "raw" | "rawRange">, numbers: Numbers): string {
  if (raw !== undefined) return `raw ${numbers.value(raw)}`;
  return rawRange ? `raw ${numbers.value(rawRange[0])} – ${numbers.value(rawRange[1])}` : "";
}

/** Something that stands at or beside a point, for the sentence about it. */
export interface PointNotes {
  readonly near?: CheckpointInfo;
  /** `Spike`, `Restart`, `Above the chart`. */
  readonly marks: readonly string[];
  readonly last?: number;
  readonly numbers: Numbers;
}

/** A point in one sentence, for the line below a card under the keys. */
export function pointWords(name: string, point: CurvePoint, { near, marks, last, numbers }: PointNotes): string {
  const place = `${name}, step ${numbers.count(point.step)}${last === undefined ? "" : ` of ${numbers.count(last)}`}.`;
  const values = `Smoothed ${numbers.value(point.smoothed)}, raw ${numbers.value(point.value)}.`;
  return [place, values, ...marks.map((mark) => `${mark}.`), near ? `Nearest checkpoint: ${checkpointWords(near, numbers)}.` : ""].filter(Boolean).join(" ");
}

/** A box that keys draw, in one sentence; without one it has no width yet. */
export function boxWords(box: Box | undefined, axis: AxisKind, numbers: Numbers): string {
  if (!box) return "A box begins here. Arrow keys move its other end, Esc leaves it.";
  const { range: { from, to }, limits: [low, high] } = box;
  const where = `${axisWord(axis)} ${placeText(from, axis, numbers)} to ${placeText(to, axis, numbers)}, values ${numbers.value(low)} to ${numbers.value(high)}`;
  return `Box: ${where}. Up and down make it higher or lower, Enter zooms to it, Esc leaves it.`;
}

/** A checkpoint's name and what it is: `step 9,000, hour mark`. */
export function checkpointWords(checkpoint: CheckpointInfo, numbers: Numbers): string {
  return `${checkpointName(checkpoint, numbers)}, ${tickWord(checkpoint)}`;
}

/** What a tick stands for. Beside a step "newest" would be said of many. */
export function tickWord(checkpoint: CheckpointInfo): string {
  const kind = markOf(checkpoint);
  return kind === "newest" ? "kept" : markWord(kind);
}

/** `step 9,000`, or the file's name where no step is known. */
export function checkpointName({ step, prefix }: CheckpointInfo, numbers: Numbers): string {
  return step === undefined ? prefix : `step ${numbers.count(step)}`;
}

/** Lines that the words for a picture tell of. */
const mostTold = 8;

/** A figure in words, for those who do not see it. */
export function figureWords(title: string, lines: readonly { readonly name: string; readonly slice: Slice | undefined }[], numbers: Numbers): string {
  const told: string[] = [];
  for (const { name, slice } of lines) {
    if (told.length === mostTold) break;
    if (!slice?.last || slice.total === 0) continue;
    const first = slice.smoothed.y[0];
    const trend = first === undefined ? "" : `from ${numbers.value(first)} to `;
    told.push(`${name}: ${trend}${numbers.value(slice.last.smoothed)} at step ${numbers.count(slice.last.step)}`);
  }
  if (told.length === 0) return `${title}, no points yet`;
  return `${title}, line chart. ${told.join("; ")}. Arrow keys walk the points, B begins a box to zoom to, T shows the data as a table.`;
}

function sum<One>(all: readonly One[], of: (one: One) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

/** Words with a capital first. */
export function sentence(words: string): string {
  return `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}`;
}
