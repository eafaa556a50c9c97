// Which variables of a checkpoint are moving averages of which others, by TensorFlow's names for them (EM-4).
import type { Weights } from "#model/checkpointLook";
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

/** The variables that are meant, each under the name that a person knows it by and with the name under which it is stored. */
export function weightsOf<V extends Fitting>(variables: readonly V[], weights: Weights | undefined): (V & { readonly stored: string })[] {
  if (weights === undefined) return variables.map((one) => ({ ...one, stored: one.name }));
  const shadows = shadowsOf(variables);
  if (weights === "raw") {
    const averages = new Set(shadows.values());
    return variables.filter(({ name }) => !averages.has(name)).map((one) => ({ ...one, stored: one.name }));
  }
  return variables.flatMap((one) => {
    const stored = shadows.get(one.name);
    return stored === undefined ? [] : [{ ...one, stored }];
  });
}
