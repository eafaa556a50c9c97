// Small values for the tests of the checkpoint browser.
import type { CheckpointInfo, Preflight } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";

export const now = Date.UTC(2026, 10, 22, 14, 16) / 1000;

export function checkpoint(step: number, change: Partial<CheckpointInfo> = {}): CheckpointInfo {
  return {
    prefix: `model-${step}`, step, wallTimeSeconds: now - 240, bytes: 48.4e6, listed: true, complete: true, kept: "newest",
    reason: "One of the newest 7 (2nd)", next: "Goes at the save near step 14,000, ≈ 14:32", deletedAtSave: 3, ...change,
  };
}

export function snapshot(change: Partial<CheckpointsSnapshot> = {}): CheckpointsSnapshot {
  return {
    run: { name: "pix2pix-7", dir: "/runs/pix2pix-7", state: "running", tags: 3, checkpoints: 2, bytes: 0, progress: { step: 12_400 } },
    nowSeconds: now, mayChange: true, policy: { maxToKeep: 7, keepCheckpointEveryNHours: 0.5, source: "run.json" },
    latest: "model-12000", checkpoints: [checkpoint(12_000), checkpoint(11_500, { wallTimeSeconds: now - 540, deletedAtSave: 1 })], problems: [],
    forecast: [{ save: 1, atSeconds: 60, step: 12_500, deletes: ["model-11500"], keepsForever: [] }, { save: 2, atSeconds: 360, step: 13_000, deletes: [], keepsForever: ["model-12000"] }],
    trash: [], ...change,
  };
}

export const fits: Preflight = {
  prefix: "model-12000", equal: 97, otherShape: [], otherDtype: [], missing: [], extra: [], renames: [], notInFile: [], fits: true,
};
