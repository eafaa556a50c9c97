import { describe, expect, test } from "vitest";
import { replayClock } from "#analysis/checkpoints/hourMarks";
import { found } from "./checkpointFacts";

const hour = { maxToKeep: 2, keepCheckpointEveryNHours: 1 };

function verdicts(seconds: readonly number[], builtSeconds: readonly number[], newestSeconds = 100_000) {
  const candidates = seconds.map((each) => found(each, each));
  const { verdicts: all, next } = replayClock(candidates, hour, { builtSeconds, newestSeconds });
  return { keeps: candidates.map(({ prefix }) => all.get(prefix)?.keeps), next };
}

describe("the clock of a known Saver", () => {
  test("keeps the first save after each mark, and moves on by exactly one interval", () => {
    expect(verdicts([3000, 3700, 4000, 7300], [0])).toEqual({ keeps: [false, true, false, true], next: 10_800 });
  });

  test("does not keep a save at the very second of the mark", () => {
    expect(verdicts([3600], [0]).keeps).toEqual([false]);
  });

  test("keeps several in a row after a long silence, until it has caught up", () => {
    expect(verdicts([20_000, 20_100, 20_200, 20_300, 20_400, 20_500], [0])).toEqual({
      keeps: [true, true, true, true, true, false], next: 21_600,
    });
  });
});

describe("several Savers, one after the other", () => {
  test("each start the clock anew", () => {
    expect(verdicts([3700, 5000, 6000, 8700], [0, 5000])).toEqual({ keeps: [true, false, false, true], next: 12_200 });
  });

  test("leave the clock of the last one at its start when it has judged nothing", () => {
    expect(verdicts([3700], [0, 5000]).next).toBe(8600);
  });

  test("have nothing to say of what was saved before the first of them", () => {
    expect(verdicts([10], [5000]).keeps).toEqual([false]);
  });
});

describe("without a known Saver", () => {
  test("the clock takes the phase that keeps the most", () => {
    expect(verdicts([1000, 1100, 1200], []).keeps).toEqual([true, true, false]);
    expect(verdicts([4500, 7500], []).keeps).toEqual([true, true]);
  });

  test("no clock is assumed where the checkpoints span less than an interval", () => {
    expect(verdicts([1000, 2000], [], 4000).keeps).toEqual([false, false]);
  });

  test("and without candidates there is nothing to judge", () => {
    expect(verdicts([], []).keeps).toEqual([]);
  });
});
