// Whole drawings as text and as SVG. `vitest -u` writes them anew; look at what changed.
import { describe, expect, test } from "vitest";
import { drawWithoutPage, openedView, plainNumbers, type Opened } from "#analysis/diagram/withoutPage";
import type { Drawing } from "#analysis/diagram/drawing";
import { emptyView } from "#analysis/diagram/view";
import { compareGraphs } from "#analysis/graph/comparedGraph";
import { comparedLevel } from "#analysis/graph/comparedLevel";
import { printSvg } from "#analysis/diagram/svgText";
import { buildScopeTree, wholeScopeTree, type ScopeTree } from "#analysis/graph/scopeTree";
import { foreign, graph, pix2pix, small } from "../graph/graphs";

const golden = (name: string): string => new URL(`../../../golden/diagrams/${name}`, import.meta.url).pathname;
const draw = (tree: ScopeTree, opened: Opened = {}): Drawing => drawWithoutPage(openedView(tree, opened));

/** One line per box, indented by depth, and per edge. */
function text({ width, height, boxes, edges }: Drawing): string {
  const places = boxes.map(({ box, at }) => `${"  ".repeat(at.depth)}${box.node.name} [${box.form} ${box.node.kind}] ${[at.x, at.y, at.width, at.height].map(Math.round).join(" ")} ${[box.facts, box.more, ...box.chips.map(({ word, name }) => `${word} ${name}`)].filter(Boolean).join(" | ")}`.trimEnd());
  const lines = edges.map(({ key, kind, width: stroke, label, at }) => `${key} ${kind} ${stroke} ${label} ${at.points.map(([x, y]) => `${Math.round(x)},${Math.round(y)}`).join(" ")}`);
  return [`${width} × ${height}`, ...places, ...lines, ""].join("\n");
}

const tensorflow = buildScopeTree(pix2pix());
const port = buildScopeTree(pix2pix("port"));
const of = (file: string): ScopeTree => wholeScopeTree(foreign(file));

/** Two graphs in one: `small` with its net renamed and widened, a summary gone, another loss. */
function compared(): Drawing {
  const later = graph(small.replace(/^ +(?:tags\/loss|loss_1) .*\n/gm, "").replaceAll("net/", "model/").replace("loss/mean Mean", "loss/mean Sum").replace("  loss/square", "  model/act Relu model/add\n  loss/square").replace("Square model/add", "Square model/act"));
  const both = compareGraphs(wholeScopeTree(graph(small)), wholeScopeTree(later));
  const levels = new Map(["", "model", "loss"].map((scope) => [scope, comparedLevel(both, scope)]));
  return drawWithoutPage({ ...emptyView, levels, expanded: new Set(["model", "loss"]) });
}

describe("the drawing of", () => {
  test.each<[string, () => Drawing]>([
    ["pix2pix-tensorflow", () => draw(tensorflow)],
    ["pix2pix-tensorflow-generator", () => draw(tensorflow, { scopes: ["generator"] })],
    ["pix2pix-tensorflow-encoder", () => draw(tensorflow, { scopes: ["generator/encoder_2/lrelu", "generator/encoder_2/conv2d", "generator/encoder_2/batch_normalization"] })],
    ["pix2pix-port", () => draw(port)],
    ["pix2pix-port-generator", () => draw(port, { scopes: ["generator"] })],
    ["small", () => draw(buildScopeTree(graph(small)), { depth: 2 })],
    ["while", () => draw(of("while.pb"), { depth: 4 })],
    ["while-frames", () => draw(of("while-frames.pb"), { depth: 3 })],
    ["cond", () => draw(of("cond.pb"), { depth: 3 })],
    ["functions", () => draw(of("functions.pb"), { depth: 5 })],
    ["keras", () => draw(of("keras.pb"), { depth: 2 })],
    ["keras-saved-model", () => draw(of("keras-saved-model.pb.gz"))],
    ["keras-saved-model-call", () => draw(of("keras-saved-model.pb.gz"), { scopes: ["StatefulPartitionedCall/StatefulPartitionedCall"] })],
    ["torch", () => draw(of("torch.pb"), { depth: 3 })],
    ["compared", () => compared()],
    ["odd-names", () => draw(of("odd-names.pb"), { depth: 3 })],
  ])("%s", async (name, make) => {
    const drawing = make();
    await expect(text(drawing)).toMatchFileSnapshot(golden(`${name}.txt`));
    await expect(printSvg(drawing, { title: name, numbers: plainNumbers })).toMatchFileSnapshot(golden(`${name}.svg`));
  });
  test("the same graph is the same, box by box", () => {
    expect(text(draw(tensorflow, { scopes: ["generator"] }))).toBe(text(draw(tensorflow, { scopes: ["generator"] })));
  });
});

describe("pix2pix can be read at once", () => {
  const { boxes, edges } = draw(tensorflow);
  const at = (name: string) => {
    const found = boxes.find(({ box }) => box.node.name === name);
    if (!found) throw new Error(`${name} is not drawn`);
    return found;
  };
  test("the discriminator is used twice, side by side, below one box of variables", () => {
    expect(at("real_discriminator").at.y).toBe(at("fake_discriminator").at.y);
    expect(at("real_discriminator").at.x).toBeLessThan(at("fake_discriminator").at.x);
    expect(at("real_discriminator").box.node.alike).toBe(at("fake_discriminator").box.node.alike);
    expect(at("discriminator").box.node.kind).toBe("variables");
    expect(at("discriminator").at.y).toBeLessThan(at("real_discriminator").at.y);
  });
  test("losses stand above the trains, the discriminator's train above the generator's, which waits for it", () => {
    expect(at("discriminator_loss").at.y).toBe(at("generator_loss").at.y);
    expect(at("discriminator_train").at.y).toBeLessThan(at("generator_train").at.y);
    expect(edges.find(({ key }) => key === "discriminator_train → generator_train")).toMatchObject({ kind: "control", label: "runs after", labelled: true });
  });
  test("each step ends in the group below all else", () => {
    expect(Math.max(...boxes.map((one) => one.at.y))).toBe(at("group_deps").at.y);
    expect(at("group_deps").box.node.note).toBe("each step ends here");
  });
  test("counting up is one strip, few lines cross", () => {
    expect(at("global_step …").box.label).toBe("global_step → add → Assign");
    expect(edges.reduce((sum, { gaps }) => sum + gaps.length, 0)).toBeLessThanOrEqual(4);
  });
});
