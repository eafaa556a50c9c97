// Supervisor against recorded sessions of TensorFlow's.
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeEvent } from "#formats/events/decodeEvent";
import type { EventContent } from "#formats/events/event";
import { parseGraphDef } from "#formats/graphDef/graphDef";
import { RecordScanner } from "#formats/records/recordScanner";
import { noOp } from "#runtime/graph/controlDependencies";
import { AbortedError, OutOfRangeError } from "#runtime/graph/errors";
import { getDefaultGraph, resetDefaultGraph } from "#runtime/graph/graph";
import { buildGraph, endAllTracing } from "#runtime/graph/trace";
import { getVariable } from "#runtime/scope/getVariable";
import { scalar } from "#runtime/summaries/summaryOperations";
import { Supervisor, type SupervisorOptions } from "#runtime/training/supervisor";

type Told = [string, number, ...unknown[]];
interface Case {
  case: string;
  options: { save_summaries_secs: number; save_model_secs: number; saver?: null; summary_writer?: null; checkpoint_basename?: string; is_chief?: boolean };
  sessions: { error?: { type: string; message: string } }[];
  files: string[];
  state: string | null;
  events: Told[][];
}
const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/supervisor.json", import.meta.url), "utf8"),
) as { cases: Case[] };
/** One process is always the chief. */
const offered = cases.filter(({ options }) => options.is_chief !== false);

let dir: string;
let before: string;
beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  before = process.cwd();
  dir = await mkdtemp(join(tmpdir(), "supervisor-"));
  process.chdir(dir);
});
afterEach(async () => {
  endAllTracing();
  process.chdir(before);
  await rm(dir, { recursive: true });
});

class StopIteration extends Error {}

function errorOf(name: string): Error | undefined {
  const classes: Record<string, new (message: string) => Error> = { RuntimeError: Error, OutOfRangeError, AbortedError, StopIteration };
  const kind = name.startsWith("error-") ? classes[name.slice(6)] : undefined;
  return kind && new kind("made for the test");
}

/** A program with w = 2, a loss of w, and a global step that begins at 123. */
function build(options: SupervisorOptions) {
  return buildGraph(() => {
    const w = getVariable("w", { initializer: 2 });
    getVariable("global_step", { initializer: 123, dtype: "int64", trainable: false, collections: ["variables", "global_step"] });
    scalar("loss", w);
    return { w, nothing: noOp(), supervisor: new Supervisor({ logdir: "logs", ...options }) };
  });
}

describe("files and events are those of TensorFlow's", () => {
  test.each(offered.map((each) => [each.case, each] as const))("%s", async (name, each) => {
    const { options } = each;
    const { supervisor, nothing, w } = build({
      saveSummariesSecs: options.save_summaries_secs,
      saveModelSecs: options.save_model_secs,
      ...("saver" in options && { saver: null }),
      ...("summary_writer" in options && { summaryWriter: null }),
      ...(options.checkpoint_basename && { checkpointBasename: options.checkpoint_basename }),
    });
    expect(getDefaultGraph().finalized).toBe(true);
    for (const { error } of each.sessions) {
      const managed = supervisor.managedSession(async (session) => {
        expect(supervisor.shouldStop()).toBe(false);
        // The services fire at once: a few turns are enough for them to begin.
        for (let i = 0; i < 20; i++) {
          await session.run(nothing);
          await turn();
        }
        expect([...(await session.readVariable(w))]).toEqual([2]);
        const thrown = errorOf(name);
        if (thrown) throw thrown;
      });
      if (error) await expect(managed).rejects.toThrow(error.message);
      else await managed;
      expect(supervisor.shouldStop()).toBe(true);
    }
    const files = await filesIn("logs");
    const twice = each.sessions.length > 1;
    // A checkpoint that is saved again does not overwrite the data of the one that is there.
    const wanted = twice ? each.files.flatMap((file) => (file.includes(".data-") ? [`${file.slice(0, -1)}2`, file.replace("00000-of-00001", "00001-of-00002")] : file)) : each.files;
    expect(files.filter((file) => !file.includes("tfevents"))).toEqual([...wanted].sort());
    if (each.state !== null) expect(await readFile("logs/checkpoint", "utf8")).toBe(each.state);
    const told = await Promise.all(files.filter((file) => file.includes("tfevents")).map(eventsIn));
    expect(told).toEqual(each.events);
  });
});

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((file) => `${folder}/${file}`).sort();
}

/** As the recording has them: sorted, because the services ran side by side. */
async function eventsIn(file: string): Promise<Told[]> {
  const scanner = new RecordScanner();
  scanner.push(await readFile(file));
  const events: Told[] = [];
  for (let read = scanner.next(); read.kind === "record"; read = scanner.next()) {
    const { step, what } = decodeEvent(read.data);
    events.push(told(step, what));
  }
  const key = (event: Told) => JSON.stringify(event);
  return events.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function told(step: number, what: EventContent): Told {
  switch (what.kind) {
    case "fileVersion": return ["file_version", step];
    case "graph": return ["graph_def", step];
    case "metaGraph": return ["meta_graph_def", step];
    case "sessionLog": return ["session_log", step, what.status.toUpperCase(), what.checkpointPath];
    case "summary": return ["summary", step, ...what.values.map(({ tag, value }) => [tag, value.kind === "simple" ? value.value : value.kind])];
    default: throw new Error(`a Supervisor does not write ${what.kind}`);
  }
}

test("events stand in the order in which TensorFlow writes them", async () => {
  const { supervisor, nothing } = build({ saveSummariesSecs: 0, saveModelSecs: 0 });
  await supervisor.managedSession(async (session) => {
    await session.run(nothing);
    supervisor.summaryWriter.addSummary([{ tag: "x", value: { kind: "simple", value: 1 } }], 124);
  });
  const [file = ""] = (await filesIn("logs")).filter((name) => name.includes("tfevents"));
  const scanner = new RecordScanner();
  scanner.push(await readFile(file));
  const kinds: string[] = [];
  for (let read = scanner.next(); read.kind === "record"; read = scanner.next()) kinds.push(told(0, decodeEvent(read.data).what).join(" "));
  expect(kinds).toEqual([
    "file_version 0", "graph_def 0", "meta_graph_def 0", "session_log 0 START ", "summary 0 x,1", "session_log 0 STOP ",
  ]);
});

test("graph.pbtxt holds the whole graph", async () => {
  const { supervisor } = build({ saveSummariesSecs: 0, saveModelSecs: 0, saver: null });
  await supervisor.managedSession(() => undefined);
  const graph = parseGraphDef(await readFile("logs/graph.pbtxt", "utf8"));
  const names = getDefaultGraph().operations.map(({ name }) => name);
  expect(graph.nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
});

test("a later process restores what an earlier one saved, and takes over its list", async () => {
  const first = build({ saveModelSecs: 0, saveSummariesSecs: 0 });
  await first.supervisor.managedSession(async (session) => {
    session.assignVariable(first.w, [7], []);
    await first.supervisor.saver?.save(session, first.supervisor.savePath ?? "", { globalStep: 5 });
  });
  resetDefaultGraph();
  const second = build({ saveModelSecs: 0, saveSummariesSecs: 0 });
  let restored: number[] = [];
  await second.supervisor.managedSession(async (session) => void (restored = [...(await session.readVariable(second.w))]));
  expect(restored).toEqual([7]);
  expect(second.supervisor.saver?.lastCheckpoints).toEqual(["logs/model.ckpt-5"]);
});

test("the pieces of a Supervisor are in the graph's collections", () => {
  build({ saveModelSecs: 0 });
  const graph = getDefaultGraph();
  for (const key of ["ready_op", "init_op", "local_init_op", "savers", "summary_op"]) expect(graph.getCollection(key)).toHaveLength(1);
});

test("without a logdir nothing is written, and a summary has nowhere to go", async () => {
  const { supervisor } = build({ logdir: undefined, saveModelSecs: 0 });
  await supervisor.managedSession(() => undefined);
  expect(() => supervisor.summaryWriter).toThrow("requires a summary writer");
  expect(await readdir(".")).toEqual([]);
});

test("an error in a service ends the training with that error", async () => {
  const { supervisor, nothing } = build({ saveModelSecs: 0, saveSummariesSecs: 0, saver: null });
  const managed = supervisor.managedSession(async (session) => {
    supervisor.loop(1000, () => { throw new Error("the service failed"); });
    while (!supervisor.shouldStop()) {
      await session.run(nothing);
      await turn();
    }
  });
  await expect(managed).rejects.toThrow("the service failed");
});
