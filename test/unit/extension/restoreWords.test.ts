// The sentences after a restore.
import { describe, expect, test } from "vitest";
import { backText, restoredText, startedText, stepText } from "#extension/checkpoints/restoreWords";

describe("after a restore", () => {
  test("the sentence says what was set and what was saved", () => {
    expect(restoredText("r", { prefix: "model-20", step: 20, variables: 38, savedBefore: "model-40" })).toBe("r goes on from step 20: 38 variables set. Step 40 is saved and stays until the undo is used or dismissed.");
    expect(restoredText("r", { prefix: "model-20", step: 20, variables: 30, kept: 8 })).toBe("r goes on from step 20: 30 variables set, 8 kept.");
    expect(restoredText("r", { prefix: "model-20", step: 20, variables: 1 })).toBe("r goes on from step 20: 1 variable set.");
  });
  test("an undo says where the run is again", () => {
    expect(backText("r", { step: 1240 })).toBe("r is back at step 1,240, byte for byte.");
  });
  test("a branch is told apart from a continuation", () => {
    expect(startedText("r", { prefix: "model-20" })).toBe("r trains on from step 20.");
    expect(startedText("r-b", { prefix: "model-20", from: "r" })).toBe("The new run r-b starts from step 20 of r.");
  });
});

test("a prefix without a step stands for itself", () => {
  expect(stepText("final")).toBe("final");
});
