import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunRecord } from "#model/run";
import { readRunRecord, writeRunRecord } from "#node/runRecord";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();

const record: RunRecord = {
  version: 1,
  script: "/t/train.ts",
  args: ["--a", "b c"],
  startedSeconds: 1700000000.25,
  pid: 12,
  backend: { name: "cpu", device: "tfjs-backend-cpu", refused: [{ name: "cuda", reason: "not installed" }] },
  backendAsked: "auto",
  retention: { maxToKeep: 7, keepCheckpointEveryNHours: 0.5 },
  saverBuiltSeconds: 1700000001,
  state: "failed",
  end: { how: "failed", exitCode: 1, error: "NaN", rung: "asked" },
};

test("a record comes back as it was written", async () => {
  await writeRunRecord(temporary.root, record);
  expect(await readRunRecord(temporary.root)).toEqual(record);
});
test("a time that is not finite is left out", async () => {
  await writeRunRecord(temporary.root, { ...record, nextKeepSeconds: Infinity });
  expect(await readRunRecord(temporary.root)).toEqual(record);
});
describe("what is no record of ours reads as none", () => {
  const texts = ["", "{", "null", "[]", '{"version":2}', JSON.stringify({ ...record, state: "dancing" }), JSON.stringify({ ...record, args: [1] })];
  test.each(texts)("%s", async (text) => {
    await writeFile(join(temporary.root, "run.json"), text);
    expect(await readRunRecord(temporary.root)).toBeUndefined();
  });
  test("no file", async () => expect(await readRunRecord(temporary.root)).toBeUndefined());
  test("a file of more than a megabyte", async () => {
    await writeFile(join(temporary.root, "run.json"), JSON.stringify({ ...record, script: "x".repeat(2 ** 20) }));
    expect(await readRunRecord(temporary.root)).toBeUndefined();
  });
});
