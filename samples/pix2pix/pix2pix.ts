// pix2pix: learns to turn one kind of picture into another. A port of affinelayer/pix2pix-tensorflow to TensorFlow.js.
import * as tf from "@tensorflow/tfjs";
import {
  constant,
  latestCheckpoint,
  nameScope,
  Saver,
  setRandomSeed,
  summary,
  Supervisor,
  trainableVariables,
  type Session,
  type TrainingContext,
} from "trainscope";
import { appendIndex, convert, displayFetches, saveImages, type DisplayFetches } from "./display";
import { deprocess, loadExamples, type Examples } from "./examples";
import { createModel, type Model } from "./model";
import { announceOptions, parseOptions, type Options } from "./options";

interface Program {
  readonly options: Options;
  readonly examples: Examples;
  readonly model: Model;
  readonly display: DisplayFetches;
  readonly summaries: { readonly scalars: tf.Tensor; readonly all: tf.Tensor };
  readonly parameterCount: tf.Tensor;
}

/** What the training loop works with beside the program. */
interface TrainingTools {
  readonly saver: Saver;
  readonly supervisor: Supervisor;
  readonly progress: TrainingContext["progress"];
}

export default async function main({ args, logdir, progress }: TrainingContext): Promise<void> {
  const options = parseOptions(args, logdir);
  setRandomSeed(options.seed);
  announceOptions(options);

  const examples = loadExamples(options);
  console.log(`examples count = ${examples.count}`);
  const model = createModel(examples.inputs, examples.targets, options);
  const program: Program = { options, examples, model, ...show(examples, model) };

  // Relative paths: a run's folder may be moved and opened elsewhere.
  const saver = new Saver({ maxToKeep: 7, keepCheckpointEveryNHours: 0.5, saveRelativePaths: true });
  const writes = options.summary_freq > 0 || options.scalar_freq > 0;
  const supervisor = new Supervisor({
    logdir: writes ? options.output_dir : undefined,
    saveSummariesSecs: 0,
    saver: null,
  });
  await supervisor.managedSession(async (session) => {
    const { parameterCount } = await session.run({ parameterCount: program.parameterCount });
    console.log(`parameter_count = ${String(parameterCount)}`);
    if (options.checkpoint !== null) {
      console.log("loading model from checkpoint");
      const checkpoint = await latestCheckpoint(options.checkpoint);
      if (checkpoint === undefined) throw new Error(`There is no checkpoint in ${options.checkpoint}.`);
      await saver.restore(session, checkpoint);
    }
    if (options.mode === "test") await test(session, program);
    else await train(session, program, { saver, supervisor, progress });
  });
}

/** Pictures and summaries of what goes on, with the original's tags (but for its two queues, which we have not). */
function show(
  { paths, inputs, targets }: Examples,
  model: Model,
): Pick<Program, "display" | "summaries" | "parameterCount"> {
  // The original undoes the colourisation for Lab here; pairs only need to come back to [0, 1].
  const shown = { inputs: deprocess(inputs), targets: deprocess(targets), outputs: deprocess(model.outputs) };
  const convertedInputs = nameScope("convert_inputs", () => convert(shown.inputs));
  const convertedTargets = nameScope("convert_targets", () => convert(shown.targets));
  const convertedOutputs = nameScope("convert_outputs", () => convert(shown.outputs));
  const display = displayFetches(paths, {
    inputs: convertedInputs,
    targets: convertedTargets,
    outputs: convertedOutputs,
  });

  const pictures = [
    nameScope("inputs_summary", () => summary.image("inputs", convertedInputs)),
    nameScope("targets_summary", () => summary.image("targets", convertedTargets)),
    nameScope("outputs_summary", () => summary.image("outputs", convertedOutputs)),
    nameScope("predict_real_summary", () => summary.image("predict_real", convert(model.predictReal))),
    nameScope("predict_fake_summary", () => summary.image("predict_fake", convert(model.predictFake))),
  ];
  const scalars = [
    summary.scalar("discriminator_loss", model.discrimLoss),
    summary.scalar("generator_loss_GAN", model.genLossGAN),
    summary.scalar("generator_loss_L1", model.genLossL1),
  ];
  const histograms = [
    ...trainableVariables().map((variable) => summary.histogram(`${variable.op.name}/values`, variable)),
    ...[...model.discrimGradsAndVars, ...model.genGradsAndVars].map(({ gradient, variable }) =>
      summary.histogram(`${variable.op.name}/gradients`, gradient),
    ),
  ];
  const parameterCount = nameScope("parameter_count", () =>
    tf.sum(
      constant(
        trainableVariables().map((variable) => variable.size),
        { dtype: "int32" },
      ),
    ),
  );
  return {
    display,
    summaries: { scalars: summary.merge(scalars), all: summary.merge([...pictures, ...scalars, ...histograms]) },
    parameterCount,
  };
}

async function test(session: Session, { options, examples, display }: Program): Promise<void> {
  const start = performance.now();
  const steps = Math.min(examples.stepsPerEpoch, options.max_steps ?? Infinity);
  let index = "";
  for (let step = 0; step < steps; step++) {
    const results = await session.run(display);
    const filesets = saveImages(options.output_dir, results);
    for (const { name } of filesets) console.log(`evaluated image ${name}`);
    index = appendIndex(options.output_dir, filesets, { step: false });
  }
  console.log(`wrote index at ${index}`);
  console.log(`rate ${(performance.now() - start) / 1000 / steps}`);
}

async function train(
  session: Session,
  program: Program,
  { saver, supervisor, progress }: TrainingTools,
): Promise<void> {
  const { options, examples, model, display, summaries } = program;
  const epochs = options.max_epochs === null ? 2 ** 32 : examples.stepsPerEpoch * options.max_epochs;
  const maxSteps = options.max_steps ?? epochs;
  progress.maxSteps = maxSteps;
  const start = performance.now();
  const prefix = `${options.output_dir}/model`;

  for (let step = 0; step < maxSteps; step++) {
    const due = (frequency: number) => frequency > 0 && ((step + 1) % frequency === 0 || step === maxSteps - 1);
    const results = await session.run({
      train: model.train,
      globalStep: model.globalStep,
      losses: due(options.progress_freq) && [model.discrimLoss, model.genLossGAN, model.genLossL1],
      summary: due(options.summary_freq) ? summaries.all : due(options.scalar_freq) && summaries.scalars,
      display: due(options.display_freq) && display,
    });
    const globalStep = Number(results.globalStep);

    if (results.summary instanceof Uint8Array) {
      if (due(options.summary_freq)) console.log("recording summary");
      supervisor.summaryWriter.addSummary(results.summary, globalStep);
    }
    if (results.display) {
      console.log("saving display images");
      const filesets = saveImages(options.output_dir, results.display, globalStep);
      appendIndex(options.output_dir, filesets, { step: true });
    }
    if (results.losses) {
      const trainEpoch = Math.ceil(globalStep / examples.stepsPerEpoch);
      const trainStep = ((globalStep - 1) % examples.stepsPerEpoch) + 1;
      const rate = ((step + 1) * options.batch_size * 1000) / (performance.now() - start);
      const remaining = ((maxSteps - step) * options.batch_size) / rate;
      console.log(
        `progress  epoch ${trainEpoch}  step ${trainStep}  image/sec ${rate.toFixed(1)}  remaining ${Math.floor(remaining / 60)}m`,
      );
      ["discrim_loss", "gen_loss_GAN", "gen_loss_L1"].forEach((name, i) =>
        console.log(name, float32(results.losses, i)),
      );
    }
    if (due(options.save_freq)) {
      console.log("saving model");
      await saver.save(session, prefix, { globalStep: model.globalStep });
    }
    if (supervisor.shouldStop()) break;
  }
}

/** A float32 in as few digits as tell it apart, as numpy prints it. */
function float32(values: unknown, index: number): string {
  const value = Number((values as readonly unknown[])[index]);
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text));
  }
  return String(value);
}
