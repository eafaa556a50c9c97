// What the coming saves of a Saver or a CheckpointManager will delete and keep for good, by running its rule ahead.
import type { ForecastSave } from "#model/checkpoint";
import { recordManagedSave, type ManagerState } from "./managerRetention";
import { recordSave, type RetentionState } from "./retention";

/** What a save does to the checkpoints, before sizes are known. */
export type SimulatedSave = Omit<ForecastSave, "totalBytes" | "refused">;

/** The coming saves, and before each where the rule's clock stands: what is let go of and was saved after it stays for good. */
export interface Forecast {
  readonly saves: readonly SimulatedSave[];
  readonly marks: readonly number[];
}

/** When and under which names the coming saves will come. */
export interface ComingSaves {
  readonly count: number;
  /** Seconds from now to the first of them, and between two. */
  readonly firstAtSeconds: number;
  readonly intervalSeconds: number;
  readonly nowSeconds: number;
  /** Step of the first one and between two, where the pace is known. */
  readonly firstStep?: number;
  readonly stepInterval?: number;
  /** The prefix that a coming save will get; only for naming it when it goes in its turn. */
  readonly prefixOf: (save: number, step: number | undefined) => string;
  /** The last step that the training means to reach: its last save is there, be it off the beat. */
  readonly endStep?: number;
}

/** A rule with what it remembers. */
export interface Keeper {
  /** What is let go of and was saved after this wall time, in seconds, stays for good. */
  readonly markSeconds: number;
  record(prefix: string, seconds: number): { readonly keeper: Keeper; readonly deletes: readonly string[]; readonly keepsForever: readonly string[] };
}

/** A Saver. */
export function saverKeeper(state: RetentionState): Keeper {
  return {
    markSeconds: state.next,
    record: (prefix, seconds) => {
      const { state: after, ...does } = recordSave(state, prefix, seconds);
      return { ...does, keeper: saverKeeper(after) };
    },
  };
}

/** A CheckpointManager. */
export function managerKeeper(state: ManagerState): Keeper {
  return {
    markSeconds: state.lastPreservedSeconds + state.intervalSeconds,
    record: (prefix, seconds) => {
      const { state: after, ...does } = recordManagedSave(state, prefix, seconds);
      return { ...does, keeper: managerKeeper(after) };
    },
  };
}

/**
 * Saves `coming.count` times in thought. Saves are numbered from 1. What is `spared` leaves the list in its turn and stays, as
 * an hour mark does, but without moving the clock.
 */
export function forecast(keeper: Keeper, coming: ComingSaves, spared: ReadonlySet<string> = new Set()): Forecast {
  const saves: SimulatedSave[] = [];
  const marks: number[] = [];
  let now = keeper;
  for (let save = 1; save <= coming.count; save++) {
    const atSeconds = coming.firstAtSeconds + (save - 1) * coming.intervalSeconds;
    const step = stepOf(save, coming);
    const prefix = coming.prefixOf(save, step);
    marks.push(now.markSeconds);
    const recorded = now.record(prefix, coming.nowSeconds + atSeconds);
    now = recorded.keeper;
    const deletes = recorded.deletes.filter((each) => !spared.has(each));
    const spares = recorded.deletes.filter((each) => spared.has(each));
    saves.push({ save, atSeconds, ...(step !== undefined && { step }), prefix, deletes, keepsForever: recorded.keepsForever, spares });
  }
  return { saves, marks };
}

function stepOf(save: number, { firstStep, stepInterval, endStep = Infinity }: ComingSaves): number | undefined {
  if (firstStep === undefined || stepInterval === undefined) return undefined;
  return Math.min(firstStep + (save - 1) * stepInterval, endStep);
}
