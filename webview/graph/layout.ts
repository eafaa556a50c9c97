// Where boxes and edges stand: one level at a time by ranks, open scopes laid out first and placed as boxes of fixed size.
import { Graph, layout as dagreLayout } from "@dagrejs/dagre";

/** A level as the layout needs it: sizes and relations, no words. */
export interface LayoutLevel {
  readonly scope: string;
  readonly nodes: readonly { readonly name: string; readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly weight: number }[];
}

/** Levels by scope; a node whose name has a level is drawn open. */
export interface LayoutRequest {
  readonly levels: readonly LayoutLevel[];
}

/** A placed box, in pixels of the whole drawing. */
export interface PlacedNode {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly open: boolean;
  readonly depth: number;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** Path through these points, top to bottom. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const spacing = { ranks: 36, boxes: 28, edges: 14 };
const innerPadding = 16;
const portDistance = 24;
/** Header of an open scope; smaller inside another open one. */
export const headerHeight = (depth: number): number => (depth === 0 ? 26 : 24);
/** An open scope is at least as wide as its header's words may need. */
const leastOpenWidth = 260;

/** Lays out the whole graph's level and all open scopes in it. */
export function layoutGraph({ levels }: LayoutRequest): Layout {
  const byScope = new Map(levels.map((level) => [level.scope, level]));
  return layoutLevel("", byScope, 0);
}

function layoutLevel(scope: string, levels: ReadonlyMap<string, LayoutLevel>, depth: number): Layout {
  const level = levels.get(scope);
  if (!level || level.nodes.length === 0) return { width: 0, height: 0, nodes: [], edges: [] };
  const inner = new Map<string, Layout>();
  const sized = level.nodes.map((node) => {
    if (!levels.has(node.name) || node.name === scope) return node;
    const inside = layoutLevel(node.name, levels, depth + 1);
    inner.set(node.name, inside);
    return {
      name: node.name,
      width: Math.max(leastOpenWidth, node.width, inside.width + 2 * innerPadding),
      height: headerHeight(depth) + inside.height + 2 * innerPadding,
    };
  });
  const placed = rank({ ...level, nodes: sized });
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [...placed.edges];
  for (const node of placed.nodes) {
    const inside = inner.get(node.name);
    nodes.push({ ...node, open: inside !== undefined, depth });
    if (!inside) continue;
    const dx = node.x + (node.width - inside.width) / 2;
    const dy = node.y + headerHeight(depth) + innerPadding;
    nodes.push(...inside.nodes.map((one) => ({ ...one, x: one.x + dx, y: one.y + dy })));
    edges.push(...inside.edges.map((edge) => ({ ...edge, points: edge.points.map(([x, y]) => [x + dx, y + dy] as const) })));
  }
  return { width: placed.width, height: placed.height, nodes, edges };
}

type Flat = { readonly width: number; readonly height: number; readonly nodes: readonly Omit<PlacedNode, "open" | "depth">[]; readonly edges: readonly PlacedEdge[] };

// Ranks by network simplex; the same input gives the same picture.
function rank({ nodes, edges }: LayoutLevel): Flat {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: spacing.boxes, ranksep: spacing.ranks, edgesep: spacing.edges, ranker: "network-simplex", marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, width, height } of nodes) graph.setNode(name, { width, height });
  const drawn = edges.filter(({ from, to }) => from !== to && graph.hasNode(from) && graph.hasNode(to));
  for (const { from, to, weight } of drawn) graph.setEdge(from, to, { weight: Math.max(1, weight), minlen: 1 });
  dagreLayout(graph);
  const boxes = new Map(nodes.map(({ name, width, height }) => {
    const { x = 0, y = 0 } = graph.node(name) as { x?: number; y?: number };
    return [name, { name, width, height, x: Math.round(x - width / 2), y: Math.round(y - height / 2) }] as const;
  }));
  const bends = drawn.map(({ from, to }) => {
    const { points } = graph.edge(from, to) as { points?: readonly { x: number; y: number }[] };
    return { from, to, points: (points ?? []).slice(1, -1).map(({ x, y }) => [x, y] as const) };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { width: finite(width), height: finite(height), nodes: [...boxes.values()], edges: ported(bends, boxes) };
}

function finite(size: number): number {
  return Number.isFinite(size) ? Math.ceil(size) : 0;
}

type Rect = Omit<PlacedNode, "open" | "depth">;

// Edges leave and enter at ports spread in the order of where they go, so that they do not start crossed.
function ported(edges: readonly PlacedEdge[], boxes: ReadonlyMap<string, Rect>): readonly PlacedEdge[] {
  const starts = portsOf(edges, { boxes, side: "from" });
  const ends = portsOf(edges, { boxes, side: "to" });
  return edges.map((edge, index) => {
    const from = boxes.get(edge.from);
    const to = boxes.get(edge.to);
    if (!from || !to) return edge;
    const down = from.y <= to.y;
    const start = [starts[index] ?? from.x + from.width / 2, down ? from.y + from.height : from.y] as const;
    const end = [ends[index] ?? to.x + to.width / 2, down ? to.y : to.y + to.height] as const;
    const middle = cleared(edge.points, { start, end });
    return { ...edge, points: [start, ...middle, end] };
  });
}

// Bends at the very ends only bring kinks between port and lane.
function cleared(points: PlacedEdge["points"], { start, end }: { start: readonly [number, number]; end: readonly [number, number] }): PlacedEdge["points"] {
  const [top, bottom] = start[1] <= end[1] ? [start[1], end[1]] : [end[1], start[1]];
  return points.filter(([, y]) => y > top + 8 && y < bottom - 8);
}

function portsOf(edges: readonly PlacedEdge[], { boxes, side }: { boxes: ReadonlyMap<string, Rect>; side: "from" | "to" }): readonly number[] {
  const ports = edges.map(() => 0);
  const atBox = new Map<string, { index: number; towards: number }[]>();
  for (const [index, edge] of edges.entries()) {
    const other = boxes.get(side === "from" ? edge.to : edge.from);
    const bend = side === "from" ? edge.points[0] : edge.points.at(-1);
    const towards = bend?.[0] ?? (other ? other.x + other.width / 2 : 0);
    const list = atBox.get(edge[side]) ?? [];
    list.push({ index, towards });
    atBox.set(edge[side], list);
  }
  for (const [name, list] of atBox) {
    const box = boxes.get(name);
    if (!box) continue;
    const distance = Math.min(portDistance, (box.width - 24) / Math.max(1, list.length - 1));
    const middle = box.x + box.width / 2;
    // A lone edge goes straight down where its other end stands above or below this box.
    const lone = list.length === 1 ? list[0] : undefined;
    if (lone) {
      ports[lone.index] = Math.abs(lone.towards - middle) < 12 ? lone.towards : middle;
      continue;
    }
    list.sort((one, another) => one.towards - another.towards);
    for (const [place, { index }] of list.entries()) ports[index] = middle + (place - (list.length - 1) / 2) * distance;
  }
  return ports;
}

/** An edge as an SVG path whose tangents are vertical at every point. */
export function edgePath(points: PlacedEdge["points"]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let [x, y] = first;
  let path = `M${round(x)} ${round(y)}`;
  for (const [nextX, nextY] of rest) {
    const middle = (y + nextY) / 2;
    path += Math.abs(nextX - x) < 0.5 ? `V${round(nextY)}` : `C${round(x)} ${round(middle)} ${round(nextX)} ${round(middle)} ${round(nextX)} ${round(nextY)}`;
    [x, y] = [nextX, nextY];
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
