// What each line of the scripts behind a graph has made.
import { appendTo } from "#base/multimap";
import type { SourceFile, SourceLine } from "#model/graph";
import { operationName } from "./box";
import { sourceOf } from "./sourceAttribute";
import { childHolding, childScope, type Scope, type ScopeTree } from "./scopeTree";

/** A line that made more places than this names only so many. */
const mostPlaces = 12;

/** By file, in the order of the lines. */
export function sourceLines(tree: ScopeTree): readonly SourceFile[] {
  const files = new Map<string, Map<number, number[]>>();
  tree.model.nodes.forEach((node, index) => {
    const source = sourceOf(node);
    if (!source) return;
    const lines = files.get(source.file) ?? new Map<number, number[]>();
    appendTo(lines, source.line, index);
    files.set(source.file, lines);
  });
  return [...files].map(([file, lines]) => ({ file, lines: [...lines].sort(([one], [other]) => one - other).map(([line, made]) => lineOf(tree, line, made)) }));
}

function lineOf(tree: ScopeTree, line: number, made: readonly number[]): SourceLine {
  const around = commonScope(tree, made);
  const whole = around === tree.root ? undefined : around.name;
  const places = made.length === 1 || whole === undefined ? placesIn(tree, around, made) : [whole];
  return { line, ops: made.length, places: places.slice(0, mostPlaces), more: Math.max(0, places.length - mostPlaces) };
}

/** The innermost scope that holds all of them. */
function commonScope(tree: ScopeTree, operations: readonly number[]): Scope {
  let common: Scope | undefined;
  for (const index of operations) {
    const home = tree.scopeOf[index] ?? tree.root;
    common ??= home;
    while (common.parent && common !== home && childScope(common, home) === undefined) common = common.parent;
  }
  return common ?? tree.root;
}

/** The boxes of a scope that hold them. */
function placesIn(tree: ScopeTree, around: Scope, made: readonly number[]): readonly string[] {
  return [...new Set(made.map((index) => {
    const child = childHolding(tree, around, index);
    return typeof child === "object" ? child.name : operationName(tree, index).name;
  }))];
}
