// Figures of variables in two checkpoints side by side, with histograms that can be laid over each other.
import { weightsOf } from "#analysis/checkpoints/shadows";
import { HistogramSum, StatisticsSum } from "#analysis/checkpoints/statistics";
import { describeBundle } from "#formats/bundle/describeBundle";
import type { Bundle } from "#formats/bundle/openBundle";
import type { PairFigures, VariableStatistics, Weights } from "#model/checkpointLook";
import { inFileOrder, isNumeric, numbersOf, orProblem } from "./checkpointLooks";
import { withCheckpoint } from "./openCheckpoint";
import type { Look } from "./tasks";

/** Prefixes are absolute. */
export interface PairRequest {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
  readonly weights?: Weights;
}

/** Of the numeric variables that both have, in the order of the first file; cancelled, of those that were done. */
export function pairFiguresOf({ from, to, names, weights }: PairRequest, look: Look): Promise<readonly PairFigures[]> {
  return withCheckpoint(from, (before) => withCheckpoint(to, async (after) => {
    const wanted = new Set(names);
    const others = new Map(weightsOf(describeBundle(after).variables, weights).map((one) => [one.name, one]));
    const variables = weightsOf(describeBundle(before).variables, weights).filter(({ name, dtype }) => wanted.has(name) && isNumeric(dtype) && others.get(name)?.dtype === dtype);
    look.expect(variables.reduce((sum, { bytes }) => sum + 2 * bytes, 0));
    const found: PairFigures[] = [];
    // What is damaged is said by the comparison itself.
    const problems: string[] = [];
    for (const { name, stored, dtype } of inFileOrder(before, variables)) {
      if (look.cancelled) break;
      const pair = await orProblem(problems, () => figuresOf([{ bundle: before, stored }, { bundle: after, stored: others.get(name)?.stored ?? stored }], { name, dtype, look }));
      if (pair) found.push(pair);
    }
    return found;
  }));
}

interface Place {
  readonly bundle: Bundle;
  readonly stored: string;
}

/** Two passes over each: the range of both must be known before values are counted in it. */
async function figuresOf(places: readonly [Place, Place], { name, dtype, look }: { readonly name: string; readonly dtype: string; readonly look: Look }): Promise<PairFigures> {
  const [one, other] = [new StatisticsSum(), new StatisticsSum()];
  for (const [at, sum] of [one, other].entries()) {
    for await (const piece of piecesOf(places[at])) {
      sum.add(numbersOf(dtype, piece));
      look.passed(piece.length);
    }
  }
  const ranges = [one.range, other.range].filter(({ least }) => !Number.isNaN(least));
  const range = ranges.length === 0 ? one.range : { least: Math.min(...ranges.map(({ least }) => least)), greatest: Math.max(...ranges.map(({ greatest }) => greatest)) };
  const done = async (place: Place, sum: StatisticsSum): Promise<VariableStatistics> => {
    const histogram = new HistogramSum(range);
    for await (const piece of piecesOf(place)) histogram.add(numbersOf(dtype, piece));
    return sum.done(name, histogram.done());
  };
  return { name, from: await done(places[0], one), to: await done(places[1], other) };
}

async function* piecesOf(place: Place | undefined): AsyncIterable<Uint8Array> {
  if (place) yield* place.bundle.pieces(place.stored);
}
