import { expect, test } from "vitest";
import { listedRows } from "../../../../webview/checkpoints/rows";
import { checkpoint } from "./made";

const rows = [
  checkpoint(12_000, { bytes: 3, metric: { raw: 2, smoothed: 1 }, fate: { kind: "goes", save: 7, atSeconds: 60 } }),
  checkpoint(9000, { bytes: 1, deletedAtSave: 1, fate: { kind: "goes", save: 1, atSeconds: 60 }, best: true, metric: { raw: 1, smoothed: 0.5 } }),
  checkpoint(8740, { bytes: 2, complete: false, kept: "unmanaged", deletedAtSave: undefined, fate: { kind: "stays", until: "never" } }),
  checkpoint(6000, { bytes: 3, kept: "hourMark", deletedAtSave: undefined, fate: { kind: "stays", until: "forGood" } }),
];
const steps = (options: Parameters<typeof listedRows>[1]): readonly (number | undefined)[] => listedRows(rows, options).map(({ step }) => step);

test("each column orders the rows both ways, and what has no value comes last either way", () => {
  expect(steps({ sorting: { column: "step", descending: true } })).toEqual([12_000, 9000, 8740, 6000]);
  expect(steps({ sorting: { column: "size", descending: false } })).toEqual([9000, 8740, 12_000, 6000]);
  expect(steps({ sorting: { column: "smoothed", descending: false } })).toEqual([9000, 12_000, 8740, 6000]);
  expect(steps({ sorting: { column: "smoothed", descending: true } })).toEqual([12_000, 9000, 8740, 6000]);
  expect(steps({ sorting: { column: "next", descending: false } })).toEqual([9000, 12_000, 8740, 6000]);
});

test("a reason filters: the one that goes next is one of the newest, a star stands beside any mark", () => {
  const sorting = { column: "step", descending: true } as const;
  expect(steps({ sorting, only: "newest" })).toEqual([12_000, 9000]);
  expect(steps({ sorting, only: "goesNext" })).toEqual([9000]);
  expect(steps({ sorting, only: "best" })).toEqual([9000]);
  expect(steps({ sorting, only: "incomplete" })).toEqual([8740]);
});
