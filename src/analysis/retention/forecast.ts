// What the coming saves of a Saver will delete and keep for good, by running its rule ahead.
import type { ForecastSave } from "#model/checkpoint";
import { recordSave, type RetentionState } from "./retention";

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
}

/** Saves `coming.count` times in thought. Saves are numbered from 1. */
export function forecast(state: RetentionState, coming: ComingSaves): ForecastSave[] {
  const saves: ForecastSave[] = [];
  let now = state;
  for (let save = 1; save <= coming.count; save++) {
    const atSeconds = coming.firstAtSeconds + (save - 1) * coming.intervalSeconds;
    const step = stepOf(save, coming);
    const recorded = recordSave(now, coming.prefixOf(save, step), coming.nowSeconds + atSeconds);
    now = recorded.state;
    saves.push({ save, atSeconds, step, deletes: recorded.deletes, keepsForever: recorded.keepsForever });
  }
  return saves;
}

function stepOf(save: number, { firstStep, stepInterval }: ComingSaves): number | undefined {
  if (firstStep === undefined || stepInterval === undefined) return undefined;
  return firstStep + (save - 1) * stepInterval;
}
