// A chain with nested skips (a network that narrows and widens again) is bent at its innermost pair: down at the left, up at
// the right, each skip level between the two boxes that it joins. No rule looks at a name.
import type { Flat, LayoutEdge, LayoutLevel, LayoutNode, PlacedEdge, Rect, Spot } from "./layout";

const gaps = { rows: 13, columns: 112, border: 18 };
/** Fewer nested skips than this make no shape worth bending for. */
const leastSkips = 3;

/** A chain in its order, and how many of its boxes go down at the left. */
export interface Bend {
  readonly chain: readonly string[];
  readonly left: number;
  /** Places of the two boxes of a row sum up to this. */
  readonly sum: number;
}

/** The bent chain that a level is, whatever the sizes of its boxes. */
export function bendOf(names: readonly string[], edges: readonly Pick<LayoutEdge, "from" | "to">[]): Bend | undefined {
  const inside = new Set(names);
  const drawn = edges.filter(({ from, to }) => from !== to && inside.has(from) && inside.has(to));
  const chain = chainOf(names, drawn);
  if (!chain) return undefined;
  const at = new Map(chain.map((name, index) => [name, index]));
  const place = (name: string): number => at.get(name) ?? -1;
  const skips = drawn.map((edge) => ({ from: place(edge.from), to: place(edge.to) })).filter(({ from, to }) => Math.abs(to - from) > 1);
  // Nested means: every skip joins places at the same distance from the innermost pair.
  const sum = commonSum(skips.map(({ from, to }) => from + to));
  const nested = skips.filter(({ from, to }) => from + to === sum);
  if (sum === undefined || nested.length < leastSkips || nested.length < skips.length) return undefined;
  return { chain, left: Math.ceil(sum / 2), sum };
}

/** Places a level as a bent chain, or says that it is none. */
export function bend({ scope, nodes, edges, entering = [], leaving = [] }: LayoutLevel): Flat | undefined {
  const names = nodes.map(({ name }) => name);
  const found = bendOf(names, edges);
  if (!found) return undefined;
  const inside = new Set(names);
  const drawn = edges.filter(({ from, to }) => from !== to && inside.has(from) && inside.has(to));
  const flat = placed({ nodes, edges: drawn, ...found });
  return { nodes: flat.nodes, edges: [...flat.edges, ...borders(flat.nodes, { scope, entering, leaving, chain: found.chain })] };
}

/** Into the chain's head from above; out of its tail around the right side, down. */
function borders(rects: readonly Rect[], { scope, entering, leaving, chain }: { scope: string; entering: readonly string[]; leaving: readonly string[]; chain: readonly string[] }): readonly PlacedEdge[] {
  const [head, tail] = [rects.find(({ name }) => name === chain[0]), rects.find(({ name }) => name === chain.at(-1))];
  const right = Math.max(...rects.map(({ x, width }) => x + width)) + gaps.border;
  const bottom = Math.max(...rects.map(({ y, height }) => y + height));
  const edges: PlacedEdge[] = [];
  if (head && entering.includes(head.name)) {
    const x = head.x + head.width / 2;
    edges.push({ from: scope, to: head.name, points: [[x, head.y - 2], [x, head.y]] });
  }
  if (tail && leaving.includes(tail.name)) {
    const y = tail.y + tail.height / 2;
    const points: Spot[] = [[tail.x + tail.width, y], [right, y], [right, bottom]];
    edges.push({ from: tail.name, to: scope, points });
  }
  return edges;
}

function commonSum(sums: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const sum of sums) counts.set(sum, (counts.get(sum) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

// All boxes in one line, each fed by the one before it.
function chainOf(names: readonly string[], edges: readonly Pick<LayoutEdge, "from" | "to">[]): readonly string[] | undefined {
  const next = new Map<string, Set<string>>();
  const fed = new Map(names.map((name) => [name, 0]));
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
  return chain.length === names.length ? chain : undefined;
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
  // Closed boxes of a column are equally wide: they read as a list.
  const columns = [down, up].map((names) => columnOf(names, { sizes, boxes: widest(names, isClosed) }));
  const middles = [columns[0]?.left ?? 0, (columns[0]?.left ?? 0) + (columns[0]?.right ?? 0) + gaps.columns + (columns[1]?.left ?? 0)];
  const rects = new Map<string, Flat["nodes"][number]>();
  let y = 0;
  const rows = Math.max(down.length, up.length);
  for (let row = 0; row < rows; row++) {
    const pair = [down[row - (rows - down.length)], up[up.length - 1 - (row - (rows - up.length))]];
    const height = Math.max(...pair.map((name) => (name === undefined ? 0 : (sizes.get(name)?.height ?? 0))));
    for (const [column, name] of pair.entries()) {
      const size = name === undefined ? undefined : sizes.get(name);
      if (!size) continue;
      const width = isClosed(size) ? (columns[column]?.boxes ?? size.width) : size.width;
      rects.set(size.name, { ...size, width, x: (middles[column] ?? 0) - anchor(size, width), y: y + (height - size.height) / 2 });
    }
    y += height + gaps.rows;
  }
  return { nodes: [...rects.values()], edges: edges.flatMap((edge) => line(edge, { rects, down: new Set(down) })) };
}

/** Where the chain meets a box: its middle, or the way in or out of an open one. */
function anchor({ entry, exit, open }: LayoutNode, width: number): number {
  return open ? (entry ?? exit ?? width / 2) : width / 2;
}

function columnOf(names: readonly string[], { sizes, boxes }: { sizes: ReadonlyMap<string, LayoutNode>; boxes: number }): { readonly boxes: number; readonly left: number; readonly right: number } {
  let [left, right] = [boxes / 2, boxes / 2];
  for (const name of names) {
    const size = sizes.get(name);
    if (!size?.open) continue;
    left = Math.max(left, anchor(size, size.width));
    right = Math.max(right, size.width - anchor(size, size.width));
  }
  return { boxes, left, right };
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
  const goesDown = down.has(from);
  const [out, into] = [start.x + (start.open ? (start.exit ?? start.width / 2) : start.width / 2), end.x + anchor(end, end.width)];
  return [{ from, to, points: goesDown ? [[out, start.y + start.height], [into, end.y]] : [[out, start.y], [into, end.y + end.height]] }];
}
