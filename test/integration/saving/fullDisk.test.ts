// A disk that is full, or read-only: save, prune, undo and restore say so, and what was there stays whole. On a real small file system.
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PrunePlan } from "#model/checkpoint";
import { bringBack, moveToTrash, stampOf } from "#node/trash";
import { buildGraph, getOrCreateGlobalStep, getVariable, resetDefaultGraph, restoreNow, Saver, Supervisor, type Session } from "#runtime/index";
import { endAllTracing } from "#runtime/graph/trace";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
/** Values of the one variable: a checkpoint takes 100 kB. */
const size = 25_000;
let mount = "";

function mounted(options: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", mount], { stdio: "ignore" });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

let allowed = false;
beforeEach(async () => {
  mount = join(temporary.root, "disk");
  await mkdir(mount);
  allowed = process.platform === "linux" && mounted("size=512k");
  await tf.setBackend("cpu");
});
afterEach(async () => {
  endAllTracing();
  if (allowed) execFileSync("umount", [mount]);
});

/** Saves 1 and 2, and then lets `work` go on with the session. */
async function training(work: (session: Session, saver: Saver, lying: { free?: number }) => Promise<void>): Promise<void> {
  resetDefaultGraph();
  const lying: { free?: number } = {};
  const { saver, supervisor, values } = buildGraph(() => {
    getOrCreateGlobalStep();
    const values = getVariable("values", { initializer: tf.zeros([size]) });
    const saver = new Saver({ maxToKeep: 9, saveRelativePaths: true, freeBytes: async () => lying.free ?? Infinity });
    return { values, saver, supervisor: new Supervisor({ logdir: mount, saver, saveSummariesSecs: 0, saveModelSecs: 0, summaryOp: null, summaryWriter: null }) };
  });
  await supervisor.managedSession(async (session) => {
    for (const step of [1, 2]) {
      session.assignVariable(values, new Float32Array(size).fill(step), [size]);
      await saver.save(session, join(mount, "model"), { globalStep: step, writeMetaGraph: false });
    }
    await work(session, saver, lying);
  });
}

/** Takes all room that is left. */
async function fill(): Promise<void> {
  for (const bytes of [65_536, 4096, 1]) {
    for (let at = 0; ; at++) {
      const done = await writeFile(join(mount, `filler-${bytes}-${at}`), new Uint8Array(bytes)).then(() => true, () => false);
      if (!done) break;
    }
  }
}

async function everything(): Promise<Record<string, string>> {
  const names = (await readdir(mount, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && !entry.name.startsWith("filler"));
  return Object.fromEntries(await Promise.all(names.map(async ({ parentPath, name }) => [join(parentPath, name).slice(mount.length + 1), await readFile(join(parentPath, name), "latin1")] as const)));
}

async function planOf(prefix: string): Promise<PrunePlan> {
  const files = (await readdir(mount)).filter((name) => name.startsWith(`${prefix}.`)).sort();
  const stamps = await Promise.all(files.map((name) => stampOf(join(mount, name))));
  return { deletes: [{ prefix, files, stamps, bytes: 1, reason: "chosen" }], keeps: [], bytes: 1 };
}

test("a save that runs out of room half-way leaves what was there, and nothing of itself", async ({ skip }) => {
  skip(!allowed, "mounting a file system is not allowed here");
  await training(async (session, saver) => {
    const before = await everything();
    await writeFile(join(mount, "filler"), new Uint8Array(250_000));
    await expect(saver.save(session, join(mount, "model"), { globalStep: 3, writeMetaGraph: false })).rejects.toThrow(/model-3 could not be written: the disk is full/);
    expect(await everything()).toEqual(before);
  });
});

test("a restore whose first half, the save, does not fit changes neither training nor folder", async ({ skip }) => {
  skip(!allowed, "mounting a file system is not allowed here");
  await training(async (session, saver, lying) => {
    const before = await everything();
    for (const free of [1000, Infinity]) {
      lying.free = free;
      if (free === Infinity) await fill();
      const asked = restoreNow("model-1");
      asked.catch(() => undefined);
      await session.run([]);
      await expect(asked).rejects.toThrow(free === 1000 ? /Nothing was written/ : /the disk is full/);
    }
    expect(await everything()).toEqual(before);
    await rm(join(mount, "filler-65536-0"));
    await rm(join(mount, "filler-65536-1"));
    // The values are still those of before.
    const prefix = await saver.save(session, join(mount, "after"), { writeMetaGraph: false, writeState: false });
    const { bundle, close } = await openCheckpoint(prefix ?? "");
    expect(new Float32Array((await bundle.read("values")).slice().buffer)[0]).toBe(2);
    await close();
  });
});

test("a prune on a full disk moves nothing; an undo on a full disk loses nothing, and goes on when there is room", async ({ skip }) => {
  skip(!allowed, "mounting a file system is not allowed here");
  await training(async () => {
    const before = await everything();
    await fill();
    await expect(moveToTrash(mount, await planOf("model-1"))).rejects.toThrow(/ENOSPC|disk is full/);
    const after = await everything();
    for (const [name, bytes] of Object.entries(before)) expect(after[name]).toBe(bytes);
    await rm(join(mount, "filler-65536-0"));
    const { trash } = await moveToTrash(mount, await planOf("model-1"));
    await writeFile(join(mount, "filler-65536-0"), new Uint8Array(1));
    await fill();
    const failed = await bringBack(mount, trash).then(() => false, () => true);
    await rm(join(mount, "filler-65536-0"));
    if (failed) await bringBack(mount, trash);
    const back = await everything();
    for (const [name, bytes] of Object.entries(before)) expect(back[name]).toBe(bytes);
  });
});

test("on a read-only file system a prune is refused and nothing is lost", async ({ skip }) => {
  skip(!allowed, "mounting a file system is not allowed here");
  await training(async (session, saver) => {
    const [before, plan] = [await everything(), await planOf("model-1")];
    execFileSync("mount", ["-o", "remount,ro", mount]);
    await expect(moveToTrash(mount, plan)).rejects.toThrow(/EROFS|not allowed/);
    await expect(saver.save(session, join(mount, "model"), { globalStep: 3, writeMetaGraph: false })).rejects.toThrow(/could not be written: it is not allowed there/);
    const asked = restoreNow("model-1");
    asked.catch(() => undefined);
    await session.run([]);
    await expect(asked).rejects.toThrow(/not allowed there/);
    expect(await everything()).toEqual(before);
    execFileSync("mount", ["-o", "remount,rw", mount]);
  });
});
