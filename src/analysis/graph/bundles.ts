// The edges of one level: every edge between operations, bundled into one per pair of boxes.
import type { LevelEdge } from "#model/graph";
import { isAssignment, isTrainingUpdate, isVariable } from "./operationKinds";
import { childHolding, childScope, givesVariable, type Scope, type ScopeTree } from "./scopeTree";
import { shapeText } from "./shapeText";

/** What crosses between the boxes of a level. */
export interface Bundles {
  readonly edges: readonly LevelEdge[];
  readonly entering: readonly LevelEdge[];
  readonly leaving: readonly LevelEdge[];
  /** Per box: the scopes of the variables that it reads and updates, its own left out. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  readonly updates: ReadonlyMap<string, readonly string[]>;
  /** Per box: the tensor, no variable's value, that its first consumer takes, on this level if there is one. */
  readonly firstOutput: ReadonlyMap<string, Tensor>;
}

export interface Tensor {
  readonly operation: number;
  readonly output: number;
}

/** What is bundled, and how boxes are called. */
export interface LevelPlace {
  readonly tree: ScopeTree;
  readonly scope: Scope;
  /** Name of the box of a child scope or of an operation directly inside. */
  readonly nameOf: (child: Scope | number) => string;
  /** Whether the inputs of `consumer`, in the box `to`, count; `from` is the box of the producer, if it is on this level. */
  readonly counts: (consumer: number, to: string, from: string | undefined) => boolean;
  /** Whether an edge over the border of the scope belongs to each step's way forward. */
  readonly crosses: (edge: { readonly from: number; readonly consumer: number }) => boolean;
}

interface Bundle {
  readonly from: string;
  readonly to: string;
  readonly tensors: Set<string>;
  /** Tensors or control edges besides the handles of variables that the consumer sets. */
  carries: boolean;
  variables: boolean;
  shape: string | undefined;
}

/**
 * Bundles the edges within `scope`, and those over its border that count. A box that only sets the variables of another one gets no edge but an entry of `updates`: in the order of
 * execution that edge would run backwards.
 */
export function bundleEdges(place: LevelPlace): Bundles {
  const found = new Found(place.scope.name);
  const { tree, scope, nameOf } = place;
  tree.inputs.forEach((list, consumer) => {
    const child = childHolding(tree, scope, consumer);
    const to = child === undefined ? undefined : nameOf(child);
    list.forEach(({ from, output, control }, position) => {
      if (from < 0) return;
      const source = childHolding(tree, scope, from);
      const name = source === undefined ? undefined : nameOf(source);
      if (to === undefined || !place.counts(consumer, to, name)) {
        if (name === undefined || to !== undefined || control) return;
        found.output(place, name, { from, output, inside: false });
        if (place.crosses({ from, consumer })) found.edge({ from: name, to: scope.name }, { tree, operation: from, output, control, updates: false });
        return;
      }
      const updates = !control && updatesInput(tree, { consumer, from, position });
      if (!control && givesVariable(tree, from)) found.variable(to, updates, variablesOf(place, from, to));
      if (name === undefined && !control && place.crosses({ from, consumer })) found.edge({ from: scope.name, to }, { tree, operation: from, output, control, updates });
      if (name === undefined || name === to) return;
      if (!control) found.output(place, name, { from, output, inside: true });
      found.edge({ from: name, to }, { tree, operation: from, output, control, updates });
    });
  });
  return found.done();
}

interface Carried extends Tensor {
  readonly tree: ScopeTree;
  readonly control: boolean;
  readonly updates: boolean;
}

/** Gathers bundles while the edges go by. */
class Found {
  readonly #bundles = new Map<string, Bundle>();
  readonly #reads = new Map<string, Set<string>>();
  readonly #updates = new Map<string, Set<string>>();
  readonly #inside = new Map<string, Tensor>();
  readonly #outside = new Map<string, Tensor>();

  constructor(readonly scope: string) {}

  variable(box: string, updates: boolean, scope: string | undefined): void {
    if (scope === undefined) return;
    const lists = updates ? this.#updates : this.#reads;
    const list = lists.get(box);
    if (list) list.add(scope);
    else lists.set(box, new Set([scope]));
  }

  output({ tree }: LevelPlace, box: string, { from, output, inside }: { from: number; output: number; inside: boolean }): void {
    const tensors = inside ? this.#inside : this.#outside;
    if (!tensors.has(box) && !givesVariable(tree, from)) tensors.set(box, { operation: from, output });
  }

  edge({ from, to }: { from: string; to: string }, { tree, operation, output, control, updates }: Carried): void {
    const key = `${from}\n${to}`;
    const bundle = this.#bundles.get(key) ?? { from, to, tensors: new Set<string>(), carries: false, variables: true, shape: undefined };
    this.#bundles.set(key, bundle);
    if (!updates) bundle.carries = true;
    if (control) return;
    if (bundle.tensors.size === 0) bundle.shape = shapeText(tree.model.nodes[operation]?.shapes[output]);
    bundle.tensors.add(`${operation}:${output}`);
    if (!givesVariable(tree, operation)) bundle.variables = false;
  }

  done(): Bundles {
    const all = [...this.#bundles.values()].filter(({ carries }) => carries).map(edgeOf);
    // The whole graph has no border, and its empty name is no box.
    const [entering, leaving] = [all.filter(({ from }) => from === this.scope), all.filter(({ to }) => to === this.scope)];
    const edges = all.filter((edge) => edge.from !== this.scope && edge.to !== this.scope);
    return { edges, entering, leaving, reads: listed(this.#reads), updates: listed(this.#updates), firstOutput: new Map([...this.#outside, ...this.#inside]) };
  }
}

/** Whether an operation sets the variable that it takes at this position; an optimizer sets its slots too. */
function updatesInput(tree: ScopeTree, { consumer, from, position }: { consumer: number; from: number; position: number }): boolean {
  if (!isVariable(tree.model.nodes[from]?.op ?? "")) return false;
  const type = tree.model.nodes[consumer]?.op ?? "";
  return isTrainingUpdate(type) || (position === 0 && isAssignment(type));
}

/** The widest scope that holds a variable but not the opened scope: on this level if it lies within it. */
function variablesOf({ tree, scope, nameOf }: LevelPlace, from: number, reader: string): string | undefined {
  const inside = childHolding(tree, scope, from);
  if (inside !== undefined) {
    const name = nameOf(inside);
    return name === reader ? undefined : name;
  }
  let around: Scope | undefined = scope;
  const home = tree.scopeOf[from];
  while (around && home) {
    const child = childScope(around, home);
    if (child) return child.name;
    if (home === around) return tree.model.nodes[from]?.name;
    around = around.parent;
  }
  return undefined;
}

function edgeOf({ from, to, tensors, variables, shape }: Bundle): LevelEdge {
  const count = tensors.size;
  return {
    from, to, tensors: count, control: count === 0, variables: count > 0 && variables,
    ...(count === 1 && shape !== undefined ? { shape } : {}),
    ...(count === 1 ? { tensor: [...tensors].join() } : {}),
  };
}

function listed(lists: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, readonly string[]> {
  return new Map([...lists].map(([key, entries]) => [key, [...entries]]));
}
