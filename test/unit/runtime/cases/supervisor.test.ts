// Cases of group H: the Supervisor's sessions, files and services.
import { readdir } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { buildGraph, checkpointExists, device, getDefaultGraph, getVariable, OutOfRangeError, resetDefaultGraph, Supervisor, ValueError, type Session, type SupervisorOptions } from "#runtime/index";
import { eventTrace, isEventFile } from "../../../conformance/eventTrace";
import { supervisedProgram } from "../../../conformance/supervisorCases";
import { useGraphCase } from "../../../support/graphCase";

useGraphCase();

const quiet = { saveSummariesSecs: 0, saveModelSecs: 0 };

/** Files of events in the folder of logs: what each record is. */
async function eventsLeft(): Promise<string[][]> {
  const files = (await readdir("logs")).filter(isEventFile).sort();
  return Promise.all(files.map(async (file) => (await eventTrace(`logs/${file}`))[1].map((event) => event.join(" ").trim())));
}

test.each([
  ["H01: an error of the block is thrown behind it", new Error("raised in the block"), 1],
  ["H02: the end of the data ends training without an error", new OutOfRangeError("no more"), 3],
] as const)("%s", async (_name, error, at) => {
  const { supervisor, nothing } = supervisedProgram(quiet);
  let lastStep = 0;
  const managed = supervisor.managedSession(async (session) => {
    for (let step = 0; !supervisor.shouldStop(); step++) {
      lastStep = step;
      if (step === at) throw error;
      await session.run(nothing);
    }
  });
  if (error instanceof OutOfRangeError) await managed;
  else await expect(managed).rejects.toBe(error);
  expect([supervisor.shouldStop(), lastStep]).toEqual([true, at]);
});

test("H04: a writer that is left open has no end noted", async () => {
  const { supervisor } = supervisedProgram({ ...quiet, saver: null });
  const one = [{ tag: "c1", value: { kind: "simple", value: 1 } }] as const;
  await supervisor.managedSession(async (session) => {
    for (let i = 0; i < 2; i++) await supervisor.summaryComputed(session, one, i);
  }, { closeSummaryWriter: false, startStandardServices: false });
  await supervisor.summaryWriter.flush();
  expect(await eventsLeft()).toEqual([["file_version 0", "graph_def 0", "meta_graph_def 0", "summary 0 c1,1", "summary 1 c1,1"]]);
  await supervisor.summaryWriter.close();
});

test("H05: who is not the chief, or has no folder, writes no events", async () => {
  const other = supervisedProgram({ ...quiet, isChief: false }, { place: "/job:ps" }).supervisor;
  const session = {} as Session;
  await expect(other.summaryComputed(session, [], 0)).rejects.toThrow("requires a summary writer");
  await expect(other.startStandardServices(session)).rejects.toThrow("Only chief supervisor");
  const nowhere = supervisedProgram({ ...quiet, logdir: "" }).supervisor;
  await expect(nowhere.summaryComputed(session, [], 0)).rejects.toThrow("requires a summary writer");
});

test("H06: without a writer checkpoints are still saved", async () => {
  const { supervisor, nothing } = supervisedProgram({ summaryWriter: null });
  await supervisor.managedSession(async (session) => {
    await expect(supervisor.summaryComputed(session, [], 0)).rejects.toThrow("requires a summary writer");
    while (!(await checkpointExists("logs/model.ckpt-123"))) {
      await session.run(nothing);
      await turn();
    }
  });
  expect((await readdir("logs")).filter(isEventFile)).toEqual([]);
});

test("H07: a variable that the init operation left out is named", async () => {
  const { supervisor } = buildGraph(() => {
    const v = getVariable("v", { initializer: 1 });
    getVariable("w", { initializer: 2 });
    return { supervisor: new Supervisor({ logdir: "logs", initOp: v.initializer, ...quiet }) };
  });
  await expect(supervisor.prepareOrWaitForSession()).rejects.toThrow("Variables not initialized: w");
});

test("H08: who is not the chief needs to know where variables are", () => {
  const made = (place: string | undefined) => {
    resetDefaultGraph();
    return buildGraph(() => {
      device(place, () => getVariable("v", { initializer: 1 }));
      return new Supervisor({ isChief: false });
    });
  };
  expect(() => made(undefined)).toThrow(ValueError);
  expect(() => made(undefined)).toThrow("must have their device set");
  expect(made("/job:ps").isChief).toBe(false);
});

test("H09: services write a checkpoint of the step and their events", async () => {
  const { supervisor, nothing } = supervisedProgram({ summaryOp: null } as SupervisorOptions);
  await supervisor.managedSession(async (session) => {
    while (!(await checkpointExists("logs/model.ckpt-123"))) {
      await session.run(nothing);
      await turn();
    }
  });
  const [events = []] = await eventsLeft();
  expect(events.slice(0, 4)).toEqual(["file_version 0", "graph_def 0", "meta_graph_def 0", "session_log 123 START"]);
  expect(events.slice(4, -1).sort()).toEqual(["session_log 123 CHECKPOINT logs/model.ckpt", "summary 123 global_step/sec,0"]);
  expect(events.at(-1)).toBe("session_log 0 STOP");
});

test("H11: a Supervisor that was stopped may begin anew", async () => {
  const { supervisor } = supervisedProgram(quiet);
  for (let i = 0; i < 2; i++) {
    const session = await supervisor.prepareOrWaitForSession();
    expect(supervisor.shouldStop()).toBe(false);
    await supervisor.stop();
    expect(supervisor.shouldStop()).toBe(true);
    session.close();
  }
  expect(getDefaultGraph().finalized).toBe(true);
});
