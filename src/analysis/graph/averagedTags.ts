// Which scalar tags show an exponential average that the graph keeps, and that starts at 0: read off the operations around it.
import type { GraphModel, GraphNode } from "#model/graph";
import type { Tag } from "#model/run";
import { isAveragingUpdate, isVariable } from "./operationKinds";
import { constantText, producerName, valueSource } from "./valueSource";

/** A tag whose values are an average. */
export interface AveragedTag {
  readonly tag: Tag;
  /** The variable that holds it. */
  readonly shadow: string;
  /** What is kept at each update, as float32 arithmetic makes it (tf1-semantics EM-7). */
  readonly decay: number;
}

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
    const variable = producerName(node.inputs[0]);
    if (variable === undefined) continue;
    if (isAveragingUpdate(node.op)) updates.set(variable, node);
    // The first assignment is the initializer; later ones restore.
    else if (assigns.has(node.op) && !firsts.has(variable)) firsts.set(variable, node);
  }
  return nodes.flatMap((node) => {
    if (node.op !== "ScalarSummary") return [];
    const tag = constantText(graph.get(producerName(node.inputs[0]) ?? ""));
    const shadow = valueSource(graph, producerName(node.inputs[1]));
    if (tag === undefined || !shadow || !isVariable(shadow.op)) return [];
    const decay = decayOf(graph, updates.get(shadow.name));
    return decay !== undefined && beginsAtZero(graph, firsts.get(shadow.name)) ? [{ tag, shadow: shadow.name, decay }] : [];
  });
}

/** Of `shadow -= (shadow - value) * rate`, where the rate is a constant or 1 minus one. */
function decayOf(graph: ReadonlyMap<string, GraphNode>, update: GraphNode | undefined): number | undefined {
  const product = valueSource(graph, producerName(update?.inputs[1]));
  if (product?.op !== "Mul") return undefined;
  for (const input of product.inputs) {
    const rate = rateOf(graph, valueSource(graph, producerName(input)));
    if (rate !== undefined && rate > 0 && rate < 1) return 1 - rate;
  }
  return undefined;
}

function rateOf(graph: ReadonlyMap<string, GraphNode>, node: GraphNode | undefined): number | undefined {
  if (node?.op === "Const") return numberOf(node);
  if (node?.op !== "Sub") return undefined;
  const [one, decay] = node.inputs.map((input) => numberOf(valueSource(graph, producerName(input))));
  return one === 1 && decay !== undefined ? Math.fround(1 - Math.fround(decay)) : undefined;
}

function beginsAtZero(graph: ReadonlyMap<string, GraphNode>, first: GraphNode | undefined): boolean {
  const value = valueSource(graph, producerName(first?.inputs[1]));
  if (!value) return false;
  if (value.op === "Fill") return numberOf(valueSource(graph, producerName(value.inputs[1]))) === 0;
  return zeroFillers.has(value.op) || numberOf(value) === 0;
}

function numberOf(node: GraphNode | undefined): number | undefined {
  const text = constantText(node);
  const value = text === undefined || text === "" ? NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}
