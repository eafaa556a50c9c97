// From rows and places to boxes and lines: where each line leaves and meets its box, and that it turns only between rows.
import type { LayoutNode, PlacedEdge, Rect, Spot } from "./layout";
import type { Standing } from "./rowPlaces";

/** One edge on its way through the rows. */
export interface Line {
  readonly from: string;
  readonly to: string;
  /** Items from top to bottom: a box or border, lanes, a box or border. */
  readonly path: readonly number[];
  /** Leads upwards: it closes a circle. */
  readonly back: boolean;
  readonly weight: number;
  readonly port?: string;
}

interface Geometry {
  readonly items: readonly { readonly node?: LayoutNode; readonly row: number; readonly reach: Standing }[];
  readonly tops: readonly { readonly top: number; readonly bottom: number }[];
  readonly lines: readonly Line[];
  readonly x: Float64Array;
}

export interface Routed {
  readonly rects: ReadonlyMap<string, Rect>;
  readonly edges: readonly PlacedEdge[];
  /** By line: how far from the middle of its boxes it starts and ends. */
  readonly offsets: readonly { readonly start: number; readonly end: number }[];
}

const portDistance = 24;
/** A line that misses straight down by less than this is made straight. */
const nearly = 11;
/** Rows higher than this hold something open; what only feeds them stands at their bottom. */
const tallRow = 120;

/** Boxes with their lines. */
export function routeLines(geometry: Geometry): Routed {
  const { items, lines, x } = geometry;
  const rects = rectsOf(geometry);
  const starts = portsOf(geometry, "start");
  const ends = portsOf(geometry, "end");
  const offset = (port: number, item: number | undefined): number => (items[item ?? -1]?.node ? port - (x[item ?? -1] ?? 0) : 0);
  const offsets = lines.map((line, index) => ({ start: offset(starts[index] ?? 0, line.path[0]), end: offset(ends[index] ?? 0, line.path.at(-1)) }));
  const edges = lines.map((line, index): PlacedEdge => {
    const points = pointsOf(line, { geometry, rects, start: starts[index] ?? 0, end: ends[index] ?? 0 });
    return { from: line.from, to: line.to, points: line.back ? [...points].reverse() : points, ...(line.back ? { back: true } : {}) };
  });
  return { rects, edges, offsets };
}

function rectsOf({ items, tops, lines, x }: Geometry): ReadonlyMap<string, Rect> {
  const fed = new Set(lines.map(({ path }) => path.at(-1)));
  const rects = new Map<string, Rect>();
  items.forEach(({ node, row }, index) => {
    if (!node) return;
    const { top, bottom } = tops[row] ?? { top: 0, bottom: 0 };
    const { beside: _, ...rest } = node;
    const tall = bottom - top > tallRow;
    const y = !tall ? (top + bottom - node.height) / 2 : fed.has(index) ? top : bottom - node.height;
    rects.set(node.name, { ...rest, x: (x[index] ?? 0) - node.width / 2, y: node.beside && tall ? (top + bottom - node.height) / 2 : y });
  });
  return rects;
}

/** One port per line, spread in the order of where the lines go; lines of one tensor that go side by side share theirs. */
function portsOf({ items, lines, x }: Geometry, side: "start" | "end"): readonly number[] {
  const ports = lines.map(({ path }) => x[(side === "start" ? path[0] : path.at(-1)) ?? 0] ?? 0);
  const atBox = new Map<number, { line: number; towards: number; port: string }[]>();
  for (const [line, { path, port }] of lines.entries()) {
    const box = (side === "start" ? path[0] : path.at(-1)) ?? 0;
    const next = (side === "start" ? path[1] : path.at(-2)) ?? 0;
    const list = atBox.get(box) ?? [];
    list.push({ line, towards: x[next] ?? 0, port: side === "start" && port !== undefined ? port : `line ${line}` });
    atBox.set(box, list);
  }
  for (const [box, list] of atBox) {
    const node = items[box]?.node;
    if (!node) continue;
    list.sort((one, other) => one.towards - other.towards || one.line - other.line);
    const groups: (typeof list)[] = [];
    for (const one of list) {
      if (groups.at(-1)?.[0]?.port === one.port) groups.at(-1)?.push(one);
      else groups.push([one]);
    }
    const pinned = side === "start" ? node.exit : groups.length === 1 ? node.entry : undefined;
    const distance = Math.min(portDistance, (node.width - 24) / Math.max(1, groups.length - 1));
    const middle = (x[box] ?? 0) + (pinned === undefined ? 0 : pinned - node.width / 2);
    spread(groups, { middle, distance, half: node.width / 2 - 8, ports });
  }
  return ports;
}

function spread(groups: readonly (readonly { readonly line: number; readonly towards: number }[])[], { middle, distance, half, ports }: { middle: number; distance: number; half: number; ports: number[] }): void {
  const wanted = groups.map((_, index) => middle + (index - (groups.length - 1) / 2) * distance);
  groups.forEach((group, index) => {
    const [only] = group;
    const at = wanted[index] ?? middle;
    const straight = group.length === 1 && only && Math.abs(only.towards - at) < nearly && Math.abs(only.towards - middle) < half ? only.towards : at;
    for (const { line } of group) ports[line] = straight;
  });
}

/** A line turns only between rows: within one it is straight, so that it never cuts a tall box beside it. */
function pointsOf({ path }: Line, { geometry, rects, start, end }: { geometry: Geometry; rects: ReadonlyMap<string, Rect>; start: number; end: number }): readonly Spot[] {
  const { items, tops, x } = geometry;
  return path.flatMap((item, index): Spot[] => {
    const { node, row } = items[item] ?? { row: 0 };
    const { top, bottom } = tops[row] ?? { top: 0, bottom: 0 };
    const rect = node && rects.get(node.name);
    if (index === 0) {
      const from = rect ? rect.y + rect.height : top;
      return bottom - from > 2 ? [[start, from], [start, bottom]] : [[start, from]];
    }
    if (index === path.length - 1) {
      const to = rect ? rect.y : bottom;
      return to - top > 2 ? [[end, top], [end, to]] : [[end, to]];
    }
    const lane = x[item] ?? 0;
    return bottom - top > 1 ? [[lane, top], [lane, bottom]] : [[lane, top]];
  });
}
