// The edges of one level: every edge between operations, bundled into one per pair of boxes.
import type { LevelEdge } from "#model/graph";
import type { LevelBoxes } from "./box";
import { isAssignment, isTrainingUpdate, isVariable } from "./operationKinds";
import { childScope, givesVariable, type Scope, type ScopeTree } from "./scopeTree";
import { shapeText } from "./shapeText";

/** Attributes that name the type of an operation's outputs, the most telling first. */
const outputTypes = ["DstT", "output_type", "dtype", "T"];

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

/** What is bundled. Boxes are given by their places; -1 is outside of the scope. */
export interface LevelPlace extends LevelBoxes {
  readonly tree: ScopeTree;
  readonly scope: Scope;
  /** Whether the inputs of `consumer`, in the box `to`, count; `from` is the box of the producer. */
  readonly counts: (consumer: number, to: number, from: number) => boolean;
  /** Whether an edge over the border of the scope belongs to each step's way forward. */
  readonly crosses: (edge: { readonly from: number; readonly consumer: number }) => boolean;
}

/** An edge between operations of two boxes. */
interface Link {
  readonly from: number;
  readonly to: number;
  /** A tensor or an order, not only the handle of a variable that the consumer sets. */
  readonly carries: boolean;
}

/** Whether anything leads from one box to another, whenever it runs; each pair once. */
export function linksOf({ tree, boxes, placeOf }: Pick<LevelPlace, "tree" | "boxes" | "placeOf">): readonly { readonly from: string; readonly to: string }[] {
  const pairs = new Set<number>();
  tree.inputs.forEach((list, consumer) => {
    const to = placeOf[consumer] ?? -1;
    if (to < 0) return;
    list.forEach(({ from, control }, position) => {
      const source = placeOf[from] ?? -1;
      if (source < 0 || source === to || pairs.has(source * boxes.length + to)) return;
      if (control || !updatesInput(tree, { consumer, from, position })) pairs.add(source * boxes.length + to);
    });
  });
  const name = (place: number): string => boxes[place]?.name ?? "";
  return [...pairs].map((pair) => ({ from: name(Math.floor(pair / boxes.length)), to: name(pair % boxes.length) }));
}

interface Bundle {
  readonly from: number;
  readonly to: number;
  /** Output and operation of each tensor in one number. */
  readonly tensors: Set<number>;
  carries: boolean;
  variables: boolean;
  first: Tensor | undefined;
}

/**
 * Bundles the edges within `scope`, and those over its border that count. A box that only sets the variables of another one gets no edge but an entry of `updates`: in the order of
 * execution that edge would run backwards.
 */
export function bundleEdges(place: LevelPlace): Bundles {
  const { tree, boxes, placeOf } = place;
  const found = new Found(place);
  const border = boxes.length;
  tree.inputs.forEach((list, consumer) => {
    const to = placeOf[consumer] ?? -1;
    list.forEach(({ from, output, control }, position) => {
      const source = placeOf[from] ?? -1;
      // What stays within one box, or outside of all, is no edge of this level.
      if (from < 0 || source === to) return;
      const tensor = control ? undefined : { operation: from, output };
      if (to < 0 || !place.counts(consumer, to, source)) {
        if (source < 0 || to >= 0 || !tensor) return;
        found.output(source, tensor, false);
        if (place.crosses({ from, consumer })) found.edge({ from: source, to: border, carries: true }, tensor);
        return;
      }
      const updates = !control && updatesInput(tree, { consumer, from, position });
      if (!control && givesVariable(tree, from)) found.variable(to, updates, variablesOf(place, from, to));
      if (source < 0 && !control && place.crosses({ from, consumer })) found.edge({ from: border, to, carries: !updates }, tensor);
      if (source < 0) return;
      if (tensor) found.output(source, tensor, true);
      found.edge({ from: source, to, carries: !updates }, tensor);
    });
  });
  return found.done();
}

/** Gathers bundles while the edges go by. */
class Found {
  readonly #place: LevelPlace;
  readonly #bundles = new Map<number, Bundle>();
  readonly #reads = new Map<number, Set<string>>();
  readonly #updates = new Map<number, Set<string>>();
  readonly #inside = new Map<number, Tensor>();
  readonly #outside = new Map<number, Tensor>();

  constructor(place: LevelPlace) {
    this.#place = place;
  }

  variable(box: number, updates: boolean, scope: string | undefined): void {
    if (scope === undefined) return;
    const lists = updates ? this.#updates : this.#reads;
    const list = lists.get(box);
    if (list) list.add(scope);
    else lists.set(box, new Set([scope]));
  }

  output(box: number, tensor: Tensor, inside: boolean): void {
    const tensors = inside ? this.#inside : this.#outside;
    if (!tensors.has(box) && !givesVariable(this.#place.tree, tensor.operation)) tensors.set(box, tensor);
  }

  /** Without a tensor it is a control edge. */
  edge({ from, to, carries }: Link, tensor: Tensor | undefined): void {
    const { tree, boxes } = this.#place;
    const key = from * (boxes.length + 1) + to;
    let bundle = this.#bundles.get(key);
    if (!bundle) this.#bundles.set(key, (bundle = { from, to, tensors: new Set<number>(), carries: false, variables: true, first: undefined }));
    if (carries) bundle.carries = true;
    if (!tensor) return;
    bundle.first ??= tensor;
    bundle.tensors.add(tensor.operation + tensor.output * tree.model.nodes.length);
    if (!givesVariable(tree, tensor.operation)) bundle.variables = false;
  }

  done(): Bundles {
    const all = [...this.#bundles.values()].filter(({ carries }) => carries);
    // The whole graph has no border, and its empty name is no box.
    const border = this.#place.boxes.length;
    const [entering, leaving] = [all.filter(({ from }) => from === border), all.filter(({ to }) => to === border)];
    const edges = all.filter(({ from, to }) => from !== border && to !== border);
    const named = (bundles: readonly Bundle[]): LevelEdge[] => bundles.map((bundle) => this.#named(bundle));
    return {
      edges: named(edges), entering: named(entering), leaving: named(leaving), reads: this.#byName(this.#reads, (names) => [...names]), updates: this.#byName(this.#updates, (names) => [...names]),
      firstOutput: this.#byName(new Map([...this.#outside, ...this.#inside]), (tensor) => tensor),
    };
  }

  #name(box: number): string {
    return this.#place.boxes[box]?.name ?? this.#place.scope.name;
  }

  #byName<Found, Named>(lists: ReadonlyMap<number, Found>, named: (found: Found) => Named): ReadonlyMap<string, Named> {
    return new Map([...lists].map(([box, found]) => [this.#name(box), named(found)]));
  }

  #named({ from, to, tensors, variables, first }: Bundle): LevelEdge {
    const count = tensors.size;
    const producer = first && this.#place.tree.model.nodes[first.operation];
    const shape = first && shapeText(producer?.shapes[first.output]);
    const dtype = producer && outputTypes.map((attr) => producer.attrs.get(attr)).find((type) => type !== undefined);
    return {
      from: this.#name(from), to: this.#name(to), tensors: count, control: count === 0, variables: count > 0 && variables,
      ...(count === 1 && shape !== undefined ? { shape } : {}),
      ...(count === 1 && first && producer ? { tensor: `${producer.name}:${first.output}`, ...(dtype === undefined ? {} : { dtype }) } : {}),
    };
  }
}

/** Whether an operation sets the variable that it takes at this position; an optimizer sets its slots too. */
function updatesInput(tree: ScopeTree, { consumer, from, position }: { consumer: number; from: number; position: number }): boolean {
  if (!isVariable(tree.model.nodes[from]?.op ?? "")) return false;
  const type = tree.model.nodes[consumer]?.op ?? "";
  return isTrainingUpdate(type) || (position === 0 && isAssignment(type));
}

/** The widest scope that holds a variable but not the opened scope: on this level if it lies within it. */
function variablesOf({ tree, scope, boxes, placeOf }: LevelPlace, from: number, reader: number): string | undefined {
  const inside = placeOf[from] ?? -1;
  if (inside >= 0) return inside === reader ? undefined : boxes[inside]?.name;
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
