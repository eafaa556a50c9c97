// The sentences before and after a restore.
import { describe, expect, test } from "vitest";
import { restoredText, restoreObstacle, restoreQuestion, startedText, stepText } from "#extension/checkpoints/restoreWords";
import type { Preflight } from "#model/checkpoint";
import type { RunInfo } from "#model/run";

const ended: RunInfo = { name: "pix2pix-7", dir: "/r", state: "stopped", tags: 0, checkpoints: 2, bytes: 0 };
const training: RunInfo = { ...ended, state: "running", progress: { step: 12_400 } };
const fits: Preflight = { prefix: "model-8000", equal: 38, otherShape: [], otherDtype: [], missing: [], extra: [], renames: [], notInFile: [], fits: true, program: 97, sets: 97, averages: 0, scopes: [], };

describe("before a restore", () => {
  test("a training run is told that the present step is saved first", () => {
    expect(restoreQuestion(training, "model-8000", fits)).toEqual({
      message: "Restore step 8,000 into pix2pix-7?",
      detail: "Training pauses between two steps, step 12,400 is saved, then 38 variables are set from step 8,000, and training goes on from there.",
      button: "Save step 12,400 and restore 8,000",
    });
  });
  test("an ended run is told that a training begins", () => {
    const { detail, button } = restoreQuestion(ended, "model-8000", fits);
    expect(detail).toContain("A new training continues it in place");
    expect(button).toBe("Restore step 8,000");
  });
  test("what fits is no obstacle", () => {
    expect(restoreObstacle(fits)).toBeUndefined();
  });
  test("what does not fit is named, the others counted", () => {
    const misfit: Preflight = { ...fits, fits: false, missing: ["a/b", "c"], otherShape: [{ name: "s", file: [2], program: [3] }] };
    expect(restoreObstacle(misfit)).toBe("model-8000 does not fit this program: a/b is missing in the file, and 2 more.");
    expect(restoreObstacle({ ...fits, fits: false, otherShape: [{ name: "s", file: [2, 4], program: [3, 4] }] })).toContain("s is 2×4 in the file and 3×4 in the program");
  });
});

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
