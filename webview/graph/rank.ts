// The usual level: ranks from top to bottom in the order of execution, lanes between the boxes, ports in the order of targets.
import { Graph, layout as dagreLayout } from "@dagrejs/dagre";
import type { Flat, LayoutEdge, LayoutLevel, LayoutNode, PlacedEdge, Spot } from "./layout";

const spacing = { ranks: 36, boxes: 28, edges: 14 };
const portDistance = 24;
/** Boxes without edges fill rows of at least this width. */
const rowWidth = 720;

type Rect = Flat["nodes"][number];
type Bends = { readonly edge: LayoutEdge; readonly points: readonly Spot[] };

/** Places a level by ranks; boxes without an edge stand below in rows. Edges to names that are not on the level are left out. */
export function rank({ scope, nodes, edges }: LayoutLevel): Flat {
  const known = new Set(nodes.map(({ name }) => name));
  const drawn = edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const touched = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  const main = ranked({ scope, nodes: nodes.filter(({ name }) => touched.has(name)), edges: drawn });
  return { nodes: [...main.nodes, ...inRows(nodes.filter(({ name }) => !touched.has(name)), main.nodes)], edges: main.edges };
}

// As wide as what stands above, but never one long line.
function inRows(alone: readonly LayoutNode[], above: readonly Rect[]): readonly Rect[] {
  const left = Math.min(0, ...above.map(({ x }) => x));
  const right = Math.max(left + rowWidth, ...above.map(({ x, width }) => x + width));
  let x = left;
  let y = above.length === 0 ? 0 : Math.max(...above.map((rect) => rect.y + rect.height)) + spacing.ranks;
  let tallest = 0;
  return alone.map((node) => {
    if (x > left && x + node.width > right) {
      x = left;
      y += tallest + spacing.edges;
      tallest = 0;
    }
    const rect = { ...node, x, y };
    x += node.width + spacing.boxes;
    tallest = Math.max(tallest, node.height);
    return rect;
  });
}

function ranked({ nodes, edges }: LayoutLevel): Flat {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: spacing.boxes, ranksep: spacing.ranks, edgesep: spacing.edges, ranker: "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, width, height } of nodes) graph.setNode(name, { width, height });
  for (const { from, to, weight } of edges) graph.setEdge(from, to, { weight: Math.max(1, weight), minlen: 1 });
  dagreLayout(graph);
  const rects = nodes.map(({ name, width, height }): Rect => {
    const { x = 0, y = 0 } = graph.node(name) as { x?: number; y?: number };
    return { name, width, height, x: x - width / 2, y: y - height / 2 };
  });
  const bends = edges.map((edge): Bends => {
    const { points } = graph.edge(edge.from, edge.to) as { points?: readonly { x: number; y: number }[] };
    const inner = (points ?? []).slice(1, -1).map(({ x, y }) => [x, y] as const);
    // Between neighbouring rows there is nothing to go around, so no turn is needed.
    return { edge, points: inner.length > 1 ? inner : [] };
  });
  const mirror = readsBetterMirrored(rects);
  const turned = mirror ? rects.map((rect) => ({ ...rect, x: -rect.x - rect.width })) : rects;
  const lanes = mirror ? bends.map(({ edge, points }) => ({ edge, points: points.map(([x, y]) => [-x, y] as const) })) : bends;
  const flat = twinsInOrder(turned, lanes);
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

// Boxes fed by the same and read by the same may trade places where no lane leads to them.
function twinsInOrder(rects: readonly Rect[], lanes: readonly Bends[]): readonly Rect[] {
  const twins = new Map<string, Rect[]>();
  for (const rect of rects) {
    const own = lanes.filter(({ edge: { from, to } }) => from === rect.name || to === rect.name);
    if (own.some(({ points }) => points.length > 0)) continue;
    const around = own.map(({ edge: { from, to } }) => (from === rect.name ? `to ${to}` : `from ${from}`));
    const key = [rect.y, rect.height, ...around.sort()].join("\n");
    twins.set(key, [...(twins.get(key) ?? []), rect]);
  }
  const places = new Map<string, number>();
  for (const group of twins.values()) {
    const middles = group.map(({ x, width }) => x + width / 2).sort((one, other) => one - other);
    for (const [index, { name }] of group.entries()) places.set(name, middles[index] ?? 0);
  }
  return rects.map((rect) => ({ ...rect, x: (places.get(rect.name) ?? rect.x + rect.width / 2) - rect.width / 2 }));
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
      ports[index] = Math.abs(towards - at) < 10 && list.length === 1 ? towards : at;
    }
  }
  return ports;
}
