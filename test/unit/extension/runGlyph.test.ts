import { expect, test } from "vitest";
import { runGlyph } from "#extension/runs/runGlyph";
import type { RunState } from "#model/run";
import { runGlyphs, runGlyphsFont } from "../../../scripts/runGlyphs.mjs";

const states: readonly RunState[] = ["running", "finished", "stopped", "failed", "killed", "lost", "foreign"];

test("a run's glyph tells its state and the dashes of its curve, and has its colour", () => {
  expect(runGlyph("running", 0)).toEqual({ id: "trainscope-run-running-0", color: "charts.blue" });
  expect(runGlyph("failed", 2)).toEqual({ id: "trainscope-run-failed-2", color: "charts.purple" });
  // The second round of colours has its dashes moved on by one.
  expect(runGlyph("running", 4)).toEqual({ id: "trainscope-run-running-1", color: "charts.blue" });
});

test("every state and style has a glyph of its own", () => {
  const ids = new Set(states.flatMap((state) => Array.from({ length: 16 }, (_, style) => runGlyph(state, style).id)));
  expect([...ids].filter((id) => !runGlyphs.has(id))).toEqual([]);
  expect(new Set([...runGlyphs.values()].map(({ path }) => path)).size).toBe(runGlyphs.size);
});

test("the font is TrueType, and the same from every build", () => {
  const font = runGlyphsFont();
  expect([...font.slice(0, 4)]).toEqual([0, 1, 0, 0]);
  expect(font).toEqual(runGlyphsFont());
});
