import { describe, expect, test } from "vitest";
import { preflight, restorePlan, type Fitting } from "#analysis/checkpoints/preflight";
import type { RestoreChoice } from "#model/checkpoint";

const variable = (name: string, shape: readonly number[] = [2], dtype = "float32"): Fitting => ({ name, shape, dtype });

function fit(file: readonly Fitting[], program: readonly Fitting[]) {
  return preflight({ prefix: "model-1", file, program });
}

test("a file with all of the program's variables fits, whatever else it holds", () => {
  const { fits, equal, extra, missing } = fit([variable("w"), variable("old")], [variable("w")]);
  expect({ fits, equal, extra, missing }).toEqual({ fits: true, equal: 1, extra: ["old"], missing: [] });
});

test("missing names come in the order TF would look them up", () => {
  const { missing, fits } = fit([], [variable("b"), variable("a"), variable("B")]);
  expect({ missing, fits }).toEqual({ missing: ["B", "a", "b"], fits: false });
});

test("another shape or type does not fit and says both sides", () => {
  const { otherShape, otherDtype, equal, fits } = fit(
    [variable("w", [2, 3]), variable("step", [], "int64")],
    [variable("w", [3, 2]), variable("step", [], "int32")],
  );
  expect({ otherShape, otherDtype, equal, fits }).toEqual({
    otherShape: [{ name: "w", file: [2, 3], program: [3, 2] }],
    otherDtype: [{ name: "step", file: "int64", program: "int32" }],
    equal: 0,
    fits: false,
  });
});

test("random state and data position are never in a file", () => {
  expect(fit([], []).notInFile).toEqual(["random state", "data position"]);
});

describe("likely renames", () => {
  test("pair a missing and an extra name of equal type and shape that are alike", () => {
    const file = [variable("net/conv_1/filter", [4, 4]), variable("net/conv_2/filter", [4, 4]), variable("bias", [4, 4], "float64")];
    const program = [variable("generator/conv_2/filter", [4, 4]), variable("generator/conv_1/filter", [4, 4])];
    expect(fit(file, program).renames).toEqual([
      { missing: "generator/conv_1/filter", extra: "net/conv_1/filter" },
      { missing: "generator/conv_2/filter", extra: "net/conv_2/filter" },
    ]);
  });

  test("never pair other shapes, or names with nothing in common", () => {
    expect(fit([variable("w", [2])], [variable("w_1", [3])]).renames).toEqual([]);
    expect(fit([variable("alpha")], [variable("bob")]).renames).toEqual([]);
  });

  test("use each name once", () => {
    expect(fit([variable("dense/kernel")], [variable("dense_1/kernel"), variable("dense_2/kernel")]).renames).toHaveLength(1);
  });

  test("of thousands of one shape are found by the last part of the name", () => {
    const many = (scope: string) => Array.from({ length: 300 }, (_, index) => variable(`${scope}/layer/w_${index}`));
    expect(fit(many("one"), many("two")).renames[7]).toMatchObject({ missing: expect.stringMatching(/^two/) });
    const { renames } = fit(many("one"), many("two"));
    expect(renames.every(({ missing, extra }) => missing.slice(3) === extra.slice(3))).toBe(true);
  });
});

describe("a restore of a part", () => {
  const program = [variable("g/w"), variable("g/w/Adam"), variable("d/w", [3]), variable("global_step")];
  const file = [variable("g/w"), variable("g/w/ExponentialMovingAverage"), variable("d/w", [2]), variable("global_step"), variable("g/old", [3])];
  const plan = (choice: RestoreChoice) => restorePlan({ file, program, choice }).map(({ name, from }) => (name === from ? name : `${name} from ${from}`));

  test.each<readonly [RestoreChoice, readonly string[]]>([
    [{ partial: true }, ["g/w", "global_step"]],
    [{ scopes: ["g"] }, ["g/w"]],
    [{ scopes: [""] }, ["global_step"]],
    [{ scopes: ["g/w"] }, ["g/w"]],
    [{ scopes: ["g/"] }, []],
    [{ weights: "ema" }, ["g/w from g/w/ExponentialMovingAverage", "global_step"]],
  ])("by %j sets %j", (choice, wanted) => {
    expect(plan(choice)).toEqual(wanted);
  });

  test("takes a likely rename only where it is asked to", () => {
    const renamed = { file: [variable("net/conv/kernel")], program: [variable("net/conv1/kernel")] };
    expect(restorePlan({ ...renamed, choice: { partial: true } })).toEqual([]);
    expect(restorePlan({ ...renamed, choice: { renames: true } })).toEqual([{ name: "net/conv1/kernel", from: "net/conv/kernel" }]);
  });

  test("is counted before it is done, by scope, and what the file lacks is told", () => {
    expect(preflight({ prefix: "m", file, program, choice: { weights: "ema" } })).toMatchObject({
      program: 4, sets: 2, averages: 1, fits: false, notInFile: ["optimizer state (1 variables)", "random state", "data position"],
      scopes: [{ scope: "", variables: 1, averages: 0 }, { scope: "d", variables: 1, averages: 0 }, { scope: "g", variables: 2, averages: 1 }],
    });
  });
});
