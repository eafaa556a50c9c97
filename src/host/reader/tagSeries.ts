// The points of one tag out of two sources: the event files, and ahead of them what a running training tells.
import { extremesOf, type SeriesExtremes } from "#analysis/series/extremes";
import { axisColumn, type AxisSources } from "#analysis/series/axisColumn";
import { IndexList } from "#analysis/series/growth";
import { Pyramid } from "#analysis/series/pyramid";
import { ScalarSeries, type RunColumns, type ScalarPoint, type SeriesMark } from "#analysis/series/scalarSeries";
import { GrowingView, viewSeries, type SeriesView, type SharedColumns } from "#analysis/series/seriesView";
import { SpikeSearch } from "#analysis/series/spikes";
import type { CurveRequest, TagInfo, TagKind } from "#model/scalars";

/** So many ways of looking at a series are kept: two smoothings while a slider moves, and the table's. */
const mostViews = 3;
/** What an axis takes from the rest of the run; `axisVersion` changes when that does. */
export type RunSources = AxisSources & { readonly axisVersion: number };

/** A view, what it was made of, and how it goes on. */
interface KeptView {
  readonly version: number;
  readonly axisVersion: number;
  readonly view: SeriesView;
  readonly growing: GrowingView | undefined;
}

/** For the axes that take nothing from it. */
export const noSources: RunSources = { axisVersion: 0, firstSeconds: 0, clock: () => (seconds) => seconds, tag: () => undefined };

/** How far back a told point is looked for among those the files brought already. */
const farthestBack = 20_000;
/** The same point told and written carries the same time but for rounding and the queue between. */
const sameTimeSeconds = 5;

/** What is known of a tag from its first value on. */
export interface TagOrigin {
  readonly plugin: string;
  readonly kind: TagKind;
  /** Whether a file, and not only the training, has told of this tag. */
  readonly inFiles: boolean;
}

/**
 * Points of the files come first, told points that no file has brought yet stand behind them. A point that came both ways
 * counts once, and as the file has it. Told points that a file will never bring (thinned away on the way to the disk) stay
 * until a later one of them is found in a file.
 */
export class TagSeries implements TagOrigin {
  readonly plugin: string;
  readonly kind: TagKind;
  readonly inFiles: boolean;
  readonly series: ScalarSeries;
  /** What the last value of a tag that is no scalar tells. */
  held: Pick<TagInfo, "prCurve" | "mesh"> = {};
  readonly #live: ScalarPoint[] = [];
  /** Where the files' points end; only while told points stand behind them. */
  #mark: SeriesMark | undefined;
  /** Number of the files' points. */
  #fromFiles = 0;
  /** Files' points before this one have been matched with told ones, or are older than those. */
  #matched = 0;
  #extremes: { readonly version: number; readonly value: SeriesExtremes } | undefined;
  #spikes: { readonly version: number; readonly value: readonly number[] } | undefined;
  readonly #spikeSearch = new SpikeSearch();
  readonly #pyramid = new Pyramid();
  readonly #nonFinite = new IndexList();
  #sharedVersion = -1;
  /** Points before this one were never taken back since pyramid and list were made. */
  #sharedStands = 0;
  readonly #views = new Map<string, KeptView>();

  /** Without the columns of its run a tag has its own. */
  constructor({ plugin, kind, inFiles }: TagOrigin, columns?: RunColumns) {
    this.plugin = plugin;
    this.kind = kind;
    this.inFiles = inFiles;
    this.series = new ScalarSeries(columns);
  }

  /** A point out of a file. Call `settle` after the last of a batch. */
  addFromFile(point: ScalarPoint): void {
    this.stepBack();
    this.series.append(point);
    this.#fromFiles++;
    const at = this.#live.length === 0 ? -1 : this.#live.findIndex(({ step }) => step === point.step);
    if (at < 0) return;
    this.#live.splice(0, at + 1);
    this.#matched = this.#fromFiles;
  }

  /** A restart mark out of a file (formats 8). Call `settle` after the last of a batch. */
  supersedeFrom(step: number): void {
    this.stepBack();
    this.series.supersedeFrom(step);
  }

  /** Takes the told points away, until `settle`. */
  stepBack(): void {
    if (this.#mark) this.series.rollback(this.#mark);
    this.#mark = undefined;
  }

  /** Puts the told points back behind those of the files. */
  settle(): void {
    if (this.#mark || this.#live.length === 0) return;
    this.#mark = this.series.mark();
    for (const point of this.#live) this.series.append(point);
  }

  /** A point as the training tells it; dropped when a file has brought it already. */
  addTold(point: ScalarPoint): boolean {
    if (this.#live.length === 0 && this.#broughtAlready(point)) return false;
    this.settle();
    this.#mark ??= this.series.mark();
    this.#live.push(point);
    this.series.append(point);
    return true;
  }

  info(tag: string): TagInfo {
    const { points, superseded, first, last, min, max, nonFinite } = this.extremes();
    const counts = { tag, plugin: this.plugin, kind: this.kind, points, superseded };
    return this.kind === "scalar" ? { ...counts, first, last, min, max, nonFinite } : { ...counts, ...this.held };
  }

  /** What the series comes to; computed once per change. */
  extremes(): SeriesExtremes {
    const { version } = this.series;
    if (this.#extremes?.version !== version) this.#extremes = { version, value: extremesOf(this.series, this.#shared()) };
    return this.#extremes.value;
  }

  /** The series on an axis, smoothed; kept for the next cut of the same. */
  view({ axis, smoothing, decay }: Omit<CurveRequest, "tag">, sources: RunSources): SeriesView {
    const { version } = this.series;
    const axisVersion = axis.kind === "step" || axis.kind === "index" || axis.kind === "wall" ? 0 : sources.axisVersion;
    const key = JSON.stringify([axis, smoothing, decay]);
    const known = this.#views.get(key);
    this.#views.delete(key);
    const fresh = known?.version === version && known.axisVersion === axisVersion;
    const made = fresh ? known : this.#makeView({ axis, smoothing, decay }, sources, { version, axisVersion, growing: known?.growing });
    this.#views.set(key, made);
    const [oldest] = this.#views.keys();
    if (this.#views.size > mostViews && oldest !== undefined) this.#views.delete(oldest);
    return made.view;
  }

  /** Indices at which spikes begin; computed once per change. */
  spikes(): readonly number[] {
    const { version } = this.series;
    if (this.#spikes?.version !== version) this.#spikes = { version, value: this.#spikeSearch.update(this.series, this.#settled) };
    return this.#spikes.value;
  }

  /** The told points that stand behind those of the files. */
  get told(): readonly ScalarPoint[] {
    return this.#live;
  }

  /** How many points no file will take back. */
  get #settled(): number {
    return this.#mark?.length ?? this.series.length;
  }

  #shared(): SharedColumns {
    const { series } = this;
    if (this.#sharedVersion !== series.version) {
      const from = Math.min(this.#sharedStands, series.length);
      const { values } = series;
      this.#pyramid.update(values, from);
      this.#nonFinite.update({ from, length: values.length }, (index) => !Number.isFinite(values[index] ?? NaN));
      this.#sharedVersion = series.version;
      this.#sharedStands = this.#settled;
    }
    return { pyramid: this.#pyramid, nonFinite: this.#nonFinite.indices };
  }

  #makeView({ axis, smoothing, decay }: Omit<CurveRequest, "tag">, sources: AxisSources, { growing, ...versions }: Omit<KeptView, "view">): KeptView {
    const x = axisColumn(this.series, axis, sources);
    // On all axes but that of another tag, points that were there keep their order.
    if (decay === undefined && axis.kind !== "tag") {
      const goesOn = growing ?? new GrowingView(smoothing);
      const view = goesOn.update(this.series, x, { shared: this.#shared(), settled: this.#settled });
      if (view) return { ...versions, view, growing: goesOn };
    }
    return { ...versions, view: viewSeries(this.series, x, { smoothing, decay }), growing: undefined };
  }

  #broughtAlready({ step, value, wallTimeSeconds }: ScalarPoint): boolean {
    const { steps, values, wallTimeSeconds: times } = this.series;
    const oldest = Math.max(this.#matched, this.#fromFiles - farthestBack);
    for (let index = this.#fromFiles - 1; index >= oldest; index--) {
      const sameTime = Math.abs((times[index] ?? 0) - wallTimeSeconds) <= sameTimeSeconds;
      if (steps[index] !== step || !sameTime || !sameValue(values[index] ?? NaN, value)) continue;
      this.#matched = index + 1;
      return true;
    }
    return false;
  }
}

/** Files hold 32-bit floats. */
function sameValue(written: number, told: number): boolean {
  return Object.is(written, told) || Math.fround(written) === Math.fround(told) || (Number.isNaN(written) && Number.isNaN(told));
}
