// Changes on a real disk are noticed without looking all the time.
import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Disposable } from "#base/lifetime";
import { nextGapMs, watchPath, type WatchOptions } from "#node/watch";
import { useTemporary } from "../../support/temporary";

const never = 2 ** 30;
const onlyNotices: WatchOptions = { soonMs: never, seldomMs: never, seldomUnnoticedMs: never };
const temporary = useTemporary();
const open: Disposable[] = [];
afterEach(() => open.splice(0).forEach((watching) => watching.dispose()));

/** Counts looks and lets one wait for them. */
function looks(path: string, options?: WatchOptions): { count: number; next(): Promise<void>; watching: Disposable } {
  let told: (() => void)[] = [];
  const state = {
    count: 0,
    next: () => new Promise<void>((resolve) => void told.push(resolve)),
    watching: watchPath(path, async () => {
      state.count++;
      for (const resolve of told) resolve();
      told = [];
      return false;
    }, options),
  };
  open.push(state.watching);
  return state;
}

describe("notices", () => {
  test("come when a file of the folder grows, without timed looks", async () => {
    const dir = await temporary.folder("run");
    await writeFile(join(dir, "events"), "");
    const seen = looks(dir, onlyNotices);
    const noticed = seen.next();
    await appendFile(join(dir, "events"), "more");
    await noticed;
  });
  test("come when a file is made, and when a watched file grows", async () => {
    const dir = await temporary.folder("run");
    const made = looks(dir, onlyNotices);
    const seen = made.next();
    await writeFile(join(dir, "events"), "");
    await seen;
    const grown = looks(join(dir, "events"), onlyNotices).next();
    await appendFile(join(dir, "events"), "more");
    await grown;
  });
  test("do not come any more after disposal", async () => {
    const dir = await temporary.folder("run");
    const first = looks(dir, onlyNotices);
    first.watching.dispose();
    const second = looks(dir, onlyNotices).next();
    await writeFile(join(dir, "events"), "");
    await second;
    await turn();
    expect(first.count).toBe(0);
  });
});

test("a folder that went and came back is watched again, and what it brought is found", async () => {
  const dir = await temporary.folder("run");
  const seen = looks(dir, { soonMs: 5, seldomMs: 5, seldomUnnoticedMs: 5 });
  await rm(dir, { recursive: true });
  await seen.next();
  await mkdir(dir);
  await seen.next();
  await writeFile(join(dir, "events"), "");
  await seen.next();
});

test("a path that is not there is looked at until it is", async () => {
  const seen = looks(join(temporary.root, "later"), { soonMs: 5 });
  await seen.next();
  await mkdir(join(temporary.root, "later"));
  await seen.next();
});

describe("timed looks", () => {
  const gaps = (noticed: boolean, missed: boolean): number[] => {
    const all = [1000];
    for (let at = 0; at < 7; at++) all.push(nextGapMs(all.at(-1) ?? 0, { found: false, noticed, missed }));
    return all;
  };
  test("are rare after the first where notices come", () => {
    expect(gaps(true, false)).toEqual([1000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
  });
  test("become rare only bit by bit where a notice did not come once", () => {
    expect(gaps(true, true)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });
  test("stay every few seconds where notices do not come", () => {
    for (const missed of [true, false]) expect(gaps(false, missed)).toEqual([1000, 2000, 4000, 5000, 5000, 5000, 5000, 5000]);
  });
  test("come every second again while they find what no notice told of", () => {
    expect(nextGapMs(30_000, { found: true, noticed: true, missed: false })).toBe(1000);
  });
});
