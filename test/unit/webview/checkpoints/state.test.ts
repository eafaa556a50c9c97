import { describe, expect, test } from "vitest";
import type { PrunePlan } from "#model/checkpoint";
import { initialState, isMetricComing, promisedPlan, reduce, tickedPlan, type CheckpointsState, type Happening } from "../../../../webview/checkpoints/state";
import { checkpoint, fits, snapshot } from "./made";

const after = (...happenings: readonly Happening[]): CheckpointsState => happenings.reduce(reduce, initialState(undefined));
const opened: Happening = { kind: "opened", snapshot: snapshot() };
const policy = { maxToKeep: 3, keepCheckpointEveryNHours: 0.5 };
const plan: PrunePlan = {
  deletes: [{ prefix: "model-11500", step: 11_500, files: [], bytes: 48e6, reason: "old" }, { prefix: "model-9000", step: 9000, files: [], bytes: 2e6, reason: "older" }],
  keeps: [{ prefix: "model-12000", reason: "Newest" }], bytes: 50e6,
};
const pruning: Happening = { kind: "sheetOpened", sheet: { kind: "prune", unticked: [], busy: false } };

describe("opening", () => {
  test("selects the newest, and keeps what the person had selected", () => {
    expect(after(opened).selected).toBe("model-12000");
    expect(after(opened, { kind: "selected", prefix: "model-11500" }, opened).selected).toBe("model-11500");
  });
  test("selects the newest when the selected one is gone", () => {
    expect(after(opened, { kind: "selected", prefix: "model-1" }, opened).selected).toBe("model-12000");
  });
  test("the next older one takes the place of the selected one that was deleted, the next newer that of the oldest", () => {
    const rows = [3, 2, 1].map((step) => checkpoint(step));
    const without = (gone: string): Happening => ({ kind: "opened", snapshot: snapshot({ checkpoints: rows.filter(({ prefix }) => prefix !== gone) }) });
    const selected = (prefix: string): string | undefined => after(without(""), { kind: "selected", prefix }, without(prefix)).selected;
    expect(["model-3", "model-2", "model-1"].map(selected)).toEqual(["model-2", "model-1", "model-2"]);
  });
  test("an answer for a policy that is no longer tried out is dropped", () => {
    const trying = after(opened, { kind: "simulate", policy });
    const late = reduce(trying, { kind: "opened", snapshot: snapshot({ checkpoints: [] }) });
    expect(late.snapshot?.checkpoints).toHaveLength(2);
    expect(reduce(trying, { kind: "opened", snapshot: snapshot({ checkpoints: [] }), policy }).snapshot?.checkpoints).toEqual([]);
  });
  test("the written policy stays known while another is tried out", () => {
    const trying = after(opened, { kind: "simulate", policy }, { kind: "opened", snapshot: snapshot({ policy: { ...policy, source: "asked" } }), policy });
    expect(trying.written?.policy.maxToKeep).toBe(7);
  });
  test("a failed refresh leaves the rows and says so", () => {
    const state = after(opened, { kind: "openFailed", why: "gone" });
    expect([state.phase, state.problem, state.snapshot?.checkpoints.length]).toEqual(["open", "gone", 2]);
  });
});

describe("files come before the metric", () => {
  const files: Happening = { ...opened, filesOnly: true };

  test("room is kept for the metric until it comes", () => {
    expect(isMetricComing(after(files))).toBe(true);
    expect(after(files, { kind: "waited", how: "slow" }).metricWait).toBe("slow");
    expect(isMetricComing(after(files, { kind: "waited", how: "slow" }, opened))).toBe(false);
  });
  test("a wait that was given up takes no room, and a wait that is over is not taken up again", () => {
    expect(isMetricComing(after(files, { kind: "waited", how: "givenUp" }))).toBe(false);
    expect(after(files, opened, { kind: "waited", how: "slow" }).metricWait).toBeUndefined();
  });
  test("what was known to be slow before the files came stays so", () => {
    expect(after({ kind: "waited", how: "slow" }, files).metricWait).toBe("slow");
  });
});

describe("the restore sheet", () => {
  const sheet: Happening = { kind: "sheetOpened", sheet: { kind: "restore", prefix: "model-12000", choice: {}, busy: false } };

  test("selects its checkpoint and takes the preflight of no other", () => {
    const state = after(opened, { kind: "selected", prefix: "model-11500" }, sheet, { kind: "preflightCame", prefix: "model-11500", preflight: fits });
    expect([state.selected, state.sheet?.kind === "restore" && state.sheet.preflight]).toEqual(["model-12000", undefined]);
  });
  test("says when its checkpoint vanished meanwhile", () => {
    const state = after(opened, sheet, { kind: "opened", afterRestore: "model-12000", snapshot: snapshot({ checkpoints: [checkpoint(11_500)] }) });
    expect(state.sheet?.problem).toBe("This checkpoint is gone.");
  });
  test("a failure frees the buttons again", () => {
    const state = after(opened, sheet, { kind: "sheetBusy" }, { kind: "sheetFailed", why: "The trainer did not answer." });
    expect([state.sheet?.busy, state.sheet?.problem]).toEqual([false, "The trainer did not answer."]);
  });
});

describe("the prune sheet", () => {
  test("carries out what is ticked, with the sum of that", () => {
    const state = after(opened, pruning, { kind: "planCame", plan }, { kind: "ticked", prefixes: ["model-9000"], ticked: false });
    const ticked = state.sheet?.kind === "prune" ? tickedPlan(state.sheet) : undefined;
    expect(ticked?.deletes.map(({ prefix }) => prefix)).toEqual(["model-11500"]);
    expect(ticked?.bytes).toBe(48e6);
    expect(ticked?.keeps).toContainEqual({ prefix: "model-9000", reason: "Left out by you" });
  });
  test("a tick can be set again", () => {
    const state = after(opened, pruning, { kind: "planCame", plan }, { kind: "ticked", prefixes: ["model-9000"], ticked: false }, { kind: "ticked", prefixes: ["model-9000"], ticked: true });
    expect(state.sheet?.kind === "prune" ? tickedPlan(state.sheet) : undefined).toEqual(plan);
  });
  test("the best one is left out unless it is ticked, but not where it was chosen by hand", () => {
    const known: Happening = { kind: "opened", snapshot: snapshot({ checkpoints: [checkpoint(12_000), checkpoint(11_500, { best: true })] }) };
    const sheetOf = (sheet: Happening) => after(known, sheet, { kind: "planCame", plan }).sheet;
    expect(sheetOf(pruning)).toMatchObject({ leftOut: "model-11500", unticked: ["model-11500"] });
    const best = sheetOf(pruning);
    const rule = { maxToKeep: 3, keepCheckpointEveryNHours: 2 };
    if (best?.kind !== "prune") throw new Error("the sheet is gone");
    expect(promisedPlan(best, rule)?.beside).toEqual({ protect: { prefix: "model-11500", note: "best so far" } });
    expect(promisedPlan({ ...best, write: true, unticked: [] }, rule)?.beside).toEqual({ policy: rule });
    expect(promisedPlan({ ...best, unticked: [] }, undefined)?.beside).toBeUndefined();
    expect(sheetOf({ kind: "sheetOpened", sheet: { kind: "prune", only: "model-11500", unticked: [], busy: false } })).toMatchObject({ unticked: [] });
  });
  test("a plan is out of date when the run saved or lost a checkpoint", () => {
    const known = snapshot({ checkpoints: [checkpoint(12_000), checkpoint(11_500), checkpoint(9000)] });
    const planned = after({ kind: "opened", snapshot: known }, pruning, { kind: "planCame", plan });
    const problem = (checkpoints: typeof known.checkpoints) => reduce(planned, { kind: "opened", snapshot: { ...known, checkpoints } }).sheet?.problem;
    expect(problem(known.checkpoints)).toBeUndefined();
    expect(problem([checkpoint(12_500), ...known.checkpoints])).toBe("The run saved step 12,500 meanwhile.");
    expect(problem(known.checkpoints.slice(0, 2))).toBe("A checkpoint of this plan is gone.");
  });
  test("a new save does not make a person's own choice out of date", () => {
    const chosen: Happening = { kind: "sheetOpened", sheet: { kind: "prune", only: "model-11500", unticked: [], busy: false } };
    const planned = after(opened, chosen, { kind: "planCame", plan: { ...plan, deletes: plan.deletes.slice(0, 1) } });
    const saved = reduce(planned, { kind: "opened", snapshot: snapshot({ checkpoints: [checkpoint(12_500), checkpoint(12_000), checkpoint(11_500)] }) });
    expect(saved.sheet?.problem).toBeUndefined();
    expect(reduce(saved, { kind: "opened", snapshot: snapshot({ checkpoints: [checkpoint(12_500)] }) }).sheet?.problem).toBe("A checkpoint of this plan is gone.");
  });
  test("a plan being carried out is not called out of date by its own effect", () => {
    const moving = after(opened, pruning, { kind: "planCame", plan }, { kind: "sheetBusy" }, { kind: "opened", snapshot: snapshot({ checkpoints: [] }) });
    expect(moving.sheet?.problem).toBeUndefined();
  });
});

test("a late answer about another checkpoint changes nothing", () => {
  const content = { kind: "checkpoint", format: "V2", shards: 1, bytes: 1, endianness: "little", variables: [], problems: [] } as const;
  const state = after(opened, { kind: "inspecting", prefix: "model-11500", verify: false }, { kind: "inspected", prefix: "model-12000", content });
  expect(state.details).toEqual({ prefix: "model-11500", content: undefined, verifying: false });
});

test("verifying keeps the variables on screen", () => {
  const content = { kind: "checkpoint", format: "V2", shards: 1, bytes: 1, endianness: "little", variables: [], problems: [] } as const;
  const state = after(
    opened, { kind: "inspecting", prefix: "model-12000", verify: false }, { kind: "inspected", prefix: "model-12000", content }, { kind: "inspecting", prefix: "model-12000", verify: true },
  );
  expect([state.details?.content, state.details?.verifying]).toEqual([content, true]);
});
