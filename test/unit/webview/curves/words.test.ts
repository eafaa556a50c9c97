import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { checkpointWords, drawnWords, figureWords, notDrawnWords, pointWords, runWords, staleFor } from "../../../../webview/curves/words";
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
  });
});

describe("the footnote", () => {
  test("says when all is drawn", () => {
    expect(drawnWords(slice({ inRange: 562 }), numbers)).toBe("all 562 points drawn");
    expect(drawnWords(slice({ inRange: 1 }), numbers)).toBe("the one point drawn");
  });
  test("says how much is drawn when it was thinned", () => {
    expect(drawnWords(slice({ thinned: true, drawn: 1024, inRange: 48_310 }), numbers)).toBe("1,024 of 48,310 points drawn · band = min–max");
  });
  test("tells no points at all from none in the range", () => {
    expect(drawnWords(slice({ total: 0, inRange: 0 }), numbers)).toBe("no points yet");
    expect(drawnWords(slice({ inRange: 0 }), numbers)).toBe("no points in this range");
  });
  test("names the first steps that are no numbers", () => {
    expect(notDrawnWords(slice(), numbers)).toBeUndefined();
    const two = slice({ nonFinite: [{ step: 6250, value: NaN }, { step: 6300, value: NaN }], nonFiniteCount: 2 });
    expect(notDrawnWords(two, numbers)).toBe("NaN at 6,250 and 6,300");
    expect(notDrawnWords({ ...two, nonFiniteCount: 40 }, numbers)).toBe("NaN at 6,250 and 6,300 and 38 more");
    expect(notDrawnWords(slice({ nonFinite: [{ step: 1, value: Infinity }], nonFiniteCount: 1 }), numbers)).toBe("∞ at 1");
  });
});

test("a point is one sentence with run, step, values and the nearest checkpoint", () => {
  const words = pointWords(run({ lastStep: 12_400 }), { step: 9120, smoothed: 2.53, raw: 14.1 }, { near: checkpoint(9000), numbers });
  expect(words).toBe("pix2pix-7, step 9,120 of 12,400. Smoothed 2.53, raw 14.1. Nearest checkpoint: step 9,000, newest.");
  expect(pointWords(run(), { step: 9, smoothed: 1, rawRange: [0.5, 2] }, { numbers })).toBe("pix2pix-7, step 9. Smoothed 1.00, raw 0.500 – 2.00.");
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
  expect(figureWords("loss", slice(), numbers)).toContain("step 0 to 200, last smoothed value 0.300, raw 0.250");
  expect(figureWords("loss", undefined, numbers)).toBe("loss, no points yet");
});
