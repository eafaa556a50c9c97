import { innermostAround, isWithin, lastPart, parentsOf, pathTo, scopePrefix } from "#model/scopedName";
import { expect, test } from "vitest";

test("a name is within its scope and within itself, not within a scope that only begins like it", () => {
  expect(["a/b", "a/b/c", "a/bc", "a/b_1/c", "a", ""].map((name) => isWithin(name, "a/b"))).toEqual([true, true, false, false, false, false]);
});

test("the last part of a name is what stands behind its last slash", () => {
  expect(["a/b/c", "c", "a/", ""].map(lastPart)).toEqual(["c", "c", "", ""]);
});

test("what stands before the last part of a name is the prefix of its scope", () => {
  expect(["a/b/c", "c", "/c"].map(scopePrefix)).toEqual(["a/b/", "", "/"]);
});

test("the parents of a name are its scopes, outermost first", () => {
  expect(parentsOf("a/b/c")).toEqual(["a", "a/b"]);
  expect(parentsOf("a")).toEqual([]);
});

test("the path to a name ends with the name", () => {
  expect([pathTo("a/b/c"), pathTo("a")]).toEqual([["a", "a/b", "a/b/c"], ["a"]]);
});

test("the innermost scope around a name is the nearest that is looked for, never the name itself", () => {
  expect(innermostAround("a/b/c/d", (scope) => scope === "a" || scope === "a/b")).toBe("a/b");
  expect(innermostAround("a/b", (scope) => scope === "a/b")).toBeUndefined();
});
