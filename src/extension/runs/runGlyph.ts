// The icon of a run that is drawn in the curves: its state above a sample of its line, in the line's colour. The glyphs are made by scripts/runGlyphs.mjs.
import type { RunState } from "#model/run";
import type { RunRow } from "./runRow";

/** Of the curves' styles, in their order; each round of colours has its dashes moved on by one. */
const colors = ["charts.blue", "charts.orange", "charts.purple", "charts.green"] as const;

/** `style` is the run's place among the 16 pairs of colour and dashes. */
export function runGlyph(state: RunState, style: number): Required<RunRow["icon"]> {
  const round = Math.floor(style / colors.length);
  return { id: `trainscope-run-${state}-${(style + round) % colors.length}`, color: colors[style % colors.length] ?? colors[0] };
}
