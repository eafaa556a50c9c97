// What the tooltip says: every line at the place under the pointer, nearest first, and the checkpoint beside it.
import type { CheckpointInfo } from "#model/checkpoint";
import type { CurvePoint } from "#model/scalars";
import { markBox, markOf } from "#kit/marks";
import type { Numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import type { Theme } from "#kit/theme";
import type { LinePlan } from "./charts";
import { readAt, type Reading } from "./lines";
import { placeText } from "./places";
import type { ChartView, View } from "./requests";
import { swatch } from "./swatch";
import { drawnValueAt, nearestCheckpoint } from "./ticks";
import { checkpointWords, rawWords } from "./words";

/** Lines listed; the rest are counted. */
const mostRows = 8;

/** One line at a place: what the picture tells, and once the host has answered, the exact point. */
export interface LineReading {
  readonly line: LinePlan;
  readonly smoothed: number;
  readonly reading?: Reading;
  readonly point?: CurvePoint;
  /** Sample standard deviation, of a group. */
  readonly spread?: number;
}

/** Reads all lines of a chart at a place, those whose pixel rows are nearest to `row` first. */
export function readLines(view: View, chart: ChartView, { place, row, rowOf, points }: {
  readonly place: number; readonly row?: number; readonly rowOf: (value: number) => number | undefined; readonly points: ReadonlyMap<string, CurvePoint>;
}): readonly LineReading[] {
  const all = chart.lines.flatMap((line): LineReading[] => {
    const drawn = view.state.drawn.get(line.key);
    const { slice, group } = drawn ?? {};
    if (group) {
      const at = Math.min(group.x.length - 1, Math.max(0, Math.round(((place - (group.x[0] ?? 0)) / ((group.x.at(-1) ?? 1) - (group.x[0] ?? 0) || 1)) * (group.x.length - 1))));
      const mean = group.mean[at] ?? NaN;
      return Number.isNaN(mean) ? [] : [{ line, smoothed: mean, spread: group.spread[at] }];
    }
    if (!slice || drawnValueAt(slice, place) === undefined) return [];
    const reading = readAt(slice, place);
    const point = points.get(line.key);
    if (!reading) return [];
    return [{ line, smoothed: point?.smoothed ?? reading.smoothed, reading, ...(point && { point }) }];
  });
  if (row === undefined) return all;
  const distance = ({ smoothed }: LineReading): number => Math.abs((rowOf(smoothed) ?? Infinity) - row);
  return [...all].sort((one, other) => distance(one) - distance(other));
}

/** What stands at a place. */
export interface ReadAt {
  readonly view: View;
  readonly numbers: Numbers;
  readonly place: number;
  readonly readings: readonly LineReading[];
  /** Of the focused run. */
  readonly checkpoints: readonly CheckpointInfo[];
}

interface ReadoutParts extends ReadAt {
  readonly theme: Theme;
  /** Beside the head, once the tooltip stays. */
  readonly actions?: Content;
}

/** The step at a place, where there is one: of the exact point once it is known. */
function stepAt({ view, place, readings }: ReadAt): number | undefined {
  return readings.find(({ point }) => point)?.point?.step ?? (view.state.settings.x.kind === "step" ? Math.round(place) : undefined);
}

/** Step and time, then a row per line; full figures on hover. */
export function readout(parts: ReadoutParts): Content {
  const { view, theme, numbers, place, readings, checkpoints, actions } = parts;
  const axis = view.state.settings.x;
  const first = readings.find(({ point }) => point)?.point;
  const step = stepAt(parts);
  const near = step === undefined ? undefined : nearestCheckpoint(checkpoints, step);
  const head = [
    step === undefined ? placeText(place, axis, numbers) : `step ${numbers.count(step)}`,
    axis.kind === "step" || axis.kind === "wall" ? undefined : placeText(first?.x ?? place, axis, numbers),
    first ? numbers.time(first.wallTimeSeconds) : undefined,
  ].filter(Boolean).join(" · ");
  return html`<div class="readout">
    <p class="readout-head"><span title=${first ? numbers.fullTime(first.wallTimeSeconds) : ""}>${head}</span><span class="grow"></span>${actions ?? (readings.length > 1 ? html`<span>nearest first</span>` : nothing)}</p>
    <div class="readout-rows">${readings.slice(0, mostRows).map((one, at) => html`<div class=${at === 0 && readings.length > 1 ? "readout-row readout-nearest" : "readout-row"}>
      ${swatch(theme, one.line.style)}<span class="cut">${one.line.name}</span>
      <b title=${numbers.exact(one.smoothed)}>${numbers.value(one.smoothed)}</b>
      <span class="secondary" title=${one.point ? numbers.exact(one.point.value) : ""}>${secondWords(one, numbers)}</span></div>`)}</div>
    ${readings.length > mostRows ? html`<p class="secondary">… ${numbers.count(readings.length - mostRows)} more</p>` : nothing}
    ${near ? html`<p class="readout-mark">${markBox(markOf(near))}<span class="secondary">checkpoint ${checkpointWords(near, numbers).replace(/^step /, "").replace(", ", " · ")}</span></p>` : nothing}
  </div>`;
}

function secondWords({ point, reading, spread }: LineReading, numbers: Numbers): string {
  if (spread !== undefined) return `± ${numbers.value(spread)}`;
  if (point) return `raw ${numbers.value(point.value)}`;
  return reading ? rawWords(reading, numbers) : "";
}

/** All of a tooltip as text, with full figures, a line each. */
export function readoutText(parts: ReadAt): string {
  const { view, place, readings, numbers, checkpoints } = parts;
  const step = stepAt(parts);
  const near = step === undefined ? undefined : nearestCheckpoint(checkpoints, step)?.prefix;
  const lines = readings.map(({ line, smoothed, point, spread }) => {
    const cells = [line.name, line.tag, point?.step ?? placeText(place, view.state.settings.x, numbers), smoothed, point?.value ?? "", spread ?? "", point?.wallTimeSeconds ?? "", near ?? ""];
    return cells.join("\t");
  });
  return ["run\ttag\tstep\tsmoothed\traw\tspread\twall_time\tnearest_checkpoint", ...lines].join("\n");
}
