// The lines of the samples that a graph leads to, out of real trainers: the call that stands there is the one that made the operation.
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { sourceOf } from "#analysis/graph/sourceAttribute";
import { parseGraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import { isBesideScript } from "#host/runs/scriptFolder";
import { makeDigits } from "../../../scripts/digits.mjs";
import { useTrainings } from "../../support/trainings";

const { start } = useTrainings();
beforeAll(() => makeDigits());

/** An operation, where the graph says that it was made, and what stands there. */
interface Made {
  readonly op: string;
  /** Made by going back through the others. */
  readonly gradient: boolean;
  readonly place: string;
  readonly code: string;
}

const sample = (name: string): string => join(import.meta.dirname, "../../../samples", name, `${name}.ts`);

/** Trains one step of a sample; answers with the operations that have a line. */
async function madeBy(name: string, args: string): Promise<{ readonly made: readonly Made[]; readonly dir: string }> {
  const { dir, ended, log } = await start("", args.split(" "), { script: sample(name), backend: "wasm" });
  expect(await ended, await log()).toMatchObject({ how: "finished" });
  const { nodes } = graphModelOf(parseGraphDef(await readFile(join(dir, "graph.pbtxt"), "utf8")));
  const files = new Map<string, readonly string[]>();
  const made: Made[] = [];
  for (const node of nodes) {
    const source = sourceOf(node);
    if (!source) continue;
    const lines = files.get(source.file) ?? (await readFile(source.file, "utf8")).split("\n");
    files.set(source.file, lines);
    made.push({ op: node.op, gradient: /(^|\/)gradients\//.test(node.name), place: `${relative(dirname(sample(name)), source.file)}:${source.line}`, code: lines[source.line - 1] ?? "" });
  }
  for (const file of files.keys()) expect(await isBesideScript(dir, file)).toBe(true);
  return { made, dir };
}

/** Lines that made operations, each once. */
function linesOf(made: readonly Made[]): readonly string[] {
  return [...new Set(made.map(({ code }) => code.trim()))];
}

/** Each line that made an operation of such a type calls the function that makes it. */
function expectCalls(made: readonly Made[], calls: Readonly<Record<string, RegExp>>): void {
  for (const [type, call] of Object.entries(calls)) {
    const lines = linesOf(made.filter(({ op, gradient }) => op === type && !gradient));
    expect(lines.length, type).toBeGreaterThan(0);
    for (const line of lines) expect(line, type).toMatch(call);
  }
}

test("the classifier's operations lead to the calls that made them", async () => {
  const { made } = await madeBy("classifier", "--max_steps 1");
  expectCalls(made, {
    Conv2D: /tf\.conv2d\(/, MatMul: /tf\.matMul\(/, Relu: /tf\.relu\(/, OneHot: /tf\.oneHot\(/, Log: /tf\.logSoftmax\(/, ArgMax: /tf\.argMax\(/,
    ScalarSummary: /summary\.scalar\(/, HistogramSummary: /summary\.histogram\(/, ApplyAdam: /\.minimize\(/,
  });
  expect(linesOf(made.filter(({ gradient }) => gradient))).toEqual([expect.stringContaining(".minimize(")]);
});

test("pix2pix's operations lead to the calls that made them, in all files of the script", async () => {
  const { made, dir } = await madeBy("pix2pix", "--size 32 --ngf 1 --ndf 1 --max_steps 1 --summary_freq 0 --display_freq 0 --save_freq 0");
  expectCalls(made, {
    Conv2D: /tf\.conv2d\(/, FusedBatchNormV3: /fusedBatchNorm\(/, Tanh: /tf\.tanh\(/, Sigmoid: /tf\.sigmoid\(/, ConcatV2: /tf\.concat\(/, ApplyAdam: /\.applyGradients\(/,
  });
  const filters = linesOf(made.filter(({ op }) => op === "Conv2DBackpropFilter"));
  expect(filters).toHaveLength(2);
  for (const line of filters) expect(line).toMatch(/computeGradients\(/);
  expect(new Set(made.map(({ place }) => place.split(":")[0]))).toContain("layers.ts");
  expect(await isBesideScript(dir, join(dir, "graph.pbtxt"))).toBe(false);
  expect(await isBesideScript(dir, "//elsewhere/share/layers.ts")).toBe(false);
});
