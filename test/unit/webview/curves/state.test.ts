import { describe, expect, test } from "vitest";
import { isCurrent, viewOf, wantedCuts, wantedSummaries, lastCommonStep, comparedStep, mostAtOnce } from "../../../../webview/curves/requests";
import type { Settings } from "../../../../webview/curves/settings";
import { initialState, joined, reduce, type CurvesState, type Drawn, type Happening } from "../../../../webview/curves/state";
import type { CurvesRun, CurvesSnapshot } from "#protocol/curvesApi";
import { after, checkpoint, chosen, curvesRun, opened, slice, snapshot, tag } from "./made";

const shown: Happening = { kind: "shown", chart: "loss", pixels: 500 };
const cuts = (state: CurvesState) => wantedCuts(viewOf(state, 5));
const requests = (state: CurvesState) => cuts(state).single.map(({ request }) => request);
/** Answers everything that is wanted. */
function answered(state: CurvesState, drawn: Partial<Drawn> = { slice: slice() }): Happening {
  const { settings, page: { range } } = state;
  return { kind: "drawnCame", drawn: new Map(cuts(state).single.map(({ line, key, revision }) => [line, { key, revision, chosen: { settings, range }, ...drawn }])) };
}

describe("what is asked for", () => {
  test("nothing before the run is known, and nothing for a chart that is not on screen", () => {
    expect(requests(after(shown))).toEqual([]);
    expect(requests(after(opened()))).toEqual([]);
  });
  test("a visible chart asks for its width and smoothing, from end to end of the axis", () => {
    expect(requests(after(opened(), shown))).toEqual([{
      dir: "/runs/a", tag: "loss", axis: { kind: "step" }, smoothing: { weight: 0.9, timed: false, bridge: false }, from: 0, to: 200, log: false, pixels: 500, raw: true, clip: true,
    }]);
  });
  test("nothing again until something changes: points, width, range, smoothing", () => {
    const start = after(opened(), shown);
    const idle = [opened(), shown, answered(start)];
    expect(requests(after(...idle))).toEqual([]);
    const changes: readonly Happening[] = [
      { kind: "seriesChanged", changes: [{ dir: "/runs/a", revision: 6 }] }, { kind: "shown", chart: "loss", pixels: 400 }, { kind: "zoomed", range: { from: 10, to: 90 }, moving: false },
      { kind: "setChart", chart: "loss", change: { weight: 0.5 } }, { kind: "set", change: { x: { kind: "wall" } } },
    ];
    for (const change of changes) expect(requests(after(...idle, change))).toHaveLength(1);
    expect(requests(after(...idle, { kind: "seriesChanged", changes: [{ dir: "/runs/other", revision: 9 }] }))).toEqual([]);
  });
  test("what was refused only when something changes", () => {
    const start = after(opened(), shown);
    expect(requests(after(opened(), shown, answered(start, { refused: "gone" })))).toEqual([]);
  });
  test("half of the columns while the axis moves, all of them when it rests", () => {
    const moving: Happening = { kind: "zoomed", range: { from: 10, to: 90 }, moving: true };
    expect(requests(after(opened(), shown, moving))[0]?.pixels).toBe(250);
    expect(requests(after(opened(), shown, moving, { kind: "rested" }))[0]?.pixels).toBe(500);
  });
  test("nothing while the axis moves where every point is there already, but what is counted of the visible part once it rests", () => {
    const moving: Happening = { kind: "zoomed", range: { from: 10, to: 90 }, moving: true };
    const start = after(opened(), shown);
    const [whole, thinned, part] = [slice(), slice({ thinned: true }), slice({ inRange: 2 })].map((cut) => reduce(reduce(start, answered(start, { slice: cut })), moving));
    expect([whole, thinned, part].map((state) => state && requests(state).length)).toEqual([0, 1, 1]);
    expect(whole && requests(reduce(whole, { kind: "rested" }))).toHaveLength(1);
    expect(whole && requests(reduce(whole, { kind: "seriesChanged", changes: [{ dir: "/runs/a", revision: 9 }] }))).toHaveLength(1);
  });
  test("the count beyond the axis once its ends are set", () => {
    expect(requests(after(opened(undefined, { charts: { loss: { limits: [0, 0.5] } } }), shown))[0]?.limits).toEqual([0, 0.5]);
  });
  test("a correction for averages that started at 0, once it is wanted", () => {
    const run = curvesRun("a", { averages: [{ tag: "loss", decay: 0.99 }] });
    expect(requests(after(opened([run]), shown))[0]?.decay).toBeUndefined();
    expect(requests(after(opened([run]), shown, { kind: "setChart", chart: "loss", change: { corrected: true } }))[0]?.decay).toBe(0.99);
  });
  test("no raw values from three runs on, but for the one that is pointed at", () => {
    const three = opened(["a", "b", "c"].map((name) => curvesRun(name)));
    expect(requests(after(three, shown)).map(({ raw }) => raw)).toEqual([false, false, false]);
    expect(requests(after(three, shown, { kind: "pointed", dir: "/runs/c" })).map(({ raw }) => raw)).toEqual([false, false, true]);
  });
  test("runs of one folder as a group", () => {
    const seeds = opened([curvesRun("lr/s1"), curvesRun("lr/s2"), curvesRun("other")]);
    const { single, grouped } = cuts(after(seeds, shown));
    expect([single.map(({ request }) => request.dir), grouped.map(({ request }) => request.dirs)]).toEqual([["/runs/other"], [["/runs/lr/s1", "/runs/lr/s2"]]]);
    expect(cuts(after(seeds, shown, { kind: "set", change: { grouped: false } })).single).toHaveLength(3);
  });
  test("the table's numbers only while it is on screen, at the last step that all runs have", () => {
    const runs = [curvesRun("a"), curvesRun("b", { tags: [tag("loss", { last: { step: 120, value: 1 } })] })];
    const state = after(opened(runs), { kind: "tableShown", now: true });
    expect(lastCommonStep(viewOf(state, 5))).toBe(120);
    expect(wantedSummaries(viewOf(state, 5), 120).map(({ request }) => [request.dir, request.at])).toEqual([["/runs/a", 120], ["/runs/b", 120]]);
    expect(wantedSummaries(viewOf(after(opened(runs)), 5), 120)).toEqual([]);
    expect(lastCommonStep(viewOf(after(opened()), 5))).toBeUndefined();
  });
  test("the table's numbers once, and again only those of a run that has changed", () => {
    const start = after(opened([curvesRun("a"), curvesRun("b")]), { kind: "tableShown", now: true });
    const wanted = (state: CurvesState) => wantedSummaries(viewOf(state, 5), comparedStep(viewOf(state, 5)));
    const known = reduce(start, { kind: "summariesCame", summaries: new Map(wanted(start).map(({ curve, key }) => [curve, { key }])) });
    expect([wanted(start).length, wanted(known).length]).toEqual([2, 0]);
    expect(wanted(reduce(known, { kind: "seriesChanged", changes: [{ dir: "/runs/b", revision: 9 }] })).map(({ request }) => request.dir)).toEqual(["/runs/b"]);
  });
  test("the table's numbers at each run's own last step where that was chosen", () => {
    const runs = [curvesRun("a"), curvesRun("b", { tags: [tag("loss", { last: { step: 120, value: 1 } })] })];
    const compared = (state: CurvesState) => comparedStep(viewOf(state, 5));
    expect(compared(after(opened(runs)))).toBe(120);
    expect(compared(after(opened(runs), { kind: "set", change: { compareAt: "last" } }))).toBeUndefined();
    expect(compared(after(opened(runs, { compareAt: "last" })))).toBeUndefined();
  });
  test("the curves of a thousand runs part by part, until none is lacking", () => {
    let state = after(opened(Array.from({ length: 1000 }, (_, at) => curvesRun(`run-${at}`))), shown);
    const parts: number[] = [];
    for (;;) {
      const { single } = cuts(state);
      if (single.length === 0) break;
      parts.push(single.length);
      state = reduce(state, { kind: "drawnCame", drawn: new Map(single.map(({ line, key, revision }) => [line, { key, revision, chosen, slice: slice() }])) });
    }
    expect(parts.reduce((sum, part) => sum + part)).toBe(1000);
    expect(Math.max(...parts)).toBe(mostAtOnce);
  });
});

test("a line is drawn as wanted until the person wants another axis, however many points come meanwhile", () => {
  const current = (state: CurvesState): boolean | undefined => {
    const view = viewOf(state, 5);
    return view.charts.flatMap((chart) => chart.lines.map((line) => isCurrent(view, chart, line)))[0];
  };
  const idle = after(opened(), shown);
  expect(current(idle)).toBe(false);
  const drawn = reduce(idle, answered(idle));
  expect(current(drawn)).toBe(true);
  const grown = [{ kind: "seriesChanged", changes: [{ dir: "/runs/a", revision: 9 }] } as const, opened([curvesRun("a", { tags: [tag("loss", { last: { step: 900, value: 1 } })] })])].reduce(reduce, drawn);
  expect(current(grown)).toBe(true);
  const zoomed = reduce(drawn, { kind: "zoomed", range: { from: 20, to: 60 }, moving: false });
  expect(current(zoomed)).toBe(false);
  expect(current(reduce(zoomed, answered(zoomed)))).toBe(true);
  expect(current(reduce(zoomed, { kind: "zoomed", range: undefined, moving: false }))).toBe(true);
  // What changes nothing about the cut keeps it current, although it is a setting.
  expect(current(reduce(drawn, { kind: "set", change: { tableOpen: false } }))).toBe(true);
});

test("what there is to draw from comes in parts: what a part does not bring stays, and what is not in view any more goes", () => {
  const part = (dirs: readonly string[], runs: readonly CurvesRun[]) => ({ ...snapshot(runs), dirs: dirs.map((name) => `/runs/${name}`) });
  const names = ({ runs }: CurvesSnapshot) => runs.map(({ run, revision }) => [run.name, revision]);
  const first = joined(undefined, part(["a", "b", "c"], [curvesRun("a"), curvesRun("b")]));
  expect(names(first)).toEqual([["a", 5], ["b", 5]]);
  const second = joined(first, part(["a", "b", "c"], [curvesRun("c"), curvesRun("a", { revision: 6 })]));
  expect(names(second)).toEqual([["a", 6], ["b", 5], ["c", 5]]);
  expect(names(joined(second, part(["c", "b"], [])))).toEqual([["c", 5], ["b", 5]]);
});

describe("a filter", () => {
  const runs = [
    curvesRun("pix2pix-7", { tags: [tag("generator/L1_loss"), tag("generator/gan_loss"), tag("batch")] }),
    curvesRun("lr/seed-1", { tags: [tag("generator/L1_loss", { last: { step: 900, value: 1 } })] }), curvesRun("lr/seed-2", { tags: [tag("generator/L1_loss")] }),
  ];
  const found = (filter: string, settings: Partial<Settings> = {}) => {
    const { charts, groups, x } = viewOf(after(opened(runs, settings), { kind: "filtered", filter }), 5);
    return { charts: charts.map(({ plan, lines }) => [plan.tags.join("+"), lines.map(({ dirs }) => dirs.length)]), runs: groups.map(({ name }) => name), end: x.max };
  };
  const L1 = "generator/L1_loss";

  test("needs all its words, in any case and order, in the tag or in the run's name", () => {
    expect(found("LOSS gener")).toMatchObject({ charts: [[L1, [1, 2]], ["generator/gan_loss", [1]]], runs: ["pix2pix-7", "lr"] });
    expect(found("seed")).toMatchObject({ charts: [[L1, [2]]], runs: ["lr"] });
    expect(found("pix L1")).toMatchObject({ charts: [[L1, [1]]], runs: ["pix2pix-7"] });
    expect(found("  ")).toEqual(found(""));
  });
  test("shows a run of a group by itself, and leaves no room for what is not drawn", () => {
    expect(found("seed-2")).toEqual({ charts: [[L1, [1]]], runs: ["lr/seed-2"], end: 200 });
    expect(found("seed").end).toBe(900);
  });
  test("focuses the first run that it lets through where it hides the one that was chosen", () => {
    const focused = (filter: string): string | undefined => viewOf(after(opened(["a", "b", "c"].map((name) => curvesRun(name))), { kind: "focused", dir: "/runs/b" }, { kind: "filtered", filter }), 5).focused?.run.name;
    expect(["", "b", "c", "nothing"].map(focused)).toEqual(["b", "b", "c", undefined]);
  });
  test("finds a chart of several tags by any of them", () => {
    expect(found("batch", { merged: [["batch", L1]] }).charts).toEqual([[`batch+${L1}`, [1, 1, 2]]]);
    expect(found("nothing")).toMatchObject({ charts: [], runs: [] });
  });
});

describe("the state", () => {
  test("keeps what is drawn while a refresh fails", () => {
    const state = after(opened(), { kind: "openFailed", why: "the reader stopped" });
    expect([state.phase, state.problem]).toEqual(["open", "the reader stopped"]);
    expect(after({ kind: "openFailed", why: "no such run" }).phase).toBe("failed");
  });
  test("forgets what was drawn of runs that are gone, and a tick whose checkpoint was deleted", () => {
    const with100 = [curvesRun("a", { checkpoints: [checkpoint(100)] }), curvesRun("b")];
    const start = [opened(with100), shown] as const;
    const state = after(...start, answered(after(...start)), { kind: "tickOpened", tick: { chart: "loss", dir: "/runs/a", prefix: "model-100" } }, opened([curvesRun("a")]));
    expect([[...state.drawn.keys()], state.openTick]).toEqual([["/runs/a\0loss"], undefined]);
  });
  test("closes a mark's details when another run's marks come, for they may have its name", () => {
    const runs = opened(["a", "b"].map((name) => curvesRun(name, { checkpoints: [checkpoint(100)] })));
    const open: Happening = { kind: "tickOpened", tick: { chart: "loss", dir: "/runs/a", prefix: "model-100" } };
    expect(after(runs, open).openTick).toBeDefined();
    for (const happening of [{ kind: "focused", dir: "/runs/b" }, { kind: "filtered", filter: "b" }] satisfies Happening[]) expect(after(runs, open, happening).openTick).toBeUndefined();
  });
  test("a revision never goes back", () => {
    expect(after(opened(), { kind: "seriesChanged", changes: [{ dir: "/runs/a", revision: 2 }] }).revisions.get("/runs/a")).toBe(5);
  });
  test("another x axis shows all, since a range of one is none of the other", () => {
    const zoomed: Happening = { kind: "zoomed", range: { from: 1, to: 9 }, moving: false };
    expect(after(opened(), zoomed, { kind: "set", change: { x: { kind: "wall" } } }).page.range).toBeUndefined();
    expect(after(opened(), zoomed, { kind: "set", change: { y: "log" } }).page.range).toEqual({ from: 1, to: 9 });
  });
  test("a chart's own setting goes away when it is taken back", () => {
    const set = after({ kind: "setChart", chart: "loss", change: { weight: 0.5, y: "log" } });
    expect(set.settings.charts).toEqual({ loss: { weight: 0.5, y: "log" } });
    expect(after({ kind: "setChart", chart: "loss", change: { weight: 0.5 } }, { kind: "setChart", chart: "loss", change: { weight: undefined } }).settings.charts).toEqual({});
  });
  test("settings are read from the host once: then this page is ahead", () => {
    const state = after(opened(undefined, { y: "log" }), { kind: "set", change: { clip: false } }, opened(undefined, { y: "linear" }));
    expect([state.settings.y, state.settings.clip]).toEqual(["log", false]);
  });
});

describe("what the editor kept of a page", () => {
  test("comes back as it was", () => {
    const saved = { filter: "loss", range: { from: 1, to: 9 } };
    expect(initialState(saved, 0).page).toEqual(saved);
  });
  test.each([undefined, null, 7, { filter: 3, range: { from: 9, to: 1 } }])("%j is as good as none", (saved) => {
    expect(initialState(saved, 0).page).toEqual({ filter: "" });
  });
});
