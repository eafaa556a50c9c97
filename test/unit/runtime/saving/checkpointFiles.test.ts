// What counts as a checkpoint, when it was saved, what removing it takes away.
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  checkpointExists,
  getCheckpointMtimes,
  getCheckpointState,
  latestCheckpoint,
  removeCheckpoint,
} from "#runtime/saving/checkpointFiles";

interface Case { files?: string[]; exists: boolean; mtimes: number[]; latest: string | null; left_after_remove: string[] }
const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/state/exists.json", import.meta.url), "utf8"),
) as { cases: Case[] };

let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), "exists-"))));
afterEach(() => rm(dir, { recursive: true }));

const writeState = (text: string) => writeFile(join(dir, "checkpoint"), text);

describe("as TensorFlow judged a folder with these files", () => {
  const folders = cases.filter((each): each is Case & { files: string[] } => each.files !== undefined);
  test.each(folders.map((each) => [each.files.join(" ") || "none", each] as const))("%s", async (_, each) => {
    for (const [index, file] of each.files.entries()) {
      await writeFile(join(dir, file), "");
      await utimes(join(dir, file), 1_700_000_000.75 + index, 1_700_000_000.75 + index);
    }
    const prefix = join(dir, "m-1");
    expect(await checkpointExists(prefix)).toBe(each.exists);
    expect(await getCheckpointMtimes([prefix])).toEqual(each.mtimes);
    if (!each.files.includes("checkpoint")) {
      await writeState('model_checkpoint_path: "m-1"\n');
      expect(await latestCheckpoint(dir)).toBe(each.latest === null ? undefined : prefix);
      await rm(join(dir, "checkpoint"));
    }
    await removeCheckpoint(prefix);
    expect(await readdir(dir)).toEqual(each.left_after_remove);
  });
});

test("a folder with a pattern in its name is a folder like any other", async () => {
  const odd = join(dir, "run[1]*");
  await mkdir(odd);
  await writeFile(join(odd, "m-1.index"), "");
  await writeFile(join(odd, "m-1.data-00000-of-00001"), "");
  expect(await checkpointExists(join(odd, "m-1"))).toBe(true);
  expect(await checkpointExists(join(dir, "run*/m-1"))).toBe(false);
  await removeCheckpoint(join(odd, "m-1"));
  expect(await readdir(odd)).toEqual([]);
});

test("no state file, or one that is not understood, is no state", async () => {
  expect(await getCheckpointState(dir)).toBeUndefined();
  await writeState("model_checkpoint_path: m-1");
  expect(await getCheckpointState(dir)).toBeUndefined();
});

test("a state file that is not UTF-8 is an error that says so", async () => {
  await writeFile(join(dir, "checkpoint"), Buffer.concat([Buffer.from('model_checkpoint_path: "'), Buffer.from([0xff]), Buffer.from('"\n')]));
  await expect(getCheckpointState(dir)).rejects.toThrow("UTF-8");
});

test("the newest one missing means none, whatever else the file lists", async () => {
  await writeFile(join(dir, "m-1.index"), "");
  await writeState('model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "m-1"\nall_model_checkpoint_paths: "m-2"\n');
  expect(await latestCheckpoint(dir)).toBeUndefined();
});

test("a folder that was moved still knows its latest checkpoint", async () => {
  const [old, moved] = [join(dir, "old"), join(dir, "moved")];
  await mkdir(old);
  await writeFile(join(old, "m-1.index"), "");
  await writeFile(join(old, "checkpoint"), `model_checkpoint_path: "${join(old, "m-1")}"\n`);
  await rename(old, moved);
  expect(await latestCheckpoint(moved)).toBe(join(moved, "m-1"));
});

test("what cannot be removed is told and not thrown", async () => {
  await mkdir(join(dir, "m-1.index"));
  const problems: string[] = [];
  await removeCheckpoint(join(dir, "m-1"), { onProblem: (text) => problems.push(text) });
  expect(problems).toHaveLength(1);
});
