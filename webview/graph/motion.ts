// Motion of the drawing when boxes come or go: what stays slides from where it stood, what is new fades in.
import type { DrawnEdge, Drawing } from "#analysis/diagram/drawing";
import type { Layout, Spot } from "#analysis/diagram/layout";
import { innermostAround } from "#model/scopedName";
import type { Viewport } from "./state";

const timing = { duration: 160, easing: "ease-out" } as const;
/** Moving more than so many things at once would stutter. */
const mostMoved = 600;

/** A drawing with its place in the window. */
export interface Scene {
  readonly layout: Layout;
  readonly drawing: Drawing;
  readonly view: Viewport;
}

/** Plays the change between two drawings on the elements of the later one. Nothing moves where the same boxes are drawn, or a person wants no motion. */
export function playMotion(root: Element, before: Scene, after: Scene): void {
  if (sameBoxes(before.layout, after.layout) || wantsNone()) return;
  const [boxes, edges] = [[...root.querySelectorAll<SVGElement>(".box")], [...root.querySelectorAll<SVGElement>(".edge")]];
  if (boxes.length + edges.length > mostMoved) return;
  const old = new Map(before.drawing.boxes.map(({ box, at }) => [box.node.name, at]));
  const places = new Map(after.drawing.boxes.map(({ box, at }) => [box.node.name, at]));
  const shift = shiftBetween(before.view, after.view);
  for (const element of boxes) {
    const name = element.dataset["name"] ?? "";
    const to = places.get(name);
    // What comes to light in a scope moves along with it.
    const held = old.has(name) ? name : (innermostAround(name, (scope) => old.has(scope) && places.has(scope)) ?? name);
    const [oldHeld, newHeld] = [old.get(held), places.get(held)];
    const [x, y] = oldHeld && newHeld ? minus(shift([oldHeld.x, oldHeld.y]), [newHeld.x, newHeld.y]) : [0, 0];
    if (to) play(element, { from: [to.x + x, to.y + y], to: [to.x, to.y], isNew: !old.has(name) });
  }
  const lines = new Map(before.drawing.edges.map((edge) => [edge.key, edge]));
  // Edges are all in the page, in the drawing's order.
  for (const [index, element] of edges.entries()) {
    const to = after.drawing.edges[index];
    const by = to && movedBy(lines.get(to.key), to, shift);
    if (by) play(element, { from: by, to: [0, 0], isNew: false });
    else appear(element);
  }
  for (const label of root.querySelectorAll(".edge-label")) appear(label);
}

// Of a scope that closes, the drawing has lost the boxes before the layout has.
function sameBoxes({ nodes: one }: Layout, { nodes: other }: Layout): boolean {
  const names = new Set(one.map(({ name }) => name));
  return one.length === other.length && other.every(({ name }) => names.has(name));
}

function wantsNone(): boolean {
  return document.body.classList.contains("vscode-reduce-motion") || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Where a spot of the earlier drawing stood in the window, as a spot of the later one. */
function shiftBetween(before: Viewport, after: Viewport): (spot: Spot) => Spot {
  return ([x, y]) => [(x * before.scale + before.x - after.x) / after.scale, (y * before.scale + before.y - after.y) / after.scale];
}

/** How far off an edge of the same form stood; undefined where it has another form now. */
function movedBy(from: DrawnEdge | undefined, to: DrawnEdge, shift: (spot: Spot) => Spot): Spot | undefined {
  if (from?.at.points.length !== to.at.points.length) return undefined;
  const steps = to.at.points.map((spot, index) => minus(shift(from.at.points[index] ?? spot), spot));
  const [first = [0, 0]] = steps;
  return steps.every(([x, y]) => Math.hypot(x - first[0], y - first[1]) < 1) ? first : undefined;
}

function minus([x, y]: Spot, [otherX, otherY]: Spot): Spot {
  return [x - otherX, y - otherY];
}

interface Move {
  readonly from: Spot;
  readonly to: Spot;
  readonly isNew: boolean;
}

function play(element: SVGElement, { from, to, isNew }: Move): void {
  const [x, y] = minus(from, to);
  if (!isNew && Math.hypot(x, y) < 1) return;
  const at = ([x, y]: Spot): string => `translate(${x}px, ${y}px)`;
  element.animate([{ transform: at(from), opacity: isNew ? 0 : 1 }, { transform: at(to), opacity: 1 }], timing);
}

/** Lines and words come last: until then their boxes are on the way. */
function appear(element: Element): void {
  element.animate([{ opacity: 0 }, { opacity: 0 }, { opacity: 1 }], timing);
}
