// A run in numbers: saves every 10 minutes from 10:00 local time, a Saver built at 9:50 that keeps 3 and one every half hour.
import { bareFacts, type CheckpointFacts, type FoundCheckpoint } from "#analysis/checkpoints/facts";

/** Seconds of a local time of day. */
export function at(hours: number, minutes = 0): number {
  return new Date(2026, 4, 20, hours, minutes).getTime() / 1000;
}

export function found(step: number, wallTimeSeconds: number, more: Partial<FoundCheckpoint> = {}): FoundCheckpoint {
  const prefix = `model-${step}`;
  const files = [`${prefix}.data-00000-of-00001`, `${prefix}.index`, `${prefix}.meta`];
  return { prefix, step, wallTimeSeconds, bytes: 100, files, complete: true, ...more };
}

/** Steps 100 at 10:00, 200 at 10:10, … as the rule leaves them at 11:05 after the save of step 700 at 11:00. */
export function facts(more: Partial<CheckpointFacts> = {}): CheckpointFacts {
  return {
    ...bareFacts,
    found: [found(300, at(10, 20) + 1), found(500, at(10, 40)), found(600, at(10, 50) + 30), found(700, at(11))],
    state: { latest: "model-700", listed: ["model-500", "model-600", "model-700"] },
    problems: [],
    policy: { maxToKeep: 3, keepCheckpointEveryNHours: 0.5 },
    builtSeconds: [at(9, 50)],
    nextKeepSeconds: at(10, 50),
    writer: "running",
    protected: [],
    nowSeconds: at(11, 5),
    trash: [],
    ...more,
  };
}
