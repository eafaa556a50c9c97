// run.json stays small however often and under whatever names a run saves.
import { expect, test } from "vitest";
import { rememberSave } from "#analysis/checkpoints/rememberSaves";
import type { RecordedSave } from "#model/run";
import { printRunRecord } from "#protocol/runRecord";

function afterSaves(count: number, name: (step: number) => string): RecordedSave[] {
  let saves: RecordedSave[] = [];
  for (let step = 1; step <= count; step++) saves = rememberSave(saves, { prefix: name(step), step, seconds: 1_700_000_000.123 + step });
  return saves;
}

const printed = (saves: readonly RecordedSave[]): number => printRunRecord({ saves } as Parameters<typeof printRunRecord>[0]).length;

test.each([["short", (step: number) => `model-${step}`], ["long", (step: number) => `${"checkpoints/".repeat(40)}model-${step}`]] as const)(
  "of a thousand saves with %s names the newest stay, in order and within 72 KiB",
  (_, name) => {
    const saves = afterSaves(1000, name);
    expect(printed(saves)).toBeLessThan(72 * 1024);
    expect(saves.length).toBeGreaterThan(100);
    expect(saves.map(({ step }) => step)).toEqual(Array.from({ length: saves.length }, (_, at) => 1000 - saves.length + 1 + at));
  },
);

test("a prefix that is saved again stands once, at its newest time, and a single save always stays", () => {
  expect(rememberSave(afterSaves(3, (step) => `model-${step}`), { prefix: "model-2", seconds: 9 }).map(({ prefix }) => prefix)).toEqual(["model-1", "model-3", "model-2"]);
  expect(rememberSave([], { prefix: "m".repeat(100_000), seconds: 1 })).toHaveLength(1);
});
