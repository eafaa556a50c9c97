// What a graph page hears of its run: over a run's folder on disk, and a list and a reader made for these tests.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deferred } from "#base/deferred";
import { Emitter } from "#base/emitter";
import { RunLife, type LifeParts } from "#extension/panels/graphLife";
import type { LiveRun } from "#extension/runs/runList";
import type { NonFiniteSearch } from "#model/diagnosis";
import { writeRunRecord } from "#node/runRecord";
import type { GraphLife } from "#protocol/graphViewApi";
import { pack } from "#protocol/packed";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
// News are told at most every two seconds; the disk is a real one.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());
const search: NonFiniteSearch = { runs: 3, found: { step: 7, node: "loss/Log", op: "Log", value: range(1), inputs: [], reached: [], moreReached: 0 } };

function range(infinite: number) {
  return { shape: [], elements: 1, nan: 0, infinite };
}

/** One run, in a folder of its own; `brokenTag` has recorded a value that is not finite. */
function partsOf({ training, known = true, brokenTag }: { training: boolean; known?: boolean; brokenTag?: string }) {
  const changed = new Emitter<string | undefined>();
  const nonFinite = new Emitter<string>();
  const series = new Emitter<number>();
  const state = { training, follows: 0, followed: 0 };
  const live = {} as LiveRun;
  const content = {
    revision: 1, tags: ["loss", "bad"].map((tag) => ({ tag, kind: "scalar" as const, plugin: "scalars", points: 1, superseded: 0, nonFinite: tag === brokenTag ? 1 : 0 })), files: 1, records: 1, bytes: 1, graphs: 1, metaGraphs: 0, runMetadata: 0, sessionLogs: 0, damage: [],
  };
  const parts: LifeParts = {
    runs: {
      scanned: true, refresh: () => Promise.resolve(), onDidChange: changed.event, onNonFinite: nonFinite.event,
      live: () => (state.training ? live : undefined),
      get: (dir) => (known ? { name: "run", dir, state: "running", tags: 0, checkpoints: 0, bytes: 0 } : undefined),
    },
    reader: {
      ask: {
        look: () => Promise.resolve({ content }),
        slices: ({ requests }) => Promise.resolve(pack(requests.map(({ tag }) => (tag === "loss" ? { answer: slice(tag) } : { refused: "no such tag" })))),
      },
      follow: () => {
        state.follows++;
        state.followed++;
        return { content: () => Promise.resolve(content), onChanged: series.event, dispose: () => void state.followed-- };
      },
    },
  };
  return { parts, state, changed, nonFinite, series };
}

function slice(tag: string) {
  const y = Float64Array.of(2, 1);
  return { tag, smoothed: { x: y, y }, last: { step: 2, value: 1 }, nonFiniteCount: 0 } as never;
}

async function record(nonFinite?: NonFiniteSearch): Promise<void> {
  await writeRunRecord(temporary.root, { version: 1, script: "/train.ts", args: [], startedSeconds: 1, state: "running", ...(nonFinite && { nonFinite }) });
}

/** Hears what is told, one after the other. */
function listener() {
  const told: GraphLife[] = [];
  let next = deferred<GraphLife>();
  return {
    told, next: () => next.promise, seriesChanged: () => undefined,
    lifeChanged: (life: GraphLife) => {
      told.push(life);
      next.resolve(life);
      next = deferred();
    },
  };
}

test("a graph that belongs to no run has no life, and nothing is read for it", async () => {
  const { parts, state } = partsOf({ training: false, known: false });
  const life = new RunLife(parts, temporary.root, listener());
  expect(await life.now()).toEqual({ running: false });
  expect(await life.badges(["loss"])).toEqual([]);
  expect(state.follows).toBe(0);
});

test("it says that the run trains, which operation broke and which tag is not finite", async () => {
  await record(search);
  const { parts } = partsOf({ training: true, brokenTag: "bad" });
  const life = new RunLife(parts, temporary.root, listener());
  expect(await life.now()).toEqual({ running: true, nonFinite: search, brokenTag: "bad" });
  life.dispose();
});

test("the end of a training is told, and a change that is none is not", async () => {
  await record();
  const { parts, state, changed } = partsOf({ training: true });
  const hears = listener();
  const life = new RunLife(parts, temporary.root, hears);
  await life.now();
  changed.fire(undefined);
  state.training = false;
  const told = hears.next();
  changed.fire(undefined);
  vi.advanceTimersByTime(2000);
  expect(await told).toEqual({ running: false });
  expect(hears.told).toHaveLength(1);
  life.dispose();
});

test("a save is told, so that values are read anew", async () => {
  await record();
  const { parts, changed } = partsOf({ training: true });
  const hears = listener();
  const life = new RunLife(parts, temporary.root, hears);
  expect(await life.now()).toEqual({ running: true });
  const told = hears.next();
  await writeFile(join(temporary.root, "checkpoint"), 'model_checkpoint_path: "model-10"\n');
  changed.fire(temporary.root);
  vi.advanceTimersByTime(2000);
  expect(await told).toEqual({ running: true, savedSeconds: expect.any(Number) as number });
  life.dispose();
});

test("a value that broke is told for this run only", async () => {
  await record();
  const { parts, nonFinite } = partsOf({ training: true });
  const hears = listener();
  const life = new RunLife(parts, temporary.root, hears);
  await life.now();
  await record(search);
  nonFinite.fire("/another/run");
  const told = hears.next();
  nonFinite.fire(temporary.root);
  vi.advanceTimersByTime(2000);
  expect((await told).nonFinite).toEqual(search);
  life.dispose();
});

test("badges come of tags that have points; the run is followed once, until the page goes", async () => {
  await record();
  const { parts, state } = partsOf({ training: true });
  const life = new RunLife(parts, temporary.root, listener());
  expect(await life.badges(["loss", "gone"])).toEqual([{ tag: "loss", y: Float64Array.of(2, 1), last: { step: 2, value: 1 }, broken: false }]);
  await life.badges(["loss"]);
  expect([state.follows, state.followed]).toEqual([1, 1]);
  life.dispose();
  expect(state.followed).toBe(0);
});
