import { describe, expect, test } from "vitest";
import { checkpointIcon, checkpointRow } from "#extension/checkpoints/checkpointRow";
import type { CheckpointInfo } from "#model/checkpoint";

const now = new Date(2026, 10, 22, 14, 16).getTime() / 1000;

function checkpoint(change: Partial<CheckpointInfo> = {}): CheckpointInfo {
  return {
    prefix: "model-12000", step: 12_000, wallTimeSeconds: now - 240, bytes: 48.2e6, listed: true, complete: true, kept: "newest",
    reason: "Newest: the run resumes from it", next: "Goes at the save near step 15,500, ≈ 14:47", fate: { kind: "goes", save: 7, atSeconds: 1860, step: 15_500 },
    metric: { raw: 0.4, smoothed: 0.418 }, ...change,
  };
}

describe("the row of a checkpoint", () => {
  test("says step, metric, size and time", () => {
    expect(checkpointRow(checkpoint(), now)).toMatchObject({ label: "step 12,000", description: "0.418 · 48.2 MB · 14:12" });
    expect(checkpointRow(checkpoint({ best: true }), now).description).toBe("★ 0.418 · 48.2 MB · 14:12");
  });
  test("is named by its file where no step is known", () => {
    expect(checkpointRow(checkpoint({ step: undefined, prefix: "weights", metric: undefined }), now)).toMatchObject({ label: "weights", description: "48.2 MB · 14:12" });
  });
  test("reads aloud why it is there and when it goes", () => {
    expect(checkpointRow(checkpoint({ best: true }), now).spoken).toBe(
      "Checkpoint step 12,000, saved 4 min ago, 48.2 MB, metric 0.418, best so far, Newest: the run resumes from it, Goes at the save near step 15,500, about 14:47",
    );
  });
  test("offers a restore only where there is something whole to restore", () => {
    expect(checkpointRow(checkpoint(), now).context).toBe("checkpoint restorable newest");
    expect(checkpointRow(checkpoint({ complete: false, kept: "unmanaged" }), now).context).toBe("checkpoint broken unmanaged");
    expect(checkpointRow(checkpoint({ damage: "a checksum differs" }), now).context).toBe("checkpoint broken newest");
  });
});

test.each([
  ["archive", {}], ["trash", { deletedAtSave: 1 }], ["lock", { kept: "protected" }], ["clock", { kept: "hourMark" }], ["question", { kept: "unmanaged" }],
  ["star-full", { kept: "best" }], ["warning", { complete: false }], ["warning", { damage: "a checksum differs" }],
] as const)("its icon is %s for %j", (icon, change) => {
  expect(checkpointIcon(checkpoint(change)).id).toBe(icon);
});
