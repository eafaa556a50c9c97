// A graph out of its file: what it holds, that it runs, restores and trains on, and what is said where it cannot.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeMetaGraphDef, encodeMetaGraphDef, type MetaGraphDef } from "#formats/graphDef/metaGraphDef";
import {
  AdamOptimizer,
  addToCollection,
  asGraphTensor,
  buildGraph,
  constant,
  dropout,
  endAllTracing,
  ExponentialMovingAverage,
  exportMetaGraph,
  getCollection,
  getDefaultGraph,
  getOrCreateGlobalStep,
  getVariable,
  globalVariables,
  globalVariablesInitializer,
  GradientDescentOptimizer,
  Graph,
  group,
  hostCall,
  importMetaGraph,
  nameScope,
  placeholder,
  randomState,
  resetDefaultGraph,
  Saver,
  Session,
  setRandomSeed,
  setRandomState,
  summary,
  trainableVariables,
  truncatedNormalInitializer,
  Variable,
  variableScope,
  zerosInitializer,
} from "#runtime/index";

let dir: string;
beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  dir = await mkdtemp(join(tmpdir(), "trainscope-meta-"));
});
afterEach(async () => {
  endAllTracing();
  await rm(dir, { recursive: true, force: true });
});

const pixels = Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => Math.sin(i * 0.37));

/** A small network with what training graphs have: layers, dropout, a schedule's step, averages, summaries, two optimizers. */
function buildTraining(): void {
  setRandomSeed(5);
  const step = getOrCreateGlobalStep();
  buildGraph(() => {
    const images = placeholder<tf.Rank.R4>("float32", { shape: [2, 8, 8, 3], name: "images" });
    const labels = constant([0, 1], { dtype: "int32", name: "labels" });
    const features = variableScope("features", () => {
      const kernel = getVariable<tf.Rank.R4>("kernel", { shape: [3, 3, 3, 4], initializer: truncatedNormalInitializer({ stddev: 0.3 }) });
      const bias = getVariable("bias", { shape: [4], initializer: zerosInitializer() });
      return tf.maxPool(tf.leakyRelu(tf.add(tf.conv2d(images, kernel as unknown as tf.Tensor4D, 1, "same"), bias)) as tf.Tensor4D, 2, 2, "valid");
    });
    const logits = variableScope("logits", () => {
      const weights = getVariable("weights", { shape: [64, 2], initializer: truncatedNormalInitializer({ stddev: 0.3 }) });
      return tf.matMul(dropout(tf.reshape(features, [2, 64]), { keepProb: 0.8 }), weights as unknown as tf.Tensor2D);
    });
    const loss = tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(labels as tf.Tensor1D, 2)), 1)));
    const average = new ExponentialMovingAverage({ decay: 0.9 });
    const train = new AdamOptimizer(0.01).minimize(loss, { globalStep: step as Variable, varList: trainableVariables("features") });
    const other = new GradientDescentOptimizer(0.05).minimize(loss, { varList: trainableVariables("logits") });
    const averages = average.apply([loss, ...trainableVariables()]);
    summary.scalar("loss", loss);
    summary.histogram("logits", logits);
    summary.image("images", images);
    addToCollection("losses", loss);
    group([train, other, averages], { name: "train" });
    summary.mergeAll();
  });
}

async function values(session: Session): Promise<Record<string, number[]>> {
  const all = await Promise.all(globalVariables().map(async (variable): Promise<[string, number[]]> => [variable.op.name, [...(await session.readVariable(variable))]]));
  return Object.fromEntries(all);
}

async function trainSteps(session: Session, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const [, loss] = await session.run(["train", getCollection<tf.Tensor>("losses")[0]] as const, { feeds: [["images:0", pixels]] });
    losses.push(loss as number);
  }
  return losses;
}

describe("a graph that is imported", () => {
  test("restores and trains on with the same numbers as the one that was exported", async () => {
    buildTraining();
    const saver = new Saver();
    const session = new Session();
    await session.run(globalVariablesInitializer());
    await trainSteps(session, 3);
    const prefix = (await saver.save(session, join(dir, "model"), { globalStep: 3 })) as string;
    const drawn = randomState(session);
    const losses = await trainSteps(session, 3);
    const wanted = await values(session);
    session.close();

    resetDefaultGraph();
    const again = importMetaGraph(`${prefix}.meta`) as Saver;
    const second = new Session();
    await again.restore(second, prefix);
    setRandomState(second, drawn);
    expect(await trainSteps(second, 3)).toEqual(losses);
    expect(await values(second)).toEqual(wanted);
    const records = await second.run(getCollection<tf.Tensor>("summaries"), { feeds: [["images:0", pixels]] });
    expect(records).toHaveLength(3);
    const resaved = (await again.save(second, join(dir, "again"))) as string;
    second.close();

    // What the imported Saver wrote is a checkpoint and a meta graph like any other.
    resetDefaultGraph();
    const third = new Session();
    await (importMetaGraph(`${resaved}.meta`) as Saver).restore(third, resaved);
    expect(await values(third)).toEqual(wanted);
    third.close();
  });

  test("D01: exported again it is the same message, collections of every kind included", async () => {
    buildTraining();
    const saver = new Saver();
    addToCollection("ints", 3);
    addToCollection("ints", -(2 ** 40));
    addToCollection("floats", 3.5);
    addToCollection("texts", "größe");
    addToCollection("bytes", Uint8Array.of(0, 255, 128));
    const first = await saver.exportMetaGraph({ filename: join(dir, "first.meta") });
    resetDefaultGraph();
    const again = importMetaGraph(join(dir, "first.meta")) as Saver;
    const second = await again.exportMetaGraph({ filename: join(dir, "second.meta") });
    expect(second.collections).toEqual(first.collections);
    expect(second.saver).toEqual(first.saver);
    expect(await readFile(join(dir, "second.meta"))).toEqual(await readFile(join(dir, "first.meta")));
    expect(getCollection("ints")).toEqual([3, -(2 ** 40)]);
    expect(getCollection("texts")).toEqual(["größe"]);
    expect(getCollection("bytes")).toEqual([Uint8Array.of(0, 255, 128)]);
  });

  test("may be trained by an optimizer that is made behind it", async () => {
    const v = new Variable([1, 2], { name: "v" });
    buildGraph(() => addToCollection("losses", tf.sum(tf.square(tf.reshape(tf.sub(v, 3), [2, 1])))));
    const meta = await exportMetaGraph();
    resetDefaultGraph();
    importMetaGraph(meta);
    const [loss] = getCollection<tf.Tensor>("losses") as [tf.Tensor];
    const train = new GradientDescentOptimizer(0.25).minimize(loss);
    const session = new Session();
    await session.run(globalVariablesInitializer());
    await session.run(train);
    expect([...(await session.readVariable(globalVariables()[0] as Variable))]).toEqual([2, 2.5]);
    session.close();
  });

  test("E14: its variables are one each, whatever collections name them", async () => {
    new Variable(1, { name: "v" });
    const meta = await exportMetaGraph();
    resetDefaultGraph();
    importMetaGraph(meta);
    const average = new ExponentialMovingAverage({ decay: 0.25, name: "foo_avg" });
    expect([...average.variablesToRestore().keys()]).toEqual(["v/foo_avg"]);
    expect(trainableVariables()[0]).toBe(globalVariables()[0]);
  });

  test("keeps partitioned and resource variables as they were", async () => {
    variableScope("net", { useResource: true }, () => getVariable("r", { shape: [2], initializer: zerosInitializer() }));
    getVariable("p", { shape: [4, 2], initializer: truncatedNormalInitializer(), partitioner: () => [2, 1] });
    const saver = new Saver({ sharded: true });
    const session = new Session();
    await session.run(globalVariablesInitializer());
    session.assignVariable(globalVariables()[0] as Variable, [5, 6], [2]);
    const wanted = await values(session);
    const prefix = (await saver.save(session, join(dir, "model"))) as string;
    session.close();
    resetDefaultGraph();
    const again = importMetaGraph(`${prefix}.meta`) as Saver;
    expect(globalVariables().map(({ useResource, saveSlice }) => [useResource, saveSlice?.offset])).toEqual([[true, undefined], [false, [0, 0]], [false, [2, 0]]]);
    const second = new Session();
    await again.restore(second, prefix);
    expect(await values(second)).toEqual(wanted);
    const resaved = (await again.save(second, join(dir, "again"))) as string;
    expect(await readFile(`${resaved}.data-00000-of-00001`)).toEqual(await readFile(`${prefix}.data-00000-of-00001`));
    second.close();
  });
});

describe("Savers", () => {
  test("D03: those of the collection come back, each with its own variables", async () => {
    const v0 = new Variable(10, { name: "v0" });
    const v1 = new Variable(11, { name: "v1" });
    const savers = [new Saver({ varList: { v0 }, name: "saver0" }), new Saver({ varList: { v1 }, name: "saver1" })] as const;
    for (const saver of savers) addToCollection("savers", saver);
    const session = new Session();
    await session.run(globalVariablesInitializer());
    const prefixes = [await savers[0].save(session, join(dir, "zero")), await savers[1].save(session, join(dir, "one"))] as [string, string];
    session.close();
    const meta = await exportMetaGraph();
    expect(meta.saver).toBeUndefined();
    expect(meta.collections.get("savers")?.values).toHaveLength(2);

    resetDefaultGraph();
    importMetaGraph(meta);
    const [first, second] = getCollection<Saver>("savers") as [Saver, Saver];
    const [w0, w1] = globalVariables() as [Variable, Variable];
    const restored = new Session();
    await first.restore(restored, prefixes[0]);
    expect([restored.isInitialized(w0), restored.isInitialized(w1)]).toEqual([true, false]);
    await second.restore(restored, prefixes[1]);
    expect([...(await restored.readVariable(w1))]).toEqual([11]);
    restored.close();
  });

  test("D04: all but one can be left out, with their operations", async () => {
    new Variable(10, { name: "v0" });
    const savers = ["saver0", "saver1"].map((name) => new Saver({ name }));
    for (const saver of savers) addToCollection("savers", saver);
    const meta = await (savers[1] as Saver).exportMetaGraph({ clearExtraneousSavers: true });
    expect(meta.collections.get("savers")?.values).toHaveLength(1);
    expect(meta.graph.nodes.filter(({ name }) => name.startsWith("saver0/"))).toEqual([]);
    expect(meta.graph.nodes.some(({ name }) => name.startsWith("saver1/"))).toBe(true);
    resetDefaultGraph();
    importMetaGraph(meta);
    expect(getCollection("savers")).toHaveLength(1);
  });

  test("without one in the file there is a Saver of the variables below the scope, and none where there are none", async () => {
    constant(1);
    const meta = await exportMetaGraph();
    resetDefaultGraph();
    new Variable(1, { name: "here" });
    expect(importMetaGraph(meta, { importScope: "in" })).toBeUndefined();
    resetDefaultGraph();
    new Variable(1, { name: "v" });
    const withVariable = await exportMetaGraph();
    resetDefaultGraph();
    new Variable(1, { name: "before" });
    const saver = importMetaGraph(withVariable, { importScope: "in", maxToKeep: 2 });
    expect(saver?.saveables.map(({ name }) => name)).toEqual(["in/v"]);
    expect(saver?.policy.maxToKeep).toBe(2);
  });
});

describe("names", () => {
  test("D06: under a scope the Saver restores the original checkpoint, and the training runs", async () => {
    buildTraining();
    const saver = new Saver();
    const session = new Session();
    await session.run(globalVariablesInitializer());
    await trainSteps(session, 1);
    const prefix = (await saver.save(session, join(dir, "model"))) as string;
    const wanted = await values(session);
    session.close();

    resetDefaultGraph();
    const again = importMetaGraph(`${prefix}.meta`, { importScope: "new_model" }) as Saver;
    expect(getDefaultGraph().operations.every(({ name }) => name.startsWith("new_model/"))).toBe(true);
    const second = new Session();
    await again.restore(second, prefix);
    expect(await values(second)).toEqual(Object.fromEntries(Object.entries(wanted).map(([name, value]) => [`new_model/${name}`, value])));
    await second.run("new_model/train", { feeds: [["new_model/images:0", pixels]] });
    expect(await second.run(getOrCreateGlobalStep())).toBe(2);
    second.close();
    // Tags are constants of the file: they stay what they were (MG-8).
    const tags = getDefaultGraph().asGraphDef().nodes.find(({ name }) => name === "new_model/loss/tags")?.attrs.get("value");
    expect(tags?.kind === "tensor" && new TextDecoder().decode((tags.tensor.values as Uint8Array[])[0])).toBe("loss");
  });

  test("beside a graph that has the same names all get new ones, and each runs its own", async () => {
    const build = () => {
      const v = new Variable([1], { name: "v" });
      return v.assignAdd([1], { name: "grow" });
    };
    build();
    new Saver();
    const meta = await exportMetaGraph();
    resetDefaultGraph();
    build();
    importMetaGraph(meta);
    const [here, came] = globalVariables() as [Variable, Variable];
    expect(came.op.name).toBe("v_1");
    const session = new Session();
    await session.run(globalVariablesInitializer());
    await session.run("grow_1");
    expect([...(await session.readVariable(here)), ...(await session.readVariable(came))]).toEqual([1, 2]);
    session.close();
  });

  test("an open name scope is taken over", async () => {
    constant(1, { name: "c" });
    const meta = await exportMetaGraph();
    resetDefaultGraph();
    nameScope("outer", () => importMetaGraph(meta));
    expect(getDefaultGraph().operations.map(({ name }) => name)).toEqual(["outer/c"]);
  });

  test("devices go along, or are forgotten", async () => {
    const graph = getDefaultGraph();
    graph.withinDevice("/job:ps", () => constant(1, { name: "c" }));
    const meta = await exportMetaGraph();
    expect((await exportMetaGraph({ clearDevices: true })).graph.nodes.map(({ device }) => device)).toEqual([""]);
    const devices = (clearDevices: boolean) => {
      const other = new Graph();
      other.asDefault(() => importMetaGraph(meta, { clearDevices }));
      return other.operations.map(({ device }) => device);
    };
    expect(devices(false)).toEqual(["/job:ps"]);
    expect(devices(true)).toEqual([""]);
  });
});

describe("inputs", () => {
  test("a tensor of the program takes the place of one in the file", async () => {
    buildGraph(() => {
      const [x] = hostCall({ name: "batch", outputs: [{ dtype: "float32", shape: [2] }], call: () => [[1, 2]] });
      addToCollection("doubled", tf.mul(x as tf.Tensor, 2));
    });
    const meta = await exportMetaGraph();
    resetDefaultGraph();
    const session = new Session();
    importMetaGraph(meta);
    await expect(session.run(getCollection<tf.Tensor>("doubled"))).rejects.toThrow(/batch calls a function of the program.*feed batch's outputs/s);
    expect(await session.run(getCollection<tf.Tensor>("doubled"), { feeds: [["batch:0", [4, 5]]] })).toMatchObject([{ 0: 8, 1: 10 }]);
    session.close();

    resetDefaultGraph();
    const x = placeholder("float32", { shape: [2], name: "fed" });
    importMetaGraph(meta, { inputMap: { "batch:0": x } });
    const second = new Session();
    expect(await second.run(getCollection<tf.Tensor>("doubled"), { feeds: [[x, [1, 3]]] })).toMatchObject([{ 0: 2, 1: 6 }]);
    second.close();
    expect(() => importMetaGraph(meta, { inputMap: { "nobody:0": x } })).toThrow(/not found in the graph: \[nobody:0\]/);
  });
});

describe("what cannot be taken in", () => {
  const node = (name: string, op: string, inputs: string[] = []) => ({ name, op, inputs, device: "", attrs: new Map() });
  const meta = (...nodes: ReturnType<typeof node>[]): MetaGraphDef => ({
    graph: { nodes, producer: 1, functions: 0 }, tags: [], tensorflowVersion: "1.15.0", collections: new Map(),
  });

  test("operations that nothing here runs are named all at once, and nothing is added", () => {
    const file = meta(node("a", "NoOp"), node("queue", "FIFOQueueV2"), node("d", "QueueDequeueV2"), node("e", "QueueDequeueV2"));
    expect(() => importMetaGraph(file)).toThrow("The graph has operations that cannot be run here: FIFOQueueV2 (queue), QueueDequeueV2 (d and 1 more).");
    expect(getDefaultGraph().operations).toEqual([]);
  });

  test("a node that takes what is not there, or itself, is told by name", () => {
    expect(() => importMetaGraph(meta(node("a", "Neg", ["gone"])))).toThrow("a (Neg) takes gone, which the file does not have.");
    expect(() => importMetaGraph(meta(node("a", "Neg", ["b"]), node("b", "Neg", ["a"])))).toThrow(/depends on itself/);
  });

  test("a shape that is left open asks for another input", () => {
    const open = { ...node("x", "Placeholder"), attrs: new Map([["dtype", { kind: "type", type: 1 }], ["shape", { kind: "shape", shape: [-1, 3] }]]) };
    expect(() => importMetaGraph(meta(open as never))).toThrow(/x \(Placeholder\) leaves the shape shape open.*inputMap/);
  });

  test("D05: bytes and text are read; what is neither, and what is not there, is told", async () => {
    new Variable(1, { name: "v" });
    const saver = new Saver();
    for (const asText of [false, true]) await saver.exportMetaGraph({ filename: join(dir, `${asText}.meta`), asText });
    expect((await readFile(join(dir, "true.meta"), "utf8")).startsWith("meta_info_def {")).toBe(true);
    for (const name of ["false", "true"]) {
      resetDefaultGraph();
      expect(importMetaGraph(join(dir, `${name}.meta`))?.saveables.map((each) => each.name)).toEqual(["v"]);
    }
    await writeFile(join(dir, "other.meta"), 'filename_tensor_name: "save/Const:0"\n');
    expect(() => importMetaGraph(join(dir, "other.meta"))).toThrow(/Cannot parse file .*other\.meta/);
    const bytes = encodeMetaGraphDef(decodeMetaGraphDef(await readFile(join(dir, "false.meta"))));
    await writeFile(join(dir, "cut.meta"), bytes.subarray(0, bytes.length >> 1));
    expect(() => importMetaGraph(join(dir, "cut.meta"))).toThrow(/Cannot parse file .*cut\.meta/);
    expect(() => importMetaGraph(join(dir, "gone.meta"))).toThrow(`File ${join(dir, "gone.meta")} does not exist.`);
  });
});

test("a fetched operation of an imported graph is the one that its name says", async () => {
  new Variable(1, { name: "v" });
  const meta = await exportMetaGraph();
  resetDefaultGraph();
  importMetaGraph(meta);
  expect(asGraphTensor(getDefaultGraph().getOperationByName("v/read"))).toBe(globalVariables()[0]?.value());
});
