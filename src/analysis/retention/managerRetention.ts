// CheckpointManager's retention rule as a pure state machine: which checkpoints go at a save and which stay for good (CM-2).
import { keepIntervalSeconds, type Remembered } from "./retention";
import type { RetentionPolicy } from "#model/run";

/** What one CheckpointManager remembers; all but the first two stands in its state file (CM-4). Never changed in place. */
export interface ManagerState {
  /** Infinity keeps all. */
  readonly maxToKeep: number;
  /** Of those that would go, one in so many seconds stays for good; Infinity where none does. */
  readonly intervalSeconds: number;
  /** Those that may still go, oldest first. */
  readonly last: readonly Remembered[];
  /** When the newest of those that stay for good was saved. */
  readonly lastPreservedSeconds: number;
}

/** What one save does. Unlike a Saver's it may let go of several, and compares with `>=` (CM-2, RT-4). */
export interface ManagedSave {
  readonly state: ManagerState;
  readonly deletes: readonly string[];
  readonly keepsForever: readonly string[];
}

/** A policy in the terms of a manager, which has no number for all and no hours for never. */
export function managerNumbers(policy: RetentionPolicy): Pick<ManagerState, "maxToKeep" | "intervalSeconds"> {
  return { maxToKeep: policy.maxToKeep === 0 ? Infinity : policy.maxToKeep, intervalSeconds: keepIntervalSeconds(policy) };
}

/** Records that `prefix` was saved at `seconds`, and lets go of the oldest until no more than the number are left. */
export function recordManagedSave(state: ManagerState, prefix: string, seconds: number): ManagedSave {
  const last: Remembered[] = [...state.last.filter(([known]) => known !== prefix), [prefix, seconds]];
  let { lastPreservedSeconds } = state;
  const deletes: string[] = [];
  const keepsForever: string[] = [];
  for (const [old, saved] of last.splice(0, Math.max(0, last.length - state.maxToKeep))) {
    if (saved - state.intervalSeconds >= lastPreservedSeconds) {
      lastPreservedSeconds = saved;
      keepsForever.push(old);
    } else deletes.push(old);
  }
  return { state: { ...state, last, lastPreservedSeconds }, deletes, keepsForever };
}
