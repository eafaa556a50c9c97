import { opens } from "#analysis/diagram/view";
import { describe, expect, test } from "vitest";
import type { GraphLife } from "#protocol/graphViewApi";
import { heatOf, overlayOf } from "../../../../webview/graph/overlay";
import { brokenCause, initialState, movesOf, nodeOf, reduce, savedState, wantedLevels, type GraphState, type Happening } from "../../../../webview/graph/state";
import { after, inside, node, opened, top } from "./made";

describe("opening scopes", () => {
  test("asks for each level once", () => {
    const open = after(opened, { kind: "expand", scope: "generator", open: true });
    expect(wantedLevels(open)).toEqual(["generator"]);
    expect(wantedLevels(reduce(open, { kind: "levelsAsked", scopes: ["generator"] }))).toEqual([]);
    expect(wantedLevels(reduce(open, inside))).toEqual([]);
  });
  test("opens the scopes around, too", () => {
    expect([...after(opened, { kind: "expand", scope: "a/b/c", open: true }).expanded]).toEqual(["a", "a/b", "a/b/c"]);
  });
  test("closing takes what is inside along and moves the selection out", () => {
    const state = after(
      opened, { kind: "expand", scope: "generator/encoder_1", open: true }, { kind: "select", name: "generator/encoder_1/conv" }, { kind: "expand", scope: "generator", open: false },
    );
    expect([[...state.expanded], state.selected]).toEqual([[], "generator"]);
  });
  test("a refused level closes again, and says why", () => {
    const state = after(opened, { kind: "expand", scope: "generator", open: true }, { kind: "levelRefused", scope: "generator", why: "gone" });
    expect([[...state.expanded], state.problem]).toEqual([[], "gone"]);
  });
  test("a changed graph drops its levels and reads the open ones anew", () => {
    const state = after(opened, { kind: "expand", scope: "generator", open: true }, inside, opened);
    expect([[...state.levels.keys()], wantedLevels(state)]).toEqual([[""], ["generator"]]);
  });
});

describe("boxes that a person moved", () => {
  const moves = { broughtIn: ["save"], sentAside: ["batch"] };
  const again: Happening = { kind: "opened", opened: { title: "pix2pix-7", level: top, tags: [], life: { running: false }, moves } };
  test("are where they were left when the graph is opened again, but a page that comes back knows better", () => {
    const fresh = after(again);
    expect([[...fresh.broughtIn], [...fresh.sentAside]]).toEqual([["save"], ["batch"]]);
    const back = reduce(initialState({ sentAside: ["generator"] }), again);
    expect([[...back.broughtIn], [...back.sentAside]]).toEqual([[], ["generator"]]);
  });
  test("are kept, and what was only revealed is not", () => {
    const state = after(opened, { kind: "aside", names: ["save"], aside: false }, { kind: "aside", names: ["batch"], aside: true }, { kind: "reveal", name: "generator" });
    expect(movesOf(state)).toEqual(moves);
  });
});

test("to reveal is to select, to open what is around, and to bring in from aside", () => {
  const state = after(opened, { kind: "searched", text: "x" }, { kind: "reveal", name: "save/restore/op" });
  expect([state.selected, [...state.expanded], state.broughtIn.has("save"), state.search]).toEqual(["save/restore/op", ["save", "save/restore"], true, ""]);
});

test("facts of a box that is no longer selected are dropped", () => {
  const facts = { name: "batch", kind: "scope", ops: 1, variables: 0, parameters: 0, attrs: [], inputs: [], outputs: [], controlInputs: [] } as const;
  expect(after(opened, { kind: "select", name: "batch" }, { kind: "factsCame", facts }).facts).toBe(facts);
  expect(after(opened, { kind: "select", name: "generator" }, { kind: "factsCame", facts }).facts).toBeUndefined();
});

describe("search", () => {
  const match = (name: string) => ({ name, kind: "operation", ops: 1 }) as const;
  const found = (text: string, names: readonly string[], from = 0): Happening => ({ kind: "foundCame", text, from, found: { total: 9, matches: names.map(match), inside: [] } });
  const names = (state: GraphState) => state.found?.matches.map(({ name }) => name);
  test("keeps what comes for the text that is sought, and adds what comes after it", () => {
    const state = after(opened, { kind: "searched", text: "conv" }, found("con", ["x"]), found("conv", ["a", "b"]), found("conv", ["c"], 2));
    expect([names(state), state.found?.total]).toEqual([["a", "b", "c"], 9]);
  });
  test("forgets its matches with the text", () => {
    expect(after(opened, { kind: "searched", text: "conv" }, found("conv", ["a"]), { kind: "searched", text: " " }).found).toBeUndefined();
  });
});

describe("a path", () => {
  const answer = { found: true, reversed: false, control: false, steps: [{ name: "batch/x" }, { name: "generator/conv", by: "data" }] } as const;
  test("is drawn when the answer is of the ends that are sought", () => {
    const sought = after(opened, { kind: "pathSought", search: { from: "batch", to: "generator" } });
    expect(reduce(sought, { kind: "pathCame", from: "batch", to: "generator", answer }).path).toEqual(["batch/x", "generator/conv"]);
    expect(reduce(sought, { kind: "pathCame", from: "batch", to: "save", answer }).path).toBeUndefined();
  });
  test("is gone when another begins", () => {
    const drawn = after(opened, { kind: "pathSought", search: { from: "a", to: "b" } }, { kind: "pathCame", from: "a", to: "b", answer }, { kind: "pathSought", search: { from: "b" } });
    expect(drawn.path).toBeUndefined();
  });
});

test("scopes open, operations and single variables do not", () => {
  expect([node("a"), node("v", { kind: "variables", ops: 66 }), node("v", { kind: "variable" }), node("o", { kind: "operation" })].map(opens)).toEqual([true, true, false, false]);
});

test("a box is found in whichever level holds it", () => {
  const state = after(opened, inside);
  expect([nodeOf(state, "generator/conv")?.op, nodeOf(state, "nothing"), nodeOf(state, undefined)]).toEqual(["Conv2D", undefined, undefined]);
});

test("what was open comes back after the page slept", () => {
  const saved = savedState(after(opened, { kind: "expand", scope: "generator", open: true }, { kind: "panel", panel: "aside", open: false }));
  const back = initialState(structuredClone(saved));
  expect([[...back.expanded], back.asideOpen, back.asTree]).toEqual([["generator"], false, false]);
  expect(initialState(null).asideOpen).toBe(true);
});

const search = { runs: 3, start: { kind: "present" }, found: { node: "loss/Log", op: "Log", value: { shape: [1], elements: 1, nan: 1, infinite: 0 }, inputs: [], reached: ["loss/Mean"], moreReached: 0 } } as const;

test("a banner that was dismissed stays so until something else breaks, or its own cause comes back anew", () => {
  const life = { running: true, nonFinite: search };
  const come = (now: GraphLife): Happening => ({ kind: "lifeCame", life: now });
  const at = (step: number, node = "loss/Log") => ({ ...life, nonFinite: { ...search, found: { ...search.found, node, step } } });
  const isShown = (...happenings: readonly Happening[]): boolean => {
    const state = after(opened, ...happenings);
    return state.dismissed !== brokenCause(state.life);
  };
  const closed: Happening = { kind: "bannerClosed" };
  expect(isShown(come(at(7)), closed, come({ ...at(7), savedSeconds: 9 }))).toBe(false);
  expect(isShown(come(at(7)), closed, come(at(7, "loss/Exp")))).toBe(true);
  expect(isShown(come(at(7)), closed, come(at(900)))).toBe(true);
  expect(isShown(come({ running: true, brokenTag: "loss" }), closed)).toBe(false);
  expect(isShown(come({ running: true, brokenTag: "loss" }), closed, come(at(7)))).toBe(true);
  expect(isShown(come(at(7)), closed, come({ running: true }), come(at(7)))).toBe(true);
  expect(isShown(come(at(7)), closed, { kind: "searching", on: true })).toBe(true);
});

test("time colours only what was timed, once somebody wants it", () => {
  const times = { samples: 1, everySeconds: 2, handedOver: false, names: ["generator/conv"], milliseconds: Float64Array.of(4), liveBytes: Float64Array.of(8) };
  const told = after(opened, { kind: "lifeCame", life: { running: true, nonFinite: search } }, { kind: "timesCame", times });
  expect(overlayOf(told)).toEqual({ broken: new Map([["loss/Mean", "reached"], ["loss", "first"], ["loss/Log", "first"]]) });
  const timed = overlayOf(reduce(told, { kind: "byTime", on: true })).times;
  expect(timed?.get("generator")).toMatchObject({ share: 1, milliseconds: 4 });
  expect(timed?.has("batch")).toBe(false);
});

test.each([[0.005, 0], [0.01, 1], [0.1, 2], [0.3, 3]])("a share of %d has heat %d", (share, heat) => {
  expect(heatOf(share)).toBe(heat);
});

test("kinds of changes are hidden and shown again, one by one", () => {
  const hidden = after(opened, { kind: "changesShown", change: "removed", shown: false }, { kind: "changesShown", change: "added", shown: false }, { kind: "changesShown", change: "removed", shown: true });
  expect([...hidden.hiddenChanges]).toEqual(["added"]);
});
