// Saves checkpoints every so many seconds or steps, and tells listeners: TF1's CheckpointSaverHook (HK-2).
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs-core";
import { ValueError } from "../../graph/errors";
import { getDefaultGraph } from "../../graph/graph";
import { GraphKeys } from "../../graph/graphKeys";
import type { Session } from "../../graph/session";
import type { Saver } from "../../saving/saver";
import type { FileWriter } from "../../summaries/fileWriter";
import { FileWriterCache } from "../../summaries/fileWriterCache";
import type { Clock } from "../clock";
import { logging } from "../logging";
import type { Scaffold } from "../scaffold";
import { SecondOrStepTimer } from "../secondOrStepTimer";
import { SessionRunHook, type SessionRunArgs, type SessionRunContext, type SessionRunValues } from "../sessionRunHook";
import { defaultCheckpointBasename } from "../training";
import { writeGraphText } from "../writeGraphText";
import { currentStep, stepReadFor } from "./globalStepOf";

/** Told of each save. Extend it, or give an object with the methods you need. */
export class CheckpointSaverListener {
  /** Before the session is made. */
  begin(): void {}
  /** Before a save; may change what is saved. */
  beforeSave(_session: Session, _step: number): void | Promise<void> {}
  /** After a save; `true` asks for the end of training. The answer counts only after a run. */
  afterSave(_session: Session, _step: number): boolean | void | Promise<boolean | void> {}
  /** After the last save. */
  end(_session: Session, _step: number): void | Promise<void> {}
}

/** How a CheckpointSaverHook is made: exactly one of `saveSecs` and `saveSteps`. */
export interface CheckpointSaverOptions {
  /** Seconds between saves. */
  readonly saveSecs?: number | null;
  /** Steps between saves, instead of seconds. */
  readonly saveSteps?: number | null;
  /** The Saver to use; the Scaffold's, or the only one in the graph's collection `savers`, unless given. */
  readonly saver?: Saver;
  /** Its Saver is used; or else give a `saver`. */
  readonly scaffold?: Scaffold;
  /** `model.ckpt` unless given. */
  readonly checkpointBasename?: string;
  /** Told of each save, in this order. */
  readonly listeners?: readonly Partial<CheckpointSaverListener>[];
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** Steps within one run are not known beforehand, so the step is looked at after every run that may be due. */
const anyNumberOfSteps = 1_000_000;

/** Saves as each session begins, then when due, and at the end if the last step is not saved yet. */
export class CheckpointSaverHook extends SessionRunHook<tf.Tensor<tf.Rank.R0>> {
  /** Folder of the checkpoints. */
  readonly checkpointDir: string;
  /** Where checkpoints go, without the step. */
  readonly savePath: string;
  readonly #timer: SecondOrStepTimer;
  readonly #options: CheckpointSaverOptions;
  #saver: Saver | undefined;
  #writer: FileWriter | undefined;
  #read: tf.Tensor<tf.Rank.R0> | undefined;

  /** Throws a ValueError for both or none of the frequencies, and for a saver beside a scaffold. */
  constructor(checkpointDir: string, options: CheckpointSaverOptions) {
    super();
    logging.info("Create CheckpointSaverHook.");
    const { saver, scaffold, saveSecs, saveSteps, clock, checkpointBasename = defaultCheckpointBasename } = options;
    if (saver && scaffold) throw new ValueError("You cannot provide both saver and scaffold.");
    this.checkpointDir = checkpointDir;
    this.savePath = join(checkpointDir, checkpointBasename);
    this.#timer = new SecondOrStepTimer({ everySecs: saveSecs, everySteps: saveSteps, clock });
    this.#options = options;
    this.#saver = saver;
  }

  override begin(): void {
    this.#writer = FileWriterCache.get(this.checkpointDir, this.#options);
    this.#read = stepReadFor("CheckpointSaverHook");
    for (const listener of this.#listeners) listener.begin?.();
  }

  override async afterCreateSession(session: Session): Promise<void> {
    const step = await currentStep(session, this.#stepRead);
    const { graphDef, metaGraph } = await writeGraphText(session.graph, { logdir: this.checkpointDir, saver: this.#findSaver() });
    this.#writer?.addGraphDef(graphDef);
    this.#writer?.addMetaGraph(metaGraph);
    await this.#save(session, step);
    this.#timer.updateLastTriggeredStep(step);
  }

  override beforeRun(): SessionRunArgs<tf.Tensor<tf.Rank.R0>> {
    return { fetches: this.#stepRead };
  }

  override async afterRun(context: SessionRunContext, { results }: SessionRunValues<number>): Promise<void> {
    if (!this.#timer.shouldTriggerForStep(results + anyNumberOfSteps)) return;
    const step = await currentStep(context.session, this.#stepRead);
    if (!this.#timer.shouldTriggerForStep(step)) return;
    this.#timer.updateLastTriggeredStep(step);
    if (await this.#save(context.session, step)) context.requestStop();
  }

  override async end(session: Session): Promise<void> {
    const step = await currentStep(session, this.#stepRead);
    if (step !== this.#timer.lastTriggeredStep) await this.#save(session, step);
    for (const listener of this.#listeners) await listener.end?.(session, step);
  }

  /** What was restored is saved already. */
  override afterRestore(step: number): void {
    this.#timer.updateLastTriggeredStep(step);
  }

  get #listeners(): readonly Partial<CheckpointSaverListener>[] {
    return this.#options.listeners ?? [];
  }

  get #stepRead(): tf.Tensor<tf.Rank.R0> {
    return (this.#read ??= stepReadFor("CheckpointSaverHook"));
  }

  /** Answers whether a listener asked for the end. */
  async #save(session: Session, step: number): Promise<boolean> {
    logging.info(`Calling checkpoint listeners before saving checkpoint ${step}...`);
    for (const listener of this.#listeners) await listener.beforeSave?.(session, step);
    logging.info(`Saving checkpoints for ${step} into ${this.savePath}.`);
    await this.#findSaver().save(session, this.savePath, { globalStep: step });
    this.#writer?.addSessionLog({ status: "checkpoint", checkpointPath: this.savePath }, step);
    logging.info(`Calling checkpoint listeners after saving checkpoint ${step}...`);
    let stop = false;
    for (const listener of this.#listeners) {
      if (!(await listener.afterSave?.(session, step))) continue;
      logging.info(`A CheckpointSaverListener requested that training be stopped. listener: ${nameOf(listener)}`);
      stop = true;
    }
    return stop;
  }

  #findSaver(): Saver {
    const own = this.#saver ?? this.#options.scaffold?.saver;
    if (own) return own;
    const savers = getDefaultGraph().getCollection<Saver>(GraphKeys.SAVERS);
    const [only] = savers;
    if (!only) throw new Error(`No items in collection ${GraphKeys.SAVERS}: give the hook a saver or a scaffold.`);
    if (savers.length > 1) throw new Error(`More than one item in collection ${GraphKeys.SAVERS}: say which one to use by giving it to the hook.`);
    this.#saver = only;
    return only;
  }
}

/** A listener's own name where it has one, else its class's. */
function nameOf(listener: Partial<CheckpointSaverListener>): string {
  return "name" in listener && typeof listener.name === "string" ? listener.name : (listener.constructor?.name ?? "a listener");
}
