// Graphs for the tests: small ones written by hand, and pix2pix's as TensorFlow wrote it.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeGraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import { graphDefOfSavedModel } from "#formats/savedModel/savedModel";
import type { GraphModel, GraphNode } from "#model/graph";

/** One operation a line: `name type input input …`. Shapes and attributes come from `more`, by name. */
export function graph(lines: string, more: Record<string, Partial<GraphNode>> = {}): GraphModel {
  const nodes = lines.trim().split("\n").map((line): GraphNode => {
    const [name = "", op = "", ...inputs] = line.trim().split(/\s+/);
    return { name, op, inputs, device: "", attrs: new Map(), shapes: [], ...more[name] };
  });
  return { nodes, functions: 0 };
}

/** A pix2pix run at 256 pixels: as TensorFlow wrote it (5134 operations), or as our port of the program did (5523). */
export function pix2pix(writer: "tensorflow" | "port" = "tensorflow"): GraphModel {
  const fixture = new URL(`../../../fixtures/analysis/graphs/pix2pix-${writer}.pb.gz`, import.meta.url);
  return graphModelOf(decodeGraphDef(new Uint8Array(gunzipSync(readFileSync(fixture)))));
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

/** A graph that others wrote, by its file among the fixtures. */
export function foreign(file: string): GraphModel {
  const packed = new Uint8Array(readFileSync(new URL(`../../../fixtures/analysis/graphs/${file}`, import.meta.url)));
  const bytes = file.endsWith(".gz") ? new Uint8Array(gunzipSync(packed)) : packed;
  return graphModelOf(file.includes("saved-model") ? graphDefOfSavedModel(bytes) : decodeGraphDef(bytes));
}
