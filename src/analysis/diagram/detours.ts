// Ways for lines that the layout has given no lane: from box to box through what is free between the others.
import type { PlacedEdge, Spot } from "./layout";

/** A box, or the room that a level has. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line that wants a way, from the lower edge of one box to the upper edge of another. */
export interface Wish {
  readonly from: string;
  readonly to: string;
}

/** What stands and runs on the level already. */
export interface Standing {
  readonly boxes: ReadonlyMap<string, Place>;
  readonly lines: readonly PlacedEdge[];
  readonly room: Place;
}

/** Between two lines side by side, and between a line and a box that it passes. */
const distances = { ports: 12, lanes: 8, boxes: 10 };

/** A way for each line, one after the other: a later one keeps clear of those before it. Lines to or from what has no place are left out. */
export function detours(wishes: readonly Wish[], { boxes, lines, room }: Standing): readonly PlacedEdge[] {
  const found: PlacedEdge[] = [];
  for (const { from, to } of wishes) {
    const [source, target] = [boxes.get(from), boxes.get(to)];
    if (!source || !target) continue;
    const around = [...lines, ...found];
    const taken = {
      start: around.flatMap((line) => (line.from === from ? [line.points[0]?.[0] ?? 0] : [])),
      end: around.flatMap((line) => (line.to === to ? [line.points.at(-1)?.[0] ?? 0] : [])),
    };
    found.push({ from, to, points: wayBetween({ source, target, taken }, { boxes: [...boxes.values()], lines: around, room }) });
  }
  return found;
}

function middleOf({ x, width }: Place): number {
  return x + width / 2;
}

/** On a box's edge, towards where the line goes: beyond the other lines there, so that it crosses none of them right away. */
function freePort(box: Place, towards: number, taken: readonly number[]): number {
  const middle = middleOf(box);
  const side = towards < middle ? -1 : 1;
  const outermost = Math.max(-distances.ports, ...taken.map((one) => (one - middle) * side));
  return middle + side * Math.min(box.width / 2 - distances.ports, outermost + distances.ports);
}

interface Ends {
  readonly source: Place;
  readonly target: Place;
  /** Where other lines leave the one and reach the other. */
  readonly taken: { readonly start: readonly number[]; readonly end: readonly number[] };
}

/** Turns only in strips where no box stands, and goes down beside the boxes between the first strip and the last. */
function wayBetween({ source, target, taken }: Ends, { boxes, lines, room }: { readonly boxes: readonly Place[]; readonly lines: readonly PlacedEdge[]; readonly room: Place }): readonly Spot[] {
  const strips = freeStrips(boxes, source.y + source.height, target.y);
  const [first, last] = [strips[0], strips.at(-1)];
  const near = !first || !last || first === last;
  const corridor = near ? undefined : nearestFree([middleOf(source), middleOf(target)], [
    ...boxes.filter(({ y, height }) => y < last.top && y + height > first.bottom).map(({ x, width }) => ({ left: x - distances.boxes, right: x + width + distances.boxes })),
    ...lines.flatMap(({ points }) => points.slice(1).flatMap((to, index) => uprightAt(points[index] ?? to, to, { top: first.bottom, bottom: last.top }))).map((x) => ({ left: x - distances.lanes, right: x + distances.lanes })),
  ], room);
  const start: Spot = [freePort(source, corridor ?? middleOf(target), taken.start), source.y + source.height];
  const end: Spot = [freePort(target, corridor ?? middleOf(source), taken.end), target.y];
  if (!first || !last) return [start, end];
  const between: readonly Spot[] = corridor === undefined ? [] : [[corridor, first.bottom], [corridor, last.top]];
  return withoutRepeats([start, [start[0], first.top], ...(between.length > 0 ? between : [[end[0], first.bottom] as const]), [end[0], last.bottom], end]);
}

interface Strip {
  readonly top: number;
  readonly bottom: number;
}

/** Heights at which nothing stands, from top to bottom. */
function freeStrips(boxes: readonly Place[], from: number, to: number): readonly Strip[] {
  const strips: Strip[] = [];
  let at = from;
  for (const { y, height } of [...boxes].sort((one, other) => one.y - other.y)) {
    if (y + height <= from || y >= to) continue;
    if (y > at) strips.push({ top: at, bottom: y });
    at = Math.max(at, y + height);
  }
  if (to > at) strips.push({ top: at, bottom: to });
  return strips;
}

/** Where an upright piece of a line runs, if it runs through these heights. */
function uprightAt([x, y]: Spot, [toX, toY]: Spot, { top, bottom }: Strip): readonly number[] {
  return Math.abs(toX - x) < 1 && Math.min(y, toY) < bottom && Math.max(y, toY) > top ? [x] : [];
}

/** The place sideways with the shortest way to both ends that no wall takes. */
function nearestFree(ends: readonly number[], walls: readonly { readonly left: number; readonly right: number }[], { x, width }: Place): number {
  const length = (spot: number): number => ends.reduce((sum, end) => sum + Math.abs(end - spot), 0);
  const spots = [...ends, ...walls.flatMap(({ left, right }) => [left, right])].filter((spot) => spot >= x && spot <= x + width);
  const free = spots.filter((spot) => walls.every(({ left, right }) => spot <= left || spot >= right));
  return free.reduce((best, spot) => (length(spot) < length(best) ? spot : best), free[0] ?? x);
}

function withoutRepeats(points: readonly Spot[]): readonly Spot[] {
  return points.filter(([x, y], index) => {
    const before = points[index - 1];
    return !before || Math.abs(before[0] - x) > 0.5 || Math.abs(before[1] - y) > 0.5;
  });
}
