// What lies over the drawing of a training: how much of a run's time each box takes, and where a value broke.
import { brokenBoxes, timesByBox, type BoxTime, type Broken } from "#analysis/diagnosis/life";
import type { StepTimes } from "#model/diagnosis";
import type { GraphState } from "./state";

/** What is drawn over the boxes. */
export interface Overlay {
  /** Undefined while boxes are not coloured by time. */
  readonly times?: ReadonlyMap<string, BoxTime>;
  readonly broken: ReadonlyMap<string, Broken>;
}

let cached: { readonly times: StepTimes; readonly boxes: ReadonlyMap<string, BoxTime> } | undefined;

/** The overlay of a state. */
export function overlayOf({ life, times: told, byTime }: GraphState): Overlay {
  const found = life?.nonFinite?.found;
  const times = byTime ? told : undefined;
  if (times && cached?.times !== times) cached = { times, boxes: timesByBox(times) };
  return { broken: found ? brokenBoxes(found) : new Map(), ...(times && times.samples > 0 && cached && { times: cached.boxes }) };
}

/** Steps of the colour: under 1, 10, 30 percent, and more. */
export function heatOf(share: number): 0 | 1 | 2 | 3 {
  return share < 0.01 ? 0 : share < 0.1 ? 1 : share < 0.3 ? 2 : 3;
}
