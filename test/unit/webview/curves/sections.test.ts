import { describe, expect, test } from "vitest";
import { columnsFor, cutMiddle, packed, scopeSettings, sectionsOf, spanOf, unfolded, type Section } from "../../../../webview/curves/sections";
import { tag } from "./made";

const sectionsFrom = (tags: readonly string[], pinned: readonly string[] = []): readonly Section[] =>
  sectionsOf(tags.map((name) => ({ id: name, tags: [name] })), tags.map((name) => tag(name)), pinned);
const names = (tags: readonly string[]): readonly (readonly [string, readonly string[]])[] =>
  sectionsFrom(tags).map(({ scope, charts }) => [scope, charts.map(({ id }) => id)]);

describe("sections", () => {
  test("follow the path as deep as two tags share it", () => {
    expect(names(["a/x", "b/x", "a/y/z"])).toEqual([["a", ["a/x", "a/y/z"]], ["b", ["b/x"]]]);
    expect(names(["a/b/x", "a/b/y", "a/c/z", "a/w"])).toEqual([["a", ["a/c/z", "a/w"]], ["a/b", ["a/b/x", "a/b/y"]]]);
  });
  test("lie in each other as scopes do, without those that hold only one other", () => {
    const tree = sectionsFrom(["net/gen/enc_1/w", "net/gen/enc_1/b", "net/gen/enc_2/w", "net/gen/enc_2/b", "loss", "net/dis/layer/w", "net/dis/layer/b"]);
    expect(tree.map(({ scope, parent, depth, count, outer }) => [scope, parent, depth, count, outer])).toEqual([
      ["net", undefined, 0, 6, true], ["net/gen", "net", 1, 4, true], ["net/gen/enc_1", "net/gen", 2, 2, false], ["net/gen/enc_2", "net/gen", 2, 2, false],
      ["net/dis/layer", "net", 1, 2, false], ["loss", undefined, 0, 1, false],
    ]);
  });
  test("hide with every scope around them", () => {
    const tree = sectionsFrom(["net/gen/a/x", "net/gen/a/y", "net/gen/b/x", "net/gen/b/y", "net/dis/x", "net/dis/y"]);
    expect(unfolded(tree, ["net/gen"]).map(({ scope }) => scope)).toEqual(["net", "net/gen", "net/dis"]);
    expect(unfolded(tree, ["net"]).map(({ scope }) => scope)).toEqual(["net"]);
  });
  test("have what is set for scopes around them, unless they have their own", () => {
    expect(scopeSettings({ net: { weight: 0.5, y: "log" }, "net/gen": { weight: 0.9 }, ne: { y: "linear" } }, "net/gen")).toEqual({ weight: 0.9, y: "log" });
    expect(scopeSettings({}, "net/gen")).toEqual({});
  });
  test("begin with what is pinned", () => {
    expect(sectionsFrom(["a/x", "b/x"], ["b/x"]).map(({ scope, charts }) => [scope, charts.length])).toEqual([["Pinned", 1], ["a", 1]]);
  });
  test("join tags without a slash that share all words but the last", () => {
    expect(names(["discriminator_loss", "generator_loss_GAN", "generator_loss_L1"])).toEqual([
      ["discriminator_loss", ["discriminator_loss"]], ["generator_loss", ["generator_loss_GAN", "generator_loss_L1"]],
    ]);
  });
  test("never join strangers over a single word", () => {
    expect(names(["batch_size", "batch_time"])).toEqual([["batch_size", ["batch_size"]], ["batch_time", ["batch_time"]]]);
  });
  test("drop the number that TensorFlow appends", () => {
    expect(names(["discriminator_loss_1"])).toEqual([["discriminator_loss", ["discriminator_loss_1"]]]);
  });
});

describe("packing", () => {
  const sections = sectionsFrom(["one", "a/1", "a/2", "two"]);
  const order = (columns: number, closed: readonly string[] = []): readonly string[] =>
    packed(sections, { columns, isOpen: (scope) => !closed.includes(scope) }).map(({ section: { scope } }) => scope);

  test("a section of one card lets the next that fits into its row", () => {
    expect(order(2)).toEqual(["one", "two", "a"]);
  });
  test("in one column the order stays", () => {
    expect(order(1)).toEqual(["one", "a", "two"]);
  });
  test("a closed section takes its whole row", () => {
    expect(order(2, ["two"])).toEqual(["one", "a", "two"]);
  });
  test("never takes a section out of its scope", () => {
    const tree = sectionsFrom(["first", "net/a/x", "net/b/x", "net/b/y", "net/c/x", "net/c/y", "last"]);
    expect(packed(tree, { columns: 2, isOpen: () => true }).map(({ section: { scope }, first }) => [scope, first])).toEqual([
      ["first", true], ["net", true], ["net/b", true], ["net/c", true], ["last", true],
    ]);
  });
  test("loses none", () => {
    for (const columns of [1, 2, 3, 4]) expect([...order(columns)].sort()).toEqual(["a", "one", "two"]);
  });
});

test.each([[300, 1], [959, 1], [960, 2], [1240, 2], [1440, 3], [4000, 4]])("at %d pixels there are %d columns", (width, columns) => {
  expect(columnsFor(width)).toBe(columns);
});

test("as many columns as were asked for, as long as no card gets narrower than 240 pixels", () => {
  expect([columnsFor(1440, 4), columnsFor(700, 4), columnsFor(200, 3)]).toEqual([4, 2, 1]);
});

test("a section is never wider than its cards", () => {
  const [section] = sectionsFrom(["a/1", "a/2", "a/3"]);
  if (!section) throw new Error("there is one section");
  expect([spanOf(section, 2), spanOf(section, 4)]).toEqual([2, 3]);
});

test("a long tag is cut in its middle and keeps its end", () => {
  expect(cutMiddle("generator_loss_L1", 40)).toBe("generator_loss_L1");
  expect(cutMiddle("generator_loss_L1", 10)).toBe("gen…oss_L1");
  expect(cutMiddle("generator_loss_L1", 10)).toHaveLength(10);
});
