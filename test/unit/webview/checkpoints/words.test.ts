import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import {
  diskWords, parseHours, printHours, pruneWords, prunedWords, restoreButton, restoreWords, rowWords, simulationWords, stripWords, whyNoPrune, whyNoRestore,
} from "../../../../webview/checkpoints/words";
import { checkpoint, fits, now, snapshot } from "./made";

const numbers = numbersFor("en", "UTC");

describe("the hour rule", () => {
  test.each([[0.5, "30 min"], [2, "2 h"], [1.5, "1.5 h"], [10_000, "never"]])("%d hours are written %s and read back", (hours, text) => {
    expect(printHours(hours)).toBe(text);
    expect(parseHours(text)).toBe(hours);
  });
  test.each([["90 minutes", 1.5], ["0,5 h", 0.5], ["2", 2], ["1 d", 24], ["0 h", undefined], ["soon", undefined], ["", undefined]])("%j typed is %s hours", (text, hours) => {
    expect(parseHours(text)).toBe(hours);
  });
});

describe("a simulated policy", () => {
  const written = { maxToKeep: 7, keepCheckpointEveryNHours: 0.5 };
  test("names what is written, and that nothing goes without a prune", () => {
    expect(simulationWords(written, { ...written, maxToKeep: 3 })).toBe("was 7; not written. Without a prune the number stays: Saver deletes one per save.");
    expect(simulationWords(written, { ...written, maxToKeep: 9 })).toBe("was 7; not written.");
    expect(simulationWords(written, { ...written, keepCheckpointEveryNHours: 2 })).toBe("was 30 min; not written.");
  });
});

describe("a restore in one sentence", () => {
  test("into a running training: the save, what goes with it, what is set, where it goes on", () => {
    expect(restoreWords(snapshot(), checkpoint(8000), { preflight: fits, numbers })).toBe(
      "Training pauses between two steps, step 12,400 is saved (48.4 MB; step 11,500 goes with that save, as the rule says), then 97 of 97 variables are set from step 8,000, and training goes on at step 8,000.",
    );
  });
  test("without a word about what goes when nothing goes", () => {
    expect(restoreWords(snapshot({ forecast: [] }), checkpoint(8000), { preflight: fits, numbers })).toContain("step 12,400 is saved (48.4 MB), then");
  });
  test("into a finished run there is nothing to save", () => {
    const finished = snapshot({ run: { ...snapshot().run, state: "finished", progress: undefined } });
    expect(restoreWords(finished, checkpoint(8000), { preflight: fits, numbers })).toBe("The training starts again: 97 of 97 variables are set from step 8,000, and it goes on from there.");
    expect(restoreButton(finished, checkpoint(8000), numbers)).toBe("Restore step 8,000");
  });
  test("its button names both acts", () => {
    expect(restoreButton(snapshot(), checkpoint(8000), numbers)).toBe("Save step 12,400 and restore 8,000");
  });
});

describe("why something is off", () => {
  test("nothing is off for a whole checkpoint that fits", () => {
    expect(whyNoRestore(snapshot(), checkpoint(1), fits)).toBeUndefined();
    expect(whyNoPrune(snapshot())).toBeUndefined();
  });
  test("trust comes before all else", () => {
    expect(whyNoRestore(snapshot({ mayChange: false }), checkpoint(1, { complete: false }))).toMatch(/trust this folder/);
    expect(whyNoPrune(snapshot({ mayChange: false }))).toMatch(/trust this folder/);
  });
  test("another program's run is its own", () => {
    const foreign = snapshot({ run: { ...snapshot().run, state: "foreign" } });
    expect([whyNoRestore(foreign, checkpoint(1)), whyNoPrune(foreign)]).toEqual(["Another program wrote this run; its own script restores it.", "Another program owns this run's folder."]);
  });
  test("what is incomplete, gone or does not fit cannot be restored", () => {
    expect(whyNoRestore(snapshot(), checkpoint(1, { complete: false }))).toMatch(/incomplete/);
    expect(whyNoRestore(snapshot(), undefined)).toMatch(/gone/);
    expect(whyNoRestore(snapshot(), checkpoint(1), { ...fits, fits: false })).toMatch(/strict restore would fail/);
  });
});

test("the disk is summed up now and after the saves that are foreseen", () => {
  const { now: bytes, later, text, after } = diskWords(snapshot(), numbers);
  expect([bytes, later]).toEqual([96.8e6, 96.8e6 + 48.4e6]);
  expect([text, after]).toEqual(["96.8 MB now → 145 MB", "after 2 more saves"]);
  expect(diskWords(snapshot({ forecast: [] }), numbers)).toEqual({ now: 96.8e6, text: "96.8 MB now" });
  expect(diskWords(snapshot({ run: { ...snapshot().run, state: "stopped" } }), numbers).later).toBeUndefined();
});

test("a prune's title is its button, and afterwards it says what Undo does", () => {
  const plan = { deletes: [{ prefix: "a", files: [], bytes: 48.4e6, reason: "" }], keeps: [], bytes: 48.4e6 };
  expect(pruneWords(plan, numbers)).toBe("Move 1 checkpoint to trash (48.4 MB)");
  expect(prunedWords(plan, { run: snapshot().run, numbers })).toBe("1 checkpoint of pix2pix-7 is in trash (48.4 MB). Undo brings it back until the trash is emptied.");
});

test("a row is one sentence", () => {
  expect(rowWords(checkpoint(10_500), { nowSeconds: now, numbers })).toBe(
    "Checkpoint step 10,500, saved 14:12, 4 min ago, 48.4 MB, newest, One of the newest 7 (2nd), Goes at the save near step 14,000, ≈ 14:32.",
  );
});

test("the strip is one sentence", () => {
  expect(stripWords(snapshot(), numbers)).toBe("Saves from 14:07 to 14:12: 2 newest; 2 saves to come");
  expect(stripWords(snapshot({ checkpoints: [] }), numbers)).toBe("No checkpoint yet; 2 saves to come");
});
