// A chain with nested skips (a network that narrows and widens again) is bent at its innermost pair: down at the left, up at
// the right, each skip level between the two boxes that it joins. No rule looks at a name.
import type { Flat, LayoutEdge, LayoutLevel, LayoutNode, PlacedEdge } from "./layout";

const gaps = { rows: 16, columns: 112 };
/** Fewer nested skips than this make no shape worth bending for. */
const leastSkips = 3;

/** Places a level as a bent chain, or says that it is none. */
export function bend({ nodes, edges }: LayoutLevel): Flat | undefined {
  const inside = new Set(nodes.map(({ name }) => name));
  const drawn = edges.filter(({ from, to }) => from !== to && inside.has(from) && inside.has(to));
  const chain = chainOf(nodes, drawn);
  if (!chain) return undefined;
  const at = new Map(chain.map((name, index) => [name, index]));
  const place = (name: string): number => at.get(name) ?? -1;
  const skips = drawn.map((edge) => ({ edge, from: place(edge.from), to: place(edge.to) })).filter(({ from, to }) => Math.abs(to - from) > 1);
  // Nested means: every skip joins places at the same distance from the innermost pair.
  const sum = commonSum(skips.map(({ from, to }) => from + to));
  const nested = skips.filter(({ from, to }) => from + to === sum);
  if (sum === undefined || nested.length < leastSkips || nested.length < skips.length) return undefined;
  return placed({ nodes, edges: drawn, chain, left: Math.ceil(sum / 2) });
}

function commonSum(sums: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const sum of sums) counts.set(sum, (counts.get(sum) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

// All boxes in one line, each fed by the one before it.
function chainOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): readonly string[] | undefined {
  const next = new Map<string, Set<string>>();
  const fed = new Map(nodes.map(({ name }) => [name, 0]));
  for (const { from, to } of edges) {
    const targets = next.get(from) ?? new Set();
    if (targets.has(to)) continue;
    next.set(from, targets.add(to));
    fed.set(to, (fed.get(to) ?? 0) + 1);
  }
  const chain: string[] = [];
  let ready = [...fed].filter(([, count]) => count === 0).map(([name]) => name);
  while (ready.length === 1) {
    const [name] = ready;
    if (name === undefined) break;
    const before = chain.at(-1);
    if (before !== undefined && !next.get(before)?.has(name)) return undefined;
    chain.push(name);
    ready = [];
    for (const target of next.get(name) ?? []) {
      const left = (fed.get(target) ?? 0) - 1;
      fed.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  return chain.length === nodes.length ? chain : undefined;
}

interface Bent {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  readonly chain: readonly string[];
  /** How many boxes of the chain go down at the left. */
  readonly left: number;
}

function placed({ nodes, edges, chain, left }: Bent): Flat {
  const sizes = new Map(nodes.map((node) => [node.name, node]));
  const down = chain.slice(0, left);
  const up = chain.slice(left);
  const widest = (names: readonly string[], which: (node: LayoutNode) => boolean): number =>
    Math.max(0, ...names.flatMap((name) => sizes.get(name) ?? []).filter(which).map(({ width }) => width));
  const [leftWidth, rightWidth] = [widest(down, () => true), widest(up, () => true)];
  // Closed boxes of a column are equally wide: they read as a list.
  const [leftBoxes, rightBoxes] = [widest(down, isClosed), widest(up, isClosed)];
  const rects = new Map<string, Flat["nodes"][number]>();
  let y = 0;
  const rows = Math.max(down.length, up.length);
  for (let row = 0; row < rows; row++) {
    const pair = [down[row - (rows - down.length)], up[up.length - 1 - (row - (rows - up.length))]];
    const height = Math.max(...pair.map((name) => (name === undefined ? 0 : (sizes.get(name)?.height ?? 0))));
    for (const [column, name] of pair.entries()) {
      const size = name === undefined ? undefined : sizes.get(name);
      if (!size) continue;
      const middle = column === 0 ? leftWidth / 2 : leftWidth + gaps.columns + rightWidth / 2;
      const width = isClosed(size) ? (column === 0 ? leftBoxes : rightBoxes) : size.width;
      rects.set(size.name, { ...size, width, x: middle - width / 2, y: y + (height - size.height) / 2 });
    }
    y += height + gaps.rows;
  }
  return { nodes: [...rects.values()], edges: edges.flatMap((edge) => line(edge, { rects, down: new Set(down) })) };
}

function isClosed({ open }: LayoutNode): boolean {
  return open !== true;
}

function line({ from, to }: LayoutEdge, { rects, down }: { rects: ReadonlyMap<string, Flat["nodes"][number]>; down: ReadonlySet<string> }): readonly PlacedEdge[] {
  const start = rects.get(from);
  const end = rects.get(to);
  if (!start || !end) return [];
  if (down.has(from) !== down.has(to)) {
    const y = start.y + start.height / 2;
    const [x, endX] = down.has(from) ? [start.x + start.width, end.x] : [start.x, end.x + end.width];
    const endY = Math.min(end.y + end.height - 8, Math.max(end.y + 8, y));
    return [{ from, to, points: [[x, y], [endX, Math.abs(endY - y) < 1 ? y : endY]] }];
  }
  const middle = start.x + start.width / 2;
  const points = down.has(from)
    ? [[middle, start.y + start.height], [middle, end.y]] as const
    : [[middle, start.y], [middle, end.y + end.height]] as const;
  return [{ from, to, points }];
}
