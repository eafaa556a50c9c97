// The sentences after a restore.
import { describe, expect, test } from "vitest";
import { restoredText, startedText, stepText } from "#extension/checkpoints/restoreWords";

describe("after a restore", () => {
  test("the sentence says what was set and what was saved", () => {
    expect(restoredText("r", { prefix: "model-20", step: 20, variables: 38, savedBefore: "model-40" }, 40)).toBe("r goes on from step 20: 38 variables set. Step 40 is saved.");
    expect(restoredText("r", { prefix: "model-20", step: 20, variables: 1 })).toBe("r goes on from step 20: 1 variable set.");
  });
  test("a branch is told apart from a continuation", () => {
    expect(startedText("r", { prefix: "model-20" })).toBe("r trains on from step 20.");
    expect(startedText("r-b", { prefix: "model-20", from: "r" })).toBe("The new run r-b starts from step 20 of r.");
  });
});

test("a prefix without a step stands for itself", () => {
  expect(stepText("final")).toBe("final");
});
