import { describe, expect, test } from "vitest";
import { initialState, reduce, wantedSlices, type CurvesState, type Happening } from "../../../../webview/curves/state";
import { checkpoint, run, slice, tag } from "./made";

const opened: Happening = { kind: "opened", snapshot: { run: run(), revision: 5, tags: [tag("loss"), tag("images", { kind: "image" })], checkpoints: [checkpoint(100)] } };
const after = (...happenings: readonly Happening[]): CurvesState => happenings.reduce(reduce, initialState(undefined, 0));
const shown: Happening = { kind: "shown", tag: "loss", pixels: 500 };

describe("what is asked for", () => {
  test("nothing before the run is known", () => {
    expect(wantedSlices(after(shown))).toEqual([]);
  });
  test("a visible card asks for its width and smoothing, once", () => {
    const state = after(opened, shown);
    expect(wantedSlices(state).map(({ request }) => request)).toEqual([{ tag: "loss", pixels: 500, smoothing: 0.9 }]);
    expect(wantedSlices(reduce(state, { kind: "asked", tag: "loss" }))).toEqual([]);
  });
  test("a card that left the screen asks for nothing", () => {
    expect(wantedSlices(after(opened, shown, { kind: "hidden", tag: "loss" }))).toEqual([]);
  });
  test("an answer for the present revision is enough, and a new revision is asked for again", () => {
    const start = after(opened, shown);
    const [wish] = wantedSlices(start);
    const had = [{ kind: "asked", tag: "loss" }, { kind: "sliceCame", drawn: { slice: slice(), key: wish?.key ?? "", revision: 5 } }] as const;
    const state = had.reduce(reduce, start);
    expect(wantedSlices(state)).toEqual([]);
    expect(wantedSlices(reduce(state, { kind: "seriesChanged", revision: 6 }))).toHaveLength(1);
  });
  test("what changed while an ask was under way is asked for after it", () => {
    const start = after(opened, shown);
    const [wish] = wantedSlices(start);
    const state = ([
      { kind: "asked", tag: "loss" }, { kind: "seriesChanged", revision: 9 }, { kind: "sliceCame", drawn: { slice: slice(), key: wish?.key ?? "", revision: 5 } },
    ] as const).reduce(reduce, start);
    expect(wantedSlices(state)).toHaveLength(1);
  });
  test("a refused ask is repeated only when something changes", () => {
    const start = after(opened, shown);
    const [wish] = wantedSlices(start);
    const refused = reduce(start, { kind: "sliceRefused", tag: "loss", key: wish?.key ?? "", revision: 5, why: "gone" });
    expect(wantedSlices(refused)).toEqual([]);
    expect(wantedSlices(reduce(refused, { kind: "prefer", change: { smoothing: 0.5 } }))).toHaveLength(1);
  });
  test("a zoom asks for whole steps around it", () => {
    const state = after(opened, shown, { kind: "prefer", change: { range: { from: 10.4, to: 99.2 } } });
    expect(wantedSlices(state)[0]?.request).toMatchObject({ from: 10, to: 100 });
  });
});

describe("the state", () => {
  test("keeps what is drawn while a refresh fails", () => {
    const state = after(opened, { kind: "openFailed", why: "the reader stopped" });
    expect([state.phase, state.problem]).toEqual(["open", "the reader stopped"]);
    expect(after({ kind: "openFailed", why: "no such run" }).phase).toBe("failed");
  });
  test("forgets slices of tags that are gone and a tick whose checkpoint was deleted", () => {
    const state = after(
      opened, { kind: "sliceCame", drawn: { slice: slice(), key: "", revision: 5 } }, { kind: "tickOpened", tag: "loss", prefix: "model-100" },
      { kind: "opened", snapshot: { run: run(), revision: 6, tags: [], checkpoints: [] } },
    );
    expect([state.slices.size, state.openTick]).toEqual([0, undefined]);
  });
  test("a revision never goes back", () => {
    expect(after(opened, { kind: "seriesChanged", revision: 2 }).revision).toBe(5);
  });
  test("a scope closes and opens again", () => {
    const closed = after({ kind: "scopeToggled", scope: "loss" });
    expect(closed.preferences.closedScopes).toEqual(["loss"]);
    expect(reduce(closed, { kind: "scopeToggled", scope: "loss" }).preferences.closedScopes).toEqual([]);
  });
});

describe("saved preferences", () => {
  test("come back as they were", () => {
    const saved = { smoothing: 0.99, y: "log", filter: "loss", closedScopes: ["batch"], range: { from: 1, to: 9 } };
    expect(initialState(saved, 0).preferences).toEqual(saved);
  });
  test.each([undefined, null, 7, { smoothing: 1, y: "cubic", filter: 3, closedScopes: [4], range: { from: 9, to: 1 } }])("%j is as good as none", (saved) => {
    expect(initialState(saved, 0).preferences).toEqual({ smoothing: 0.9, y: "linear", filter: "", closedScopes: [], range: undefined });
  });
});
