import { describe, expect, test } from "vitest";
import type { CheckpointFacts, FoundCheckpoint } from "#analysis/checkpoints/facts";
import { listCheckpoints } from "#analysis/checkpoints/listCheckpoints";
import { managerPolicy, managerRule } from "#analysis/checkpoints/managerRule";
import { prunePlan } from "#analysis/checkpoints/prunePlan";
import { at, facts, found } from "./checkpointFacts";

/** Saves every 10 minutes up to 11:00; the newest three are listed, and of those before some stayed. */
function managed(stayed: readonly FoundCheckpoint[], lastPreservedSeconds: number, firstStep = 500): CheckpointFacts {
  const listed = [0, 1, 2].map((index) => found(firstStep + 100 * index, at(10, 40 + 10 * index)));
  const savedSeconds = new Map(listed.map(({ prefix, wallTimeSeconds }) => [prefix, wallTimeSeconds + 0.4]));
  const all = [...stayed, ...listed];
  const manager = { savedSeconds, lastPreservedSeconds };
  return facts({
    found: all, manager, policy: managerPolicy(managerRule(all, manager)), builtSeconds: [], writer: "foreign",
    state: { latest: `model-${firstStep + 200}`, listed: listed.map(({ prefix }) => prefix) },
  });
}

const twoStayed = managed([found(100, at(9, 30)), found(300, at(10, 1))], at(10, 1) + 0.4);

describe("CheckpointManager's number", () => {
  test("shows once something before its list is gone or stays for good", () => {
    expect(managed([], at(9)).policy?.maxToKeep).toBe(3);
    expect(managed([found(0, at(10, 20))], at(10, 20), 100).policy?.maxToKeep).toBe(3);
  });

  test("is not known as long as nothing had to go, and then no deletion is foreseen", () => {
    const { checkpoints, forecast } = listCheckpoints(managed([], at(9), 100), { forecast: 8 });
    expect(forecast.flatMap(({ deletes }) => deletes)).toEqual([]);
    expect(checkpoints.map(({ reason }) => reason)).toEqual(["Newest: the run resumes from it", "One of all that were saved so far", "One of all that were saved so far"]);
    expect(checkpoints[2]).toMatchObject({ next: "Goes at some save: the state file does not tell CheckpointManager's number", fate: { kind: "stays", until: "unknown" } });
  });
});

test("its hours are the roundest number that the distances allow", () => {
  expect(twoStayed.policy?.keepCheckpointEveryNHours).toBe(0.5);
  expect(managed([found(300, at(10, 1))], at(10, 1)).policy?.keepCheckpointEveryNHours).toBe(10_000);
});

test("what it will do is foreseen by its own rule, with the times of its state file", () => {
  const { checkpoints, forecast, timeline } = listCheckpoints(twoStayed, { forecast: 3 });
  // Half an hour after 10:01 is 10:31: the save of 10:40 stays, and the next half hour begins with it.
  expect(forecast.map(({ deletes, keepsForever }) => [deletes, keepsForever])).toEqual([[[], ["model-500"]], [["model-600"], []], [["model-700"], []]]);
  expect(checkpoints.map(({ kept, reason, next }) => `${kept}: ${reason}. ${next}.`).slice(2)).toEqual([
    "newest: Oldest of the newest 3. Becomes the hour mark of 10:31 at step 800.",
    "hourMark: Kept for good: CheckpointManager never deletes it. Stays for good; no longer in the state file.",
    "hourMark: Kept for good: CheckpointManager never deletes it. Stays for good; no longer in the state file.",
  ]);
  expect(timeline.ticks).toEqual([]);
});

test("a prune by its rule leaves what it keeps for good, one by other hours does not", () => {
  expect(prunePlan(twoStayed).deletes).toEqual([]);
  expect(prunePlan(twoStayed, { policy: { maxToKeep: 3, keepCheckpointEveryNHours: 10_000 } }).deletes.map(({ prefix }) => prefix)).toEqual(["model-100", "model-300"]);
});
