// Graphs for the tests: small ones written by hand, and pix2pix's as TensorFlow wrote it.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { GraphModel, GraphNode } from "#model/graph";

/** One operation a line: `name type input input …`. Shapes and attributes come from `more`, by name. */
export function graph(lines: string, more: Record<string, Partial<GraphNode>> = {}): GraphModel {
  const nodes = lines.trim().split("\n").map((line): GraphNode => {
    const [name = "", op = "", ...inputs] = line.trim().split(/\s+/);
    return { name, op, inputs, device: "", attrs: new Map(), shapes: [], ...more[name] };
  });
  return { nodes, functions: 0 };
}

interface Written {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly shapes?: readonly (readonly number[] | null)[];
}

/** The graph of one pix2pix run (5134 operations). */
export function pix2pix(): GraphModel {
  const fixture = new URL("../../../fixtures/analysis/pix2pix-graph.json.gz", import.meta.url);
  const written = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as readonly Written[];
  const nodes = written.map(({ name, op, inputs, shapes = [] }): GraphNode => ({
    name, op, inputs, device: "", attrs: new Map(), shapes: shapes.flatMap((shape) => (shape ? [shape] : [])),
  }));
  return { nodes, functions: 0 };
}

/** A line `y = w·x`, its loss, a training update, an initializer, a saver and a summary. */
export const small = `
  data Placeholder
  w VariableV2
  w/start Const
  w/Assign Assign w w/start
  w/read Identity w
  net/mul Mul data w/read
  net/add AddV2 net/mul net/add/y
  net/add/y Const
  loss/square Square net/add
  loss/mean Mean loss/square
  train/gradients/mul Mul loss/mean data
  train/update ApplyGradientDescent w train/gradients/mul
  step NoOp ^train/update
  init NoOp ^w/Assign
  save/SaveV2 SaveV2 w/read
  save/RestoreV2 RestoreV2
  save/Assign Assign w save/RestoreV2
  tags/loss Const
  loss_1 ScalarSummary tags/loss loss/mean
`;
