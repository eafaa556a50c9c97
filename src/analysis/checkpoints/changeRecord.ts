// What an act on the checkpoints changes in run.json.
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { RunRecord } from "#model/run";

/** The parts of a record that an act changes; undefined parts are taken out of it. Acts on the state file change none. */
export function changeOfRecord(record: RunRecord, act: CheckpointAct): Partial<RunRecord> {
  const guarded = record.protected ?? [];
  switch (act.kind) {
    case "protect": {
      const others = guarded.filter(({ prefix }) => prefix !== act.prefix);
      return { protected: [...others, { prefix: act.prefix, ...(act.note && { note: act.note }) }] };
    }
    case "unprotect":
      return { protected: guarded.filter(({ prefix }) => prefix !== act.prefix) };
    case "setPolicy": {
      const { maxToKeep, keepCheckpointEveryNHours } = act;
      const policy = { maxToKeep, keepCheckpointEveryNHours };
      return act.byScript ? { retention: policy, retentionAsked: undefined } : { retentionAsked: policy };
    }
    case "setKeepBest":
      return { keepBest: act.keepBest, bestValues: act.keepBest && (act.values ?? []) };
    case "dismissUndo":
      return { undoRestore: undefined };
    case "manage":
    case "repairState":
      return {};
  }
}
