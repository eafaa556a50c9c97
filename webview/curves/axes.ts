// Axes: round numbers to stand beside them, and ranges that change only when data leaves them.

/** An axis: its ends, and the values that get a label. */
export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9));
  return (factor ?? 10) * power;
}

function multiples(step: number, min: number, max: number): readonly number[] {
  const first = Math.ceil(min / step - 1e-6);
  const last = Math.floor(max / step + 1e-6);
  // A multiple rather than a sum: sums drift into 0.30000000000000004.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A linear value axis around `low` to `high`, with about `count` labels. */
export function linearAxis(low: number, high: number, count: number): Axis {
  if (!(high >= low)) return { min: 0, max: 1, ticks: [0, 0.5, 1] };
  const spread = high - low;
  const least = Math.abs(high) * 1e-6 || 1e-6;
  const room = spread < least ? Math.max(Math.abs(high) * 0.1, 1e-6) : 0;
  const step = niceStep((spread + 2 * room) / count);
  const min = Math.floor((low - room) / step + 1e-6) * step;
  const max = Math.ceil((high + room) / step - 1e-6) * step;
  return { min, max, ticks: multiples(step, min, max) };
}

/** A logarithmic axis over the positive part of a range: 1-2-5 steps, or decades where the range is wide. */
export function logAxis(low: number, high: number): Axis {
  if (!(high > 0)) return { min: 0.1, max: 1, ticks: [0.1, 1] };
  const least = Math.max(low, high * 1e-9);
  const decades = Math.log10(high / least);
  const factors = decades > 3 ? [1] : decades > 1 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(least)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power++) {
    for (const factor of factors) all.push(Number((factor * 10 ** power).toPrecision(6)));
  }
  const min = all.filter((tick) => tick <= least * 1.0001).at(-1) ?? least;
  const max = all.find((tick) => tick >= high * 0.9999) ?? high;
  const inside = all.filter((tick) => tick >= min && tick <= max);
  const every = Math.ceil(inside.length / 7);
  return { min, max, ticks: inside.filter((_, index) => index % every === 0) };
}

/** The step axis of all cards. Without a zoom it ends at a round step, so it jumps only when data leaves it. */
export function stepAxis(first: number, last: number, { zoomed, count }: { zoomed: boolean; count: number }): Axis {
  if (!(last > first)) return { min: first, max: first + 1, ticks: [first] };
  const step = Math.max(1, niceStep((last - first) / count));
  if (zoomed) return { min: first, max: last, ticks: multiples(step, first, last) };
  const quarter = Math.max(1, step / 4);
  const min = first < 0 ? Math.floor(first / quarter + 1e-9) * quarter : first <= (last - first) * 0.1 ? 0 : first;
  const max = Math.ceil(last / quarter - 1e-9) * quarter;
  return { min, max, ticks: multiples(step, min, max) };
}

/** Steps between labels that people count time in, in seconds. */
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

/** An axis of seconds with labels at round times. `offset`: seconds by which local midnight is away from a multiple of a day. */
export function timeAxis(first: number, last: number, { count, offset = 0 }: { readonly count: number; readonly offset?: number }): Axis {
  if (!(last > first)) return { min: first, max: first + 1, ticks: [first] };
  const least = (last - first) / count;
  const step = timeSteps.find((one) => one >= least) ?? (least < 1 ? niceStep(least) : Math.ceil(least / 604_800) * 604_800);
  return { min: first, max: last, ticks: multiples(step, first - offset, last - offset).map((tick) => tick + offset) };
}

/** A value axis whose ends a person has set. */
export function fixedAxis([low, high]: readonly [number, number], { log, count }: { readonly log: boolean; readonly count: number }): Axis {
  if (log && low > 0) return { min: low, max: high, ticks: logAxis(low, high).ticks.filter((tick) => tick >= low && tick <= high) };
  return { min: low, max: high, ticks: multiples(niceStep((high - low) / count), low, high) };
}

/** The labels of an axis, all with as many decimals as its finest one needs. */
export function axisLabels({ ticks }: Axis, locale: string): readonly string[] {
  const largest = Math.max(...ticks.map(Math.abs));
  if (largest >= 1e6 || (largest > 0 && largest < 1e-3)) {
    return ticks.map((tick) => (tick === 0 ? "0" : String(Number(tick.toPrecision(3)).toExponential()).replace("e+", "e").replace(/^-/, "−")));
  }
  const decimals = Math.min(6, Math.max(0, ...ticks.map((tick) => (String(tick).split(".")[1] ?? "").length)));
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return ticks.map((tick) => format.format(tick).replace(/^-/, "−"));
}

/** The labels of a logarithmic axis, each with the digits that it needs. */
export function logLabels({ ticks }: Axis, locale: string): readonly string[] {
  const format = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  return ticks.map((tick) => (tick < 1e-3 || tick >= 1e6 ? tick.toExponential().replace("e+", "e") : format.format(tick)));
}
