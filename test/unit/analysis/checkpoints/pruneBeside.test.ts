import { expect, test } from "vitest";
import { changeOfRecord } from "#analysis/checkpoints/changeRecord";
import { actsBeside, actsTakingBack, rememberBeside } from "#analysis/checkpoints/pruneBeside";
import type { PruneBeside } from "#model/checkpoint";
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { RunRecord } from "#model/run";

const seven = { maxToKeep: 7, keepCheckpointEveryNHours: 0.5 };
const three = { maxToKeep: 3, keepCheckpointEveryNHours: 0.5 };
const beside: PruneBeside = { policy: three, protect: { prefix: "model-10", note: "best so far" } };
const record = (part: Partial<RunRecord>): RunRecord => ({ version: 1, script: "train.ts", args: [], startedSeconds: 1, state: "finished", retention: seven, ...part });
const changed = (before: RunRecord, acts: readonly CheckpointAct[]): RunRecord => acts.reduce((now, act) => ({ ...now, ...changeOfRecord(now, act) }), before);

test.each([
  ["that the script set", record({ protected: [] })],
  ["that somebody had asked for", record({ retentionAsked: { maxToKeep: 5, keepCheckpointEveryNHours: 2 }, protected: [{ prefix: "model-20", note: "mine" }] })],
])("the undo of a prune goes back to the rule %s, and to what was protected", (_, before) => {
  const pruned = changed(before, actsBeside(beside));
  expect(pruned).toMatchObject({ retentionAsked: three, protected: expect.arrayContaining([beside.protect]) as unknown });
  expect(changed(pruned, actsTakingBack(pruned, rememberBeside(before, beside)))).toEqual({ retentionAsked: undefined, ...before });
});

test("a rule and a note that somebody changed since the prune stay", () => {
  const before = record({});
  const since = record({ retentionAsked: { ...three, maxToKeep: 2 }, protected: [{ prefix: "model-10", note: "for the paper" }] });
  expect(actsTakingBack(since, rememberBeside(before, beside))).toEqual([]);
  expect(actsTakingBack(record({ retentionAsked: three }), { policy: three })).toEqual([]);
});

test("the rule comes back as the training had it while it ended under the one of the prune", () => {
  const ended = record({ retention: three, retentionAsked: three });
  expect(changed(ended, actsTakingBack(ended, rememberBeside(record({}), { policy: three })))).toEqual(record({ retentionAsked: undefined }));
});
