// Checkpoint lists for tests that care about something else: nothing lost, nothing full, nobody to be told.
import type { CheckpointList, ForecastSave } from "#model/checkpoint";

export const quietOutlook = {
  timeline: { ticks: [], restarts: [], past: [] },
  disk: { usedBytes: 0, trashBytes: 0, endBytes: 0, toTheEnd: false },
  rule: { kind: "Saver", text: "Kept by Saver." },
  writer: { state: "running" },
  notices: [],
} satisfies Partial<CheckpointList>;

/** A coming save that deletes nothing unless it is said. */
export function comingSave(save: number, change: Partial<ForecastSave> = {}): ForecastSave {
  return { save, atSeconds: 60 * save, prefix: `model-save${save}`, deletes: [], keepsForever: [], spares: [], totalBytes: 0, ...change };
}
