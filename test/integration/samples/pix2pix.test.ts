// The sample as a person runs it: options, console, files.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PNG } from "pngjs";
import { decodeJpeg, decodePng, getCheckpointState, getDefaultGraph, saversOf, Session } from "trainscope";
import { expect, test } from "vitest";
import { decodeEvent } from "#formats/events/decodeEvent";
import type { Event } from "#formats/events/event";
import { decodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { encodeJpegFile } from "#runtime/images/jpegFiles";
import { RecordScanner } from "#formats/records/recordScanner";
import pix2pix from "../../../samples/pix2pix/pix2pix";
import { useSample } from "../../support/sampleRuns";

const sample = useSample(pix2pix);

/** What the run's first event file holds, record by record. */
async function eventsIn(logdir: string): Promise<readonly Event[]> {
  const [file = ""] = (await readdir(logdir)).filter((name) => name.includes("tfevents"));
  const scanner = new RecordScanner();
  scanner.push(await readFile(join(logdir, file)));
  const events: Event[] = [];
  for (let read = scanner.next(); read.kind === "record"; read = scanner.next()) events.push(decodeEvent(read.data));
  return events;
}

async function tagsIn(logdir: string): Promise<{ tag: string; step: number }[]> {
  return (await eventsIn(logdir)).flatMap(({ step, what }) => (what.kind === "summary" ? what.values.map(({ tag }) => ({ tag, step })) : []));
}

async function tracesIn(logdir: string): Promise<string[]> {
  return (await eventsIn(logdir)).flatMap(({ what }) => (what.kind === "runMetadata" && what.bytes.length > 1000 ? [what.tag] : []));
}

const small = "--size 32 --ngf 2 --ndf 2 --seed 7";

test("a short training prints, records, shows and saves as the original does", async () => {
  const logdir = join(sample.folder, "short");
  const lines = await sample.run(
    logdir,
    `${small} --max_steps 6 --progress_freq 3 --scalar_freq 2 --summary_freq 6 --display_freq 3 --save_freq 4`,
  );

  expect(lines).toContain("examples count = 1000");
  expect(lines).toContain("seed = 7");
  expect(
    lines.filter((line) => /^progress {2}epoch 1 {2}step [36] {2}image\/sec \d+\.\d {2}remaining \d+m$/.test(line)),
  ).toHaveLength(2);
  expect(lines.filter((line) => /^gen_loss_L1 0\.\d+$/.test(line))).toHaveLength(2);
  const order = ["recording summary", "saving display images", "saving model"].map((line) => lines.lastIndexOf(line));
  expect(order.every((at, i) => at > (order[i - 1] ?? -1))).toBe(true);

  const images = (await readdir(join(logdir, "images"))).sort();
  expect(images.map((name) => name.replace(/\d{4}_\d/, "NAME"))).toEqual(
    ["00000003", "00000006"].flatMap((step) =>
      ["inputs", "outputs", "targets"].map((kind) => `${step}-NAME-${kind}.png`),
    ),
  );
  expect(decodePng(await readFile(join(logdir, "images", images[0] ?? "")))).toMatchObject({ width: 32, height: 32 });

  const state = await getCheckpointState(logdir);
  expect(state?.allModelCheckpointPaths.map((path) => path.split("/").at(-1))).toEqual(["model-4", "model-6"]);

  const tags = await tagsIn(logdir);
  expect(tags.filter(({ tag }) => tag === "discriminator_loss_1").map(({ step }) => step)).toEqual([2, 4, 6]);
  const last = tags.filter(({ step }) => step === 6).map(({ tag }) => tag);
  for (const tag of [
    "generator_loss_GAN",
    "generator_loss_L1",
    "outputs_summary/outputs/image/0",
    "predict_fake_summary/predict_fake/image/0",
    "generator/encoder_1/conv2d/kernel/values",
    "discriminator/layer_5/conv2d/bias/gradients",
  ]) {
    expect(last).toContain(tag);
  }
});

test("a restart from a checkpoint continues at its step", async () => {
  const lines = await sample.run(
    join(sample.folder, "more"),
    `${small} --max_steps 2 --progress_freq 1 --checkpoint ${join(sample.folder, "short")}`,
  );
  expect(lines).toContain("loading model from checkpoint");
  expect(lines.filter((line) => line.startsWith("progress  ")).map((line) => /step (\d+)/.exec(line)?.[1])).toEqual([
    "7",
    "8",
  ]);
});

test("a test takes its options from the checkpoint and shows each held-out picture once", async () => {
  const logdir = join(sample.folder, "tested");
  const lines = await sample.run(logdir, `--mode test --checkpoint ${join(sample.folder, "short")} --max_steps 3`);
  expect(lines).toContain("loaded ngf = 2");
  expect(lines.filter((line) => line.startsWith("evaluated image"))).toEqual(
    ["0", "1", "2"].map((digit) => `evaluated image 100${digit}_${digit}`),
  );
  expect(await readdir(join(logdir, "images"))).toHaveLength(9);
});

test.each([
  ["--size 256 --ngf 4 --ndf 4", 225_904],
  ["--size 256 --ngf 8 --ndf 8", 898_268],
])("%s has the original's number of parameters, and without steps only the graph is written", async (args, count) => {
  const logdir = join(sample.folder, String(count));
  expect(await sample.run(logdir, `${args} --max_steps 0`)).toContain(`parameter_count = ${count}`);
  expect((await readdir(logdir)).map((name) => name.replace(/\.\d.*/, "")).sort()).toEqual([
    "events.out.tfevents",
    "graph.pbtxt",
    "options.json",
  ]);
});

test("a folder of paired pictures is read: the left half is the input, the right half the target", async () => {
  const input = join(sample.folder, "pairs");
  const picture = new PNG({ width: 80, height: 40 });
  for (let i = 0; i < 80 * 40; i++) picture.data.set(i % 80 < 40 ? [255, 0, 0, 255] : [0, 0, 255, 255], i * 4);
  await mkdir(input);
  await writeFile(join(input, "1.png"), PNG.sync.write(picture));
  const logdir = join(sample.folder, "from-folder");
  const lines = await sample.run(logdir, `${small} --input_dir ${input} --max_steps 1 --display_freq 1 --flip`);
  expect(lines).toContain("examples count = 1");
  const pixel = async (kind: string) => [
    ...decodePng(await readFile(join(logdir, "images", `00000001-1-${kind}.png`))).bytes.subarray(0, 3),
  ];
  expect(await pixel("inputs")).toEqual([255, 0, 0]);
  expect(await pixel("targets")).toEqual([0, 0, 255]);
});

test("photographs (JPEG) come before PNG files, and a picture that is none is named", async () => {
  const input = join(sample.folder, "photographs");
  const data = new Uint8Array(64 * 32 * 4).map((_, i) => [i % 256 < 128 ? 200 : 20, 60, 90, 255][i % 4] ?? 0);
  await mkdir(input);
  await writeFile(join(input, "2.jpg"), encodeJpegFile({ width: 64, height: 32, channels: 4, bytes: data }, 100));
  await writeFile(join(input, "1.png"), "not looked at");
  const logdir = join(sample.folder, "from-photographs");
  const lines = await sample.run(logdir, `${small} --input_dir ${input} --scale_size 32 --max_steps 1 --display_freq 1`);
  expect(lines).toContain("examples count = 1");
  const { bytes } = decodePng(await readFile(join(logdir, "images", "00000001-2-inputs.png")));
  [200, 60, 90].forEach((value, c) => expect(Math.abs((bytes[c] ?? 0) - value)).toBeLessThan(4));
  await writeFile(join(input, "3.jpg"), "no picture");
  await expect(sample.run(join(sample.folder, "broken"), `${small} --input_dir ${input} --max_steps 2`)).rejects.toThrow(/3\.jpg cannot be read: This is no JPEG image/);
});

test("pictures are stretched to their aspect ratio for people alone, and a traced step is recorded", async () => {
  const logdir = join(sample.folder, "wide");
  const lines = await sample.run(logdir, `${small} --aspect_ratio 1.5 --trace_freq 2 --max_steps 2 --display_freq 2`);
  expect(lines).toContain("aspect_ratio = 1.5");
  expect(lines.filter((line) => line === "recording trace")).toHaveLength(1);
  const [image = ""] = await readdir(join(logdir, "images"));
  expect(decodePng(await readFile(join(logdir, "images", image)))).toMatchObject({ width: 48, height: 32 });
  expect(await tracesIn(logdir)).toEqual(["step_2"]);
});

test("an export is a graph of its own from base64 to base64, with the generator's variables alone", async () => {
  const logdir = join(sample.folder, "exported");
  const lines = await sample.run(logdir, `--mode export --checkpoint ${join(sample.folder, "short")} --output_filetype jpeg`);
  expect(lines.slice(-1)).toEqual(["exporting model"]);
  expect((await readdir(logdir)).sort()).toEqual(["checkpoint", "export.data-00000-of-00001", "export.index", "export.meta", "options.json"]);
  const { graph, collections } = decodeMetaGraphDef(await readFile(join(logdir, "export.meta")));
  const texts = (key: string) => collections.get(key)?.values.map((value) => Buffer.from(value as Uint8Array).toString());
  expect(texts("inputs")).toEqual(['{"key": "Placeholder_1:0", "input": "Placeholder:0"}']);
  expect(texts("outputs")).toEqual(['{"key": "Identity:0", "output": "packed:0"}']);
  expect(graph.nodes.filter(({ op }) => op === "VariableV2").every(({ name }) => name.startsWith("generator/"))).toBe(true);
  expect(graph.nodes.map(({ op }) => op).filter((op) => /Base64|Jpeg|Png/.test(op))).toEqual(["DecodeBase64", "DecodePng", "EncodeJpeg", "EncodeBase64"]);
});

test("the exported graph answers a picture with a picture of its size, and passes the key through", async () => {
  const graph = getDefaultGraph();
  const session = new Session({ graph });
  await saversOf(graph)[0]?.restore(session, join(sample.folder, "exported", "export"));
  const picture = new PNG({ width: 32, height: 32, fill: true });
  const text = PNG.sync.write(picture).toString("base64url");
  const feeds = [["Placeholder:0", [text]], ["Placeholder_1:0", ["seven"]]] as const;
  const [output, key] = (await session.run(["packed:0", "Identity:0"], { feeds })) as unknown as [Uint8Array[], Uint8Array[]];
  session.close();
  expect(Buffer.from(key[0] ?? []).toString()).toBe("seven");
  const answer = Buffer.from(Buffer.from(output[0] ?? []).toString("latin1"), "base64url");
  expect(decodeJpeg(answer)).toMatchObject({ width: 32, height: 32, channels: 3 });
});

test("separable convolutions, larger batches and the other direction train as well", async () => {
  const logdir = join(sample.folder, "variants");
  const lines = await sample.run(logdir, `${small} --separable_conv --batch_size 2 --which_direction BtoA --max_steps 2`);
  expect(lines.filter((line) => /^gen_loss_L1 \d/.test(line))).toHaveLength(1);
  expect(await readdir(join(logdir, "images"))).toHaveLength(6);
});

test.each([
  ["--mode export", "checkpoint required for export mode"],
  ["--mode test --checkpoint nowhere", "The options that the checkpoint was trained with cannot be read from nowhere"],
  ["--lab_colorization", "Colorization (--lab_colorization) is not offered: train on pairs."],
  ["--input_dir nowhere", "input_dir does not exist: nowhere"],
  ["--size 60", "--size is one of 32, 64, 128, 256."],
  ["--nfg 8", "There is no option --nfg."],
  ["--lr fast", "--lr takes a number, not fast."],
])("%s is refused in one sentence", async (args, sentence) => {
  await expect(sample.run(join(sample.folder, "refused"), args)).rejects.toThrow(sentence);
});
