// Invented statistics and changes of variables: plausible, the same each time.
import type { VariableInfo } from "#model/checkpoint";
import { layOutSlice, planSlice, SliceSum, type SliceWish } from "#analysis/checkpoints/slice";
import type { ChangeMap, CheckpointDifference, PairFigures, TensorSlice, VariableStatistics } from "#model/checkpointLook";
import { seeded } from "./fakeCurves";

const scopeOf = (name: string, depth: number): string => name.split("/").slice(0, depth).join("/");

/** Layers of two networks and what their optimizer keeps, a step, and as many tables as are wanted. */
export function fakeVariables(tables: number): readonly VariableInfo[] {
  const scopes = ["generator", "discriminator", "optimizer"];
  return scopes.flatMap((scope) => Array.from({ length: 8 }, (_, layer) => ["conv2d/kernel", "conv2d/bias", "batch_normalization/gamma", "batch_normalization/beta"].map((name, index): VariableInfo => ({
  name: `${scope}/${scope === "discriminator" ? "layer" : "encoder"}_${layer + 1}/${name}`, dtype: "float32", shape: index === 0 ? [4, 4, 2 ** (layer + 2), 2 ** (layer + 3)] : [2 ** (layer + 3)],
  bytes: index === 0 ? 16 * 2 ** (2 * layer + 5) * 4 : 2 ** (layer + 5), crc32c: (0x12345678 + layer * 7919 + index * 104729).toString(16),
})))).flat().concat({ name: "global_step", dtype: "int64", shape: [], bytes: 8, crc32c: "0badcafe" }, Array.from({ length: tables }, (_, at) => ({ name: `table_${at}`, dtype: "float32", shape: [at + 1], bytes: 4 * at + 4 })));
}

/** Bell-shaped histograms; every kernel has an average beside it; one variable holds NaN where it is wanted. */
export function fakeStatistics(variables: readonly VariableInfo[], { broken }: { readonly broken: boolean }): readonly VariableStatistics[] {
  const random = seeded(5);
  return variables.map(({ name, shape }, index) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const counts = Array.from({ length: 30 }, (_, bin) => Math.round(count * Math.exp(-(((bin - 15) / 6) ** 2)) * (0.8 + random() * 0.4)));
    const nan = broken && index === 2 ? 4 : 0;
    return {
      name, count, min: -0.18, max: 0.19, mean: random() * 0.02 - 0.01, std: 0.04 + random() * 0.03, norm: 1 + random(), nan, infinite: 0, zeros: 0, histogram: { least: -0.18, greatest: 0.19, counts },
      ...(name.endsWith("kernel") && { shadow: { name: `${name}/ExponentialMovingAverage`, distance: random() * 0.05 } }),
    };
  });
}

/** Outer layers change most; one scope is dead and then broken. */
export function fakeMap(variables: readonly VariableInfo[], prefixes: readonly string[]): ChangeMap {
  const random = seeded(9);
  const scopes = [...new Set(variables.flatMap(({ name }) => [1, 2].map((depth) => scopeOf(name, depth))))];
  const columns = prefixes.slice(1).map((to, index) => {
    const late = index > prefixes.length - 4;
    const dead = (scope: string): boolean => scope.endsWith("encoder_7");
    const relative = scopes.map((scope) => (dead(scope) ? (late ? NaN : 0.0005) : (0.16 / (2 + index)) * (0.4 + random()) * (/_[128]$/.test(scope) ? 2 : 0.7)));
    return { from: prefixes[index] ?? "", to, relative, nonFinite: scopes.map((scope) => (late && (dead(scope) || scope === "generator") ? 4 : 0)) };
  });
  return { scopes, columns, problems: [] };
}

export function fakeDifference(variables: readonly VariableInfo[]): CheckpointDifference {
  const random = seeded(3);
  const changed = variables.map(({ name, bytes, shape }, index) => ({
    name, bytes, relative: index === 26 ? NaN : random() ** 4 * 0.44, squaresBefore: 1, squaresOfChange: 0.01, nonFinite: index === 26 ? 4 : 0, count: shape.reduce((product, size) => product * size, 1),
  }));
  const scopes = [...new Set(variables.flatMap(({ name }) => [1, 2].map((depth) => scopeOf(name, depth))))];
  return {
    equal: 0, added: ["input/pixel_mean"], removed: ["images/pixel_mean", "summaries/last_step"], problems: [], changed,
    reshaped: [{ name: "schedule/boundaries", from: { dtype: "float32", shape: [2] }, to: { dtype: "float32", shape: [3] } }],
    scopes: scopes.map((scope) => ({ scope, relative: scope.endsWith("encoder_7") ? NaN : random() * 0.3, changed: 4, variables: 4, nonFinite: scope.endsWith("encoder_7") ? 4 : 0 })),
  };
}

/** The later one is a little wider and has moved a little. */
export function fakePairs(variables: readonly VariableInfo[], names: readonly string[]): readonly PairFigures[] {
  const wanted = new Set(names);
  return fakeStatistics(variables.filter(({ name }) => wanted.has(name)), { broken: false }).map((from) => {
    const counts = from.histogram.counts.map((_, bin) => Math.round(from.count * Math.exp(-(((bin - 17) / 7.5) ** 2))));
    return { name: from.name, from, to: { ...from, mean: from.mean + 0.011, std: from.std * 1.2, histogram: { ...from.histogram, counts } } };
  });
}

/** Waves with some noise, and three values that are no numbers. */
export function fakeSlice(variable: VariableInfo | undefined, wish: SliceWish): TensorSlice {
  const { name = "", dtype = "float32", shape = [] } = variable ?? {};
  const plan = planSlice(shape, wish);
  const layout = layOutSlice(plan, 4);
  const sum = new SliceSum(plan, { rows: 128, columns: 256 });
  const random = seeded(11);
  const broken: Readonly<Record<number, number>> = { 5: NaN, 40: Infinity, 41: -Infinity };
  const valueAt = (at: number): number => broken[at] ?? (Math.sin(at / 37) * Math.cos(at / 11)) / 8 + (random() - 0.5) / 20;
  for (const read of layout.reads) sum.addRead(Float64Array.from({ length: read.count }, (_, at) => valueAt(read.from + at)), read, { layout, complex: false });
  return { name, dtype, ...sum.done() };
}
