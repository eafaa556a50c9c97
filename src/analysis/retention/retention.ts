// TF1 Saver's retention rule as a pure state machine: which saved checkpoints go and which stay for good (RT-2 to RT-9).
import type { RetentionPolicy } from "#model/run";

/** A checkpoint the rule watches: its prefix as it was saved, and the wall time after its data was written (RT-3). */
export type Remembered = readonly [prefix: string, savedSeconds: number];

/** What one Saver remembers. Never changed in place. */
export interface RetentionState {
  /** 0 keeps everything and remembers nothing (RT-6). */
  readonly maxToKeep: number;
  /** The hours as TF computes with them: a 32-bit float times 3600 in double (SV-10). */
  readonly intervalSeconds: number;
  /** The newest ones, oldest first; this is what the state file lists (RT-1). */
  readonly last: readonly Remembered[];
  /** Evicted and not yet decided on: one is decided at each save (RT-4). */
  readonly pending: readonly Remembered[];
  /** An evicted checkpoint saved after this wall time, in seconds, stays for good (RT-4). */
  readonly next: number;
}

/** What one save does. The caller writes the state file before it deletes (SS-5). */
export interface RecordedSave {
  readonly state: RetentionState;
  /** At most one prefix (RT-4). */
  readonly deletes: readonly string[];
  /** At most one prefix: it left the list and nothing will ever delete it. */
  readonly keepsForever: readonly string[];
}

/** The state of a Saver built now: the hour clock starts here (RT-2, RT-10). */
export function startRetention(policy: RetentionPolicy, nowSeconds: number): RetentionState {
  const intervalSeconds = keepIntervalSeconds(policy);
  return { maxToKeep: policy.maxToKeep, intervalSeconds, last: [], pending: [], next: nowSeconds + intervalSeconds };
}

/** `keep_checkpoint_every_n_hours` in seconds, rounded as TF rounds it (SV-10). */
export function keepIntervalSeconds(policy: RetentionPolicy): number {
  return Math.fround(policy.keepCheckpointEveryNHours) * 3600;
}

/** The prefixes remembered, oldest first (RT-1). */
export function lastCheckpoints(state: RetentionState): string[] {
  return state.last.map(([prefix]) => prefix);
}

/**
 * Replaces the remembered checkpoints, as `set_last_checkpoints_with_time` and `recover_last_checkpoints` do: nothing is
 * trimmed or deleted (RT-9). A time of Infinity stands for an unknown one (RT-8).
 */
export function rememberCheckpoints(state: RetentionState, last: readonly Remembered[]): RetentionState {
  return { ...state, last: [...last] };
}

/**
 * The same Saver under another rule, an addition to TF1: the list stays, the clock's next mark moves by the difference of the
 * intervals. A Saver that kept all remembers no saves of its own (RT-6); of those the newest, which the state file lists, is
 * taken up.
 */
export function changePolicy(state: RetentionState, policy: RetentionPolicy, newest?: Remembered): RetentionState {
  const intervalSeconds = keepIntervalSeconds(policy);
  const next = state.next - state.intervalSeconds + intervalSeconds;
  const taken = state.maxToKeep === 0 && policy.maxToKeep !== 0 && newest ? [newest] : [];
  const last = [...state.last.filter(([prefix]) => taken.every(([other]) => other !== prefix)), ...taken];
  return { ...state, maxToKeep: policy.maxToKeep, intervalSeconds, next, last };
}

/** Records that `prefix` was saved, its data complete at `seconds` (RT-3), and decides on at most one evicted one (RT-4). */
export function recordSave(state: RetentionState, prefix: string, seconds: number): RecordedSave {
  if (state.maxToKeep === 0) return decideOldest(state);
  const last: Remembered[] = [...state.last.filter(([known]) => known !== prefix), [prefix, seconds]];
  const evicted = last.length > state.maxToKeep ? last.splice(0, 1) : [];
  return decideOldest({ ...state, last, pending: [...state.pending, ...evicted] });
}

/** Decides on the first pending checkpoint only; `next` moves by exactly one interval from its old value (RT-5). */
function decideOldest(state: RetentionState): RecordedSave {
  const [oldest, ...pending] = state.pending;
  if (!oldest) return { state, deletes: [], keepsForever: [] };
  const [prefix, savedSeconds] = oldest;
  if (savedSeconds > state.next) {
    return { state: { ...state, pending, next: state.next + state.intervalSeconds }, deletes: [], keepsForever: [prefix] };
  }
  return { state: { ...state, pending }, deletes: [prefix], keepsForever: [] };
}
