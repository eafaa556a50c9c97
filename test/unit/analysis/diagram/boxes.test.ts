import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { boxOf, boxWords, cutName, edgeWidth, factWords, shortAmount } from "#analysis/diagram/boxes";
import { measure, node, unit } from "../../webview/graph/made";

const numbers = numbersFor("en", "UTC");

test.each([[512, "512"], [2128, "2.13 k"], [13_952, "14 k"], [131_456, "131 k"], [2_770_000, "2.77 M"], [54_420_483, "54.4 M"], [1.2e9, "1.2 G"]])("%d parameters are %s", (amount, text) => {
  expect(shortAmount(amount)).toBe(text);
});

describe("facts", () => {
  test("of a scope are operations, variables and parameters, those that are there", () => {
    expect(factWords(node("g", { ops: 1686, variables: 88, parameters: 54_420_483 }), numbers)).toBe("1,686 ops · 88 variables · 54.4 M");
    expect(factWords(node("g", { ops: 1 }), numbers)).toBe("1 op");
    expect(factWords(node("g", { ops: 23, variables: 2, parameters: 2 }), numbers)).toBe("23 ops · 2 variables");
  });
  test("of variables begin with their number", () => {
    expect(factWords(node("d", { kind: "variables", variables: 22, parameters: 2_770_000 }), numbers)).toBe("22 variables · 2.77 M parameters");
  });
});

describe("a box", () => {
  const size = (change: Parameters<typeof node>[1], name = "generator") => {
    const { width, height } = boxOf(unit(node(name, change)), { measure, numbers });
    return [width, height];
  };
  test("of a scope is 42 high, with a third line 59", () => {
    expect(size({})[1]).toBe(42);
    expect(size({ reads: ["discriminator"] })[1]).toBe(59);
  });
  test("of an operation is a pill of 24", () => {
    expect(size({ kind: "operation", op: "Conv2D" }, "Conv2D")[1]).toBe(24);
  });
  test("is never wider than 232 nor narrower than 136", () => {
    expect(size({}, "x".repeat(200))[0]).toBe(232);
    expect(size({}, "x")[0]).toBe(136);
  });
  test("holds its name: a long one is cut in the middle until it fits", () => {
    const { label, width } = boxOf(unit(node("a_scope_with_a_name_that_is_so_long_that_it_can_never_fit")), { measure, numbers });
    expect(label).toMatch(/^a_scope.*….*r_fit$/);
    expect(24 + measure(label, "name")).toBeLessThan(width);
  });
  test("names what it updates before what it reads, in chips inside of it", () => {
    const { chips, width } = boxOf(unit(node("train", { reads: ["generator"], updates: ["discriminator"] })), { measure, numbers });
    expect(chips.map(({ word, label }) => [word, label])).toEqual([["updates", "discriminator"]]);
    expect(chips.every((chip) => chip.x + chip.width < width)).toBe(true);
  });
});

test.each([[1, 1.25], [2, 1.75], [9, 1.75], [10, 2.25], [40, 2.75], [354, 3.5]])("an edge of %d tensors is %d wide", (tensors, width) => {
  expect(edgeWidth(tensors)).toBe(width);
});

test("a box says in words what its shape and lines show", () => {
  const train = node("discriminator_train", { ops: 533, updates: ["discriminator"] });
  expect(boxWords(train, { open: false, numbers })).toBe("discriminator_train, scope, 533 ops. Updates discriminator. Collapsed.");
  expect(boxWords(node("a/Conv2D", { kind: "operation", op: "Conv2D", shape: "1×4×4×8" }), { open: false, numbers })).toBe("Conv2D, Conv2D, [1,4,4,8].");
  expect(boxWords(node("save", { aside: "Only when saving" }), { open: true, numbers })).toContain("Aside: Only when saving. Expanded.");
});

test("a cut name keeps both ends", () => {
  expect(cutName("abcdefghij", 5)).toBe("ab…ij");
  expect(cutName("short", 5)).toBe("short");
});
