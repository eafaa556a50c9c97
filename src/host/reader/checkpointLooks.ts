// Looks into the values of checkpoints, piece by piece: statistics, differences, change over time. Memory is bounded by the piece.
import { changesOfScopes, ChangeSum, compareNames, type Measured } from "#analysis/checkpoints/difference";
import { averageEnding, shadowsOf, weightsOf } from "#analysis/checkpoints/shadows";
import { HistogramSum, StatisticsSum, type Numbers } from "#analysis/checkpoints/statistics";
import { FormatError, messageOf } from "#base/errors";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import type { Bundle } from "#formats/bundle/openBundle";
import { describeBundle } from "#formats/bundle/describeBundle";
import type { ChangeMap, CheckpointDifference, StatisticsAnswer, VariableChange, VariableStatistics, Weights } from "#model/checkpointLook";
import type { VariableInfo } from "#model/checkpoint";
import { withCheckpoint } from "./openCheckpoint";
import { unwatched, type Look } from "./tasks";

/** Scopes deeper than this are not added up: the picture has no room for them. */
const deepest = 8;

/** Figures of numeric variables, all unless `names` are given, in the order of the file. */
export function statisticsOf({ prefix, names }: { readonly prefix: string; readonly names?: readonly string[] }, look: Look): Promise<StatisticsAnswer> {
  return withCheckpoint(prefix, async (bundle) => {
    const wanted = names && new Set(names);
    const all = describeBundle(bundle).variables;
    const variables = inFileOrder(bundle, all.filter(({ name, dtype }) => isNumeric(dtype) && (!wanted || wanted.has(name))));
    const shadows = shadowsOf(all);
    look.expect(variables.reduce((sum, { bytes }) => sum + bytes, 0));
    const found: VariableStatistics[] = [];
    const problems: string[] = [];
    for (const variable of variables) {
      if (look.cancelled) return { variables: found, problems, cancelled: true };
      const figures = await orProblem(problems, () => figuresOf(bundle, variable, look));
      if (!figures) continue;
      const shadow = shadows.get(variable.name);
      const distance = shadow === undefined ? undefined : await orProblem(problems, () => distanceOf(bundle, variable, shadow));
      found.push(shadow === undefined || distance === undefined ? figures : { ...figures, shadow: { name: shadow, distance } });
    }
    return { variables: found, problems };
  });
}

/** Two passes: the range must be known before values are counted in it. */
async function figuresOf(bundle: Bundle, { name, dtype }: VariableInfo, look: Look): Promise<VariableStatistics> {
  const sum = new StatisticsSum();
  let pieces = 0;
  let only: Numbers = [];
  for await (const piece of bundle.pieces(name)) {
    only = numbersOf(dtype, piece);
    sum.add(only);
    pieces++;
    look.passed(piece.length);
  }
  const histogram = new HistogramSum(sum.range);
  if (pieces === 1) histogram.add(only);
  else for await (const piece of bundle.pieces(name)) histogram.add(numbersOf(dtype, piece));
  return sum.done(name, histogram.done());
}

/** How far the moving average is from the variable. */
async function distanceOf(bundle: Bundle, { name, dtype }: VariableInfo, shadow: string): Promise<number> {
  return (await changeOf({ bundle, name }, { bundle, name: shadow }, { dtype })).relative;
}

/** Partitioned tensors come whole, the others in pieces of one size: two of a kind can be walked side by side. */
function inPieces({ bundle, name }: Place): boolean {
  return bundle.format === "V2" && bundle.entries.get(name)?.slices === undefined;
}

interface Place {
  readonly bundle: Bundle;
  readonly name: string;
}

async function changeOf(from: Place, to: Place, { dtype, look = unwatched }: { readonly dtype: string; readonly look?: Look }): Promise<ChangeSum> {
  const sum = new ChangeSum();
  if (!inPieces(from) || !inPieces(to)) {
    const [one, other] = [await from.bundle.read(from.name), await to.bundle.read(to.name)];
    sum.add(numbersOf(dtype, one), numbersOf(dtype, other));
    look.passed(one.length + other.length);
    return sum;
  }
  const others = to.bundle.pieces(to.name)[Symbol.asyncIterator]();
  for await (const piece of from.bundle.pieces(from.name)) {
    const other = await others.next();
    sum.add(numbersOf(dtype, piece), numbersOf(dtype, other.done ? new Uint8Array() : other.value));
    look.passed(2 * piece.length);
  }
  // Past its last piece the other side compares its checksum.
  await others.next();
  return sum;
}

/** Prefixes are absolute. All variables, averages among them, unless `weights` chooses. */
export interface DifferenceRequest {
  readonly from: string;
  readonly to: string;
  readonly depth?: number;
  readonly weights?: Weights;
}

/** How one checkpoint became another. Of variables whose stored checksums are equal only one side is read. */
export function differenceOf({ from, to, depth = 3, weights }: DifferenceRequest, look: Look): Promise<CheckpointDifference> {
  return withCheckpoint(from, (before) => withCheckpoint(to, async (after) => {
    const { measured, changed, left, problems, ...names } = await compare({ before, after, look }, weights);
    return {
      ...names, changed, problems, equal: measured.length - changed.length,
      scopes: changesOfScopes(measured, Math.min(depth, deepest)), ...(left > 0 && { cancelled: { left } }),
    };
  }));
}

interface Compared {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly reshaped: CheckpointDifference["reshaped"];
  readonly measured: readonly Measured[];
  readonly changed: readonly VariableChange[];
  readonly problems: readonly string[];
  /** Common variables that a cancelled comparison did not come to. */
  readonly left: number;
}

async function compare({ before, after, look }: Comparison, weights: Weights | undefined): Promise<Compared> {
  const { common, ...names } = compareNames(weightsOf(describeBundle(before).variables, weights), weightsOf(describeBundle(after).variables, weights));
  const pairs = inFileOrder(before, common.map(({ from }) => from));
  const others = new Map(common.map(({ to }) => [to.name, to]));
  const same = new Set(pairs.filter((one) => sameStored(one, others.get(one.name))).map(({ name }) => name));
  look.expect(pairs.reduce((sum, { name, bytes }) => sum + (same.has(name) ? bytes : 2 * bytes), 0));
  const measured: Measured[] = [];
  const changed: VariableChange[] = [];
  const problems: string[] = [];
  let done = 0;
  for (const variable of pairs) {
    if (look.cancelled) break;
    done++;
    const { name, dtype } = variable;
    const change = await orProblem(problems, () => {
      if (same.has(name)) return unchanged(before, variable, look);
      return isNumeric(dtype) ? numericChange({ before, after, look }, variable) : otherChange(before, after, variable);
    });
    if (!change) continue;
    measured.push(change);
    if (isChange(change)) changed.push(change);
  }
  changed.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { ...names, measured, changed, problems, left: pairs.length - done };
}

interface Comparison {
  readonly before: Bundle;
  readonly after: Bundle;
  readonly look: Look;
}

/** Under the name that is shown, and the one that both checkpoints store it under. */
type Chosen = VariableInfo & { readonly stored: string };

async function numericChange({ before, after, look }: Comparison, { name, stored, bytes, dtype }: Chosen): Promise<VariableChange | Measured> {
  const sum = await changeOf({ bundle: before, name: stored }, { bundle: after, name: stored }, { dtype, look });
  return sum.done(name, bytes);
}

/** Strings and types without numbers are equal or not. */
async function otherChange(before: Bundle, after: Bundle, { name, stored, bytes }: Chosen): Promise<VariableChange | Measured> {
  const [one, other] = [await before.read(stored), await after.read(stored)];
  const sums = { name, squaresBefore: 0, squaresOfChange: 0, nonFinite: 0 };
  if (one.length === other.length && one.every((byte, at) => byte === other[at])) return sums;
  return { ...sums, bytes, relative: NaN, count: 1 };
}

/** Change of scopes from each checkpoint to the next; `prefixes` oldest first. */
export async function changeMapOf({ prefixes, depth = 1, weights }: { readonly prefixes: readonly string[]; readonly depth?: number; readonly weights?: Weights }, look: Look): Promise<ChangeMap> {
  const columns: { from: string; to: string; scopes: ReadonlyMap<string, { relative: number; nonFinite: number }> }[] = [];
  const problems: string[] = [];
  for (const [at, to] of prefixes.entries()) {
    const from = prefixes[at - 1];
    if (from === undefined) continue;
    if (look.cancelled) break;
    const difference = await orProblem(problems, () => differenceOf({ from, to, depth, ...(weights && { weights }) }, look));
    if (!difference || difference.cancelled) continue;
    const scopes = difference.scopes.filter(({ scope }) => !scope.endsWith(averageEnding));
    columns.push({ from, to, scopes: new Map(scopes.map(({ scope, relative, nonFinite }) => [scope, { relative, nonFinite }])) });
    problems.push(...difference.problems);
  }
  const scopes = [...new Set(columns.flatMap((column) => [...column.scopes.keys()]))].sort();
  return {
    scopes, problems, ...(look.cancelled && { cancelled: true as const }),
    columns: columns.map(({ from, to, scopes: found }) => ({
      from, to, relative: scopes.map((scope) => found.get(scope)?.relative), nonFinite: scopes.map((scope) => found.get(scope)?.nonFinite ?? 0),
    })),
  };
}

/** How large it is counts for its scopes; what is not finite there was so before, and is no change. */
async function unchanged(bundle: Bundle, { name, stored, dtype }: Chosen, look: Look): Promise<Measured> {
  const sum = new StatisticsSum();
  if (isNumeric(dtype)) {
    for await (const piece of bundle.pieces(stored)) {
      sum.add(numbersOf(dtype, piece));
      look.passed(piece.length);
    }
  }
  return { name, squaresBefore: sum.squares, squaresOfChange: 0, nonFinite: 0 };
}

function isChange(one: VariableChange | Measured): one is VariableChange {
  return "relative" in one;
}

function sameStored(one: VariableInfo, other: VariableInfo | undefined): boolean {
  return one.crc32c !== undefined && one.crc32c === other?.crc32c && one.bytes === other.bytes;
}

/** In the order of the bytes on disk: anything else would make a spinning or far disk crawl. */
export function inFileOrder<V extends VariableInfo>(bundle: Bundle, variables: readonly V[]): V[] {
  const place = ({ name, ...one }: VariableInfo & { readonly stored?: string }) => bundle.entries.get(one.stored ?? name);
  return [...variables].sort((one, other) => {
    const [a, b] = [place(one), place(other)];
    return a && b ? a.shard - b.shard || a.offset - b.offset : 0;
  });
}

/** Types whose values are numbers. */
export function isNumeric(dtype: string): boolean {
  return /^(float|double|half|bfloat16|u?int(8|16|32|64)$|bool|q|complex)/.test(dtype) && !/^(float8|int4|uint4)/.test(dtype);
}

/** The numbers in stored bytes. */
export function numbersOf(dtype: string, bytes: Uint8Array): Numbers {
  const values = decodeTensor(dtype, bytes);
  return Array.isArray(values) ? [] : values;
}

/** Damage is noted, and the look goes on. */
export async function orProblem<T>(problems: string[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    problems.push(messageOf(error));
    return undefined;
  }
}
