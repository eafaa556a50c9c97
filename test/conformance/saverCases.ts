// Traces that need a whole Saver, with its session and its real files: what is refused, shards, and a CheckpointManager over it.
import { readFile, utimes } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";
import { buildGraph, CheckpointManager, getVariable, globalVariablesInitializer, resetDefaultGraph, Saver, Session, type SaverOptions } from "#runtime/index";
import { FakeClock } from "../support/fakeClock";
import { filesBelow } from "./folders";
import { sameError, type ExpectedError } from "./pythonErrors";
import { near, need, same } from "./report";
import { epoch, here, type Step } from "./retentionCases";

/** Whether the steps are about more than list, state file and deletion. */
export function wantsSaver(steps: readonly Step[]): boolean {
  return steps.some((step) => step.then.error || step.sharded);
}

async function program(options: SaverOptions): Promise<{ readonly saver: Saver; readonly session: Session }> {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  const { saver, init } = buildGraph(() => {
    getVariable("v", { initializer: 1 });
    return { saver: new Saver(options), init: globalVariablesInitializer() };
  });
  const session = new Session();
  await session.run(init);
  return { saver, session };
}

export async function replayWholeSaver(steps: readonly Step[]): Promise<void> {
  const clock = new FakeClock(epoch);
  let made: Awaited<ReturnType<typeof program>> | undefined;
  for (const step of steps) {
    if (step.t !== undefined) clock.moveTo(epoch + step.t);
    if (step.do === "build") {
      made = await program({ clock, ...(step.max_to_keep !== undefined && { maxToKeep: step.max_to_keep }), sharded: step.sharded ?? false });
    }
    const { saver, session } = need(made, "a Saver");
    if (step.do === "save") await saveOnce(step, saver, session);
    const { last_checkpoints, files, state } = step.then;
    if (last_checkpoints) same("last checkpoints", saver.lastCheckpoints, here(last_checkpoints));
    if (files) same("files", await filesBelow("."), [...files].sort());
    for (const [file, text] of Object.entries((state ?? {}) as Record<string, string>)) same(`state file ${file}`, await readFile(file, "utf8"), here([text])[0]);
  }
}

async function saveOnce(step: Step, saver: Saver, session: Session): Promise<void> {
  let thrown: unknown;
  try {
    const prefix = await saver.save(session, step.path ?? "", {
      writeMetaGraph: step.write_meta_graph ?? false,
      ...(step.global_step !== undefined && { globalStep: step.global_step }),
      ...(step.latest_filename && { latestFilename: step.latest_filename }),
    });
    same("returned", prefix, step.then.returned);
  } catch (error) {
    thrown = error;
  }
  sameError(thrown, step.then.error as ExpectedError | undefined, { anyText: true });
}

/** CheckpointManager over restarts; each of its makings is a new process. */
export async function replayManager(steps: readonly Step[]): Promise<void> {
  const clock = new FakeClock(epoch);
  const { saver, session } = await program({ clock });
  let manager: CheckpointManager | undefined;
  for (const step of steps) {
    if (step.t !== undefined) clock.moveTo(epoch + step.t);
    let thrown: unknown;
    try {
      if (step.do === "make") {
        manager = await CheckpointManager.open(saver, {
          directory: "ck", maxToKeep: step.max_to_keep ?? null, keepCheckpointEveryNHours: step.keep_checkpoint_every_n_hours ?? null, clock,
        });
      } else if (step.do === "save") {
        const prefix = await need(manager, "a manager").save(session);
        same("returned", prefix, step.then.returned);
        await utimes(`${prefix}.index`, clock.nowSeconds(), clock.nowSeconds());
      }
    } catch (error) {
      thrown = error;
    }
    sameError(thrown, step.then.error as ExpectedError | undefined);
    if (manager && !step.then.error) await checkManager(manager, step);
  }
}

async function checkManager(manager: CheckpointManager, { then }: Step): Promise<void> {
  same("checkpoints", manager.checkpoints, then.checkpoints);
  same("latest", manager.latestCheckpoint ?? null, then.latest);
  near("last preserved", manager.lastPreservedTimestamp - epoch, then.last_preserved ?? Number.NaN, 1e-4);
  same("files", await filesBelow("."), [...(then.files ?? [])].sort());
  if (typeof then.state === "string") same("state file", await readFile("ck/checkpoint", "utf8"), then.state);
}
