// What there will be at the end of the run with a prune and without it, counted from rows and forecast.
import type { CheckpointInfo, ForecastSave, PrunePlan } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { keepWords } from "./words";

/** One line of the sums. */
export interface EndSum {
  readonly label: string;
  readonly newest: number;
  readonly forGood: number;
  readonly unmanaged: number;
  /** Prefixes of the hour marks that come. */
  readonly marks: readonly string[];
  readonly bytes: number;
  readonly planned: boolean;
}

/** As things are now, and as the plan and the policy that is tried out would have it. */
export function atTheEnd(snapshot: CheckpointsSnapshot, { plan, written, simulated }: {
  readonly plan: PrunePlan | undefined;
  readonly written: { readonly policy: RetentionPolicy; readonly forecast: readonly ForecastSave[] } | undefined;
  readonly simulated: RetentionPolicy | undefined;
}): readonly EndSum[] {
  if (!written || !plan) return [];
  const gone = new Set(plan.deletes.map(({ prefix }) => prefix));
  const now = sumOf(snapshot.checkpoints, { policy: written.policy, forecast: written.forecast });
  const left = snapshot.checkpoints.filter(({ prefix }) => !gone.has(prefix));
  const then = sumOf(left, { policy: simulated ?? written.policy, forecast: simulated ? snapshot.forecast : written.forecast });
  return [
    { ...now, label: `Keep ${keepWords(written.policy.maxToKeep)}, as now`, planned: false },
    { ...then, label: simulated ? `Keep ${keepWords(simulated.maxToKeep)}` : "With this plan", planned: true },
  ];
}

function sumOf(rows: readonly CheckpointInfo[], { policy, forecast }: { readonly policy: RetentionPolicy; readonly forecast: readonly ForecastSave[] }): Omit<EndSum, "label" | "planned"> {
  const there = new Set(rows.map(({ prefix }) => prefix));
  const coming = new Set(forecast.map(({ prefix }) => prefix));
  const marks = forecast.flatMap(({ keepsForever }) => keepsForever).filter((prefix) => there.has(prefix) || coming.has(prefix));
  const fixed = rows.filter(({ kept, complete }) => complete && (kept === "hourMark" || kept === "protected" || kept === "best"));
  const others = rows.filter(({ kept, complete }) => !complete || kept === "unmanaged");
  const usual = rows.find(({ complete }) => complete)?.bytes ?? 0;
  const listed = rows.filter(({ kept, complete }) => complete && kept === "newest").length + forecast.length;
  const newest = policy.maxToKeep === 0 ? listed : Math.min(policy.maxToKeep, listed);
  const bytes = [...fixed, ...others].reduce((sum, one) => sum + one.bytes, 0) + (newest + marks.length) * usual;
  return { newest, forGood: fixed.length + marks.length, unmanaged: others.length, marks, bytes };
}
