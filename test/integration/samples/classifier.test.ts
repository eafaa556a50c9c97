// The classifier sample: learns within seconds, goes on where it stopped, and leaves what its hooks write.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginTracing, endTracing, FileWriterCache, getCheckpointState, resetDefaultGraph } from "trainscope";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { makeDigits } from "../../../scripts/digits.mjs";
import classifier from "../../../samples/classifier/classifier";
import { readRunFile } from "../../conformance/runFile";

let folder: string;
beforeAll(async () => {
  await makeDigits();
  await chooseBackend("wasm", { resolveFrom: import.meta.filename });
  folder = await mkdtemp(join(tmpdir(), "classifier-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Runs the sample as a process of its own would; answers with what it printed. */
async function run(logdir: string, args: string): Promise<string[]> {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  log.mockClear();
  resetDefaultGraph();
  beginTracing();
  try {
    await classifier({ args: args.split(" "), logdir, progress: {} });
  } finally {
    endTracing();
    await FileWriterCache.clear();
  }
  return log.mock.calls.map((words) => words.join(" "));
}

test("it learns the digits, and a second run goes on from the first one's checkpoint", async () => {
  const logdir = join(folder, "run");
  const first = await run(logdir, "--max_steps 100");
  expect(first.filter((line) => line.includes("step = "))).toHaveLength(2);
  expect((await getCheckpointState(logdir))?.allModelCheckpointPaths.map((path) => path.split("/").at(-1))).toEqual(["model.ckpt-0", "model.ckpt-100"]);

  const second = await run(logdir, "--max_steps 200");
  expect(second).toContain(`Restoring parameters from ${join(logdir, "model.ckpt-100")}`);
  const right = Number(/right on (\d+) of 100/.exec(second.at(-1) ?? "")?.[1]);
  expect(right).toBeGreaterThan(80);

  const files = (await readdir(logdir)).filter((name) => name.includes("tfevents"));
  const [recorded] = await Promise.all(files.map((file) => readRunFile(join(logdir, file))));
  expect(Object.keys(recorded?.valuesPerTag ?? {})).toEqual(["training/loss", "training/accuracy", "logits", "global_step/sec"]);
  expect(recorded?.sessions.map(({ status, step }) => [status, step])).toEqual([[3, 0], [1, 1], [3, 100]]);
});

test("an option that is no number is refused by its name", async () => {
  await expect(run(join(folder, "wrong"), "--max_steps many")).rejects.toThrow('--max_steps takes a number, not "many"');
});
