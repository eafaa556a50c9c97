// A Saver's options, and what it does where disk and folder do not allow a save.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "#base/errors";
import {
  buildGraph, CheckpointManager, checkpointExists, constant, device, fixedSizePartitioner, getCheckpointState, getDefaultGraph, getVariable, globalVariablesInitializer, InvalidArgumentError,
  latestCheckpoint, logging, resetDefaultGraph, Saver, Session, updateCheckpointState, ValueError, Variable, type SaverOptions,
} from "#runtime/index";
import { FakeClock } from "../../../support/fakeClock";

let dir: string;
beforeEach(async () => {
  logging.setVerbosity("silent");
  await tf.setBackend("cpu");
  resetDefaultGraph();
  dir = await mkdtemp(join(tmpdir(), "saver-"));
});
afterEach(async () => rm(dir, { recursive: true }));

const at = (name: string) => join(dir, name);
const names = async () => (await readdir(dir)).sort();

/** A new graph with two variables, on two devices where that is asked for, initialised. */
async function program(options: SaverOptions = {}, { devices = ["", ""], values = [10, 20] as readonly (number | readonly number[])[] } = {}) {
  resetDefaultGraph();
  const { variables, saver, init } = buildGraph(() => {
    const variables = values.map((value, i) => device(devices[i], () => getVariable(`v${i}`, { initializer: value })));
    return { variables, saver: new Saver(options), init: globalVariablesInitializer() };
  });
  const session = new Session();
  await session.run(init);
  return { variables, saver, session, values: () => Promise.all(variables.map(async (each: Variable) => [...(await session.readVariable(each))])) };
}

describe("sharded", () => {
  const devices = ["/cpu:1", "/cpu:0"];
  test("A22, B06: a data file for each device, one index; restored the same, deleted with all files", async () => {
    const first = await program({ sharded: true, maxToKeep: 2 }, { devices });
    for (const name of ["s1", "s2", "s3"]) expect(await first.saver.save(first.session, at(name))).toBe(at(name));
    expect(await names()).toEqual(["checkpoint", ...["s2", "s3"].flatMap((name) => [`${name}.data-00000-of-00002`, `${name}.data-00001-of-00002`, `${name}.index`, `${name}.meta`])]);
    expect(await latestCheckpoint(dir)).toBe(at("s3"));
    const second = await program({ sharded: true }, { devices, values: [-1, -1] });
    await second.saver.restore(second.session, at("s3"));
    expect(await second.values()).toEqual([[10], [20]]);
    const whole = await program({}, { values: [-1, -1] });
    await whole.saver.restore(whole.session, at("s2"));
    expect(await whole.values()).toEqual([[10], [20]]);
  });
  test("SV-9: one device is saved under the usual names, by TensorFlow's operations", async () => {
    const { saver, session } = await program({ sharded: true });
    await saver.save(session, at("m"), { writeMetaGraph: false });
    expect(await names()).toEqual(["checkpoint", "m.data-00000-of-00001", "m.index"]);
    expect(saver.asSaverDef()).toMatchObject({ saveTensorName: "save/Identity:0", restoreOpName: "save/restore_all", sharded: true });
    expect(getDefaultGraph().findOperation("save/MergeV2Checkpoints")).toBeDefined();
  });
  test("a sharded checkpoint saved again under its name stays whole for its readers", async () => {
    const { saver, session, values } = await program({ sharded: true }, { devices });
    for (let i = 0; i < 3; i++) {
      await saver.save(session, at("m"));
      await saver.restore(session, at("m"));
      expect(await values()).toEqual([[10], [20]]);
    }
  });
});

describe("reshape", () => {
  test("SV-12: values take the variables' shapes, if they are as many", async () => {
    const first = await program({}, { values: [[1, 2, 3, 4], 5] });
    await first.saver.save(first.session, at("m"));
    resetDefaultGraph();
    const square = buildGraph(() => getVariable("v0", { initializer: [[0, 0], [0, 0]] as never }));
    const saver = buildGraph(() => new Saver({ reshape: true }));
    const session = new Session();
    await saver.restore(session, at("m"));
    expect([...(await session.readVariable(square))]).toEqual([1, 2, 3, 4]);
    const other = await program({ reshape: true }, { values: [[0, 0], 5] });
    await expect(other.saver.restore(other.session, at("m"))).rejects.toThrow(/tensor with 4 values, but the requested shape has 2/);
    const strict = await program({}, { values: [[0, 0], 5] });
    await expect(strict.saver.restore(strict.session, at("m"))).rejects.toThrow(InvalidArgumentError);
  });
});

describe("building later", () => {
  test("A09: takes no list, refuses to save before, and knows the variables that are there by then", async () => {
    const v = buildGraph(() => getVariable("v", { initializer: 1 }));
    expect(() => buildGraph(() => new Saver({ varList: [v], deferBuild: true }))).toThrow("deferBuild");
    const clock = new FakeClock(1000);
    const saver = buildGraph(() => new Saver({ deferBuild: true, keepCheckpointEveryNHours: 1, clock }));
    await expect(saver.save(new Session(), at("m"))).rejects.toThrow("build");
    buildGraph(() => getVariable("w", { initializer: 2 }));
    clock.advance(50);
    buildGraph(() => saver.build());
    saver.build();
    expect(saver.saveables.map(({ name }) => name)).toEqual(["v", "w"]);
    expect(getDefaultGraph().operations.filter(({ type }) => type === "SaveV2")).toHaveLength(1);
  });
  test("SV-11: a Saver on operations that are there makes none, and begins with an empty list", async () => {
    const { saver, session, values } = await program({ maxToKeep: 3 });
    await saver.save(session, at("m-1"));
    const { version } = getDefaultGraph();
    const again = new Saver({ saverDef: saver.asSaverDef() });
    expect(getDefaultGraph().version).toBe(version);
    expect([again.lastCheckpoints, again.policy.maxToKeep]).toEqual([[], 3]);
    await again.restore(session, at("m-1"));
    expect(await values()).toEqual([[10], [20]]);
    expect(() => new Saver({ saverDef: { ...saver.asSaverDef(), restoreOpName: "" } })).toThrow(ValueError);
    expect(() => new Saver({ saverDef: { ...saver.asSaverDef(), saveTensorName: "" } })).toThrow(ValueError);
  });
  test("A07: an empty Saver saves nothing and restores nothing", async () => {
    const saver = new Saver({ allowEmpty: true });
    const session = new Session();
    expect(await saver.save(session, at("m"), { writeMetaGraph: false })).toBeUndefined();
    await saver.restore(session, at("never-written"));
    expect(await names()).toEqual([]);
  });
});

describe("a save that cannot be", () => {
  test("is refused before it starts where the disk has no room: sizes are told, nothing is written or forgotten", async () => {
    const asked: string[] = [];
    const freeBytes = async (folder: string) => {
      asked.push(folder);
      return asked.length > 1 ? 3000 : Number.POSITIVE_INFINITY;
    };
    const { saver, session } = await program({ freeBytes, maxToKeep: 1 }, { values: [Array.from({ length: 1000 }, (_, i) => i), 0] });
    await saver.save(session, at("m"), { globalStep: 1, writeMetaGraph: false });
    const before = await names();
    const refused = await saver.save(session, at("m"), { globalStep: 2 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect(String(refused)).toMatch(/takes 0\.\d+ MB, and its disk has 0 MB left\. Nothing was written\./);
    expect(asked).toEqual([dir, dir]);
    expect(await names()).toEqual(before);
    expect(saver.lastCheckpoints).toEqual([at("m-1")]);
    expect(await latestCheckpoint(dir)).toBe(at("m-1"));
  });
  test("A15: into a folder whose parent is missing says so; one missing level is made", async () => {
    const { saver, session } = await program();
    expect(await saver.save(session, at("new/m"))).toBe(at("new/m"));
    await expect(saver.save(session, at("other/path1/m"))).rejects.toThrow(/Parent directory of .*doesn't exist/);
    await expect(saver.save(session, at("new/m.index/m"))).rejects.toThrow(ValueError);
  });
});

describe("the list and the state file by hand", () => {
  test("RT-8: what was put on the list without a time is never deleted", async () => {
    const { saver, session } = await program({ maxToKeep: 1, keepCheckpointEveryNHours: 1, clock: new FakeClock() });
    await saver.save(session, at("m"), { globalStep: 1, writeMetaGraph: false });
    saver.setLastCheckpoints([at("m-1")]);
    expect(saver.lastCheckpoints).toEqual([at("m-1")]);
    await saver.save(session, at("m"), { globalStep: 2, writeMetaGraph: false });
    expect(await checkpointExists(at("m-1"))).toBe(true);
    saver.setLastCheckpointsWithTime([[at("m-1"), 0], [at("m-2"), 0]]);
    await saver.save(session, at("m"), { globalStep: 3, writeMetaGraph: false });
    expect(await checkpointExists(at("m-1"))).toBe(false);
  });
  test.each([[undefined, ["m-0"]], [[], ["m-0"]], [["m-2"], ["m-2", "m-0"]]])("C04: of the list %j it makes %j", async (given, wanted) => {
    await updateCheckpointState(dir, at("m-0"), given ? { allModelCheckpointPaths: given.map(at) } : {});
    expect((await getCheckpointState(dir))?.allModelCheckpointPaths).toEqual(wanted.map(at));
  });
  test("SS-4: a checkpoint called as its state file is refused", async () => {
    await expect(updateCheckpointState(dir, at("checkpoint"))).rejects.toThrow("conflicts with path");
    expect(await names()).toEqual([]);
  });
  test("ST-5: times must be as many as paths", async () => {
    await expect(updateCheckpointState(dir, at("m"), { allModelCheckpointTimestamps: [1, 2] })).rejects.toThrow("must match");
    await updateCheckpointState(dir, at("m"), { allModelCheckpointTimestamps: [1.5], lastPreservedTimestamp: 0.5, latestFilename: "mine" });
    expect(await readFile(at("mine"), "utf8")).toBe(`model_checkpoint_path: "${at("m")}"\nall_model_checkpoint_paths: "${at("m")}"\nall_model_checkpoint_timestamps: 1.5\nlast_preserved_timestamp: 0.5\n`);
  });
});

describe("CheckpointManager", () => {
  test("B18: keeps the newest, over a restart as well", async () => {
    const clock = new FakeClock();
    const { saver, session } = await program();
    const first = await CheckpointManager.open(saver, { directory: dir, maxToKeep: 3, clock });
    const saved: string[] = [];
    for (let i = 0; i < 4; i++) {
      clock.advance(1);
      saved.push(await first.save(session));
    }
    expect(await Promise.all(saved.map(checkpointExists))).toEqual([false, true, true, true]);
    const second = await CheckpointManager.open(saver, { directory: dir, maxToKeep: 3, clock });
    expect([second.checkpoints, second.latestCheckpoint]).toEqual([saved.slice(1), saved[3]]);
  });
  test("B21: a clock that went back leaves what was saved before for good", async () => {
    const clock = new FakeClock(10_000);
    const { saver, session } = await program();
    const options = { directory: dir, maxToKeep: 1, keepCheckpointEveryNHours: 1, clock };
    const first = await CheckpointManager.open(saver, options);
    const saved: string[] = [];
    for (const now of [10_000, 13_600, 17_200]) {
      clock.moveTo(now);
      saved.push(await first.save(session));
    }
    expect(first.lastPreservedTimestamp).toBe(13_600);
    clock.moveTo(5000);
    const second = await CheckpointManager.open(saver, options);
    expect([second.checkpoints, second.latestCheckpoint, second.lastPreservedTimestamp]).toEqual([[], saved[2], 5000]);
    for (let i = 0; i < 3; i++) {
      clock.advance(60);
      await second.save(session);
    }
    expect(await Promise.all(saved.map(checkpointExists))).toEqual([false, true, true]);
  });
});

describe("variables in parts", () => {
  const inParts = (parts: number | undefined, value: readonly number[]) => {
    resetDefaultGraph();
    return buildGraph(() => {
      const variables = parts === undefined
        ? [getVariable("a", { initializer: value })]
        : getVariable("a", { initializer: constant(value), partitioner: fixedSizePartitioner(parts) }).parts;
      return { variables, saver: new Saver(), init: globalVariablesInitializer() };
    });
  };
  test.each([[2, 3], [3, undefined], [undefined, 4], [4, 1]])("SR-10: saved in %s parts they are restored in %s", async (saved, restored) => {
    const values = [0, 1, 2, 3, 4, 5, 6, 7];
    const first = inParts(saved, values);
    const session = new Session();
    await session.run(first.init);
    await first.saver.save(session, at("m"));
    const second = inParts(restored, values.map(() => 0));
    const other = new Session();
    await second.saver.restore(other, at("m"));
    const parts = await Promise.all(second.variables.map(async (part) => [...(await other.readVariable(part))]));
    expect(parts.flat()).toEqual(values);
    expect(parts).toHaveLength(restored ?? 1);
  });
  test("A04: a part beside a whole of its name is refused, a list under one name holds parts of one variable", () => {
    const { variables } = inParts(2, [1, 2]);
    const other = buildGraph(() => new Variable(1, { name: "a" }));
    expect(() => buildGraph(() => new Saver({ varList: [...variables, other] }))).toThrow("same name: a");
    expect(() => buildGraph(() => new Saver({ varList: { other: [...variables, other] } }))).toThrow("Not all of the list");
    expect(buildGraph(() => new Saver({ varList: { vee: variables } })).saveables.map(({ name }) => name)).toEqual(["vee", "vee"]);
  });
});
