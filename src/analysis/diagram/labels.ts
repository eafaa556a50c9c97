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

/** What can be seen of a drawing, in its own pixels. */
export interface Room {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A second line says what such an edge is kept for. */
const heights = { one: 16, two: 30 };
const padding = 4;
const mostLabels = 24;

/** The room that a whole drawing takes with a margin around it. */
export function wholeOf({ width, height }: Size, margin: number): Room {
  return { left: -margin, top: -margin, right: width + margin, bottom: height + margin };
}

/**
 * Places labels one after the other, lit ones first, where they can be read whole. One at rest stands only where nothing else is; one that is
 * lit may touch a line, never a box, and leaves the room only where its edge does.
 */
export function placeLabels(edges: readonly DrawnEdge[], boxes: readonly DrawnBox[], room: Room): readonly PlacedLabel[] {
  const taken: Room[] = boxes.filter(({ at }) => !at.open).map(({ at }) => rectAt([at.x, at.y], at));
  const frames = boxes.filter(({ at }) => at.open).flatMap(({ at }) => frameOf(rectAt([at.x, at.y], at)));
  const labels: PlacedLabel[] = [];
  const wanted = edges.filter(({ labelled }) => labelled).sort((one, other) => Number(other.lit) - Number(one.lit)).slice(0, mostLabels);
  for (const edge of wanted) {
    const size = { width: Math.ceil(edge.labelWidth) + 2 * padding, height: edge.quiet ? heights.two : heights.one };
    const lines = [...frames, ...edges.filter((other) => other !== edge).flatMap(({ at }) => parts(at.points)).map(([one, other]) => around(one, other))];
    const spots = spotsFor(edge.at.points, size, room).map((spot) => ({ spot, rect: rectAt(spot, size) })).filter(({ rect }) => !overlaps(rect, taken));
    const seen = spots.filter(({ rect }) => isWithin(rect, room));
    const clear = (all: typeof spots): (typeof spots)[number] | undefined => all.find(({ rect }) => !overlaps(rect, lines));
    const chosen = clear(seen) ?? (edge.lit ? (seen[0] ?? clear(spots) ?? spots[0]) : undefined);
    if (!chosen) continue;
    taken.push(chosen.rect);
    labels.push({ edge, x: Math.round(chosen.spot[0]), y: Math.round(chosen.spot[1]), width: size.width });
  }
  return labels;
}

/** Where along a part of a line its label is tried. */
const shares = [0.5, 0.3, 0.7, 0.15, 0.85];

/** On a part that runs far sideways: so many tenths of its way, from the middle outwards. */
const tenths = [5, 4, 6, 3, 7];

// For each part of the line, longest first: on it where it runs far sideways, else right and left of what is seen of it.
function spotsFor(points: readonly Spot[], { width, height }: Size, room: Room): readonly Spot[] {
  const length = ([one, other]: readonly [Spot, Spot]): number => Math.abs(one[0] - other[0]) + Math.abs(one[1] - other[1]);
  return parts(points).sort((one, other) => length(other) - length(one)).flatMap(([one, other]): Spot[] => {
    const [left, right] = one[0] <= other[0] ? [one[0], other[0]] : [other[0], one[0]];
    const [top, bottom] = seenOf([Math.min(one[1], other[1]), Math.max(one[1], other[1])], room);
    const beside = shares.map((share) => top + (bottom - top) * share - height / 2).flatMap((y): Spot[] => [[right + 6, y], [left - 6 - width, y]]);
    if (right - left <= width + 24) return beside;
    const way = flattened([one, other]);
    const on = tenths.map((tenth): Spot => way[tenth] ?? [(left + right) / 2, (one[1] + other[1]) / 2]);
    return [...on.map(([x, y]): Spot => [x - width / 2, y - height / 2]), ...beside];
  });
}

/** The part of a height that lies in the room, where one does. */
function seenOf([top, bottom]: Spot, room: Room): Spot {
  const seen: Spot = [Math.max(top, room.top), Math.min(bottom, room.bottom)];
  return seen[0] < seen[1] ? seen : [top, bottom];
}

function parts(points: readonly Spot[]): (readonly [Spot, Spot])[] {
  return points.slice(1).map((point, index) => [points[index] ?? point, point] as const);
}

function around(one: Spot, other: Spot): Room {
  return { left: Math.min(one[0], other[0]) - 2, right: Math.max(one[0], other[0]) + 2, top: Math.min(one[1], other[1]), bottom: Math.max(one[1], other[1]) };
}

/** The lines that an open scope is drawn with. */
function frameOf({ left, top, right, bottom }: Room): readonly Room[] {
  return [[left, top, right, top], [left, bottom, right, bottom], [left, top, left, bottom], [right, top, right, bottom]].map(([x = 0, y = 0, toX = 0, toY = 0]) => around([x, y], [toX, toY]));
}

function rectAt([x, y]: Spot, { width, height }: Size): Room {
  return { left: x, top: y, right: x + width, bottom: y + height };
}

function isWithin(rect: Room, room: Room): boolean {
  return rect.left >= room.left && rect.right <= room.right && rect.top >= room.top && rect.bottom <= room.bottom;
}

function overlaps(rect: Room, others: readonly Room[]): boolean {
  return others.some(({ left, top, right, bottom }) => rect.left < right && rect.right > left && rect.top < bottom && rect.bottom > top);
}
