// What a prune changes beside the files, what is remembered of it, and what its undo takes back.
import type { PruneBeside, PrunedBeside } from "#model/checkpoint";
import type { CheckpointAct } from "#model/checkpointOutlook";
import { defaultRetention, type RetentionPolicy, type RunRecord } from "#model/run";

/** The changes that go with a prune. */
export function actsBeside({ policy, protect }: PruneBeside): readonly CheckpointAct[] {
  return [...(protect ? [{ kind: "protect", ...protect } as const] : []), ...(policy ? [{ kind: "setPolicy", ...policy } as const] : [])];
}

/** What the undo needs to know of the record before the prune. */
export function rememberBeside({ retention = defaultRetention, retentionAsked }: RunRecord, beside: PruneBeside): PrunedBeside {
  const { maxToKeep, keepCheckpointEveryNHours } = retentionAsked ?? retention;
  const before = { maxToKeep, keepCheckpointEveryNHours, ...(!retentionAsked && { byScript: true as const }) };
  return { ...beside, ...(beside.policy && { before }) };
}

/** The changes of the undo: a rule or a note that is another one by now is somebody's own, and stays. */
export function actsTakingBack({ retentionAsked, protected: guarded = [] }: RunRecord, { policy, protect, before }: PrunedBeside): readonly CheckpointAct[] {
  const guards = guarded.some(({ prefix, note }) => prefix === protect?.prefix && note === protect.note);
  return [
    ...(protect && guards ? [{ kind: "unprotect", prefix: protect.prefix } as const] : []),
    ...(policy && before && isSame(retentionAsked, policy) ? [{ kind: "setPolicy", ...before } as const] : []),
  ];
}

function isSame(one: RetentionPolicy | undefined, other: RetentionPolicy): boolean {
  return one?.maxToKeep === other.maxToKeep && one.keepCheckpointEveryNHours === other.keepCheckpointEveryNHours;
}
