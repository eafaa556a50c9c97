import { describe, expect, test } from "vitest";
import { compareGraphs, type ComparedGraph } from "#analysis/graph/comparedGraph";
import { comparedLevel } from "#analysis/graph/comparedLevel";
import { graphChanges } from "#analysis/graph/graphChanges";
import { wholeScopeTree } from "#analysis/graph/scopeTree";
import type { GraphModel } from "#model/graph";
import { foreign, graph, pix2pix, small } from "./graphs";

const compare = (before: GraphModel, after: GraphModel): ComparedGraph => compareGraphs(wholeScopeTree(before), wholeScopeTree(after));
const marks = (compared: ComparedGraph, scope = "") => comparedLevel(compared, scope).nodes.flatMap(({ name, change, was }) => (change ? [[name, change, ...(was === undefined ? [] : [was])].join(" ")] : []));
const list = (compared: ComparedGraph) => graphChanges(compared).changes.map(({ kind, name, words }) => `${kind} ${name}: ${words}`);
const renamed = (model: GraphModel, from: string, to: string): GraphModel => {
  const now = (name: string): string => name.replace(new RegExp(`^(\\^?)${from}(?=/|$)`), `$1${to}`);
  return { ...model, nodes: model.nodes.map((node) => ({ ...node, name: now(node.name), inputs: node.inputs.map(now) })) };
};

describe("two graphs in one", () => {
  test("that are equal differ in nothing", () => {
    expect(list(compare(graph(small), graph(small)))).toEqual([]);
    expect(graphChanges(compare(pix2pix(), pix2pix())).operations).toMatchObject({ added: 0, removed: 0, changed: 0, same: 5134 });
  });
  test("mark what came and what went, with the edges, in the place where it was", () => {
    const compared = compare(graph("a Const\nnoise/x RandomNormal\nnet/add Add a noise/x"), graph("a Const\nblur/y Relu a\nnet/add Add a blur/y"));
    expect(marks(compared)).toEqual(["noise removed", "blur added", "net changed"]);
    expect(comparedLevel(compared, "").edges.map(({ from, to, change }) => [from, to, change])).toEqual([["a", "blur", "added"], ["a", "net", undefined], ["blur", "net", "added"], ["noise", "net", "removed"]]);
    expect(list(compared)).toEqual(["removed noise: 1 op", "added blur: 1 op", "changed net: add inputs"]);
    expect(graphChanges(compared).changes[2]?.rows).toEqual([["net/add inputs", "noise/x", "blur/y"]]);
  });
  test("tell types, shapes and attributes before and after", () => {
    const of = (units: number, type: string) => graph(`net/w VariableV2\nnet/act ${type} net/w`, { "net/w": { shapes: [[4, units]] }, "net/act": { attrs: new Map([["alpha", String(units)], ["_trainscope_source", `a.ts:${units}`]]) } });
    const { changes } = graphChanges(compare(of(64, "Relu"), of(32, "Elu")));
    expect(changes).toMatchObject([{ kind: "changed", name: "net", words: "1 shape, 1 value" }]);
    expect(changes[0]?.rows).toEqual([["net/w shape", "4×64", "4×32"], ["net/act type", "Relu", "Elu"], ["net/act alpha", "64", "32"]]);
  });
  test("align a scope that only got another name, and go on within it", () => {
    expect(list(compare(graph(small), renamed(graph(small), "net", "model")))).toEqual(["renamed model: was net"]);
    const more = renamed(graph(`${small}net/extra Relu net/add\n`), "net", "model");
    const compared = compare(graph(small), more);
    expect(marks(compared)).toEqual(["model changed net"]);
    expect(marks(compared, "model")).toEqual(["model/extra added"]);
  });
  test("pair operations that were only numbered anew", () => {
    const compared = compare(graph("add Add\nout Relu add"), graph("add_1 Add\nout Relu add_1"));
    expect(marks(compared)).toEqual(["add_1 renamed add"]);
  });
});

describe("of pix2pix", () => {
  const before = pix2pix();
  test("a generator under another name is the same generator", () => {
    const compared = compare(before, renamed(before, "generator", "net_g"));
    expect(marks(compared)).toEqual(["net_g renamed generator"]);
  });
  test("another width changes shapes, and nothing comes or goes", () => {
    const narrow: GraphModel = { ...before, nodes: before.nodes.map((node) => (node.name.startsWith("generator/encoder_1/") ? { ...node, shapes: node.shapes.map((shape) => shape.map((size) => 2 * size)) } : node)) };
    const { changes, operations } = graphChanges(compare(before, narrow));
    expect(changes).toMatchObject([{ kind: "changed", name: "generator", words: expect.stringMatching(/^\d+ shapes$/) as string }]);
    expect(operations).toMatchObject({ added: 0, removed: 0 });
  });
  test("TensorFlow's and the port's have the same parts", () => {
    const found = marks(compare(before, pix2pix("port")));
    for (const part of ["generator", "discriminator", "real_discriminator", "generator_loss", "discriminator_train"]) expect(found).not.toContain(`${part} added`);
  });
});

test("graphs that have nothing in common are all of one and all of the other", () => {
  const { operations } = graphChanges(compare(foreign("torch.pb"), foreign("keras.pb")));
  expect(operations.same).toBe(0);
});
