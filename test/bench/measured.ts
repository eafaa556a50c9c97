// What a variant is given and what it answers.

import type { ChartArguments } from "./variants/charts";
import type { TrainingArguments } from "./variants/training";

/** Where its data lie and how much of it there is. */
export interface VariantArguments {
  /** A folder with one event file, a checkpoint's prefix, or a folder to work in. */
  readonly path: string;
  /** Points, tensors or runs, as the variant counts. */
  readonly count: number;
  /** Of variants that train. */
  readonly training?: TrainingArguments;
  /** Of charts. */
  readonly charts?: ChartArguments;
}

/** `result` must be equal between peers: a fast wrong reader must not pass. */
export interface Measured {
  /** What is compared: mostly seconds; bytes or a share where the goal says so. */
  readonly value: number;
  readonly result: string;
}

/** Seconds that `work` takes. */
export async function secondsOf(work: () => Promise<void> | void): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Middle of the values; of an even number of them the greater of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the given share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((one, other) => one - other);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? NaN;
}
