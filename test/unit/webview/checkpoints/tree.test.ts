import { expect, test } from "vitest";
import { rowWindow, treeAfter, wholeTree } from "../../../../webview/checkpoints/tree";

test("only the rows in sight and a few around them are drawn, and all of them have their room", () => {
  for (const top of [0, 24, 100_000, 239_000, 1e9]) {
    const { first, last, above, below } = rowWindow(10_000, { top, height: 480 });
    expect([last - first <= 40, above + below + (last - first) * 24]).toEqual([true, 240_000]);
    expect(first <= Math.min(top / 24, 10_000 - 20) && last >= Math.min(10_000, top / 24 + 20)).toBe(true);
  }
});

test("few rows are all drawn, however far a longer list was scrolled before", () => {
  expect(rowWindow(5, { top: 4000, height: 480 })).toEqual({ first: 0, last: 5, above: 0, below: 0 });
});

test("a scope opens and folds and keeps the tab stop", () => {
  const open = treeAfter(wholeTree, { kind: "scopeToggled", scope: "a/b" });
  expect(open).toMatchObject({ open: ["a/b"], at: "a/b/" });
  expect(treeAfter(open, { kind: "scopeToggled", scope: "a/b" }).open).toEqual([]);
});
