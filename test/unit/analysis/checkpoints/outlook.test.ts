import { describe, expect, test } from "vitest";
import type { CheckpointFacts, MetricFacts } from "#analysis/checkpoints/facts";
import { listCheckpoints } from "#analysis/checkpoints/listCheckpoints";
import { at, facts, found } from "./checkpointFacts";

function metric(values: Readonly<Record<string, number>>): MetricFacts {
  const none = new Float64Array();
  return {
    tag: "loss", lower: true, smoothing: 0.6, tags: ["loss"], curve: { wallTimeSeconds: none, raw: none, smoothed: none, breaks: new Uint32Array() },
    values: new Map(Object.entries(values).map(([prefix, smoothed]) => [prefix, { raw: smoothed + 1, smoothed }])),
  };
}

const list = (more: Partial<CheckpointFacts>, request = { forecast: 8 }) => listCheckpoints(facts(more), request);
const kinds = (more: Partial<CheckpointFacts>) => list(more).notices.map(({ kind, text }) => `${kind}: ${text}`);

describe("the metric", () => {
  test("stands in every row that has it, and the best one is told", () => {
    const { checkpoints } = list({ metric: metric({ "model-500": 0.2, "model-700": 0.4 }) });
    expect(checkpoints.map(({ prefix, metric: there, best }) => [prefix, there?.smoothed, best])).toEqual([
      ["model-700", 0.4, undefined], ["model-600", undefined, undefined], ["model-500", 0.2, true], ["model-300", undefined, undefined],
    ]);
  });

  test("gives notice when the best is about to go, but not when it is protected", () => {
    const about = { metric: metric({ "model-500": 0.2, "model-700": 0.4 }) };
    expect(kinds(about)).toEqual(["bestGoes: Step 500, the best so far, goes at ≈ 11:10."]);
    expect(kinds({ ...about, protected: [{ prefix: "model-500" }] })).toEqual([]);
  });

  test("keep-best spares the best in its turn, in forecast and row alike", () => {
    const keepBest = { count: 1, tag: "loss", lower: true };
    const bestValues = new Map([["model-500", 0.2], ["model-700", 0.4]]);
    const { forecast, checkpoints } = list({ keepBest, bestValues });
    expect(forecast[0]).toMatchObject({ deletes: [], spares: ["model-500"] });
    expect(checkpoints[2]).toMatchObject({ fate: { kind: "stays", until: "beaten" }, next: "Stays while it is among the best" });
    const later = list({ found: [...facts().found, found(200, at(10, 10))], keepBest, keptAsBest: ["model-200"], bestValues: new Map([["model-200", 0.1]]) });
    expect(later.checkpoints.at(-1)).toMatchObject({ kept: "best", reason: "Best 1 by loss", next: "Stays while it is among the best" });
    const beaten = list({ found: [...facts().found, found(200, at(10, 10))], keepBest, keptAsBest: ["model-200"], bestValues });
    expect(beaten.checkpoints.at(-1)).toMatchObject({ kept: "best", next: "Goes at the save near step 800, ≈ 11:10" });
    expect(beaten.forecast[0]?.deletes).toEqual(["model-200"]);
  });
});

describe("the clock of the hours", () => {
  test("ticks where marks were made, and where they will be", () => {
    expect(list({}).timeline.ticks).toEqual([
      { seconds: at(10, 20), prefix: "model-300" }, { seconds: at(10, 50), prefix: "model-600" }, { seconds: at(11, 20), prefix: "model-900" },
      { seconds: at(11, 50), prefix: "model-1200" }, { seconds: at(12, 20) },
    ]);
  });

  test("loses a mark that a restart came before", () => {
    const { ticks, restarts } = list({ builtSeconds: [at(9, 15), at(10, 35)], nextKeepSeconds: at(11, 5) }).timeline;
    expect(ticks.slice(0, 3)).toEqual([
      { seconds: at(9, 45), prefix: "model-300" }, { seconds: at(10, 15), lost: true }, { seconds: at(11, 5), prefix: "model-800" },
    ]);
    expect(restarts).toEqual([{ seconds: at(10, 35), forgot: [] }]);
  });

  test("is not drawn for TensorFlow's interval that never comes", () => {
    expect(list({ policy: { maxToKeep: 3, keepCheckpointEveryNHours: 10_000 } }).timeline.ticks).toEqual([]);
  });
});

test("a restart names what it forgot, and the step that it went on from", () => {
  const more = { found: [found(200, at(10, 12)), ...facts().found], builtSeconds: [at(9, 50), at(10, 15)], saves: [{ prefix: "model-300", step: 300, seconds: at(10, 20) }] };
  expect(list(more).timeline.restarts).toEqual([{ seconds: at(10, 15), forgot: ["model-200"], step: 300 }]);
});

test("past saves are those whose files are gone, and trash says that they can come back", () => {
  const saves = [100, 200, 300].map((step) => ({ prefix: `model-${step}`, step, seconds: at(10) + step }));
  const { past } = list({ saves, trash: [{ trash: ".trash/x", movedSeconds: 1, checkpoints: [{ prefix: "model-200", bytes: 7 }], bytes: 7 }] }).timeline;
  expect(past).toEqual([saves[0], { ...saves[1], inTrash: true }]);
});

describe("the disk", () => {
  test("is foreseen to the end of the run, whose last save is off the beat", () => {
    const { disk, forecast } = list({ endStep: 1050, freeBytes: 10_000 }, { forecast: 1, ...{ toTheEnd: true } });
    expect(forecast.map(({ step }) => step)).toEqual([800, 900, 1000, 1050]);
    // One mark more than now: 400 bytes of four, and the 600 is kept for good.
    expect(disk).toEqual({ usedBytes: 400, trashBytes: 0, freeBytes: 10_000, endBytes: 500, toTheEnd: true });
  });

  test("is full at the first save that finds no room, and nothing is foreseen beyond it", () => {
    const { disk, forecast, notices } = list({ freeBytes: 150 });
    expect(forecast.map(({ refused, totalBytes }) => [refused, totalBytes])).toEqual([[undefined, 400], [undefined, 500], [true, 500]]);
    expect(disk.full).toMatchObject({ save: 3, step: 1000 });
    expect(notices[0]).toMatchObject({ kind: "diskFull", act: "prune", text: "Disk full ≈ 11:31, at the save of step 1,000. That save is refused before it starts." });
  });
});

describe("what is wrong", () => {
  test("comes in the order of its urgency", () => {
    const damaged = facts().found.map((one) => (one.step === 700 ? { ...one, damage: "checksum of w differs" } : one));
    const more = { found: [...damaged, found(200, at(10, 10))], stateRepair: { before: "a", after: "b", reasons: ["The state file names model-9, which is not on disk."] } };
    expect(kinds({ ...more, freeBytes: 0 }).map((text) => text.split(":")[0])).toEqual(["diskFull", "damagedNewest", "staleState", "unmanaged"]);
    expect(kinds(more)[0]).toBe("damagedNewest: Step 700, the newest, is damaged. Resume from step 600.");
    expect(list(more).checkpoints[0]?.reason).toBe("Damaged: checksum of w differs");
  });

  test("a clock that jumped back leaves the steps and takes the times", () => {
    const { checkpoints, timesUnknown, notices } = list({ found: [found(500, at(12)), found(600, at(10, 50)), found(700, at(11))], nextKeepSeconds: at(20) });
    expect(timesUnknown).toBe(true);
    expect(checkpoints.find(({ step }) => step === 500)?.next).toBe("Goes at the save near step 800");
    expect(notices.at(-1)).toMatchObject({ kind: "clockJump", prefixes: ["model-600"] });
  });
});

test("another rule for a run that trains is the Saver's after the change: the list stays, the mark moves by the difference", () => {
  const { forecast } = listCheckpoints(facts(), { forecast: 3, policy: { maxToKeep: 3, keepCheckpointEveryNHours: 0.25 } });
  // The mark stood at 10:50 and moves to 10:35, so the save of 10:40 becomes it.
  expect(forecast.map(({ deletes, keepsForever }) => [...deletes, ...keepsForever.map((prefix) => `${prefix} stays`)])).toEqual([
    ["model-500 stays"], ["model-600 stays"], ["model-700"],
  ]);
});
