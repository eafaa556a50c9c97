import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import {
  diskWords, parseHours, printHours, pruneWords, prunedWords, rowWords, simulationWords, stoppedWords, stripWords, undoneWords, whyNoPrune, whyNoRestore,
} from "../../../../webview/checkpoints/words";
import { checkpoint, snapshot } from "./made";

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
    expect(simulationWords(written, { ...written, maxToKeep: 3 })).toBe("was 7; not written yet");
    expect(simulationWords(written, { ...written, maxToKeep: 9 })).toBe("was 7; not written yet");
    expect(simulationWords(written, { ...written, keepCheckpointEveryNHours: 2 })).toBe("was 30 min; not written yet");
  });
});

describe("why something is off", () => {
  test("nothing is off for a whole checkpoint that fits", () => {
    expect(whyNoRestore(snapshot(), checkpoint(1))).toBeUndefined();
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
  test("what is incomplete, gone or damaged cannot be restored", () => {
    expect(whyNoRestore(snapshot(), checkpoint(1, { complete: false }))).toMatch(/incomplete/);
    expect(whyNoRestore(snapshot(), undefined)).toMatch(/gone/);
    expect(whyNoRestore(snapshot(), checkpoint(1, { damage: "a checksum differs" }))).toMatch(/damaged: a checksum differs/);
  });
});

test("the disk is summed up now and after the saves that are foreseen", () => {
  const disk = { usedBytes: 96.8e6, trashBytes: 10e6, endBytes: 145.2e6, toTheEnd: false };
  expect(diskWords(snapshot({ disk }), numbers)).toEqual({ kept: 96.8e6, trash: 10e6, growth: 48.4e6, now: "107 MB now", later: "155 MB after 2 more saves" });
  expect(diskWords(snapshot({ disk: { ...disk, toTheEnd: true } }), numbers).later).toBe("155 MB at the end");
  expect(diskWords(snapshot({ forecast: [] }), numbers).later).toBeUndefined();
  expect(diskWords(snapshot({ run: { ...snapshot().run, state: "stopped" } }), numbers).later).toBeUndefined();
});

test("a prune's title is its button, and afterwards it says what Undo does", () => {
  const plan = { deletes: [{ prefix: "a", files: [], bytes: 48.4e6, reason: "" }], keeps: [], bytes: 48.4e6 };
  expect(pruneWords(plan, numbers)).toBe("Move 1 checkpoint to trash (48.4 MB)");
  expect(prunedWords(plan, { run: snapshot().run, numbers })).toBe("1 checkpoint of pix2pix-7 is in trash (48.4 MB). Undo brings it back until the trash is emptied.");
  const beside = { policy: { maxToKeep: 3, keepCheckpointEveryNHours: 0.5 }, protect: { prefix: "model-10500", note: "best so far" } };
  expect(prunedWords({ ...plan, beside }, { run: snapshot().run, numbers })).toBe(
    "1 checkpoint of pix2pix-7 is in trash (48.4 MB). Step 10,500 is protected. The run now keeps newest 3 and one every 30 min. Undo takes all of it back until the trash is emptied.",
  );
  expect(undoneWords({ prefixes: ["a"], tookBack: [] }, numbers)).toBe("1 checkpoint is back.");
  expect(undoneWords({ prefixes: ["a", "b"], tookBack: [{ kind: "unprotect", prefix: "model-10500" }, { kind: "setPolicy", maxToKeep: 7, keepCheckpointEveryNHours: 10_000 }] }, numbers)).toBe(
    "2 checkpoints are back. Step 10,500 is no longer protected. The run keeps newest 7 again.",
  );
});

test("a prune that stopped on the way says what stays and why", () => {
  const planned = (prefix: string) => ({ prefix, files: [], bytes: 1, reason: "" });
  const plan = { deletes: ["a", "b", "c"].map(planned), keeps: [], bytes: 3 };
  expect(stoppedWords(plan, [{ prefix: "c", why: "no permission to move c.index" }], numbers)).toBe("2 of 3 are in trash; 1 stays: no permission to move c.index");
});

test("a row is one sentence", () => {
  expect(rowWords(checkpoint(10_500), { snapshot: snapshot(), numbers })).toBe(
    "Checkpoint step 10,500, saved 14:12, 4 minutes ago, 48.4 megabytes, one of the newest 7 (2nd), goes at the save near step 14,000, about 14:32.",
  );
});

test("the strip is one sentence", () => {
  expect(stripWords(snapshot(), numbers)).toBe("Saves from 14:07 to 14:12: 2 newest; 2 saves to come");
  expect(stripWords(snapshot({ checkpoints: [] }), numbers)).toBe("No checkpoint yet; 2 saves to come");
});
