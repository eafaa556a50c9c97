// Where boxes and edges stand: one level at a time, open scopes laid out first and placed as boxes of fixed size.
import { bend } from "./bend";
import { layered } from "./layered";

/** A level as the layout needs it: sizes and relations, no words. */
export interface LayoutLevel {
  readonly scope: string;
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  /** Boxes that take something from outside of the scope, and boxes that something outside takes from. */
  readonly entering?: readonly string[];
  readonly leaving?: readonly string[];
  /** Height of the line that says what of the scope is not drawn. */
  readonly footer?: number;
}

/** A box that wants a place, in pixels. */
export interface LayoutNode {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Holds a laid out level: its size is what that needs. */
  readonly open?: boolean;
  /** Variables that only this box reads: they stand left of it, on its row. */
  readonly beside?: readonly LayoutNode[];
  /** Of an open box with one way in: how far from its left side a line from outside meets it. */
  readonly entry?: number;
  /** As `entry`, of the one way out. */
  readonly exit?: number;
  /** Boxes with the same word are built alike and read the same variables: they share a row where they can. */
  readonly twin?: string;
}

/** An edge as the layout needs it; heavier ones are kept shorter and straighter. */
export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
  readonly weight: number;
  /** Edges of one box with the same port carry the same value. */
  readonly port?: string;
}

/** Levels by scope; a node whose name has a level is drawn open. */
export interface LayoutRequest {
  readonly levels: readonly LayoutLevel[];
}

/** A placed box, in pixels of the whole drawing. */
export interface PlacedNode extends LayoutNode {
  readonly x: number;
  readonly y: number;
  readonly open: boolean;
  readonly depth: number;
}

/** A place: x to the right, y down. */
export type Spot = readonly [number, number];

/** A line. From or to the name of the opened scope itself: it comes from outside, or goes there. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** The line's turning points, from its start to its arrow. */
  readonly points: readonly Spot[];
  /** Closes a circle: it leads upwards. */
  readonly back?: boolean;
}

/** A whole drawing's places. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** A box with its place in its own level. */
export type Rect = LayoutNode & { readonly x: number; readonly y: number };

/** One level on its own, wherever its origin is. */
export interface Flat {
  readonly nodes: readonly Rect[];
  readonly edges: readonly PlacedEdge[];
}

const innerPadding = 16;
/** Header of an open scope, and of one within another. */
const headerHeights = { outer: 26, inner: 22 };
/** An open scope is at least as wide as its header's words may need. */
const leastOpenWidth = 240;

/** Height of the header of a scope at this depth, the whole graph's own boxes being at 0. */
export function headerHeight(depth: number): number {
  return depth === 0 ? headerHeights.outer : headerHeights.inner;
}

/** Lays out the whole graph's level and all open scopes in it. The same request gives the same picture. */
export function layoutGraph({ levels }: LayoutRequest): Layout {
  return layoutLevel("", new Map(levels.map((level) => [level.scope, level])), 0);
}

function layoutLevel(scope: string, levels: ReadonlyMap<string, LayoutLevel>, depth: number): Layout {
  const level = levels.get(scope);
  if (!level || level.nodes.length === 0) return { width: 0, height: 0, nodes: [], edges: [] };
  const inner = new Map<string, Layout>();
  const sized = level.nodes.map((node): LayoutNode => {
    if (!levels.has(node.name) || node.name === scope) return node;
    const inside = layoutLevel(node.name, levels, depth + 1);
    inner.set(node.name, inside);
    return openBox(node, inside, { header: headerHeight(depth), footer: levels.get(node.name)?.footer ?? 0 });
  });
  const placed = atOrigin(bend({ ...level, nodes: sized }) ?? layered({ ...level, nodes: sized }));
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [...placed.edges];
  for (const node of placed.nodes) {
    const inside = inner.get(node.name);
    nodes.push({ ...node, open: inside !== undefined, depth });
    if (!inside) continue;
    const by = [node.x + (node.width - inside.width) / 2, node.y + headerHeight(depth) + innerPadding] as const;
    nodes.push(...inside.nodes.map((one) => ({ ...one, x: one.x + by[0], y: one.y + by[1] })));
    const ends = { top: node.y + headerHeight(depth), bottom: node.y + node.height };
    edges.push(...inside.edges.map((edge) => toBorder(moved(edge, by), node.name, ends)));
  }
  return { width: placed.width, height: placed.height, nodes, edges };
}

function openBox(node: LayoutNode, inside: Layout, { header, footer }: { header: number; footer: number }): LayoutNode {
  const width = Math.max(leastOpenWidth, node.width, inside.width + 2 * innerPadding);
  const only = (spots: readonly (Spot | undefined)[]): number | undefined => (spots.length === 1 && spots[0] ? spots[0][0] + (width - inside.width) / 2 : undefined);
  const entry = only(inside.edges.filter(({ from }) => from === node.name).map(({ points }) => points[0]));
  const exit = only(inside.edges.filter(({ to }) => to === node.name).map(({ points }) => points.at(-1)));
  return {
    name: node.name, width, height: header + inside.height + 2 * innerPadding + footer, open: true,
    ...(entry === undefined ? {} : { entry }), ...(exit === undefined ? {} : { exit }), ...(node.twin === undefined ? {} : { twin: node.twin }),
  };
}

/** Lines from and to the outside reach to the header and the lower edge of their scope. */
function toBorder(edge: PlacedEdge, scope: string, { top, bottom }: { top: number; bottom: number }): PlacedEdge {
  const { from, to, points } = edge;
  const [first, last] = [points[0], points.at(-1)];
  if (from === scope && first) return { ...edge, points: [[first[0], top], ...points.slice(1)] };
  if (to === scope && last) return { ...edge, points: [...points.slice(0, -1), [last[0], bottom]] };
  return edge;
}

/** Lanes may run outside of all boxes, so the size is that of boxes and lines together. */
function atOrigin({ nodes, edges }: Flat): Flat & { readonly width: number; readonly height: number } {
  const corners: readonly Spot[] = [
    ...nodes.flatMap(({ x, y, width, height }) => [[x, y], [x + width, y + height]] as const), ...edges.flatMap(({ points }) => points),
  ];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of corners) [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  return {
    nodes: nodes.map((node) => ({ ...node, x: Math.round(node.x - left), y: Math.round(node.y - top) })),
    edges: edges.map((edge) => moved(edge, [-left, -top])),
    width: Math.ceil(right - left),
    height: Math.ceil(bottom - top),
  };
}

function moved(edge: PlacedEdge, [dx, dy]: Spot): PlacedEdge {
  return { ...edge, points: edge.points.map(([x, y]) => [x + dx, y + dy] as const) };
}
