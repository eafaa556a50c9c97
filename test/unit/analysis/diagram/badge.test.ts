import { describe, expect, test } from "vitest";
import { boxBadge, type NodeBadge } from "#analysis/diagram/badge";

const badge = (tag: string, node: string, more: Partial<NodeBadge> = {}): NodeBadge => ({ tag, node, value: "0.5", y: [3, 2, 1], broken: false, ...more });
const box = { name: "net/generator_loss", label: "generator_loss" };

describe("a badge", () => {
  test("names its values by what their tags add to the box", () => {
    const badges = [badge("generator_loss_GAN", "net/generator_loss/Mean"), badge("generator_loss_L1", "net/generator_loss/Mean_1", { value: "2" }), badge("other", "net/other")];
    expect(boxBadge(box, badges)?.text).toBe("GAN 0.5, L1 2");
  });
  test("of a tag that says no more than the box takes the box's last word", () => {
    expect(boxBadge(box, [badge("generator_loss_1", "net/generator_loss/Mean")])?.text).toBe("loss 0.5");
  });
  test("counts what has no room", () => {
    expect(boxBadge(box, ["a", "b", "c"].map((tag) => badge(tag, "net/generator_loss")))?.text).toBe("a 0.5, b 0.5 +1");
  });
  test("draws finite values over the whole course, least at the bottom", () => {
    expect(boxBadge(box, [badge("a", "net/generator_loss", { y: [3, NaN, 1] })])?.line).toBe("M0 0L56 10");
    expect(boxBadge(box, [badge("a", "net/generator_loss", { y: [1] })])?.line).toBe("");
  });
  test("is not on boxes without recorded values", () => expect(boxBadge({ name: "net/gen", label: "gen" }, [badge("a", "net/generator_loss")])).toBeUndefined());
});
