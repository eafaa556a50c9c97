// What a drawing of a graph depends on beside the graph: which scopes are open, what is selected, what was asked into the picture.
import type { GraphLevel, LevelNode } from "#model/graph";
import { letterOf } from "../graph/alike";

/** A person's view of a graph. */
export interface DiagramView {
  /** Levels that were read, by scope; the whole graph is the empty name. */
  readonly levels: ReadonlyMap<string, GraphLevel>;
  /** Scopes drawn open, in place. */
  readonly expanded: ReadonlySet<string>;
  /** Boxes that are aside by the rule but were asked into the drawing. */
  readonly broughtIn: ReadonlySet<string>;
  /** Boxes of the drawing that were sent aside. */
  readonly sentAside: ReadonlySet<string>;
  /** Series that were unfolded, by their first box. */
  readonly unfolded: ReadonlySet<string>;
  /** Levels that are drawn although they have very many boxes. */
  readonly drawAnyway?: ReadonlySet<string>;
  readonly selected?: string;
  readonly hoveredEdge?: string;
  /** Operations of a path that is drawn, in its order. */
  readonly path?: readonly string[];
}

/** How numbers are written; the page does it in the person's language. */
export interface NumberWords {
  count(count: number): string;
  counted(count: number, one: string, many: string): string;
}

/** A view of nothing yet. */
export const emptyView: DiagramView = { levels: new Map(), expanded: new Set(), broughtIn: new Set(), sentAside: new Set(), unfolded: new Set() };

/** Boxes that opening shows something inside of. */
export function opens(node: LevelNode): boolean {
  return node.kind === "scope" || (node.kind === "variables" && node.ops > 1);
}

/** Scopes that are open and whose parents are, too, with their levels; letters of equal structure are told apart over all of them. */
export function openLevels({ levels, expanded }: Pick<DiagramView, "levels" | "expanded">): readonly GraphLevel[] {
  const drawn = new Set([...levels.values()].flatMap(({ nodes }) => nodes.map(({ name }) => name)));
  // A name with a slash may be a box of the top level; its written parents are then no boxes at all.
  const closed = (name: string): boolean => drawn.has(name) && !expanded.has(name);
  const known = new Map<string, boolean>();
  const open = [...levels.values()].filter(({ scope }) => scope === "" || (expanded.has(scope) && !isShut(scope, { closed, known })));
  let given = 0;
  return open.map((level) => {
    const letters = new Map<string, string>();
    if (!level.nodes.some(({ alike }) => alike !== undefined)) return level;
    const nodes = level.nodes.map((node) => {
      if (node.alike === undefined) return node;
      const letter = letters.get(node.alike) ?? letterOf(given++);
      letters.set(node.alike, letter);
      return { ...node, alike: letter };
    });
    return { ...level, nodes };
  });
}

/** Whether a scope around a name is closed. What is `known` of other names is not looked for again: scopes may be hundreds deep. */
function isShut(name: string, { closed, known }: { readonly closed: (name: string) => boolean; readonly known: Map<string, boolean> }): boolean {
  const way: string[] = [];
  let within: boolean | undefined;
  for (let at = name; within === undefined; ) {
    way.push(at);
    const end = at.lastIndexOf("/");
    at = at.slice(0, Math.max(0, end));
    within = end < 0 ? false : closed(at) || known.get(at);
  }
  for (const one of way) known.set(one, within);
  return within;
}

/** Boxes of the drawing: all that is not aside, and what was brought in. Constants written in their readers are not among them. */
export function drawnNodes({ nodes }: GraphLevel, { broughtIn, sentAside }: Pick<DiagramView, "broughtIn" | "sentAside">): readonly LevelNode[] {
  const boxes = nodes.filter(({ inReader, name }) => !inReader || broughtIn.has(name));
  const drawn = boxes.filter((node) => !sentAside.has(node.name) && (node.aside === undefined || broughtIn.has(node.name)));
  // A level of which nothing runs in each step would be an empty box.
  return drawn.length > 0 ? drawn : boxes;
}
