// Which way a scalar gets better, as far as its name tells.
import type { Tag } from "#model/run";

/** `contested`: two networks pull it in two directions, so neither way is better. `unknown`: the name does not say. */
export type Direction = "lower" | "higher" | "contested" | "unknown";

const contested = /\bgan\b|adversarial|discriminator|\bcritic\b|\bgenerator loss$|\b[dg] loss/;
const lower = /loss|error|\berr\b|\bcost\b|perplexity|\bppl\b|\bm[sa]e\b|\brmse\b|\bfid\b|\b[wc]er\b|\bnll\b|\bl[12]\b|divergence|\bkl\b/;
const higher = /accuracy|\bacc\b|\bauc\b|\bf1\b|precision|recall|psnr|ssim|bleu|rouge|score|reward|\breturns?\b|\bm?iou\b|\bmap\b|\br2\b|correlation/;
/** Part of a loss that a norm measures is no game, whoever plays it. */
const measured = /\bl[12]\b/;

/** Losses come first: what is called a loss of something good is still one. */
export function directionByName(tag: Tag): Direction {
  const words = tag.replace(/([a-z]{2})([A-Z])/g, "$1 $2").replace(/[_/.:-]+/g, " ").toLowerCase();
  const [less, more] = [lower.test(words), higher.test(words)];
  if ((less || more) && contested.test(words) && !measured.test(words)) return "contested";
  return less ? "lower" : more ? "higher" : "unknown";
}
