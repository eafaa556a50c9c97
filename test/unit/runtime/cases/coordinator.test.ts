// Cases of group F: Coordinator and loopers.
import { expect, test } from "vitest";
import { deferred } from "#base/deferred";
import { Coordinator, Looper, OutOfRangeError, ValueError, type Task } from "#runtime/index";
import { FakeClock } from "../../../support/fakeClock";

const ended = (name: string): Task => ({ name, ended: Promise.resolve() });
const endless = (name: string): Task => ({ name, ended: new Promise(() => undefined) });
const made = (options = {}) => new Coordinator({ clock: new FakeClock(), ...options });

/** A task in which a body runs, what it throws being the coordinator's. */
const task = (coord: Coordinator, body: () => void): Task => ({ name: "task", ended: coord.stopOnException(body) });
const throws = (error: Error) => (): never => { throw error; };

test("F01: a stop is seen by who asks and by who waits", async () => {
  const coord = made();
  expect([coord.shouldStop(), await coord.waitForStop(0.01)]).toEqual([false, false]);
  coord.requestStop();
  expect([coord.shouldStop(), await coord.waitForStop(0.01)]).toEqual([true, true]);
});

test("F02: join waits for the tasks it is given, and asks for no stop", async () => {
  const coord = made();
  const ends = ["t1", "t2", "t3"].map((name) => ({ name, end: deferred<void>() }));
  const joined = coord.join({ tasks: ends.map(({ name, end }) => ({ name, ended: end.promise })) });
  expect(coord.joined).toBe(false);
  for (const { end } of ends) end.resolve();
  await joined;
  expect([coord.joined, coord.shouldStop()]).toEqual([true, false]);
});

test("F03: join of none waits for those that are registered, and for no other", async () => {
  const coord = made();
  const first = deferred<void>();
  coord.registerTask({ name: "first", ended: first.promise });
  coord.registerTask(ended("second"));
  endless("nobody's");
  const joined = coord.join();
  first.resolve();
  await joined;
  expect(coord.joined).toBe(true);
});

test.each([1e-10, 0.002, 1])("F04: with a grace of %f s a task that goes on is an error, unless it is ignored", async (stopGraceSecs) => {
  const coord = made();
  coord.registerTask(ended("short"));
  coord.registerTask(endless("long"));
  coord.requestStop();
  await expect(coord.join({ stopGraceSecs })).rejects.toThrow("threads still running: long");
  coord.registerTask(endless("long"));
  await coord.join({ stopGraceSecs, ignoreLiveTasks: true });
});

test("F05: the first error counts", async () => {
  const coord = made();
  const tasks = [task(coord, throws(new Error("First"))), task(coord, throws(new Error("Too late")))];
  await expect(coord.join({ tasks })).rejects.toThrow("First");
});

test("F06: the end of the data is no error, or instead of it what is said to be none", async () => {
  const coord = made();
  await coord.join({ tasks: [task(coord, throws(new OutOfRangeError("First")))] });
  expect(coord.shouldStop()).toBe(true);
  const other = made({ cleanStopErrors: [ValueError] });
  await other.join({ tasks: [task(other, throws(new ValueError("made for the test")))] });
  const third = made({ cleanStopErrors: [ValueError] });
  await expect(third.join({ tasks: [task(third, throws(new OutOfRangeError("raised")))] })).rejects.toThrow("raised");
});

test("F08: clearing a stop clears its error", async () => {
  const coord = made();
  await expect(coord.join({ tasks: [task(coord, throws(new Error("First")))] })).rejects.toThrow("First");
  coord.clearStop();
  await expect(coord.join({ tasks: [task(coord, throws(new Error("Second")))] })).rejects.toThrow("Second");
});

test("F11: a looper calls until a call asks for the stop", async () => {
  const coord = made();
  let n = 3;
  Looper.loop(coord, {
    intervalSecs: 0,
    clock: new FakeClock(),
    target: () => {
      n -= 1;
      if (n === 0) coord.requestStop();
    },
  });
  await coord.join();
  expect(n).toBe(0);
});
