// The usual level: ranks from top to bottom in the order of execution, lanes between the boxes, ports in the order of targets.
import { Graph, layout as dagreLayout } from "@dagrejs/dagre";
import type { Flat, LayoutEdge, LayoutLevel, PlacedEdge, Spot } from "./layout";

const spacing = { ranks: 36, boxes: 28, edges: 14 };
const portDistance = 24;

type Rect = Flat["nodes"][number];
type Bends = { readonly edge: LayoutEdge; readonly points: readonly Spot[] };

/** Places a level by ranks. Edges to names that are not on the level are left out. */
export function rank({ nodes, edges }: LayoutLevel): Flat {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: spacing.boxes, ranksep: spacing.ranks, edgesep: spacing.edges, ranker: "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, width, height } of nodes) graph.setNode(name, { width, height });
  const drawn = edges.filter(({ from, to }) => from !== to && graph.hasNode(from) && graph.hasNode(to));
  for (const { from, to, weight } of drawn) graph.setEdge(from, to, { weight: Math.max(1, weight), minlen: 1 });
  dagreLayout(graph);
  const rects = nodes.map(({ name, width, height }): Rect => {
    const { x = 0, y = 0 } = graph.node(name) as { x?: number; y?: number };
    return { name, width, height, x: x - width / 2, y: y - height / 2 };
  });
  const bends = drawn.map((edge): Bends => {
    const { points } = graph.edge(edge.from, edge.to) as { points?: readonly { x: number; y: number }[] };
    return { edge, points: (points ?? []).slice(1, -1).map(({ x, y }) => [x, y] as const) };
  });
  const mirror = readsBetterMirrored(rects);
  const flat = mirror ? rects.map((rect) => ({ ...rect, x: -rect.x - rect.width })) : rects;
  const lanes = mirror ? bends.map(({ edge, points }) => ({ edge, points: points.map(([x, y]) => [-x, y] as const) })) : bends;
  return { nodes: flat, edges: routed(lanes, new Map(flat.map((rect) => [rect.name, rect]))) };
}

// Siblings of a row read best in the order in which the program made them.
function readsBetterMirrored(rects: readonly Rect[]): boolean {
  let right = 0;
  for (const [index, one] of rects.entries()) {
    for (const other of rects.slice(index + 1)) {
      if (Math.abs(one.y + one.height / 2 - (other.y + other.height / 2)) < 1) right += Math.sign(other.x - one.x);
    }
  }
  return right < 0;
}

function routed(lanes: readonly Bends[], rects: ReadonlyMap<string, Rect>): readonly PlacedEdge[] {
  const starts = portsOf(lanes, { rects, side: "from" });
  const ends = portsOf(lanes, { rects, side: "to" });
  const rows = rowsOf([...rects.values()]);
  return lanes.flatMap(({ edge, points }, index): PlacedEdge[] => {
    const from = rects.get(edge.from);
    const to = rects.get(edge.to);
    if (!from || !to) return [];
    const down = from.y <= to.y;
    const start: Spot = [starts[index] ?? from.x + from.width / 2, down ? from.y + from.height : from.y];
    const end: Spot = [ends[index] ?? to.x + to.width / 2, down ? to.y : to.y + to.height];
    return [{ from: edge.from, to: edge.to, points: straightThroughRows([start, ...between(points, { start, end }), end], rows) }];
  });
}

// Bends at the very ends only bring kinks between port and lane.
function between(points: readonly Spot[], { start, end }: { start: Spot; end: Spot }): readonly Spot[] {
  const [top, bottom] = start[1] <= end[1] ? [start[1], end[1]] : [end[1], start[1]];
  return points.filter(([, y]) => y > top + 8 && y < bottom - 8);
}

interface Row {
  readonly middle: number;
  readonly top: number;
  readonly bottom: number;
}

function rowsOf(rects: readonly Rect[]): readonly Row[] {
  const rows = new Map<number, Row>();
  for (const { y, height } of rects) {
    const middle = Math.round(y + height / 2);
    const row = rows.get(middle);
    rows.set(middle, { middle, top: Math.min(row?.top ?? Infinity, y), bottom: Math.max(row?.bottom ?? -Infinity, y + height) });
  }
  return [...rows.values()];
}

// A line turns only between rows: within one it is straight, so that it never cuts a tall box beside it.
function straightThroughRows(points: readonly Spot[], rows: readonly Row[]): readonly Spot[] {
  return points.flatMap(([x, y], index): Spot[] => {
    const row = rows.find(({ top, bottom }) => y >= top - 1 && y <= bottom + 1);
    const before = points[index - 1];
    const after = points[index + 1];
    if (!row) return [[x, y]];
    const downward = ((after ?? [x, y])[1] - (before ?? [x, y])[1]) >= 0;
    const [enters, leaves] = downward ? [row.top, row.bottom] : [row.bottom, row.top];
    if (!before) return Math.abs(leaves - y) < 2 ? [[x, y]] : [[x, y], [x, leaves]];
    if (!after) return Math.abs(enters - y) < 2 ? [[x, y]] : [[x, enters], [x, y]];
    return [[x, enters], [x, leaves]];
  });
}

function portsOf(lanes: readonly Bends[], { rects, side }: { rects: ReadonlyMap<string, Rect>; side: "from" | "to" }): readonly number[] {
  const ports = lanes.map(() => 0);
  const atBox = new Map<string, { index: number; towards: number; port: string }[]>();
  for (const [index, { edge, points }] of lanes.entries()) {
    const other = rects.get(side === "from" ? edge.to : edge.from);
    const turn = side === "from" ? points[0] : points.at(-1);
    const towards = turn?.[0] ?? (other ? other.x + other.width / 2 : 0);
    const port = (side === "from" ? edge.port : undefined) ?? String(index);
    const list = atBox.get(edge[side]) ?? [];
    list.push({ index, towards, port });
    atBox.set(edge[side], list);
  }
  for (const [name, list] of atBox) {
    const box = rects.get(name);
    if (!box) continue;
    const places = [...new Set([...list].sort((one, other) => one.towards - other.towards).map(({ port }) => port))];
    const distance = Math.min(portDistance, (box.width - 24) / Math.max(1, places.length - 1));
    const middle = box.x + box.width / 2;
    for (const { index, port, towards } of list) {
      const at = middle + (places.indexOf(port) - (places.length - 1) / 2) * distance;
      // A line that is nearly straight down becomes it.
      ports[index] = Math.abs(towards - at) < 10 && places.length === 1 ? towards : at;
    }
  }
  return ports;
}
