import { afterEach, beforeEach, expect, test, vi } from "vitest";
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
