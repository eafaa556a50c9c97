// The networks of pix2pix, their losses and the operations that train them.
import * as tf from "@tensorflow/tfjs";
import {
  AdamOptimizer,
  controlDependencies,
  ExponentialMovingAverage,
  getOrCreateGlobalStep,
  group,
  nameScope,
  trainableVariables,
  variableScope,
  type Operation,
  type Variable,
} from "trainscope";
import { batchnorm, discrimConv, dropout, genConv, genDeconv, lrelu, type LayerOptions } from "./layers";

const EPS = 1e-12;

/** The options that shape the model and its training. */
export interface ModelOptions extends LayerOptions {
  readonly ngf: number;
  readonly ndf: number;
  readonly lr: number;
  readonly beta1: number;
  readonly l1_weight: number;
  readonly gan_weight: number;
}

export interface GradientAndVariable {
  readonly gradient: tf.Tensor;
  readonly variable: Variable;
}

/** What the program fetches and shows. */
export interface Model {
  readonly outputs: tf.Tensor4D;
  readonly predictReal: tf.Tensor4D;
  readonly predictFake: tf.Tensor4D;
  /** Averages over steps, decay 0.99; they start at 0. */
  readonly discrimLoss: tf.Tensor;
  readonly genLossGAN: tf.Tensor;
  readonly genLossL1: tf.Tensor;
  /** The losses of the batch itself. */
  readonly raw: Readonly<Record<"discrimLoss" | "genLossGAN" | "genLossL1" | "genLoss", tf.Tensor>>;
  readonly discrimGradsAndVars: readonly GradientAndVariable[];
  readonly genGradsAndVars: readonly GradientAndVariable[];
  readonly globalStep: Variable;
  readonly train: Operation;
}

/** Widths of the layers as multiples of ngf, for 256 pixels; smaller images have fewer layers. */
const encoderWidths = [1, 2, 4, 8, 8, 8, 8, 8];
const decoderWidths = [8, 8, 8, 8, 4, 2, 1];
/** Decoders of this number and above drop out. */
const dropoutFrom = 6;

/** A U-Net: as many encoders as it takes to come down to one pixel, and decoders back, each seeing its encoder. */
export function createGenerator(inputs: tf.Tensor4D, outChannels: number, options: ModelOptions): tf.Tensor4D {
  const depth = Math.log2(inputs.shape[1]);
  const layers: tf.Tensor4D[] = [variableScope("encoder_1", () => genConv(inputs, options.ngf, options))];
  for (let k = 2; k <= depth; k++) {
    const width = options.ngf * (encoderWidths[k - 1] ?? 8);
    const before = layers.at(-1) as tf.Tensor4D;
    layers.push(variableScope(`encoder_${k}`, () => batchnorm(genConv(lrelu(before, 0.2), width, options))));
  }

  const encoders = [...layers];
  for (let k = depth; k >= 2; k--) {
    const width = options.ngf * (decoderWidths[8 - k] ?? 8);
    const before = layers.at(-1) as tf.Tensor4D;
    const skip = encoders[k - 1] as tf.Tensor4D;
    const decoder = variableScope(`decoder_${k}`, () => {
      // The innermost decoder has nothing but its encoder.
      const input = k === depth ? before : tf.concat([before, skip], 3);
      const output = batchnorm(genDeconv(tf.relu(input), width, options));
      return k >= dropoutFrom ? dropout(output, options) : output;
    });
    layers.push(decoder);
  }

  return variableScope("decoder_1", () => {
    const input = tf.concat([layers.at(-1) as tf.Tensor4D, encoders[0] as tf.Tensor4D], 3);
    return tf.tanh(genDeconv(tf.relu(input), outChannels, options));
  });
}

/** Judges overlapping patches: near 1 where it takes the targets for real. */
export function createDiscriminator(inputs: tf.Tensor4D, targets: tf.Tensor4D, { ndf }: ModelOptions): tf.Tensor4D {
  let x = tf.concat([inputs, targets], 3);
  x = variableScope("layer_1", () => lrelu(discrimConv(x, ndf, 2), 0.2));
  [2, 4, 8].forEach((multiple, i) => {
    // The last of them no longer halves the size.
    const stride = i === 2 ? 1 : 2;
    x = variableScope(`layer_${i + 2}`, () => lrelu(batchnorm(discrimConv(x, ndf * multiple, stride)), 0.2));
  });
  return variableScope("layer_5", () => tf.sigmoid(discrimConv(x, 1, 1)));
}

export function createModel(inputs: tf.Tensor4D, targets: tf.Tensor4D, options: ModelOptions): Model {
  const outputs = variableScope("generator", () => createGenerator(inputs, targets.shape[3], options));

  // Two copies of the discriminator, one for real pairs and one for fake pairs; they share the same variables.
  const predictReal = nameScope("real_discriminator", () =>
    variableScope("discriminator", () => createDiscriminator(inputs, targets, options)),
  );
  const predictFake = nameScope("fake_discriminator", () =>
    variableScope("discriminator", { reuse: true }, () => createDiscriminator(inputs, outputs, options)),
  );

  // Evaluated from left to right: 1 - fake + EPS is 0 + EPS where a prediction has come to 1.
  const discrimLoss = nameScope("discriminator_loss", () =>
    tf.mean(tf.neg(tf.add(tf.log(tf.add(predictReal, EPS)), tf.log(tf.add(tf.sub(1, predictFake), EPS))))),
  );
  const { genLossGAN, genLossL1, genLoss } = nameScope("generator_loss", () => {
    const genLossGAN = tf.mean(tf.neg(tf.log(tf.add(predictFake, EPS))));
    const genLossL1 = tf.mean(tf.abs(tf.sub(targets, outputs)));
    return {
      genLossGAN,
      genLossL1,
      genLoss: tf.add(tf.mul(genLossGAN, options.gan_weight), tf.mul(genLossL1, options.l1_weight)),
    };
  });

  const { discrimTrain, discrimGradsAndVars } = nameScope("discriminator_train", () => {
    const optimizer = new AdamOptimizer(options.lr, options.beta1);
    const gradsAndVars = optimizer.computeGradients(discrimLoss, trainableVariables("discriminator"));
    return { discrimTrain: optimizer.applyGradients(gradsAndVars), discrimGradsAndVars: named(gradsAndVars) };
  });
  const { genTrain, genGradsAndVars } = nameScope("generator_train", () =>
    controlDependencies([discrimTrain], () => {
      const optimizer = new AdamOptimizer(options.lr, options.beta1);
      const gradsAndVars = optimizer.computeGradients(genLoss, trainableVariables("generator"));
      return { genTrain: optimizer.applyGradients(gradsAndVars), genGradsAndVars: named(gradsAndVars) };
    }),
  );

  const ema = new ExponentialMovingAverage({ decay: 0.99 });
  const updateLosses = ema.apply([discrimLoss, genLossGAN, genLossL1]);
  const globalStep = getOrCreateGlobalStep();
  const incrementGlobalStep = globalStep.assign(tf.add(globalStep, tf.scalar(1, "int32")));

  return {
    outputs,
    predictReal,
    predictFake,
    discrimLoss: ema.average(discrimLoss) as tf.Tensor,
    genLossGAN: ema.average(genLossGAN) as tf.Tensor,
    genLossL1: ema.average(genLossL1) as tf.Tensor,
    raw: { discrimLoss, genLossGAN, genLossL1, genLoss },
    discrimGradsAndVars,
    genGradsAndVars,
    globalStep,
    train: group([updateLosses, incrementGlobalStep, genTrain]),
  };
}

function named(pairs: readonly (readonly [tf.Tensor | null | undefined, Variable])[]): GradientAndVariable[] {
  return pairs.flatMap(([gradient, variable]) => (gradient ? [{ gradient, variable }] : []));
}
