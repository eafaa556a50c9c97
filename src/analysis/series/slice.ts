// A cut of one curve for a plot of a given width: smoothed over all points first, thinned last.
import type { Band, CurvePoint, PlacedValue, Slice, SliceRequest } from "#model/scalars";
import { PixelColumns } from "./pixelColumns";
import { PolylineBuilder } from "./polyline";
import type { Pyramid } from "./pyramid";
import type { Segment } from "./scalarSeries";
import { firstAbove, firstAtLeast, type IndexRange } from "./search";
import type { SeriesView } from "./seriesView";
import { columnExtremes, isCrowded, lowerBound, pieces, thin } from "./thin";
import { usualRange } from "./usualRange";

/** How many points with NaN or ∞ are named; the rest are counted. */
const namedNonFinite = 10;

/** Room in which cuts are gathered, one cut after the other. */
const lines = { raw: new PolylineBuilder(), smooth: new PolylineBuilder(), tails: new PolylineBuilder(), low: new PolylineBuilder(), high: new PolylineBuilder() };

/** What a cut passes through: counted and found elsewhere. */
export interface SliceFacts {
  readonly revision: number;
  /** Indices at which spikes begin. */
  readonly spikes: readonly number[];
  readonly oneStep: boolean;
}

/**
 * Cuts what a plot of `request.pixels` columns shows. Of each segment the nearest point outside the range on either side is
 * added to the lines, so that they run to the edges; `inRange` and `drawn` do not count those.
 */
export function sliceSeries(view: SeriesView, request: SliceRequest, { revision, spikes, oneStep }: SliceFacts): Slice {
  const extent = extentOf(view);
  const columns = new PixelColumns({
    left: request.from ?? extent?.[0] ?? 0, right: request.to ?? extent?.[1] ?? 0, pixels: request.pixels, log: request.log,
  });
  const parts = view.segments.map((segment) => ({
    segment,
    standing: within(view.x, { from: segment.from, to: segment.standing }, columns),
    tail: within(view.x, { from: segment.standing, to: segment.to }, columns),
  }));
  const shown = parts.map(({ standing }) => standing);
  const crowds = (range: IndexRange): boolean => isCrowded({ x: view.x, range, columns });
  const crowded = shown.some(crowds);
  const lone = view.smoothed === view.raw;
  const inRange = shown.reduce((sum, { from, to }) => sum + to - from, 0);
  const [raw, smooth, tails] = [lines.raw.begin(), lines.smooth.begin(), lines.tails.begin()];
  for (const { segment: { from, to, standing }, ...part } of parts) {
    cut(smooth, view, { pyramid: view.smoothed, shown: part.standing, bounds: { from, to: standing }, columns, crowded });
    cut(tails, view, { pyramid: view.smoothed, shown: part.tail, bounds: { from: standing, to }, columns, crowded: crowds(part.tail) });
    if (request.raw && !crowded && !lone) cut(raw, view, { pyramid: view.raw, shown: part.standing, bounds: { from, to: standing }, columns, crowded });
  }
  const banded = request.raw && crowded && !lone ? bandOf(view, shown, columns) : undefined;
  const bad = nonFiniteOf(view, shown);
  const line = raw.length > 0 ? raw : smooth;
  const outside = parts.reduce((sum, part) => sum + edgePoints(view, part), 0);
  return {
    tag: request.tag, revision, inRange, extent, oneStep, columns: columns.count,
    total: view.segments.reduce((sum, { from, standing }) => sum + standing - from, 0),
    drawn: Math.min(inRange, banded ? banded.drawn : Math.max(0, line.length - outside)), thinned: crowded,
    raw: raw.done(), band: banded?.band, smoothed: smooth.done(), superseded: tails.done(),
    restarts: view.segments.filter(({ begins }) => begins === "restart").map(({ from }) => placed(view, from)),
    nonFinite: bad.named, nonFiniteCount: bad.count,
    spikes: spikes.filter((index) => shown.some(({ from, to }) => index >= from && index < to)).map((index) => placed(view, index)),
    usual: request.clip ? usualRange(view, shown) : undefined,
    ...beyond(view.raw, shown, request.limits),
    last: lastOf(view),
  };
}

/** Least and greatest place of all points: what a restart replaced may reach beyond what stands. */
export function extentOf({ x, segments }: Pick<SeriesView, "x" | "segments">): readonly [number, number] | undefined {
  let extent: readonly [number, number] | undefined;
  const reach = ({ from, to }: IndexRange): void => {
    let last = to - 1;
    while (last >= from && x[last] === Infinity) last--;
    if (last < from) return;
    const [least, greatest] = [x[from] ?? 0, x[last] ?? 0];
    extent = extent ? [Math.min(extent[0], least), Math.max(extent[1], greatest)] : [least, greatest];
  };
  for (const { from, to, standing } of segments) {
    reach({ from, to: standing });
    reach({ from: standing, to });
  }
  return extent;
}

/** The last standing point of a view. */
export function lastOf(view: SeriesView): CurvePoint | undefined {
  const segment = view.segments.findLast((one: Segment) => one.standing > one.from);
  return segment && pointAt(view, segment.standing - 1);
}

/** All that is known of one point. */
export function pointAt(view: SeriesView, index: number): CurvePoint {
  return { ...placed(view, index), smoothed: view.smoothed.values[index] ?? NaN, wallTimeSeconds: view.wallTimeSeconds[index] ?? NaN };
}

function placed({ x, steps, recorded }: SeriesView, index: number): PlacedValue {
  return { x: x[index] ?? NaN, step: steps[index] ?? NaN, value: recorded[index] ?? NaN };
}

/** The indices whose places lie within the columns, edges included; places between `from` and `to` never fall. */
function within(x: Float64Array, { from, to }: IndexRange, { left, right }: PixelColumns): IndexRange {
  const first = firstAtLeast(x, left, { from, to });
  return { from: first, to: firstAbove(x, right, { from: first, to }) };
}

interface Cut {
  readonly pyramid: Pyramid;
  readonly shown: IndexRange;
  readonly bounds: IndexRange;
  readonly columns: PixelColumns;
  /** A pixel column holds more of it than can be told apart. */
  readonly crowded: boolean;
}

/** Adds one segment's part of a line: the point before the range, the thinned range, the point after it. */
function cut(line: PolylineBuilder, { x, gaps }: SeriesView, { pyramid, shown, bounds, columns, crowded }: Cut): void {
  const { values } = pyramid;
  const outside = (index: number): void => {
    const value = values[index] ?? NaN;
    if (index >= bounds.from && index < bounds.to && Number.isFinite(value) && Number.isFinite(x[index] ?? NaN)) line.add(x[index] ?? 0, value);
  };
  line.interrupt();
  if (bounds.from === bounds.to) return;
  outside(shown.from - 1);
  const request = { x, pyramid, nonFinite: gaps, range: shown, columns };
  if (crowded) {
    line.addThinned(x, values, thin(request));
  } else {
    pieces(request, (piece) => {
      if (piece.from > shown.from) line.interrupt();
      line.addAll(x, values, piece);
    });
  }
  if (shown.to > shown.from && !Number.isFinite(values[shown.to - 1] ?? NaN)) line.interrupt();
  outside(shown.to);
}

/** How many of a part's line's points lie outside the range. */
function edgePoints({ raw, x }: SeriesView, { segment, standing }: { readonly segment: Segment; readonly standing: IndexRange }): number {
  const counts = (index: number): boolean =>
    index >= segment.from && index < segment.standing && Number.isFinite(raw.values[index] ?? NaN) && Number.isFinite(x[index] ?? NaN);
  return Number(counts(standing.from - 1)) + Number(counts(standing.to));
}

function bandOf({ x, raw, gaps }: SeriesView, shown: readonly IndexRange[], columns: PixelColumns): { readonly band: Band; readonly drawn: number } {
  const [low, high] = [lines.low.begin(), lines.high.begin()];
  let drawn = 0;
  for (const range of shown) {
    low.interrupt();
    high.interrupt();
    columnExtremes({ x, pyramid: raw, nonFinite: gaps, range, columns }, ({ column, least, greatest, afterGap }) => {
      if (afterGap) low.interrupt();
      if (afterGap) high.interrupt();
      low.add(columns.middle(column), raw.values[least] ?? NaN);
      high.add(columns.middle(column), raw.values[greatest] ?? NaN);
      drawn += least === greatest ? 1 : 2;
    });
  }
  const { x: places, y, breaks } = low.done();
  return { band: { x: places, low: y, high: high.done().y, breaks }, drawn };
}

/** The first points with NaN or ∞ among standing points of the range, and their number. */
function nonFiniteOf(view: SeriesView, shown: readonly IndexRange[]): { readonly named: PlacedValue[]; readonly count: number } {
  const named: PlacedValue[] = [];
  let count = 0;
  for (const { from, to } of shown) {
    const first = lowerBound(view.nonFinite, from);
    const end = lowerBound(view.nonFinite, to);
    count += end - first;
    for (let at = first; at < end && named.length < namedNonFinite; at++) named.push(placed(view, view.nonFinite[at] ?? 0));
  }
  return { named, count };
}

function beyond(raw: Pyramid, shown: readonly IndexRange[], limits: SliceRequest["limits"]): Pick<Slice, "above" | "below"> {
  const sum = { above: 0, below: 0 };
  if (!limits) return sum;
  for (const range of shown) {
    const { above, below } = raw.beyond(range, limits[0], limits[1]);
    sum.above += above;
    sum.below += below;
  }
  return sum;
}
