// Summary operations: tags, collections, and what a run gives.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeSummary } from "#formats/events/decodeSummary";
import type { SummaryValue } from "#formats/events/event";
import { constant, placeholder } from "#runtime/graph/constants";
import { InvalidArgumentError, ValueError } from "#runtime/graph/errors";
import { getDefaultGraph, resetDefaultGraph } from "#runtime/graph/graph";
import { opOf } from "#runtime/graph/graphTensor";
import { Session } from "#runtime/graph/session";
import { buildGraph, endAllTracing } from "#runtime/graph/trace";
import { getVariable } from "#runtime/scope/getVariable";
import { nameScope } from "#runtime/scope/nameScope";
import { histogram, image, merge, mergeAll, scalar } from "#runtime/summaries/summaryOperations";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

async function run(summary: tf.Tensor): Promise<readonly SummaryValue[]> {
  const bytes: unknown = await new Session().run(summary);
  if (!(bytes instanceof Uint8Array)) throw new Error("a summary is bytes");
  return decodeSummary(bytes);
}

test("a scalar gives its value as float32 under the name of its scope", async () => {
  const summary = buildGraph(() => nameScope("outer", () => scalar("loss", constant(0.1))));
  expect(opOf(summary).name).toBe("outer/loss");
  expect(await run(summary)).toEqual([{ tag: "outer/loss", value: { kind: "simple", value: Math.fround(0.1) } }]);
});

test("a name that is taken is numbered, for operation and tag alike", async () => {
  const summary = buildGraph(() => {
    nameScope("loss", () => constant(1));
    return scalar("loss", constant(2));
  });
  expect(opOf(summary).name).toBe("loss_1");
  expect((await run(summary))[0]?.tag).toBe("loss_1");
});

test("a family stands in the scope and before the tag", async () => {
  const summary = buildGraph(() => nameScope("outer", () => scalar("name", constant(1), { family: "f" })));
  expect(opOf(summary).name).toBe("outer/f/name");
  expect((await run(summary))[0]?.tag).toBe("f/outer/f/name");
});

test("summaries join the collection of summaries, or just those that are named", () => {
  buildGraph(() => {
    scalar("a", constant(1));
    scalar("b", constant(1), { collections: ["mine"] });
  });
  const names = (key: string) => getDefaultGraph().getCollection<tf.Tensor>(key).map((tensor) => opOf(tensor).name);
  expect(names("summaries")).toEqual(["a"]);
  expect(names("mine")).toEqual(["b"]);
});

test("a variable is summarised as it is when the summary runs", async () => {
  const { summary, v, add } = buildGraph(() => {
    const v = getVariable("v", { initializer: [1, 2] });
    return { v, summary: histogram("v", v), add: v.assignAdd([1, 1]) };
  });
  const session = new Session();
  await session.run(v.initializer);
  await session.run(add);
  const bytes = (await session.run(summary)) as Uint8Array;
  expect(decodeSummary(bytes)[0]?.value).toMatchObject({ kind: "histogram", min: 2, max: 3, num: 2, sum: 5 });
});

test("images become PNG files, as many as asked for", async () => {
  const summary = buildGraph(() => image("picture", constant(new Float32Array(4 * 2 * 3 * 3), { shape: [4, 2, 3, 3] })));
  const values = await run(summary);
  expect(values.map(({ tag }) => tag)).toEqual(["picture/image/0", "picture/image/1", "picture/image/2"]);
  expect(values[0]?.value).toMatchObject({ kind: "image", height: 2, width: 3, colorspace: 3 });
});

test("what cannot be an image, or is no single number, is refused as the graph is built", () => {
  buildGraph(() => {
    expect(() => image("picture", constant(new Float32Array(12), { shape: [2, 2, 3] }))).toThrow(ValueError);
    expect(() => image("picture", constant(new Float32Array(8), { shape: [1, 2, 2, 2] }))).toThrow(ValueError);
    expect(() => scalar("loss", constant([1, 2]))).toThrow(ValueError);
  });
});

test("merging concatenates in order; the merge is in no collection", async () => {
  const merged = buildGraph(() => mergeAll2());
  expect(opOf(merged).name).toBe("Merge/MergeSummary");
  expect((await run(merged)).map(({ tag }) => tag)).toEqual(["b", "a"]);
  expect(getDefaultGraph().getCollection("summaries")).toHaveLength(2);
});

function mergeAll2(): tf.Tensor {
  scalar("b", constant(1));
  scalar("a", constant(2));
  const merged = mergeAll();
  if (!merged) throw new Error("there are summaries");
  return merged;
}

test("a graph without summaries merges to nothing", () => {
  expect(buildGraph(() => mergeAll())).toBeUndefined();
});

test("the same tag twice is an error of the run", async () => {
  const merged = buildGraph(() => {
    const one = scalar("a", constant(1));
    return merge([one, one]);
  });
  await expect(new Session().run(merged)).rejects.toThrow(InvalidArgumentError);
});

test("a histogram of values that are not finite is an error of the run that names it", async () => {
  const { summary, x } = buildGraph(() => {
    const x = placeholder("float32", { shape: [2] });
    return { x, summary: histogram("h", x) };
  });
  await expect(new Session().run(summary, { feeds: [[x, [1, Number.NaN]]] })).rejects.toThrow("Nan in summary histogram for: h");
});
