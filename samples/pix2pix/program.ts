// The whole graph of the program in the original's order of creation: examples, model, what is shown of them, the Saver.
import * as tf from "@tensorflow/tfjs";
import { constant, convertImageToBytes, nameScope, resizeBicubic, Saver, summary, trainableVariables } from "trainscope";
import { displayFetches, type DisplayFetches } from "./display";
import { deprocess, loadExamples, type Examples } from "./examples";
import { createModel, type Model } from "./model";
import type { Options } from "./options";

/** What the loops fetch and save. */
export interface Program {
  readonly options: Options;
  readonly examples: Examples;
  readonly model: Model;
  readonly display: DisplayFetches;
  /** The losses alone, which are recorded more often than what `supervisor.summaryOp` has. */
  readonly scalars: tf.Tensor;
  readonly parameterCount: tf.Tensor;
  readonly saver: Saver;
}

/** Builds the graph of training and testing; only the Supervisor's own operations come after it. */
export function createProgram(options: Options): Program {
  const examples = loadExamples(options);
  console.log(`examples count = ${examples.count}`);
  const model = createModel(examples.inputs, examples.targets, options);
  const shown = show(examples, { model, aspectRatio: options.aspect_ratio });
  // Relative paths: a run's folder may be moved and opened elsewhere.
  const saver = new Saver({ maxToKeep: 7, keepCheckpointEveryNHours: 0.5, saveRelativePaths: true });
  return { options, examples, model, ...shown, saver };
}

/** Pictures and summaries of what goes on, with the original's tags (but for its two queues, which we have not). */
function show(
  { paths, inputs, targets }: Examples,
  { model, aspectRatio }: { readonly model: Model; readonly aspectRatio: number },
): Pick<Program, "display" | "scalars" | "parameterCount"> {
  // The original undoes the colourisation for Lab here; pairs only need to come back to [0, 1].
  const shown = { inputs: deprocess(inputs), targets: deprocess(targets), outputs: deprocess(model.outputs) };
  const convert = (image: tf.Tensor4D) => convertImageToBytes(stretched(image, aspectRatio), { saturate: true });
  const convertedInputs = nameScope("convert_inputs", () => convert(shown.inputs));
  const convertedTargets = nameScope("convert_targets", () => convert(shown.targets));
  const convertedOutputs = nameScope("convert_outputs", () => convert(shown.outputs));
  const display = displayFetches(paths, {
    inputs: convertedInputs,
    targets: convertedTargets,
    outputs: convertedOutputs,
  });

  nameScope("inputs_summary", () => summary.image("inputs", convertedInputs));
  nameScope("targets_summary", () => summary.image("targets", convertedTargets));
  nameScope("outputs_summary", () => summary.image("outputs", convertedOutputs));
  nameScope("predict_real_summary", () => summary.image("predict_real", convertImageToBytes(model.predictReal)));
  nameScope("predict_fake_summary", () => summary.image("predict_fake", convertImageToBytes(model.predictFake)));
  const scalars = [
    summary.scalar("discriminator_loss", model.discrimLoss),
    summary.scalar("generator_loss_GAN", model.genLossGAN),
    summary.scalar("generator_loss_L1", model.genLossL1),
  ];
  for (const variable of trainableVariables()) summary.histogram(`${variable.op.name}/values`, variable);
  for (const { gradient, variable } of [...model.discrimGradsAndVars, ...model.genGradsAndVars]) {
    summary.histogram(`${variable.op.name}/gradients`, gradient);
  }
  const parameterCount = nameScope("parameter_count", () =>
    tf.sum(tf.stack(trainableVariables().map(({ shape }) => tf.prod(constant(shape, { dtype: "int32", name: "Shape" }))))),
  );
  return {
    display,
    scalars: summary.merge(scalars, { name: "scalars" }),
    parameterCount,
  };
}

/** Pictures that were pressed into squares get their width back. */
function stretched(image: tf.Tensor4D, ratio: number): tf.Tensor4D {
  const [, height, width] = image.shape;
  return ratio === 1 ? image : resizeBicubic(image, [height, Math.round(width * ratio)]);
}
