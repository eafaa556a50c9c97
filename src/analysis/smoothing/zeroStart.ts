// Averages that a training script keeps in its graph and that start at 0: what they would be if they had been debiased.
import type { ScalarSeries } from "../series/scalarSeries";

/**
 * Divides an average that started at 0 by the weight it has gathered after `n` updates, `1 - decay^n` (tf1-semantics EM-4, EM-5).
 * `n` is the step: one update a step, also across restarts, since the shadow is saved with the other variables. Where the first
 * recorded value is exactly 0, the shadow had not been updated at that step, and updates are counted from there.
 * Before the first update there is nothing to correct: NaN. Values that are not finite stay.
 */
export function correctZeroStart({ steps, values }: Pick<ScalarSeries, "steps" | "values">, decay: number): Float64Array {
  const start = values[0] === 0 ? (steps[0] ?? 0) : 0;
  return values.map((value, index) => {
    const updates = (steps[index] ?? 0) - start;
    return updates > 0 ? value / -Math.expm1(updates * Math.log(decay)) : NaN;
  });
}
