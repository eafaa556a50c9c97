import { expect, test } from "vitest";
import { endSums } from "#analysis/checkpoints/endSums";
import { at, facts, found } from "./checkpointFacts";

const orphan = found(250, at(10, 45), { complete: false, lacks: "index file", files: [] });

test("the sums are what the simulated saves leave, to the training's end", () => {
  const { now } = endSums(facts({ endStep: 1000 }), { gone: [] });
  // Saves of 800, 900 and 1,000; the clock keeps 600 on the way, 300 was kept before.
  expect(now).toEqual({ newest: 3, forGood: 2, unmanaged: 0, marks: ["model-600"], bytes: 500 });
});

test("what is moved away is gone from them, and another rule is simulated from now on", () => {
  const { now, then } = endSums(facts({ endStep: 1000, found: [...facts().found, orphan] }), { gone: [orphan.prefix, "model-500"], policy: { maxToKeep: 1, keepCheckpointEveryNHours: 1000 } });
  expect([now.unmanaged, then.unmanaged]).toEqual([1, 0]);
  // One goes per save: the list of two grows to five and three saves let go of three.
  expect(then).toMatchObject({ newest: 2, forGood: 1 });
});

test("a protected one counts as kept for good once its turn has come", () => {
  expect(endSums(facts({ endStep: 1000, protected: [{ prefix: "model-500" }] }), { gone: [] }).now).toMatchObject({ newest: 3, forGood: 3 });
});
