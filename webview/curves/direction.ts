// Which way a tag gets better, as far as its name tells.
import type { Tag } from "#model/run";
import type { Better } from "./settings";

/** Words of losses that two networks pull in two directions: neither way is better. */
const contested = /gan|adversarial|discriminator|critic|generator_loss$|^d_loss|^g_loss/;
const lower = /loss|error|\berr\b|cost|perplexity|\bppl\b|\bmse\b|\bmae\b|\brmse\b|\bfid\b|\bwer\b|\bcer\b|nll/;
const higher = /acc|auc|\bf1\b|precision|recall|psnr|ssim|bleu|rouge|score|reward|return|iou|\bmap\b/;

/** `none` where the name does not say. */
export function betterByName(tag: Tag): Better {
  const words = tag.toLowerCase().replace(/([_/.:-])/g, " ");
  if (contested.test(words.replaceAll(" ", "_")) && !/l1|l2/.test(words)) return "none";
  if (lower.test(words)) return "lower";
  return higher.test(words) ? "higher" : "none";
}
