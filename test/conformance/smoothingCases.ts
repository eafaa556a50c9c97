// TensorBoard's smoothing, bit for bit.
import { debiasedAverage } from "#analysis/smoothing/debiasedAverage";
import { readJson } from "./folders";
import { same, type Report } from "./report";

type Written = number | string;
interface Series {
  readonly id: number | string;
  readonly y: readonly Written[];
  readonly smoothed: readonly { readonly weight: Written; readonly y: readonly Written[] }[];
}

export async function checkSmoothing(file: string, report: Report): Promise<void> {
  const { series } = await readJson<{ series: Series[] }>(file);
  for (const { id, y, smoothed } of series) {
    const values = Float64Array.from(y, Number);
    for (const { weight, y: wanted } of smoothed) {
      await report.check(`smoothing/${id} weight ${weight}`, () => same("bits", bitsOf(debiasedAverage(values, Number(weight))), bitsOf(Float64Array.from(wanted, Number))));
    }
  }
}

/** Bit patterns, all NaN alike. */
function bitsOf(values: Float64Array): string[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? "NaN" : new BigUint64Array(Float64Array.of(value).buffer).toString()));
}
