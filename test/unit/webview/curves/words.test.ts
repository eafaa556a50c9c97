import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { beyondWords, checkpointWords, drawnWords, figureWords, lostWords, nonFiniteWords, pointWords, runWords, staleFor } from "../../../../webview/curves/words";
import { checkpoint, run, slice } from "./made";

const numbers = numbersFor("en", "UTC");

describe("the legend", () => {
  test("says that a run is live, where it stands and how fast it is", () => {
    const live = run({ progress: { step: 12_400, of: 16_000, stepsPerSecond: 16.5, secondsLeft: 2280 } });
    expect(runWords(live, numbers)).toBe("live · step 12,400 · 16.5 steps/s · 38 min left");
  });
  test("never names an earlier step than the picture shows", () => {
    expect(runWords(run({ progress: { step: 5 } }), numbers, 8)).toBe("live · step 8");
    expect(runWords(run({ state: "finished", lastStep: 5 }), numbers, 8)).toBe("finished · step 5");
  });
  test("says how a run ended", () => {
    expect(runWords(run({ state: "finished", lastStep: 34_300 }), numbers)).toBe("finished · step 34,300");
    expect(runWords(run({ state: "foreign" }), numbers)).toBe("written elsewhere");
    expect(runWords(run({ state: "foreign", lastStep: 5 }), numbers, 8)).toBe("written elsewhere · step 8");
  });
});

describe("the footnote", () => {
  test("counts records that could not be read, and says after which step the only one was", () => {
    expect(lostWords([], numbers)).toBeUndefined();
    expect(lostWords([{ afterStep: 1027 }], numbers)).toBe("1 record lost after step 1,027");
    expect(lostWords([{}, { afterStep: 27 }], numbers)).toBe("2 records lost");
  });
  const drawn = (change: Parameters<typeof slice>[0], rawHidden = false): string => drawnWords([slice(change)], { rawHidden, numbers });
  const band = { x: new Float64Array(), low: new Float64Array(), high: new Float64Array(), breaks: new Uint32Array() };

  test("says when all is drawn", () => {
    expect(drawn({ inRange: 562 })).toBe("all 562 points drawn");
    expect(drawn({ inRange: 1 })).toBe("the one point drawn");
  });
  test("says how much is drawn when it was thinned, of all lines together", () => {
    expect(drawn({ thinned: true, drawn: 1024, inRange: 48_310, band })).toBe("1,024 of 48,310 points drawn · band = min–max");
    expect(drawnWords([slice({ thinned: true, drawn: 10, inRange: 100 }), slice()], { rawHidden: true, numbers })).toBe("13 of 103 points drawn · raw hidden at 3 or more runs");
  });
  test("counts the points that a logarithmic axis has no place for", () => {
    const words = (logX: boolean): string => drawnWords([slice({ total: 10, inRange: 9 })], { rawHidden: false, logX, numbers });
    expect([words(true), words(false)]).toEqual(["all 9 points drawn · 1 not above 0", "all 9 points drawn"]);
  });
  test("tells no points at all from none in the range", () => {
    expect(drawn({ total: 0, inRange: 0 })).toBe("no points yet");
    expect(drawn({ inRange: 0 })).toBe("no points in this range");
  });
  test("says that a step was never set", () => {
    expect(drawn({ oneStep: true })).toBe("all 3 points drawn · all carry one step: in their order");
  });
  test("names the first steps that are no numbers", () => {
    expect(nonFiniteWords(slice(), undefined, numbers)).toBeUndefined();
    const bad = (step: number, value: number) => ({ x: step, step, value });
    const two = slice({ nonFinite: [bad(6250, NaN), bad(6300, NaN)], nonFiniteCount: 2 });
    expect(nonFiniteWords(two, undefined, numbers)).toBe("NaN at 6,250 and 6,300");
    expect(nonFiniteWords({ ...two, nonFiniteCount: 40 }, "pix2pix-5", numbers)).toBe("pix2pix-5: NaN at 6,250 and 6,300 and 38 more");
    expect(nonFiniteWords(slice({ nonFinite: [bad(1, Infinity)], nonFiniteCount: 1 }), undefined, numbers)).toBe("∞ at 1");
  });
  test("counts what is off the chart", () => {
    expect(beyondWords([slice({ above: 3 })], ["0", "4"], numbers)).toBe("3 points above 4");
    expect(beyondWords([slice({ above: 1 }), slice({ below: 2 })], ["0", "4"], numbers)).toBe("1 point above 4 · 2 points below 0");
    expect(beyondWords([slice()], ["0", "4"], numbers)).toBeUndefined();
  });
});

test("a point is one sentence with run, step, values, marks and the nearest checkpoint", () => {
  const point = { x: 9120, step: 9120, value: 14.1, smoothed: 2.53, wallTimeSeconds: 0 };
  const words = pointWords("pix2pix-7", point, { near: checkpoint(9000), marks: ["Above the chart", "Spike"], last: 12_400, numbers });
  expect(words).toBe("pix2pix-7, step 9,120 of 12,400. Smoothed 2.53, raw 14.1. Above the chart. Spike. Nearest checkpoint: step 9,000, kept.");
  expect(pointWords("a", { ...point, value: NaN }, { marks: [], numbers })).toBe("a, step 9,120. Smoothed 2.53, raw NaN.");
});

test("a running run without events for five minutes is stale, a finished one never", () => {
  expect(staleFor(run({ lastWallTimeSeconds: 1000 }), 1360)).toBe(360);
  expect(staleFor(run({ lastWallTimeSeconds: 1000 }), 1100)).toBeUndefined();
  expect(staleFor(run({ state: "finished", lastWallTimeSeconds: 1000 }), 9000)).toBeUndefined();
});

test("a checkpoint without a step goes by its file's name", () => {
  expect(checkpointWords(checkpoint(1, { step: undefined, prefix: "final", kept: "unmanaged" }), numbers)).toBe("final, not managed");
});

test("the figure says in words what it shows", () => {
  expect(figureWords("loss", [{ name: "a", slice: slice() }], numbers)).toContain("loss, line chart. a: from 1.00 to 0.300 at step 200.");
  expect(figureWords("loss", [{ name: "a", slice: undefined }], numbers)).toBe("loss, no points yet");
});
