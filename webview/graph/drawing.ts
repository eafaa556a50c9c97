// From state and layout to a drawing: which boxes are placed, what each says, how each edge looks. No ink yet.
import type { GraphLevel, LevelEdge, LevelNode } from "#model/graph";
import type { Numbers } from "#kit/numbers";
import { boxOf, edgeWidth, type Box, type Measure } from "./boxes";
import { foldedEdges } from "./folding";
import type { Layout, LayoutRequest, PlacedEdge, PlacedNode } from "./layout";
import { parentsOf, type GraphState } from "./state";

/** Scopes that are open and whose parents are, too, with their levels. */
export function openLevels({ levels, expanded }: GraphState): readonly GraphLevel[] {
  return [...levels.values()].filter(({ scope }) =>
    scope === "" || (expanded.has(scope) && parentsOf(scope).every((parent) => expanded.has(parent) || !isDrawn(levels, parent))));
}

// A name with a slash may be a box of the top level; its written parents are then no boxes at all.
function isDrawn(levels: ReadonlyMap<string, GraphLevel>, name: string): boolean {
  for (const { nodes } of levels.values()) if (nodes.some((node) => node.name === name)) return true;
  return false;
}

/** Boxes of the drawing: all that is not aside, and what was brought in. */
export function drawnNodes({ nodes }: GraphLevel, { broughtIn }: Pick<GraphState, "broughtIn">): readonly LevelNode[] {
  const drawn = nodes.filter(({ aside, name }) => aside === undefined || broughtIn.has(name));
  // A level of which nothing runs in each step would be an empty box.
  return drawn.length > 0 ? drawn : nodes;
}

/** Operations of an open scope that are left out of the drawing. */
export function opsAside(level: GraphLevel | undefined, state: Pick<GraphState, "broughtIn">): number {
  if (!level) return 0;
  const drawn = new Set(drawnNodes(level, state));
  return level.nodes.reduce((sum, node) => (drawn.has(node) ? sum : sum + node.ops), 0);
}

/** What is needed to put words into boxes. */
export interface Wording {
  readonly measure: Measure;
  readonly numbers: Numbers;
}

/** What the worker is asked: sizes from words, relations from edges. */
export function layoutRequest(state: GraphState, wording: Wording): LayoutRequest {
  return { levels: openLevels(state).map((level) => {
    const nodes = drawnNodes(level, state);
    const folded = foldedEdges(nodes, level.edges);
    const hidden = new Set([...folded.values()].flat());
    return {
      scope: level.scope,
      nodes: nodes.map((node) => {
        const { width, height } = boxOf(node, { ...wording, folded: folded.get(node.name)?.length });
        return { name: node.name, width, height };
      }),
      // Chains of data stay straight before control edges do.
      edges: level.edges.filter((edge) => !hidden.has(edge)).map(({ from, to, tensors, variables }) => ({
        from, to, weight: tensors === 0 ? 1 : tensors >= 40 ? 4 : 2, port: variables ? "variables" : undefined,
      })),
    };
  }) };
}

export interface DrawnBox {
  readonly box: Box;
  readonly at: PlacedNode;
}

export interface DrawnEdge {
  readonly key: string;
  readonly edge: LevelEdge;
  readonly at: PlacedEdge;
  readonly width: number;
  readonly kind: "tensors" | "variables" | "control";
  /** Touches the selection or the pointer. */
  readonly lit: boolean;
  /** Says its word at rest, too: one scope waits for another. */
  readonly labelled: boolean;
  readonly label: string;
  readonly words: string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly DrawnBox[];
  readonly edges: readonly DrawnEdge[];
}

/** Joins a layout with what its boxes and edges say. What the layout does not know yet is left out until the next one. */
export function drawingOf(state: GraphState, layout: Layout, wording: Wording): Drawing {
  const { numbers } = wording;
  const levels = openLevels(state);
  const folded = new Map(levels.flatMap((level) => [...foldedEdges(drawnNodes(level, state), level.edges)]));
  const nodes = new Map(levels.flatMap(({ nodes: all }) => all.map((node) => [node.name, node] as const)));
  const edges = new Map(levels.flatMap(({ edges: all }) => all.map((edge) => [edgeKey(edge), edge] as const)));
  const boxes = layout.nodes.flatMap((at) => {
    const node = nodes.get(at.name);
    return node ? [{ box: boxOf(node, { ...wording, folded: folded.get(at.name)?.length }), at }] : [];
  });
  const places = new Map(layout.nodes.map((at) => [at.name, at]));
  const unfolded = [...folded.values()].flat().filter(({ from, to }) => from === state.selected || to === state.selected).flatMap((edge) => straight(edge, places));
  const drawn = [...layout.edges, ...unfolded].flatMap((at): DrawnEdge[] => {
    const edge = edges.get(edgeKey(at));
    if (!edge) return [];
    const scopes = nodes.get(edge.from)?.kind === "scope" && nodes.get(edge.to)?.kind === "scope";
    const drawnOne = drawnEdge(edge, at, { state, numbers });
    return [{ ...drawnOne, labelled: drawnOne.label !== "" && (drawnOne.lit || (drawnOne.kind === "control" && scopes)) }];
  });
  return { width: layout.width, height: layout.height, boxes, edges: drawn };
}

// A folded edge has no lane: while its end is selected it runs straight to its box, below all others.
function straight({ from, to }: LevelEdge, places: ReadonlyMap<string, PlacedNode>): readonly PlacedEdge[] {
  const [start, end] = [places.get(from), places.get(to)];
  if (!start || !end) return [];
  return [{ from, to, points: [[start.x + start.width / 2, start.y + start.height], [end.x + end.width / 2, end.y]] }];
}

export function edgeKey({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${from} → ${to}`;
}

function drawnEdge(edge: LevelEdge, at: PlacedEdge, { state, numbers }: { state: GraphState; numbers: Numbers }): DrawnEdge {
  const control = edge.tensors === 0;
  const key = edgeKey(edge);
  return {
    key, edge, at, labelled: false, width: control ? 1.25 : edgeWidth(edge.tensors), kind: control ? "control" : edge.variables ? "variables" : "tensors",
    lit: state.selected === edge.from || state.selected === edge.to || state.hoveredEdge === key,
    label: edgeLabel(edge, numbers), words: edgeWords(edge, numbers),
  };
}

/** Beside a lit edge: the shape of its one tensor, or how many there are. */
export function edgeLabel({ tensors, shape }: LevelEdge, numbers: Numbers): string {
  if (tensors === 0) return "runs after";
  if (tensors === 1) return shape ?? "";
  return numbers.counted(tensors, "tensor", "tensors");
}

/** In the status line, and for those who hear it. */
export function edgeWords({ from, to, tensors, shape, control, variables }: LevelEdge, numbers: Numbers): string {
  if (tensors === 0) return `${to} runs after ${from}`;
  const what = variables ? "values of variables" : numbers.counted(tensors, "tensor", "tensors");
  return `${from} → ${to}, ${what}${tensors === 1 && shape ? `, ${shape}` : ""}${control ? ", and runs after it" : ""}`;
}

/** The aside column: what does not run in each step, by when it runs. */
export function asideGroups({ levels, broughtIn }: GraphState): readonly { readonly title: string; readonly nodes: readonly LevelNode[] }[] {
  const groups = new Map<string, LevelNode[]>();
  for (const node of levels.get("")?.nodes ?? []) {
    if (node.aside === undefined || broughtIn.has(node.name)) continue;
    const group = groups.get(node.aside);
    if (group) group.push(node);
    else groups.set(node.aside, [node]);
  }
  return [...groups].map(([title, nodes]) => ({ title, nodes }));
}

/** Tensors between the selection and each box aside: a mark instead of a line. */
export function asideLinks({ levels, selected }: GraphState): ReadonlyMap<string, number> {
  const links = new Map<string, number>();
  if (selected === undefined) return links;
  for (const { from, to, tensors } of levels.get("")?.edges ?? []) {
    const other = from === selected ? to : to === selected ? from : undefined;
    if (other !== undefined) links.set(other, (links.get(other) ?? 0) + Math.max(1, tensors));
  }
  return links;
}
