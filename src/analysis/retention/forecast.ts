// What the coming saves of a Saver will delete and keep for good, by running its rule ahead.
import type { ForecastSave } from "#model/checkpoint";
import { recordSave, type RetentionState } from "./retention";

/** What a save does to the checkpoints, before sizes are known. */
export type SimulatedSave = Omit<ForecastSave, "totalBytes" | "refused">;

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

/**
 * Saves `coming.count` times in thought. Saves are numbered from 1. What is `spared` leaves the list in its turn and stays, as
 * an hour mark does, but without moving the clock.
 */
export function forecast(state: RetentionState, coming: ComingSaves, spared: ReadonlySet<string> = new Set()): SimulatedSave[] {
  const saves: SimulatedSave[] = [];
  let now = state;
  for (let save = 1; save <= coming.count; save++) {
    const atSeconds = coming.firstAtSeconds + (save - 1) * coming.intervalSeconds;
    const step = stepOf(save, coming);
    const prefix = coming.prefixOf(save, step);
    const recorded = recordSave(now, prefix, coming.nowSeconds + atSeconds);
    now = recorded.state;
    const deletes = recorded.deletes.filter((each) => !spared.has(each));
    const spares = recorded.deletes.filter((each) => spared.has(each));
    saves.push({ save, atSeconds, ...(step !== undefined && { step }), prefix, deletes, keepsForever: recorded.keepsForever, spares });
  }
  return saves;
}

function stepOf(save: number, { firstStep, stepInterval, endStep = Infinity }: ComingSaves): number | undefined {
  if (firstStep === undefined || stepInterval === undefined) return undefined;
  return Math.min(firstStep + (save - 1) * stepInterval, endStep);
}
