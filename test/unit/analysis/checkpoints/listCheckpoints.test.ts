import { describe, expect, test } from "vitest";
import type { CheckpointFacts } from "#analysis/checkpoints/facts";
import { listCheckpoints, type ListRequest } from "#analysis/checkpoints/listCheckpoints";
import { at, facts, found } from "./checkpointFacts";

function rows(about: CheckpointFacts, request: ListRequest = { forecast: 5 }): (readonly [string, string, string, string])[] {
  return listCheckpoints(about, request).checkpoints.map(({ prefix, kept, reason, next }) => [prefix, kept, reason, next] as const);
}

describe("a running Saver", () => {
  test("keeps the newest and its hour marks, and says when each goes", () => {
    expect(rows(facts())).toEqual([
      ["model-700", "newest", "Newest: the run resumes from it", "Goes at the save near step 1,000, ≈ 11:31"],
      ["model-600", "newest", "One of the newest 3 (2nd)", "Becomes the hour mark of 10:50 at step 900"],
      ["model-500", "newest", "Oldest of the newest 3", "Goes at the save near step 800, ≈ 11:10"],
      ["model-300", "hourMark", "Hour mark: first save after 10:20", "Stays for good; no longer in the state file"],
    ]);
  });

  test("forecasts what each coming save deletes and keeps, in seconds from now", () => {
    const { forecast } = listCheckpoints(facts(), { forecast: 3, intervalSeconds: 600 });
    expect(forecast).toMatchObject([
      { save: 1, atSeconds: 600, step: 800, deletes: ["model-500"], keepsForever: [] },
      { save: 2, atSeconds: 1200, step: 900, deletes: [], keepsForever: ["model-600"] },
      { save: 3, atSeconds: 1800, step: 1000, deletes: ["model-700"], keepsForever: [] },
    ]);
  });

  test("numbers the save that deletes, within the forecast only", () => {
    const deletedAt = (forecast: number): (number | undefined)[] =>
      listCheckpoints(facts(), { forecast }).checkpoints.map(({ deletedAtSave }) => deletedAtSave);
    expect(deletedAt(3)).toEqual([3, undefined, 1, undefined]);
    expect(deletedAt(1)).toEqual([undefined, undefined, 1, undefined]);
  });

  test("takes the median distance of the last saves for the pace", () => {
    const { forecast } = listCheckpoints(facts(), { forecast: 2 });
    expect(forecast.map(({ atSeconds }) => Math.round(atSeconds))).toEqual([330, 330 + 630]);
  });
});

test("a copied folder, all of one time, is ordered by steps and forecast at Supervisor's pace", () => {
  const copied = [300, 100, 200].map((step) => found(step, at(12) + step / 1000));
  const about = facts({ found: copied, state: { latest: "model-300", listed: ["model-100", "model-200", "model-300"] }, writer: "foreign", nextKeepSeconds: at(13) });
  const { checkpoints, forecast } = listCheckpoints(about, { forecast: 1 });
  expect(checkpoints.map(({ step }) => step)).toEqual([300, 200, 100]);
  expect(forecast).toMatchObject([{ save: 1, atSeconds: 600, step: 400, deletes: ["model-100"], keepsForever: [] }]);
});

test("an asked rule changes the forecast and not the reasons", () => {
  const list = listCheckpoints(facts(), { policy: { maxToKeep: 1, keepCheckpointEveryNHours: 0.5 }, forecast: 3 });
  expect(list.policy).toEqual({ maxToKeep: 1, keepCheckpointEveryNHours: 0.5, source: "asked" });
  expect(list.checkpoints[1]?.reason).toBe("One of the newest 3 (2nd)");
  // One save deletes one: the list stays at its length (RT-11).
  expect(list.forecast.map(({ deletes, keepsForever }) => [...deletes, ...keepsForever])).toEqual([["model-500"], ["model-600"], ["model-700"]]);
});

test("an ended run goes on by a restart that takes the list over and starts the clock anew", () => {
  const [newest, second, oldest] = rows(facts({ writer: "ended" }));
  expect([newest?.[3], second?.[3], oldest?.[3]]).toEqual([
    "Goes at the 3rd save after a restart, if the list is taken over",
    "Goes at the 2nd save after a restart, if the list is taken over",
    "Goes at the first save after a restart, if the list is taken over",
  ]);
});

describe("what no Saver manages", () => {
  test("was saved before a restart", () => {
    const about = facts({ found: [...facts().found, found(200, at(9))], builtSeconds: [at(8, 50), at(9, 50)] });
    expect(rows(about).at(-1)).toEqual([
      "model-200", "unmanaged", "Not managed: saved before the restart at 09:50", "Stays until you manage it or move it to trash",
    ]);
  });

  test("was written by another Saver", () => {
    const about = facts({ found: [...facts().found, found(1, at(11, 1), { prefix: "other-1" })] });
    expect(rows(about)[0]?.slice(0, 3)).toEqual(["other-1", "unmanaged", "Not managed: written by another Saver"]);
  });

  test("is incomplete, whenever it was cut short", () => {
    const cut = found(650, at(10, 56), { complete: false, lacks: "index file" });
    expect(rows(facts({ found: [...facts().found, cut], nowSeconds: at(12) }))[1]).toEqual([
      "model-650", "unmanaged", "Incomplete: cut short at 10:56, no index file", "Cannot be restored; nothing deletes it",
    ]);
    expect(rows(facts({ found: [...facts().found, cut] }))[1]?.[2]).toBe("Being written, or cut short just now: no index file yet");
  });
});

test("hour marks of each Saver are found by its own clock", () => {
  const marks = [found(10, at(8, 25)), found(11, at(8, 30)), found(12, at(9, 20)), found(13, at(10, 20) + 1)];
  const about = facts({ found: [...marks, ...facts().found.slice(1)], builtSeconds: [at(7, 50), at(9, 50)] });
  const kept = listCheckpoints(about, { forecast: 0 }).checkpoints.slice(3).map(({ prefix, reason }) => [prefix, reason]);
  expect(kept).toEqual([
    ["model-13", "Hour mark: first save after 10:20"],
    ["model-12", "Hour mark: first save after 08:50"],
    ["model-11", "Not managed: saved before the restart at 09:50"],
    ["model-10", "Hour mark: first save after 08:20"],
  ]);
});

test("a protected checkpoint says by whom and until when", () => {
  const about = facts({ protected: [{ prefix: "model-500", note: "paper" }] });
  expect(rows(about)[2]).toEqual(["model-500", "protected", "Protected by you: “paper”", "Stays until you unprotect it"]);
});

test("with max_to_keep 0 nothing ever goes", () => {
  const about = facts({ policy: { maxToKeep: 0, keepCheckpointEveryNHours: 0.5 }, state: { latest: "model-700", listed: ["model-700"] } });
  expect(new Set(rows(about).map(([, , , next]) => next))).toEqual(new Set(["Stays for good"]));
});

test("a foreign run is shown by TF1's defaults, whatever its list holds", () => {
  const list = listCheckpoints(facts({ policy: undefined, writer: "foreign", nextKeepSeconds: undefined }), { forecast: 0 });
  expect(list.policy).toEqual({ maxToKeep: 5, keepCheckpointEveryNHours: 10000, source: "defaults" });
  expect(list.checkpoints[0]?.reason).toBe("Newest: the run resumes from it");
});

describe("problems", () => {
  test("a state file that names what is not there", () => {
    const about = facts({ state: { latest: "model-900", listed: ["model-700", "model-900"] } });
    const { problems, latest } = listCheckpoints(about, { forecast: 0 });
    expect({ problems, latest }).toEqual({ problems: ["The state file names model-900, which is not on disk."], latest: undefined });
  });

  test("no state file beside checkpoints", () => {
    const { problems, checkpoints } = listCheckpoints(facts({ state: undefined }), { forecast: 0 });
    expect(problems).toEqual(["There is no state file: a restart would not find these checkpoints."]);
    expect(checkpoints[0]?.reason).toBe("Not managed: no state file names it");
  });

  test("none in a folder without checkpoints", () => {
    const list = listCheckpoints(facts({ found: [], state: undefined }), { forecast: 2 });
    expect({ problems: list.problems, checkpoints: list.checkpoints, saves: list.forecast.length }).toEqual({ problems: [], checkpoints: [], saves: 2 });
  });
});
