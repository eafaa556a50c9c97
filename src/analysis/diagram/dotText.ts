// The boxes and edges of a view in Graphviz's language: open scopes are clusters, and Graphviz lays them out anew.
import type { GraphLevel, LevelEdge, LevelNode } from "#model/graph";
import { edgeLabel, edgeKey } from "./drawing";
import { factWords } from "./boxes";
import { drawnNodes, openLevels, type DiagramView, type NumberWords } from "./view";

const shapes: Readonly<Record<LevelNode["kind"], string>> = { scope: "box", variables: "box3d", variable: "box3d", operation: "oval", constant: "plaintext", group: "underline" };

/** The whole of the view. `title` names the graph. */
export function printDot(view: DiagramView, { title, numbers }: { readonly title: string; readonly numbers: NumberWords }): string {
  const levels = new Map(openLevels(view).map((level) => [level.scope, level]));
  const top = levels.get("");
  const printing: Printing = { levels, view, numbers };
  const edges = [...levels.values()].flatMap((level) => edgesOf(level, printing));
  return [
    `digraph ${quoted(title)} {`, "  compound=true;", "  rankdir=TB;", '  node [fontname="sans-serif", fontsize=11, style=rounded];', '  edge [fontname="sans-serif", fontsize=9];',
    ...(top ? boxesOf(top, printing, "  ") : []), ...edges, "}", "",
  ].join("\n");
}

interface Printing {
  readonly levels: ReadonlyMap<string, GraphLevel>;
  readonly view: DiagramView;
  readonly numbers: NumberWords;
}

function boxesOf(level: GraphLevel, printing: Printing, indent: string): readonly string[] {
  return drawnNodes(level, printing.view).flatMap((node) => {
    const inside = innerLevel(node.name, printing);
    if (!inside) return [`${indent}${quoted(node.name)} [label=${quoted([node.label, factWords(node, printing.numbers)].filter(Boolean).join("\n"))}, shape=${shapes[node.kind]}];`];
    return [`${indent}subgraph ${quoted(clusterOf(node.name))} {`, `${indent}  label=${quoted(node.label)};`, ...boxesOf(inside, printing, `${indent}  `), `${indent}}`];
  });
}

/** The level of an open scope that has something to draw. */
function innerLevel(name: string, { levels, view }: Printing): GraphLevel | undefined {
  const level = name === "" ? undefined : levels.get(name);
  return level && drawnNodes(level, view).length > 0 ? level : undefined;
}

function edgesOf(level: GraphLevel, printing: Printing): readonly string[] {
  const drawn = new Set(drawnNodes(level, printing.view).map(({ name }) => name));
  const done = new Set<string>();
  return level.edges.flatMap((edge) => {
    const key = edgeKey(edge);
    if (!drawn.has(edge.from) || !drawn.has(edge.to) || done.has(key)) return [];
    done.add(key);
    return [edgeLine(edge, printing)];
  });
}

// Graphviz joins boxes only: an edge of a cluster is one of a box inside that is cut at the cluster's border.
function edgeLine(edge: LevelEdge, printing: Printing): string {
  const [from, to] = [boxIn(edge.from, printing), boxIn(edge.to, printing)];
  const label = edgeLabel(edge, printing.numbers);
  const attributes = [
    ...(label ? [`label=${quoted(label)}`] : []), ...(edge.tensors === 0 ? ["style=dashed"] : []), ...(edge.variables ? ['color="#1b7f6b"'] : []),
    ...(from === edge.from ? [] : [`ltail=${quoted(clusterOf(edge.from))}`]), ...(to === edge.to ? [] : [`lhead=${quoted(clusterOf(edge.to))}`]),
  ];
  return `  ${quoted(from)} -> ${quoted(to)}${attributes.length > 0 ? ` [${attributes.join(", ")}]` : ""};`;
}

/** The box itself, or the first one inside an open scope. */
function boxIn(name: string, printing: Printing): string {
  const inside = innerLevel(name, printing);
  const first = inside && drawnNodes(inside, printing.view)[0];
  return first ? boxIn(first.name, printing) : name;
}

function clusterOf(name: string): string {
  return `cluster_${name}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
