// What of a scope does not run in each step, counted by what it is for; and what trains, so that gradients are told from the way forward.
import type { RestingPart } from "#model/graph";
import type { EachStep } from "./eachStep";
import { asksInitialised, isAssignment, isSaving, isSummary, isTrainingUpdate, isVariable } from "./operationKinds";
import { childScope, operationsIn, type Scope, type ScopeTree } from "./scopeTree";

/** Counts, largest first; nothing where it is unknown what runs in each step. */
export function restingParts(tree: ScopeTree, scope: Scope, step: EachStep | undefined): readonly RestingPart[] {
  if (!step) return [];
  const counts = new Map<RestingPart["word"], number>();
  for (const index of operationsIn(scope)) {
    if (step.runs[index] === 1 && !isSlotPart(tree, index)) continue;
    const word = wordOf(tree, index);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, ops]) => ({ word, ops })).sort((one, other) => other.ops - one.ops);
}

function wordOf(tree: ScopeTree, index: number): RestingPart["word"] {
  const type = tree.model.nodes[index]?.op ?? "";
  if (isSlotPart(tree, index)) return "slots";
  if (isSummary(type)) return "summaries";
  if (isSaving(type)) return "saving";
  if (isAssignment(type) || asksInitialised(type) || tree.variableOf[index] !== undefined) return "init";
  const readers = tree.consumers[index] ?? [];
  if (readers.some((reader) => isSummary(tree.model.nodes[reader]?.op ?? ""))) return "summaries";
  return readers.some((reader) => isAssignment(tree.model.nodes[reader]?.op ?? "")) ? "init" : "not in each step";
}

/** A variable that lives in another one's scope is an optimizer's; so is all that belongs to it. */
function isSlotPart(tree: ScopeTree, index: number): boolean {
  const owner = tree.variableOf[index];
  if (typeof owner !== "object") return false;
  for (let at = tree.scopeOf[index]; at && at !== owner; at = at.parent) {
    if (at.own !== undefined && isVariable(tree.model.nodes[at.own]?.op ?? "")) return true;
  }
  return index !== owner.own && isVariable(tree.model.nodes[index]?.op ?? "");
}

const trainersOf = new WeakMap<ScopeTree, ReadonlySet<Scope | number>>();

/** Whether `operation`, seen from inside of `scope`, lies in a box that trains variables: what it takes is kept for gradients. */
export function liesInTrainer(tree: ScopeTree, scope: Scope, operation: number): boolean {
  let trainers = trainersOf.get(tree);
  if (!trainers) {
    trainers = findTrainers(tree);
    trainersOf.set(tree, trainers);
  }
  const home = tree.scopeOf[operation] ?? tree.root;
  for (let around = scope.parent; around; around = around.parent) {
    if (home === around) return trainers.has(operation);
    const child = childScope(around, home);
    if (child) return trainers.has(child);
  }
  return false;
}

function findTrainers(tree: ScopeTree): ReadonlySet<Scope | number> {
  const found = new Set<Scope | number>();
  tree.model.nodes.forEach(({ op }, index) => {
    if (!isTrainingUpdate(op)) return;
    found.add(index);
    for (let at = tree.scopeOf[index]; at?.parent; at = at.parent) found.add(at);
  });
  return found;
}
