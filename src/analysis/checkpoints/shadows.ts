// Which variables of a checkpoint are moving averages of which others, by TensorFlow's names for them (EM-4).
import type { Fitting } from "./preflight";

/** Ending that `ExponentialMovingAverage` gives its shadows unless its `name` says otherwise. */
export const averageEnding = "/ExponentialMovingAverage";

/** The shadow's name by the variable's; only pairs of one type and shape. */
export function shadowsOf(variables: readonly Fitting[]): Map<string, string> {
  const byName = new Map(variables.map((one) => [one.name, one]));
  const pairs = new Map<string, string>();
  for (const { name, dtype, shape } of variables) {
    if (!name.endsWith(averageEnding)) continue;
    const raw = byName.get(name.slice(0, -averageEnding.length));
    if (raw && raw.dtype === dtype && raw.shape.join() === shape.join()) pairs.set(raw.name, name);
  }
  return pairs;
}
