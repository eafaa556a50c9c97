import { describe, expect, test } from "vitest";
import { listCheckpoints } from "#analysis/checkpoints/listCheckpoints";
import { at, facts } from "./checkpointFacts";

const after = (more: Parameters<typeof facts>[0], afterRestore: { readonly prefix: string; readonly stepNow?: number }) => listCheckpoints(facts(more), { forecast: 5, afterRestore });

describe("the forecast after a restore", () => {
  test("begins at the restored step, an interval from now, with the present step saved and held", () => {
    const { forecast, checkpoints } = after({}, { prefix: "model-300", stepNow: 740 });
    // The save of step 740 lets go of 500, so the first one after it lets go of 600; 740 is spared in its turn.
    expect(forecast.map(({ step, deletes, keepsForever, spares }) => [step, deletes, keepsForever, spares])).toEqual([
      [400, [], ["model-600"], []], [500, ["model-700"], [], []], [600, [], [], ["model-740"]], [700, ["model-400"], [], []], [800, [], ["model-500"], []],
    ]);
    expect(forecast[0]?.atSeconds).toBe(630);
    expect(checkpoints.map(({ prefix }) => prefix)).toEqual(["model-700", "model-600", "model-500", "model-300"]);
  });
  test("of a run that has ended has nothing saved before", () => {
    expect(after({ writer: "ended" }, { prefix: "model-300" }).forecast[0]).toMatchObject({ step: 400, deletes: ["model-500"] });
  });
  test("saves no step twice that is on disk already", () => {
    expect(after({ nowSeconds: at(11, 0) + 1 }, { prefix: "model-500", stepNow: 700 }).forecast[0]).toMatchObject({ step: 600, deletes: ["model-500"] });
  });
});
