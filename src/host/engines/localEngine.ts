// Starting a training on this machine: one detached trainer per run, followed until its door answers.
import type { ChildProcess } from "node:child_process";
import { access, mkdir, realpath, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { UserError } from "#base/errors";
import type { RestoreChoice } from "#model/checkpoint";
import type { BackendName } from "#model/run";
import { connectDoor, makeDoorToken } from "#node/door";
import { codeOf, isNotFound } from "#node/files";
import { cleanEnvironment, findNode, spawnDetached } from "#node/processes";
import { readRunRecord } from "#node/runRecord";
import { readTail } from "#node/textTail";
import { trainerStartVariable, type TrainerStart } from "#protocol/trainerStart";

/** Name of the file that holds a script's output. */
export const logName = "trainer.log";

/** What to train, and where. */
export interface StartOptions {
  readonly script: string;
  readonly args: readonly string[];
  /** The run's folder; a run that ended there is continued. */
  readonly logdir: string;
  readonly backend: BackendName | "auto";
  /** Absolute path of dist/trainer.mjs. */
  readonly trainer: string;
  /** Absolute prefix that is restored, strictly, before the first step. */
  readonly restore?: string;
  /** What of it; all where left out. */
  readonly choice?: RestoreChoice;
  /** `run@prefix` that this run branches from. */
  readonly parent?: string;
  /** The Node to use instead of the one found. */
  readonly node?: string;
  /** Folder the script runs in; ours where left out. */
  readonly cwd?: string;
  /** False where nobody will connect at once; else training waits a moment for the first client, so that it misses nothing. */
  readonly watched?: boolean;
  /** How long the door may take to open. */
  readonly limitMs?: number;
}

/** A run that has begun. */
export interface StartedRun {
  readonly runDir: string;
  readonly pid: number;
  /** Where this training's output begins in the log. */
  readonly logOffset: number;
}

const defaultLimitMs = 60_000;
const lookEveryMs = 40;

/**
 * Starts a trainer and waits until its door answers, or until it has ended by itself after leaving its run.json. Throws
 * UserError when the folder is in use, or with the tail of the log when the trainer does not come up.
 */
export async function startRun(options: StartOptions): Promise<StartedRun> {
  const script = resolve(options.script);
  if (
    !(await access(script).then(
      () => true,
      () => false,
    ))
  )
    throw new UserError(`There is no script ${script}.`);
  await mkdir(options.logdir, { recursive: true });
  const runDir = await realpath(options.logdir);
  await refuseIfAlive(runDir);
  const logFile = join(runDir, logName);
  const logOffset = await stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
  const node = await findNode(options.node);
  const start: TrainerStart = {
    script,
    args: [...options.args],
    logdir: runDir,
    backend: options.backend,
    watched: options.watched ?? true,
    token: makeDoorToken(),
    ...(options.restore !== undefined && { restore: options.restore }),
    ...(options.choice && { choice: options.choice }),
    ...(options.parent !== undefined && { parent: options.parent }),
  };
  const child = await spawnDetached(node.path, ["--enable-source-maps", options.trainer], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...cleanEnvironment(), ...node.env, [trainerStartVariable]: JSON.stringify(start) },
    logFile,
  });
  await untilUp(child, { runDir, token: start.token, limitMs: options.limitMs ?? defaultLimitMs, logFile, logOffset });
  return { runDir, pid: child.pid ?? 0, logOffset };
}

/** Makes the folder of a new run below `root`: the given name, else `<script>-<n>` with the first free number. */
export async function makeRunFolder(
  root: string,
  { script, name }: { readonly script: string; readonly name?: string },
): Promise<string> {
  await mkdir(root, { recursive: true });
  const stem = basename(script, extname(script)).replace(/[^\w.-]+/g, "-");
  for (let number = 1; ; number++) {
    const dir = join(root, name ?? `${stem}-${number}`);
    try {
      await mkdir(dir, { recursive: name?.includes("/") ?? false });
      return dir;
    } catch (error) {
      if (codeOf(error) !== "EEXIST" || name !== undefined) throw taken(error, name);
    }
  }
}

function taken(error: unknown, name: string | undefined): unknown {
  return codeOf(error) === "EEXIST"
    ? new UserError(`There is a run named ${name} already.`, "Choose another name.")
    : error;
}

async function refuseIfAlive(runDir: string): Promise<void> {
  const connection = await connectDoor(runDir);
  connection?.pipe.dispose();
  if (connection) throw new UserError(`A run is training in ${runDir}.`, "Stop it first, or choose another folder.");
}

interface Awaited {
  readonly runDir: string;
  readonly token: string;
  readonly limitMs: number;
  readonly logFile: string;
  readonly logOffset: number;
}

async function untilUp(child: ChildProcess, { runDir, token, limitMs, logFile, logOffset }: Awaited): Promise<void> {
  const until = Date.now() + limitMs;
  let exit: string | undefined;
  const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
    void (exit = signal ?? `exit code ${code ?? "unknown"}`);
  child.once("exit", onExit);
  try {
    for (;;) {
      const ended = exit;
      if (await opened(runDir, token)) return;
      // A short training may be over before we look; its record tells that it was ours.
      if (ended !== undefined && (await readRunRecord(runDir))?.pid === child.pid) return;
      const tail =
        ended === undefined && Date.now() < until
          ? undefined
          : await readTail(logFile, { lines: 12, fromByte: logOffset });
      if (tail !== undefined) {
        if (ended === undefined) child.kill("SIGKILL");
        const why = ended === undefined ? `did not answer within ${limitMs / 1000} s` : `ended at once (${ended})`;
        throw new UserError(`The training ${why}.${tail ? `\n${tail}` : ""}`, `See ${logFile}`);
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  } finally {
    child.removeListener("exit", onExit);
  }
}

async function opened(runDir: string, token: string): Promise<boolean> {
  const connection = await connectDoor(runDir).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  connection?.pipe.dispose();
  return connection?.token === token;
}
