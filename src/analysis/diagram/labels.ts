// Where the words of edges stand: beside or on their own line, never on another line or a box when they can help it.
import type { DrawnBox, DrawnEdge } from "./drawing";
import type { Spot } from "./layout";
import { flattened } from "./linePath";

/** A label with its place. */
export interface PlacedLabel {
  readonly edge: DrawnEdge;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const lineHeight = 16;
const mostLabels = 24;

/** Places labels one after the other, lit ones first. One at rest stands only where nothing else is; one that is lit may touch a line, never a box. */
export function placeLabels(edges: readonly DrawnEdge[], boxes: readonly DrawnBox[]): readonly PlacedLabel[] {
  const taken: Rect[] = boxes.filter(({ at }) => !at.open).map(({ at }) => ({ left: at.x, top: at.y, right: at.x + at.width, bottom: at.y + at.height }));
  const labels: PlacedLabel[] = [];
  const wanted = edges.filter(({ labelled }) => labelled).sort((one, other) => Number(other.lit) - Number(one.lit)).slice(0, mostLabels);
  for (const edge of wanted) {
    // Letters of the two fonts are about this wide.
    const width = Math.max(edge.quiet ? 104 : 0, Math.ceil(edge.label.length * (edge.kind === "control" ? 6.4 : 6.8) + 8));
    const others = edges.filter((other) => other !== edge).flatMap(({ at }) => parts(at.points)).map(([one, other]) => around(one, other));
    const spots = spotsFor(edge.at.points, width).filter((spot) => !overlaps(rectAt(spot, width), taken));
    const spot = spots.find((one) => !overlaps(rectAt(one, width), others)) ?? (edge.lit ? spots[0] : undefined);
    if (!spot) continue;
    taken.push(rectAt(spot, width));
    labels.push({ edge, x: Math.round(spot[0]), y: Math.round(spot[1]), width });
  }
  return labels;
}

/** Where along a part of a line its label is tried. */
const shares = [0.5, 0.3, 0.7, 0.15, 0.85];

/** On a part that runs far sideways: so many tenths of its way, from the middle outwards. */
const tenths = [5, 4, 6, 3, 7];

// For each part of the line, longest first: on it where it runs far sideways, else right and left of it.
function spotsFor(points: readonly Spot[], width: number): readonly Spot[] {
  const length = ([one, other]: readonly [Spot, Spot]): number => Math.abs(one[0] - other[0]) + Math.abs(one[1] - other[1]);
  return parts(points).sort((one, other) => length(other) - length(one)).flatMap(([one, other]): Spot[] => {
    const [left, right] = one[0] <= other[0] ? [one[0], other[0]] : [other[0], one[0]];
    const heights = shares.map((share) => one[1] + (other[1] - one[1]) * share - lineHeight / 2);
    const beside = heights.flatMap((y): Spot[] => [[right + 6, y], [left - 6 - width, y]]);
    if (right - left <= width + 24) return beside;
    const way = flattened([one, other]);
    const on = tenths.map((tenth): Spot => way[tenth] ?? [(left + right) / 2, (one[1] + other[1]) / 2]);
    return [...on.map(([x, y]): Spot => [x - width / 2, y - lineHeight / 2]), ...beside];
  });
}

function parts(points: readonly Spot[]): (readonly [Spot, Spot])[] {
  return points.slice(1).map((point, index) => [points[index] ?? point, point] as const);
}

function around(one: Spot, other: Spot): Rect {
  return { left: Math.min(one[0], other[0]) - 2, right: Math.max(one[0], other[0]) + 2, top: Math.min(one[1], other[1]), bottom: Math.max(one[1], other[1]) };
}

function rectAt([x, y]: Spot, width: number): Rect {
  return { left: x, top: y, right: x + width, bottom: y + lineHeight };
}

function overlaps(rect: Rect, others: readonly Rect[]): boolean {
  return others.some(({ left, top, right, bottom }) => rect.left < right && rect.right > left && rect.top < bottom && rect.bottom > top);
}
