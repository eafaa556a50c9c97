import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { stripModel, stripStop } from "../../../../webview/checkpoints/strip";
import { comingSave } from "../../../support/quietOutlook";
import { checkpoint, now, snapshot } from "./made";

const options = { width: 1240, gutter: 96, numbers: numbersFor("en", "UTC") };

describe("the strip", () => {
  const spread = [1, 2, 40, 60, 180].map((minutes) => checkpoint(20_000 - minutes * 100, { wallTimeSeconds: now - minutes * 60 }));

  test("stands in time from left to right, newest nearest to now", () => {
    const { past, now: line } = stripModel(snapshot({ checkpoints: spread }), options);
    const places = past.map(({ x }) => x);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(past.at(-1)?.checkpoint.prefix).toBe(spread[0]?.prefix);
    expect(Math.max(...places)).toBeLessThan(line);
  });
  test("keeps marks apart however close their saves were", () => {
    const crowd = Array.from({ length: 30 }, (_, index) => checkpoint(1000 + index, { wallTimeSeconds: now - 60 - index }));
    const { past } = stripModel(snapshot({ checkpoints: [...crowd, checkpoint(1, { wallTimeSeconds: now - 1e5 })] }), options);
    const places = past.map(({ x }) => x);
    expect(places.slice(1).every((x, index) => x - (places[index] ?? 0) >= 14)).toBe(true);
  });
  test("says in half a window only what takes the selected one, and keeps its neighbours out of these words", () => {
    const marks = [10, 20, 30, 40];
    const forecast = marks.map((step, index) => comingSave(index + 1, { step: 100 + step, deletes: step === 20 ? ["model-20"] : [], keepsForever: step === 20 ? [] : [`model-${step}`] }));
    const { coming, slot } = stripModel(snapshot({ checkpoints: marks.map((step) => checkpoint(step)), forecast }), { ...options, width: 340, gutter: 0, compact: true, selected: "model-20" });
    expect(coming.map(({ label, kind }) => [label, kind])).toEqual([["", undefined], ["−20", undefined], ["", undefined], ["", "hourMark"]]);
    expect(coming.slice(1).every(({ x }, index) => x - (coming[index]?.x ?? 0) === slot)).toBe(true);
  });
  test("leaves out the oldest where there is no room, never the newest", () => {
    const crowd = Array.from({ length: 60 }, (_, index) => checkpoint(60 - index, { wallTimeSeconds: now - 60 - index }));
    const { past } = stripModel(snapshot({ checkpoints: crowd }), { ...options, width: 340, gutter: 0 });
    expect(past.length).toBeLessThan(60);
    expect(past.every(({ x }) => x >= 8)).toBe(true);
    expect(past.at(-1)?.checkpoint.step).toBe(60);
  });
  test("says of each coming save what it deletes or keeps for good", () => {
    const { coming } = stripModel(snapshot(), options);
    expect(coming.map(({ label, kind, words }) => [label, kind, words])).toEqual([
      ["−11,500", undefined, "Save of step 12,500, about 14:17, deletes step 11,500."],
      ["12,000", "hourMark", "Save of step 13,000, about 14:22, keeps step 12,000 for good."],
    ]);
  });
  test("knows the order of saves after a restart, but not their time", () => {
    const { coming } = stripModel(snapshot({ run: { ...snapshot().run, state: "stopped" } }), options);
    expect(coming.map(({ clock }) => clock)).toEqual(["", ""]);
    expect(coming[0]?.words).toBe("Save of step 12,500, after a restart, deletes step 11,500.");
  });
  test("names a checkpoint that does not exist yet by the step in its name", () => {
    const forecast = [comingSave(9, { atSeconds: 60, deletes: ["model-12500"] })];
    expect(stripModel(snapshot({ forecast }), options).coming[0]?.label).toBe("−12,500");
  });
  test("joins the selected checkpoint with the save that deletes it", () => {
    const { arc, past, coming } = stripModel(snapshot(), { ...options, selected: "model-11500" });
    expect(arc).toEqual({ from: past[0]?.x, to: coming[0]?.x });
    expect(stripModel(snapshot(), { ...options, selected: "model-12000" }).arc).toBeUndefined();
  });
  test("writes a time once where several saves fall on it", () => {
    const forecast = [0, 5, 10, 70].map((atSeconds, index) => comingSave(index + 1, { atSeconds }));
    expect(stripModel(snapshot({ forecast }), options).coming.map(({ clock }) => clock)).toEqual(["14:16", "", "", "14:17"]);
  });
  test("is drawn before the first save", () => {
    const { past, coming, ticks } = stripModel(snapshot({ checkpoints: [] }), options);
    expect([past.length, coming.length, ticks.length]).toEqual([0, 2, 0]);
  });
});

test("keys walk its marks and stop at the ends", () => {
  expect(stripStop(0, "ArrowLeft", 5)).toBe(0);
  expect(stripStop(2, "ArrowRight", 5)).toBe(3);
  expect(stripStop(4, "ArrowRight", 5)).toBe(4);
  expect([stripStop(2, "Home", 5), stripStop(2, "End", 5)]).toEqual([0, 4]);
});
