// The sample as a person runs it: options, console, files.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { beginTracing, decodePng, endTracing, getCheckpointState, resetDefaultGraph } from "trainscope";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { decodeEvent } from "#formats/events/decodeEvent";
import { RecordScanner } from "#formats/records/recordScanner";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { makeDigits } from "../../../scripts/digits.mjs";
import pix2pix from "../../../samples/pix2pix/pix2pix";

let folder: string;

beforeAll(async () => {
  await makeDigits();
  await chooseBackend("wasm", { resolveFrom: import.meta.filename });
  folder = await mkdtemp(join(tmpdir(), "pix2pix-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Runs the sample; answers with what it printed. */
async function run(logdir: string, args: string): Promise<string[]> {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  log.mockClear();
  resetDefaultGraph();
  beginTracing();
  try {
    await pix2pix({ args: args.split(" "), logdir, progress: {} });
  } finally {
    endTracing();
  }
  return log.mock.calls.map((words) => words.join(" "));
}

async function tagsIn(logdir: string): Promise<{ tag: string; step: number }[]> {
  const [file = ""] = (await readdir(logdir)).filter((name) => name.includes("tfevents"));
  const scanner = new RecordScanner();
  scanner.push(await readFile(join(logdir, file)));
  const tags: { tag: string; step: number }[] = [];
  for (let read = scanner.next(); read.kind === "record"; read = scanner.next()) {
    const { step, what } = decodeEvent(read.data);
    if (what.kind === "summary") tags.push(...what.values.map(({ tag }) => ({ tag, step })));
  }
  return tags;
}

const small = "--size 32 --ngf 2 --ndf 2 --seed 7";

test("a short training prints, records, shows and saves as the original does", async () => {
  const logdir = join(folder, "short");
  const lines = await run(
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
  const lines = await run(
    join(folder, "more"),
    `${small} --max_steps 2 --progress_freq 1 --checkpoint ${join(folder, "short")}`,
  );
  expect(lines).toContain("loading model from checkpoint");
  expect(lines.filter((line) => line.startsWith("progress  ")).map((line) => /step (\d+)/.exec(line)?.[1])).toEqual([
    "7",
    "8",
  ]);
});

test("a test takes its options from the checkpoint and shows each held-out picture once", async () => {
  const logdir = join(folder, "tested");
  const lines = await run(logdir, `--mode test --checkpoint ${join(folder, "short")} --max_steps 3`);
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
  const logdir = join(folder, String(count));
  expect(await run(logdir, `${args} --max_steps 0`)).toContain(`parameter_count = ${count}`);
  expect((await readdir(logdir)).map((name) => name.replace(/\.\d.*/, "")).sort()).toEqual([
    "events.out.tfevents",
    "graph.pbtxt",
    "options.json",
  ]);
});

test("a folder of paired pictures is read: the left half is the input, the right half the target", async () => {
  const input = join(folder, "pairs");
  const picture = new PNG({ width: 80, height: 40 });
  for (let i = 0; i < 80 * 40; i++) picture.data.set(i % 80 < 40 ? [255, 0, 0, 255] : [0, 0, 255, 255], i * 4);
  await mkdir(input);
  await writeFile(join(input, "1.png"), PNG.sync.write(picture));
  const logdir = join(folder, "from-folder");
  const lines = await run(logdir, `${small} --input_dir ${input} --max_steps 1 --display_freq 1 --flip`);
  expect(lines).toContain("examples count = 1");
  const pixel = async (kind: string) => [
    ...decodePng(await readFile(join(logdir, "images", `00000001-1-${kind}.png`))).bytes.subarray(0, 3),
  ];
  expect(await pixel("inputs")).toEqual([255, 0, 0]);
  expect(await pixel("targets")).toEqual([0, 0, 255]);
});

test("separable convolutions, larger batches and the other direction train as well", async () => {
  const logdir = join(folder, "variants");
  const lines = await run(logdir, `${small} --separable_conv --batch_size 2 --which_direction BtoA --max_steps 2`);
  expect(lines.filter((line) => /^gen_loss_L1 \d/.test(line))).toHaveLength(1);
  expect(await readdir(join(logdir, "images"))).toHaveLength(6);
});

test.each([
  ["--mode export", "--mode export is not there yet."],
  ["--size 60", "--size is one of 32, 64, 128, 256."],
  ["--nfg 8", "There is no option --nfg."],
  ["--lr fast", "--lr takes a number, not fast."],
])("%s is refused in one sentence", async (args, sentence) => {
  await expect(run(join(folder, "refused"), args)).rejects.toThrow(sentence);
});
