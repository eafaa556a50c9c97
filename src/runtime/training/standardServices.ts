// What a Supervisor does on its own while a body trains: summaries, the speed, checkpoints (SU-6 to SU-8).
import type * as tf from "@tensorflow/tfjs-core";
import type { Clock } from "./clock";
import type { Coordinator } from "./coordinator";
import { Looper } from "./looper";
import { logging } from "./logging";
import { notice } from "./observers";
import { printG } from "./printNumber";
import { stepOf, type DeclaredTraining } from "./training";

/** How often the services fire; 0 for never. */
export interface ServiceOptions {
  readonly coord: Coordinator;
  readonly clock: Clock;
  readonly saveSummariesSecs: number;
  readonly saveModelSecs: number;
  readonly summaryOp?: tf.Tensor | undefined;
}

/** Notes the start in the event file and starts the services; each fires at once and ends with the coordinator. */
export async function startStandardServices(training: DeclaredTraining, options: ServiceOptions): Promise<Looper[]> {
  const { coord, clock, saveSummariesSecs, saveModelSecs, summaryOp } = options;
  const { summaryWriter: writer, globalStep, saver } = training;
  const started: Looper[] = [];
  const every = (intervalSecs: number, name: string, target: () => Promise<void>) =>
    void started.push(Looper.loop(coord, { intervalSecs, name, target, clock }));
  if (writer && globalStep) writer.addSessionLog({ status: "start" }, await stepOf(training));
  if (writer && saveSummariesSecs > 0) {
    if (summaryOp) every(saveSummariesSecs, "summaries", () => recordSummary(training, summaryOp));
    if (globalStep) every(saveSummariesSecs, "steps per second", stepCounter(training, clock));
  }
  if (saver && saveModelSecs > 0) every(saveModelSecs, "checkpoints", () => saveCheckpoint(training));
  return started;
}

async function recordSummary(training: DeclaredTraining, summaryOp: tf.Tensor): Promise<void> {
  const summary: unknown = await training.session.run(summaryOp);
  if (!(summary instanceof Uint8Array)) throw new TypeError("The Supervisor's summaryOp gave no summary.");
  const step = await stepOf(training);
  if (step !== undefined) logging.info(`Recording summary at step ${step}.`);
  training.summaryWriter?.addSummary(summary, step);
}

/** Steps per second since it was last asked; nothing in no time is 0 (SU-8). */
function stepCounter(training: DeclaredTraining, clock: Clock): () => Promise<void> {
  const tag = `${training.globalStep?.op.name}/sec`;
  let last: { readonly step: number; readonly seconds: number } | undefined;
  return async () => {
    const now = { step: (await stepOf(training)) ?? 0, seconds: clock.nowSeconds() };
    const [steps, seconds] = last ? [now.step - last.step, now.seconds - last.seconds] : [0, 0];
    last = now;
    const rate = steps === 0 ? 0 : steps / seconds;
    training.summaryWriter?.addSummary([{ tag, value: { kind: "simple", value: Math.fround(rate) } }], now.step);
    logging.info(`${tag}: ${printG(rate)}`);
  };
}

/** SU-7. */
async function saveCheckpoint(training: DeclaredTraining): Promise<void> {
  const { session, saver, savePath, globalStep, summaryWriter } = training;
  if (!saver || savePath === undefined) return notice("The Supervisor cannot save: it has no folder.");
  logging.info(`Saving checkpoint to path ${savePath}`);
  const step = await stepOf(training);
  await saver.save(session, savePath, step === undefined ? {} : { globalStep: step });
  if (globalStep) summaryWriter?.addSessionLog({ status: "checkpoint", checkpointPath: savePath }, step);
}
