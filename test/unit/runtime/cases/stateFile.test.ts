// Cases of group C: the state file, its paths, and how it is replaced.
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { getCheckpointMtimes, getCheckpointState, latestCheckpoint, removeCheckpoint, checkpointExists, updateCheckpointState, ValueError } from "#runtime/index";
import { FakeClock } from "../../../support/fakeClock";
import { savedProgram, useGraphCase } from "../../../support/graphCase";

useGraphCase();

const present = (path: string | undefined): string => path ?? "nothing";

test("C01: without a step a save may not be called as the state file is; with one, or sharded, it may", async () => {
  const one = await savedProgram({ v: 1 });
  const saving = one.saver.save(one.session, "train/checkpoint");
  await expect(saving).rejects.toThrow(ValueError);
  await expect(saving).rejects.toThrow("collides with");
  expect(await one.saver.save(one.session, "train/checkpoint", { globalStep: 1 })).toBe("train/checkpoint-1");
  expect(await latestCheckpoint("train")).toBe("train/checkpoint-1");
  const sharded = await savedProgram({ v: 1 }, () => ({ sharded: true }));
  expect(await sharded.saver.save(sharded.session, "train/checkpoint")).toBe("train/checkpoint");
  expect(await latestCheckpoint("train")).toBe("train/checkpoint");
});

test("C02: the latest of a relative folder is the one saved last", async () => {
  const { saver, session, variables: [v], values } = await savedProgram({ v: 0 });
  for (const step of [0, 1, 2]) {
    session.assignVariable(v as never, [step], []);
    await saver.save(session, "train/snapshot", { globalStep: step });
  }
  session.assignVariable(v as never, [-1], []);
  await saver.restore(session, present(await latestCheckpoint("train/")));
  expect(await values()).toEqual([2]);
});

test("C03: in a relative folder paths are written relative to it, absolute ones stay", async () => {
  const written = async (dir: string) => (await readFile(`${dir}/checkpoint`, "utf8")).trimEnd().split("\n");
  await mkdir("train");
  await updateCheckpointState("train", "train/model-0");
  expect(await written("train")).toEqual(['model_checkpoint_path: "model-0"', 'all_model_checkpoint_paths: "model-0"']);
  const dir = `${process.cwd()}/train`;
  await updateCheckpointState(dir, `${dir}/model-0`);
  expect(await written("train")).toEqual([`model_checkpoint_path: "${dir}/model-0"`, `all_model_checkpoint_paths: "${dir}/model-0"`]);
});

test("C07: a state file that names nothing is an error", async () => {
  await writeFile("checkpoint", "");
  await expect(getCheckpointState(".")).rejects.toThrow(ValueError);
});

test("C08: paths are joined to the folder as they are written, in their order", async () => {
  await mkdir("d");
  await writeFile("d/checkpoint", `
      model_checkpoint_path: "./model.ckpt-687529"
      all_model_checkpoint_paths: "./model.ckpt-687500"
      all_model_checkpoint_paths: "./model.ckpt-687529"
  `);
  expect(await getCheckpointState("d")).toMatchObject({
    modelCheckpointPath: "d/./model.ckpt-687529", allModelCheckpointPaths: ["d/./model.ckpt-687500", "d/./model.ckpt-687529"],
  });
});

test("C09: with relative paths a folder may be renamed", async () => {
  const { saver, session, values } = await savedProgram({ v: 3 }, () => ({ saveRelativePaths: true }));
  await saver.save(session, `${process.cwd()}/dir1/saved`);
  await rename("dir1", "dir2");
  const latest = present(await latestCheckpoint("dir2"));
  expect(latest).toBe("dir2/saved");
  await saver.restore(session, latest);
  expect(await values()).toEqual([3]);
});

test("C10: times are those of what exists, and what was removed does not", async () => {
  const { saver, session } = await savedProgram({ v: 3 });
  for (const prefix of ["s1", "s2"]) await saver.save(session, prefix);
  const [first = 0, second = 0, ...more] = await getCheckpointMtimes(["s1", "s2"]);
  expect([first > 0, second >= first, more]).toEqual([true, true, []]);
  expect(await getCheckpointMtimes(["s1", "s3"])).toEqual([first]);
  await removeCheckpoint("s1");
  expect(await checkpointExists("s1")).toBe(false);
});

test("C12: the file of a relative folder, letter by letter", async () => {
  const { saver, session } = await savedProgram({ v: 3 }, () => ({ clock: new FakeClock() }));
  for (const globalStep of [1, 2]) await saver.save(session, "run/m", { globalStep });
  expect(await readFile("run/checkpoint", "utf8")).toBe('model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "m-1"\nall_model_checkpoint_paths: "m-2"\n');
});

/** Each waits for the disk; what a reader sees does not depend on how many there are. */
const rewrites = 250;

test("C14: who reads while it is replaced again and again sees a whole file each time", async () => {
  const list = Array.from({ length: 40 }, (_, at) => `m-${at}`);
  const write = (step: number) => updateCheckpointState(".", `m-${step}`, { allModelCheckpointPaths: [...list, `m-${step}`] });
  await write(0);
  let writing = true;
  const lengths = new Set<number>();
  const reading = (async () => {
    while (writing) lengths.add((await readFile("checkpoint", "utf8")).split(/"\n(?=all|$)/).length);
  })();
  for (let step = 1; step <= rewrites; step++) await write(step);
  writing = false;
  await reading;
  expect([...lengths]).toEqual([list.length + 3]);
});

test("C14: a replacement that fails leaves the old file, nothing else, and raises", async () => {
  const { saver, session } = await savedProgram({ v: 3 });
  await saver.save(session, "m-1", { writeMetaGraph: false });
  await mkdir("taken");
  await expect(saver.save(session, "m-2", { writeMetaGraph: false, latestFilename: "taken" })).rejects.toThrow();
  expect((await readdir(".")).filter((name) => !name.startsWith("m-"))).toEqual(["checkpoint", "taken"]);
  expect(await readFile("checkpoint", "utf8")).toContain('model_checkpoint_path: "m-1"');
});
