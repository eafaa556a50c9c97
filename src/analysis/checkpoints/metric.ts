// Which metric the checkpoint browser speaks of unless told otherwise, whether less of it is better, and which checkpoint is best.
import type { Tag } from "#model/run";
import { directionByName, type Direction } from "../series/direction";

/** Weight of the average by which checkpoints are compared: TensorBoard's own default. */
export const metricSmoothing = 0.6;

/** Metrics measured on data that was not trained on tell more about a checkpoint. */
const heldOut = /val|eval|test|dev/i;

/** Whether less is better, by the tag's name: unknown names are taken for losses. */
export function lowerIsBetter(tag: Tag): boolean {
  return directionByName(tag) !== "higher";
}

const ranks: Readonly<Record<Direction, number>> = { lower: 2, higher: 1, contested: 1, unknown: 0 };

/** A held-out loss, else any that is not contested, else a held-out metric of quality, else the first tag; the first of equals. */
export function defaultMetric(tags: readonly Tag[]): Tag | undefined {
  const rank = (tag: Tag): number => {
    const known = ranks[directionByName(tag)];
    return 2 * known + Number(known > 0 && heldOut.test(tag));
  };
  return tags.reduce<Tag | undefined>((best, tag) => (best === undefined || rank(tag) > rank(best) ? tag : best), undefined);
}

/** The best `count` prefixes by the average that each has, best first; values that are not finite never are. The older of equals wins. */
export function bestOf(values: ReadonlyMap<string, number>, { count, lower }: { readonly count: number; readonly lower: boolean }): string[] {
  const finite = [...values].filter(([, value]) => Number.isFinite(value));
  finite.sort(([, one], [, other]) => (lower ? one - other : other - one));
  return finite.slice(0, Math.max(0, count)).map(([prefix]) => prefix);
}
