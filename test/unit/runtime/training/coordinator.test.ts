// Coordinator against recorded behaviour of TF's, and the waits that the recording cannot hold.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AbortedError, OutOfRangeError } from "#runtime/graph/errors";
import { Coordinator, type ErrorClass, type Task } from "#runtime/training/coordinator";
import { deferred } from "#base/deferred";
import { FakeClock } from "../../../support/fakeClock";

class ValueError extends Error {}
class RuntimeError extends Error {}
const classes: Record<string, new (message: string) => Error> = { AbortedError, OutOfRangeError, ValueError, RuntimeError };

interface Op { do: string; error?: string | null; ignore_live_threads?: boolean }
interface Result { value?: boolean; should_stop: boolean; error?: { type: string; message: string } }
interface Case { clean: string[] | null; ops: Op[]; results: Result[] }

const recorded = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/coordinator.json", import.meta.url), "utf8"),
) as { cases: Case[] };

describe("what TF's Coordinator did in the same sequence of calls", () => {
  test.each(recorded.cases.map((each, index) => [index, each] as const))("sequence %i", async (_, { clean, ops, results }) => {
    const cleanStopErrors = clean?.map((name) => classes[name] as ErrorClass);
    const coord = new Coordinator({ ...(cleanStopErrors && { cleanStopErrors }), clock: new FakeClock() });
    const got: Result[] = [];
    for (const [index, op] of ops.entries()) got.push(await perform(coord, op, index));
    expect(got).toEqual(results);
  });
});

async function perform(coord: Coordinator, op: Op, index: number): Promise<Result> {
  const error = op.error ? new (classes[op.error] ?? Error)(`error ${index}`) : undefined;
  try {
    const value = await call(coord, op, error);
    return { ...(typeof value === "boolean" && { value }), should_stop: coord.shouldStop() };
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    const type = Object.entries(classes).find(([, kind]) => thrown instanceof kind)?.[0] ?? thrown.name;
    return { error: { type, message: thrown.message }, should_stop: coord.shouldStop() };
  }
}

function call(coord: Coordinator, op: Op, error: Error | undefined): unknown {
  switch (op.do) {
    case "should_stop": return coord.shouldStop();
    case "request_stop": return coord.requestStop(error);
    case "wait_for_stop": return coord.waitForStop(0);
    case "stop_on_exception": return coord.stopOnException(() => { if (error) throw error; });
    case "joined": return coord.joined;
    case "join": return coord.join({ ignoreLiveTasks: op.ignore_live_threads ?? false });
    case "raise_requested_exception": return coord.raiseRequestedException();
    case "clear_stop": return coord.clearStop();
    default: throw new Error(`the recording has an unknown call: ${op.do}`);
  }
}

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
