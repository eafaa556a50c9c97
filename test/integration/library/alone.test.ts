// The library without the extension: a plain program on each backend of TensorFlow.js, and the same file under a trainer.
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readRunRecord } from "#node/runRecord";
import { makeProject, whyNoNative } from "../../support/ownProject";
import { script, useTrainings } from "../../support/trainings";

const { start, temporary } = useTrainings();

/** What the script prints last. */
interface Told {
  readonly backend: string;
  readonly logdir: string;
  readonly replayed: readonly number[];
  readonly eagerly: readonly number[];
}

function toldIn(output: string): Told {
  return JSON.parse(output.trim().split("\n").findLast((line) => line.startsWith("{")) ?? "null") as Told;
}

async function runAlone(program: string, ...args: string[]): Promise<Told> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { cwd: join(program, "..") });
  return toldIn(stdout);
}

/** Losses that fall, equal to those of the same step written eagerly. */
function checkLosses({ replayed, eagerly }: Told): void {
  expect(replayed).toHaveLength(6);
  expect(replayed[5]).toBeLessThan((replayed[0] ?? 0) * 0.8);
  replayed.forEach((loss, i) => expect(Math.abs(loss - (eagerly[i] ?? NaN))).toBeLessThan(1e-5));
}

test.for(["cpu", "wasm", "tensorflow"])("node train.mjs trains convolutions on the backend %s as the same step does eagerly, and leaves TensorFlow's files", async (backend, { skip }) => {
  const native = backend === "tensorflow";
  const reason = native ? await whyNoNative() : undefined;
  skip(reason !== undefined, reason);
  const program = await makeProject(join(temporary.root, "project"), script("alone.mjs"), { native });
  const told = await runAlone(program, "--backend", backend);
  expect(told.backend).toBe(backend);
  checkLosses(told);
  const files = await readdir(join(program, "..", told.logdir));
  expect(files).toEqual(expect.arrayContaining(["checkpoint", "graph.pbtxt", "model-6.index", "model-6.meta"]));
  expect(files.some((name) => name.startsWith("events.out.tfevents."))).toBe(true);
});

test("the same file under a trainer writes into the run's folder and computes the same numbers on the trainer's backend", async () => {
  const program = await makeProject(join(temporary.root, "project"), script("alone.mjs"));
  const alone = await runAlone(program, "--backend", "wasm");
  const { ended, log, dir } = await start("", [], { script: program, backend: "wasm" });
  expect(await ended, await log()).toMatchObject({ how: "finished", step: 6 });
  const told = toldIn(await log());
  expect(told).toMatchObject({ backend: "wasm", logdir: dir, replayed: alone.replayed });
  expect(await readdir(dir)).toEqual(expect.arrayContaining(["checkpoint", "model-6.index", "run.json"]));
});

test("a backend that the script sets itself is what run.json names", async () => {
  const program = await makeProject(join(temporary.root, "project"), script("alone.mjs"));
  const { ended, log, dir } = await start("", ["--backend", "cpu"], { script: program, backend: "wasm" });
  expect(await ended, await log()).toMatchObject({ how: "finished" });
  checkLosses(toldIn(await log()));
  expect((await readRunRecord(dir))?.backend).toMatchObject({ name: "cpu", device: "cpu, set by the script" });
});
