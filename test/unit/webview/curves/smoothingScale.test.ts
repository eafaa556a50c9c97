import { expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { effectiveWindow, halfLifeSteps, halfLifeWords, parseWeight, positionOf, printWeight, weightAt } from "../../../../webview/curves/smoothingScale";
import { curvesRun, snapshot, tag } from "./made";

test.each([[0, 0], [0.9, 1 / 3], [0.99, 2 / 3], [0.999, 1]])("weight %d stands at %d of the slider", (weight, position) => {
  expect(positionOf(weight)).toBeCloseTo(position, 6);
  expect(weightAt(position)).toBeCloseTo(weight, 3);
});

test("every place of the slider gives a usable weight that stands there again", () => {
  for (let place = 0; place <= 200; place++) {
    const weight = weightAt(place / 200);
    expect(weight >= 0 && weight < 1).toBe(true);
    expect(Math.abs(positionOf(weight) - place / 200)).toBeLessThan(0.01);
  }
});

test.each([["0.9", 0.9], [" 0,99 ", 0.99], ["0", 0], ["1", undefined], ["-0.1", undefined], ["", undefined], ["much", undefined]])("%j typed is %s", (text, weight) => {
  expect(parseWeight(text)).toBe(weight);
});

test.each([[0, "0"], [0.9, "0.90"], [0.99, "0.99"], [0.9967, "0.9967"]])("weight %d is shown as %s", (weight, text) => {
  expect(printWeight(weight)).toBe(text);
});

test("half-life counts steps, not points", () => {
  const every50 = tag("loss", { points: 249, first: { step: 0, value: 1 }, last: { step: 12_400, value: 1 } });
  expect(halfLifeSteps(0.9, [every50])).toBeCloseTo(329, 0);
  expect(halfLifeSteps(0, [every50])).toBeUndefined();
  expect(halfLifeSteps(0.9, [tag("one", { points: 1 })])).toBeUndefined();
});

test("a weight is told as its half-life in steps and as the mean that is as steady", () => {
  const run = curvesRun("a", { tags: [tag("loss", { points: 249, last: { step: 12_400, value: 1 } }), tag("gain", { points: 2 })] });
  expect(halfLifeWords(0.9, snapshot([run]), { tags: ["loss"], numbers: numbersFor("en") })).toBe("half-life 329 steps");
  expect(halfLifeWords(0, snapshot([run]), { numbers: numbersFor("en") })).toBe("off");
  expect(effectiveWindow(0.9)).toBeCloseTo(19, 10);
});
