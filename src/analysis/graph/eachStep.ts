// Which operations run in each training step: those that lead to the operation that stands in for the one fetched.
import { isEnqueue, isQueue, isSaving, isTrainingUpdate, isVariable } from "./operationKinds";
import type { ScopeTree } from "./scopeTree";

/** What each step runs. */
export interface EachStep {
  /** The stand-in for the fetched operation. */
  readonly sink: number;
  /** By operation: 1 if a path of edges leads from it to the sink. */
  readonly runs: Uint8Array;
}

const known = new WeakMap<ScopeTree, { readonly found: EachStep | undefined }>();

/**
 * The sink that most updates of trained variables lead to; without any, the sink that most variables lead to, and no saving does;
 * without those, nothing is known and the result is undefined. Of equals, the one that most operations lead to.
 */
export function eachStep(tree: ScopeTree): EachStep | undefined {
  const cached = known.get(tree);
  if (cached) return cached.found;
  const found = find(tree);
  known.set(tree, { found });
  return found;
}

/** How many origins are followed exactly; more are sampled evenly, which cannot change which sink they share. */
const mostOrigins = 256;
/** So many best sinks are compared by all that leads to them. */
const mostCandidates = 8;

function find(tree: ScopeTree): EachStep | undefined {
  const ofType = (fits: (type: string) => boolean): number[] => {
    const found: number[] = [];
    tree.model.nodes.forEach(({ op }, index) => fits(op) && found.push(index));
    return found;
  };
  const updates = ofType(isTrainingUpdate);
  const origins = updates.length > 0 ? updates : ofType(isVariable);
  if (origins.length === 0) return undefined;
  const reached = new Uint32Array(tree.model.nodes.length);
  for (const origin of sampled(origins)) countReached(tree, origin, reached);
  const saves = new Uint32Array(reached.length);
  if (updates.length === 0) for (const save of ofType(isSaving)) countReached(tree, save, saves);
  const sinks = [...tree.consumers.keys()].filter((index) => tree.consumers[index]?.length === 0 && (reached[index] ?? 0) > 0 && saves[index] === 0);
  sinks.sort((one, other) => (reached[other] ?? 0) - (reached[one] ?? 0));
  const most = reached[sinks[0] ?? -1];
  let best: EachStep | undefined;
  let leading = -1;
  for (const sink of sinks.filter((index) => reached[index] === most).slice(0, mostCandidates)) {
    const runs = leadingTo(tree, sink);
    const count = runs.reduce((sum, one) => sum + one, 0);
    if (count > leading) [best, leading] = [{ sink, runs }, count];
  }
  return best;
}

function sampled(origins: readonly number[]): readonly number[] {
  if (origins.length <= mostOrigins) return origins;
  return Array.from({ length: mostOrigins }, (_, at) => origins[Math.floor((at * origins.length) / mostOrigins)] ?? 0);
}

function countReached(tree: ScopeTree, origin: number, reached: Uint32Array): void {
  const seen = new Uint8Array(reached.length);
  const waiting = [origin];
  seen[origin] = 1;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    reached[at] = (reached[at] ?? 0) + 1;
    for (const next of tree.consumers[at] ?? []) {
      if (seen[next]) continue;
      seen[next] = 1;
      waiting.push(next);
    }
  }
}

/** Follows edges backwards; through a queue to what fills it. */
function leadingTo(tree: ScopeTree, sink: number): Uint8Array {
  const runs = new Uint8Array(tree.model.nodes.length);
  const waiting = [sink];
  runs[sink] = 1;
  const visit = (index: number): void => {
    if (index < 0 || runs[index]) return;
    runs[index] = 1;
    waiting.push(index);
  };
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const { from } of tree.inputs[at] ?? []) visit(from);
    if (!isQueue(tree.model.nodes[at]?.op ?? "")) continue;
    for (const user of tree.consumers[at] ?? []) if (isEnqueue(tree.model.nodes[user]?.op ?? "")) visit(user);
  }
  return runs;
}
