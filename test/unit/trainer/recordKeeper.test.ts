import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunRecord } from "#model/run";
import { readRunRecord } from "#node/runRecord";
import { RecordKeeper } from "#trainer/recordKeeper";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
const record: RunRecord = { version: 1, script: "/s.ts", args: [], startedSeconds: 1, state: "running" };

test("many changes at once end with the newest on disk", async () => {
  const keeper = new RecordKeeper(temporary.root, record, () => undefined);
  await Promise.all(Array.from({ length: 50 }, (_, pid) => keeper.change({ pid })));
  expect(await readRunRecord(temporary.root)).toEqual({ ...record, pid: 49 });
  await keeper.change({ state: "finished" });
  expect(await readRunRecord(temporary.root)).toMatchObject({ pid: 49, state: "finished" });
});

test("a disk that refuses is complained of once and disturbs nobody, and a later change is written", async () => {
  const dir = await temporary.folder("run");
  const complaints: string[] = [];
  const keeper = new RecordKeeper(dir, record, (text) => complaints.push(text));
  await rm(dir, { recursive: true });
  await keeper.change({ pid: 1 });
  await keeper.change({ pid: 2 });
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toMatch(/run\.json could not be written, training goes on: ENOENT/);
  await temporary.folder("run");
  await keeper.change({ pid: 3 });
  expect(await readRunRecord(join(dir))).toMatchObject({ pid: 3 });
});
