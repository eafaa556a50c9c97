// The curves that charts are measured with: columns in memory, the same in every page, and made before the clock starts.
import { Random } from "../../support/random";

/** Lines of equal length over the same steps. */
export interface ChartData {
  readonly steps: Float64Array;
  readonly lines: readonly Float64Array[];
}

/** A falling curve under noise, with a peak here and there that a careless thinning would lose. */
export function chartData(lines: number, points: number): ChartData {
  const steps = Float64Array.from({ length: points }, (_, index) => index);
  return { steps, lines: Array.from({ length: lines }, (_, line) => values(new Random(line + 1), points, line)) };
}

/** The value axis of every chart: nobody spends time on finding it. */
export const valueRange = { min: 0, max: 6 };

function values(random: Random, points: number, line: number): Float64Array {
  const column = new Float64Array(points);
  const level = 0.5 + line * 0.1;
  let drift = 0;
  for (let index = 0; index < points; index++) {
    drift = 0.999 * drift + (random.unit() - 0.5) * 0.02;
    const peak = random.unit() < 0.0005 ? 2 * random.unit() : 0;
    column[index] = level + 2 * Math.exp((-5 * index) / points) + drift + 0.6 * (random.unit() + random.unit() - 1) + peak;
  }
  return column;
}

/** Sum of all values: of every variant the same. */
export function sumOf({ lines }: ChartData): number {
  return lines.reduce((sum, line) => sum + line.reduce((own, value) => own + value, 0), 0);
}
