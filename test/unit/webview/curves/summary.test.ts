import { describe, expect, test } from "vitest";
import type { CurveSummary } from "#model/scalars";
import { viewOf } from "../../../../webview/curves/requests";
import { summaryTable, type SummaryTable } from "../../../../webview/curves/summary";
import type { Happening } from "../../../../webview/curves/state";
import { after, curvesRun, opened } from "./made";

const point = (step: number, smoothed: number) => ({ x: step, step, value: smoothed, smoothed, wallTimeSeconds: 0 });
const summary = (smoothed: number, change: Partial<CurveSummary> = {}): CurveSummary => ({
  points: 3, nonFinite: 0, last: point(200, smoothed), min: { step: 1, value: smoothed - 1 }, max: { step: 2, value: smoothed + 1 }, lowest: { step: 3, value: smoothed - 0.5 },
  highest: { step: 4, value: smoothed + 0.5 }, at: undefined, stepsPerSecond: smoothed * 10, ...change,
});
function tableOf(values: Readonly<Record<string, number | undefined>>, settings: object = {}): SummaryTable {
  const names = Object.keys(values);
  const came: Happening = { kind: "summariesCame", summaries: new Map(names.flatMap((name) => (values[name] === undefined ? [] : [[`/runs/${name}\0loss`, { key: "", summary: summary(values[name]) }] as const]))) };
  return summaryTable(viewOf(after(opened(names.map((name) => curvesRun(name)), settings), came), 5));
}
const names = ({ rows }: SummaryTable): readonly string[] => rows.map(({ name }) => name);

test("a loss has its best where the smoothed line is lowest, with the step", () => {
  expect(tableOf({ a: 2 }).rows[0]?.cells[0]).toMatchObject({ last: 2, lastStep: 200, best: { step: 3, value: 1.5 }, min: { step: 1, value: 1 }, max: { step: 2, value: 3 } });
});
test("without a direction there is no best", () => {
  expect(tableOf({ a: 2 }, { charts: { loss: { better: "none" } } }).rows[0]?.cells[0]?.best).toBeUndefined();
  expect(tableOf({ a: 2 }, { charts: { loss: { better: "higher" } } }).rows[0]?.cells[0]?.best).toEqual({ step: 4, value: 2.5 });
});

describe("a baseline", () => {
  const table = tableOf({ a: 3, b: 2, c: 4 }, { baseline: "/runs/b" });

  test("stands first, and the others differ from it", () => {
    expect(names(table)).toEqual(["b", "a", "c"]);
    expect(table.rows.map(({ cells }) => [cells[0]?.difference, cells[0]?.percent, cells[0]?.better])).toEqual([[undefined, undefined, undefined], [1, 50, false], [2, 100, false]]);
  });
});

describe("sorting", () => {
  const sorting = { tag: "loss", column: "value", descending: false };

  test("goes by a column, and what has no value is last either way", () => {
    expect(names(tableOf({ a: 3, b: 2, c: undefined, d: 1 }, { sorting }))).toEqual(["d", "b", "a", "c"]);
    expect(names(tableOf({ a: 3, b: 2, c: undefined, d: 1 }, { sorting: { ...sorting, descending: true } }))).toEqual(["a", "b", "d", "c"]);
  });
  test("keeps members below their group, sorted among themselves", () => {
    expect(names(tableOf({ a: 1, "lr/s1": 5, "lr/s2": 4, b: 3 }, { sorting }))).toEqual(["a", "b", "lr", "s2", "s1"]);
  });
});

test("a group has the mean of its members and their spread", () => {
  const [group] = tableOf({ "lr/s1": 5, "lr/s2": 3 }).rows;
  expect([group?.kind, group?.cells[0]?.value, group?.cells[0]?.spread, group?.stepsPerSecond]).toEqual(["group", 4, Math.SQRT2, 40]);
});
