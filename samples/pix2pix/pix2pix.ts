// pix2pix: learns to turn one kind of picture into another. A port of affinelayer/pix2pix-tensorflow to TensorFlow.js.
import { latestCheckpoint, RunMetadata, setRandomSeed, Supervisor, TraceLevel, type Session, type TrainingContext } from "trainscope";
import { appendIndex, saveImages } from "./display";
import { exportGenerator } from "./export";
import { announceOptions, parseOptions } from "./options";
import { createProgram, type Program } from "./program";

/** What the training loop works with beside the program. */
interface TrainingTools {
  readonly supervisor: Supervisor;
  readonly progress: TrainingContext["progress"];
}

export default async function main({ args, logdir, progress }: TrainingContext): Promise<void> {
  const options = parseOptions(args, logdir);
  setRandomSeed(options.seed);
  announceOptions(options);

  if (options.mode === "export") return exportGenerator(options, await checkpointIn(options.checkpoint));
  const program = createProgram(options);
  const writes = options.summary_freq > 0 || options.scalar_freq > 0 || options.trace_freq > 0;
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
      await program.saver.restore(session, await checkpointIn(options.checkpoint));
    }
    if (options.mode === "test") await test(session, program);
    else await train(session, program, { supervisor, progress });
  });
}

async function checkpointIn(folder: string | null): Promise<string> {
  const checkpoint = folder === null ? undefined : await latestCheckpoint(folder);
  if (checkpoint === undefined) throw new Error(`There is no checkpoint in ${folder}.`);
  return checkpoint;
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
  { supervisor, progress }: TrainingTools,
): Promise<void> {
  const { options, examples, model, display, scalars, saver } = program;
  const epochs = options.max_epochs === null ? 2 ** 32 : examples.stepsPerEpoch * options.max_epochs;
  const maxSteps = options.max_steps ?? epochs;
  progress.maxSteps = maxSteps;
  const start = performance.now();
  const prefix = `${options.output_dir}/model`;

  for (let step = 0; step < maxSteps; step++) {
    const due = (frequency: number) => frequency > 0 && ((step + 1) % frequency === 0 || step === maxSteps - 1);
    const fetches = {
      train: model.train,
      globalStep: model.globalStep,
      losses: due(options.progress_freq) && [model.discrimLoss, model.genLossGAN, model.genLossL1],
      summary: due(options.summary_freq) ? supervisor.summaryOp : due(options.scalar_freq) && scalars,
      display: due(options.display_freq) && display,
    };
    const runMetadata = due(options.trace_freq) ? new RunMetadata() : undefined;
    const traceLevel = runMetadata ? TraceLevel.FULL_TRACE : TraceLevel.NO_TRACE;
    const results = await session.run(fetches, { options: { traceLevel }, runMetadata });
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
    if (runMetadata) {
      console.log("recording trace");
      supervisor.summaryWriter.addRunMetadata(runMetadata, `step_${globalStep}`);
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
