// What a run reads like in the explorer, in its tooltip and in the status bar.
import { describe, expect, test } from "vitest";
import { compareRuns, endText, runFacts, runRow, statusText } from "#extension/runs/runRow";
import type { RunInfo } from "#model/run";

const now = 1_700_000_000;
const base: RunInfo = { name: "pix2pix-7", dir: "/runs/pix2pix-7", state: "finished", tags: 3, checkpoints: 2, bytes: 48_400_000 };
const run = (more: Partial<RunInfo>): RunInfo => ({ ...base, ...more });

describe("the row of a run", () => {
  test("tells step, loss and age", () => {
    const training = run({ state: "running", progress: { step: 12_400, loss: { tag: "gen_loss_L1", value: 0.42105 } }, lastWallTimeSeconds: now - 200 });
    expect(runRow(training, now).description).toBe("step 12,400 · loss 0.421 · 3 min ago");
  });
  test("tells the last loss of a run that does not train now", () => {
    expect(runRow(run({ lastStep: 300, loss: { tag: "loss", value: 14.06 }, lastWallTimeSeconds: now - 5 * 3600 }), now).description).toBe("step 300 · loss 14.1 · 5 h ago");
  });
  test.each<[Partial<RunInfo>, string]>([
    [{ state: "running" }, "starting"],
    [{ state: "foreign" }, "nothing recorded"],
    [{ state: "failed", lastStep: 7 }, "failed · step 7"],
    [{ state: "lost" }, "lost"],
    [{ lastStep: 0, lastWallTimeSeconds: now }, "step 0 · just now"],
  ])("%j reads %s", (more, description) => {
    expect(runRow(run(more), now).description).toBe(description);
  });
  test("has a shape of its own for each state, not only a colour", () => {
    const states = ["running", "finished", "stopped", "failed", "killed", "lost", "foreign"] as const;
    expect(new Set(states.map((state) => runRow(run({ state }), now).icon.id)).size).toBe(states.length);
  });
  test("carries tokens that its menu is chosen by", () => {
    expect(runRow(run({ state: "running", checkpoints: 0 }), now).context).toBe("run running own");
    expect(runRow(run({ state: "foreign" }), now).context).toBe("run ended hasCheckpoints");
  });
  test("is read aloud with its state", () => {
    expect(runRow(run({ lastStep: 2, lastWallTimeSeconds: now }), now).spoken).toBe("Run pix2pix-7, finished, step 2, just now");
  });
  test("explains more when pointed at, and leaves out what is not known", () => {
    const facts = runFacts(run({ state: "failed", end: { how: "failed", error: "loss is NaN" }, backend: "wasm" }));
    expect(facts).toEqual([
      ["State", "failed"],
      ["Why", "loss is NaN"],
      ["Backend", "wasm"],
      ["Checkpoints", "2"],
      ["Curves", "3 tags"],
      ["On disk", "48.4 MB"],
      ["Folder", "/runs/pix2pix-7"],
    ]);
  });
});

test("running runs come first, then the newest", () => {
  const runs = [run({ name: "old", lastWallTimeSeconds: 1 }), run({ name: "new", lastWallTimeSeconds: 2 }), run({ name: "live", state: "running" })];
  expect(runs.sort(compareRuns).map(({ name }) => name)).toEqual(["live", "new", "old"]);
});

test.each<[RunInfo["progress"], string]>([
  [undefined, "pix2pix-7 starting"],
  [{ step: 12_400, of: 50_000, secondsLeft: 2280, loss: { tag: "loss", value: 0.421 } }, "pix2pix-7 12,400/50,000 · 0.421 · 38 min"],
  [{ step: 3 }, "pix2pix-7 3"],
])("%j reads %s in the status bar", (progress, text) => {
  expect(statusText({ name: "runs/pix2pix-7", progress })).toBe(text);
});

test("an end is told in one sentence", () => {
  expect(endText("a", { how: "finished", step: 3000 })).toBe("a has finished at step 3,000.");
  expect(endText("a", { how: "failed", error: "out of memory" })).toBe("a failed: out of memory");
  expect(endText("a", { how: "lost", step: 4 })).toBe("a was lost at step 4.");
});
