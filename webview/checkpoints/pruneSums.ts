// What there will be at the end of the run with a prune and without it, as lines of a table.
import type { EndSum, EndSums } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import { keepWords } from "./words";

/** One line of the sums. */
export interface EndLine extends EndSum {
  readonly label: string;
  readonly planned: boolean;
}

/** As things are now, and as the plan and the policy that is tried out would have it. */
export function endLines({ now, then }: EndSums, { written, simulated }: { readonly written: RetentionPolicy; readonly simulated: RetentionPolicy | undefined }): readonly EndLine[] {
  return [
    { ...now, label: `Keep ${keepWords(written.maxToKeep)}, as now`, planned: false },
    { ...then, label: simulated ? `Keep ${keepWords(simulated.maxToKeep)}` : "With this plan", planned: true },
  ];
}
