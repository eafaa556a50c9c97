import { expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { branchName, isStrict, restoreButton, restoreWords, stageWords, whyNoFit } from "../../../../webview/checkpoints/restoreWords";
import { checkpoint, fits, snapshot } from "./made";

const numbers = numbersFor("en", "UTC");
const finished = snapshot({ run: { ...snapshot().run, state: "finished", progress: undefined } });
const wish = { checkpoint: checkpoint(8000), preflight: fits, sheet: {}, numbers };

test("into a running training: the save, what goes with it, what is set, where it goes on", () => {
  expect(restoreWords(snapshot(), wish)).toBe(
    "Training pauses between two steps, step 12,400 is saved (48.4 MB; step 11,500 goes with that save, as the rule says), then 97 of 97 variables are set from step 8,000, and training goes on at step 8,000.",
  );
  expect(restoreButton(snapshot(), wish)).toBe("Save step 12,400 and restore 8,000");
});

test("without a word about what goes when nothing goes", () => {
  expect(restoreWords(snapshot({ forecast: [] }), wish)).toContain("step 12,400 is saved (48.4 MB), then");
});

test("what is not set keeps its present value", () => {
  const misfit = { ...fits, program: 99 };
  expect(restoreWords(finished, { ...wish, preflight: misfit })).toBe("97 of 99 variables are set from step 8,000, 2 keep their present value, and training goes on at step 8,000.");
  expect(restoreWords(finished, { ...wish, preflight: { ...fits, program: 98 } })).toContain("1 keeps its present value");
});

test("into a finished run there is nothing to save", () => {
  expect(restoreWords(finished, wish)).toBe("97 of 97 variables are set from step 8,000, and training goes on at step 8,000.");
  expect(restoreButton(finished, wish)).toBe("Restore step 8,000");
});

test("a branch names the new run and leaves the old one alone, even while that trains", () => {
  const branch = { ...wish, sheet: { branch: " pix2pix-8 " } };
  expect(restoreWords(snapshot(), branch)).toBe("A new run pix2pix-8 starts from step 8,000 with 97 of 97 variables set. pix2pix-7 is not touched.");
  expect(restoreButton(snapshot(), branch)).toBe("Branch from step 8,000");
});

test("nothing chosen is strict, and a strict restore of what does not fit is refused", () => {
  expect([isStrict({}), isStrict({ partial: true }), isStrict({ scopes: [] }), isStrict({ weights: "ema" })]).toEqual([true, false, false, false]);
  expect(whyNoFit({ ...fits, fits: false }, {})).toMatch(/strict restore would fail/);
  expect(whyNoFit({ ...fits, fits: false }, { partial: true })).toBeUndefined();
  expect(whyNoFit({ ...fits, sets: 0 }, { scopes: ["nothing"] })).toMatch(/Nothing that is chosen fits/);
});

test("a branch is called after its run and step until the person names it", () => {
  expect(branchName({ name: "digits/pix2pix-7" }, checkpoint(8000))).toBe("pix2pix-7-from-8000");
  expect(branchName({ name: "a" }, { ...checkpoint(8000), step: undefined, prefix: "best/model" })).toBe("a-from-best-model");
});

test("a restore that was begun says what it is at", () => {
  const at = (doneBytes: number, totalBytes: number, run: "running" | "finished", branch?: string): string =>
    stageWords({ id: "1", doing: "Reading", doneBytes, totalBytes }, { run: { state: run }, sheet: branch === undefined ? {} : { branch }, numbers });
  expect(at(0, 0, "running")).toBe("Waiting for the step to end…");
  expect(at(0, 0, "finished")).toBe("Reading…");
  expect(at(21e6, 48.4e6, "running")).toBe("Reading: 21.0 MB of 48.4 MB");
  expect(at(48.4e6, 48.4e6, "running")).toContain("the present state is saved");
  expect(at(48.4e6, 48.4e6, "running", "b")).toContain("the training starts");
});
