// Walking the drawing by key: along rows, between rows, and out of scopes.
import type { DrawnBox, Drawing } from "#analysis/diagram/drawing";
import { parentsOf } from "#analysis/diagram/view";

export type WalkKey = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "Escape";

/** The box that a key leads to from `selected`; undefined when it leads nowhere. */
export function walk({ boxes }: Drawing, selected: string | undefined, key: WalkKey): string | undefined {
  const here = boxes.find(({ box }) => box.node.name === selected);
  if (key === "Home" || !here) return firstOf(boxes);
  if (key === "Escape") return [...parentsOf(here.box.node.name)].reverse().find((name) => boxes.some(({ box }) => box.node.name === name));
  return nearest(here, boxes, key);
}

function firstOf(boxes: readonly DrawnBox[]): string | undefined {
  const top = [...boxes].sort((one, other) => one.at.y - other.at.y || one.at.x - other.at.x)[0];
  return top?.box.node.name;
}

// Nearest in the wanted direction, sideways distance counting double, so that a key follows rows and columns.
function nearest(here: DrawnBox, boxes: readonly DrawnBox[], key: WalkKey): string | undefined {
  const [x, y] = centre(here);
  let best: string | undefined;
  let least = Infinity;
  for (const other of boxes) {
    if (other === here || contains(other, here) || contains(here, other)) continue;
    const [otherX, otherY] = centre(other);
    const dx = otherX - x;
    const dy = otherY - y;
    const ahead = key === "ArrowUp" ? -dy : key === "ArrowDown" ? dy : key === "ArrowLeft" ? -dx : dx;
    const aside = Math.abs(key === "ArrowUp" || key === "ArrowDown" ? dx : dy);
    if (ahead <= 4) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [other.box.node.name, cost];
  }
  return best;
}

function centre({ at }: DrawnBox): readonly [number, number] {
  // Of an open scope the header is what stands in the row.
  return [at.x + at.width / 2, at.open ? at.y + 13 : at.y + at.height / 2];
}

function contains(outer: DrawnBox, inner: DrawnBox): boolean {
  return inner.box.node.name.startsWith(`${outer.box.node.name}/`) && outer.at.open;
}
