// Summaries of sounds, texts and tensors; the writer's metadata of runs; the shared writers.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeSummary } from "#formats/events/decodeSummary";
import { buildGraph, constant, FileWriterCache, MonitoredSession, nameScope, ProfilerHook, resetDefaultGraph, RunMetadata, Session, summary, TraceLevel, ValueError } from "#runtime/index";
import { counting, useMonitored } from "../../../support/monitored";
import { readRunFile } from "../../../conformance/runFile";
import { FakeClock } from "../../../support/fakeClock";

const tests = useMonitored();

async function run(operation: tf.Tensor) {
  const session = new Session();
  const bytes = (await session.run(operation)) as Uint8Array;
  session.close();
  return decodeSummary(bytes);
}

describe("audio", () => {
  test("is a WAV of 16 bits per sound, numbered where several were asked for", async () => {
    const values = await run(buildGraph(() => nameScope("outer", () => summary.audio("inner", constant([[0, 0.5, -1, 2], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]) as tf.Tensor, { sampleRate: 8000 }))));
    expect(values.map(({ tag }) => tag)).toEqual([0, 1, 2].map((i) => `outer/inner/audio/${i}`));
    const [first] = values;
    if (first?.value.kind !== "audio") throw new Error("a sound is wanted");
    const { encoded, ...rest } = first.value;
    expect(rest).toEqual({ kind: "audio", sampleRate: 8000, channels: 1, frames: 4, contentType: "audio/wav" });
    expect(Buffer.from(encoded.subarray(0, 4)).toString()).toBe("RIFF");
    expect(Array.from(new Int16Array(encoded.slice(44).buffer))).toEqual([0, 16384, -32768, 32767]);
  });
  test("one sound that alone was asked for has no number; channels are the last axis", async () => {
    const values = await run(buildGraph(() => summary.audio("a", constant(new Float32Array(8), { shape: [1, 4, 2] }), { sampleRate: 100, maxOutputs: 1 })));
    expect(values.map(({ tag, value }) => [tag, value.kind === "audio" && value.channels])).toEqual([["a/audio", 2]]);
  });
  test("a rate of nothing and other ranks are refused", () => {
    expect(() => buildGraph(() => summary.audio("a", constant([[0]]) as tf.Tensor, { sampleRate: 0 }))).toThrow(ValueError);
    expect(() => buildGraph(() => summary.audio("a", constant([0]), { sampleRate: 8000 }))).toThrow(ValueError);
  });
});

test("text is a tensor of strings for TensorBoard's text plugin; numbers are refused", async () => {
  const [one] = await run(buildGraph(() => summary.text("note", constant(["a", "é"]))));
  expect(one?.metadata?.pluginName).toBe("text");
  if (one?.value.kind !== "tensor") throw new Error("a tensor is wanted");
  expect(one.value.tensor.shape).toEqual([2]);
  expect((one.value.tensor.values as Uint8Array[]).map((bytes) => new TextDecoder().decode(bytes))).toEqual(["a", "é"]);
  expect(() => buildGraph(() => summary.text("n", constant(1)))).toThrow("string");
});

test("a whole tensor keeps its type, shape and values", async () => {
  const [one] = await run(buildGraph(() => summary.tensorSummary("t", constant([[1, 2], [3, 5]]) as tf.Tensor, { description: "four" })));
  expect(one).toMatchObject({ tag: "t", metadata: { description: "four" }, value: { kind: "tensor", tensor: { dtype: 1, shape: [2, 2] } } });
});

describe("metadata of runs", () => {
  test("M10: stands in the file under its tag, each tag once", async () => {
    const { train } = counting();
    const writer = FileWriterCache.get(tests.dir);
    const runMetadata = new RunMetadata();
    await MonitoredSession.within({}, (session) => session.run(train, { options: { traceLevel: TraceLevel.FULL_TRACE }, runMetadata }));
    writer.addRunMetadata(runMetadata, "test run", 40);
    expect(() => writer.addRunMetadata(runMetadata, "test run", 41)).toThrow("already used");
    await writer.flush();
    const [{ runMetadata: found }] = [await readRunFile(writer.path ?? "")];
    expect(found).toEqual([{ tag: "test run", step: 40, bytes: expect.any(Number) }]);
    expect(found[0]?.bytes).toBeGreaterThan(20);
  });
  test("J22: a profiler writes a timeline every other step, never of the first run", async () => {
    const { train } = counting();
    const counts: number[] = [];
    const timelines = async () => (await readdir(tests.dir)).filter((name) => name.startsWith("timeline-"));
    await MonitoredSession.within({ hooks: [new ProfilerHook({ saveSteps: 2, outputDir: tests.dir })] }, async (session) => {
      for (let i = 0; i < 5; i++) {
        await session.run(train);
        counts.push((await timelines()).length);
      }
    });
    expect(counts).toEqual([0, 1, 1, 2, 2]);
    const [first = ""] = await timelines();
    const { traceEvents } = JSON.parse(await readFile(join(tests.dir, first), "utf8")) as { traceEvents: { ph: string; name: string; dur?: number }[] };
    expect(traceEvents.filter(({ ph }) => ph === "X").map(({ name }) => name)).toContain("AssignAdd");
    expect(new Set(traceEvents.map(({ ph }) => ph))).toEqual(new Set(["M", "X", "s", "t"]));
  });
});

describe("shared writers", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "writers-"));
    resetDefaultGraph();
  });
  afterEach(async () => {
    await FileWriterCache.clear();
    await rm(dir, { recursive: true });
  });
  test("SY-11: one for each folder, which begins with the graph; cleared, the next one begins a new file", async () => {
    const clock = new FakeClock();
    buildGraph(() => constant(1, { name: "one" }));
    const first = FileWriterCache.get(dir, { clock });
    expect(FileWriterCache.get(join(dir, "."))).toBe(first);
    await FileWriterCache.clear();
    clock.advance(2);
    const second = FileWriterCache.get(dir, { clock });
    expect(second).not.toBe(first);
    await second.flush();
    const files = (await readdir(dir)).sort();
    expect(files).toHaveLength(2);
    for (const file of files) expect((await readRunFile(join(dir, file))).kinds).toEqual({ file_version: 1, graph_def: 1, meta_graph_def: 1 });
  });
});
