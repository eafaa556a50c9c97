// FileWriter: names, order and content of event files.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeEvent } from "#formats/events/decodeEvent";
import { encodeSummary } from "#formats/events/encodeSummary";
import type { Event, SummaryValue } from "#formats/events/event";
import { decodeGraphDef } from "#formats/graphDef/graphDef";
import { RecordScanner } from "#formats/records/recordScanner";
import type { ScalarBatch } from "#model/scalars";
import { constant } from "#runtime/graph/constants";
import { getDefaultGraph, resetDefaultGraph } from "#runtime/graph/graph";
import { buildGraph, endAllTracing } from "#runtime/graph/trace";
import { FileWriter } from "#runtime/summaries/fileWriter";
import { observeTraining } from "#runtime/training/observers";
import { FakeClock } from "../../../support/fakeClock";

let dir: string;
beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  dir = await mkdtemp(join(tmpdir(), "writer-"));
});
afterEach(async () => {
  endAllTracing();
  await rm(dir, { recursive: true });
});

const scalar = (tag: string, value: number): SummaryValue => ({ tag, value: { kind: "simple", value } });

async function eventsIn(name: string): Promise<Event[]> {
  const scanner = new RecordScanner();
  scanner.push(await readFile(join(dir, name)));
  const events: Event[] = [];
  for (let read = scanner.next(); read.kind === "record"; read = scanner.next()) events.push(decodeEvent(read.data));
  return events;
}

test("the file is named after second and host and begins with its version", async () => {
  const writer = new FileWriter(join(dir, "new", "run"), { clock: new FakeClock(1_700_000_000.75), filenameSuffix: ".v1" });
  writer.addSummary([scalar("loss", 0.5)], 7);
  await writer.close();
  const name = `events.out.tfevents.1700000000.${hostname()}.v1`;
  expect(await readdir(join(dir, "new", "run"))).toEqual([name]);
  expect(writer.path).toBe(join(dir, "new", "run", name));
  const [version, summary, ...rest] = await eventsIn(join("new", "run", name));
  expect(version).toMatchObject({ step: 0, wallTimeSeconds: 1_700_000_000.75, what: { kind: "fileVersion", version: "brain.Event:2" } });
  expect(summary).toMatchObject({ step: 7, what: { kind: "summary", values: [{ tag: "loss", value: { kind: "simple", value: 0.5 } }] } });
  expect(rest).toEqual([]);
});

test("a writer that was given nothing leaves no file", async () => {
  await new FileWriter(dir).close();
  expect(await readdir(dir)).toEqual([]);
});

test("a second file of the same second gets another name that sorts behind, and both keep their records", async () => {
  const clock = new FakeClock();
  const writer = new FileWriter(dir, { clock });
  writer.addSummary([scalar("loss", 1)], 1);
  await writer.close();
  writer.reopen();
  writer.addSummary([scalar("loss", 2)], 2);
  const other = new FileWriter(dir, { clock });
  await writer.flush();
  other.addSummary([scalar("loss", 3)], 3);
  await Promise.all([writer.close(), other.close()]);
  const names = (await readdir(dir)).sort();
  expect(names.map((name) => name.replace(hostname(), "host"))).toEqual([
    "events.out.tfevents.1700000000.host", "events.out.tfevents.1700000000.host.1", "events.out.tfevents.1700000000.host.2",
  ]);
  const steps = await Promise.all(names.map(async (name) => (await eventsIn(name)).map(({ step }) => step)));
  expect(steps).toEqual([[0, 1], [0, 2], [0, 3]]);
});

test("a graph is recorded as graph and meta graph", async () => {
  buildGraph(() => constant([1, 2], { name: "c" }));
  const writer = new FileWriter(dir, { graph: getDefaultGraph() });
  await writer.close();
  const [name = ""] = await readdir(dir);
  const [, graph, meta] = await eventsIn(name);
  expect(graph?.what.kind === "graph" && decodeGraphDef(graph.what.bytes).nodes.map((node) => node.name)).toEqual(["c"]);
  expect(meta?.what.kind).toBe("metaGraph");
});

test("session logs say what they are told", async () => {
  const writer = new FileWriter(dir);
  writer.addSessionLog({ status: "start" }, 12);
  writer.addSessionLog({ status: "checkpoint", checkpointPath: "run/m" }, 13);
  writer.addSessionLog({ status: "stop" });
  await writer.close();
  const [name = ""] = await readdir(dir);
  expect((await eventsIn(name)).slice(1).map(({ step, what }) => [step, what])).toEqual([
    [12, { kind: "sessionLog", status: "start", checkpointPath: "", message: "" }],
    [13, { kind: "sessionLog", status: "checkpoint", checkpointPath: "run/m", message: "" }],
    [0, { kind: "sessionLog", status: "stop", checkpointPath: "", message: "" }],
  ]);
});

test("metadata is kept on a tag's first value only", async () => {
  const metadata = { pluginName: "scalars", pluginContent: new Uint8Array(), displayName: "", description: "", dataClass: 1 };
  const writer = new FileWriter(dir);
  for (const step of [1, 2]) writer.addSummary([{ ...scalar("loss", step), metadata }], step);
  await writer.close();
  const [name = ""] = await readdir(dir);
  const values = (await eventsIn(name)).flatMap(({ what }) => (what.kind === "summary" ? what.values : []));
  expect(values.map((value) => value.metadata?.pluginName)).toEqual(["scalars", undefined]);
});

test("scalars of a record also go to observers, with the step and time of the record", () => {
  const told: ScalarBatch[] = [];
  const watching = observeTraining({ scalarsRecorded: (batches) => told.push(...batches) });
  const writer = new FileWriter(dir, { clock: new FakeClock(50) });
  const text: SummaryValue = { tag: "picture", value: { kind: "image", height: 1, width: 1, colorspace: 1, encoded: new Uint8Array() } };
  writer.addSummary(encodeSummary([scalar("a", 1), text, scalar("b", 2)]), 9);
  watching.dispose();
  expect(told.map(({ tag, steps, values, wallTimeSeconds }) => [tag, steps[0], values[0], wallTimeSeconds[0]])).toEqual([
    ["a", 9, 1, 50], ["b", 9, 2, 50],
  ]);
  return writer.close();
});

test("what is added after a close is dropped, with one warning", async () => {
  const told: string[] = [];
  const watching = observeTraining({ noticed: (text) => told.push(text) });
  const writer = new FileWriter(dir);
  await writer.close();
  for (const step of [1, 2]) writer.addSummary([scalar("loss", 1)], step);
  watching.dispose();
  expect(await readdir(dir)).toEqual([]);
  expect(told).toHaveLength(1);
});

test("an observer that throws does not stop the record", async () => {
  const watching = observeTraining({ scalarsRecorded: () => { throw new Error("observer"); } });
  const said = console.error;
  console.error = () => undefined;
  const writer = new FileWriter(dir);
  writer.addSummary([scalar("loss", 1)], 1);
  console.error = said;
  watching.dispose();
  await writer.close();
  const [name = ""] = await readdir(dir);
  expect(await eventsIn(name)).toHaveLength(2);
});
