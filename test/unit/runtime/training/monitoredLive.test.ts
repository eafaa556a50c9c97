// What others may ask of a monitored session between two runs: stop, save, look, restore; and what observers are told.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { readRunFile } from "../../../conformance/runFile";
import {
  AbortedError, currentTraining, latestCheckpoint, MonitoredTrainingSession, observeTraining, preflightNow, restoreAtStart, restoreNow, saveNow,
  StopAtStepHook, type Hook, type MonitoredSession, type MonitoredTrainingSessionOptions,
} from "#runtime/index";
import { counting, useMonitored } from "../../../support/monitored";

const tests = useMonitored();

function train(body: (session: MonitoredSession, step: () => Promise<number>) => Promise<void>, options: MonitoredTrainingSessionOptions = {}) {
  const program = counting();
  return MonitoredTrainingSession({ checkpointDir: tests.dir, ...options }, (session) => body(session, () => session.run(program.train)));
}

/** Steps until the answer is there: what is asked is carried out between two runs. */
async function stepUntil<T>(asked: Promise<T>, step: () => Promise<number>): Promise<T> {
  let settled = false;
  const watched = asked.finally(() => (settled = true));
  watched.catch(() => undefined);
  while (!settled) {
    await step();
    await turn();
  }
  return watched;
}

const indexes = async () => (await readdir(tests.dir)).filter((name) => name.endsWith(".index")).map((name) => name.slice(0, -".index".length)).sort();

test("a stop from outside is seen by the loop, and the last step is saved once", async () => {
  let last = 0;
  await train(async (session, step) => {
    while (!session.shouldStop()) {
      last = await step();
      if (last === 7) currentTraining()?.requestStop();
    }
  });
  expect(last).toBe(7);
  expect(currentTraining()).toBeUndefined();
  expect(await indexes()).toEqual(["model.ckpt-0", "model.ckpt-7"]);
});

test("a stop is answered with a save even where no hook saves", async () => {
  await train(async (session, step) => {
    while (!session.shouldStop()) if ((await step()) === 3) currentTraining()?.requestStop();
  }, { saveCheckpointSecs: 0 });
  expect(await indexes()).toEqual(["model.ckpt-3"]);
});

test("saving now waits for the end of the run with all its hooks", async () => {
  const order: string[] = [];
  const hook: Hook = { beforeRun: () => void order.push("before"), afterRun: () => void order.push("after") };
  await train(async (_session, step) => {
    await step();
    const asked = saveNow().then((saved) => {
      order.push("saved");
      return saved;
    });
    const { step: saved, prefix } = await stepUntil(asked, step);
    expect(prefix).toBe(join(tests.dir, `model.ckpt-${saved}`));
  }, { hooks: [hook] });
  const at = order.indexOf("saved");
  expect(order.slice(0, at).filter((each) => each === "before").length).toBe(order.slice(0, at).filter((each) => each === "after").length);
});

test("a restore from outside goes on from the restored step, and hooks count on from there", async () => {
  await train(async (_session, step) => {
    while ((await step()) < 20);
    expect((await stepUntil(preflightNow("model.ckpt-10"), step)).fits).toBe(true);
    const result = await stepUntil(restoreNow("model.ckpt-10"), step);
    expect(result).toMatchObject({ step: 10, variables: 1 });
    let at = 0;
    while ((at = await step()) < 16);
    expect(at).toBe(16);
  }, { saveCheckpointSteps: 5, saveSummariesSteps: 5 });
  // 15 is saved again on the way: the timer of the hook went back with the step.
  expect(await latestCheckpoint(tests.dir)).toBe(join(tests.dir, "model.ckpt-16"));
  const [file] = (await readdir(tests.dir)).filter((name) => name.startsWith("events"));
  const starts = (await readRunFile(join(tests.dir, file ?? ""))).sessions.filter(({ status }) => status === 1);
  expect(starts.map(({ step }) => step)).toEqual([1, 10]);
});

test("a checkpoint to start from is restored before the hooks hear of the session", async () => {
  await train(async (_session, step) => {
    while ((await step()) < 4);
  }, { saveCheckpointSteps: 2 });
  restoreAtStart(join(tests.dir, "model.ckpt-2"));
  await train(async (session, step) => {
    expect(await step()).toBe(3);
    while (!session.shouldStop()) await step();
    expect(await latestCheckpoint(tests.dir)).toBe(join(tests.dir, "model.ckpt-2"));
  }, { hooks: [new StopAtStepHook({ numSteps: 3 })] });
  expect(await latestCheckpoint(tests.dir)).toBe(join(tests.dir, "model.ckpt-5"));
});

test("what is asked while a lost session is made again waits for the new one", async () => {
  let lost = false;
  let asked: Promise<{ step: number }> | undefined;
  const losing: Hook = {
    beforeRun: () => {
      if (lost) return;
      lost = true;
      asked = saveNow();
      throw new AbortedError("lost");
    },
  };
  await train(async (_session, step) => {
    expect(await step()).toBe(1);
    expect((await stepUntil(asked ?? Promise.reject(new Error("nothing was asked")), step)).step).toBe(1);
  }, { hooks: [losing] });
});

test("observers are told of the session once, of steps, of saves, and where training will end", async () => {
  const told: string[] = [];
  const watching = observeTraining({
    sessionStarted: ({ step }) => told.push(`started ${step}`),
    lastStepPlanned: (step) => told.push(`until ${step}`),
    checkpointSaved: ({ step }) => told.push(`saved ${step}`),
    stepDone: (step) => told.push(`step ${step}`),
  });
  await train(async (session, step) => {
    while (!session.shouldStop()) await step();
  }, { hooks: [new StopAtStepHook({ lastStep: 5 })] });
  watching.dispose();
  expect(told.filter((each) => !each.startsWith("step "))).toEqual(["started 0", "saved 0", "until 5", "saved 5"]);
  // Steps are told as often as they may be asked for, so before or after the last save.
  expect(told.filter((each) => each.startsWith("step ")).at(-1)).toBe("step 5");
});
