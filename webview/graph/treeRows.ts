// The graph as rows of a tree: what runs in each step first, aside last; and how keys walk them.
import { appendTo } from "#base/multimap";
import type { LevelNode } from "#model/graph";
import { openLevels, opens } from "#analysis/diagram/view";
import { parentsOf } from "#model/scopedName";
import type { GraphState } from "./state";

export interface TreeRow {
  readonly node: LevelNode;
  readonly depth: number;
  readonly open: boolean;
}

export interface TreeSection {
  readonly title: string;
  readonly rows: readonly TreeRow[];
  readonly count: number;
}

/** Sections of rows, open scopes unfolded. */
export function treeSections({ levels, expanded }: GraphState): readonly TreeSection[] {
  const lettered = new Map(openLevels({ levels, expanded }).map((level) => [level.scope, level]));
  const rowsOf = (nodes: readonly LevelNode[], depth: number): readonly TreeRow[] => nodes.flatMap((node) => {
    const open = opens(node) && expanded.has(node.name);
    const inside = open ? (lettered.get(node.name)?.nodes ?? []).filter(({ name }) => name !== node.name) : [];
    return [{ node, depth, open }, ...rowsOf(inside, depth + 1)];
  });
  const sections = new Map<string, LevelNode[]>();
  const top = lettered.get("")?.nodes ?? [];
  for (const node of [...top.filter(({ aside }) => aside === undefined), ...top.filter(({ aside }) => aside !== undefined)]) {
    appendTo(sections, node.aside ?? "Runs each step", node);
  }
  return [...sections].map(([title, nodes]) => ({ title, rows: rowsOf(nodes, 0), count: nodes.length }));
}

/** Row index after a key, over all sections. Right opens, left closes or goes to the parent. */
export function treeStep(rows: readonly TreeRow[], selected: string | undefined, key: string): { readonly select?: string; readonly expand?: { readonly name: string; readonly open: boolean } } {
  const at = rows.findIndex(({ node }) => node.name === selected);
  const here = rows[at];
  const name = (index: number): string | undefined => rows[Math.min(rows.length - 1, Math.max(0, index))]?.node.name;
  if (key === "Home" || !here) return { select: name(0) };
  if (key === "End") return { select: name(rows.length - 1) };
  if (key === "ArrowDown") return { select: name(at + 1) };
  if (key === "ArrowUp") return { select: name(at - 1) };
  if (key === "ArrowRight" && opens(here.node)) return here.open ? { select: name(at + 1) } : { expand: { name: here.node.name, open: true } };
  if (key === "ArrowLeft") {
    if (here.open) return { expand: { name: here.node.name, open: false } };
    return { select: [...parentsOf(here.node.name)].reverse().find((parent) => rows.some(({ node }) => node.name === parent)) };
  }
  if (key === "Enter" && opens(here.node)) return { expand: { name: here.node.name, open: !here.open } };
  return {};
}
