import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunRecord } from "#model/run";
import { doorPlace } from "#node/doorPlace";
import { writeRunRecord } from "#node/runRecord";
import { DoorService, type TrainingAsks } from "#trainer/doorService";
import { describeRun, findRuns, runAt, stateOf } from "#host/runs/runFolders";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();

const record: RunRecord = {
  version: 1,
  script: "/data/train.ts",
  args: ["--max_steps", "5"],
  startedSeconds: 100,
  backend: { name: "wasm", device: "SIMD", refused: [] },
  parent: "base@model-200",
  state: "finished",
  end: { how: "finished", step: 5, exitCode: 0 },
};

async function put(path: string, content = "x"): Promise<void> {
  await mkdir(dirname(join(temporary.root, path)), { recursive: true });
  await writeFile(join(temporary.root, path), content);
}

async function names(limits?: Parameters<typeof findRuns>[1]): Promise<string[]> {
  return (await findRuns(temporary.root, limits)).map(({ name }) => name);
}

describe("a search for runs", () => {
  test("finds them at any depth, one inside another, and names them by their path", async () => {
    await put("b/train/events.out.tfevents.1.host");
    await put("b/train/eval/events.out.tfevents.2.host");
    await put("a/run.json", "{}");
    await put("a/events.out.tfevents.3.host");
    await put("notes/readme.txt");
    expect(await names()).toEqual(["a", "b/train", "b/train/eval"]);
  });
  test("calls the folder itself a dot", async () => {
    await put("events.out.tfevents.1.host");
    expect(await names()).toEqual(["."]);
  });
  test("takes checkpoints alone for a run only where told to", async () => {
    await put("a/checkpoint");
    expect(await names()).toEqual([]);
    expect(await names({ checkpointFolders: true })).toEqual(["a"]);
    expect((await runAt(join(temporary.root, "a")))?.name).toBe(".");
  });
  test("does not look into packages, trash and hidden folders", async () => {
    for (const folder of ["node_modules/x", ".trash/2026", ".hidden"]) await put(`${folder}/events.out.tfevents.1.host`);
    expect(await names()).toEqual([]);
    expect(await names({ hidden: true })).toEqual([".hidden"]);
  });
  test("ends where it is told to", async () => {
    await put("1/2/3/events.out.tfevents.1.host");
    expect(await names({ depth: 2 })).toEqual([]);
    expect(await names({ depth: 3 })).toEqual(["1/2/3"]);
  });
  test("ends in a loop of links, and finds nothing twice", async () => {
    await put("logs/run/events.out.tfevents.1.host");
    const root = join(temporary.root, "logs");
    await symlink(root, join(root, "run/loop"));
    await symlink(temporary.root, join(root, "run/up"));
    await symlink(join(root, "run"), join(root, "again"));
    expect((await findRuns(root)).map(({ name }) => name)).toEqual(["run"]);
  });
  test("follows links that lead out, to a folder once and to a file", async () => {
    await put("elsewhere/events.out.tfevents.1.host");
    await put("logs/readme.txt");
    const root = join(temporary.root, "logs");
    await symlink(join(temporary.root, "elsewhere"), join(root, "a"));
    await symlink(join(temporary.root, "elsewhere"), join(root, "b"));
    await mkdir(join(root, "c"));
    await symlink(join(temporary.root, "elsewhere/events.out.tfevents.1.host"), join(root, "c/events.out.tfevents.1.host"));
    await symlink("nowhere", join(root, "dangling"));
    expect((await findRuns(root)).map(({ name }) => name)).toEqual(["a", "c"]);
  });
  test("finds nothing where there is no folder", async () => {
    expect(await findRuns(join(temporary.root, "none"))).toEqual([]);
  });
  test("counts checkpoints by their index, and the bytes of the run's own files", async () => {
    await put("run/events.out.tfevents.1.host", "12345");
    await put("run/model-1.index", "12");
    await put("run/model-1.data-00000-of-00001", "123");
    await put("run/sub/other.txt", "not counted");
    expect((await findRuns(temporary.root))[0]).toMatchObject({ checkpoints: 1, bytes: 10, eventFiles: ["events.out.tfevents.1.host"] });
  });
});

describe("the state of a run", () => {
  const written = async (part: Partial<RunRecord>) => {
    const dir = await temporary.folder("run");
    await writeRunRecord(dir, { ...record, ...part });
    const run = await runAt(dir);
    if (!run) throw new Error("a folder with a record is a run");
    return run;
  };
  test("is foreign without a record of ours", async () => {
    await put("run/events.out.tfevents.1.host");
    await put("run/run.json", '{"version":1,"script":7}');
    const [run] = await findRuns(temporary.root);
    expect(run && (await stateOf(run))).toEqual({ state: "foreign" });
  });
  test("is what the record says once it has ended", async () => expect(await stateOf(await written({}))).toEqual({ state: "finished" }));
  test("is lost when the record says running and nobody answers at the door", async () => {
    expect(await stateOf(await written({ state: "running", pid: process.pid }))).toEqual({ state: "lost" });
  });
});

test("a run whose trainer lets nobody of our version in is running all the same", async () => {
  const dir = await temporary.folder("other");
  await writeRunRecord(dir, { version: 1, script: "/s", args: [], startedSeconds: 1, state: "running" });
  const door = new DoorService({ dir, token: "t" }, {} as TrainingAsks, () => ({ version: "1", runDir: dir, pid: 1 }));
  await door.open();
  await writeFile((await doorPlace(dir)).tokenFile, "another", { mode: 0o600 });
  const folder = await runAt(dir);
  expect(folder && (await stateOf(folder))).toEqual({ state: "running" });
  await door.close({ how: "finished" });
});

test("a row of the explorer carries what record and event files know", async () => {
  const dir = await temporary.folder("run");
  await writeRunRecord(dir, record);
  const run = await runAt(dir);
  expect(run && (await describeRun(run))).toMatchObject({
    name: ".", dir, state: "finished", lastStep: 5, tags: 0, backend: "wasm", parent: "base@model-200", end: { how: "finished" },
  });
});
