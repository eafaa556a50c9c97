// The usual level: rows from top to bottom in the order of execution, lanes between the boxes, variables left of their reader.
import { appendTo } from "#base/multimap";
import { rankBoxes, type FlowEdge } from "./flow";
import type { Flat, LayoutEdge, LayoutLevel, LayoutNode, PlacedEdge, Rect } from "./layout";
import { routeLines, type Line } from "./lines";
import { crossingsOf, orderRows, type RowItem } from "./rowOrder";
import { placeRows, type Pull, type Standing } from "./rowPlaces";

const rowGaps = { rows: 35, beforeOpen: 46, afterOpen: 58, inner: 26, border: 12 };
const gaps = { boxes: 28, lanes: 16 };
/** Between a variable and the operation that reads it, and between two such variables. */
const besideGaps = { reader: 48, rows: 6 };
/** Each costs as much as placing all rows once. */
const mostTries = 8;
/** Boxes without edges fill rows of at least this width. */
const rowWidth = 720;

/** Places a level by rows; boxes without an edge stand below in rows of their own. Edges to names that are not there are left out. */
export function layered(level: LayoutLevel): Flat {
  const known = new Set(level.nodes.map(({ name }) => name));
  const edges = level.edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const borders = { entering: inside(level.entering, known), leaving: inside(level.leaving, known) };
  const touched = new Set([...edges.flatMap(({ from, to }) => [from, to]), ...borders.entering, ...borders.leaving]);
  const joined = level.nodes.filter(({ name, beside = [] }) => touched.has(name) || beside.length > 0);
  const main = joined.length === 0 ? { nodes: [], edges: [] } : placed({ ...borders, scope: level.scope, nodes: joined, edges });
  const alone = level.nodes.filter((node) => !joined.includes(node));
  // What leads out of a scope goes on straight down: nothing may stand below it.
  const rows = borders.leaving.length > 0 ? besideRows(alone, main) : inRows(alone, belowOf(main.nodes));
  return { nodes: [...main.nodes, ...rows], edges: main.edges };
}

function inside(names: readonly string[] = [], known: ReadonlySet<string>): readonly string[] {
  return names.filter((name) => known.has(name));
}

/** Where rows of boxes begin, and how far they reach. */
interface Room {
  readonly left: number;
  readonly top: number;
  readonly right: number;
}

/** As wide as what stands above, but never one long line. */
function belowOf(above: readonly Rect[]): Room {
  const left = above.length === 0 ? 0 : Math.min(...above.map(({ x }) => x));
  const top = above.length === 0 ? 0 : Math.max(...above.map((rect) => rect.y + rect.height)) + rowGaps.rows;
  return { left, top, right: Math.max(left + rowWidth, ...above.map(({ x, width }) => x + width)) };
}

/** Right of the others, about as high as they are. */
function besideRows(alone: readonly LayoutNode[], { nodes: others, edges }: Flat): readonly Rect[] {
  const [top, bottom] = [Math.min(...others.map(({ y }) => y)), Math.max(...others.map(({ y, height }) => y + height))];
  const left = Math.max(...others.map(({ x, width }) => x + width), ...edges.flatMap(({ points }) => points.map(([x]) => x))) + gaps.boxes;
  const area = alone.reduce((sum, { width, height }) => sum + (width + gaps.boxes) * (height + gaps.lanes), 0);
  return inRows(alone, { left, top, right: left + Math.max(area / Math.max(1, bottom - top), ...alone.map(({ width }) => width)) });
}

function inRows(alone: readonly LayoutNode[], { left, top, right }: Room): readonly Rect[] {
  let [x, y, tallest] = [left, top, 0];
  return alone.map((node) => {
    if (x > left && x + node.width > right) [x, y, tallest] = [left, y + tallest + gaps.lanes, 0];
    const rect = { ...node, x, y };
    x += node.width + gaps.boxes;
    tallest = Math.max(tallest, node.height);
    return rect;
  });
}

interface Borders {
  readonly scope: string;
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  readonly entering: readonly string[];
  readonly leaving: readonly string[];
}

/** An item of a row with what it is. */
interface Item {
  readonly row: number;
  readonly made: number;
  readonly above: number[];
  readonly below: number[];
  readonly node?: LayoutNode;
  readonly lane?: number;
}

function placed({ scope, nodes, edges, entering, leaving }: Borders): Flat {
  const at = new Map(nodes.map(({ name }, index) => [name, index]));
  const place = (name: string): number => at.get(name) ?? 0;
  const flow = edges.map(({ from, to, weight }): FlowEdge => ({ from: place(from), to: place(to), weight: Math.max(1, weight) }));
  const { rank, turned } = rankBoxes(nodes.length, flow, twinsOf(nodes));
  const first = entering.length > 0 ? 1 : 0;
  const last = Math.max(...rank) + first + 1;
  const items = nodes.map((node, index): Item => ({ row: (rank[index] ?? 0) + first, made: index, above: [], below: [], node }));
  const lines: Line[] = edges.map((edge, index) => {
    const back = turned[index] ?? false;
    const ends = back ? [edge.to, edge.from] : [edge.from, edge.to];
    return { from: edge.from, to: edge.to, path: pathOf(items, { from: place(ends[0] ?? ""), to: place(ends[1] ?? ""), lane: index }), back, weight: edge.weight, port: edge.port };
  });
  const border = (name: string, row: number): number => items.push({ row, made: place(name), above: [], below: [], lane: items.length + edges.length }) - 1;
  for (const [index, name] of entering.entries()) {
    lines.push({ from: scope, to: name, path: pathOf(items, { from: border(name, 0), to: place(name), lane: -2 * index - 2 }), back: false, weight: 2 });
  }
  for (const [index, name] of leaving.entries()) {
    lines.push({ from: name, to: scope, path: pathOf(items, { from: place(name), to: border(name, last), lane: -2 * index - 3 }), back: false, weight: 2 });
  }
  return stand(items, { lines, nodes, outer: scope === "" });
}

/** Boxes with the same twin word, by their places. */
function twinsOf(nodes: readonly LayoutNode[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  nodes.forEach(({ twin }, index) => {
    if (twin !== undefined) appendTo(groups, twin, index);
  });
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Joins two items by an edge, with a lane in each row between them; answers the items from top to bottom. */
function pathOf(items: Item[], { from, to, lane }: { from: number; to: number; lane: number }): readonly number[] {
  const path = [from];
  const made = items[from]?.made ?? 0;
  for (let row = (items[from]?.row ?? 0) + 1; row < (items[to]?.row ?? 0); row++) path.push(items.push({ row, made, above: [], below: [], lane }) - 1);
  path.push(to);
  path.slice(1).forEach((item, index) => {
    items[path[index] ?? 0]?.below.push(item);
    items[item]?.above.push(path[index] ?? 0);
  });
  return path;
}

function stand(items: readonly Item[], { lines, nodes, outer }: { lines: readonly Line[]; nodes: readonly LayoutNode[]; outer: boolean }): Flat {
  const things = items.map(({ node, lane }): Standing => (node ? reachOf(node) : { left: 0, right: 0, lane: lane ?? -1 }));
  const pulls = lines.flatMap((line) => pullsOf(line, items));
  const rows = narrowest(items, orderRows(items satisfies readonly RowItem[]), (some) => widthOf(things, placeRows(things, { rows: some, pulls, gaps })));
  let x = placeRows(things, { rows, pulls, gaps });
  const tops = rowTops(items, rows, outer);
  const geometry = { items: items.map(({ node, row }, index) => ({ node, row, reach: things[index] ?? { left: 0, right: 0 } })), tops, lines };
  // Once places are known, so are ports; lanes then run straight down from their port.
  const { offsets } = routeLines({ ...geometry, x });
  x = placeRows(things, { rows, gaps, pulls: lines.flatMap((line, index) => pullsOf(line, items, offsets[index])) });
  const { edges, rects } = routeLines({ ...geometry, x });
  const beside = nodes.flatMap((node) => besideOf(node, rects));
  return { nodes: [...rects.values(), ...beside.map(({ rect }) => rect)], edges: [...edges, ...beside.map(({ edge }) => edge)] };
}

/** What nothing feeds may stand at either end of its row: where that crosses no more lines, at the one that makes the picture narrower. */
function narrowest(items: readonly Item[], rows: number[][], widthOf: (rows: readonly (readonly number[])[]) => number): number[][] {
  const isFed = (item: number): boolean => (items[item]?.above.length ?? 0) > 0;
  let tries = 0;
  let best: { readonly rows: number[][]; readonly width: number; readonly crossings: number } | undefined;
  for (const [index, row] of rows.entries()) {
    const [first = -1, last = -1] = [row[0], row.at(-1)];
    const end = [last, first].find((item) => items[item]?.node !== undefined && !isFed(item));
    if (end === undefined || !row.some(isFed) || tries++ >= mostTries) continue;
    best ??= { rows, width: widthOf(rows), crossings: crossingsOf(items, rows) };
    const others = row.filter((item) => item !== end);
    const moved = best.rows.map((before, at) => (at === index ? (end === last ? [end, ...others] : [...others, end]) : before));
    const crossings = crossingsOf(items, moved);
    if (crossings > best.crossings) continue;
    const width = widthOf(moved);
    if (width < best.width - gaps.boxes) best = { rows: moved, width, crossings };
  }
  return best?.rows ?? rows;
}

function widthOf(things: readonly Standing[], x: Float64Array): number {
  let [least, most] = [Infinity, -Infinity];
  things.forEach(({ left, right }, index) => ([least, most] = [Math.min(least, (x[index] ?? 0) - left), Math.max(most, (x[index] ?? 0) + right)]));
  return most - least;
}

/** How far a box reaches left and right from where its lines meet it; variables beside it are part of it. */
function reachOf({ width, beside = [] }: LayoutNode): Standing {
  const widest = Math.max(0, ...beside.map((one) => one.width));
  return { left: width / 2 + (widest === 0 ? 0 : besideGaps.reader + widest), right: width / 2 };
}

function pullsOf({ path, weight }: Line, items: readonly Item[], offsets?: { readonly start: number; readonly end: number }): Pull[] {
  return path.slice(1).map((to, index): Pull => {
    const from = path[index] ?? 0;
    const lanes = [from, to].filter((item) => items[item]?.lane !== undefined).length;
    const start = index === 0 ? (offsets?.start ?? 0) : 0;
    const end = index === path.length - 2 ? (offsets?.end ?? 0) : 0;
    return { from, to, weight: weight * (lanes === 2 ? 20 : lanes === 1 ? 3 : 1), offset: start - end };
  });
}

/** Upper and lower edge of each row. */
function rowTops(items: readonly Item[], rows: readonly (readonly number[])[], outer: boolean): readonly { readonly top: number; readonly bottom: number }[] {
  let y = 0;
  let before: { open: boolean; border: boolean } | undefined;
  const wide = (gap: number): number => (outer ? gap : rowGaps.inner);
  return rows.map((row) => {
    const nodes = row.flatMap((item) => items[item]?.node ?? []);
    const now = { open: nodes.some(({ open }) => open), border: nodes.length === 0 };
    const height = Math.max(0, ...nodes.map(heightOf));
    if (before) y += before.border || now.border ? rowGaps.border : Math.max(outer ? rowGaps.rows : rowGaps.inner, before.open ? wide(rowGaps.afterOpen) : 0, now.open ? wide(rowGaps.beforeOpen) : 0);
    const top = y;
    y += height;
    before = now;
    return { top, bottom: y };
  });
}

/** With the variables beside it. */
function heightOf({ height, beside = [] }: LayoutNode): number {
  return Math.max(height, beside.reduce((sum, one) => sum + one.height + besideGaps.rows, -besideGaps.rows));
}

/** Variables of a box in a column at its left; their lines join to one arrow. */
function besideOf(node: LayoutNode, rects: ReadonlyMap<string, Rect>): readonly { readonly rect: Rect; readonly edge: PlacedEdge }[] {
  const reader = rects.get(node.name);
  if (!reader || !node.beside) return [];
  const widest = Math.max(...node.beside.map(({ width }) => width));
  const middle = reader.y + reader.height / 2;
  let y = middle - node.beside.reduce((sum, { height }) => sum + height + besideGaps.rows, -besideGaps.rows) / 2;
  return node.beside.map((one) => {
    const rect = { ...one, width: widest, x: reader.x - besideGaps.reader - widest, y };
    y += one.height + besideGaps.rows;
    const [start, line] = [rect.x + widest, rect.y + one.height / 2];
    const joint = reader.x - besideGaps.reader / 2;
    const points = Math.abs(line - middle) < 1 ? ([[start, middle], [reader.x, middle]] as const) : ([[start, line], [joint, line], [joint, middle], [reader.x, middle]] as const);
    return { rect, edge: { from: one.name, to: node.name, points } };
  });
}
