// A host for the graph view with pix2pix's scopes, or with odd ones.
import type { GraphLevel, LevelEdge, LevelNode, NodeFacts } from "#model/graph";
import { openChannel } from "#protocol/channel";
import type { GraphAsks, GraphTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { pageBorder, wantedCase } from "./fakeHost";

const which = wantedCase();
const node = (name: string, change: Partial<LevelNode> = {}): LevelNode => ({
  name, label: name.split("/").at(-1) ?? name, kind: "scope", ops: 10, variables: 0, parameters: 0, reads: [], updates: [], ...change,
});
const edge = (from: string, to: string, change: Partial<LevelEdge> = {}): LevelEdge => ({ from, to, tensors: 1, control: false, variables: false, ...change });
const image = "1×256×256×3";

const top: GraphLevel = {
  scope: "",
  nodes: [
    node("load_images", { ops: 88 }), node("input_images", { ops: 111, alike: "A" }), node("target_images", { ops: 111, alike: "A" }), node("batch", { ops: 12 }),
    node("discriminator", { kind: "variables", ops: 66, variables: 22, parameters: 2_770_000 }), node("generator", { ops: 1686, variables: 88, parameters: 54_420_483 }),
    node("real_discriminator", { ops: 87, alike: "B", reads: ["discriminator"] }), node("fake_discriminator", { ops: 87, alike: "B", reads: ["discriminator"] }),
    node("discriminator_loss", { ops: 16, variables: 1 }), node("generator_loss", { ops: 23, variables: 2 }),
    node("discriminator_train", { ops: 533, updates: ["discriminator"] }), node("generator_train", { ops: 1000, updates: ["generator"] }),
    node("ExponentialMovingAverage", { ops: 16 }), node("global_step", { kind: "variable", op: "VariableV2", ops: 3, shape: "scalar" }), node("AssignAdd", { kind: "operation", op: "AssignAdd", ops: 1 }),
    node("group_deps", { kind: "group", op: "NoOp", ops: 1 }),
    ...["inputs_summary", "outputs_summary", "targets_summary"].map((name) => node(name, { ops: 16, aside: "Only in summary steps" })),
    node("Merge", { kind: "operation", op: "MergeSummary", ops: 1, aside: "Only in summary steps" }),
    ...["deprocess", "deprocess_1", "convert_inputs"].map((name) => node(name, { ops: 6, aside: "Only in display steps" })),
    node("save", { ops: 281, aside: "Only when saving" }), node("init", { kind: "group", op: "NoOp", ops: 4, aside: "Only at start" }), node("report_uninitialized_variables", { ops: 300, aside: "Only at start" }),
    node("parameter_count", { ops: 235, aside: "Run once" }),
  ],
  edges: [
    edge("load_images", "input_images"), edge("load_images", "target_images"), edge("input_images", "batch"), edge("target_images", "batch"), edge("batch", "generator", { shape: image }),
    edge("batch", "real_discriminator", { tensors: 2 }), edge("batch", "fake_discriminator", { shape: image }), edge("generator", "fake_discriminator", { shape: image }), edge("generator", "generator_loss", { shape: image }),
    edge("batch", "generator_loss", { shape: image }), edge("discriminator", "real_discriminator", { tensors: 22, variables: true }), edge("discriminator", "fake_discriminator", { tensors: 22, variables: true }),
    edge("real_discriminator", "discriminator_loss"), edge("fake_discriminator", "discriminator_loss"), edge("fake_discriminator", "generator_loss"), edge("discriminator_loss", "discriminator_train", { tensors: 3 }),
    edge("generator_loss", "generator_train", { tensors: 3 }), edge("generator", "generator_train", { tensors: 354 }), edge("discriminator_train", "generator_train", { tensors: 0, control: true }),
    edge("discriminator_loss", "ExponentialMovingAverage", { tensors: 1 }), edge("generator_loss", "ExponentialMovingAverage", { tensors: 2 }), edge("global_step", "AssignAdd", { variables: true }),
    edge("AssignAdd", "group_deps", { tensors: 0, control: true }), edge("generator_train", "group_deps", { tensors: 0, control: true }), edge("ExponentialMovingAverage", "group_deps", { tensors: 0, control: true }),
    edge("generator", "Merge", { tensors: 120 }), edge("generator", "save", { tensors: 208 }), edge("generator", "deprocess"),
  ],
};

const encoders = Array.from({ length: 8 }, (_, index) => `generator/encoder_${index + 1}`);
const decoders = Array.from({ length: 8 }, (_, index) => `generator/decoder_${8 - index}`);
const generator: GraphLevel = {
  scope: "generator",
  nodes: [...encoders, ...decoders].map((name, index) => node(name, { ops: 107, variables: 6, parameters: 131_456, alike: index === 0 || index > 14 ? undefined : index < 8 ? "C" : "D" })).concat(node("generator/init_ops", { ops: 1264, aside: "Only at start" })),
  edges: [
    ...[...encoders, ...decoders].slice(1).map((name, index) => edge([...encoders, ...decoders][index] ?? "", name, { shape: "1×64×64×128" })),
    ...encoders.slice(0, 7).map((name, index) => edge(name, decoders[7 - index] ?? "", { shape: "1×32×32×256" })),
  ],
};
const inside = (scope: string): GraphLevel => {
  const at = (name: string, change: Partial<LevelNode>): LevelNode => node(`${scope}/${name}`, { ops: 1, ...change });
  return {
    scope,
    nodes: [
      at("lrelu", { ops: 7 }), at("kernel", { kind: "variable", op: "VariableV2", shape: "4×4×64×128", variables: 1, parameters: 131_072 }), at("bias", { kind: "variable", op: "VariableV2", shape: "128", variables: 1, parameters: 128 }),
      at("read", { kind: "operation", op: "Identity" }), at("read_1", { kind: "operation", op: "Identity" }), at("Conv2D", { kind: "operation", op: "Conv2D" }), at("BiasAdd", { kind: "operation", op: "BiasAdd" }),
      at("batch_normalization", { ops: 30, variables: 4, parameters: 256 }),
    ],
    edges: [
      edge(`${scope}/lrelu`, `${scope}/Conv2D`, { shape: "1×128×128×64" }), edge(`${scope}/kernel`, `${scope}/read`, { variables: true, shape: "4×4×64×128" }), edge(`${scope}/read`, `${scope}/Conv2D`, { variables: true }),
      edge(`${scope}/bias`, `${scope}/read_1`, { variables: true, shape: "128" }), edge(`${scope}/read_1`, `${scope}/BiasAdd`, { variables: true }), edge(`${scope}/Conv2D`, `${scope}/BiasAdd`), edge(`${scope}/BiasAdd`, `${scope}/batch_normalization`),
    ],
  };
};
const odd: GraphLevel = {
  scope: "",
  nodes: [
    node("a_scope_with_a_name_that_is_so_long_that_it_can_never_fit_into_any_box_at_all", { ops: 123_456, variables: 1234, parameters: 1.2e9 }), node("b"), node("c", { kind: "operation", op: "MatMul" }),
    ...Array.from({ length: 60 }, (_, index) => node(`lonely_${index}`)),
  ],
  edges: [edge("a_scope_with_a_name_that_is_so_long_that_it_can_never_fit_into_any_box_at_all", "b"), edge("b", "c"), edge("c", "b"), edge("c", "c"), edge("missing", "b")],
};

const levels = new Map([["", which === "empty" ? { scope: "", nodes: [], edges: [] } : which === "odd" ? odd : top], ["generator", generator]]);
const levelOf = (scope: string): GraphLevel => {
  const known = levels.get(scope);
  if (known) return known;
  if (/encoder|decoder|real_|fake_/.test(scope) && scope.split("/").length < 3) return inside(scope);
  return { scope, nodes: [node(`${scope}/mul`, { kind: "operation", op: "Mul", ops: 1 }), node(`${scope}/add`, { kind: "operation", op: "AddV2", ops: 1 })], edges: [edge(`${scope}/mul`, `${scope}/add`, { shape: image })] };
};
const factsOf = (name: string): NodeFacts => {
  const scope = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
  const level = levelOf(scope);
  const found = level.nodes.find((one) => one.name === name) ?? node(name);
  return {
    name, kind: found.kind, op: found.op, ops: found.ops, variables: found.variables, parameters: found.parameters, device: "CPU:0",
    attrs: found.kind === "operation" ? [["strides", "[1,2,2,1]"], ["padding", "SAME"], ["data_format", "NHWC"]] : [],
    inputs: level.edges.filter(({ to, tensors }) => to === name && tensors > 0).map(({ from, shape, tensors }) => ({ name: from, shape, tensors })),
    outputs: level.edges.filter(({ from, tensors }) => from === name && tensors > 0).map(({ to, shape, tensors }) => ({ name: to, shape, tensors })),
    controlInputs: level.edges.filter(({ to, tensors }) => to === name && tensors === 0).map(({ from }) => ({ name: from, tensors: 0 })),
    source: { file: "/home/ada/facades/pix2pix.ts", line: 212 },
  };
};

const asks: GraphAsks = {
  command: async ({ id }) => console.log("command", id),
  open: async () => ({ title: which === "odd" ? "a-run-with-a-name-that-does-not-fit-into-any-sidebar" : "pix2pix-7", level: levelOf("") }),
  level: async ({ scope }) => levelOf(scope),
  node: async ({ name }) => factsOf(name),
  goToSource: async (source) => console.log("goToSource", source.file, source.line),
};
openChannel<HostSide<GraphAsks>, ViewSide<GraphTells>>(pageBorder(), { asks, tells: {} });
