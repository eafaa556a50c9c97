// Small graphs for the tests of the graph view.
import type { GraphLevel, LevelEdge, LevelNode } from "#model/graph";
import type { Measure } from "#analysis/diagram/boxes";
import type { Unit } from "#analysis/diagram/units";
import { initialState, reduce, type GraphState, type Happening } from "../../../../webview/graph/state";

export function node(name: string, change: Partial<LevelNode> = {}): LevelNode {
  return { name, label: name.split("/").at(-1) ?? name, kind: "scope", ops: 10, variables: 0, parameters: 0, reads: [], updates: [], ...change };
}

export function edge(from: string, to: string, change: Partial<LevelEdge> = {}): LevelEdge {
  return { from, to, tensors: 1, control: false, variables: false, ...change };
}

export function level(scope: string, nodes: readonly LevelNode[], edges: readonly LevelEdge[] = []): GraphLevel {
  return { scope, nodes, edges, entering: [], leaving: [], resting: [] };
}

export function unit(one: LevelNode, change: Partial<Unit> = {}): Unit {
  return { node: one, form: "box", members: [], beside: [], folded: [], ...change };
}

export const measure: Measure = (text) => text.length * 7;

export const top = level("", [node("batch"), node("generator"), node("save", { aside: "Only when saving", ops: 281 })], [edge("batch", "generator"), edge("generator", "save", { tensors: 208 })]);
export const generator = level(
  "generator", [node("generator/conv", { kind: "operation", op: "Conv2D", ops: 1 }), node("generator/init", { aside: "Only at start", ops: 9 })], [edge("generator/init", "generator/conv")],
);

export function after(...happenings: readonly Happening[]): GraphState {
  return happenings.reduce(reduce, initialState(undefined));
}

/** The page's first answer, of a run that does not train. */
export function openedWith(level: GraphLevel): Happening {
  return { kind: "opened", opened: { title: "pix2pix-7", level, tags: [], life: { running: false } } };
}

export const opened: Happening = openedWith(top);
export const inside: Happening = { kind: "levelsCame", levels: [generator] };
