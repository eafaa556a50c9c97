// Which metric the checkpoint browser speaks of unless told otherwise, whether less of it is better, and which checkpoint is best.
import type { Tag } from "#model/run";

/** Weight of the average by which checkpoints are compared: TensorBoard's own default. */
export const metricSmoothing = 0.6;

/** Words in the names of metrics of which more is better. */
const moreIsBetter = /acc|auc|f1|precision|recall|psnr|ssim|iou|bleu|rouge|reward|score|return|(^|[^a-z])map([^a-z]|$)|r2|correlation/i;
const losses = /loss|error|(^|[^a-z])(mse|mae|rmse|l1|l2|nll|ppl|fid)([^a-z]|$)|perplexity|divergence/i;
/** Losses that two networks pull in two directions tell little about a checkpoint. */
const contested = /gan([^a-z]|$)|adversarial|discriminator|critic|(^|[^a-z])[dg]_loss/i;
/** Metrics measured on data that was not trained on tell more about a checkpoint. */
const heldOut = /val|eval|test|dev/i;

/** Whether less is better, by the tag's name: unknown names are taken for losses. */
export function lowerIsBetter(tag: Tag): boolean {
  return losses.test(tag) || !moreIsBetter.test(tag);
}

/** A held-out loss, else any that is not contested, else a held-out metric of quality, else the first tag; the first of equals. */
export function defaultMetric(tags: readonly Tag[]): Tag | undefined {
  const rank = (tag: Tag): number => {
    const known = losses.test(tag) && !contested.test(tag) ? 2 : moreIsBetter.test(tag) || losses.test(tag) ? 1 : 0;
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
