// Which scalar tags show an exponential average that the graph keeps, and that starts at 0: read off the operations around it.
import type { GraphModel, GraphNode } from "#model/graph";
import type { Tag } from "#model/run";

/** A tag whose values are an average. */
export interface AveragedTag {
  readonly tag: Tag;
  /** The variable that holds it. */
  readonly shadow: string;
  /** What is kept at each update, as float32 arithmetic makes it (tf1-semantics EM-7). */
  readonly decay: number;
}

const passesThrough = new Set(["Identity", "ReadVariableOp", "StopGradient", "Snapshot"]);
const variables = new Set(["VariableV2", "Variable", "VarHandleOp"]);
const subtracts = new Set(["AssignSub", "AssignSubVariableOp"]);
const assigns = new Set(["Assign", "AssignVariableOp"]);
const zeroFillers = new Set(["ZerosLike", "Zeros"]);

/**
 * A summary's input is followed to a variable; the variable must begin at 0 and be updated by
 * `shadow -= (shadow - value) * (1 - decay)` with a constant decay (tf1-semantics EM-4, EM-5). Averages that debias themselves
 * are computed from another variable and are not found.
 */
export function averagedTags({ nodes }: Pick<GraphModel, "nodes">): readonly AveragedTag[] {
  const graph = new Map(nodes.map((node) => [node.name, node]));
  const updates = new Map<string, GraphNode>();
  const firsts = new Map<string, GraphNode>();
  for (const node of nodes) {
    const variable = nameOf(node.inputs[0]);
    if (variable === undefined) continue;
    if (subtracts.has(node.op)) updates.set(variable, node);
    // The first assignment is the initializer; later ones restore.
    else if (assigns.has(node.op) && !firsts.has(variable)) firsts.set(variable, node);
  }
  return nodes.flatMap((node) => {
    if (node.op !== "ScalarSummary") return [];
    const tag = constant(graph.get(nameOf(node.inputs[0]) ?? ""));
    const shadow = source(graph, nameOf(node.inputs[1]));
    if (tag === undefined || !shadow || !variables.has(shadow.op)) return [];
    const decay = decayOf(graph, updates.get(shadow.name));
    return decay !== undefined && beginsAtZero(graph, firsts.get(shadow.name)) ? [{ tag, shadow: shadow.name, decay }] : [];
  });
}

/** The operation that a value comes from, behind those that only pass it on. */
function source(graph: ReadonlyMap<string, GraphNode>, name: string | undefined): GraphNode | undefined {
  let node = graph.get(name ?? "");
  for (let hops = 0; node && passesThrough.has(node.op) && hops < 16; hops++) node = graph.get(nameOf(node.inputs[0]) ?? "");
  return node;
}

/** Of `shadow -= (shadow - value) * rate`, where the rate is a constant or 1 minus one. */
function decayOf(graph: ReadonlyMap<string, GraphNode>, update: GraphNode | undefined): number | undefined {
  const product = source(graph, nameOf(update?.inputs[1]));
  if (product?.op !== "Mul") return undefined;
  for (const input of product.inputs) {
    const rate = rateOf(graph, source(graph, nameOf(input)));
    if (rate !== undefined && rate > 0 && rate < 1) return 1 - rate;
  }
  return undefined;
}

function rateOf(graph: ReadonlyMap<string, GraphNode>, node: GraphNode | undefined): number | undefined {
  if (node?.op === "Const") return numberOf(node);
  if (node?.op !== "Sub") return undefined;
  const [one, decay] = node.inputs.map((input) => numberOf(source(graph, nameOf(input))));
  return one === 1 && decay !== undefined ? Math.fround(1 - Math.fround(decay)) : undefined;
}

function beginsAtZero(graph: ReadonlyMap<string, GraphNode>, first: GraphNode | undefined): boolean {
  const value = source(graph, nameOf(first?.inputs[1]));
  if (!value) return false;
  if (value.op === "Fill") return numberOf(source(graph, nameOf(value.inputs[1]))) === 0;
  return zeroFillers.has(value.op) || numberOf(value) === 0;
}

/** A constant as the model prints it: `0.99 (float32)`; undefined where it is none. */
function constant(node: GraphNode | undefined): string | undefined {
  return node?.op === "Const" ? /^(.*) \(\w+\)$/su.exec(node.attrs.get("value") ?? "")?.[1] : undefined;
}

function numberOf(node: GraphNode | undefined): number | undefined {
  const text = constant(node);
  const value = text === undefined || text === "" ? NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** An input without its output's number; undefined for a control input. */
function nameOf(input: string | undefined): string | undefined {
  return input === undefined || input.startsWith("^") ? undefined : input.replace(/:\d+$/, "");
}
