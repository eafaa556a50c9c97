// trainscope checkpoints, prune, undo, empty-trash, restore: the checkpoints of one run.
import { basename } from "node:path";
import { UserError } from "#base/errors";
import type { CheckpointList, Preflight, PrunePlan } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import type { ReaderAsks } from "#protocol/readerApi";
import { Checkpoints } from "#host/checkpoints/checkpoints";
import type { RunFolder } from "#host/runs/runFolders";
import { RunConnection } from "#host/runs/runConnection";
import { count, duration, printJson, size, table, type Terminal } from "../output";
import { prefixNamed, printedPath, runNamed } from "../paths";
import { trainerProgram } from "../programs";
import { follow } from "./follow";

/** What these commands work with. */
export interface Surroundings {
  readonly reader: ReaderAsks;
  readonly terminal: Terminal;
}

/** Options of `trainscope checkpoints`. */
export interface ListOptions {
  readonly forecast?: number;
  readonly interval?: number;
  readonly json?: boolean;
}

/** Options of `trainscope prune`. */
export interface PruneOptions {
  readonly dryRun?: boolean;
  readonly maxToKeep?: number;
  readonly keepEveryNHours?: number;
  readonly json?: boolean;
}

/** What is there, why each is kept, what goes next. */
export async function checkpoints(
  word: string,
  { forecast = 0, interval, json }: ListOptions,
  { reader, terminal }: Surroundings,
): Promise<number> {
  const { run, dir } = await checkpointsOf(word, reader);
  // Without a number asked for, the coming saves are still simulated: they tell when each checkpoint goes.
  const list = await run.list({
    forecast: forecast || defaultForecast,
    ...(interval !== undefined && { intervalSeconds: interval }),
  });
  if (json) terminal.out(`${printJson(listJson(list))}\n`);
  else terminal.out(printList(list, { forecast, dir }));
  return 0;
}

/** Plans and, unless it is a dry run, carries out exactly that plan. */
export async function prune(word: string, options: PruneOptions, { reader, terminal }: Surroundings): Promise<number> {
  const { run } = await checkpointsOf(word, reader);
  const policy =
    options.maxToKeep === undefined && options.keepEveryNHours === undefined
      ? undefined
      : await askedPolicy(run, options);
  const plan = await run.planPrune(policy ? { policy } : {});
  const moves = !options.dryRun && plan.deletes.length > 0;
  const trash = moves ? (await run.prune(plan)).trash : undefined;
  if (options.json) terminal.out(`${printJson({ ...planJson(plan), ...(trash !== undefined && { trash }) })}\n`);
  else terminal.out(printPlan(plan, { word, trash }));
  return 0;
}

/** Brings back what the newest prune moved away. */
export async function undo(
  word: string,
  { json }: { readonly json?: boolean },
  { reader, terminal }: Surroundings,
): Promise<number> {
  const { run } = await checkpointsOf(word, reader);
  const { prefixes, tookBack } = await run.undo();
  const rule = tookBack.some(({ kind }) => kind === "setPolicy") ? " The rule from before the prune holds again." : "";
  terminal.out(json ? `${printJson({ prefixes })}\n` : `Brought back ${prefixes.join(", ")}.${rule}\n`);
  return 0;
}

/** Deletes for good what prunes moved away. */
export async function emptyTrash(
  word: string,
  { json }: { readonly json?: boolean },
  { reader, terminal }: Surroundings,
): Promise<number> {
  const { run } = await checkpointsOf(word, reader);
  const { folders, bytes } = await run.emptyTrash();
  if (json) terminal.out(`${printJson({ folders, bytes })}\n`);
  else terminal.out(folders === 0 ? "The trash is empty.\n" : `Deleted ${size(bytes)} for good.\n`);
  return 0;
}

/** Options of `trainscope restore`. */
export interface RestoreCommandOptions {
  /** Which checkpoint, as the person wrote it. */
  readonly from: string;
  readonly branch?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Restores a checkpoint in place, in a new trainer or in a branch; a dry run only says how it fits. */
export async function restore(
  word: string,
  options: RestoreCommandOptions,
  { reader, terminal }: Surroundings,
): Promise<number> {
  const { run, dir, folder } = await checkpointsOf(word, reader);
  const prefix = printedPath(dir, await prefixNamed(options.from, dir));
  if (options.dryRun) {
    const found = await run.preflight(prefix);
    terminal.out(options.json ? `${printJson(found)}\n` : printPreflight(found));
    return 0;
  }
  const runName = folder.name === "." ? basename(dir) : folder.name;
  const restored = await untilInterrupted((signal) => run.restore(prefix, {
    runName,
    watch: { signal },
    ...(options.branch !== undefined && { branch: options.branch }),
  }));
  if (restored.kind === "cancelled") {
    terminal.err("The restore was called off; nothing was changed.\n");
    return 1;
  }
  if (restored.kind === "started") {
    const { runDir, logOffset } = restored.run;
    const connection = await RunConnection.connect(runDir);
    return follow(connection, { runDir, logOffset, json: options.json ?? false, terminal, mayStop: true });
  }
  const { step, variables, savedBefore } = restored.result;
  const before = savedBefore === undefined ? "" : ` The state before it is ${savedBefore}.`;
  if (options.json) terminal.out(`${printJson(restored.result)}\n`);
  else terminal.out(`Restored ${variables} variables from ${prefix}: training goes on from step ${step}.${before}\n`);
  return 0;
}

/** Has work done that Ctrl-C calls off. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once("SIGINT", interrupt);
  return work(abort.signal).finally(() => process.off("SIGINT", interrupt));
}

const defaultForecast = 8;

async function checkpointsOf(
  word: string,
  reader: ReaderAsks,
): Promise<{ run: Checkpoints; dir: string; folder: RunFolder }> {
  const folder = await runNamed(word);
  return {
    run: new Checkpoints({ dir: folder.dir, reader, trainer: trainerProgram, node: process.execPath }),
    dir: folder.dir,
    folder,
  };
}

async function askedPolicy(run: Checkpoints, { maxToKeep, keepEveryNHours }: PruneOptions): Promise<RetentionPolicy> {
  const { policy } = await run.list({ forecast: 0 });
  const asked = {
    maxToKeep: maxToKeep ?? policy.maxToKeep,
    keepCheckpointEveryNHours: keepEveryNHours ?? policy.keepCheckpointEveryNHours,
  };
  if (asked.maxToKeep < 0) throw new UserError("--max-to-keep is a number of checkpoints, 0 to keep all.");
  return asked;
}

function listJson({ policy, latest, checkpoints: rows, problems, forecast }: CheckpointList): object {
  return {
    policy,
    latest,
    checkpoints: rows.map(
      ({ prefix, step, wallTimeSeconds, bytes, listed, complete, kept, reason, deletedAtSave }) => ({
        prefix,
        step,
        wallTimeSeconds,
        bytes,
        listed,
        complete,
        kept,
        reason,
        deletedAtSave,
      }),
    ),
    problems,
    forecast: forecast.map(({ save, atSeconds, deletes, keepsForever }) => ({
      save,
      atSeconds,
      deletes,
      keepsForever,
    })),
  };
}

function planJson({ deletes, keeps, bytes }: PrunePlan): object {
  return {
    deletes: deletes.map(({ prefix, files, bytes: size, reason }) => ({ prefix, files, bytes: size, reason })),
    keeps,
    bytes,
  };
}

/** Beyond this the hour rule never takes effect in a training anyone runs (TF1's default is 10,000 hours). */
const neverHours = 1000;

/** The rule, a row per checkpoint, as many coming saves as were asked for, and what is wrong or will be. */
export function printList(
  list: CheckpointList,
  { forecast, dir }: { readonly forecast: number; readonly dir: string },
): string {
  const { maxToKeep, keepCheckpointEveryNHours, source } = list.policy;
  const now = Date.now() / 1000;
  const rule =
    maxToKeep === 0
      ? "keeps all"
      : `keeps the newest ${maxToKeep}${keepCheckpointEveryNHours < neverHours ? `, and one every ${keepCheckpointEveryNHours} h for good` : ""}`;
  const parts = [`${basename(dir)} ${rule} (${source}).\n`];
  if (list.checkpoints.length === 0) parts.push("No checkpoints yet.\n");
  else {
    const rows = list.checkpoints.map(({ prefix, step, wallTimeSeconds, bytes, reason, next }) => [
      prefix === list.latest ? `${prefix} *` : prefix,
      count(step),
      duration(now - wallTimeSeconds),
      size(bytes),
      reason,
      next,
    ]);
    parts.push(
      table(["CHECKPOINT", "STEP", "AGE", "SIZE", "KEPT BECAUSE", "NEXT"], rows),
      "* is what a restart resumes from.\n",
    );
  }
  for (const { save, atSeconds, deletes, keepsForever, refused } of list.forecast.slice(0, forecast)) {
    const does = [
      ...(refused ? ["does not fit on the disk, and is refused before it starts"] : []),
      ...deletes.map((prefix) => `deletes ${prefix}`),
      ...keepsForever.map((prefix) => `keeps ${prefix} for good`),
    ];
    parts.push(`Save ${save}, in ${duration(atSeconds)}: ${does.join(", ") || "deletes nothing"}.\n`);
  }
  for (const { text } of list.notices.filter(({ kind }) => kind === "diskFull")) parts.push(`! ${text}\n`);
  for (const problem of list.problems) parts.push(`! ${problem}\n`);
  return parts.join("");
}

function printPlan(
  { deletes, keeps, bytes }: PrunePlan,
  { word, trash }: { readonly word: string; readonly trash: string | undefined },
): string {
  const rows = [
    ...deletes.map((planned) => ["moves", planned.prefix, size(planned.bytes), planned.reason]),
    ...keeps.map(({ prefix, reason }) => ["keeps", prefix, "", reason]),
  ];
  const done =
    trash === undefined
      ? "Nothing was moved."
      : `Moved ${size(bytes)} to ${trash}; trainscope undo ${word} brings it back.`;
  const would = deletes.length === 0 ? "Nothing is to be pruned." : done;
  return `${rows.length === 0 ? "" : table(["", "CHECKPOINT", "SIZE", "WHY"], rows)}${would}\n`;
}

function printPreflight({ prefix, equal, otherShape, otherDtype, missing, extra, renames, fits }: Preflight): string {
  const lines = [
    `${prefix} ${fits ? "fits" : "does not fit"}: ${equal} variables are equal.`,
    ...otherShape.map(
      ({ name, file, program }) =>
        `  other shape: ${name} is [${file.join(", ")}] in the file, [${program.join(", ")}] in the program`,
    ),
    ...otherDtype.map(
      ({ name, file, program }) => `  other type: ${name} is ${file} in the file, ${program} in the program`,
    ),
    ...missing.map((name) => `  missing in the file: ${name}`),
    ...extra.map((name) => `  not read: ${name}`),
    ...renames.map((rename) => `  ${rename.missing} may be called ${rename.extra} in the file`),
  ];
  return `${lines.join("\n")}\n`;
}
