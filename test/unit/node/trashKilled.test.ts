// A prune or its undo that dies between any two operations on the disk: no byte is lost, no listed checkpoint is missing.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseCheckpointState } from "#formats/checkpointState/checkpointState";
import type { PrunePlan } from "#model/checkpoint";
import { bringBack, moveToTrash, readTrash, stampOf } from "#node/trash";
import { DyingDisk } from "../../support/dyingDisk";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
const suffixes = [".index", ".data-00000-of-00001", ".meta"];
const steps = [100, 200, 300, 400];
let dir: string;
let disk: DyingDisk | undefined;

beforeEach(async () => {
  dir = join(temporary.root, "run");
});
afterEach(() => disk?.end());

async function freshRun(): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir);
  for (const step of steps) for (const suffix of suffixes) await writeFile(join(dir, `model-${step}${suffix}`), `${step}${suffix}`);
  const listed = steps.slice(1).map((step) => `all_model_checkpoint_paths: "model-${step}"\n`);
  await writeFile(join(dir, "checkpoint"), `model_checkpoint_path: "model-400"\n${listed.join("")}`);
}

async function planOf(...prefixes: readonly string[]): Promise<PrunePlan> {
  const deletes = await Promise.all(prefixes.map(async (prefix) => {
    const files = suffixes.map((suffix) => `${prefix}${suffix}`);
    return { prefix, files, stamps: await Promise.all(files.map((name) => stampOf(join(dir, name)))), bytes: 9, reason: "old" };
  }));
  return { deletes, keeps: [], bytes: 18 };
}

/** Every checkpoint file with its content, wherever in the run it lies. Twice the same name would be a copy too many. */
async function contents(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.startsWith("model-")) continue;
    expect(found.has(entry.name)).toBe(false);
    found.set(entry.name, await readFile(join(entry.parentPath, entry.name), "utf8"));
  }
  return found;
}

async function expectTruth(before: ReadonlyMap<string, string>): Promise<void> {
  expect(new Map([...(await contents())].sort())).toEqual(new Map([...before].sort()));
  const state = parseCheckpointState(await readFile(join(dir, "checkpoint"), "utf8"));
  expect(state?.modelCheckpointPath).toBe("model-400");
  const here = await readdir(dir);
  for (const path of state?.allModelCheckpointPaths ?? []) for (const suffix of suffixes) expect(here).toContain(`${path}${suffix}`);
}

/** False when the work came to its end. */
async function dies(operations: number, work: () => Promise<unknown>): Promise<boolean> {
  disk = new DyingDisk(operations);
  const died = await Promise.race([work().then(() => false), disk.died.then(() => true)]);
  await disk.end();
  return died;
}

test("in a prune: everything is still there, the state file is true, and undo makes it as it was", async () => {
  let operations = 0;
  for (; ; operations++) {
    await freshRun();
    const before = await contents();
    const state = await readFile(join(dir, "checkpoint"), "utf8");
    const plan = await planOf("model-100", "model-200");
    const died = await dies(operations, () => moveToTrash(dir, plan));
    await expectTruth(before);
    for (const { trash } of await readTrash(dir)) await bringBack(dir, trash);
    expect((await readdir(dir)).filter((name) => name.startsWith("model-"))).toHaveLength(before.size);
    expect(await readFile(join(dir, "checkpoint"), "utf8")).toBe(state);
    if (!died) break;
  }
  expect(operations).toBeGreaterThan(10);
});

test("in an undo: everything is still there, the state file is true, and undo again goes on", async () => {
  let operations = 0;
  for (; ; operations++) {
    await freshRun();
    const before = await contents();
    const state = await readFile(join(dir, "checkpoint"), "utf8");
    const { trash } = await moveToTrash(dir, await planOf("model-100", "model-200"));
    const died = await dies(operations, () => bringBack(dir, trash));
    await expectTruth(before);
    for (const entry of await readTrash(dir)) await bringBack(dir, entry.trash);
    expect(await readFile(join(dir, "checkpoint"), "utf8")).toBe(state);
    if (!died) break;
  }
  expect(operations).toBeGreaterThan(8);
});
