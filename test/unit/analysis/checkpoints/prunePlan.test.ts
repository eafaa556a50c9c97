import { expect, test } from "vitest";
import type { CheckpointFacts } from "#analysis/checkpoints/facts";
import { replayClock } from "#analysis/checkpoints/hourMarks";
import { prunePlan, type PruneRequest } from "#analysis/checkpoints/prunePlan";
import { at, facts, found } from "./checkpointFacts";

function goes(about: CheckpointFacts, request?: PruneRequest): (readonly [string, string])[] {
  return prunePlan(about, request).deletes.map(({ prefix, reason }) => [prefix, reason] as const);
}

test("the run's own rule lets nothing go that it still keeps", () => {
  expect(prunePlan(facts())).toEqual({
    deletes: [],
    keeps: [
      { prefix: "model-300", reason: "Hour mark: first save after 10:20" },
      { prefix: "model-500", reason: "Oldest of the newest 3" },
      { prefix: "model-600", reason: "One of the newest 3 (2nd)" },
      { prefix: "model-700", reason: "Newest: the run resumes from it" },
    ],
    bytes: 0,
  });
});

test("a smaller number lets the oldest go that are no hour marks", () => {
  const plan = prunePlan(facts(), { policy: { maxToKeep: 1, keepCheckpointEveryNHours: 0.5 } });
  expect(plan.deletes).toEqual([{
    prefix: "model-500", step: 500, bytes: 100, reason: "Not one of the newest 1, and before the hour mark of 10:50",
    files: ["model-500.data-00000-of-00001", "model-500.index", "model-500.meta"],
  }]);
  expect(plan.keeps.map(({ prefix }) => prefix)).toEqual(["model-300", "model-600", "model-700"]);
  expect(plan.bytes).toBe(100);
});

test("a longer clock lets hour marks go too", () => {
  expect(goes(facts(), { policy: { maxToKeep: 3, keepCheckpointEveryNHours: 10000 } }).map(([prefix]) => prefix)).toEqual(["model-300"]);
});

test("what is not managed or incomplete goes", () => {
  const about = facts({
    found: [...facts().found, found(200, at(9)), found(650, at(10, 55), { complete: false, lacks: "index file" })],
    builtSeconds: [at(8, 50), at(9, 50)],
    nowSeconds: at(12),
  });
  expect(goes(about)).toEqual([
    ["model-200", "Not managed: saved before the restart at 09:50"],
    ["model-650", "Incomplete: cannot be restored"],
  ]);
});

test("what a save may be writing stays", () => {
  const writing = found(800, at(11, 4), { complete: false, lacks: "index file" });
  expect(goes(facts({ found: [...facts().found, writing] }))).toEqual([]);
});

test("the checkpoint a restart resumes from stays under any rule and any wish", () => {
  const only = facts({ found: facts().found.slice(-1) });
  expect(goes(only, { policy: { maxToKeep: -1, keepCheckpointEveryNHours: 10000 } })).toEqual([]);
  expect(goes(facts(), { prefix: "model-700" })).toEqual([]);
});

test("a protected checkpoint stays", () => {
  const about = facts({ protected: [{ prefix: "model-500" }] });
  expect(goes(about, { policy: { maxToKeep: 1, keepCheckpointEveryNHours: 0.5 } })).toEqual([]);
});

test("one row alone can be planned", () => {
  expect(goes(facts(), { prefix: "model-300" })).toEqual([["model-300", "Chosen by you"]]);
});

test("max_to_keep 0 lets only go what is incomplete", () => {
  const about = facts({ found: [...facts().found, found(650, at(10, 55), { complete: false })], nowSeconds: at(12) });
  expect(goes(about, { policy: { maxToKeep: 0, keepCheckpointEveryNHours: 0.5 } }).map(([prefix]) => prefix)).toEqual(["model-650"]);
});

test("a list shorter than the rule's number is filled up with the newest of the rest", () => {
  const about = facts({ state: { latest: "model-700", listed: ["model-700"] } });
  const { deletes } = prunePlan(about, { policy: { maxToKeep: 2, keepCheckpointEveryNHours: 10000 } });
  expect(deletes.map(({ prefix }) => prefix)).toEqual(["model-300", "model-500"]);
});

test("without a known Saver the clock takes the phase that keeps the most", () => {
  // The worked example: an hour, saves at 4500 s and 7500 s were kept by a clock that stood at 3600 s and 7200 s.
  const { verdicts } = replayClock([found(1, 4500), found(2, 7500)], { maxToKeep: 2, keepCheckpointEveryNHours: 1 }, { builtSeconds: [], newestSeconds: 10500 });
  expect([...verdicts.values()].map(({ keeps }) => keeps)).toEqual([true, true]);
});

test("without a known Saver nothing is a mark of a clock longer than the checkpoints span", () => {
  const { verdicts } = replayClock([found(1, 4500)], { maxToKeep: 2, keepCheckpointEveryNHours: 10000 }, { builtSeconds: [], newestSeconds: 10500 });
  expect([...verdicts.values()].map(({ keeps }) => keeps)).toEqual([false]);
});
