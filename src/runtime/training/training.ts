// The training that goes on in this process, and what others may ask of it between two steps: save, restore, stop.
import { isAbsolute, join, relative, resolve } from "node:path";
import { UserError } from "#base/errors";
import type { WorkWatch } from "#node/namedTasks";
import { isStrict, preflight } from "#analysis/checkpoints/preflight";
import { describeBundle } from "#formats/bundle/describeBundle";
import type { Preflight, RestoreChoice, RestoreResult } from "#model/checkpoint";
import type { RetentionPolicy, Step } from "#model/run";
import { requestBetweenRuns } from "../graph/betweenRuns";
import type { Session, VariableLike } from "../graph/session";
import { checkpointExists, getCheckpointState } from "../saving/checkpointFiles";
import { openCheckpoint } from "../saving/openCheckpoint";
import { storedTensors } from "../saving/saveables";
import type { Saver } from "../saving/saver";
import { markedPath, withoutMark } from "../saving/setAside";
import type { FileWriter } from "../summaries/fileWriter";
import { readPart, type ReadyRestore } from "./partialRestore";

/** A training while the body of a managed session runs. */
export interface LiveTraining {
  /** The session that trains. */
  readonly session: Session;
  /** All Savers of its graph, oldest first. */
  readonly savers: readonly Saver[];
  /** Where checkpoints and events go. */
  readonly logdir?: string | undefined;
  /** Counts the steps. */
  readonly globalStep?: VariableLike | undefined;
  /** Ends the loop after the current step: from now on the script's `supervisor.shouldStop()` is true. */
  requestStop(): void;
}

/** What a Supervisor or a monitored session adds when it declares its training. */
export interface DeclaredTraining extends LiveTraining {
  /** Its own Saver and where it saves, if it has one. */
  readonly saver?: Saver | undefined;
  readonly savePath?: string | undefined;
  readonly summaryWriter?: FileWriter | undefined;
  /** Called when a checkpoint was restored from outside, with the step that training goes on from. */
  readonly restored?: (step: Step) => void;
}

/** The name of checkpoints where the script has not said one: a Supervisor's default (SU-1). */
export const defaultCheckpointBasename = "model.ckpt";

let current: DeclaredTraining | undefined;
let restoreAsked: { readonly prefix: string; readonly choice: RestoreChoice } | undefined;

/** The training of this process, while the body of its managed session runs. */
export function currentTraining(): LiveTraining | undefined {
  return current;
}

/** Declares the training of this process; the answer ends it. Only one goes on at a time. */
export function declareTraining(training: DeclaredTraining): () => void {
  current = training;
  return () => {
    if (current === training) current = undefined;
  };
}

/** The next managed session restores this checkpoint with the script's Saver before its body starts: strictly, or what is chosen. */
export function restoreAtStart(prefix: string, choice: RestoreChoice = {}): void {
  restoreAsked = { prefix, choice };
}

/** Carries out what `restoreAtStart` asked for, once. */
export async function restoreAsAsked(training: DeclaredTraining): Promise<void> {
  const asked = restoreAsked;
  restoreAsked = undefined;
  if (!asked) return;
  const ready = await readChosen(training, await locate(training, asked.prefix), { choice: asked.choice, watch: {} });
  await ready.set();
}

/** Saves between two steps, with the script's Saver and under its name for checkpoints; the prefix is as it saved. */
export async function saveNow(): Promise<{ readonly prefix: string; readonly step: Step }> {
  return requestBetweenRuns(async () => {
    const training = live();
    return save(training, scriptSaver(training));
  });
}

/** Another retention rule for the script's Saver, from its next save on. */
export function changeRetention(policy: RetentionPolicy): void {
  const saver = findScriptSaver(live());
  saver?.changePolicy(policy);
}

/** How a checkpoint fits the running program. Reads the index only and changes nothing. */
export async function preflightNow(prefix: string, choice: RestoreChoice = {}): Promise<Preflight> {
  const training = live();
  return fitOf(scriptSaver(training), await locate(training, prefix), choice);
}

/**
 * Between two steps: reads the checkpoint, saves the present state, then sets what was read; strictly, unless a choice says otherwise. One
 * that does not fit, or cannot be read, is refused before anything is written, and one that is called off while it is read changes nothing
 * either. The save never deletes or overwrites the checkpoint that is restored.
 */
export async function restoreNow(prefix: string, choice: RestoreChoice = {}, watch: WorkWatch = {}): Promise<RestoreResult> {
  return requestBetweenRuns(async () => {
    const training = live();
    const saver = scriptSaver(training);
    const path = await locate(training, prefix);
    const fit = await fitOf(saver, path, choice);
    if (isStrict(choice)) refuseUnfit(fit);
    else if (fit.sets === 0) throw new UserError(`Nothing of ${path} fits what was chosen; nothing was changed.`);
    const ready = await unlessCalledOff(watch, () => readChosen(training, path, { choice, watch }));
    if (!ready) return { prefix: path, step: (await stepOf(training)) ?? 0, variables: 0, cancelled: true };
    const before = await save(training, saver, { spare: path });
    await ready.set();
    const step = (await stepOf(training)) ?? 0;
    training.summaryWriter?.addSessionLog({ status: "start" }, step);
    training.restored?.(step);
    const kept = fit.program - ready.variables;
    return { prefix: path, step, variables: ready.variables, ...(kept > 0 && { kept }), savedBefore: before.prefix };
  });
}

/**
 * Saves once after a stop that was asked for from outside, unless the script has saved this step itself. Nothing
 * happens where the script has no Saver or nowhere to save.
 */
export async function saveAfterStop(training: DeclaredTraining): Promise<void> {
  const step = await stepOf(training);
  if (step !== undefined && training.savers.some(({ lastSave }) => lastSave?.step === step)) return;
  const saver = findScriptSaver(training);
  if (saver && (saver.lastSave || training.logdir)) await save(training, saver);
}

/** The value of the training's global step; undefined where it has none. */
export async function stepOf({ session, globalStep }: LiveTraining): Promise<Step | undefined> {
  if (!globalStep || !session.isInitialized(globalStep)) return undefined;
  return Number((await session.readVariable(globalStep))[0]);
}

/** All, strictly and with the Saver's own restore, or what is chosen. */
async function readChosen(
  training: DeclaredTraining,
  prefix: string,
  { choice, watch }: { readonly choice: RestoreChoice; readonly watch: WorkWatch },
): Promise<ReadyRestore> {
  const saver = scriptSaver(training);
  const { session } = training;
  if (!isStrict(choice)) return readPart({ session, saver }, prefix, { choice, watch });
  const read = await saver.read(prefix, watch);
  return { variables: storedTensors(saver.saveables).length, set: () => saver.restore(session, prefix, read) };
}

/** Undefined where the work ended because it was called off. */
async function unlessCalledOff<T>({ signal }: WorkWatch, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

/** The Supervisor's Saver, or else the script's one that knows most variables, the latest of equals. */
function findScriptSaver({ saver, savers }: DeclaredTraining): Saver | undefined {
  if (saver) return saver;
  return savers.reduce<Saver | undefined>((best, each) => {
    return best && best.saveables.length > each.saveables.length ? best : each;
  }, undefined);
}

/** The Saver that saves and restores for others; an error where the script has none. */
export function scriptSaver(training: DeclaredTraining): Saver {
  const saver = findScriptSaver(training);
  if (!saver || saver.saveables.length === 0) {
    throw new UserError("The script has no Saver, so nothing can be saved or restored.", "Make a new Saver() before the session starts.");
  }
  return saver;
}

/**
 * One save. Where a checkpoint of this step is there already that this process has not just saved, the new one gets
 * another name: a restore must not destroy the state it could be undone with.
 */
async function save(
  training: DeclaredTraining,
  saver: Saver,
  { spare }: { readonly spare?: string } = {},
): Promise<{ prefix: string; step: Step }> {
  const step = await stepOf(training);
  const path = await savePath(training, saver);
  const options = { ...(step !== undefined && { globalStep: step }), ...(spare !== undefined && { spare }) };
  const name = spare === undefined ? path : await freePath(saver, path, step);
  const prefix = await saver.save(training.session, name, options);
  return { prefix: prefix ?? name, step: step ?? 0 };
}

async function freePath(saver: Saver, path: string, step: Step | undefined): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const candidate = attempt === 0 ? path : markedPath(path, attempt);
    if (!(await checkpointExists(saver.prefixOf(candidate, step)))) return candidate;
  }
}

/** Where to save: as the script did last, as the Supervisor would, as an earlier run did, or under TensorFlow's name. */
async function savePath({ logdir, saver: supervised, savePath: own }: DeclaredTraining, saver: Saver): Promise<string> {
  if (saver.lastSave) return withoutMark(saver.lastSave.path);
  if (saver === supervised && own) return own;
  if (!logdir) throw new UserError("The script has not said where its checkpoints go.", "Give its Supervisor a logdir, or its monitored session a checkpointDir.");
  const earlier = (await getCheckpointState(logdir))?.modelCheckpointPath.match(/^(.*)-\d+$/)?.[1];
  return earlier !== undefined && !outside(logdir, earlier) ? withoutMark(earlier) : join(logdir, defaultCheckpointBasename);
}

async function fitOf(saver: Saver, prefix: string, choice: RestoreChoice): Promise<Preflight> {
  const { bundle, close } = await openCheckpoint(prefix);
  try {
    const { variables } = describeBundle(bundle);
    return preflight({ prefix, file: variables, program: storedTensors(saver.saveables), choice });
  } finally {
    await close();
  }
}

function refuseUnfit({ fits, prefix, missing, otherShape, otherDtype }: Preflight): void {
  if (fits) return;
  const parts = [
    missing.length > 0 ? `${missing.length} variables are missing in it (${few(missing)})` : "",
    otherShape.length > 0 ? `${otherShape.length} have another shape (${few(otherShape.map(({ name }) => name))})` : "",
    otherDtype.length > 0 ? `${otherDtype.length} have another type (${few(otherDtype.map(({ name }) => name))})` : "",
  ];
  throw new UserError(`The checkpoint ${prefix} does not fit this program: ${parts.filter(Boolean).join("; ")}. Nothing was changed.`);
}

function few(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")}, …` : names.join(", ");
}

/** A prefix as others give it: absolute, or relative to the run's folder, or to the working directory. */
async function locate({ logdir }: LiveTraining, prefix: string): Promise<string> {
  const path = isAbsolute(prefix) || !logdir ? prefix : join(logdir, prefix);
  for (const candidate of [path, prefix]) if (await checkpointExists(candidate)) return candidate;
  throw new UserError(`There is no checkpoint ${prefix}.`);
}

function outside(logdir: string, path: string): boolean {
  const inside = relative(logdir, resolve(path));
  return inside.startsWith("..") || isAbsolute(inside);
}

/** The training of this process; an error where none goes on. */
export function live(): DeclaredTraining {
  if (!current) throw new UserError("No training is going on in this process.");
  return current;
}
