// trainscope run, attach, stop, checkpoint: talking to a trainer.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserError } from "#base/errors";
import type { BackendName } from "#model/run";
import { makeRunFolder, startRun } from "#host/engines/localEngine";
import { RunConnection } from "#host/runs/runConnection";
import { printJson, type Terminal } from "../output";
import { prefixNamed, printedPath, runNamed } from "../paths";
import { trainerProgram } from "../programs";
import { follow } from "./follow";

/** Options of `trainscope run`. */
export interface RunOptions {
  readonly logdir?: string;
  readonly name?: string;
  readonly backend: BackendName | "auto";
  readonly restore?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
  /** What follows `--`, for the script. */
  readonly args: readonly string[];
}

/** Where runs go when no folder is named. */
const runsFolder = "runs";

/** Starts a training and follows it; answers with its exit code. */
export async function run(script: string, options: RunOptions, terminal: Terminal): Promise<number> {
  const restore = options.restore === undefined ? undefined : await prefixNamed(options.restore, options.logdir);
  const logdir = await folderFor(script, options);
  const watched = !options.detach;
  const started = await startRun({
    script: resolve(script),
    args: options.args,
    logdir,
    backend: options.backend,
    trainer: trainerProgram,
    node: process.execPath,
    watched,
    ...(restore !== undefined && { restore }),
  });
  const connection = await RunConnection.connect(started.runDir);
  if (!options.detach) {
    return follow(connection, { ...started, json: options.json ?? false, terminal, mayStop: true });
  }
  const backend = connection?.status.backend?.name;
  connection?.dispose();
  const printed = printedPath(process.cwd(), started.runDir);
  const line = { kind: "started", run: printed, ...(backend && { backend }), pid: started.pid };
  terminal.out(options.json ? `${printJson(line)}\n` : `${printed}\n`);
  return 0;
}

/** Follows a run that trains already. */
export async function attach(
  word: string,
  { json = false }: { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { dir } = await runNamed(word);
  const connection = await connect(dir, word);
  if (!json) terminal.err("Ctrl-C leaves the run training.\n");
  return follow(connection, { runDir: dir, json, terminal, mayStop: false });
}

/** Stops a run; answers when it has ended. */
export async function stop(
  word: string,
  { now = false }: { readonly now?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { dir } = await runNamed(word);
  const connection = await connect(dir, word);
  const end = await connection.stop({ now });
  connection.dispose();
  const how =
    end.rung === "asked"
      ? "stopped after its step"
      : end.rung === "terminated"
        ? "was terminated"
        : end.rung === "killed"
          ? "was killed"
          : end.how;
  terminal.out(`${word} ${how}${end.step === undefined ? "" : ` at step ${end.step}`}.\n`);
  return 0;
}

/** Has a running training save now. */
export async function checkpoint(
  word: string,
  { json = false }: { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { dir } = await runNamed(word);
  const connection = await connect(dir, word);
  const saved = await connection.ask.save({}).finally(() => connection.dispose());
  terminal.out(json ? `${printJson(saved)}\n` : `Saved ${saved.prefix} at step ${saved.step}.\n`);
  return 0;
}

/** A connection to a run that must be alive. */
export async function connect(dir: string, word: string): Promise<RunConnection> {
  const connection = await RunConnection.connect(dir);
  if (connection) return connection;
  throw new UserError(`${word} is not training now.`, "trainscope ls shows which runs are.");
}

async function folderFor(script: string, { logdir, name }: RunOptions): Promise<string> {
  if (logdir !== undefined && name === undefined) return resolve(logdir);
  const root = resolve(logdir ?? runsFolder);
  if (name === undefined) return makeRunFolder(root, { script });
  const dir = join(root, name);
  if (printedPath(root, dir).startsWith("..")) throw new UserError(`The name ${name} leads out of ${root}.`);
  await mkdir(dir, { recursive: true });
  return dir;
}
