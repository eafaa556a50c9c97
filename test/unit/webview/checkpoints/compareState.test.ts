import { describe, expect, test } from "vitest";
import { comparable, compareAfter, lastFinite, pairOf, type CompareState } from "../../../../webview/checkpoints/compareState";
import { checkpoint } from "./made";

const rows = [checkpoint(12_000), checkpoint(11_500), checkpoint(11_000, { complete: false }), checkpoint(10_500, { damage: "a checksum differs" }), checkpoint(10_000)];
const difference = { equal: 3, added: [], removed: [], reshaped: [], changed: [], scopes: [], problems: [] };
const after = (...happenings: readonly Parameters<typeof compareAfter>[1][]) => happenings.reduce<CompareState | undefined>(compareAfter, undefined);
const opened = { kind: "compareOpened", from: "a", to: "b" } as const;

describe("the pair to compare", () => {
  test("is the two that were chosen, the older one first", () => {
    expect(pairOf(rows, { selected: "model-10000", other: "model-12000" })).toEqual({ from: "model-10000", to: "model-12000" });
    expect(pairOf(rows, { selected: "model-12000", other: "model-10000" })).toEqual({ from: "model-10000", to: "model-12000" });
  });
  test("is the selected one and the whole one before it", () => {
    expect(pairOf(rows, { selected: "model-11500" })).toEqual({ from: "model-10000", to: "model-11500" });
    expect(pairOf(rows, { selected: "model-10000" })).toEqual({ from: "model-10000", to: "model-11500" });
    expect(pairOf(rows, { selected: undefined })).toEqual({ from: "model-11500", to: "model-12000" });
  });
  test("needs two whole checkpoints", () => {
    expect(pairOf(rows.slice(0, 1), { selected: "model-12000" })).toBeUndefined();
    expect(comparable(rows).map(({ step }) => step)).toEqual([10_000, 11_500, 12_000]);
  });
});

test("a late answer about another pair changes nothing, and the map outlives the pair", () => {
  const map = { scopes: ["generator", "generator/a"], columns: [], problems: [] };
  const state = after(opened, { kind: "mapCame", weights: "raw", map }, { kind: "compareOpened", from: "b", to: "c" }, { kind: "differenceCame", from: "a", to: "b", weights: "raw", difference });
  expect([state?.difference, state?.map, state?.openScopes]).toEqual([undefined, map, ["generator"]]);
  expect(after(opened, { kind: "weighed", weights: "ema" }, { kind: "mapCame", weights: "raw", map })?.map).toBeUndefined();
});

test.each([
  ["before values stopped being finite", [0, 0, 4, 4], "model-2"],
  ["before they did for the first time: what is equal in two checkpoints is not looked into", [0, 4, 0, 4], "model-1"],
  ["nowhere, where all are finite", [0, 0], undefined],
  ["nowhere, where the oldest may not be finite either", [4, 0], undefined],
])("the last finite checkpoint is %s", (_, broken, prefix) => {
  const columns = broken.map((count, at) => ({ from: `model-${at}`, to: `model-${at + 1}`, relative: [0.1, 0.1], nonFinite: [0, count] }));
  expect(lastFinite({ scopes: ["generator", "generator/a"], columns, problems: [] })).toBe(prefix);
});
