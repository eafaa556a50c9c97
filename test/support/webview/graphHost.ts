// A host for the graph view with real graphs through the real analysis, or with odd ones.
import { levelOf } from "#analysis/graph/levelOf";
import { nodeFacts } from "#analysis/graph/nodeFacts";
import { oddities } from "#analysis/graph/oddities";
import { pathBetween } from "#analysis/graph/path";
import { searchGraph } from "#analysis/graph/search";
import { boxVariables } from "#analysis/graph/boxVariables";
import { compareGraphs } from "#analysis/graph/comparedGraph";
import { comparedLevel } from "#analysis/graph/comparedLevel";
import { graphChanges } from "#analysis/graph/graphChanges";
import { summaryTags } from "#analysis/graph/summaryTags";
import { buildScopeTree, type ScopeTree } from "#analysis/graph/scopeTree";
import { decodeGraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import type { GraphLevel, GraphModel, GraphNode, NodeFacts } from "#model/graph";
import type { NonFiniteSearch, StepTimes } from "#model/diagnosis";
import { isWithin } from "#model/scopedName";
import { openChannel } from "#protocol/channel";
import type { Badge, GraphAsks, GraphLife, GraphTells, VariableValues } from "#protocol/graphViewApi";
import { graphChecks } from "#protocol/graphViewChecks";
import type { HostSide, ViewSide } from "#protocol/viewsApi";
import { pageBorder, wantedCase } from "./fakeHost";

const which = wantedCase();
const titles: Readonly<Record<string, string>> = { odd: "a-run-with-a-name-that-does-not-fit-into-any-sidebar", port: "digits-3", usual: "pix2pix-7" };
const files: Readonly<Record<string, string>> = { usual: "pix2pix-tensorflow.pb.gz", port: "pix2pix-port.pb.gz" };

async function treeOf(name: string): Promise<ScopeTree> {
  if (name === "empty") return buildScopeTree({ nodes: [], functions: 0 });
  if (name === "odd") return buildScopeTree(odd());
  const packed = await fetch(`/${files[name] ?? files["usual"]}`);
  const bytes = await new Response(packed.body?.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  return buildScopeTree(graphModelOf(decodeGraphDef(new Uint8Array(bytes))));
}

/** Circles, missing inputs, names of every kind, scopes 500 deep, brackets, boxes without edges. */
function odd(): GraphModel {
  const node = (name: string, op: string, ...inputs: string[]): GraphNode => ({ name, op, inputs, device: "", attrs: new Map(), shapes: [] });
  const deep = Array.from({ length: 500 }, (_, index) => `level_${index}`).join("/");
  return {
    functions: 0,
    nodes: [
      node("a_scope_with_a_name_that_is_so_long_that_it_can_never_fit_into_any_box_at_all/x", "Placeholder"), node("b/merge", "Merge", "a_scope_with_a_name_that_is_so_long_that_it_can_never_fit_into_any_box_at_all/x", "c"),
      node("c", "NextIteration", "b/merge"), node("self", "Identity", "self"), node("lost", "Add", "nowhere", "b/merge"),
      node("Net/Conv2d[conv1]/weight", "prim::Param"), node("Net/Conv2d[conv1]/_convolution", "aten::_convolution", "Net/Conv2d[conv1]/weight", "input.1"),
      node(`${deep}/leaf`, "Const"), node("twin", "Const"), node("twin", "Const"), node("n".repeat(10_000), "Const"), node("", "Const"), node("__proto__", "constructor", "twin"),
      node("<img src=x onerror=alert(1)>", "Const"), node("rtl\u202egnp.exe\u0007", "Const"), ...Array.from({ length: 30 }, (_, index) => node(`lonely_${index}/x`, "NoOp")),
    ],
  };
}

/** The port as it might have been before: with noise, without its targets' scope, one scope under another name, one shape different. */
function earlier({ nodes, functions }: GraphModel): GraphModel {
  const renamed = (name: string): string => name.replace(/^(\^?)fake_discriminator/, "$1made_discriminator");
  return {
    functions,
    nodes: [
      { name: "noise/shape", op: "Const", inputs: [], device: "", attrs: new Map(), shapes: [[4]] }, { name: "noise/normal", op: "RandomStandardNormal", inputs: ["noise/shape"], device: "", attrs: new Map(), shapes: [[1, 256, 256, 3]] },
      ...nodes.filter(({ name }) => !name.startsWith("target_images/")).map((node) => ({
        ...node, name: renamed(node.name), inputs: node.inputs.map(renamed), shapes: node.name.startsWith("generator/encoder_3/conv2d/kernel") ? [[4, 4, 128, 128]] : node.shapes,
      })),
    ],
  };
}

/** A loss that took the logarithm of 0, as a trainer would tell it. */
const brokenLoss: NonFiniteSearch = {
  start: { kind: "checkpoint", step: 4200, prefix: "model-4200" }, runs: 13,
  found: {
    step: 4213, node: "discriminator_loss/Log_1", op: "Log", source: { file: "/home/ann/pix2pix.ts", line: 304 },
    value: { shape: [900], elements: 900, nan: 0, infinite: 12, min: -8.1, max: -2.66 },
    inputs: [{ name: "discriminator_loss/add_1:0", shape: [900], elements: 900, nan: 0, infinite: 0, min: 0, max: 0.07 }],
    reached: ["discriminator_loss/add_2", "discriminator_loss/Neg", "discriminator_loss/Mean", "discriminator_train/beta1_power", "generator_train/beta1_power"], moreReached: 120,
    spread: [
      { name: "discriminator_loss/add_2", shape: [900], elements: 900, nan: 0, infinite: 12, min: -8.2, max: -2.71 }, { name: "discriminator_loss/Neg", shape: [900], elements: 900, nan: 0, infinite: 12, min: 2.71, max: 8.2 },
      { name: "discriminator_loss/Mean", shape: [], elements: 1, nan: 0, infinite: 1 },
    ],
  },
};

/** Every operation takes as long as its name is, convolutions more. */
function timesOf({ model: { nodes } }: ScopeTree): StepTimes {
  return {
    samples: 4, everySeconds: 2, step: 4200, handedOver: false, names: nodes.map(({ name }) => name),
    milliseconds: Float64Array.from(nodes, ({ name, op }) => (/Conv2D/.test(op) ? 900 : name.length) / 1000), liveBytes: Float64Array.from(nodes, (_node, index) => 1e6 + index),
  };
}

/** Norms that grow and settle, each on its own height. */
function fakeValues(names: readonly string[]): VariableValues | undefined {
  if (which === "empty" || which === "odd") return undefined;
  const norms = (index: number): readonly number[] => Array.from({ length: 12 }, (_, at) => 40 / (index + 1) * (1 - Math.exp(-(at + 1) / (3 + index))) + Math.sin(at * (index + 2)) * 0.4);
  const variables = names.map((name, index) => ({
    name, count: 131_072, min: -0.147, max: 0.139, mean: -0.0004, std: 0.0231, norm: norms(index).at(-1) ?? 0, nan: 0, infinite: 0, zeros: 3, histogram: { least: -0.147, greatest: 0.139, counts: [1, 8, 30, 8, 1] },
  }));
  return { prefix: "model-4200", step: 4200, variables, history: Array.from({ length: 12 }, (_, at) => ({ step: 350 * (at + 1), norms: names.map((_name, index) => norms(index)[at]) })) };
}

function fakeBadge(tag: string, index: number): Badge[] {
  if (tag.includes("fraction")) return [];
  const broken = which === "broken" && tag.startsWith("discriminator_loss");
  const y = Float64Array.from({ length: 40 }, (_, at) => 2 * Math.exp(-at / 14) + 0.4 + Math.sin(at * (2 + index)) * 0.14);
  return [{ tag, y, last: { step: 4213, value: broken ? Infinity : (y.at(-1) ?? 0) }, broken }];
}

const failed = new Set<string>();

/** Where things fail, each does once: a search is refused, facts come that cannot be drawn. */
function failsNow(what: "search" | "node"): boolean {
  if (which !== "failing" || failed.has(what)) return false;
  failed.add(what);
  return true;
}

const after = treeOf(which === "compare" ? "port" : which);
const compared = which === "compare" ? after.then((now) => compareGraphs(buildScopeTree(earlier(now.model)), now)) : undefined;
const tree = compared ? compared.then((both) => both.tree) : after;
const opened = async (scope: string): Promise<GraphLevel> => (compared ? comparedLevel(await compared, scope) : levelOf(await tree, scope));
const life: GraphLife = which === "broken" ? { running: true, nonFinite: brokenLoss, brokenTag: "discriminator_loss_1" } : { running: which === "live" };
const asks: GraphAsks = {
  command: async ({ id }) => console.log("command", id),
  open: async () => ({ title: titles[which] ?? "pix2pix-7", level: await opened(""), tags: summaryTags(await tree), life, ...(compared && { comparing: { before: "pix2pix-6", after: "pix2pix-7" } }) }),
  level: ({ scope }) => opened(scope),
  node: async ({ name }) => (failsNow("node") ? ({ name, kind: "scope" } as NodeFacts) : nodeFacts(await tree, name)),
  search: async (search) => {
    if (failsNow("search")) throw new Error("The reader ended with code 1.");
    return searchGraph(await tree, search);
  },
  path: async ({ from, to }) => pathBetween(await tree, from, to),
  oddities: async () => oddities(await tree),
  changes: async () => compared && graphChanges(await compared),
  ties: async ({ name }) => ({ name, tags: summaryTags(await tree).flatMap(({ tag, node }) => ([node, tag].some((one) => isWithin(one, name)) ? [tag] : [])), ...boxVariables(await tree, name) }),
  values: async ({ variables }) => fakeValues(variables),
  badges: async ({ tags }) => (life.running ? tags.flatMap(fakeBadge) : []),
  times: async () => timesOf(await tree),
  chosen: async ({ name }) => console.log("chosen", name),
  showTied: async ({ kind, name }) => console.log("showTied", kind, name),
  showCurve: async ({ tag }) => console.log("showCurve", tag),
  goToSource: async (source) => console.log("goToSource", source.file, source.line),
  searchNonFinite: async () => brokenLoss,
  keepMoves: async (moves) => console.log("keepMoves", moves.broughtIn.length, moves.sentAside.length),
  saveDrawing: async (drawing) => {
    Object.assign(globalThis, { savedDrawing: drawing });
    return { text: `Wrote the drawing to ${drawing.name}.${drawing.kind}` };
  },
};
const { tell } = openChannel<HostSide<GraphAsks>, ViewSide<GraphTells>>(pageBorder(), { asks, tells: {} }, graphChecks);
Object.assign(globalThis, { tellGraph: tell });
