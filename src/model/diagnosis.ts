// What a running training can tell of itself beyond its summaries: where its time goes, and where a value broke.
import type { Step } from "./run";

/** Where the time of a few sampled runs went. Columns have one entry for each operation that ran. */
export interface StepTimes {
  /** Runs that were looked at; 0 while none was yet. */
  readonly samples: number;
  /** At most one run in so many seconds is looked at. */
  readonly everySeconds: number;
  /** The global step as the last of them began. */
  readonly step?: Step;
  readonly names: readonly string[];
  /** Mean of the sampled runs; a run in which the operation had no part counts as 0. */
  readonly milliseconds: Float64Array;
  /** The most bytes of tensors that were alive when the operation had run. */
  readonly liveBytes: Float64Array;
  /** The backend only takes work over and computes later: times say how long the handing over took. */
  readonly handedOver: boolean;
}

/** Where a search for the first value that is not finite began. */
export interface SearchStart {
  /** The variables as they are, as they were kept in memory shortly before, or a checkpoint. */
  readonly kind: "present" | "memory" | "checkpoint";
  readonly step?: Step;
  /** Of the checkpoint. */
  readonly prefix?: string;
}

/** The result of re-running steps with a check behind every operation. */
export interface NonFiniteSearch {
  /** Undefined where no state without such values is left to start from. */
  readonly start?: SearchStart;
  /** Runs that were checked. */
  readonly runs: number;
  /** Undefined where all values of these runs were finite. */
  readonly found?: NonFiniteFinding;
}

/** The first operation that made NaN or ∞ out of finite inputs. */
export interface NonFiniteFinding {
  /** The global step as the run began. */
  readonly step?: Step;
  readonly node: string;
  readonly op: string;
  readonly source?: { readonly file: string; readonly line: number };
  readonly value: ValueRange;
  /** Its inputs; all of them finite. */
  readonly inputs: readonly (ValueRange & { readonly name: string })[];
  /** Operations of the same run whose values were not finite afterwards, in the order they ran, without the first. */
  readonly reached: readonly string[];
  /** What the first of `reached` held. Recorded by older trainers not at all. */
  readonly spread?: readonly (ValueRange & { readonly name: string })[];
  /** How many more there were than `reached` names. */
  readonly moreReached: number;
}

/** What a tensor holds. `min` and `max` are of its finite values. */
export interface ValueRange {
  readonly shape: readonly number[];
  readonly elements: number;
  readonly nan: number;
  readonly infinite: number;
  readonly min?: number;
  readonly max?: number;
}
