// A line's turning points as an SVG path, as short straight pieces, and the gaps where it passes over others.
import type { PlacedEdge, Spot } from "./layout";

const corner = 5;
const pieces = 10;

/** A path whose tangents are vertical at every point; between two points of one row it runs level, with round corners. */
export function linePath(points: PlacedEdge["points"]): string {
  const [first] = points;
  if (!first) return "";
  let path = `M${tenths(first[0])} ${tenths(first[1])}`;
  let [x, y] = first;
  points.slice(1).forEach(([nextX, nextY], index) => {
    const after = points[index + 2];
    const before = points[index];
    const level = Math.abs(nextY - y) < 0.5;
    const upright = Math.abs(nextX - x) < 0.5;
    // A corner belongs to a level piece that goes on upright, or the other way around.
    const turns = after && ((level && Math.abs(after[0] - nextX) < 0.5) || (upright && Math.abs(after[1] - nextY) < 0.5 && Math.abs(after[0] - nextX) > 0.5));
    if (turns && before) {
      const reach = Math.min(corner, (Math.abs(nextX - x) + Math.abs(nextY - y)) / 2, (Math.abs(after[0] - nextX) + Math.abs(after[1] - nextY)) / 2);
      const [stopX, stopY] = [nextX - Math.sign(nextX - x) * reach, nextY - Math.sign(nextY - y) * reach];
      const [goX, goY] = [nextX + Math.sign(after[0] - nextX) * reach, nextY + Math.sign(after[1] - nextY) * reach];
      path += `${level ? `H${tenths(stopX)}` : `V${tenths(stopY)}`}Q${tenths(nextX)} ${tenths(nextY)} ${tenths(goX)} ${tenths(goY)}`;
    } else if (upright) path += `V${tenths(nextY)}`;
    else if (level) path += `H${tenths(nextX)}`;
    else {
      const middle = (y + nextY) / 2;
      path += `C${tenths(x)} ${tenths(middle)} ${tenths(nextX)} ${tenths(middle)} ${tenths(nextX)} ${tenths(nextY)}`;
    }
    [x, y] = [nextX, nextY];
  });
  return path;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The line as short straight pieces. */
export function flattened(points: PlacedEdge["points"]): readonly Spot[] {
  const found: Spot[] = points.slice(0, 1);
  points.slice(1).forEach(([toX, toY], index) => {
    const [fromX, fromY] = points[index] ?? [toX, toY];
    if (Math.abs(toX - fromX) < 0.5 || Math.abs(toY - fromY) < 0.5) {
      found.push([toX, toY]);
      return;
    }
    for (let piece = 1; piece <= pieces; piece++) {
      const t = piece / pieces;
      // A cubic whose inner points share the middle height: its x eases, its y is nearly even.
      const ease = t * t * (3 - 2 * t);
      const rise = 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t;
      found.push([fromX + (toX - fromX) * ease, fromY + (toY - fromY) * rise]);
    }
  });
  return found;
}

const gap = 4;
/** Lines that leave or reach a place together do not cross there. */
const sameEnd = 14;

/** By line: short pieces of it where it passes over an earlier one, to be kept clear around. */
export function crossingGaps(lines: readonly PlacedEdge[]): readonly (readonly (readonly [Spot, Spot])[])[] {
  const flat = lines.map(({ points }) => flattened(points));
  const bounds = flat.map(boundsOf);
  return flat.map((over, index) => {
    const gaps: (readonly [Spot, Spot])[] = [];
    for (let earlier = 0; earlier < index; earlier++) {
      const under = flat[earlier];
      if (!under || apart(bounds[index], bounds[earlier])) continue;
      for (const at of crossings(over, under)) {
        if (!nearEnd(at.spot, over, under)) gaps.push(around(at));
      }
    }
    return gaps;
  });
}

type Bounds = readonly [number, number, number, number];

function boundsOf(points: readonly Spot[]): Bounds {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function apart(one: Bounds | undefined, other: Bounds | undefined): boolean {
  return !one || !other || one[2] < other[0] || other[2] < one[0] || one[3] < other[1] || other[3] < one[1];
}

interface Crossing {
  readonly spot: Spot;
  readonly direction: Spot;
}

function crossings(over: readonly Spot[], under: readonly Spot[]): Crossing[] {
  const found: Crossing[] = [];
  for (let at = 1; at < over.length; at++) {
    for (let other = 1; other < under.length; other++) {
      const spot = meeting(over[at - 1], over[at], [under[other - 1], under[other]]);
      if (spot) found.push(spot);
    }
  }
  return found;
}

function meeting(a: Spot | undefined, b: Spot | undefined, [c, d]: readonly [Spot | undefined, Spot | undefined]): Crossing | undefined {
  if (!a || !b || !c || !d) return undefined;
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const cross = rx * sy - ry * sx;
  if (Math.abs(cross) < 1e-6) return undefined;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross;
  if (t < 0 || t > 1 || u < 0 || u > 1) return undefined;
  const length = Math.hypot(rx, ry) || 1;
  return { spot: [a[0] + t * rx, a[1] + t * ry], direction: [rx / length, ry / length] };
}

function nearEnd([x, y]: Spot, over: readonly Spot[], under: readonly Spot[]): boolean {
  const ends = [over[0], over.at(-1), under[0], under.at(-1)];
  return ends.some((end) => end !== undefined && Math.hypot(end[0] - x, end[1] - y) < sameEnd);
}

function around({ spot: [x, y], direction: [dx, dy] }: Crossing): readonly [Spot, Spot] {
  return [[x - dx * gap, y - dy * gap], [x + dx * gap, y + dy * gap]];
}
