// Following a value of a graph back to what made it, and what a constant holds.
import type { GraphNode } from "#model/graph";

const passesThrough = new Set(["Identity", "ReadVariableOp", "StopGradient", "Snapshot"]);
/** Longer chains of operations that only pass a value on are circles. */
const mostHops = 16;

/** The operation that a value comes from, behind those that only pass it on. */
export function valueSource(graph: ReadonlyMap<string, GraphNode>, name: string | undefined): GraphNode | undefined {
  let node = graph.get(name ?? "");
  for (let hops = 0; node && passesThrough.has(node.op) && hops < mostHops; hops++) node = graph.get(producerName(node.inputs[0]) ?? "");
  return node;
}

/** A constant's one value as the model prints it (`0.99 (float32)`), without its type; undefined where it is none. */
export function constantText(node: GraphNode | undefined): string | undefined {
  return node?.op === "Const" ? /^(.*) \(\w+\)$/su.exec(node.attrs.get("value") ?? "")?.[1] : undefined;
}

/** An input without its output's number; undefined for a control input. */
export function producerName(input: string | undefined): string | undefined {
  return input === undefined || input.startsWith("^") ? undefined : input.replace(/:\d+$/, "");
}
