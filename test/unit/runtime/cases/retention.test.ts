// Cases of group B: which checkpoints stay on the list and on disk.
import { readdir, readFile, rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { checkpointExists, getCheckpointState, type SaverOptions } from "#runtime/index";
import { FakeClock } from "../../../support/fakeClock";
import { savedProgram, useGraphCase } from "../../../support/graphCase";

useGraphCase();

const exist = (...prefixes: string[]) => Promise.all(prefixes.map(checkpointExists));
const state = async () => {
  const found = await getCheckpointState(".");
  return [found?.modelCheckpointPath, found?.allModelCheckpointPaths].flat().map((path) => path?.replace("./", ""));
};

async function saving(options: SaverOptions) {
  const { saver, session } = await savedProgram({ v: 1 }, () => options);
  return { saver, save: (prefix: string, options = {}) => saver.save(session, prefix, options) };
}

test("B01: the oldest goes when there are more than wanted", async () => {
  const { saver, save } = await saving({ maxToKeep: 2 });
  const lists: string[][] = [];
  for (const prefix of ["s1", "s2", "s3"]) {
    await save(prefix);
    lists.push(saver.lastCheckpoints);
  }
  expect(lists).toEqual([["s1"], ["s1", "s2"], ["s2", "s3"]]);
  expect(await exist("s1", "s2", "s3")).toEqual([false, true, true]);
  expect(await state()).toEqual(["s3", "s2", "s3"]);
});

test("B02: a prefix that is saved again becomes the newest, and nothing is deleted", async () => {
  const { saver, save } = await saving({ maxToKeep: 2 });
  for (const prefix of ["s1", "s2", "s3", "s2"]) await save(prefix);
  expect(saver.lastCheckpoints).toEqual(["s3", "s2"]);
  expect(await exist("s2", "s3")).toEqual([true, true]);
  expect(await state()).toEqual(["s2", "s3", "s2"]);
});

test("B03: a deleted prefix may be saved again, and what is deleted goes with its meta graph", async () => {
  const { saver, save } = await saving({ maxToKeep: 2 });
  for (const prefix of ["s1", "s2", "s3", "s2", "s1"]) await save(prefix);
  expect(saver.lastCheckpoints).toEqual(["s2", "s1"]);
  expect((await readdir(".")).filter((name) => name.startsWith("s3"))).toEqual([]);
  expect((await readdir(".")).filter((name) => name.endsWith(".meta"))).toEqual(["s1.meta", "s2.meta"]);
});

test("B05: a Saver without history lists only what it saved itself", async () => {
  const first = await saving({ maxToKeep: 2 });
  for (const prefix of ["s1", "s2"]) await first.save(prefix);
  const { saver, save } = await saving({ maxToKeep: 2 });
  await save("s2");
  expect([saver.lastCheckpoints, await state(), await exist("s1")]).toEqual([["s2"], ["s2", "s2"], [true]]);
  await save("s1");
  expect(saver.lastCheckpoints).toEqual(["s2", "s1"]);
});

test.each([null, 0])("B07: with maxToKeep %s all stay, and none is listed", async (maxToKeep) => {
  const { saver, save } = await saving({ maxToKeep });
  for (const prefix of ["s1", "s2"]) await save(prefix);
  expect([saver.lastCheckpoints, await exist("s1", "s2")]).toEqual([[], [true, true]]);
});

test("B09: a meta graph may be left out", async () => {
  const { save } = await saving({});
  await save("s1", { writeMetaGraph: false });
  expect(await exist("s1")).toEqual([true]);
  expect(await readdir(".")).not.toContain("s1.meta");
});

test("B10: a later Saver takes over what is still there, and keeps listing it", async () => {
  const all = ["ckpt-1", "ckpt-2", "ckpt-3"];
  const first = await saving({ maxToKeep: 10 });
  for (const prefix of all) await first.save(prefix);
  const second = await saving({ maxToKeep: 10 });
  await second.saver.recoverLastCheckpoints(all);
  expect(second.saver.lastCheckpoints).toEqual(all);
  for (const name of (await readdir(".")).filter((name) => name.startsWith("ckpt-1"))) await rm(name);
  const third = await saving({ maxToKeep: 10 });
  await third.saver.recoverLastCheckpoints(all);
  expect(third.saver.lastCheckpoints).toEqual(["ckpt-2", "ckpt-3"]);
  await third.save("ckpt-4");
  expect((await state()).slice(1)).toEqual(["ckpt-2", "ckpt-3", "ckpt-4"]);
});

test("B11: one is kept for good when its time is past the hour that is due", async () => {
  const clock = new FakeClock(0);
  const { save } = await saving({ maxToKeep: 2, keepCheckpointEveryNHours: 0.7 / 3600, clock });
  clock.moveTo(1);
  for (const prefix of ["s1", "s2", "s3", "s4"]) await save(prefix);
  expect(await exist("s1", "s2", "s3", "s4")).toEqual([true, false, true, true]);
});

test("B16: what is saved without the state file is never listed and never deleted", async () => {
  const { saver, save } = await saving({ maxToKeep: 1 });
  for (const prefix of ["s1", "s2", "s3"]) await save(prefix, { writeState: false });
  expect([await exist("s1", "s2", "s3"), saver.lastCheckpoints]).toEqual([[true, true, true], []]);
  await expect(readFile("checkpoint")).rejects.toThrow("ENOENT");
});
