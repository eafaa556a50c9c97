// The marks of checkpoints, one shape per state, the same in strip, table, legend and under the curves.
import type { CheckpointInfo } from "#model/checkpoint";
import { html, svg, type TemplateResult } from "./template";

/** What a mark can say. */
export type MarkKind =
  | "newest" | "goesNext" | "hourMark" | "protected" | "best" | "unmanaged" | "incomplete" | "deleted" | "toCome" | "toTrash";

/** The mark of a checkpoint: what it is comes before what happens to it next. */
export function markOf(checkpoint: Pick<CheckpointInfo, "complete" | "kept" | "deletedAtSave" | "damage">): MarkKind {
  if (!checkpoint.complete || checkpoint.damage !== undefined) return "incomplete";
  if (checkpoint.kept !== "newest") return checkpoint.kept;
  return checkpoint.deletedAtSave === 1 ? "goesNext" : "newest";
}

const words: Readonly<Record<MarkKind, string>> = {
  newest: "newest",
  goesNext: "goes next",
  hourMark: "hour mark",
  protected: "protected",
  best: "best",
  unmanaged: "not managed",
  incomplete: "incomplete",
  deleted: "deleted",
  toCome: "to come",
  toTrash: "goes to trash",
};

/** The word beside a mark in a legend. */
export function markWord(kind: MarkKind): string {
  return words[kind];
}

/** Draws a mark in the 14 × 14 box around the origin. Its colours come from `.mark-<kind>` in kit.css. */
export function markShape(kind: MarkKind): TemplateResult {
  return svg`<g class="mark mark-${kind}">${shapes[kind]}</g>`;
}

const shapes: Readonly<Record<MarkKind, TemplateResult>> = {
  newest: svg`<circle r="5"></circle>`,
  goesNext: svg`<circle r="4.25"></circle>`,
  hourMark: svg`<circle r="6.5"></circle><path class="hand" d="M0 -3.6V0.4L2.6 1.8"></path>`,
  protected: svg`<path class="shackle" d="M-2.6 -0.5V-2.8A2.6 2.6 0 0 1 2.6 -2.8V-0.5"></path><rect x="-4.2" y="-1" width="8.4" height="6.4" rx="0.8"></rect>`,
  best: svg`<path d="M0 -6L1.8 -2.2L6 -1.7L2.9 1.2L3.7 5.4L0 3.3L-3.7 5.4L-2.9 1.2L-6 -1.7L-1.8 -2.2Z"></path>`,
  unmanaged: svg`<circle r="5"></circle>`,
  incomplete: svg`<path d="M0 -5.4L6 5H-6Z"></path><path class="sign" d="M0 -1.8V1.6M0 2.9V3.7"></path>`,
  deleted: svg`<circle r="1.75"></circle>`,
  toCome: svg`<circle r="3.5"></circle>`,
  toTrash: svg`<circle r="4.25"></circle><path d="M-3 3L3 -3"></path>`,
};

/** A mark as a picture of its own, for tables and legends. */
export function markBox(kind: MarkKind): TemplateResult {
  return html`<svg class="mark-box" viewBox="-7 -7 14 14" aria-hidden="true">${markShape(kind)}</svg>`;
}
