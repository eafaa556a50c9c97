import { describe, expect, test } from "vitest";
import type { CheckpointList } from "#model/checkpoint";
import { printList } from "#cli/commands/checkpoints";
import { comingSave, quietOutlook } from "../../support/quietOutlook";

const list = (change: Partial<CheckpointList>): CheckpointList => ({
  ...quietOutlook, policy: { maxToKeep: 2, keepCheckpointEveryNHours: 10_000, source: "run.json" }, checkpoints: [], problems: [], forecast: [], trash: [], ...change,
});
const print = (change: Partial<CheckpointList>): string[] => printList(list(change), { forecast: 4, dir: "/runs/small" }).trimEnd().split("\n");

describe("the list of checkpoints", () => {
  test("says what each save to come does, which one does not fit, and when the disk is full", () => {
    const notices: CheckpointList["notices"] = [
      { kind: "unmanaged", text: "1 checkpoint is not managed.", prefixes: [] }, { kind: "diskFull", text: "Disk full ≈ 14:50, at the save of step 60.", prefixes: [] },
    ];
    const forecast = [comingSave(1, { deletes: ["model-10"] }), comingSave(2, { keepsForever: ["model-20"] }), comingSave(3, { refused: true })];
    expect(print({ forecast, notices }).slice(2)).toEqual([
      "Save 1, in 1 min: deletes model-10.", "Save 2, in 2 min: keeps model-20 for good.", "Save 3, in 3 min: does not fit on the disk, and is refused before it starts.",
      "! Disk full ≈ 14:50, at the save of step 60.",
    ]);
  });
  test("leaves out an hour rule that never takes effect", () => {
    expect(print({})[0]).toBe("small keeps the newest 2 (run.json).");
    expect(print({ policy: { maxToKeep: 2, keepCheckpointEveryNHours: 0.5, source: "defaults" } })[0]).toBe("small keeps the newest 2, and one every 0.5 h for good (defaults).");
  });
});
