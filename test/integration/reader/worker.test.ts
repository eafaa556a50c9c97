import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { deferred } from "#base/deferred";
import { Reader } from "#extension/reader";
import { startReader, type ReaderClient } from "#host/reader/readerClient";
import { unpack } from "#protocol/packed";
import { appendEvents, firstFile, loss, writeEvents } from "./events";
import { temporaryFolder } from "./temporaryFolder";

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const program = at("test-output/reader-worker/reader.mjs");

beforeAll(async () => {
  await build({ entryPoints: [at("src/reader/main.ts")], outfile: program, bundle: true, platform: "node", format: "esm", target: "node20" });
});

function start(path = program): ReaderClient {
  const client = startReader(path);
  onTestFinished(() => client.dispose());
  return client;
}

test("a worker answers, and tells of a run that it follows", async () => {
  const dir = await temporaryFolder();
  await writeEvents(dir, firstFile, loss(1));
  const { ask, tell, onSeriesChanged } = start();
  const told: number[] = [];
  const changed = new Promise<string>((resolve) => {
    onSeriesChanged((notice) => {
      told.push(notice.revision);
      resolve(notice.dir);
    });
  });
  expect((await ask.open({ dir, follow: true })).tags).toMatchObject([{ tag: "loss", points: 1 }]);
  tell.append({ dir, batches: [{ tag: "loss", steps: Float64Array.of(2), values: Float64Array.of(1), wallTimeSeconds: Float64Array.of(1_700_000_002) }] });
  expect(await changed).toBe(dir);
  await appendEvents(dir, firstFile, loss(2, 1));
  const request = { dir, axis: { kind: "step" }, pixels: 10, smoothing: { weight: 0, timed: false, bridge: false }, log: false, raw: true, clip: true } as const;
  const [cut, none] = unpack(await ask.slices({ requests: [{ ...request, tag: "loss" }, { ...request, tag: "gain" }] }));
  const answer = cut && "answer" in cut ? cut.answer : undefined;
  expect([...(answer?.smoothed.x ?? [])]).toEqual([1, 2]);
  expect(answer?.revision).toBeGreaterThan(0);
  expect(none).toEqual({ refused: "This run has no scalar “gain”." });
});

test("a refusal crosses as the sentence it was", async () => {
  const dir = await temporaryFolder();
  await expect(start().ask.graphLevel({ path: dir, scope: "" })).rejects.toThrow(`There is no graph in ${dir}.`);
});

test("what was asked of a worker that fails is refused", async () => {
  const broken = join(await temporaryFolder(), "broken.mjs");
  await writeFile(broken, 'throw new Error("cannot start");');
  await expect(start(broken).ask.open({ dir: "/", follow: false })).rejects.toThrow("the reader failed: cannot start");
});

test("after a worker failed, the next ask starts another, which follows what the one before it followed", async () => {
  const [dir, place] = [await temporaryFolder(), await temporaryFolder()];
  await writeEvents(dir, firstFile, loss(1));
  const mortal = join(place, "mortal.mjs");
  await writeFile(mortal, `import { parentPort } from "node:worker_threads";
await import(${JSON.stringify(pathToFileURL(program).href)});
parentPort.on("message", ({ argument }) => { if (argument.dir === "/fail") throw new Error("made for the test"); });`);
  const reader = new Reader(mortal);
  onTestFinished(() => reader.dispose());
  const following = reader.follow(dir);
  let changed = deferred<number>();
  following.onChanged((revision) => changed.resolve(revision));
  await following.content();
  const before = await changed.promise;
  changed = deferred();
  await expect(reader.ask.look({ dir: "/fail" })).rejects.toThrow("the reader failed: made for the test");
  await appendEvents(dir, firstFile, loss(2));
  await reader.ask.look({ dir });
  expect(await changed.promise).toBeGreaterThan(before);
  expect((await following.content()).tags).toMatchObject([{ tag: "loss", points: 2 }]);
});

test("a disposed worker closes what is under way", async () => {
  const dir = await temporaryFolder();
  await cp(at("test/fixtures/analysis/runs/supervisor"), dir, { recursive: true });
  const client = start();
  const asked = client.ask.open({ dir, follow: false });
  client.dispose();
  await expect(asked).rejects.toThrow("closed by this side");
});
