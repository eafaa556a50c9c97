import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deferred } from "#base/deferred";
import type { Layout, LayoutRequest } from "#analysis/diagram/layout";
import { LayoutClient, type LayoutPort } from "../../../../webview/graph/layoutClient";
import type { LayoutAnswer, LayoutAsk } from "../../../../webview/graph/layoutWorker";

const layout = (width: number): Layout => ({ width, height: 1, nodes: [], edges: [] });
const request = (scope: string): LayoutRequest => ({ levels: [{ scope, nodes: [], edges: [] }] });

/** A worker that answers when the test says so. */
class Port implements LayoutPort {
  onmessage: LayoutPort["onmessage"] = null;
  onerror: LayoutPort["onerror"] = null;
  readonly asked: LayoutAsk[] = [];
  ended = false;

  postMessage(ask: unknown): void {
    this.asked.push(ask as LayoutAsk);
  }

  terminate(): void {
    this.ended = true;
  }

  answer(answer: LayoutAnswer): void {
    this.onmessage?.call(this as unknown as Worker, { data: answer } as MessageEvent<LayoutAnswer>);
  }
}

let ports: Port[];
let drawn: number[];
let failures: string[];
let client: LayoutClient;

beforeEach(() => {
  vi.useFakeTimers();
  [ports, drawn, failures] = [[], [], []];
  client = new LayoutClient(() => {
    const port = new Port();
    ports.push(port);
    return Promise.resolve(port);
  }, { laidOut: ({ width }) => drawn.push(width), failed: (why) => failures.push(why) });
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const port = (at: number): Port => {
  const found = ports[at];
  if (!found) throw new Error(`worker ${at} was not started`);
  return found;
};

test("one worker answers one request after the other", async () => {
  client.ask(request("a"));
  await settled();
  port(0).answer({ id: 1, layout: layout(10) });
  client.ask(request("b"));
  await settled();
  port(0).answer({ id: 2, layout: layout(20) });
  expect([ports.length, drawn]).toEqual([1, [10, 20]]);
});

test("of requests that came while one was laid out only the newest is, and only it is drawn", async () => {
  for (const scope of ["a", "b", "c"]) client.ask(request(scope));
  await settled();
  port(0).answer({ id: 1, layout: layout(10) });
  await settled();
  expect(port(0).asked.map(({ id }) => id)).toEqual([1, 3]);
  port(0).answer({ id: 3, layout: layout(30) });
  expect(drawn).toEqual([30]);
});

test("a layout that goes on 300 ms after a newer request is ended with its worker", async () => {
  client.ask(request("slow"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(port(0).ended).toBe(false);
  client.ask(request("new"));
  await vi.advanceTimersByTimeAsync(299);
  expect(port(0).ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect([port(0).ended, port(1).asked.map(({ id }) => id)]).toEqual([true, [2]]);
  port(1).answer({ id: 2, layout: layout(20) });
  expect(drawn).toEqual([20]);
});

test("what a layout refuses is said, and the next request is answered", async () => {
  client.ask(request("a"));
  await settled();
  port(0).answer({ id: 1, problem: "too much" });
  client.ask(request("b"));
  await settled();
  port(0).answer({ id: 2, layout: layout(20) });
  expect([failures, drawn]).toEqual([["too much"], [20]]);
});

test("a worker that breaks is replaced", async () => {
  client.ask(request("a"));
  await settled();
  port(0).onerror?.call(port(0) as unknown as Worker, { message: "out of memory" } as ErrorEvent);
  client.ask(request("b"));
  await settled();
  expect([failures, port(0).ended, port(1).asked.length]).toEqual([["out of memory"], true, 1]);
});

test("a worker that broke after it was ended takes nothing from the one that came after it", async () => {
  client.ask(request("slow"));
  await settled();
  client.ask(request("new"));
  await vi.advanceTimersByTimeAsync(300);
  port(0).onerror?.call(port(0) as unknown as Worker, { message: "ended" } as ErrorEvent);
  port(0).answer({ id: 1, layout: layout(10) });
  port(1).answer({ id: 2, layout: layout(20) });
  expect([failures, drawn, port(1).ended]).toEqual([[], [20], false]);
});

test("a worker that does not start in time and then fails to does not take the next with it", async () => {
  const late = deferred<LayoutPort>();
  const starts = [late.promise, Promise.resolve(new Port())];
  const told: string[] = [];
  const slow = new LayoutClient(() => starts.shift() ?? Promise.reject(new Error("no more")), { laidOut: () => told.push("drawn"), failed: (why) => told.push(why) });
  slow.ask(request("a"));
  slow.ask(request("b"));
  await vi.advanceTimersByTimeAsync(300);
  late.reject(new Error("not found"));
  await settled();
  expect(told).toEqual([]);
  slow.dispose();
});

test("a drawing that throws does not hold up the next", async () => {
  const throwing = new LayoutClient(() => Promise.resolve(ports[ports.push(new Port()) - 1] ?? new Port()), {
    laidOut: () => {
      throw new Error("cannot be drawn");
    },
    failed: (why) => failures.push(why),
  });
  throwing.ask(request("a"));
  await settled();
  throwing.ask(request("b"));
  expect(() => port(0).answer({ id: 1, layout: layout(10) })).not.toThrow();
  await settled();
  expect(() => port(0).answer({ id: 2, layout: layout(20) })).toThrow("cannot be drawn");
  throwing.ask(request("c"));
  await settled();
  expect(port(0).asked.map(({ id }) => id)).toEqual([1, 2, 3]);
  throwing.dispose();
});
