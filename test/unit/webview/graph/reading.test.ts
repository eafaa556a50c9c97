// No answer gets lost: whatever a host answers, in any order, the page comes to what is true of the graph it shows.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deferred, type Deferred } from "#base/deferred";
import type { GraphLevel, NodeFacts } from "#model/graph";
import type { GraphAsks, GraphOpened } from "#protocol/graphViewApi";
import { createStore, type Store } from "#kit/store";
import { Reading } from "../../../../webview/graph/reading";
import { initialState, reduce, type GraphState, type Happening } from "../../../../webview/graph/state";
import { generator, level, node, top } from "./made";

interface Asked {
  readonly name: keyof GraphAsks;
  readonly argument: unknown;
  readonly answer: Deferred<unknown>;
}

let asked: Asked[];
let store: Store<GraphState, Happening>;
let reading: Reading;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  asked = [];
  const ask = new Proxy({}, {
    get: (_, name) => (argument: unknown) => {
      const answer = deferred<unknown>();
      asked.push({ name: name as keyof GraphAsks, argument, answer });
      return answer.promise;
    },
  }) as GraphAsks;
  store = createStore(initialState(undefined), reduce, () => undefined);
  reading = new Reading(ask, store);
});
afterEach(() => void vi.useRealTimers());

/** The ask of a name that came at this place among those of its name; the last where left out. */
function the(name: keyof GraphAsks, at = -1): Asked {
  const found = asked.filter((one) => one.name === name).at(at);
  if (!found) throw new Error(`nobody asked for ${name}`);
  return found;
}

const count = (name: keyof GraphAsks): number => asked.filter((one) => one.name === name).length;
/** What follows from an answer has happened. */
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

async function answer(name: keyof GraphAsks, value: unknown, at = -1): Promise<void> {
  the(name, at).answer.resolve(value);
  await settled();
}

async function refuse(name: keyof GraphAsks, at = -1): Promise<void> {
  the(name, at).answer.reject(new Error("the reader ended with code 1"));
  await settled();
}

const openedWith = (root: GraphLevel): GraphOpened => ({ title: "pix2pix-7", level: root, tags: [], life: { running: false } });
const factsOf = (name: string): NodeFacts => ({ name, kind: "scope", ops: 1, variables: 0, parameters: 0, attrs: [], inputs: [], outputs: [], controlInputs: [] });
const tiesOf = (name: string) => ({ name, tags: [], inside: true, variables: [{ name: `${name}/w`, stored: `${name}/w`, shape: [4], elements: 4 }] });
const found = (...names: readonly string[]) => ({ total: names.length, matches: names.map((name) => ({ name, kind: "operation", ops: 1 })), inside: [] });

async function open(root = top): Promise<void> {
  void reading.open();
  await answer("open", openedWith(root));
}

async function search(text: string): Promise<void> {
  store.dispatch({ kind: "searched", text });
  reading.search(text);
  await vi.advanceTimersByTimeAsync(120);
}

async function select(name: string): Promise<void> {
  store.dispatch({ kind: "select", name });
  void reading.selection();
  await answer("node", factsOf(name));
  await answer("ties", tiesOf(name));
}

describe("a search", () => {
  test("asked for its first match before the typing ended is made at once, and once", async () => {
    store.dispatch({ kind: "searched", text: "conv" });
    reading.search("conv");
    const first = reading.firstMatch();
    await answer("search", found("generator/conv"));
    expect(await first).toBe("generator/conv");
    expect(await reading.firstMatch()).toBe("generator/conv");
    await vi.runAllTimersAsync();
    expect(count("search")).toBe(1);
  });
  test("has no first match for whoever has typed on", async () => {
    store.dispatch({ kind: "searched", text: "conv" });
    const first = reading.firstMatch();
    store.dispatch({ kind: "searched", text: "conv2" });
    await answer("search", found("generator/conv"));
    expect(await first).toBeUndefined();
  });
  test("that fails says why, and finds when it is tried again", async () => {
    await open();
    await search("conv");
    await refuse("search");
    expect(store.state.found).toMatchObject({ problem: "the reader ended with code 1", matches: [] });
    reading.search("conv");
    await vi.advanceTimersByTimeAsync(120);
    await answer("search", found("generator/conv"));
    expect(store.state.found).toEqual({ text: "conv", ...found("generator/conv") });
  });
  test("that the graph's reading overtook is made anew, and what came of the old graph is not shown", async () => {
    await open();
    await search("conv");
    await open();
    expect(count("search")).toBe(2);
    await answer("search", found("old/conv"), 0);
    expect(store.state.found).toBeUndefined();
    await answer("search", found("new/conv"), 1);
    expect(store.state.found?.matches.map(({ name }) => name)).toEqual(["new/conv"]);
  });
  test("goes on when the graph could not be read anew", async () => {
    await open();
    await search("conv");
    void reading.open();
    await refuse("open");
    await answer("search", found("generator/conv"));
    expect([store.state.phase, store.state.found?.total]).toEqual(["open", 1]);
  });
  test("whose next matches were asked for twice lists them once", async () => {
    await open();
    await search("conv");
    await answer("search", { ...found("a"), total: 2 });
    void reading.findMore();
    void reading.findMore();
    await answer("search", { ...found("b"), total: 2 }, 1);
    await answer("search", { ...found("b"), total: 2 }, 2);
    expect(store.state.found?.matches.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("a level", () => {
  test("of the graph before does not come into the one that is shown", async () => {
    await open();
    store.dispatch({ kind: "expand", scope: "generator", open: true });
    void reading.levels();
    await open();
    await answer("level", level("generator", [node("generator/old")]), 0);
    await answer("level", generator, 1);
    expect(store.state.levels.get("generator")).toBe(generator);
  });
});

test("of two readings of the graph the later one stands, in whichever order they come", async () => {
  void reading.open();
  void reading.open();
  await answer("open", openedWith(generator), 1);
  await answer("open", openedWith(top), 0);
  expect(store.state.levels.get("")).toBe(generator);
});

describe("the card of a selection", () => {
  test("says why there are no facts", async () => {
    await open();
    store.dispatch({ kind: "select", name: "generator" });
    void reading.selection();
    await refuse("node");
    expect(store.state.factsProblem).toBe("the reader ended with code 1");
  });
  test("gets its values also where the box is opened at once, as by a double click", async () => {
    await open();
    await select("generator");
    void reading.selection();
    await vi.advanceTimersByTimeAsync(250);
    expect(the("values").argument).toEqual({ variables: ["generator/w"] });
  });
  test("gets them when it is shown after it was closed", async () => {
    await open();
    await select("generator");
    store.dispatch({ kind: "panel", panel: "card", open: false });
    await vi.advanceTimersByTimeAsync(250);
    expect(count("values")).toBe(0);
    store.dispatch({ kind: "panel", panel: "card", open: true });
    reading.values();
    await vi.advanceTimersByTimeAsync(250);
    expect(count("values")).toBe(1);
  });
  test("shows the newest values, whenever those before them come", async () => {
    await open();
    await select("generator");
    await vi.advanceTimersByTimeAsync(250);
    reading.values();
    await vi.advanceTimersByTimeAsync(250);
    const of = (prefix: string) => ({ prefix, variables: [], history: [] });
    await answer("values", of("model-20"), 1);
    // The older look was cut short by the newer one.
    await answer("values", undefined, 0);
    expect(store.state.values?.values?.prefix).toBe("model-20");
  });
});

test("a path that cannot be looked for says why, and is looked for again in a graph that is read anew", async () => {
  await open();
  store.dispatch({ kind: "pathSought", search: { from: "batch", to: "generator" } });
  void reading.path("batch", "generator");
  await refuse("path");
  expect(store.state.pathSearch?.answer).toEqual({ found: false, why: "the reader ended with code 1" });
  await open();
  await answer("path", { found: true, reversed: false, control: false, steps: [{ name: "batch/x" }] });
  expect(store.state.path).toEqual(["batch/x"]);
});
