// Opening a graph: from operations to the first picture, and one scope more; and dagre laying out the same.
import { Graph, layout } from "@dagrejs/dagre";
import { drawWithoutPage, openedView, plainWording } from "#analysis/diagram/withoutPage";
import { layoutRequest } from "#analysis/diagram/drawing";
import { layoutGraph } from "#analysis/diagram/layout";
import type { DiagramView } from "#analysis/diagram/view";
import { levelOf } from "#analysis/graph/levelOf";
import { wholeScopeTree } from "#analysis/graph/scopeTree";
import type { GraphModel, GraphNode } from "#model/graph";
import { secondsOf, type Measured, type VariantArguments } from "../measured";

/** Before measuring, code is warm on graphs of this size. */
const warming = { nodes: 1000, times: 3 };

/** A training graph of so many operations: blocks of layers one after the other, a loss, gradients back through them, an update for each variable. */
export function trainingGraph(count: number): GraphModel {
  const nodes: GraphNode[] = [];
  const add = (name: string, op: string, ...inputs: string[]): string => {
    nodes.push({ name, op, inputs, device: "", attrs: new Map(), shapes: [[1, 64, 64, 32]] });
    return name;
  };
  const [perLayer, layersInBlock] = [10, 10];
  const layers = Math.max(1, Math.floor((count - 4) / perLayer));
  let at = add("input/images", "Placeholder");
  const scopes = Array.from({ length: layers }, (_, layer) => `net/block_${Math.floor(layer / layersInBlock)}/layer_${layer % layersInBlock}`);
  const inputs: string[] = [];
  for (const scope of scopes) {
    inputs.push(at);
    add(`${scope}/kernel`, "VariableV2");
    add(`${scope}/kernel/read`, "Identity", `${scope}/kernel`);
    add(`${scope}/conv/shape`, "Const");
    at = add(`${scope}/relu`, "Relu", add(`${scope}/conv`, "Conv2D", at, `${scope}/kernel/read`));
  }
  let gradient = add("loss/mean", "Mean", at);
  const updates: string[] = [];
  for (const [place, scope] of [...scopes.entries()].reverse()) {
    const back = `train/gradients/${scope}`;
    add(`${back}/relu`, "ReluGrad", gradient, `${scope}/relu`);
    add(`${back}/kernel`, "Conv2DBackpropFilter", `${back}/relu`, inputs[place] ?? "");
    gradient = add(`${back}/input`, "Conv2DBackpropInput", `${back}/relu`, `${scope}/kernel/read`);
    add(`train/update/${scope}/rate`, "Const");
    updates.push(add(`train/update/${scope}`, "ApplyGradientDescent", `${scope}/kernel`, `train/update/${scope}/rate`, `${back}/kernel`));
  }
  add("step", "NoOp", ...updates.map((name) => `^${name}`));
  return { nodes, functions: 0 };
}

/** From operations to the drawing of the whole graph's own level. */
export async function graphFirstPicture({ count }: VariantArguments): Promise<Measured> {
  const draw = (model: GraphModel): number => drawWithoutPage(openedView(wholeScopeTree(model), {})).boxes.length;
  const small = trainingGraph(warming.nodes);
  for (let time = 0; time < warming.times; time++) draw(small);
  const model = trainingGraph(count);
  // What the making of the graph has left behind is not of its drawing.
  globalThis.gc?.();
  let boxes = 0;
  const value = await secondsOf(() => void (boxes = draw(model)));
  return { value, result: String(boxes) };
}

/** dagre on all operations of the graph at once, as viewers without scopes do it. */
export async function dagreWhole({ count }: VariantArguments): Promise<Measured> {
  const { nodes } = trainingGraph(count);
  const known = new Set(nodes.map(({ name }) => name));
  const edges = nodes.flatMap(({ name, inputs }) => inputs.map((input) => [input.replace(/^\^/, ""), name] as const)).filter(([from]) => known.has(from));
  const value = await secondsOf(() => dagre(nodes.map(({ name }) => ({ name, width: 120, height: 24 })), edges));
  return { value, result: "" };
}

/** The level that is opened: a block's layers, as boxes with sizes and edges. */
function level(): { readonly view: DiagramView; readonly boxes: readonly { readonly name: string; readonly width: number; readonly height: number }[]; readonly edges: readonly (readonly [string, string])[] } {
  const tree = wholeScopeTree(wideBlock());
  const view: DiagramView = { levels: new Map([["", { ...levelOf(tree, "net"), scope: "" }]]), expanded: new Set(), broughtIn: new Set(), sentAside: new Set(), unfolded: new Set() };
  const [first] = layoutRequest(view, plainWording).levels;
  return { view, boxes: first?.nodes ?? [], edges: first?.edges.map(({ from, to }) => [from, to] as const) ?? [] };
}

/** A scope of 100 children, each fed by the one before it and by one of a few steps back. */
function wideBlock(): GraphModel {
  const nodes = Array.from({ length: 100 }, (_, at): GraphNode => ({
    name: `net/${String.fromCharCode(97 + (at % 26))}${at}/out`, op: at % 3 === 0 ? "Relu" : at % 3 === 1 ? "Add" : "Mul", device: "", attrs: new Map(), shapes: [[1, 32]],
    inputs: [at - 1, at - 3 - (at % 5)].filter((from) => from >= 0).map((from) => `net/${String.fromCharCode(97 + (from % 26))}${from}/out`),
  }));
  return { nodes, functions: 0 };
}

const turns = 5;

/** Our layout of that level: seconds of one of several runs. */
export async function graphExpand(): Promise<Measured> {
  const { view, boxes } = level();
  const request = layoutRequest(view, plainWording);
  layoutGraph(request);
  const value = await secondsOf(() => {
    for (let turn = 0; turn < turns; turn++) layoutGraph(request);
  });
  return { value: value / turns, result: String(boxes.length) };
}

/** dagre's of the same boxes and edges. */
export async function dagreLevel(): Promise<Measured> {
  const { boxes, edges } = level();
  dagre(boxes, edges);
  const value = await secondsOf(() => {
    for (let turn = 0; turn < turns; turn++) dagre(boxes, edges);
  });
  return { value: value / turns, result: String(boxes.length) };
}

function dagre(boxes: readonly { readonly name: string; readonly width: number; readonly height: number }[], edges: readonly (readonly [string, string])[]): void {
  const graph = new Graph();
  graph.setGraph({});
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, width, height } of boxes) graph.setNode(name, { width, height });
  for (const [from, to] of edges) graph.setEdge(from, to);
  layout(graph);
}
