// What of a level stands as one thing in the drawing: a box, a series of alike boxes, a strip of single operations, a box with its variables.
import { appendTo } from "#base/multimap";
import type { GraphLevel, LevelEdge, LevelNode } from "#model/graph";
import { bendOf } from "./bend";
import { foldedEdges } from "./folding";
import { seriesOf, type Series } from "./series";
import { drawnNodes, opens, type DiagramView } from "./view";

/** How a thing is drawn. A row is a scope on one line, as in lists. */
export type Form = "box" | "row" | "series" | "strip";

/** One thing of the drawing. */
export interface Unit {
  /** Its box; of a series or strip one made up for it. */
  readonly node: LevelNode;
  readonly form: Form;
  /** Of a series all of it, of a strip its operations in their order. */
  readonly members: readonly LevelNode[];
  /** Variables that only this operation reads. */
  readonly beside: readonly LevelNode[];
  /** Edges that are only counted in this box. */
  readonly folded: readonly LevelEdge[];
}

/** A level as it is drawn. Edges lead from unit to unit. */
export interface DrawnLevel {
  readonly level: GraphLevel;
  readonly units: readonly Unit[];
  readonly edges: readonly LevelEdge[];
  /** Edges within strips, and from variables to the box that they stand beside. */
  readonly within: readonly LevelEdge[];
  readonly entering: readonly LevelEdge[];
  readonly leaving: readonly LevelEdge[];
}

const mostInStrip = 4;
/** More ways over a border would be a brush, not a picture. */
const mostWays = 6;

/** Groups the boxes of a level that are drawn. */
export function drawnLevel(level: GraphLevel, view: DiagramView): DrawnLevel {
  const nodes = drawnNodes(level, view);
  const names = new Set(nodes.map(({ name }) => name));
  const inside = level.edges.filter(({ from, to }) => names.has(from) && names.has(to));
  const folded = foldedEdges(nodes, inside);
  const hidden = new Set([...folded.values()].flat());
  const kept = inside.filter((edge) => !hidden.has(edge));
  const bent = bendOf([...names], kept) !== undefined;
  const series = seriesOf(nodes, kept, view);
  const strips = bent ? [] : stripsOf(nodes, kept, view);
  const grouped = new Set([...series, ...strips].flatMap(({ members }) => members.map(({ name }) => name)));
  const beside = bent ? new Map<string, LevelNode[]>() : variablesBeside(nodes.filter(({ name }) => !grouped.has(name)), kept);
  const attached = new Set([...beside.values()].flat().map(({ name }) => name));
  const unitOf = new Map<string, string>();
  const units: Unit[] = [];
  const starts = new Map([...series.map((one) => [one, "series"] as const), ...strips.map((one) => [one, "strip"] as const)].map(([one, form]) => [one.members[0]?.name ?? "", { one, form }]));
  for (const node of nodes) {
    const start = starts.get(node.name);
    if (start) {
      for (const { name } of start.one.members) unitOf.set(name, start.one.node.name);
      units.push({ node: start.one.node, form: start.form, members: start.one.members, beside: [], folded: [] });
    } else if (!grouped.has(node.name) && !attached.has(node.name)) {
      const form = bent && node.kind === "scope" && !view.expanded.has(node.name) ? "row" : "box";
      units.push({ node, form, members: [], beside: beside.get(node.name) ?? [], folded: folded.get(node.name) ?? [] });
    }
  }
  const isWithin = ({ from, to }: LevelEdge): boolean => attached.has(from) || (unitOf.has(from) && unitOf.get(from) === unitOf.get(to));
  return {
    level, units, edges: between(kept.filter((edge) => !isWithin(edge)), unitOf),
    within: kept.filter((edge) => isWithin(edge) && !series.some(({ members }) => members.some(({ name }) => name === edge.from))),
    entering: ways(between(level.entering.filter(({ to }) => names.has(to)), unitOf)),
    leaving: ways(between(level.leaving.filter(({ from }) => names.has(from)), unitOf)),
  };
}

function ways(edges: readonly LevelEdge[]): readonly LevelEdge[] {
  return edges.length > mostWays ? [] : edges;
}

/** Edges between units, those of the members of one joined. */
function between(edges: readonly LevelEdge[], unitOf: ReadonlyMap<string, string>): readonly LevelEdge[] {
  const joined = new Map<string, LevelEdge>();
  for (const edge of edges) {
    const [from, to] = [unitOf.get(edge.from) ?? edge.from, unitOf.get(edge.to) ?? edge.to];
    const known = joined.get(`${from}\n${to}`);
    if (!known) joined.set(`${from}\n${to}`, from === edge.from && to === edge.to ? edge : { ...edge, from, to });
    else {
      const { shape: _shape, tensor: _tensor, ...rest } = known;
      joined.set(`${from}\n${to}`, { ...rest, tensors: known.tensors + edge.tensors, control: known.control && edge.control, variables: known.variables && edge.variables });
    }
  }
  return [...joined.values()];
}

/** Single operations of a level of scopes, each feeding only the next: one strip. */
function stripsOf(nodes: readonly LevelNode[], edges: readonly LevelEdge[], { broughtIn }: DiagramView): readonly Series[] {
  if (!nodes.some(({ kind }) => kind === "scope")) return [];
  const single = new Map(nodes.filter((node) => (node.kind === "operation" || node.kind === "variable") && !opens(node) && !broughtIn.has(node.name)).map((node) => [node.name, node]));
  const count = (end: "from" | "to"): Map<string, number> => edges.reduce((counts, edge) => counts.set(edge[end], (counts.get(edge[end]) ?? 0) + 1), new Map<string, number>());
  const [out, into] = [count("from"), count("to")];
  const next = new Map(edges.filter(({ from, to }) => single.has(from) && single.has(to) && out.get(from) === 1 && into.get(to) === 1 && from !== to).map(({ from, to }) => [from, to]));
  const fed = new Set(next.values());
  return [...single.keys()].filter((name) => !fed.has(name) && next.has(name)).flatMap((head): Series[] => {
    const members: LevelNode[] = [];
    for (let name: string | undefined = head; name !== undefined && members.length < mostInStrip; name = next.get(name)) members.push(...[single.get(name)].filter((node) => node !== undefined));
    return members.length < 2 ? [] : [{ members, node: { ...sum(members), name: `${head} …`, label: members.map(({ label }) => label).join(" → "), kind: "operation" } }];
  });
}

function sum(members: readonly LevelNode[]): LevelNode {
  const add = (key: "ops" | "variables" | "parameters"): number => members.reduce((total, node) => total + node[key], 0);
  return { name: "", label: "", kind: "scope", ops: add("ops"), variables: add("variables"), parameters: add("parameters"), reads: [], updates: [] };
}

/** Variables that nothing sets here and one single operation reads, by that operation. */
function variablesBeside(nodes: readonly LevelNode[], edges: readonly LevelEdge[]): Map<string, LevelNode[]> {
  const at = new Map(nodes.map((node) => [node.name, node]));
  const set = new Set(edges.map(({ to }) => to));
  const found = new Map<string, LevelNode[]>();
  for (const node of nodes) {
    if (node.kind !== "variable" || set.has(node.name)) continue;
    const readers = edges.filter(({ from }) => from === node.name);
    const [only] = readers;
    if (readers.length !== 1 || !only || at.get(only.to)?.kind !== "operation") continue;
    appendTo(found, only.to, node);
  }
  return found;
}
