// Mean and spread of a group of curves, such as one training with several seeds.
import type { GroupSlice, SliceRequest } from "#model/scalars";
import { PixelColumns } from "./pixelColumns";
import { nearest } from "./search";
import type { SeriesView } from "./seriesView";
import { extentOf, lastOf } from "./slice";

/**
 * Per pixel column the mean of the members' smoothed values and their sample standard deviation. A member counts where the column
 * lies between its first and its last point, with its value on the straight line between the two points around it.
 */
export function sliceGroup(views: readonly SeriesView[], request: SliceRequest): GroupSlice {
  const extent = views.map(extentOf).reduce((all, one) => (all && one ? [Math.min(all[0], one[0]), Math.max(all[1], one[1])] as const : (all ?? one)), undefined);
  const columns = new PixelColumns({ left: request.from ?? extent?.[0] ?? 0, right: request.to ?? extent?.[1] ?? 0, pixels: request.pixels, log: request.log });
  const x = new Float64Array(columns.count);
  const mean = new Float64Array(columns.count).fill(NaN);
  const spread = new Float64Array(columns.count).fill(NaN);
  const n = new Uint16Array(columns.count);
  for (let column = 0; column < columns.count; column++) {
    const place = columns.middle(column);
    const values = views.map((view) => valueAt(view, place)).filter(Number.isFinite);
    x[column] = place;
    n[column] = values.length;
    if (values.length < 2) continue;
    const middle = meanOf(values);
    mean[column] = middle;
    spread[column] = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
  }
  const lasts = views.map((view) => lastOf(view)?.smoothed ?? NaN).filter(Number.isFinite);
  return { x, mean, spread, n, extent, last: lasts.length === 0 ? undefined : meanOf(lasts) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The smoothed value of a view at a place; NaN outside of its standing points. The latest segment that reaches there counts. */
function valueAt({ x, smoothed, segments }: SeriesView, place: number): number {
  for (let at = segments.length - 1; at >= 0; at--) {
    const segment = segments[at];
    if (!segment || segment.standing === segment.from) continue;
    const range = { from: segment.from, to: segment.standing };
    if (place < (x[range.from] ?? Infinity) || place > (x[range.to - 1] ?? -Infinity)) continue;
    const index = nearest(x, place, range);
    const here = x[index] ?? NaN;
    const other = here <= place ? Math.min(index + 1, range.to - 1) : index - 1;
    const there = x[other] ?? here;
    const value = smoothed.values[index] ?? NaN;
    if (there === here) return value;
    return value + (((smoothed.values[other] ?? NaN) - value) * (place - here)) / (there - here);
  }
  return NaN;
}
