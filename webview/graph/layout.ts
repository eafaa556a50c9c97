// Where boxes and edges stand: one level at a time, open scopes laid out first and placed as boxes of fixed size.
import { bend } from "./bend";
import { rank } from "./rank";

/** A level as the layout needs it: sizes and relations, no words. */
export interface LayoutLevel {
  readonly scope: string;
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

export interface LayoutNode {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Holds a laid out level: its size is what that needs. */
  readonly open?: boolean;
}

export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
  readonly weight: number;
  /** Edges of one box with the same port leave it at one place: they carry the same values. */
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

export type Spot = readonly [number, number];

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** The line's turning points, from its start to its arrow. */
  readonly points: readonly Spot[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** One level on its own, origin at its top left. */
export interface Flat {
  readonly nodes: readonly (LayoutNode & { readonly x: number; readonly y: number })[];
  readonly edges: readonly PlacedEdge[];
}

const innerPadding = 16;
/** Header of an open scope. */
export const headerHeight = 26;
/** An open scope is at least as wide as its header's words may need. */
const leastOpenWidth = 300;

/** Lays out the whole graph's level and all open scopes in it. The same request gives the same picture. */
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
      height: headerHeight + inside.height + 2 * innerPadding,
      open: true,
    };
  });
  const placed = atOrigin(bend({ ...level, nodes: sized }) ?? rank({ ...level, nodes: sized }));
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [...placed.edges];
  for (const node of placed.nodes) {
    const inside = inner.get(node.name);
    nodes.push({ ...node, open: inside !== undefined, depth });
    if (!inside) continue;
    const by = [node.x + (node.width - inside.width) / 2, node.y + headerHeight + innerPadding] as const;
    nodes.push(...inside.nodes.map((one) => ({ ...one, x: one.x + by[0], y: one.y + by[1] })));
    edges.push(...inside.edges.map((edge) => moved(edge, by)));
  }
  return { width: placed.width, height: placed.height, nodes, edges };
}

// Lanes may run outside of all boxes, so the size is that of boxes and lines together.
function atOrigin({ nodes, edges }: Flat): Flat & { readonly width: number; readonly height: number } {
  const corners: readonly Spot[] = [
    ...nodes.flatMap(({ x, y, width, height }) => [[x, y], [x + width, y + height]] as const), ...edges.flatMap(({ points }) => points),
  ];
  const left = Math.min(...corners.map(([x]) => x));
  const top = Math.min(...corners.map(([, y]) => y));
  return {
    nodes: nodes.map((node) => ({ ...node, x: Math.round(node.x - left), y: Math.round(node.y - top) })),
    edges: edges.map((edge) => moved(edge, [-left, -top])),
    width: Math.ceil(Math.max(...corners.map(([x]) => x)) - left),
    height: Math.ceil(Math.max(...corners.map(([, y]) => y)) - top),
  };
}

function moved(edge: PlacedEdge, [dx, dy]: Spot): PlacedEdge {
  return { ...edge, points: edge.points.map(([x, y]) => [x + dx, y + dy] as const) };
}

/** An edge as an SVG path whose tangents are vertical at every point; between two points of one row it runs level. */
export function edgePath(points: PlacedEdge["points"]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let [x, y] = first;
  let path = `M${round(x)} ${round(y)}`;
  for (const [nextX, nextY] of rest) {
    const middle = (y + nextY) / 2;
    if (Math.abs(nextX - x) < 0.5) path += `V${round(nextY)}`;
    else if (Math.abs(nextY - y) < 0.5) path += `H${round(nextX)}`;
    else path += `C${round(x)} ${round(middle)} ${round(nextX)} ${round(middle)} ${round(nextX)} ${round(nextY)}`;
    [x, y] = [nextX, nextY];
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
