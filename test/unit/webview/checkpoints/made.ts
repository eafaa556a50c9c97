// Small values for the tests of the checkpoint browser.
import type { CheckpointInfo, Preflight } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { comingSave, quietOutlook } from "../../../support/quietOutlook";

export const now = Date.UTC(2026, 10, 22, 14, 16) / 1000;

export function checkpoint(step: number, change: Partial<CheckpointInfo> = {}): CheckpointInfo {
  return {
    prefix: `model-${step}`, step, wallTimeSeconds: now - 240, bytes: 48.4e6, listed: true, complete: true, kept: "newest",
    reason: "One of the newest 7 (2nd)", next: "Goes at the save near step 14,000, ≈ 14:32", deletedAtSave: 3, fate: { kind: "goes", save: 3, atSeconds: 960, step: 14_000 }, ...change,
  };
}

export function snapshot(change: Partial<CheckpointsSnapshot> = {}): CheckpointsSnapshot {
  return {
    ...quietOutlook, run: { name: "pix2pix-7", dir: "/runs/pix2pix-7", state: "running", tags: 3, checkpoints: 2, bytes: 0, progress: { step: 12_400 } },
    nowSeconds: now, mayChange: true, policy: { maxToKeep: 7, keepCheckpointEveryNHours: 0.5, source: "run.json" },
    latest: "model-12000", checkpoints: [checkpoint(12_000), checkpoint(11_500, { wallTimeSeconds: now - 540, deletedAtSave: 1 })], problems: [],
    forecast: [comingSave(1, { step: 12_500, deletes: ["model-11500"] }), comingSave(2, { atSeconds: 360, step: 13_000, keepsForever: ["model-12000"] })],
    trash: [], ...change,
  };
}

export const fits: Preflight = {
  prefix: "model-12000", equal: 97, otherShape: [], otherDtype: [], missing: [], extra: [], renames: [], notInFile: [], fits: true, program: 97, sets: 97, averages: 0, scopes: [],
};
