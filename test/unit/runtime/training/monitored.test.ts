// Scaffold and monitored sessions: the cases of TensorFlow's own tests by their numbers.
import { readdirSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  AbortedError, buildGraph, ChiefSessionCreator, constant, getDefaultGraph, getLocalVariable, getVariable, GraphKeys, MonitoredSession,
  MonitoredTrainingSession, OutOfRangeError, placeholder, resetDefaultGraph, RunMetadata, Saver, Scaffold, Session, SingularMonitoredSession,
  StopAtStepHook, StopIteration, TraceLevel, UnavailableError, type Coordinator, type Hook, type MonitoredTrainingSessionOptions, type RunOptions, type SessionCreator,
} from "#runtime/index";
import { counting, useMonitored } from "../../../support/monitored";

const tests = useMonitored();
const text = (names: unknown) => (names as Uint8Array[]).map((name) => new TextDecoder().decode(name));

/** Raises an error once, in the beforeRun of that run. */
function raising(run: number, error: Error): Hook {
  let runs = 0;
  return {
    beforeRun: () => {
      if (++runs === run) throw error;
    },
  };
}

describe("Scaffold", () => {
  test("I01: of an empty graph it reports variables that are not initialised, local ones apart", async () => {
    const scaffold = buildGraph(() => {
      getVariable("my_var", { initializer: 1 });
      getLocalVariable("my_local_var", { initializer: 1 });
      return new Scaffold();
    });
    expect([scaffold.initOp, scaffold.readyOp, scaffold.saver]).toEqual([undefined, undefined, undefined]);
    scaffold.finalize();
    const session = new Session();
    expect(text(await session.run(scaffold.readyOp as tf.Tensor))).toEqual(["my_var", "my_local_var"]);
    expect(text(await session.run(scaffold.readyForLocalInitOp as tf.Tensor))).toEqual(["my_var"]);
    await session.run(scaffold.initOp as tf.Tensor);
    expect(text(await session.run(scaffold.readyForLocalInitOp as tf.Tensor))).toEqual([]);
    await session.run(scaffold.localInitOp as tf.Tensor);
    expect(text(await session.run(scaffold.readyOp as tf.Tensor))).toEqual([]);
    session.close();
  });
  test("I02: two Savers in the collection are one too many", () => {
    buildGraph(() => {
      getVariable("v", { initializer: 1 });
      for (let i = 0; i < 2; i++) getDefaultGraph().addToCollection(GraphKeys.SAVERS, new Saver());
    });
    expect(() => buildGraph(() => new Scaffold().finalize())).toThrow("More than one item");
  });
  test("I03: two Scaffolds of one graph share their pieces, and the graph is finalised", () => {
    buildGraph(() => void getVariable("v", { initializer: 1 }));
    const first = buildGraph(() => new Scaffold().finalize());
    const second = buildGraph(() => new Scaffold().finalize());
    for (const piece of ["initOp", "readyOp", "readyForLocalInitOp", "localInitOp", "saver"] as const) expect(second[piece]).toBe(first[piece]);
    expect(() => buildGraph(() => constant(1))).toThrow("Graph is finalized");
  });
  test("SC-4: a copy takes what it is not given, and its initFn gets the copy", async () => {
    counting();
    const seen: Scaffold[] = [];
    const first = new Scaffold({ initFn: (scaffold) => void seen.push(scaffold) });
    const copy = new Scaffold({ copyFromScaffold: first });
    await SingularMonitoredSession.within({ scaffold: copy }, () => undefined);
    expect(seen).toEqual([copy]);
    expect(() => new Scaffold({ copyFromScaffold: {} as Scaffold })).toThrow(TypeError);
  });
});

describe("MonitoredTrainingSession", () => {
  const run = async (steps: number, options: MonitoredTrainingSessionOptions = {}): Promise<number | undefined> => {
    const { train } = counting();
    return MonitoredTrainingSession({ checkpointDir: tests.dir, ...options }, async (session) => {
      let step = 0;
      for (let i = 0; i < steps; i++) step = await session.run(train);
      return step;
    });
  };
  test("I04: a new session on the same folder goes on where the last one ended", async () => {
    expect(await run(2)).toBe(2);
    expect(await run(1)).toBe(3);
  });
  test("a folder without a name is none: nothing is written", async () => {
    const before = readdirSync(".");
    expect(await run(2, { checkpointDir: "", summaryDir: "", saveCheckpointSteps: 1, saveSummariesSteps: 1 })).toBe(2);
    expect(readdirSync(".")).toEqual(before);
  });
  test("I05: saves every so many steps", async () => {
    expect(await run(100, { saveCheckpointSteps: 100 })).toBe(100);
    expect(await run(1)).toBe(101);
  });
  test("I06: with saving switched off a restart begins anew, and a chief's own hook began once", async () => {
    let begun = 0;
    const hook = { begin: () => void begun++ };
    expect(await run(2, { saveCheckpointSecs: 0, chiefOnlyHooks: [hook] })).toBe(2);
    expect(begun).toBe(1);
    expect(await run(1, { saveCheckpointSecs: 0 })).toBe(1);
  });
  test("MT-3: both forms of a frequency are an error", async () => {
    await expect(run(1, { saveCheckpointSecs: 1, saveCheckpointSteps: 1 })).rejects.toThrow("Can not provide both");
    await expect(run(1, { saveSummariesSecs: 1, saveSummariesSteps: 1 })).rejects.toThrow("Can not provide both");
  });
  test("MT-6: a built-in hook needs a global step", async () => {
    buildGraph(() => void getVariable("v", { initializer: 1 }));
    await expect(MonitoredTrainingSession({ checkpointDir: tests.dir })).rejects.toThrow("Global step should be created");
  });
});

describe("errors and tasks", () => {
  test("I08: an error of a run stops neither the coordinator nor the session; closing stops the tasks", async () => {
    const { train } = counting();
    let coord: Coordinator | undefined;
    const taking: Hook = { afterCreateSession: (_session, given) => void (coord = given) };
    const session = await MonitoredSession.open({ hooks: [taking, raising(1, new TypeError("made for the test"))] });
    await expect(session.run(train)).rejects.toThrow(TypeError);
    expect(session.shouldStop()).toBe(false);
    expect(await session.run(train)).toBe(1);
    const tasks = [0, 1, 2].map((each) => ({ name: `task ${each}`, ended: coord?.waitForStop() ?? Promise.resolve() }));
    for (const task of tasks) coord?.registerTask(task);
    await session.close();
    await Promise.all(tasks.map(({ ended }) => ended));
    expect(session.shouldStop()).toBe(true);
  });
  test("I09: sessions that are lost are replaced, until their maker fails", async () => {
    const { train } = counting();
    const scaffold = buildGraph(() => new Scaffold());
    let made = 0;
    let runs = 0;
    const sessionCreator: SessionCreator = {
      createSession: async () => {
        if (++made > 3) throw new RangeError("none left");
        runs = 0;
        return new ChiefSessionCreator({ scaffold }).createSession();
      },
    };
    const losing: Hook = {
      beforeRun: () => {
        if (++runs > made) throw new AbortedError("lost");
      },
    };
    const session = await MonitoredSession.open({ sessionCreator, hooks: [losing] });
    const madeAt: number[] = [];
    for (let i = 0; i < 6; i++) {
      await session.run(train);
      madeAt.push(made);
    }
    expect(madeAt).toEqual([1, 2, 2, 3, 3, 3]);
    await expect(session.run(train)).rejects.toThrow("none left");
  });
  test("I17: a lost session while one is made is no failure", async () => {
    counting();
    let calls = 0;
    const initFn = () => {
      if (++calls === 1) throw new AbortedError("once");
    };
    await MonitoredTrainingSession({ scaffold: new Scaffold({ initFn }) }, () => undefined);
    expect(calls).toBe(2);
  });
  test.each([["AbortedError", AbortedError], ["UnavailableError", UnavailableError]])("I18: without checkpoints %s begins anew and repeats the run", async (_name, kind) => {
    const { train } = counting();
    const steps = await MonitoredSession.within({ hooks: [raising(3, new kind("lost"))] }, async (session) => {
      const all: number[] = [];
      for (let i = 0; i < 4; i++) all.push(await session.run(train));
      return all;
    });
    expect(steps).toEqual([1, 2, 1, 2]);
  });
  test("I19: with a checkpoint of each step a lost session costs nothing", async () => {
    const { train } = counting();
    const options = { checkpointDir: tests.dir, saveCheckpointSteps: 1, hooks: [raising(3, new AbortedError("lost"))] };
    const steps = await MonitoredTrainingSession(options, async (session) => [await session.run(train), await session.run(train), await session.run(train)]);
    expect(steps).toEqual([1, 2, 3]);
  });
  test.each([new OutOfRangeError("made for the test"), new StopIteration("made for the test")])("I20: %s in a hook ends the body cleanly", async (error) => {
    const { train } = counting();
    let ended = false;
    const session = await MonitoredSession.open({ hooks: [raising(2, error), { end: () => void (ended = true) }] });
    const result = await session.use(async () => {
      await session.run(train);
      await session.run(train);
      throw new Error("not reached");
    });
    expect([result, session.shouldStop(), ended]).toEqual([undefined, true, true]);
  });
  test("I21: any other error leaves the body, and the hooks' end is not called", async () => {
    const { train } = counting();
    let ended = false;
    const session = await MonitoredSession.open({ hooks: [raising(1, new Error("made for the test")), { end: () => void (ended = true) }] });
    await expect(session.use(() => session.run(train))).rejects.toThrow("made for the test");
    expect([session.shouldStop(), ended]).toEqual([true, false]);
  });
  test("I28: a singular session takes a lost session for an error, and shows its session while it is open", async () => {
    const { train } = counting();
    const session = await SingularMonitoredSession.open({ hooks: [raising(1, new AbortedError("lost"))] });
    expect(session.rawSession()).toBeInstanceOf(Session);
    await expect(session.use(() => session.run(train))).rejects.toThrow(AbortedError);
    expect(session.rawSession()).toBeUndefined();
  });
  test("MS-10: closing twice is an error", async () => {
    counting();
    const session = await MonitoredSession.open();
    await session.close();
    await expect(session.close()).rejects.toThrow("Session is already closed");
  });
  test("MS-14: an error that a task reported ends the loop and is thrown behind the hooks' end", async () => {
    const { train } = counting();
    const calls: string[] = [];
    let coord: Coordinator | undefined;
    const hook: Hook = { afterCreateSession: (_session, given) => void (coord = given), end: () => void calls.push("end") };
    const session = await MonitoredSession.open({ hooks: [hook] });
    const whole = session.use(async () => {
      coord?.requestStop(new RangeError("a task failed"));
      await session.run(train);
      calls.push(`stop ${session.shouldStop()}`);
    });
    await expect(whole).rejects.toThrow("a task failed");
    expect(calls).toEqual(["stop true", "end"]);
  });
  test("MS-16: a step function is repeated when it meets a lost session, and may end training", async () => {
    const { train } = counting();
    const session = await MonitoredSession.open({ hooks: [raising(2, new AbortedError("lost"))] });
    let calls = 0;
    await session.use(async () => {
      await session.run(train);
      const step = await session.runStepFn(async ({ runWithHooks, session: raw }) => {
        calls++;
        expect(raw).toBeInstanceOf(Session);
        return runWithHooks(train);
      });
      expect([step, calls]).toEqual([1, 2]);
      await session.runStepFn(({ requestStop }) => requestStop());
      throw new Error("not reached");
    });
  });
});

describe("what hooks add to a run", () => {
  test("I13: a hook's stop is seen behind its run, and a further run is refused", async () => {
    const { train } = counting();
    await MonitoredSession.within({ hooks: [{ afterRun: (context) => context.requestStop() }] }, async (session) => {
      expect(session.shouldStop()).toBe(false);
      expect(await session.run(train)).toBe(1);
      expect(session.shouldStop()).toBe(true);
      await expect(session.run(train)).rejects.toThrow("Run called even after should_stop");
    });
  });
  test("I14: each gets what it asked for, feeds are joined, and the caller's own stay as they are", async () => {
    const [a, b, c, sum] = buildGraph(() => {
      const inputs = ["a", "b", "c"].map((name) => placeholder<tf.Rank.R0>("float32", { shape: [], name }));
      return [...inputs, tf.addN(inputs)] as const;
    }) as unknown as readonly tf.Tensor<tf.Rank.R0>[];
    if (!a || !b || !c || !sum) throw new Error("four tensors were made");
    const got: unknown[] = [];
    const asking = (feed: tf.Tensor, value: number): Hook => ({
      beforeRun: () => ({ fetches: { mine: [feed] }, feeds: [[feed, value]] }),
      afterRun: (_context, { results }) => void got.push(results),
    });
    const feeds = new Map([[c, 20]]);
    await MonitoredSession.within({ hooks: [asking(a, 5), asking(b, 10), {}] }, async (session) => {
      expect(await session.run([sum], { feeds })).toEqual([35]);
    });
    expect(got).toEqual([{ mine: [5] }, { mine: [10] }]);
    expect(feeds.size).toBe(1);
  });
  test("I15: a tensor is fed by one alone", async () => {
    const a = buildGraph(() => placeholder("float32", { shape: [], name: "a" }));
    const feeding: Hook = { beforeRun: () => ({ feeds: [["a:0", 1]] }) };
    await MonitoredSession.within({ hooks: [feeding, feeding] }, async (session) => {
      await expect(session.run(a)).rejects.toThrow("Same tensor is fed by two hooks");
    });
    await MonitoredSession.within({ hooks: [feeding] }, async (session) => {
      await expect(session.run(a, { feeds: [[a, 2]] })).rejects.toThrow("Same tensor is fed by a SessionRunHook and user");
    });
  });
  test("I16: StopAtStep counts to a last step, or so many from where the session began", async () => {
    const stops = async (hook: StopAtStepHook, from: number) => {
      const { train } = counting();
      const scaffold = new Scaffold({ initFn: (_, session) => session.assignVariable(getDefaultGraph().getCollection<never>(GraphKeys.GLOBAL_STEP)[0] as never, [from], []) });
      return MonitoredTrainingSession({ scaffold, hooks: [hook] }, async (session) => {
        let step = from;
        while (!session.shouldStop()) step = await session.run(train);
        return step;
      });
    };
    expect(await stops(new StopAtStepHook({ lastStep: 3 }), 0)).toBe(3);
    expect(await stops(new StopAtStepHook({ lastStep: 5 }), 3)).toBe(5);
    expect(await stops(new StopAtStepHook({ numSteps: 3 }), 0)).toBe(3);
    expect(await stops(new StopAtStepHook({ numSteps: 4 }), 3)).toBe(7);
  });
  test("I23: the graph is finalised meanwhile, and afterwards as it was before", async () => {
    counting();
    await MonitoredSession.within({}, () => expect(getDefaultGraph().finalized).toBe(true));
    expect(getDefaultGraph().finalized).toBe(false);
    getDefaultGraph().finalize();
    // All pieces are in the collections by now, so nothing has to be added.
    await MonitoredSession.within({}, () => undefined);
    expect(getDefaultGraph().finalized).toBe(true);
  });
  test("I24: of run options the largest hold, and a traced run tells each operation's time", async () => {
    const { train } = counting();
    let seen: RunOptions | undefined;
    const hook: Hook = {
      beforeRun: () => ({ options: { traceLevel: TraceLevel.HARDWARE_TRACE, timeoutInMs: 60_000 } }),
      afterRun: (_context, { options }) => void (seen = options),
    };
    const runMetadata = new RunMetadata();
    await MonitoredSession.within({ hooks: [hook] }, (session) => session.run(train, { options: { traceLevel: TraceLevel.FULL_TRACE, timeoutInMs: 30_000 }, runMetadata }));
    expect(seen).toEqual({ traceLevel: TraceLevel.FULL_TRACE, timeoutInMs: 60_000 });
    expect(runMetadata.operations.map(({ name }) => name)).toContain("AssignAdd");
    expect(runMetadata.operations.every(({ startMicros, endMicros }) => endMicros >= startMicros)).toBe(true);
  });
});

test("a hook that reads the step sees it before the run's increment, whenever the hook was made", async () => {
  resetDefaultGraph();
  const { train } = counting();
  const seen: unknown[] = [];
  const hook: Hook = {
    beforeRun: () => ({ fetches: getDefaultGraph().getTensorByName("global_step/read_before_updates:0") }),
    afterRun: (_context, { results }) => void seen.push(results),
  };
  await MonitoredSession.within({ hooks: [hook] }, async (session) => {
    for (let i = 0; i < 3; i++) await session.run(train);
  });
  expect(seen).toEqual([0, 1, 2]);
});
