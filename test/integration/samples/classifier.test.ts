// The classifier sample: learns within seconds, goes on where it stopped, and leaves what its hooks write.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { getCheckpointState } from "trainscope";
import { expect, test } from "vitest";
import classifier from "../../../samples/classifier/classifier";
import { readRunFile } from "../../conformance/runFile";
import { useSample } from "../../support/sampleRuns";

const sample = useSample(classifier);

test("it learns the digits, and a second run goes on from the first one's checkpoint", async () => {
  const logdir = join(sample.folder, "run");
  const first = await sample.run(logdir, "--max_steps 100");
  expect(first.filter((line) => line.includes("step = "))).toHaveLength(2);
  expect((await getCheckpointState(logdir))?.allModelCheckpointPaths.map((path) => path.split("/").at(-1))).toEqual(["model.ckpt-0", "model.ckpt-100"]);

  const second = await sample.run(logdir, "--max_steps 200");
  expect(second).toContain(`Restoring parameters from ${join(logdir, "model.ckpt-100")}`);
  const right = Number(/right on (\d+) of 100/.exec(second.at(-1) ?? "")?.[1]);
  expect(right).toBeGreaterThan(80);

  const files = (await readdir(logdir)).filter((name) => name.includes("tfevents"));
  const [recorded] = await Promise.all(files.map((file) => readRunFile(join(logdir, file))));
  expect(Object.keys(recorded?.valuesPerTag ?? {})).toEqual(["training/loss", "training/accuracy", "logits", "global_step/sec"]);
  expect(recorded?.sessions.map(({ status, step }) => [status, step])).toEqual([[3, 0], [1, 1], [3, 100]]);
});

test("an option that is no number is refused by its name", async () => {
  await expect(sample.run(join(sample.folder, "wrong"), "--max_steps many")).rejects.toThrow('--max_steps takes a number, not "many"');
});
