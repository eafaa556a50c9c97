// Saver: graph, files, restores and their errors, as TensorFlow's.
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { DataLossError, InvalidArgumentError, NotFoundError, ValueError } from "#runtime/graph/errors";
import { getDefaultGraph, resetDefaultGraph } from "#runtime/graph/graph";
import { Session } from "#runtime/graph/session";
import { buildGraph, endAllTracing } from "#runtime/graph/trace";
import { latestCheckpoint } from "#runtime/saving/checkpointFiles";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { Saver, type SaverOptions } from "#runtime/saving/saver";
import { getVariable } from "#runtime/scope/getVariable";
import type { Variable } from "#runtime/scope/variable";
import { globalVariablesInitializer } from "#runtime/scope/variables";
import { getOrCreateGlobalStep } from "#runtime/training/globalStep";
import { observeTraining, type SavedCheckpoint } from "#runtime/training/observers";
import { FakeClock } from "../../../support/fakeClock";

let dir: string;
let before: string;
beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  before = process.cwd();
  dir = await mkdtemp(join(tmpdir(), "saver-"));
  process.chdir(dir);
});
afterEach(async () => {
  endAllTracing();
  process.chdir(before);
  await rm(dir, { recursive: true });
});

interface Given { name: string; value: number | number[] | number[][] | string; dtype?: "int32" | "float64" | "string"; parts?: number }

function variable({ name, value, dtype }: Given): Variable {
  return getVariable(name, { initializer: value, ...(dtype && { dtype }) });
}

/** A new graph with these variables, initialised, and a Saver for them. */
async function program(given: readonly Given[], options: (variables: Variable[]) => SaverOptions = () => ({})) {
  resetDefaultGraph();
  const { variables, saver, init } = buildGraph(() => {
    const variables = given.map(variable);
    return { variables, saver: new Saver(options(variables)), init: globalVariablesInitializer() };
  });
  const session = new Session();
  await session.run(init);
  return { variables, saver, session };
}

const valuesOf = async (session: Session, of: Variable) => [...(await session.readVariable(of))];

interface Recorded {
  saved: Given[];
  restored: Given[];
  reshape?: boolean;
  use_resource?: boolean;
  names?: Record<string, string>;
  path?: string | null;
  error: { type: string; message: string } | null;
  after: Record<string, number | number[] | number[][]>;
}
const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/restore.json", import.meta.url), "utf8"),
) as { cases: Recorded[] };
/** Reshaping, partitioned variables and paths that are patterns or files of a checkpoint are not offered; resource variables must fit as well. */
const offered = cases.filter(({ reshape, use_resource, path, saved, restored }) => {
  return !reshape && !use_resource && [undefined, null, "missing", ""].includes(path) && ![...saved, ...restored].some(({ parts }) => parts);
});
const classes: Record<string, abstract new (message: string) => Error> = { NotFoundError, InvalidArgumentError, ValueError };

describe("a restore ends as TensorFlow's did", () => {
  test.each(offered.map((each, index) => [index, each.error?.type ?? "restored", each] as const))("case %i: %s", async (_, __, each) => {
    const first = await program(each.saved);
    await first.saver.save(first.session, "saved");
    const { variables, saver, session } = await program(each.restored, (all) => {
      if (!each.names) return {};
      return { varList: Object.fromEntries(Object.entries(each.names).map(([key, name]) => [key, all.find(({ op }) => op.name === name) as Variable])) };
    });
    const restoring = saver.restore(session, each.path === undefined ? "saved" : (each.path as string));
    if (!each.error) await restoring;
    else {
      const thrown = await restoring.then(() => undefined, (error: unknown) => error);
      expect(thrown).toBeInstanceOf(classes[each.error.type]);
      const key = each.error.message.split("\n").at(-1) ?? "";
      expect((thrown as Error).message).toContain(key);
    }
    for (const one of variables) {
      // Where TensorFlow's failed restore had changed some variables, ours has changed none.
      const given = each.restored.find(({ name }) => name === one.op.name)?.value;
      expect(await valuesOf(session, one)).toEqual([each.error ? given : each.after[one.op.name]].flat(2));
    }
  });
});

test("the graph has TensorFlow's save and restore operations, and nothing outside their scope", async () => {
  const count = (names: string[]) => names.filter((name) => !name.startsWith("save")).length;
  const { saver } = await program([{ name: "b", value: 1 }, { name: "a", value: 2 }]);
  const names = getDefaultGraph().operations.map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("save/"))).toEqual([
    "save/filename/input", "save/filename", "save/Const",
    "save/SaveV2/tensor_names", "save/SaveV2/shape_and_slices", "save/SaveV2", "save/control_dependency",
    "save/RestoreV2/tensor_names", "save/RestoreV2/shape_and_slices", "save/RestoreV2",
    "save/Assign", "save/Assign_1", "save/restore_all",
  ]);
  expect(saver.asSaverDef()).toMatchObject({
    filenameTensorName: "save/Const:0", saveTensorName: "save/control_dependency:0", restoreOpName: "save/restore_all", version: 2,
  });
  const before = count(names);
  buildGraph(() => new Saver());
  const after = getDefaultGraph().operations.map(({ name }) => name);
  expect(count(after)).toBe(before);
  expect(after).toContain("save_1/restore_all");
  const inputs = getDefaultGraph().getOperationByName("save/SaveV2").inputs.map(({ name }) => name);
  expect(inputs.slice(3)).toEqual(["a:0", "b:0"]);
});

test("the step is appended, read from a variable or tensor where it is one, and padded on request", async () => {
  resetDefaultGraph();
  const { step, init, saver, padding } = buildGraph(() => {
    const step = getOrCreateGlobalStep();
    return { step, init: globalVariablesInitializer(), saver: new Saver(), padding: new Saver({ padStepNumber: true, name: "other" }) };
  });
  const session = new Session();
  await session.run(init);
  expect(await saver.save(session, "m", { globalStep: 0 })).toBe("m-0");
  session.assignVariable(step, [5], []);
  expect(await saver.save(session, "m", { globalStep: step })).toBe("m-5");
  expect(await saver.save(session, "m", { globalStep: step.value() })).toBe("m-5");
  expect(await padding.save(session, "m", { globalStep: step })).toBe("m-00000005");
});

test("the global step is stored as int64", async () => {
  resetDefaultGraph();
  const { step, saver } = buildGraph(() => ({ step: getOrCreateGlobalStep(), saver: new Saver() }));
  const session = new Session();
  session.assignVariable(step, [70000], []);
  await saver.save(session, "m");
  const { bundle, close } = await openCheckpoint("m");
  expect(bundle.entries.get("global_step")).toMatchObject({ dtype: "int64", shape: [], size: 8 });
  expect(new BigInt64Array((await bundle.read("global_step")).slice().buffer)[0]).toBe(70000n);
  await close();
  const other = new Session();
  await saver.restore(other, "m");
  expect(await valuesOf(other, step)).toEqual([70000]);
});

test("files appear under their final names, the meta graph tells variables and Saver", async () => {
  const { saver, session } = await program([{ name: "v", value: 1 }], () => ({ maxToKeep: 7, keepCheckpointEveryNHours: 0.5 }));
  await saver.save(session, "m", { globalStep: 3 });
  expect((await readdir(".")).sort()).toEqual(["checkpoint", "m-3.data-00000-of-00001", "m-3.index", "m-3.meta"]);
  expect(await readFile("checkpoint", "utf8")).toBe('model_checkpoint_path: "m-3"\nall_model_checkpoint_paths: "m-3"\n');
  const meta = decodeMetaGraphDef(await readFile("m-3.meta"));
  expect(meta.saver).toMatchObject({ maxToKeep: 7, keepCheckpointEveryNHours: 0.5, restoreOpName: "save/restore_all" });
  expect(meta.graph.nodes.map(({ name }) => name)).toContain("save/SaveV2");
  expect(meta.collections.get("variables")).toMatchObject({ kind: "bytes" });
  expect(await latestCheckpoint(".")).toBe("./m-3");
});

test("old checkpoints go with all their files, one per save", async () => {
  const { saver, session } = await program([{ name: "v", value: 1 }], () => ({ maxToKeep: 2 }));
  const told: SavedCheckpoint[] = [];
  const watching = observeTraining({ checkpointSaved: (saved) => told.push(saved) });
  for (const globalStep of [1, 2, 3]) await saver.save(session, "m", { globalStep });
  watching.dispose();
  expect(told).toEqual([
    { path: "m-1", step: 1, deleted: [], spared: [] },
    { path: "m-2", step: 2, deleted: [], spared: [] },
    { path: "m-3", step: 3, deleted: ["m-1"], spared: [] },
  ]);
  expect((await readdir(".")).some((name) => name.startsWith("m-1"))).toBe(false);
  expect(saver.lastCheckpoints).toEqual(["m-2", "m-3"]);
});

test("observers are told the rule as a Saver is built and where its clock stands after each save", async () => {
  const told: unknown[] = [];
  const watching = observeTraining({ retentionChanged: (change) => told.push(change) });
  const { saver, session } = await program([{ name: "v", value: 1 }], () => ({ keepCheckpointEveryNHours: 1, clock: new FakeClock(1000) }));
  await saver.save(session, "m");
  watching.dispose();
  const change = { policy: { maxToKeep: 5, keepCheckpointEveryNHours: 1 }, saverBuiltSeconds: 1000, nextKeepSeconds: 4600 };
  expect(told).toEqual([change, change]);
});

test("nothing to save is an error, unless that is allowed", async () => {
  expect(() => new Saver()).toThrow("No variables to save");
  expect(() => new Saver({ varList: {} })).toThrow("No variables to save");
  const empty = new Saver({ allowEmpty: true });
  const session = new Session();
  expect(await empty.save(session, "m", { writeMetaGraph: false })).toBeUndefined();
  await empty.restore(session, "never written");
  expect(await readdir(".")).toEqual([]);
});

test("one variable under two names, one name twice, and what is no variable are refused", async () => {
  const { variables } = await program([{ name: "v", value: 1 }]);
  const [v] = variables as [Variable];
  expect(() => new Saver({ varList: { v, v0too: v } })).toThrow("restored with two names");
  expect(() => new Saver({ varList: [v, v] })).toThrow("same name: v");
  expect(() => new Saver({ varList: { v: v.value() } })).toThrow(TypeError);
});

test("saving what has no value names the variable and writes nothing", async () => {
  const { saver } = await program([{ name: "v", value: 1 }]);
  await expect(saver.save(new Session(), "m")).rejects.toThrow("Attempting to use uninitialized value v");
  expect(await readdir(".")).toEqual([]);
});

test("damaged data is found before any variable changes", async () => {
  const { saver, session, variables } = await program([{ name: "a", value: 1 }, { name: "b", value: [1, 2, 3] }]);
  await saver.save(session, "m");
  for (const one of variables) session.assignVariable(one, one.shape.length ? [7, 7, 7] : [7], one.shape);
  const data = await readFile("m.data-00000-of-00001");
  data[6] = 99;
  await writeFile("m.data-00000-of-00001", data);
  await expect(saver.restore(session, "m")).rejects.toBeInstanceOf(DataLossError);
  await truncate("m.data-00000-of-00001", 6);
  await expect(saver.restore(session, "m")).rejects.toBeInstanceOf(DataLossError);
  expect(await valuesOf(session, variables[0] as Variable)).toEqual([7]);
});

test("saving and restoring leave no tensors behind", async () => {
  const { saver, session } = await program([{ name: "a", value: 1 }, { name: "b", value: [1, 2, 3] }]);
  await saver.save(session, "m");
  await saver.restore(session, "m");
  const { numTensors } = tf.memory();
  for (let i = 0; i < 3; i++) {
    await saver.save(session, "m");
    await saver.restore(session, "m");
  }
  expect(tf.memory().numTensors).toBe(numTensors);
});
