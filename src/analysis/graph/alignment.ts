// Which operation of an earlier graph is which of a later one: by name, then by structure where names differ.
import { appendTo } from "#base/multimap";
import { lastPart } from "#model/scopedName";
import { structureOf } from "./alike";
import { operationsIn, type Scope, type ScopeTree } from "./scopeTree";

/** By operation of the earlier graph: the operation of the later one that it became. Scopes likewise, by name. */
export interface Alignment {
  readonly operations: ReadonlyMap<number, number>;
  /** Scopes of the earlier graph by their names there: their names in the later graph, or those that they would have in it. */
  readonly scopes: ReadonlyMap<string, string>;
}

/** Aligns two graphs from the outside in: within scopes that are the same, scopes and operations of equal names, then of equal structure. */
export function align(before: ScopeTree, after: ScopeTree): Alignment {
  const operations = new Map<number, number>();
  const scopes = new Map([["", ""]]);
  const waiting: (readonly [Scope, Scope])[] = [[before.root, after.root]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [early, late] = pair;
    for (const [one, other] of sameOperations(early, late, { before, after })) operations.set(one, other);
    const found = sameScopes([...early.children.values()], [...late.children.values()], { before, after });
    for (const child of early.children.values()) {
      const now = found.get(child);
      if (now) {
        scopes.set(child.name, now.name);
        waiting.push([child, now]);
      } else nameAll(child, scopes);
    }
  }
  return { operations, scopes };
}

interface Both {
  readonly before: ScopeTree;
  readonly after: ScopeTree;
}

/** A scope that is gone keeps its place under the new name of what was around it. */
function nameAll(gone: Scope, scopes: Map<string, string>): void {
  const waiting = [gone];
  for (let scope = waiting.pop(); scope; scope = waiting.pop()) {
    const around = scopes.get(scope.parent?.name ?? "") ?? "";
    scopes.set(scope.name, around === "" ? scope.label : `${around}/${scope.label}`);
    waiting.push(...scope.children.values());
  }
}

function sameScopes(early: readonly Scope[], late: readonly Scope[], { before, after }: Both): ReadonlyMap<Scope, Scope> {
  const found = new Map<Scope, Scope>();
  const byLabel = new Map(late.map((scope) => [scope.label, scope]));
  for (const scope of early) {
    const same = byLabel.get(scope.label);
    if (same) found.set(scope, same);
  }
  const taken = new Set(found.values());
  const rest = { early: early.filter((scope) => !found.has(scope)), late: late.filter((scope) => !taken.has(scope)) };
  // The same wiring first; then the same types of operations, however wired.
  for (const key of [wiring, types]) {
    const groups = grouped(rest.late.filter((scope) => !taken.has(scope)), (scope) => key(after, scope));
    for (const scope of rest.early) {
      const same = found.has(scope) ? undefined : groups.get(key(before, scope))?.shift();
      if (!same) continue;
      found.set(scope, same);
      taken.add(same);
    }
  }
  for (const [one, other] of similar(rest.early.filter((scope) => !found.has(scope)), rest.late.filter((scope) => !taken.has(scope)), { before, after })) found.set(one, other);
  return found;
}

/** Scopes whose operations are mostly of the same types, the most similar first. Among very many siblings no one looks for a lost name. */
function similar(early: readonly Scope[], late: readonly Scope[], { before, after }: Both): readonly (readonly [Scope, Scope])[] {
  if (early.length * late.length > mostPairs) return [];
  const [old, now] = [early.map((scope) => typeCounts(before, scope)), late.map((scope) => typeCounts(after, scope))];
  const pairs = early.flatMap((one, at) => late.map((other, place) => ({ one, other, share: sharedTypes(old[at] ?? new Map(), now[place] ?? new Map()) / (one.ops + other.ops) })));
  const used = new Set<Scope>();
  return pairs.filter(({ share }) => share >= leastShare).sort((one, other) => other.share - one.share).flatMap(({ one, other }) => {
    if (used.has(one) || used.has(other)) return [];
    used.add(one).add(other);
    return [[one, other] as const];
  });
}

const mostPairs = 10_000;
/** Share of the operations of both that the other has too. */
const leastShare = 0.75;

function typeCounts(tree: ScopeTree, scope: Scope): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const index of operationsIn(scope)) {
    const type = tree.model.nodes[index]?.op ?? "";
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

function sharedTypes(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  return [...one].reduce((sum, [type, count]) => sum + 2 * Math.min(count, other.get(type) ?? 0), 0);
}

function wiring(tree: ScopeTree, scope: Scope): string {
  return structureOf(tree, operationsIn(scope));
}

function types(tree: ScopeTree, scope: Scope): string {
  return operationsIn(scope).map((index) => tree.model.nodes[index]?.op ?? "").sort().join(" ");
}

/** Operations directly in a scope: by their last name, and as many of one type as there were before in their order. */
function sameOperations(early: Scope, late: Scope, { before, after }: Both): readonly (readonly [number, number])[] {
  const labelOf = (tree: ScopeTree, scope: Scope, index: number): string => {
    const name = tree.model.nodes[index]?.name ?? "";
    return index === scope.own ? "" : lastPart(name);
  };
  const known = (tree: ScopeTree, scope: Scope): readonly number[] => scope.direct.filter((index) => index < tree.made.known);
  const [old, now] = [known(before, early), known(after, late)];
  const byLabel = grouped(now, (index) => labelOf(after, late, index));
  const pairs: (readonly [number, number])[] = [];
  const rest: number[] = [];
  for (const index of old) {
    const same = byLabel.get(labelOf(before, early, index))?.shift();
    if (same === undefined) rest.push(index);
    else pairs.push([index, same]);
  }
  const taken = new Set(pairs.map(([, index]) => index));
  const byType = grouped(now.filter((index) => !taken.has(index)), (index) => after.model.nodes[index]?.op ?? "");
  for (const [type, gone] of grouped(rest, (index) => before.model.nodes[index]?.op ?? "")) {
    const come = byType.get(type) ?? [];
    if (come.length === gone.length) gone.forEach((index, place) => pairs.push([index, come[place] ?? 0]));
  }
  return pairs;
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) appendTo(groups, keyOf(item), item);
  return groups;
}
