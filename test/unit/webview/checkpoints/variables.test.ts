import { describe, expect, test } from "vitest";
import type { VariableInfo } from "#model/checkpoint";
import { shapeWords, variableRows } from "../../../../webview/checkpoints/variables";

const variable = (name: string, bytes = 4): VariableInfo => ({ name, dtype: "float32", shape: [1], bytes });
const all = [variable("generator/encoder_10/kernel"), variable("generator/encoder_2/kernel"), variable("generator/encoder_2/bias", 8), variable("global_step")];
const names = (filter: string, ...open: readonly string[]) => variableRows(all, { filter, open }).map((row) => `${" ".repeat(row.depth)}${row.name}`);

describe("variables", () => {
  test("are folded into scopes with their count and bytes", () => {
    expect(variableRows(all, { filter: "", open: [] })).toEqual([
      { kind: "scope", path: "generator", name: "generator", depth: 0, open: false, variables: 3, bytes: 16 },
      { kind: "variable", depth: 0, name: "global_step", variable: all[3] },
    ]);
  });
  test("unfold in the order of their numbers, scopes that hold one scope in one row", () => {
    expect(names("", "generator")).toEqual(["generator", " encoder_2", " encoder_10", "global_step"]);
    expect(variableRows([variable("a/b/c/d")], { filter: "", open: [] }).map((row) => row.name)).toEqual(["a/b/c"]);
  });
  test("that match a search are all shown, with their scopes open", () => {
    expect(names("KERNEL")).toEqual(["generator", " encoder_2", "  kernel", " encoder_10", "  kernel"]);
    expect(names("bias float32")).toEqual(["generator/encoder_2", " bias"]);
    expect(names("nothing such")).toEqual([]);
  });
});

test("objects' values are shown by their objects' names", () => {
  const shown = variableRows([variable("model/dense/kernel/.ATTRIBUTES/VARIABLE_VALUE"), variable("model/dense/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE")], { filter: "kernel", open: [] });
  expect(shown.map(({ name }) => name)).toEqual(["model/dense", "kernel/slot optimizer", "m", "kernel"]);
});

test("a shape is written with true multiplication signs", () => {
  expect([shapeWords([4, 4, 3, 32]), shapeWords([])]).toEqual(["4 × 4 × 3 × 32", "scalar"]);
});

test("variables of the scope chosen in the graph are shown alone, with what is stored below them, and their scopes open", () => {
  const stored = [variable("net/w"), variable("net/w/Adam"), variable("network/w"), variable("other")];
  const rows = variableRows(stored, { filter: "", open: [], scope: { name: "layer", variables: ["net/w"] } });
  expect(rows.flatMap((row) => (row.kind === "variable" ? [row.variable.name] : []))).toEqual(["net/w/Adam", "net/w"]);
  expect(variableRows(stored, { filter: "", open: [], scope: { variables: [] } })).toHaveLength(3);
});
