// Coordinator against recorded behaviour of TF's, and the waits that the recording cannot hold.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Coordinator, type Task } from "#runtime/training/coordinator";
import { deferred } from "#base/deferred";
import { checkCoordinator, type CoordinatorCase } from "../../../conformance/coordinatorCases";
import { FakeClock } from "../../../support/fakeClock";

const recorded = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/coordinator.json", import.meta.url), "utf8"),
) as { cases: CoordinatorCase[] };

describe("what TF's Coordinator did in the same sequence of calls", () => {
  test.each(recorded.cases.map((each, index) => [index, each] as const))("sequence %i", async (_, each) => {
    await expect(checkCoordinator(each)).resolves.toBeUndefined();
  });
});

const endless = (name: string): Task => ({ name, ended: new Promise(() => undefined) });

test("join returns without a stop request once all tasks have ended", async () => {
  const coord = new Coordinator({ clock: new FakeClock() });
  const end = deferred<void>();
  coord.registerTask({ name: "reader", ended: end.promise });
  const joined = coord.join();
  end.resolve();
  await joined;
  expect(coord.shouldStop()).toBe(false);
});

test("a task that fails counts as ended", async () => {
  const coord = new Coordinator({ clock: new FakeClock() });
  await coord.join({ tasks: [{ name: "reader", ended: Promise.reject(new Error("gone")) }] });
  expect(coord.joined).toBe(true);
});

test("join names the tasks that outlive the grace period", async () => {
  const clock = new FakeClock(0);
  const coord = new Coordinator({ clock });
  coord.registerTask(endless("reader"));
  coord.requestStop();
  await expect(coord.join({ tasks: [endless("writer")], stopGraceSecs: 7 })).rejects.toThrow("threads still running: reader writer");
  expect(clock.nowSeconds()).toBe(7);
});

test("join leaves tasks running when told to ignore them, and forgets them", async () => {
  const coord = new Coordinator({ clock: new FakeClock() });
  coord.registerTask(endless("reader"));
  coord.requestStop();
  await coord.join({ stopGraceSecs: 1e-10, ignoreLiveTasks: true });
  await coord.join();
  expect(coord.joined).toBe(true);
});

test("the stored error comes before a complaint about running tasks", async () => {
  const coord = new Coordinator({ clock: new FakeClock() });
  coord.registerTask(endless("reader"));
  coord.requestStop(new RangeError("first"));
  await expect(coord.join({ stopGraceSecs: 1 })).rejects.toThrow("first");
});

test("waiting for a stop ends as soon as it is requested, long before the timeout", async () => {
  const coord = new Coordinator();
  const waiting = coord.waitForStop(3600);
  coord.requestStop();
  expect(await waiting).toBe(true);
});

test("a stop after clearStop is a new one", async () => {
  const coord = new Coordinator();
  coord.requestStop();
  coord.clearStop();
  const waiting = coord.waitForStop(3600);
  coord.requestStop();
  expect(await waiting).toBe(true);
});
