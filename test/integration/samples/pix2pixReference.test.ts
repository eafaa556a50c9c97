// The port of pix2pix against numbers of the original: one fixed pair, dropout off, five steps from a checkpoint.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type * as tf from "@tensorflow/tfjs";
import {
  beginTracing,
  decodePng,
  endTracing,
  globalVariables,
  placeholder,
  resetDefaultGraph,
  Session,
  type Variable,
} from "trainscope";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import { openBundle } from "#formats/bundle/openBundle";
import { openFileSource } from "#node/files";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { createModel, type Model } from "../../../samples/pix2pix/model";

const folder = join(import.meta.dirname, "../../fixtures/pix2pix");

interface Digest {
  readonly sum: number;
  readonly l2: number;
  readonly first: readonly number[];
}

interface Losses {
  readonly discrim_loss: number;
  readonly gen_loss_GAN: number;
  readonly gen_loss_L1: number;
}

interface Reference {
  readonly leave_out: readonly string[];
  readonly exact_zero: readonly string[];
  readonly losses: Losses;
  readonly outputs: Digest;
  readonly predict_real: Digest;
  readonly predict_fake: Digest;
  readonly trace: readonly {
    readonly losses: Losses;
    readonly ema_after: Losses;
    readonly global_step_after: number;
  }[];
  readonly gradients: Readonly<Record<"generator" | "discriminator", Readonly<Record<string, Digest>>>>;
  readonly after_step_1: Readonly<Record<string, Digest>>;
  readonly after_step_5: Readonly<Record<string, Digest>>;
}

const reference = JSON.parse(gunzipSync(readFileSync(join(folder, "reference.json.gz"))).toString("utf8")) as Reference;

let session: Session;
let model: Model;
let feeds: [tf.Tensor, Float32Array][];
let before: unknown;
let gradients: Map<string, ArrayLike<number>>;
const steps: { losses: number[]; averages: number[]; step: number }[] = [];
const after = new Map<number, Map<string, ArrayLike<number>>>();

beforeAll(async () => {
  await chooseBackend("wasm", { resolveFrom: import.meta.filename });
  beginTracing();
  resetDefaultGraph();
  const [inputs, targets] = ["inputs", "targets"].map((name) =>
    placeholder<tf.Rank.R4>("float32", { shape: [1, 256, 256, 3], name }),
  );
  if (!inputs || !targets) throw new Error("two placeholders are made");
  const options = {
    ngf: 1,
    ndf: 2,
    lr: 0.0002,
    beta1: 0.5,
    l1_weight: 100,
    gan_weight: 1,
    separable_conv: false,
    keep_probability: 1,
  };
  model = createModel(inputs, targets, options);
  session = new Session();
  feeds = pair().map((values, index) => [index === 0 ? inputs : targets, values]);
  await restore(session);
  before = await session.run({ outputs: model.outputs, real: model.predictReal, fake: model.predictFake }, { feeds });
  const pairs = [...model.discrimGradsAndVars, ...model.genGradsAndVars];
  for (let step = 1; step <= 5; step++) {
    // The gradients are those of the very step: the generator's are computed behind the discriminator's update.
    const results = await session.run(
      {
        train: model.train,
        losses: lossesOf(model.raw),
        averages: lossesOf(model),
        step: model.globalStep,
        gradients: pairs.map(({ gradient }) => gradient),
      },
      { feeds },
    );
    steps.push({
      losses: results.losses.map(Number),
      averages: results.averages.map(Number),
      step: Number(results.step),
    });
    if (step === 1)
      gradients = new Map(
        pairs.map(({ variable }, i) => [variable.op.name, results.gradients[i] as ArrayLike<number>]),
      );
    if (step === 1 || step === 5) after.set(step, await variablesNow(session));
  }
});

afterAll(() => {
  session?.close();
  endTracing();
});

/** The left half of the picture is the input, the right half the target; both as the program feeds them, in [-1, 1]. */
function pair(): Float32Array[] {
  const { width, height, bytes } = decodePng(readFileSync(join(folder, "pair.png")));
  return [0, 1].map((half) => {
    const values = new Float32Array(height * height * 3);
    for (let i = 0; i < values.length; i++) {
      const [row, at] = [Math.floor(i / (height * 3)), i % (height * 3)];
      values[i] = Math.fround((bytes[(row * width + half * height) * 3 + at] ?? 0) * Math.fround(1 / 255)) * 2 - 1;
    }
    return values;
  });
}

async function restore(into: Session): Promise<void> {
  const index = await openFileSource(join(folder, "model-40.index"));
  const shard = await openFileSource(join(folder, "model-40.data-00000-of-00001"));
  const bundle = await openBundle(index, () => Promise.resolve(shard));
  for (const variable of globalVariables()) {
    const entry = bundle.entries.get(variable.op.name);
    if (!entry) throw new Error(`the original has no variable ${variable.op.name}`);
    const values = decodeTensor(entry.dtype, await bundle.read(entry.name)) as ArrayLike<number>;
    into.assignVariable(variable, Float32Array.from(values, Number), entry.shape);
  }
  expect(globalVariables().length).toBe(bundle.entries.size);
  await Promise.all([index.close(), shard.close()]);
}

async function variablesNow(from: Session): Promise<Map<string, ArrayLike<number>>> {
  const read = async (variable: Variable) => [variable.op.name, await from.readVariable(variable)] as const;
  return new Map(await Promise.all(globalVariables().map(read)));
}

function lossesOf({
  discrimLoss,
  genLossGAN,
  genLossL1,
}: Pick<Model, "discrimLoss" | "genLossGAN" | "genLossL1">): tf.Tensor[] {
  return [discrimLoss, genLossGAN, genLossL1];
}

/** How far a tensor is from its digest, relative to its length: by length, by sum, and at its first elements. */
function distance(values: ArrayLike<number>, { sum, l2, first }: Digest): number {
  const numbers = Array.from(values);
  const scale = Math.max(l2, 1e-30);
  const length = Math.sqrt(numbers.reduce((total, value) => total + value * value, 0));
  const total = numbers.reduce((all, value) => all + value, 0);
  const firsts = Math.sqrt(first.reduce((all, value, i) => all + (value - (numbers[i] ?? NaN)) ** 2, 0));
  return Math.max(
    Math.abs(length - l2) / scale,
    Math.abs(total - sum) / (scale * Math.sqrt(numbers.length)),
    firsts / scale,
  );
}

const losses = ({ discrim_loss, gen_loss_GAN, gen_loss_L1 }: Losses) => [discrim_loss, gen_loss_GAN, gen_loss_L1];

function largestRelative(got: readonly number[], wanted: readonly number[]): number {
  return Math.max(...wanted.map((value, i) => Math.abs((got[i] ?? NaN) - value) / Math.abs(value)));
}

/** Names of variables whose numbers say something. */
function compared(digests: Readonly<Record<string, Digest>>): string[] {
  const noise = new Set(reference.leave_out.flatMap((name) => [name, `${name}/Adam`, `${name}/Adam_1`]));
  return Object.keys(digests).filter((name) => !noise.has(name));
}

test("the same picture and predictions come out of the same weights", () => {
  const { outputs, real, fake } = before as Record<"outputs" | "real" | "fake", ArrayLike<number>>;
  expect(distance(outputs, reference.outputs)).toBeLessThan(1e-4);
  expect(distance(real, reference.predict_real)).toBeLessThan(1e-4);
  expect(distance(fake, reference.predict_fake)).toBeLessThan(1e-4);
});

test("the losses of the first step are the original's", () => {
  expect(largestRelative(steps[0]?.losses ?? [], losses(reference.losses))).toBeLessThan(2e-5);
});

describe.each(["discriminator", "generator"] as const)("the %s's gradients of a real step", (network) => {
  const digests = reference.gradients[network];

  test("are the original's for every variable, which for the generator needs old activations and new discriminator weights", () => {
    const names = compared(digests).filter((name) => !reference.exact_zero.includes(name));
    const worst = Math.max(...names.map((name) => distance(gradients.get(name) ?? [], digests[name] as Digest)));
    expect(names.length).toBeGreaterThan(10);
    expect(worst).toBeLessThan(1e-3);
  });

  test("are exactly zero where the original's are", () => {
    for (const name of reference.exact_zero.filter((zero) => zero in digests)) {
      expect(
        Array.from(gradients.get(name) ?? [NaN]).every((value) => value === 0),
        name,
      ).toBe(true);
    }
  });
});

test("averages and step after each of five steps are the original's", () => {
  reference.trace.forEach((wanted, i) => {
    expect(steps[i]?.step).toBe(wanted.global_step_after);
    expect(largestRelative(steps[i]?.losses ?? [], losses(wanted.losses)), `losses of step ${i + 1}`).toBeLessThan(
      5e-4,
    );
    expect(
      largestRelative(steps[i]?.averages ?? [], losses(wanted.ema_after)),
      `averages after step ${i + 1}`,
    ).toBeLessThan(i === 0 ? 1e-6 : 1e-5);
  });
});

/** Tolerances of the reference: weights, Adam's m, Adam's v. */
function tolerance(name: string, [weights, m, v]: readonly [number, number, number]): number {
  return name.endsWith("/Adam") ? m : name.endsWith("/Adam_1") ? v : weights;
}

test.each([
  [1, [2e-5, 1e-3, 1e-4]],
  [5, [2e-2, Infinity, 0.1]],
] as const)("all variables after %i steps are the original's", (step, tolerances) => {
  const digests = step === 1 ? reference.after_step_1 : reference.after_step_5;
  const values = after.get(step);
  expect([...(values?.keys() ?? [])].sort()).toEqual(Object.keys(digests).sort());
  for (const name of compared(digests)) {
    const { l2 } = digests[name] as Digest;
    const far =
      l2 === 0
        ? Math.max(...Array.from(values?.get(name) ?? [NaN], Math.abs))
        : distance(values?.get(name) ?? [], digests[name] as Digest);
    expect(far, name).toBeLessThan(tolerance(name, tolerances));
  }
});
