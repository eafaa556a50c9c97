// Hooks one by one: the cases of TensorFlow's own tests by their numbers.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import {
  buildGraph, CheckpointSaverHook, ChiefSessionCreator, constant, createGlobalStep, FeedFnHook, FinalOpsHook, getGlobalStep, getVariable, globalStep, GlobalStepWaiterHook,
  globalVariablesInitializer, hostCall, latestCheckpoint, LoggingTensorHook, MonitoredSession, NanLossDuringTrainingError, NanTensorHook, OutOfRangeError,
  placeholder, resetDefaultGraph, Saver, Scaffold, Session, SessionRunHook, StepCounterHook, StopAtStepHook, SummarySaverHook, type Hook, type SessionRunContext, type SessionRunValues, type Variable,
} from "#runtime/index";
import type { SummaryValue } from "#formats/events/event";
import type { FileWriter } from "#runtime/summaries/fileWriter";
import { FakeClock } from "../../../support/fakeClock";
import { counting, useMonitored } from "../../../support/monitored";

const tests = useMonitored();

/** Runs a train operation with hooks, as a monitored session does but without its calls around the whole. */
async function hooked(hooks: readonly Hook[], train: tf.Tensor, { onCreate = true } = {}) {
  for (const hook of hooks) hook.begin?.();
  const init = buildGraph(() => globalVariablesInitializer());
  const session = new Session();
  await session.run(init);
  const coord = undefined as never;
  if (onCreate) for (const hook of hooks) await hook.afterCreateSession?.(session, coord);
  let stopRequested = false;
  return {
    session,
    run: async (): Promise<boolean> => {
      const context: SessionRunContext = { session, originalArgs: { fetches: train }, stopRequested, requestStop: () => void (stopRequested = true) };
      const wishes = await Promise.all(hooks.map((hook) => hook.beforeRun?.(context)));
      const [, ...results] = await session.run([train, ...wishes.map((wish) => wish?.fetches)] as unknown[]);
      for (const [at, hook] of hooks.entries()) await hook.afterRun?.(context, { results: results[at], options: {}, runMetadata: undefined as never });
      return stopRequested;
    },
    end: async () => {
      for (const hook of hooks) await hook.end?.(session);
      session.close();
    },
  };
}

/** Takes what a writer is given. */
function writerInMemory() {
  const summaries: { readonly step: number; readonly values: readonly SummaryValue[] | Uint8Array }[] = [];
  const logs: { readonly status: string; readonly step: number }[] = [];
  const writer = {
    addSummary: (values: Uint8Array | readonly SummaryValue[], step = 0) => void summaries.push({ step, values }),
    addSessionLog: ({ status }: { status: string }, step = 0) => void logs.push({ status, step }),
    flush: async () => undefined,
  } as unknown as FileWriter;
  return { writer, summaries, logs };
}

async function savedStep(dir: string): Promise<number | undefined> {
  const prefix = await latestCheckpoint(dir);
  if (!prefix) return undefined;
  const { bundle, close } = await openCheckpoint(prefix);
  const bytes = await bundle.read("global_step");
  await close();
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true));
}

describe("StopAtStepHook", () => {
  test("J02: so many steps are counted from the session's beginning", async () => {
    const { train, step } = counting();
    const hook = new StopAtStepHook({ numSteps: 10 });
    const { session, run } = await hooked([hook], train, { onCreate: false });
    const at = async (value: number) => {
      session.assignVariable(step as Variable, [value - 1], []);
      return run();
    };
    session.assignVariable(step as Variable, [5], []);
    await hook.afterCreateSession(session);
    expect([await at(13), await at(14), await at(15), await at(16)]).toEqual([false, false, true, true]);
    session.close();
  });
});

describe("LoggingTensorHook", () => {
  const lines = () => tests.log.map(({ text }) => text);
  test("J03: the frequency must be one, and positive", () => {
    for (const everyNIter of [0, -10]) expect(() => new LoggingTensorHook([], { everyNIter })).toThrow("invalid everyNIter");
    for (const options of [{}, { everyNIter: 5, everyNSecs: 5 }]) expect(() => new LoggingTensorHook([], options)).toThrow("exactly one");
  });
  test("J04: logs the first run and every tenth behind it; begin counts anew", async () => {
    const { train } = counting();
    const value = buildGraph(() => constant(42, { name: "foo" }));
    const hook = new LoggingTensorHook([value], { everyNIter: 10 });
    const { run, session } = await hooked([hook], train);
    const logged: number[] = [];
    for (let i = 1; i <= 21; i++) {
      const before = lines().length;
      await run();
      if (lines().length > before) logged.push(i);
    }
    expect(logged).toEqual([1, 11, 21]);
    expect(lines()[0]).toBe("foo:0 = 42.0");
    hook.begin();
    await run();
    expect(lines()).toHaveLength(4);
    session.close();
  });
  test("J04: may log at the end only", async () => {
    const { train } = counting();
    buildGraph(() => constant(42, { name: "foo" }));
    const { run, end } = await hooked([new LoggingTensorHook(["foo"], { atEnd: true })], train);
    for (let i = 0; i < 3; i++) await run();
    expect(lines()).toEqual([]);
    await end();
    expect(lines()).toEqual(["foo = 42.0"]);
  });
  test("tags of an object are sorted, and a formatter makes the line", async () => {
    const { train } = counting();
    const [a, b] = buildGraph(() => [constant(0.1), constant([1, 2], { dtype: "int32" })]);
    const all = { b: b as tf.Tensor, a: a as tf.Tensor };
    const { run, session } = await hooked([new LoggingTensorHook(all, { everyNIter: 1 }), new LoggingTensorHook(all, { everyNIter: 1, formatter: (values) => `b is ${String(values["b"])}` })], train);
    await run();
    expect(lines()).toEqual(["a = 0.1, b = [1 2]", "b is 1,2"]);
    session.close();
  });
});

describe("CheckpointSaverHook", () => {
  const hookFor = (options: Omit<ConstructorParameters<typeof CheckpointSaverHook>[1], "saver">) =>
    new CheckpointSaverHook(tests.dir, { saver: buildGraph(() => new Saver()), ...options });
  const savedAfter = async (runs: number, hook: CheckpointSaverHook, train: tf.Tensor, onCreate = false) => {
    const { run, session } = await hooked([hook], train, { onCreate });
    const saved = onCreate ? [await savedStep(tests.dir)] : [];
    for (let i = 0; i < runs; i++) {
      await run();
      saved.push(await savedStep(tests.dir));
    }
    session.close();
    return saved;
  };
  test("J06: takes a saver or a scaffold, and one frequency", () => {
    const saver = (counting(), buildGraph(() => new Saver()));
    expect(() => new CheckpointSaverHook(tests.dir, { saver, scaffold: new Scaffold(), saveSteps: 1 })).toThrow("both saver and scaffold");
    expect(() => new CheckpointSaverHook(tests.dir, { saver })).toThrow("Either");
    expect(() => new CheckpointSaverHook(tests.dir, { saver, saveSecs: 1, saveSteps: 1 })).toThrow("both");
    const summaryOp = buildGraph(() => constant("x"));
    expect(() => new SummarySaverHook({ saveSteps: 1 })).toThrow("Exactly one");
    expect(() => new SummarySaverHook({ saveSteps: 1, scaffold: new Scaffold(), summaryOp })).toThrow("Exactly one");
  });
  test("J07: without a session's beginning the first run is saved, then every second step", async () => {
    const { train } = counting();
    expect(await savedAfter(5, hookFor({ saveSteps: 2 }), train)).toEqual([1, 1, 3, 3, 5]);
  });
  test("J08: a session's beginning is saved", async () => {
    const { train } = counting();
    expect(await savedAfter(2, hookFor({ saveSteps: 2 }), train, true)).toEqual([0, 0, 2]);
  });
  test("J09: every two seconds, and once more at the end", async () => {
    const { train } = counting();
    const clock = new FakeClock();
    const { run, end } = await hooked([hookFor({ saveSecs: 2, clock })], train, { onCreate: false });
    const saved: (number | undefined)[] = [];
    for (const wait of [0, 0.5, 2, 0.1, 0.1, 7.3]) {
      clock.advance(wait);
      await run();
      saved.push(await savedStep(tests.dir));
    }
    expect(saved).toEqual([1, 1, 3, 3, 3, 6]);
    await run();
    await end();
    expect(await savedStep(tests.dir)).toBe(7);
  });
  test("J11: listeners hear of every save, and of the end", async () => {
    const { train } = counting();
    const heard: string[] = [];
    const listener = {
      beforeSave: (_: Session, step: number) => void heard.push(`before ${step}`),
      afterSave: (_: Session, step: number) => void heard.push(`after ${step}`),
      end: (_: Session, step: number) => void heard.push(`end ${step}`),
    };
    const scaffold = new Scaffold();
    const hooks = [new CheckpointSaverHook(tests.dir, { saveSteps: 1, scaffold, listeners: [listener] })];
    await MonitoredSession.within({ hooks, sessionCreator: new ChiefSessionCreator({ scaffold }) }, async (session) => {
      await session.run(train);
      await session.run(train);
    });
    expect(heard).toEqual(["before 0", "after 0", "before 1", "after 1", "before 2", "after 2", "end 2"]);
  });
  test("J13: where a run makes five steps, every ten steps is every second run", async () => {
    const { train } = counting({ increment: 5 });
    expect(await savedAfter(5, hookFor({ saveSteps: 10 }), train)).toEqual([5, 5, 15, 15, 25]);
  });
  test("without a saver, a scaffold or one in the collection it says so", async () => {
    const { train } = counting();
    await expect(hooked([new CheckpointSaverHook(tests.dir, { saveSteps: 1 })], train)).rejects.toThrow("No items in collection savers");
  });
});

describe("StepCounterHook", () => {
  test("J14: tells the speed every ten steps, and warns when the step stands still", async () => {
    const { train } = counting();
    const clock = new FakeClock();
    const { writer, summaries } = writerInMemory();
    const { run, session } = await hooked([new StepCounterHook({ everyNSteps: 10, summaryWriter: writer, clock })], train);
    for (let i = 0; i < 30; i++) {
      clock.advance(0.01);
      await run();
    }
    expect(summaries.map(({ step }) => step)).toEqual([11, 21]);
    const [first] = summaries[0]?.values as readonly SummaryValue[];
    expect(first?.tag).toBe("global_step/sec");
    expect(first?.value.kind === "simple" && first.value.value).toBeCloseTo(100, 2);
    session.close();
  });
  test("J14: warns when the step stands still, five times at most", async () => {
    const { step } = counting();
    const nothing = buildGraph(() => tf.add(constant(1), 1));
    const { run, session } = await hooked([new StepCounterHook({ everyNSteps: 1 })], nothing);
    for (let i = 0; i < 9; i++) await run();
    const warnings = tests.log.filter(({ level }) => level === "warn");
    expect(warnings).toHaveLength(5);
    expect(warnings[0]?.text).toContain("has not been increased");
    expect(await globalStep(session, step as Variable)).toBe(0);
    session.close();
  });
  test("J15: by seconds, and under the global step's own name", async () => {
    const step = buildGraph(() => getVariable("bar/foo", { initializer: 0, dtype: "int64", trainable: false, collections: ["variables", "global_step"] }));
    const train = buildGraph(() => step.assignAdd(1));
    const clock = new FakeClock();
    const { writer, summaries } = writerInMemory();
    const { run, session } = await hooked([new StepCounterHook({ everyNSteps: null, everyNSecs: 0.1, summaryWriter: writer, clock })], train);
    for (let i = 0; i < 3; i++) {
      await run();
      clock.advance(0.2);
    }
    expect(summaries.map(({ step: at }) => at)).toEqual([2, 3]);
    expect((summaries[0]?.values as readonly SummaryValue[])[0]?.tag).toBe("bar/foo/sec");
    session.close();
  });
  test("needs exactly one frequency", () => {
    expect(() => new StepCounterHook({ everyNSecs: 1 })).toThrow("exactly one");
    expect(() => new StepCounterHook({ everyNSteps: null })).toThrow("exactly one");
  });
});

describe("SummarySaverHook", () => {
  test("J18: every eight steps from the first one; each summary is computed only then", async () => {
    const { train } = counting();
    let evaluated = 0;
    const [summaryOp] = buildGraph(() => hostCall({ name: "counted", outputs: [{ dtype: "string", shape: [] }], call: () => String(++evaluated) }));
    const { writer, summaries, logs } = writerInMemory();
    const { run, end } = await hooked([new SummarySaverHook({ saveSteps: 8, summaryWriter: writer, summaryOp: summaryOp as tf.Tensor })], train);
    for (let i = 0; i < 30; i++) await run();
    await end();
    expect(summaries.map(({ step, values }) => [step, new TextDecoder().decode(values as Uint8Array)])).toEqual([[1, "1"], [9, "2"], [17, "3"], [25, "4"]]);
    expect(logs).toEqual([{ status: "start", step: 1 }]);
  });
  test("every so many seconds, several summaries at once", async () => {
    const { train } = counting();
    const clock = new FakeClock();
    const { writer, summaries } = writerInMemory();
    const both = buildGraph(() => [constant("a"), constant("b")]);
    const { run, session } = await hooked([new SummarySaverHook({ saveSecs: 2, summaryWriter: writer, summaryOp: both, clock })], train);
    for (let i = 0; i < 4; i++) {
      clock.advance(1);
      await run();
    }
    expect(summaries.map(({ step }) => step)).toEqual([1, 1, 3, 3]);
    session.close();
  });
});

describe("the small ones", () => {
  test("J20: a waiter looks twice a second until the step has come far enough", async () => {
    const { train, step } = counting();
    const clock = new FakeClock();
    const steps = [500, 1100];
    const waiting = { ...clock, nowSeconds: () => 0, sleep: async (seconds: number) => {
      clock.slept.push(seconds);
      session.assignVariable(step as Variable, [steps.shift() ?? 0], []);
    } };
    const { session, run } = await hooked([new GlobalStepWaiterHook(1000, { clock: waiting })], train);
    await run();
    expect(clock.slept).toEqual([0.5, 0.5]);
    session.close();
    const at = counting();
    const none = await hooked([new GlobalStepWaiterHook(0, { clock: waiting })], at.train);
    await none.run();
    expect(clock.slept).toHaveLength(2);
    none.session.close();
  });
  test("J21: final operations are fetched at the end; that the input is exhausted is said and thrown", async () => {
    const { train } = counting();
    const value = buildGraph(() => placeholder<tf.Rank.R0>("float32", { shape: [], name: "x" }));
    const hook = new FinalOpsHook([value], { feeds: [[value, 7]] });
    const { run, end } = await hooked([hook], train);
    await run();
    expect(hook.finalOpsValues).toBeUndefined();
    await end();
    expect(hook.finalOpsValues).toEqual([7]);
    const again = counting();
    const [exhausted] = buildGraph(() => hostCall({
      name: "next", outputs: [{ dtype: "float32", shape: [] }], call: () => {
        throw new OutOfRangeError("no more examples");
      },
    }));
    const late = await hooked([new FinalOpsHook(exhausted)], again.train);
    await expect(late.end()).rejects.toThrow(OutOfRangeError);
    expect(tests.log.filter(({ level }) => level === "warn")).toHaveLength(1);
  });
  test("a feed function feeds each run", async () => {
    const value = buildGraph(() => placeholder<tf.Rank.R0>("float32", { shape: [], name: "x" }));
    let next = 0;
    await MonitoredSession.within({ hooks: [new FeedFnHook(() => [[value, ++next]])] }, async (session) => {
      expect([await session.run(value), await session.run(value)]).toEqual([1, 2]);
    });
  });
  test("J28: NaN is an error or a stop; infinity is neither", async () => {
    const { train } = counting();
    const loss = (value: number) => buildGraph(() => constant(value)) as tf.Tensor;
    const failing = await hooked([new NanTensorHook(loss(Number.NaN))], train);
    await expect(failing.run()).rejects.toThrow(NanLossDuringTrainingError);
    const stopping = await hooked([new NanTensorHook(loss(Number.NaN), { failOnNanLoss: false })], train);
    expect(await stopping.run()).toBe(true);
    const infinite = await hooked([new NanTensorHook(loss(Number.POSITIVE_INFINITY))], train);
    expect(await infinite.run()).toBe(false);
  });
  test("a class of one's own has typed results", async () => {
    const { train } = counting();
    class Doubling extends SessionRunHook<{ readonly step: tf.Tensor<tf.Rank.R0> }> {
      doubled = 0;
      override beforeRun() {
        return { fetches: { step: train } };
      }
      override afterRun(_context: SessionRunContext, { results }: SessionRunValues<{ readonly step: number }>) {
        this.doubled = results.step * 2;
      }
    }
    const hook = new Doubling();
    await MonitoredSession.within({ hooks: [hook] }, (session) => session.run(train));
    expect(hook.doubled).toBe(2);
  });
});

describe("the global step", () => {
  test("GS-1: several in the collection are none, and the log says so", () => {
    buildGraph(() => {
      for (const name of ["a", "b"]) getVariable(name, { initializer: 0, dtype: "int64", trainable: false, collections: ["variables", "global_step"] });
    });
    expect(getGlobalStep()).toBeUndefined();
    expect(tests.log.map(({ level }) => level)).toEqual(["error"]);
  });
  test("J24: must be one whole number", () => {
    buildGraph(() => void getVariable("global_step", { initializer: 1.5 }));
    expect(() => getGlobalStep()).toThrow("does not have integer type");
    resetDefaultGraph();
    buildGraph(() => void getVariable("global_step", { initializer: [1], dtype: "int64" }));
    expect(() => getGlobalStep()).toThrow("is not scalar");
  });
  test("J25: is int64, named global_step:0, and made once", () => {
    const step = buildGraph(() => createGlobalStep());
    expect([step.name, step.declaredDtype, step.shape]).toEqual(["global_step:0", "int64", []]);
    expect(() => buildGraph(() => createGlobalStep())).toThrow("already exists");
  });
});

test("a monitored session leaves the checkpoint and graph.pbtxt of its hook in the folder", async () => {
  const { train } = counting();
  const scaffold = new Scaffold();
  await hooked([new CheckpointSaverHook(tests.dir, { saveSteps: 1, saver: buildGraph(() => new Saver()) })], train).then(({ session }) => session.close());
  expect(scaffold.saver).toBeUndefined();
  expect((await readdir(tests.dir)).filter((name) => !name.startsWith("events"))).toEqual(["checkpoint", "graph.pbtxt", "model.ckpt-0.data-00000-of-00001", "model.ckpt-0.index", "model.ckpt-0.meta"]);
  expect(await latestCheckpoint(tests.dir)).toBe(join(tests.dir, "model.ckpt-0"));
});
