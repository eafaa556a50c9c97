// Edges that would only cross the picture: long ones into a box that updates variables fold into a count in that box.
import type { LevelEdge, LevelNode } from "#model/graph";
import { rankBoxes } from "./flow";

/** A lane this wide tells something of its own and stays. */
const mostFolded = 200;

/**
 * Edges to leave out of a level's lanes, by the box they lead into. A box that updates variables is fed by all of the forward
 * pass; what comes from two or more rows above folds, but for the nearest source and for very many tensors.
 */
export function foldedEdges(nodes: readonly LevelNode[], edges: readonly LevelEdge[]): ReadonlyMap<string, readonly LevelEdge[]> {
  const drawn = new Set(nodes.map(({ name }) => name));
  const inside = edges.filter(({ from, to }) => from !== to && drawn.has(from) && drawn.has(to));
  const rows = rowsOf([...drawn], inside);
  const row = (name: string): number => rows.get(name) ?? 0;
  const folded = new Map<string, readonly LevelEdge[]>();
  for (const { name, updates } of nodes) {
    if (updates.length === 0) continue;
    const sources = inside.filter(({ to, tensors }) => to === name && tensors > 0);
    const nearest = Math.max(...sources.map(({ from }) => row(from)));
    const far = sources.filter(({ from, tensors }) => row(name) - row(from) >= 2 && row(from) < nearest && tensors < mostFolded);
    if (far.length > 0) folded.set(name, far);
  }
  return folded;
}

/** Rows as the drawing finds them. */
function rowsOf(names: readonly string[], edges: readonly LevelEdge[]): ReadonlyMap<string, number> {
  const at = new Map(names.map((name, index) => [name, index]));
  const { rank } = rankBoxes(names.length, edges.map(({ from, to }) => ({ from: at.get(from) ?? 0, to: at.get(to) ?? 0, weight: 1 })));
  return new Map(names.map((name, index) => [name, rank[index] ?? 0]));
}
