import { expect, test } from "vitest";
import { directionByName } from "#analysis/series/direction";

test.each([
  ["loss", "lower"], ["train/loss", "lower"], ["generator_loss_L1", "lower"], ["map_loss", "lower"], ["eval/perplexity", "lower"], ["valLoss", "lower"], ["MSE", "lower"],
  ["val_accuracy", "higher"], ["valAcc", "higher"], ["PSNR", "higher"], ["mAP", "higher"], ["mIoU", "higher"], ["episode/return", "higher"],
  ["generator_loss_GAN", "contested"], ["discriminator_loss_1", "contested"], ["d_loss", "contested"], ["generator_loss", "contested"], ["discriminator/accuracy", "contested"],
  ["learning_rate", "unknown"], ["heatmaps", "unknown"], ["previous_step", "unknown"], ["accumulated_steps", "unknown"], ["discriminator/norm", "unknown"], ["organ", "unknown"],
] as const)("%s: %s", (tag, direction) => {
  expect(directionByName(tag)).toBe(direction);
});
