// The smoothing control: a slider in equal parts for weights 0, 0.9, 0.99, 0.999, and what a weight means in steps.
import type { Tag } from "#model/run";
import type { TagInfo } from "#model/scalars";
import type { CurvesSnapshot } from "#protocol/curvesApi";
import type { Numbers } from "#kit/numbers";

const anchors = [0, 0.9, 0.99, 0.999];

/** Where a weight stands on the slider, 0 to 1. Between the anchors the distance to 1 shrinks evenly in its logarithm. */
export function positionOf(weight: number): number {
  if (weight <= 0) return 0;
  if (weight >= 0.999) return 1;
  // 1 - weight is 10^-(3 · position), so that 0.9, 0.99 and 0.999 stand at thirds.
  return -Math.log10(1 - weight) / (anchors.length - 1);
}

/** The weight at a place of the slider, rounded to what a person would type. */
export function weightAt(position: number): number {
  if (position <= 0) return 0;
  if (position >= 1) return 0.999;
  const weight = 1 - 10 ** (-position * (anchors.length - 1));
  const digits = weight < 0.9 ? 2 : weight < 0.99 ? 3 : 4;
  return Number(weight.toFixed(digits));
}

/** Reads what was typed beside the slider; undefined when that is no weight. A comma is as good as a point. */
export function parseWeight(text: string): number | undefined {
  const weight = Number(text.trim().replace(",", "."));
  return text.trim() !== "" && weight >= 0 && weight < 1 ? weight : undefined;
}

/** A weight as it is shown: two digits at least. */
export function printWeight(weight: number): string {
  return weight === 0 ? "0" : weight.toString().length < 4 ? weight.toFixed(2) : String(weight);
}

/** Steps after which a point counts half: ln ½ / ln weight points, times the usual distance of points. */
export function halfLifeSteps(weight: number, tags: readonly TagInfo[]): number | undefined {
  if (weight <= 0) return undefined;
  const distances = tags.flatMap(({ first, last, points }) =>
    first && last && points > 1 && last.step > first.step ? [(last.step - first.step) / (points - 1)] : []);
  const middle = distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)];
  return middle === undefined ? undefined : (Math.LN2 / -Math.log(weight)) * middle;
}

/** Points that the average is as steady as the mean of: (1 + weight) / (1 - weight). */
export function effectiveWindow(weight: number): number {
  return (1 + weight) / (1 - weight);
}

/** `half-life 329 steps`, over the shown runs' points of some tags, or of all. */
export function halfLifeWords(weight: number, snapshot: CurvesSnapshot | undefined, { tags, numbers }: { readonly tags?: readonly Tag[]; readonly numbers: Numbers }): string {
  const infos = (snapshot?.runs ?? []).flatMap((run) => run.tags.filter(({ tag, kind }) => kind === "scalar" && (!tags || tags.includes(tag))));
  const steps = halfLifeSteps(weight, infos);
  return steps === undefined ? "off" : `half-life ${numbers.counted(Math.max(1, Math.round(steps)), "step", "steps")}`;
}
