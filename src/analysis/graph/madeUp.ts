// What a graph shows beside its own operations: the bodies of the functions that it calls.
import type { GraphFunction, GraphModel, GraphNode } from "#model/graph";
import { functionOutput } from "./functionOutputs";

/** Operations of a graph, its own first, then those of functions. */
export interface WholeGraph {
  readonly nodes: readonly GraphNode[];
  /** By scope: the function whose body it holds. */
  readonly bodies: ReadonlyMap<string, string>;
  /** The scope of functions that nothing here calls. */
  readonly uncalled?: string;
  /** Calls that stay closed, by index: a function that calls itself, or more operations than can be shown. */
  readonly unopened: readonly number[];
}

/** So many operations of functions are opened, functions within functions so deep. */
const most = { opened: 50_000, depth: 50 };
/** Type of what stands for an argument of a function, as TensorFlow has it. */
const argumentType = "_Arg";

/** Opens every call in place, the outermost first: a call `loop` of functions `cond` and `body` gets scopes `loop/cond` and `loop/body`. */
export function wholeGraph(model: GraphModel): WholeGraph {
  const opening = new Opening(model);
  opening.openCalls();
  const uncalled = opening.openUncalled();
  return { nodes: opening.nodes, bodies: opening.bodies, unopened: opening.unopened, ...(uncalled !== undefined && { uncalled }) };
}

/** A graph as it is: functions closed. */
export function nothingMadeUp({ nodes }: GraphModel): WholeGraph {
  return { nodes, bodies: new Map(), unopened: [] };
}

/** A call that waits to be opened, and the functions around it. */
interface Call {
  readonly index: number;
  readonly around: readonly string[];
}

class Opening {
  readonly nodes: GraphNode[];
  readonly bodies = new Map<string, string>();
  readonly unopened: number[] = [];
  readonly #functions: ReadonlyMap<string, GraphFunction>;
  readonly #taken = new Set<string>();
  readonly #called = new Set<string>();
  readonly #waiting: Call[] = [];
  readonly #room: number;

  constructor(model: GraphModel) {
    this.nodes = [...model.nodes];
    this.#room = model.nodes.length + most.opened;
    this.#functions = new Map(model.library?.map((one) => [one.name, one]));
    if (this.#functions.size === 0) return;
    for (const { name } of model.nodes) this.#take(name);
    this.#wait(0, []);
  }

  openCalls(): void {
    while (this.#waiting.length > 0) for (const { index, around } of this.#waiting.splice(0)) this.#open(index, around);
  }

  /** Functions that no call has opened stand in a scope of their own; those that only each other call, too. */
  openUncalled(): string | undefined {
    const named = new Set([...this.#functions.values()].flatMap(({ nodes }) => nodes.flatMap(({ calls = [] }) => calls.map(([, name]) => name))));
    const rest = [...this.#functions.values()].filter(({ name }) => !this.#called.has(name));
    if (rest.length === 0) return undefined;
    const scope = this.#free("functions");
    for (const one of [...rest.filter(({ name }) => !named.has(name)), ...rest]) {
      if (this.#called.has(one.name) || !this.#fits(one)) continue;
      this.#body(one, { scope: `${scope}/${one.name.replaceAll("/", "_")}`, inputs: [], around: [] });
      this.openCalls();
    }
    return scope;
  }

  #wait(from: number, around: readonly string[]): void {
    for (let index = from; index < this.nodes.length; index++) if (this.nodes[index]?.calls) this.#waiting.push({ index, around });
  }

  #open(index: number, around: readonly string[]): void {
    const node = this.nodes[index];
    if (!node?.calls) return;
    const results = new Set<string>();
    const [data, controls] = [node.inputs.filter((input) => !input.startsWith("^")), node.inputs.filter((input) => input.startsWith("^"))];
    let kept = data.length;
    const alone = node.calls.length === 1;
    for (const [attribute, name] of node.calls) {
      const called = this.#functions.get(name);
      if (!called) continue;
      this.#called.add(name);
      if (around.includes(name) || around.length >= most.depth || !this.#fits(called)) {
        if (this.unopened.at(-1) !== index) this.unopened.push(index);
        continue;
      }
      const scope = alone && this.#isFree(node.name, called) ? node.name : this.#free(`${node.name}/${attribute || name}`);
      for (const result of this.#body(called, { scope, inputs: data, around })) results.add(result);
      kept = Math.min(kept, Math.max(0, data.length - called.arguments.length));
    }
    // What goes into the bodies comes back out of them: the call takes their results, and of its own inputs only those that no function gets.
    if (results.size > 0) this.nodes[index] = { ...node, inputs: [...data.slice(0, kept), ...results, ...controls] };
  }

  /** Adds a function's operations below `scope`; says which tensors it gives back. */
  #body(called: GraphFunction, { scope, inputs, around }: { scope: string; inputs: readonly string[]; around: readonly string[] }): readonly string[] {
    this.bodies.set(scope, called.name);
    this.#called.add(called.name);
    const start = this.nodes.length;
    const given = new Set(called.arguments.map(({ name }) => name));
    const inside = (input: string): string => withinBody(input, { scope, given, types: types(called) });
    // Where a call takes more than its function, as the condition of a branch, the function's arguments are the last.
    const skipped = inputs.length - called.arguments.length;
    called.arguments.forEach(({ name, dtype }, place) => {
      const input = inputs[place + skipped];
      this.nodes.push({
        name: `${scope}/${name}`, op: argumentType, inputs: input === undefined ? [] : [input], device: "", shapes: [], attrs: new Map(dtype === undefined ? [] : [["dtype", dtype]]),
      });
    });
    for (const node of called.nodes) this.nodes.push({ ...node, name: `${scope}/${node.name}`, inputs: node.inputs.map(inside) });
    for (const { name } of this.nodes.slice(start)) this.#take(name, scope.length);
    this.#wait(start, [...around, called.name]);
    return called.results.filter(Boolean).map(inside);
  }

  #fits({ nodes, arguments: given }: GraphFunction): boolean {
    return this.nodes.length + nodes.length + given.length <= this.#room;
  }

  /** Whether a function's operations can stand right below `scope`, beside what is there. */
  #isFree(scope: string, { nodes, arguments: given }: GraphFunction): boolean {
    return [...nodes, ...given].every(({ name }) => !this.#taken.has(`${scope}/${name.split("/", 1)[0] ?? ""}`));
  }

  /** Notes a name and the scopes around it, from `least` characters on. */
  #take(name: string, least = 0): void {
    for (let end = name.length; end > least; end = name.lastIndexOf("/", end - 1)) this.#taken.add(name.slice(0, end));
  }

  /** A name that no operation or scope has. */
  #free(wanted: string): string {
    let name = wanted;
    for (let number = 1; this.#taken.has(name); number++) name = `${wanted}_${number}`;
    this.#taken.add(name);
    return name;
  }
}

function types({ nodes }: GraphFunction): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ name, op }) => [name, op]));
}

/** An input of a function's operation as an input of the graph that the function is opened in. */
function withinBody(input: string, { scope, given, types: known }: { scope: string; given: ReadonlySet<string>; types: ReadonlyMap<string, string> }): string {
  if (input.startsWith("^")) return `^${scope}/${input.slice(1)}`;
  if (given.has(input)) return `${scope}/${input}`;
  const [, name, output, number] = /^([^:]*):([^:]*):(\d+)$/s.exec(input) ?? [];
  if (name === undefined) return `${scope}/${input}`;
  return `${scope}/${name}:${functionOutput(known.get(name) ?? "", { output: output ?? "", number: Number(number) })}`;
}
