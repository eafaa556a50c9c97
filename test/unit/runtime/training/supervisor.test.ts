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
import { getDefaultGraph, resetDefaultGraph } from "#runtime/graph/graph";
import { endAllTracing } from "#runtime/graph/trace";
import { logging } from "#runtime/training/logging";
import { checkSupervisor, supervisedProgram, type SupervisorCase } from "../../../conformance/supervisorCases";

type Told = [string, number, ...unknown[]];
const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/supervisor.json", import.meta.url), "utf8"),
) as { cases: SupervisorCase[] };

let dir: string;
let before: string;
beforeEach(async () => {
  logging.setVerbosity("silent");
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

const build = supervisedProgram;

describe("files, log and events are those of TensorFlow's", () => {
  test.each(cases.map((each) => [each.case, each] as const))("%s", async (_name, each) => {
    await expect(checkSupervisor(each)).resolves.toBeUndefined();
  });
});

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((file) => `${folder}/${file}`).sort();
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
