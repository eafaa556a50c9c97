import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { deferred } from "#base/deferred";
import { RunReader } from "#host/reader/runReader";
import { appendEvents, bytesOf, event, firstFile, loss, secondFile, writeEvents } from "./events";
import { temporaryFolder } from "./temporaryFolder";

function readerOf(dir: string, changed: (revision: number) => void = () => undefined): RunReader {
  const reader = new RunReader(dir, changed);
  onTestFinished(() => reader.dispose());
  return reader;
}

async function read(dir: string): Promise<RunReader> {
  const reader = readerOf(dir);
  await reader.refresh();
  return reader;
}

const steps = (reader: RunReader): number[] => [...(reader.events.tag("loss")?.series.steps ?? [])];

describe("reading", () => {
  test("tells tags, counts and the last step of all files of a folder in the order of their names", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, secondFile, loss(3), loss(4));
    await writeEvents(dir, firstFile, loss(1), loss(2), event(0, { kind: "sessionLog", status: "start", checkpointPath: "", message: "" }));
    const content = (await read(dir)).content();
    expect(content).toMatchObject({ files: 2, records: 7, sessionLogs: 1, graphs: 0, lastStep: 4, lastWallTimeSeconds: 1_700_000_004, damage: [] });
    expect(content.tags).toMatchObject([{ tag: "loss", plugin: "scalars", kind: "scalar", points: 4, superseded: 0, nonFinite: 0 }]);
  });

  test("a file alone is a run of one file", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1));
    expect((await read(join(dir, firstFile))).content()).toMatchObject({ files: 1, records: 2 });
  });

  test("a START at step 0 in a later file supersedes nothing, one beyond does for all tags", async () => {
    const dir = await temporaryFolder();
    const start = (step: number) => event(step, { kind: "sessionLog", status: "start", checkpointPath: "", message: "" });
    await writeEvents(dir, firstFile, start(2), loss(1), loss(2), loss(3));
    await writeEvents(dir, secondFile, start(0), loss(4), start(3));
    expect((await read(dir)).content().tags).toMatchObject([{ points: 2, superseded: 2 }]);
  });

  test("a tag keeps the kind of its first value, whatever comes later", async () => {
    const dir = await temporaryFolder();
    const image = { kind: "image", height: 1, width: 1, colorspace: 3, encoded: new Uint8Array(1) } as const;
    await writeEvents(dir, firstFile, loss(1), event(2, { kind: "summary", values: [{ tag: "loss", value: image }] }));
    expect((await read(dir)).content().tags).toMatchObject([{ kind: "scalar", points: 1 }]);
  });

  test("a damaged record is named and the rest is read", async () => {
    const dir = await temporaryFolder();
    const [before, bad, after] = [bytesOf(loss(1)), bytesOf(loss(2)), bytesOf(loss(3))];
    const damagedLength = bad.map((byte, at) => (at === 1 ? byte ^ 4 : byte));
    await writeFile(join(dir, firstFile), Buffer.concat([before, damagedLength, after]));
    const reader = await read(dir);
    expect(reader.content().damage).toEqual([{ file: firstFile, offset: before.length, reason: "badLengthCrc", afterStep: 1 }]);
    expect(steps(reader)).toEqual([1, 3]);
  });

  test("damage with nothing sound behind it is named too", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, firstFile), Buffer.concat([bytesOf(loss(1)), Buffer.alloc(100, 7)]));
    expect((await read(dir)).content().damage).toMatchObject([{ reason: "badLengthCrc" }]);
  });

  test("a folder that is not there is refused, an empty one is an empty run", async () => {
    const dir = await temporaryFolder();
    expect((await read(dir)).content()).toMatchObject({ files: 0, tags: [] });
    await expect(read(join(dir, "nowhere"))).rejects.toThrow("ENOENT");
  });
});

describe("a run that grows", () => {
  test("is read on from the byte where the last reading ended, wherever that was", async () => {
    const dir = await temporaryFolder();
    const bytes = bytesOf(loss(1), loss(2));
    await writeFile(join(dir, firstFile), "");
    const reader = await read(dir);
    for (const byte of bytes) {
      await appendFile(join(dir, firstFile), Buffer.of(byte));
      await reader.refresh();
    }
    expect(steps(reader)).toEqual([1, 2]);
    expect(reader.content()).toMatchObject({ records: 2, bytes: bytes.length, damage: [] });
  });

  test("is told of while it is followed", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1));
    const grown = deferred<void>();
    const reader = readerOf(dir, () => {
      if (steps(reader).length === 3) grown.resolve();
    });
    reader.follow();
    await reader.refresh();
    await appendEvents(dir, firstFile, loss(2));
    await writeEvents(dir, secondFile, loss(3));
    await grown.promise;
    expect(steps(reader)).toEqual([1, 2, 3]);
  });

  test("into a new file behind the others goes on without reading those again", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1));
    const reader = await read(dir);
    await writeEvents(dir, secondFile, loss(2));
    await reader.refresh();
    expect(reader.content()).toMatchObject({ files: 2, records: 4 });
  });
});

describe("a run that changes under us holds what a fresh reading finds", () => {
  test("when a file shrinks", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1), loss(2), loss(3));
    const reader = await read(dir);
    await writeFile(join(dir, firstFile), bytesOf(loss(7)));
    await untilRead(reader, [7]);
    expect(reader.content()).toMatchObject({ records: 1 });
  });

  test("when an earlier file grows behind a later one", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1));
    await writeEvents(dir, secondFile, loss(5));
    const reader = await read(dir);
    await appendEvents(dir, firstFile, loss(2));
    await untilRead(reader, [1, 2, 5]);
    expect(reader.content().tags).toMatchObject([{ points: 3, superseded: 0 }]);
  });

  test("when one of several files is deleted", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1));
    await writeEvents(dir, secondFile, loss(5));
    const reader = await read(dir);
    await rm(join(dir, firstFile));
    await untilRead(reader, [5]);
    expect(reader.content()).toMatchObject({ files: 1, records: 2 });
  });

  test("but keeps what it has when all files are gone", async () => {
    const dir = await temporaryFolder();
    await writeEvents(dir, firstFile, loss(1));
    const reader = await read(dir);
    await rm(join(dir, firstFile));
    await reader.refresh();
    expect(steps(reader)).toEqual([1]);
  });
});

test("told points stand ahead of the file and count once", async () => {
  const dir = await temporaryFolder();
  await writeEvents(dir, firstFile, loss(1));
  const reader = await read(dir);
  const batch = { tag: "loss", steps: Float64Array.of(2, 3), values: Float64Array.of(0.2, 0.3), wallTimeSeconds: Float64Array.of(1_700_000_002, 1_700_000_003) };
  reader.append([batch]);
  expect(reader.content()).toMatchObject({ lastStep: 3, tags: [{ points: 3 }] });
  await appendEvents(dir, firstFile, loss(2));
  await reader.refresh();
  expect(steps(reader)).toEqual([1, 2, 3]);
});

test("told points of a tag that no file has yet are shown, and go over to the file's tag", async () => {
  const dir = await temporaryFolder();
  const reader = await read(dir);
  reader.append([{ tag: "loss", steps: Float64Array.of(1), values: Float64Array.of(0.1), wallTimeSeconds: Float64Array.of(1_700_000_001) }]);
  expect(reader.content().tags).toMatchObject([{ tag: "loss", kind: "scalar", points: 1 }]);
  await writeEvents(dir, firstFile, loss(1), loss(2));
  await reader.refresh();
  expect(steps(reader)).toEqual([1, 2]);
});

/** Reading all over again is rationed, so it may take another look. */
async function untilRead(reader: RunReader, wanted: readonly number[]): Promise<void> {
  while (steps(reader).join() !== wanted.join()) await reader.refresh();
}
