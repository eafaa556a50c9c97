import { describe, expect, test } from "vitest";
import { bestOf, defaultMetric, lowerIsBetter } from "#analysis/checkpoints/metric";

describe("the metric that is shown unless another is chosen", () => {
  test.each([
    [["lr", "loss", "eval/loss"], "eval/loss"],
    [["lr", "discriminator_loss_1", "generator_loss_GAN", "generator_loss_L1"], "generator_loss_L1"],
    [["lr", "discriminator_loss"], "discriminator_loss"],
    [["steps_per_second", "val/accuracy"], "val/accuracy"],
    [["a", "b"], "a"],
    [[], undefined],
  ])("of %j is %s", (tags, wanted) => {
    expect(defaultMetric(tags)).toBe(wanted);
  });
});

test.each([["loss", true], ["val_accuracy", false], ["psnr", false], ["map_loss", true], ["x", true], ["mAP", false], ["heatmaps", true]] as const)(
  "less of %s is better: %s", (tag, lower) => {
    expect(lowerIsBetter(tag)).toBe(lower);
  },
);

test("the best come first, the older of equals, and never one that is not finite", () => {
  const values = new Map<string, number>([["a", 2], ["b", NaN], ["c", 1], ["d", 1], ["e", Infinity]]);
  expect(bestOf(values, { count: 2, lower: true })).toEqual(["c", "d"]);
  expect(bestOf(values, { count: 9, lower: false })).toEqual(["a", "c", "d"]);
});
