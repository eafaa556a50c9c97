// Which operation's value each summary of a graph records, so that curves and boxes find each other without looking at names.
import type { GraphNode, SummaryTag } from "#model/graph";
import { operationName } from "./box";
import { isAveragingUpdate, isSummary, isVariable } from "./operationKinds";
import type { ScopeTree } from "./scopeTree";
import { constantText, producerName, valueSource } from "./valueSource";

/**
 * The tags that a graph's summary operations write, in their order. A moving average that the graph keeps stands for what it
 * averages (tf1-semantics EM-4). Summaries whose tag is no constant are left out.
 */
export function summaryTags(tree: ScopeTree): readonly SummaryTag[] {
  const { nodes } = tree.model;
  const graph = new Map(nodes.map((node) => [node.name, node]));
  const updates = new Map(nodes.flatMap((node) => (isAveragingUpdate(node.op) ? [[producerName(node.inputs[0]) ?? "", node] as const] : [])));
  return nodes.flatMap((node): SummaryTag[] => {
    if (!isSummary(node.op)) return [];
    // TensorFlow 2 writes: writer, step, tag, value.
    const [tagInput, valueInput] = node.op.startsWith("Write") ? node.inputs.slice(2) : node.inputs;
    const tag = constantText(graph.get(producerName(tagInput) ?? ""));
    const recorded = tree.indexOf.get(recordedBy(producerName(valueInput), graph, updates) ?? "");
    if (tag === undefined || recorded === undefined) return [];
    return [{ tag, node: operationName(tree, recorded).name, scalar: /Scalar/.test(node.op) }];
  });
}

/** The operation whose value comes in here; behind the shadow of an average the one that is averaged. */
function recordedBy(value: string | undefined, graph: ReadonlyMap<string, GraphNode>, updates: ReadonlyMap<string, GraphNode>): string | undefined {
  const shadow = valueSource(graph, value);
  const update = shadow && isVariable(shadow.op) ? updates.get(shadow.name) : undefined;
  return (update && averagedBy(graph, update)) ?? value;
}

/** Of `shadow -= (shadow - value) * rate` the value. */
function averagedBy(graph: ReadonlyMap<string, GraphNode>, update: GraphNode): string | undefined {
  const product = valueSource(graph, producerName(update.inputs[1]));
  if (product?.op !== "Mul") return undefined;
  const differences = product.inputs.map((input) => valueSource(graph, producerName(input)));
  const found = differences.find((node) => node?.op === "Sub" && isVariable(valueSource(graph, producerName(node.inputs[0]))?.op ?? ""));
  return producerName(found?.inputs[1]);
}
