import { expect, test } from "vitest";
import { brokenBoxes, timesByBox } from "#analysis/diagnosis/life";
import { describeFinding, describeSearch } from "#analysis/diagnosis/nonFiniteWords";
import type { NonFiniteFinding, StepTimes } from "#model/diagnosis";

const times: StepTimes = {
  samples: 3, everySeconds: 2, step: 40, handedOver: false,
  names: ["generator/conv/Conv2D", "generator/Relu", "loss"],
  milliseconds: Float64Array.of(6, 2, 2), liveBytes: Float64Array.of(400, 900, 100),
};
const finding: NonFiniteFinding = {
  step: 1234, node: "loss/Log", op: "Log", source: { file: "/home/me/model.ts", line: 42 },
  value: { shape: [900], elements: 900, nan: 0, infinite: 12, min: -3, max: 0 },
  inputs: [{ name: "sub:0", shape: [900], elements: 900, nan: 0, infinite: 0, min: 0, max: 0.9314 }],
  reached: ["loss/Mean", "train/update/ApplyAdam"], moreReached: 0,
};

test("a scope's time is that of all below it, its bytes the most that were alive in it", () => {
  const boxes = timesByBox(times);
  expect(boxes.get("generator")).toEqual({ milliseconds: 8, share: 0.8, liveBytes: 900 });
  expect(boxes.get("generator/conv/Conv2D")).toEqual({ milliseconds: 6, share: 0.6, liveBytes: 400 });
  expect(boxes.get("")).toEqual({ milliseconds: 10, share: 1, liveBytes: 900 });
});

test("no time at all is no share, not a division by zero", () => {
  expect(timesByBox({ ...times, milliseconds: Float64Array.of(0, 0, 0) }).get("generator")?.share).toBe(0);
});

test("where a value broke is first, what it reached is reached, scopes with both are first", () => {
  expect(Object.fromEntries(brokenBoxes(finding))).toEqual({
    loss: "first", "loss/Log": "first", "loss/Mean": "reached", train: "reached", "train/update": "reached", "train/update/ApplyAdam": "reached",
  });
});

test("a finding in words names operation, line, step, counts and what went in", () => {
  expect(describeFinding(finding)).toBe(
    "First value that is not finite: loss/Log (Log, model.ts:42) at step 1,234: ∞ in 12 of 900 values; sub:0 was 0 to 0.931.",
  );
});

test.each([
  [{ runs: 0 }, "The first value that is not finite cannot be searched for: no state is left in which all variables are finite."],
  [{ runs: 1, start: { kind: "present", step: 7 } }, "All values of 1 checked run from the present state of step 7 were finite."],
  [{ runs: 200, start: { kind: "memory", step: 7 } }, "All values of 200 checked runs from the state of step 7, kept in memory, were finite."],
] as const)("a search without a finding says so", (search, words) => {
  expect(describeSearch(search)).toBe(words);
});
