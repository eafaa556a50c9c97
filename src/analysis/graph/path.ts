// The shortest path of edges between two boxes of a graph.
import { UserError } from "#base/errors";
import type { GraphPath, PathStep } from "#model/graphSearch";
import { operationName, operationNamed } from "./box";
import { isEnqueue, isQueue } from "./operationKinds";
import { operationsIn, type ScopeTree } from "./scopeTree";
import { shapeText } from "./shapeText";

/**
 * From one box to another, or where no edges lead that way, back. Names are shown names, of scopes or of operations; a path between
 * scopes runs between any two of their operations. Throws UserError for a name that the graph does not hold.
 */
export function pathBetween(tree: ScopeTree, from: string, to: string): GraphPath {
  const [starts, ends] = [inside(tree, from), inside(tree, to)];
  const shared = new Set(starts);
  if (from === to || ends.some((index) => shared.has(index))) return { found: false, why: `“${from}” and “${to}” are not apart: there is no path between them to draw.` };
  for (const reversed of [false, true]) {
    for (const control of [false, true]) {
      const steps = shortest(tree, { starts: reversed ? ends : starts, ends: new Set(reversed ? starts : ends), control });
      if (steps) return { found: true, reversed, control, steps };
    }
  }
  return { found: false, why: `No edges lead from “${from}” to “${to}”, nor back.` };
}

function inside(tree: ScopeTree, name: string): readonly number[] {
  const scope = tree.scopes.get(name);
  if (scope && scope !== tree.root) return operationsIn(scope);
  const operation = operationNamed(tree, name);
  if (operation === undefined) throw new UserError(`There is nothing named “${name}” in this graph.`);
  return [operation];
}

interface Search {
  readonly starts: readonly number[];
  readonly ends: ReadonlySet<number>;
  readonly control: boolean;
}

/** Breadth first, in the graph's order: the same ask gives the same path. */
function shortest(tree: ScopeTree, { starts, ends, control }: Search): readonly PathStep[] | undefined {
  const before = new Map(starts.map((index) => [index, -1]));
  const waiting = [...starts];
  for (const at of waiting) {
    if (ends.has(at)) return stepsTo(tree, at, before);
    for (const next of tree.consumers[at] ?? []) {
      if (before.has(next) || (!control && edgeTo(tree, at, next).by === "control")) continue;
      before.set(next, at);
      waiting.push(next);
    }
  }
  return undefined;
}

function stepsTo(tree: ScopeTree, end: number, before: ReadonlyMap<number, number>): readonly PathStep[] {
  const steps: PathStep[] = [];
  for (let at = end; at >= 0; ) {
    const from = before.get(at) ?? -1;
    steps.push({ name: operationName(tree, at).name, ...(from < 0 ? {} : edgeTo(tree, from, at)) });
    at = from;
  }
  return steps.reverse();
}

/** How `to` hangs on `from`; what enqueues feeds its queue, though by the graph it takes the queue. */
function edgeTo(tree: ScopeTree, from: number, to: number): Pick<PathStep, "by" | "shape"> {
  const tensor = tree.inputs[to]?.find((input) => input.from === from && !input.control);
  if (tensor) {
    const shape = shapeText(tree.model.nodes[from]?.shapes[tensor.output]);
    return { by: "data", ...(shape === undefined ? {} : { shape }) };
  }
  const feeds = isEnqueue(tree.model.nodes[from]?.op ?? "") && isQueue(tree.model.nodes[to]?.op ?? "");
  return { by: feeds ? "queue" : "control" };
}
