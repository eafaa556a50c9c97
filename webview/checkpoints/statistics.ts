// Figures of variables as a table shows them: histogram as a path, distance of averages added up over scopes.
import type { Histogram, VariableStatistics } from "#model/checkpointLook";

/** The bars of a histogram as one SVG path in a box; the highest bar fills it. */
export function histogramPath({ counts }: Histogram, { width, height }: { readonly width: number; readonly height: number }): string {
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  const round = (pixels: number): number => Math.round(pixels * 10) / 10;
  return counts.map((count, index) => {
    const top = count === 0 ? height - 0.5 : height - Math.max(1, (count / most) * height);
    return `M${round(index * step)} ${height}V${round(top)}H${round((index + 1) * step - Math.min(1, step / 4))}V${height}Z`;
  }).join("");
}

/** The outline of a histogram as one SVG path in a box; the highest place touches its top. */
export function histogramLine({ counts }: Histogram, { width, height }: { readonly width: number; readonly height: number }): string {
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  const round = (pixels: number): number => Math.round(pixels * 10) / 10;
  return counts.map((count, index) => `${index === 0 ? "M" : "L"}${round((index + 0.5) * step)} ${round(height - 0.75 - (count / most) * (height - 1.5))}`).join("");
}

/** Relative distance of all averages below a scope from their variables; undefined where there is none. */
export function distanceOf(statistics: ReadonlyMap<string, VariableStatistics>, scope: string): number | undefined {
  let change = 0;
  let before = 0;
  let pairs = 0;
  for (const { name, norm, shadow } of statistics.values()) {
    if (!shadow || !name.startsWith(`${scope}/`)) continue;
    pairs++;
    change += (shadow.distance * norm) ** 2;
    before += norm ** 2;
  }
  return pairs === 0 ? undefined : Math.sqrt(change / before);
}

/** How many variables hold values that are no numbers. */
export function brokenOf(statistics: ReadonlyMap<string, VariableStatistics>): readonly VariableStatistics[] {
  return [...statistics.values()].filter(({ nan, infinite }) => nan + infinite > 0);
}
