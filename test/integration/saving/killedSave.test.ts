// A process killed at any moment of a save leaves a folder that restores, in state file and in data.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseCheckpointState } from "#formats/checkpointState/checkpointState";
import { checkpointExists, latestCheckpoint } from "#runtime/saving/checkpointFiles";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";

const kills = 6;
let dir: string;
let program: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "killed-"));
  // Inside the project, so that its packages are found.
  program = join(import.meta.dirname, "../../../.cache/saveForever.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "saveForever.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "silent",
  });
});
afterAll(() => rm(dir, { recursive: true }));

test(`after ${kills} kills in the middle of saving everything that is listed is there and whole`, async () => {
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [program, dir], { stdio: ["ignore", "pipe", "ignore"] });
    await lines(child, 1 + (kill % 3));
    // Anywhere in a save of some tens of milliseconds: the moment is what is varied here, nothing is waited for.
    await wait(kill * 7.3);
    child.kill("SIGKILL");
    await once(child, "exit");
    await checkFolder();
  }
});

async function lines(child: ChildProcess, wanted: number): Promise<void> {
  let seen = 0;
  if (!child.stdout) throw new Error("the child has no output");
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    seen += String(chunk).split("\n").length - 1;
    if (seen >= wanted) return;
  }
  throw new Error("the child ended by itself");
}

async function checkFolder(): Promise<void> {
  for (const stateFile of ["checkpoint", "same.state"]) {
    const state = parseCheckpointState(await readFile(join(dir, stateFile), "utf8"));
    for (const path of state?.allModelCheckpointPaths ?? []) expect(await checkpointExists(path)).toBe(true);
    const latest = await latestCheckpoint(dir, stateFile);
    expect(latest).toBe(state?.modelCheckpointPath);
    await expectWhole(latest ?? "");
  }
}

/** Every value of every variable is of one save. */
async function expectWhole(prefix: string): Promise<void> {
  const { bundle, close } = await openCheckpoint(prefix);
  const steps = new Set<number>();
  for (const name of ["a", "b", "c"]) for (const value of new Float32Array((await bundle.read(name)).slice().buffer)) steps.add(value);
  await close();
  expect(steps.size).toBe(1);
}
