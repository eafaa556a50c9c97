// Levels with more boxes than a picture can show: they are a list until somebody wants them drawn anyway.
import type { GraphLevel } from "#model/graph";
import { drawnLevel } from "./units";
import { drawnNodes, openLevels, type DiagramView } from "./view";

/** More things than this on one level are a list and no drawing. */
export const mostDrawn = 400;
/** So many boxes are never few things: what they would fold to is not looked for. */
const hopeless = 4000;

/** The first open level that has too many things to be drawn, and how many. */
export function crowdedLevel(view: DiagramView): { readonly scope: string; readonly boxes: number } | undefined {
  for (const level of openLevels(view)) {
    if (view.drawAnyway?.has(level.scope)) continue;
    const boxes = things(level, view);
    if (boxes > mostDrawn) return { scope: level.scope, boxes };
  }
  return undefined;
}

function things(level: GraphLevel, view: DiagramView): number {
  if (level.nodes.length <= mostDrawn) return level.nodes.length;
  const boxes = drawnNodes(level, view).length;
  return boxes <= mostDrawn || boxes > hopeless ? boxes : drawnLevel(level, view).units.length;
}
