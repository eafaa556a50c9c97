// MonitoredTrainingSession over several lives, against recorded ones of TensorFlow's: calls, log, files, events.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { logging } from "#runtime/training/logging";
import { SecondOrStepTimer } from "#runtime/training/secondOrStepTimer";
import { checkMonitored, type MonitoredCase } from "../../../conformance/monitoredCases";
import { FakeClock } from "../../../support/fakeClock";
import { checkTimer, type TimerCase } from "../../../conformance/timerCases";

function fixture<T>(name: string): T[] {
  const bytes = readFileSync(new URL(`../../../fixtures/sessions/${name}`, import.meta.url));
  return (JSON.parse(String(name.endsWith(".gz") ? gunzipSync(bytes) : bytes)) as { cases: T[] }).cases;
}

beforeAll(async () => {
  logging.setVerbosity("silent");
  await tf.setBackend("cpu");
});

describe("a monitored session does what TensorFlow's did", () => {
  test.each(fixture<MonitoredCase>("monitored.json.gz").map((each) => [each.id, each] as const))("%s", async (_id, each) => {
    await expect(checkMonitored(each)).resolves.toBeUndefined();
  });
});

describe("a timer is due when TensorFlow's was", () => {
  test.each(fixture<TimerCase>("timer.json").map((each, at) => [at, each] as const))("case %i", (_at, each) => {
    expect(() => checkTimer(each)).not.toThrow();
  });
});

test("J01: a timer is due at first, then when its seconds or steps are over, and twice at one step never", () => {
  const clock = new FakeClock(1);
  const bySeconds = new SecondOrStepTimer({ everySecs: 1, clock });
  expect(bySeconds.shouldTriggerForStep(1)).toBe(true);
  bySeconds.updateLastTriggeredStep(1);
  expect([1, 2].map((step) => bySeconds.shouldTriggerForStep(step))).toEqual([false, false]);
  clock.advance(1);
  expect([1, 2].map((step) => bySeconds.shouldTriggerForStep(step))).toEqual([false, true]);
  const bySteps = new SecondOrStepTimer({ everySteps: 3 });
  expect(bySteps.shouldTriggerForStep(1)).toBe(true);
  bySteps.updateLastTriggeredStep(1);
  expect([1, 2, 3, 4].map((step) => bySteps.shouldTriggerForStep(step))).toEqual([false, false, false, true]);
});

test("J01: a timer tells how long and how many steps ago it was triggered, and nothing the first time", () => {
  const timer = new SecondOrStepTimer({ everySecs: 1 });
  expect(timer.updateLastTriggeredStep(1)).toBeUndefined();
  expect(timer.updateLastTriggeredStep(5)?.steps).toBe(4);
  expect(timer.updateLastTriggeredStep(7)?.steps).toBe(2);
});
