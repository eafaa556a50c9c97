// Edges that would only cross the picture: long ones into a box that updates variables fold into a count in that box.
import type { LevelEdge, LevelNode } from "#model/graph";

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

// Rows by the longest way from a source; a cycle ends where it closes.
function rowsOf(names: readonly string[], edges: readonly LevelEdge[]): ReadonlyMap<string, number> {
  const into = new Map<string, string[]>();
  for (const { from, to } of edges) into.set(to, [...(into.get(to) ?? []), from]);
  const rows = new Map<string, number>();
  const visiting = new Set<string>();
  const row = (name: string): number => {
    const known = rows.get(name);
    if (known !== undefined) return known;
    if (visiting.has(name)) return 0;
    visiting.add(name);
    const own = Math.max(-1, ...(into.get(name) ?? []).map(row)) + 1;
    visiting.delete(name);
    rows.set(name, own);
    return own;
  };
  for (const name of names) row(name);
  return rows;
}
