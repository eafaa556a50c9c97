// A plain `model.fit` as a training: what it has to say goes to an event file, its state to checkpoints, its door's wishes are met.
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { SummaryValue } from "#formats/events/event";
import type { Step } from "#model/run";
import { beginBetweenRuns, isAskedBetweenRuns, serveBetweenRuns } from "../graph/betweenRuns";
import { Graph } from "../graph/graph";
import { Session } from "../graph/session";
import { buildGraph } from "../graph/trace";
import { installTrainingKernels } from "../kernels/installTrainingKernels";
import { Saver } from "../saving/saver";
import { getVariable } from "../scope/getVariable";
import { zerosInitializer } from "../scope/initializers";
import type { Variable } from "../scope/variable";
import { FileWriter } from "../summaries/fileWriter";
import { createGlobalStep } from "./globalStep";
import { tellObservers } from "./observers";
import { runFolder } from "./runFolder";
import { declareTraining, defaultCheckpointBasename, restoreAsAsked, type DeclaredTraining } from "./training";

/** As TensorFlow.js's optimizers give and take their state. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** What is used of a tf.LayersModel that was compiled, whichever copy of TensorFlow.js made it. */
export interface FittedModel {
  /** The model's weights, as tfjs has them. */
  readonly weights: readonly { readonly name: string; readonly shape: readonly (number | null)[]; read(): tf.Tensor }[];
  /** The optimizer that the model was compiled with. */
  readonly optimizer: {
    readonly iterations: number;
    getWeights(): Promise<NamedTensor[]>;
    setWeights(values: NamedTensor[]): Promise<void>;
  };
  /** Set to end `fit` behind the batch. */
  stopTraining: boolean;
  /** Gives the model these values, in the order of its weights. */
  setWeights(values: tf.Tensor[]): void;
  /** The layers, as text or object. */
  toJSON(unused?: unknown, returnString?: boolean): unknown;
}

/** Settings of `trainscope`. */
export interface FitOptions {
  /** Where event file and checkpoints go. Default: the run's folder, or standalone a new one below `runs`. */
  readonly logdir?: string;
  /** Epochs between two checkpoints; 1 unless given, 0 for none. */
  readonly saveEveryEpochs?: number;
  /** How many of the newest checkpoints stay; 5 unless given. */
  readonly maxToKeep?: number;
}

/** Numbers that fit tells: loss and metrics, beside the number and size of the batch. */
export type FitLogs = Readonly<Record<string, unknown>>;

/** A value of the model or its optimizer, and the variable that stands for it in checkpoints. */
interface Shadow {
  readonly variable: Variable;
  readonly shape: readonly number[];
}

/** Notes whether its variables were restored: the model must then take them over. */
class FitSaver extends Saver {
  restored = false;

  override async restore(...how: Parameters<Saver["restore"]>): Promise<void> {
    await super.restore(...how);
    this.restored = true;
  }
}

interface Saved {
  readonly session: Session;
  readonly saver: FitSaver;
  readonly step: Variable;
  readonly shadows: readonly Shadow[];
  readonly undeclare: () => void;
}

/** One call of `fit`. Its step is the optimizer's count of batches, which goes on from one call to the next. */
export class FitTraining {
  readonly #model: FittedModel;
  readonly #options: FitOptions;
  readonly #logdir: string;
  #writer: FileWriter | undefined;
  #saved: Saved | undefined;
  #lastSave: Step | undefined;
  #stopAsked = false;

  constructor(model: FittedModel, options: FitOptions) {
    this.#model = model;
    this.#options = options;
    this.#logdir = options.logdir ?? runFolder();
  }

  begin(): void {
    installTrainingKernels();
    beginBetweenRuns();
    this.#writer = new FileWriter(this.#logdir);
    this.#writer.addSummary([describeModel(this.#model)]);
    this.#writer.addSessionLog({ status: "start" });
    tellObservers((observer) => observer.sessionStarted?.({ step: this.#step }));
  }

  async batchEnd(logs: FitLogs = {}): Promise<void> {
    this.#record("batch_", logs);
    const step = this.#step;
    tellObservers((observer) => observer.stepDone?.(step));
    // The optimizer has its slots only now.
    const saved = (this.#saved ??= await this.#declare());
    if (isAskedBetweenRuns()) {
      await this.#pull(saved);
      await serveBetweenRuns();
    }
    if (saved.saver.restored) await this.#push(saved);
    if (this.#stopAsked) this.#model.stopTraining = true;
  }

  async epochEnd(epoch: number, logs: FitLogs = {}): Promise<void> {
    this.#record("epoch_", logs);
    const every = this.#options.saveEveryEpochs ?? 1;
    if (every > 0 && (epoch + 1) % every === 0) await this.#save();
  }

  async end(): Promise<void> {
    if (this.#stopAsked) await this.#save();
    this.#saved?.undeclare();
    this.#saved?.session.close();
    this.#writer?.addSessionLog({ status: "stop" });
    await this.#writer?.close();
  }

  get #step(): Step {
    return this.#model.optimizer.iterations;
  }

  #record(prefix: string, logs: FitLogs): void {
    const numbers = Object.entries(logs).filter(([name, value]) => typeof value === "number" && name !== "batch" && name !== "size");
    const values = numbers.map(([name, value]): SummaryValue => ({ tag: `${prefix}${name}`, value: { kind: "simple", value: Number(value) } }));
    if (values.length > 0) this.#writer?.addSummary(values, this.#step);
  }

  async #save(): Promise<void> {
    const saved = this.#saved;
    if (!saved || this.#lastSave === this.#step) return;
    this.#lastSave = this.#step;
    await this.#pull(saved);
    const prefix = await saved.saver.save(saved.session, join(this.#logdir, defaultCheckpointBasename), { globalStep: this.#step });
    if (prefix !== undefined) this.#writer?.addSessionLog({ status: "checkpoint", checkpointPath: prefix }, this.#step);
  }

  async #declare(): Promise<Saved> {
    const named = await this.#values();
    const graph = new Graph();
    const made = graph.asDefault(() =>
      buildGraph(() => {
        const step = createGlobalStep();
        const shadows = named.map(({ name, tensor }, index) => shadowOf(checkpointName(name, index, named), tensor));
        return { step, shadows, saver: new FitSaver({ maxToKeep: this.#options.maxToKeep ?? 5, saveRelativePaths: true }) };
      }),
    );
    disposeCounts(named);
    const session = new Session({ graph });
    const training: DeclaredTraining = {
      session, savers: [made.saver], saver: made.saver, logdir: this.#logdir, savePath: join(this.#logdir, defaultCheckpointBasename),
      globalStep: made.step, summaryWriter: this.#writer, requestStop: () => (this.#stopAsked = true),
    };
    const saved = { ...made, session, undeclare: declareTraining(training) };
    await this.#pull(saved);
    await restoreAsAsked(training);
    return saved;
  }

  /** All that a checkpoint holds, weights first. */
  async #values(): Promise<NamedTensor[]> {
    const weights = this.#model.weights.map((weight) => ({ name: weight.name, tensor: weight.read() }));
    const state = await this.#model.optimizer.getWeights();
    return [...weights, ...state.map(({ name, tensor }) => ({ name: `optimizer/${name}`, tensor }))];
  }

  /** Copies the model into the session. */
  async #pull({ session, step, shadows }: Saved): Promise<void> {
    const named = await this.#values();
    session.assignVariable(step, [this.#step], []);
    for (const [index, { tensor }] of named.entries()) {
      const shadow = shadows[index];
      if (shadow) session.assignVariable(shadow.variable, await (tensor.data() as Promise<tf.TypedArray>), shadow.shape);
    }
    disposeCounts(named);
  }

  /** Copies the session into the model, after a restore. */
  async #push({ session, saver, shadows }: Saved): Promise<void> {
    saver.restored = false;
    const named = await this.#values();
    const values = await Promise.all(shadows.map(async ({ variable, shape }) => tf.tensor(await session.readVariable(variable), [...shape], variable.dtype)));
    const { length } = this.#model.weights;
    this.#model.setWeights(values.slice(0, length));
    const state = named.slice(length).map(({ name }, index) => ({ name: name.replace(/^optimizer\//, ""), tensor: values[length + index] as tf.Tensor }));
    await this.#model.optimizer.setWeights(state);
    tf.dispose(values);
    disposeCounts(named);
  }
}

function shadowOf(name: string, { shape, dtype }: tf.Tensor): Shadow {
  const variable = getVariable(name, { shape, dtype: dtype as "float32", initializer: zerosInitializer(), trainable: false });
  return { variable, shape };
}

/** The name under which a value is saved: the model's own, as far as TensorFlow takes it and nothing else has it. */
function checkpointName(name: string, index: number, all: readonly NamedTensor[]): string {
  const legal = name.replace(/^[^A-Za-z0-9.]/, ".").replace(/[^\w.\-/]/g, "_");
  return all.findIndex((other) => other.name === name) < index ? `${legal}_${index}` : legal;
}

/** The optimizer's counter is made anew whenever it is asked for; the other tensors are the model's own. */
function disposeCounts(named: readonly NamedTensor[]): void {
  for (const { name, tensor } of named) if (name === "optimizer/iter") tensor.dispose();
}

/** The model as TensorBoard's Keras callback describes it, for the graph view. */
function describeModel(model: FittedModel): SummaryValue {
  const text = new TextEncoder().encode(String(model.toJSON(undefined, true)));
  return {
    tag: "keras",
    metadata: { pluginName: "graph_keras_model", pluginContent: new TextEncoder().encode("1"), displayName: "", description: "", dataClass: 0 },
    value: { kind: "tensor", tensor: { dtype: 7, shape: [], values: [text] } },
  };
}
