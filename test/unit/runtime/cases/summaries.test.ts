// Cases of group M: what summaries hold, how they are called, what their files hold.
import { readdir } from "node:fs/promises";
import type * as tf from "@tensorflow/tfjs";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { decodeSummary } from "#formats/events/decodeSummary";
import { buildGraph, constant, getDefaultGraph, nameScope, observeTraining, opOf, RunMetadata, Session, summary } from "#runtime/index";
import { eventTrace } from "../../../conformance/eventTrace";
import { FakeClock } from "../../../support/fakeClock";
import { useGraphCase } from "../../../support/graphCase";

useGraphCase();

const run = async (operation: tf.Tensor) => decodeSummary((await new Session().run(operation)) as Uint8Array);
const inOuter = (make: () => tf.Tensor) => buildGraph(() => nameScope("outer", make));
const one = (value: number) => [{ tag: "test", value: { kind: "simple", value } }] as const;

/** The records of all event files of the folder, oldest file first. */
async function records(): Promise<string[][]> {
  const files = (await readdir("logs")).sort();
  return Promise.all(files.map(async (file) => (await eventTrace(`logs/${file}`))[1].map((event) => event.join(" ").trim())));
}

test("M01: a scalar goes by its scope", async () => {
  expect(await run(inOuter(() => summary.scalar("inner", constant(3))))).toEqual([{ tag: "outer/inner", value: { kind: "simple", value: 3 } }]);
});

test("M02: a family stands in the operation's name once and in the tag twice", async () => {
  const both = inOuter(() => summary.merge(["inner", "inner"].map((name, at) => summary.scalar(name, constant(at), { family: "family" }))));
  expect(opOf(both).inputs.map(({ operation }) => operation.name)).toEqual(["outer/family/inner", "outer/family/inner_1"]);
  expect((await run(both)).map(({ tag }) => tag)).toEqual(["family/outer/family/inner", "family/outer/family/inner_1"]);
});

test("M03: as many images as asked for, numbered", async () => {
  const images = inOuter(() => summary.image("inner", constant(new Float32Array(5 * 2 * 3), { shape: [5, 2, 3, 1] }), { maxOutputs: 3 }));
  expect((await run(images)).map(({ tag }) => tag)).toEqual([0, 1, 2].map((at) => `outer/inner/image/${at}`));
});

test.each([
  ["name with spaces", "name_with_spaces"],
  ["name with many $#illegal^: characters!", "name_with_many___illegal___characters_"],
  ["/name/with/leading/slash", "name/with/leading/slash"],
])("M05: %s becomes %s", async (name, wanted) => {
  expect((await run(buildGraph(() => summary.scalar(name, constant(3))))).map(({ tag }) => tag)).toEqual([wanted]);
});

test("M06: a merge holds a histogram and a scalar as they are", async () => {
  const merged = buildGraph(() => summary.merge([summary.histogram("h", constant(10)), summary.scalar("c", constant(3))]));
  const [histogram, scalar] = await run(merged);
  expect(histogram?.value).toMatchObject({ kind: "histogram", min: 10, max: 10, num: 1, sum: 10, sumSquares: 100 });
  if (histogram?.value.kind !== "histogram") throw new Error("a histogram is wanted");
  expect([...histogram.value.limits].map((limit) => limit.toPrecision(4))).toEqual(["9.938", "10.93", "1.798e+308"]);
  expect([...histogram.value.counts]).toEqual([0, 1, 0]);
  expect(scalar).toMatchObject({ tag: "c", value: { kind: "simple", value: 3 } });
});

test("M07: mergeAll takes those of a collection in their order, or is nothing", () => {
  const [all, foo, bar] = buildGraph(() => {
    summary.scalar("a", constant(1));
    summary.scalar("b", constant(1), { collections: ["foo_key"] });
    summary.scalar("c", constant(1));
    return [summary.mergeAll(), summary.mergeAll("foo_key"), summary.mergeAll("bar_key")];
  });
  const merges = (merged: tf.Tensor | undefined) => merged && opOf(merged).inputs.map(({ operation }) => operation.name);
  expect([merges(all), merges(foo), merges(bar)]).toEqual([["a", "c"], ["b"], undefined]);
});

test.each([[-1, (x: number) => Math.floor((x * 127) / 4 + 128)], [1, (x: number) => Math.floor((x * 255) / 4)]])(
  "M09: a pixel that is no number is red, the others are scaled by the largest, from %i on",
  async (lowest, scaled) => {
    const pixels = [lowest, 2, 4, Number.NaN];
    const image = buildGraph(() => summary.image("i", constant(pixels.flatMap((x) => [x, x, x]), { shape: [1, 1, 4, 3] })));
    const [first] = await run(image);
    if (first?.value.kind !== "image") throw new Error("an image is wanted");
    const rgba = [...PNG.sync.read(Buffer.from(first.value.encoded)).data];
    const wanted = pixels.flatMap((x) => (Number.isNaN(x) ? [255, 0, 0, 255] : [scaled(x), scaled(x), scaled(x), 255]));
    expect(rgba).toEqual(wanted);
  },
);

test("M10: a file holds what it was given in that order, behind its version", async () => {
  const writer = new summary.FileWriter("logs");
  writer.addSessionLog({ status: "start" }, 1);
  writer.addSummary(one(10), 10);
  writer.addSummary(one(20), 20);
  writer.addGraph(getDefaultGraph(), 30);
  writer.addRunMetadata(new RunMetadata(), "test run", 40);
  await writer.close();
  expect(await records()).toEqual([[
    "file_version 0", "session_log 1 START", "summary 10 test,10", "summary 20 test,20", "graph_def 30", "runMetadata 40",
  ]]);
});

test("M11: closed and opened again it goes on in a new file", async () => {
  const clock = new FakeClock();
  const writer = new summary.FileWriter("logs", { clock });
  writer.addSessionLog({ status: "start" }, 1);
  await writer.close();
  clock.advance(1.5);
  writer.reopen();
  writer.addSessionLog({ status: "start" }, 2);
  await writer.close();
  expect(await records()).toEqual([["file_version 0", "session_log 1 START"], ["file_version 0", "session_log 2 START"]]);
});

test("M11: what is given behind the close is not written, and said", async () => {
  const told: string[] = [];
  const watching = observeTraining({ noticed: (text) => told.push(text) });
  const writer = new summary.FileWriter("logs");
  writer.addSessionLog({ status: "start" }, 1);
  await writer.close();
  for (let step = 0; step < 3; step++) writer.addSummary(one(1), step);
  watching.dispose();
  expect(told).toEqual([expect.stringContaining("closed")]);
  expect(await records()).toEqual([["file_version 0", "session_log 1 START"]]);
});
