import { describe, expect, test } from "vitest";
import { apart, chartsOf, groupsOf, linesOf, mergedWith, sharedBy } from "../../../../webview/curves/charts";
import type { CurvesRun } from "#protocol/curvesApi";
import { betterByName, defaultSettings, parseSettings, printSettings, type Settings } from "../../../../webview/curves/settings";
import { curvesRun, tag } from "./made";

describe("settings of the workspace", () => {
  test("come back as they were", () => {
    const settings: Settings = {
      ...defaultSettings, x: { kind: "tag", tag: "epoch" }, xScale: "log", y: "log", smoothing: { weight: 0.99, timed: true, bridge: true }, clip: false, superseded: false,
      columns: 3, closedScopes: ["batch"], hidden: ["lr"], pinned: ["loss"], merged: [["a", "b"]], baseline: "/runs/a", grouped: false, tableOpen: false,
      charts: { loss: { weight: 0.5, y: "linear", limits: [0, 1], corrected: true, better: "higher" } }, scopes: { generator: { weight: 0 } },
      sorting: { tag: "loss", column: "best", descending: true },
    };
    expect(parseSettings(printSettings(settings))).toEqual(settings);
  });
  test.each(["", "{", "[]", "7", '{"smoothing":{"weight":1},"y":"cubic","x":{"kind":"tag"},"columns":9,"charts":[1],"merged":[["a"],3],"sorting":4}'])("%j is as good as none", (text) => {
    expect(parseSettings(text)).toEqual(defaultSettings);
  });
  test("one bad part does not spoil the others", () => {
    expect(parseSettings('{"charts":{"loss":{"limits":[3,1],"weight":0.5}},"clip":false}')).toEqual({ ...defaultSettings, clip: false, charts: { loss: { weight: 0.5 } } });
  });
});

describe("charts", () => {
  const tags = ["loss", "gain", "lr"].map((name) => tag(name));
  const ids = (change: Partial<Settings>): readonly string[] => chartsOf(tags, { ...defaultSettings, ...change }).map(({ id }) => id);

  test("are one per tag, and one for tags that were put together", () => {
    expect(ids({})).toEqual(["loss", "gain", "lr"]);
    expect(ids({ merged: [["lr", "loss"]] })).toEqual(["lr\nloss", "gain"]);
  });
  test("leave out what is hidden, also in a chart of several", () => {
    expect(ids({ hidden: ["gain"] })).toEqual(["loss", "lr"]);
    expect(ids({ merged: [["lr", "loss"]], hidden: ["lr"] })).toEqual(["loss", "gain"]);
  });
  test("can be put together by twos and threes, and taken apart", () => {
    const two = mergedWith([], { id: "loss", tags: ["loss"] }, { id: "lr", tags: ["lr"] });
    expect(two).toEqual([["loss", "lr"]]);
    expect(mergedWith(two, { id: "gain", tags: ["gain"] }, { id: "loss\nlr", tags: ["loss", "lr"] })).toEqual([["gain", "loss", "lr"]]);
    expect(apart([["a", "b", "c"]], ["a"])).toEqual([["b", "c"]]);
    expect(apart([["a", "b"]], ["a"])).toEqual([]);
  });
  test("hold the tags that were chosen for them, whatever charts these were in before", () => {
    const merged = [["a", "b"], ["c", "d", "e"]];
    expect(sharedBy(merged, { id: "a\nb", tags: ["a", "b"] }, ["b", "c"])).toEqual([["d", "e"], ["b", "c"]]);
    expect(sharedBy(merged, { id: "a\nb", tags: ["a", "b"] }, ["b"])).toEqual([["c", "d", "e"]]);
    expect(sharedBy(merged, { id: "a\nb", tags: ["a", "b"] }, [])).toEqual([["c", "d", "e"]]);
  });
});

describe("lines", () => {
  const runs = [curvesRun("a", { style: 3, tags: [tag("loss"), tag("gain")] }), curvesRun("b", { style: 1 })];

  test("have their run's colour and dashes", () => {
    const lines = linesOf({ id: "loss", tags: ["loss"] }, groupsOf(runs, true));
    expect(lines.map(({ name, style }) => [name, style])).toEqual([["a", 3], ["b", 1]]);
  });
  test("of runs that share a folder are one, but not of runs of two folders that have one name", () => {
    const there = (dir: string): CurvesRun => ({ ...curvesRun("seeds/1"), run: { ...curvesRun("seeds/1").run, dir } });
    expect(groupsOf([there("/a/seeds/1"), there("/a/seeds/2"), there("/b/seeds/1")], true).map(({ name, runs: members }) => [name, members.length])).toEqual([["seeds", 2], ["seeds/1", 1]]);
  });
  test("of several tags keep a run's colour and differ in dashes; of one run they differ in colour", () => {
    const both = { id: "loss\ngain", tags: ["loss", "gain"] };
    expect(linesOf(both, groupsOf(runs, true)).map(({ name, style }) => [name, style])).toEqual([["a · loss", 3], ["b · loss", 1], ["a · gain", 7]]);
    expect(linesOf(both, groupsOf(runs.slice(0, 1), true)).map(({ name, style }) => [name, style])).toEqual([["loss", 3], ["gain", 4]]);
  });
});

test.each([["generator_loss_L1", "lower"], ["discriminator_loss_1", "none"], ["val/accuracy", "higher"], ["learning_rate", "none"]] as const)("%s is better %s", (name, better) => {
  expect(betterByName(name)).toBe(better);
});
