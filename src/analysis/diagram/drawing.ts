// From a view and a layout to a drawing: which boxes are placed, what each says, how each edge looks. No ink yet.
import type { GraphLevel, LevelEdge, LevelNode, RestingPart } from "#model/graph";
import { isWithin } from "#model/scopedName";
import { boxOf, edgeWidth, partWidth, shapeWords, shortAmount, stripGaps, type Box, type Wording } from "./boxes";
import { detours } from "./detours";
import type { Layout, LayoutNode, LayoutRequest, PlacedEdge, PlacedNode } from "./layout";
import { crossingGaps } from "./linePath";
import type { Spot } from "./layout";
import { drawnLevel, type DrawnLevel, type Unit } from "./units";
import { openLevels, type DiagramView, type NumberWords } from "./view";

/** Height of the line below an open scope that says what of it is not drawn. */
export const footerHeight = 28;

/** What the worker is asked: sizes from words, relations from edges. */
export function layoutRequest(view: DiagramView, wording: Wording): LayoutRequest {
  return {
    levels: openLevels(view).map((level) => {
      const drawn = drawnLevel(level, view);
      return {
        scope: level.scope,
        nodes: drawn.units.map((unit) => sized(unit, wording)),
        // Chains of data stay straight before control edges do.
        edges: drawn.edges.map(({ from, to, tensors, variables, tensor }) => ({
          from, to, weight: tensors === 0 ? 1 : tensors >= 40 ? 4 : 2, port: variables ? "variables" : tensor,
        })),
        entering: drawn.entering.map(({ to }) => to),
        leaving: [...new Set(drawn.leaving.map(({ from }) => from))],
        footer: level.resting.length > 0 ? footerHeight : 0,
      };
    }),
  };
}

function sized(unit: Unit, wording: Wording): LayoutNode {
  const { width, height } = boxOf(unit, wording);
  const { alike, reads } = unit.node;
  const beside = unit.beside.map((node) => sized({ node, form: "box", members: [], beside: [], folded: [] }, wording));
  return { name: unit.node.name, width, height, ...(beside.length > 0 ? { beside } : {}), ...(alike !== undefined && reads.length > 0 ? { twin: [alike, ...reads].join("\n") } : {}) };
}

/** A box in its place. */
export interface DrawnBox {
  readonly box: Box;
  readonly at: PlacedNode;
  /** Within a strip: no outline of its own. */
  readonly part?: boolean;
  /** Of an open scope: what of it does not run in each step. */
  readonly resting?: readonly RestingPart[];
}

/** A line with what it says. */
export interface DrawnEdge {
  readonly key: string;
  readonly edge: LevelEdge;
  readonly at: PlacedEdge;
  readonly width: number;
  readonly kind: "tensors" | "variables" | "control";
  /** Ends at the lower edge of its scope and goes on outside. */
  readonly leaves: boolean;
  /** Only kept for gradients: drawn quietly. */
  readonly quiet: boolean;
  /** Touches the selection or the pointer. */
  readonly lit: boolean;
  /** Says its word at rest, too: one scope waits for another. */
  readonly labelled: boolean;
  readonly label: string;
  /** Pixels that the label takes; 0 where none is shown. */
  readonly labelWidth: number;
  readonly words: string;
  /** Pieces where it passes over an earlier line. */
  readonly gaps: readonly (readonly [Spot, Spot])[];
}

/** All that is to be drawn, in pixels. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly DrawnBox[];
  readonly edges: readonly DrawnEdge[];
}

/** Joins a layout with what its boxes and edges say. What the layout does not know yet is left out until the next one. */
export function drawingOf(view: DiagramView, layout: Layout, wording: Wording): Drawing {
  const levels = openLevels(view).map((level) => drawnLevel(level, view));
  const places = new Map(layout.nodes.map((at) => [at.name, at]));
  const boxes = levels.flatMap((level) => boxesOf(level, { places, view, wording }));
  const kinds = new Map(boxes.map(({ box }) => [box.node.name, box.node]));
  const edges = new Map(levels.flatMap(({ edges: all, within, entering, leaving }) => [...all, ...within, ...entering, ...leaving].map((edge) => [edgeKey(edge), edge] as const)));
  const unfolded = levels.flatMap((level) => unfoldedIn(level, { layout, places, view }));
  const lines = [...layout.edges, ...unfolded.map(({ at }) => at), ...levels.flatMap((level) => stripLines(level, places, wording))];
  for (const { at, edge } of unfolded) edges.set(edgeKey(at), edge);
  const known = lines.filter((at) => edges.has(edgeKey(at)));
  const ordered = [...known].sort((one, other) => lightOf(one, { edges, view }) - lightOf(other, { edges, view }));
  const gaps = crossingGaps(ordered);
  const besides = new Set(levels.flatMap(({ units }) => units.flatMap(({ beside }) => beside.map(({ name }) => name))));
  const drawn = ordered.map((at, index) => drawnEdge(at, { edge: edges.get(edgeKey(at)), kinds, view, wording, gaps: gaps[index] ?? [], beside: besides.has(at.from) }));
  return { width: layout.width, height: layout.height, boxes, edges: drawn };
}

function lightOf(at: PlacedEdge, { edges, view }: { edges: ReadonlyMap<string, LevelEdge>; view: DiagramView }): number {
  const edge = edges.get(edgeKey(at));
  return edge && isLit(edge, view) ? 1 : 0;
}

interface Placing {
  readonly places: ReadonlyMap<string, PlacedNode>;
  readonly view: DiagramView;
  readonly wording: Wording;
}

function boxesOf({ units }: DrawnLevel, { places, view, wording }: Placing): readonly DrawnBox[] {
  return units.flatMap((unit): DrawnBox[] => {
    const at = places.get(unit.node.name);
    if (!at) return [];
    const box = boxOf(unit, wording);
    const resting = at.open ? view.levels.get(unit.node.name)?.resting : undefined;
    const beside = unit.beside.flatMap((node): DrawnBox[] => {
      const own = places.get(node.name);
      return own ? [{ box: boxOf({ node, form: "box", members: [], beside: [], folded: [] }, wording), at: own }] : [];
    });
    return [{ box, at, ...(resting ? { resting } : {}) }, ...beside, ...(unit.form === "strip" ? partsOf(unit, at, wording) : [])];
  });
}

/** The operations of a strip, side by side. */
function partsOf({ members }: Unit, strip: PlacedNode, wording: Wording): readonly DrawnBox[] {
  let x = strip.x + stripGaps.ends;
  return members.map((node): DrawnBox => {
    const box = boxOf({ node, form: "box", members: [], beside: [], folded: [] }, wording);
    const width = partWidth(node, wording.measure);
    const at = { name: node.name, x, y: strip.y + 5, width, height: 18, open: false, depth: strip.depth };
    x += width + stripGaps.arrow;
    return { box: { ...box, facts: "", width, height: 18 }, at, part: true };
  });
}

function stripLines({ units }: DrawnLevel, places: ReadonlyMap<string, PlacedNode>, wording: Wording): readonly PlacedEdge[] {
  return units.filter(({ form }) => form === "strip").flatMap((unit) => {
    const strip = places.get(unit.node.name);
    const parts = strip ? partsOf(unit, strip, wording) : [];
    return parts.slice(1).map(({ at }, index): PlacedEdge => {
      const before = parts[index]?.at ?? at;
      const y = at.y + at.height / 2;
      return { from: before.name, to: at.name, points: [[before.x + before.width + 4, y], [at.x - 4, y]] };
    });
  });
}

/** A folded edge has no lane: while its end is selected, or a path leads along it, it finds a way between the boxes of its level. */
function unfoldedIn({ level, units }: DrawnLevel, { layout, places, view }: Pick<Placing, "places" | "view"> & { readonly layout: Layout }): readonly { readonly at: PlacedEdge; readonly edge: LevelEdge }[] {
  const wanted = new Map(units.flatMap(({ folded }) => folded).filter((edge) => isLit(edge, view)).map((edge) => [edgeKey(edge), edge]));
  if (wanted.size === 0) return [];
  const boxes = new Map(units.flatMap(({ node, beside }) => [node, ...beside].flatMap(({ name }) => {
    const at = places.get(name);
    return at ? [[name, at] as const] : [];
  })));
  const room = places.get(level.scope) ?? { x: 0, y: 0, width: layout.width, height: layout.height };
  const lines = layout.edges.filter(({ from, to }) => boxes.has(from) || boxes.has(to));
  return detours([...wanted.values()], { boxes, lines, room }).flatMap((at) => {
    const edge = wanted.get(edgeKey(at));
    return edge ? [{ at, edge }] : [];
  });
}

/** Whether one of a path's steps leads along this edge; one over a scope's border has only one end in it. */
function onPath({ from, to }: LevelEdge, path: readonly string[]): boolean {
  const entering = isWithin(to, from);
  const leaving = isWithin(from, to);
  return path.some((name, index) => {
    const next = path[index + 1];
    return next !== undefined && isWithin(name, from) !== entering && isWithin(next, to) !== leaving;
  });
}

/** Names an edge of the drawing. */
export function edgeKey({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${from} → ${to}`;
}

function isLit(edge: LevelEdge, { selected, hoveredEdge, path }: DiagramView): boolean {
  if (hoveredEdge === edgeKey(edge) || (path && onPath(edge, path))) return true;
  // Other edges of what the path passes would be taken for its own.
  if (selected === undefined || path?.some((name) => isWithin(name, selected))) return false;
  return edge.from === selected || edge.to === selected;
}

interface Saying {
  readonly edge: LevelEdge | undefined;
  readonly kinds: ReadonlyMap<string, LevelNode>;
  readonly view: DiagramView;
  readonly wording: Wording;
  readonly gaps: DrawnEdge["gaps"];
  /** From a variable to the operation beside it: the variable tells its shape itself. */
  readonly beside: boolean;
}

function drawnEdge(at: PlacedEdge, { edge = { ...at, tensors: 1, control: false, variables: false }, kinds, view, wording: { measure, numbers }, gaps, beside }: Saying): DrawnEdge {
  const control = edge.tensors === 0;
  const lit = isLit(edge, view);
  const quiet = !control && !edge.variables && (kinds.get(edge.to)?.updates.length ?? 0) > 0 && edge.tensors >= 10;
  const width = control ? 1.25 : edgeWidth(edge.tensors);
  const scopes = kinds.get(edge.from)?.kind === "scope" && kinds.get(edge.to)?.kind === "scope";
  const label = beside ? "" : edgeLabel(edge, numbers);
  const labelled = label !== "" && (lit || (control && scopes));
  return {
    key: edgeKey(edge), edge, at, gaps, quiet, leaves: edge.from.startsWith(`${edge.to}/`), lit, label, words: edgeWords(edge, numbers), width: quiet && !lit ? Math.min(2.5, width) : width,
    kind: control ? "control" : edge.variables ? "variables" : "tensors",
    labelled, labelWidth: labelled ? Math.max(measure(label, control ? "facts" : "mono"), quiet ? measure(quietWords, "facts") : 0) : 0,
  };
}

/** Why a quiet edge is there; below its label. */
export const quietWords = "kept for gradients";

/** Beside a lit edge: the shape of its one tensor, or how many there are. */
export function edgeLabel({ tensors, shape }: LevelEdge, numbers: NumberWords): string {
  if (tensors === 0) return "runs after";
  if (tensors === 1) return shapeWords(shape);
  return numbers.counted(tensors, "tensor", "tensors");
}

/** In the status line, and for those who hear it. */
export function edgeWords({ from, to, tensors, shape, control, variables, tensor, dtype }: LevelEdge, numbers: NumberWords): string {
  if (tensors === 0) return `${to} runs after ${from}`;
  if (tensor !== undefined) return [`${tensor} → ${to}`, dtype, shapeWords(shape), bytesOf(shape, dtype), control ? "and runs after it" : ""].filter(Boolean).join(", ");
  const what = variables ? "values of variables" : numbers.counted(tensors, "tensor", "tensors");
  return `${from} → ${to}, ${what}${tensors === 1 && shape ? `, ${shapeWords(shape)}` : ""}${control ? ", and runs after it" : ""}`;
}

/** Memory of a tensor: `262 kB`; empty where its shape or the size of its elements is not known. */
function bytesOf(shape: string | undefined, dtype = ""): string {
  const each = dtype === "bool" ? 1 : dtype === "half" ? 2 : Number(/\d+$/.exec(dtype)?.[0]) / 8;
  const bytes = shape === "scalar" ? each : (shape ?? "?").split("×").reduce((product, size) => product * Number(size), each);
  return bytes >= 0 ? `${shortAmount(bytes)}${bytes < 1000 ? " " : ""}B` : "";
}

/** Tensors between the selection and each box aside of a level: a mark instead of a line. */
export function asideLinks(level: GraphLevel | undefined, selected: string | undefined): ReadonlyMap<string, number> {
  const links = new Map<string, number>();
  if (selected === undefined) return links;
  for (const { from, to, tensors } of level?.edges ?? []) {
    const other = from === selected ? to : to === selected ? from : undefined;
    if (other !== undefined) links.set(other, (links.get(other) ?? 0) + Math.max(1, tensors));
  }
  return links;
}
