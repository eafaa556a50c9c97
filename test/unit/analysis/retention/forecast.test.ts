import { describe, expect, test } from "vitest";
import { forecast as forecastOf, managerKeeper, saverKeeper, type ComingSaves } from "#analysis/retention/forecast";
import { recordSave, startRetention, type RetentionState } from "#analysis/retention/retention";

const coming: ComingSaves = {
  count: 4, firstAtSeconds: 100, intervalSeconds: 600, nowSeconds: 10_000, firstStep: 50, stepInterval: 10,
  prefixOf: (save, step) => `model-${step ?? `save${save}`}`,
};

const forecast = (state: RetentionState, to: ComingSaves, spared?: ReadonlySet<string>) => forecastOf(saverKeeper(state), to, spared).saves;

function after(...saves: readonly (readonly [string, number])[]): RetentionState {
  return saves.reduce((state, [prefix, seconds]) => recordSave(state, prefix, seconds).state, startRetention({ maxToKeep: 2, keepCheckpointEveryNHours: 1 }, 0));
}

describe("the coming saves", () => {
  test("come at their times and steps, and say what goes with each", () => {
    expect(forecast(after(["a", 1000], ["b", 2000]), coming)).toEqual([
      { save: 1, atSeconds: 100, step: 50, prefix: "model-50", deletes: ["a"], keepsForever: [], spares: [] },
      { save: 2, atSeconds: 700, step: 60, prefix: "model-60", deletes: ["b"], keepsForever: [], spares: [] },
      { save: 3, atSeconds: 1300, step: 70, prefix: "model-70", deletes: [], keepsForever: ["model-50"], spares: [] },
      { save: 4, atSeconds: 1900, step: 80, prefix: "model-80", deletes: [], keepsForever: ["model-60"], spares: [] },
    ]);
  });

  test("have no step where the pace is not known", () => {
    const [first] = forecast(after(), { ...coming, firstStep: undefined });
    expect(first).toEqual({ save: 1, atSeconds: 100, prefix: "model-save1", deletes: [], keepsForever: [], spares: [] });
  });

  test("delete what they saved themselves, in its turn", () => {
    const saves = forecast(startRetention({ maxToKeep: 1, keepCheckpointEveryNHours: 10000 }, 0), coming);
    expect(saves.map(({ deletes }) => deletes)).toEqual([[], ["model-50"], ["model-60"], ["model-70"]]);
  });

  test("delete nothing where all is kept", () => {
    const saves = forecast(startRetention({ maxToKeep: 0, keepCheckpointEveryNHours: 1 }, 0), coming);
    expect(saves.flatMap(({ deletes, keepsForever }) => [...deletes, ...keepsForever])).toEqual([]);
  });

  test("leave in place what is spared, and do not move the clock for it", () => {
    const saves = forecast(after(["a", 1000], ["b", 2000]), coming, new Set(["a"]));
    expect(saves[0]).toMatchObject({ deletes: [], spares: ["a"], keepsForever: [] });
    expect(saves[2]).toMatchObject({ keepsForever: ["model-50"] });
  });

  test("end with the last step of the training, be it off the beat", () => {
    expect(forecast(after(), { ...coming, count: 2, endStep: 55 }).map(({ step }) => step)).toEqual([50, 55]);
  });

  test("leave the state they began from as it was", () => {
    const state = after(["a", 1000], ["b", 2000]);
    forecast(state, coming);
    expect(state.last.map(([prefix]) => prefix)).toEqual(["a", "b"]);
  });
});

describe("the coming saves of a CheckpointManager", () => {
  const manager = { maxToKeep: 2, intervalSeconds: 1000, last: [["a", 9000], ["b", 9900], ["c", 9950]] as const, lastPreservedSeconds: 8900 };

  test("let go of all that are too many at once, and compare with what stayed last", () => {
    const { saves, marks } = forecastOf(managerKeeper(manager), coming);
    expect(saves.map(({ deletes, keepsForever }) => [deletes, keepsForever])).toEqual([[["a"], ["b"]], [["c"], []], [["model-50"], []], [["model-60"], []]]);
    expect(marks).toEqual([9900, 10_900, 10_900, 10_900]);
  });

  test("delete nothing where all are kept", () => {
    expect(forecastOf(managerKeeper({ ...manager, maxToKeep: Infinity }), coming).saves.flatMap(({ deletes }) => deletes)).toEqual([]);
  });
});
