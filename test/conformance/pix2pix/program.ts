// The sample's model as the references were made: one fixed pair at every step, dropout off.
import type * as tf from "@tensorflow/tfjs";
import {
  beginTracing, convertImageToBytes, endTracing, getDefaultGraph, globalVariables, gradients, placeholder, resetDefaultGraph, Saver, Session,
  trainableVariables, type Operation, type Variable,
} from "#runtime/index";
import { createModel, type Model } from "../../../samples/pix2pix/model";
import { deprocess } from "../../../samples/pix2pix/examples";
import type { Reference, ReferenceFolder } from "./reference";

const side = 256;

/** Numbers of named tensors. */
export type Values = ReadonlyMap<string, ArrayLike<number>>;

/** What one step gave. The gradients are those of the step itself. */
export interface Step {
  readonly losses: readonly number[];
  readonly averages: readonly number[];
  readonly globalStep: number;
  readonly gradients: Values;
}

/** The graph of a reference; sessions of it may compute on one backend after the other. */
export class Program {
  readonly #model: Model;
  readonly #inputs: tf.Tensor4D;
  readonly #targets: tf.Tensor4D;
  /** Generator gradients outside of the control dependency on the discriminator's update. */
  readonly #free: readonly tf.Tensor[];
  readonly #pixels: tf.Tensor;
  readonly #saver: Saver;

  constructor(private readonly folder: ReferenceFolder) {
    resetDefaultGraph();
    beginTracing();
    try {
      const shape = [1, side, side, 3];
      this.#inputs = placeholder<tf.Rank.R4>("float32", { shape, name: "inputs" });
      this.#targets = placeholder<tf.Rank.R4>("float32", { shape, name: "targets" });
      this.#model = createModel(this.#inputs, this.#targets, optionsOf(folder.reference));
      this.#free = gradients([this.#model.raw.genLoss], trainableVariables("generator")).map((gradient) => {
        if (!gradient) throw new Error("the generator's loss does not depend on one of its variables");
        return gradient;
      });
      this.#pixels = convertImageToBytes(deprocess(this.#model.outputs), { saturate: true });
      this.#saver = new Saver();
    } finally {
      endTracing();
    }
  }

  /** A session with all variables as the checkpoint has them. */
  async restored(): Promise<Session> {
    const session = new Session();
    await this.#saver.restore(session, this.folder.checkpoint);
    return session;
  }

  async forward(session: Session, activations: readonly string[]): Promise<{ losses: readonly number[]; values: Values }> {
    const { outputs, predictReal, predictFake, raw } = this.#model;
    const fetches = {
      losses: [...rawLosses(this.#model), raw.genLoss],
      ends: [outputs, predictReal, predictFake],
      activations: activations.map(activationTensor),
    };
    const { losses, ends, activations: layers } = await session.run(fetches, { feeds: this.#feeds() });
    const names = ["outputs", "predict_real", "predict_fake", ...activations];
    return { losses: losses.map(Number), values: paired(names, [...ends, ...layers]) };
  }

  /** Generator gradients with all weights as they are. */
  async generatorGradients(session: Session): Promise<Values> {
    const values = await session.run(this.#free, { feeds: this.#feeds() });
    return paired(trainableVariables("generator").map(nameOf), values);
  }

  /** The discriminator's half of a step. */
  async trainDiscriminator(session: Session, lr: number): Promise<void> {
    await session.run(discriminatorUpdate(), { feeds: this.#feeds(lr) });
  }

  async step(session: Session, lr: number): Promise<Step> {
    const { train, globalStep, discrimGradsAndVars, genGradsAndVars, discrimLoss, genLossGAN, genLossL1 } = this.#model;
    const pairs = [...discrimGradsAndVars, ...genGradsAndVars];
    const fetches = {
      train, globalStep, losses: rawLosses(this.#model), averages: [discrimLoss, genLossGAN, genLossL1],
      gradients: pairs.map(({ gradient }) => gradient),
    };
    const results = await session.run(fetches, { feeds: this.#feeds(lr) });
    return {
      losses: results.losses.map(Number),
      averages: results.averages.map(Number),
      globalStep: Number(results.globalStep),
      gradients: paired(pairs.map(({ variable }) => nameOf(variable)), results.gradients),
    };
  }

  /** All variables of the session, by the names of the checkpoint. */
  async variables(session: Session): Promise<Values> {
    const values = new Map<string, ArrayLike<number>>();
    for (const variable of globalVariables()) values.set(nameOf(variable), await session.readVariable(variable));
    return values;
  }

  /** The bytes of the picture that the generator makes of one with values in [-1, 1]. */
  async generate(session: Session, picture: Float32Array): Promise<ArrayLike<number>> {
    return (await session.run(this.#pixels, { feeds: [[this.#inputs, picture]] })) as ArrayLike<number>;
  }

  #feeds(lr?: number): [tf.Tensor | string, Float32Array | number][] {
    const rates = ["discriminator_train", "generator_train"].map((scope): [string, number] => [`${scope}/Adam/learning_rate:0`, lr ?? 0]);
    const pair: [tf.Tensor, Float32Array][] = [[this.#inputs, this.folder.input], [this.#targets, this.folder.target]];
    return lr === undefined ? pair : [...pair, ...rates];
  }
}

function optionsOf({ source: { ngf, ndf, beta1, l1_weight, gan_weight } }: Reference) {
  return { ngf, ndf, beta1, l1_weight, gan_weight, lr: 0.0002, separable_conv: false, keep_probability: 1 };
}

function rawLosses({ raw: { discrimLoss, genLossGAN, genLossL1 } }: Model): tf.Tensor[] {
  return [discrimLoss, genLossGAN, genLossL1];
}

function discriminatorUpdate(): Operation {
  return getDefaultGraph().getOperationByName("discriminator_train/Adam");
}

/** The result of a layer, such as `generator/encoder_2` or `real_discriminator/layer_1`. */
function activationTensor(layer: string): tf.Tensor {
  const graph = getDefaultGraph();
  const scope = layer.startsWith("generator/") ? layer : layer.replace("/", "/discriminator/");
  const ends = layer.startsWith("generator/")
    ? ["Tanh", "batch_normalization/FusedBatchNormV3", "conv2d/BiasAdd"]
    : ["Sigmoid", "lrelu/add"];
  const end = ends.find((name) => graph.findOperation(`${scope}/${name}`));
  return graph.getTensorByName(`${scope}/${end ?? ends[0]}:0`);
}

function paired(names: readonly string[], values: readonly unknown[]): Values {
  return new Map(names.map((name, index) => [name, values[index] as ArrayLike<number>]));
}

function nameOf({ op }: Variable): string {
  return op.name;
}
