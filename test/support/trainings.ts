// Real trainers for a test: started on the scripts in test/fixtures/scripts, and surely gone when the test is over.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll } from "vitest";
import { logName, startRun, type StartOptions } from "#host/engines/localEngine";
import { endOnRecord, RunConnection } from "#host/runs/runConnection";
import type { RunEnd } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import { processExists } from "#node/processes";
import { dist, ensureBuilt } from "../../scripts/ensureBuilt.mjs";
import { useTemporary } from "./temporary";

/** A folder of programs built otherwise may be named by the environment. */
const programs = process.env["TRAINSCOPE_DIST"] ?? dist;

export const trainerProgram = join(programs, "trainer.mjs");
export const cliProgram = join(programs, "cli.mjs");

/** Absolute path of a training script among the fixtures. */
export function script(name: string): string {
  return join(import.meta.dirname, "../fixtures/scripts", name);
}

export interface Training {
  readonly dir: string;
  readonly pid: number;
  /** Open from the first step on; undefined when the training was over before we came. */
  readonly connection: RunConnection | undefined;
  readonly ended: Promise<RunEnd | undefined>;
  log(): Promise<string>;
}

/** Starts trainers below a temporary folder. */
export function useTrainings() {
  const temporary = useTemporary();
  const pids = new Set<number>();
  const connections: RunConnection[] = [];
  beforeAll(async () => {
    if (programs === dist) await ensureBuilt();
  });
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.dispose();
    for (const pid of pids) if (processExists(pid)) process.kill(-pid, "SIGKILL");
    pids.clear();
  });
  const folder = (name: string): string => join(temporary.root, name);
  const start = async (name: string, args: readonly string[] = [], more: Partial<StartOptions> = {}): Promise<Training> => {
    const { runDir, pid } = await startRun({
      script: script(name), args, logdir: folder("run"), backend: "cpu", trainer: trainerProgram, node: process.execPath, ...more,
    });
    pids.add(pid);
    const connection = await RunConnection.connect(runDir);
    if (connection) connections.push(connection);
    return {
      dir: runDir,
      pid,
      connection,
      ended: connection ? connection.ended : endOnRecord(runDir),
      log: () => readFile(join(runDir, logName), "utf8"),
    };
  };
  /** A training that goes on until it is stopped, with a connection that is open. */
  const startLive = async (args: readonly string[] = [], more: Partial<StartOptions> = {}): Promise<Training & { readonly connection: RunConnection }> => {
    const training = await start("descend.ts", ["--max_steps", "100000", "--pause_ms", "5", ...args], more);
    const { connection } = training;
    if (!connection) throw new Error(`the training is over already: ${await training.log()}`);
    return { ...training, connection };
  };
  const another = async (dir: string): Promise<RunConnection> => {
    const connection = await RunConnection.connect(dir);
    if (!connection) throw new Error("nobody answers at the door");
    connections.push(connection);
    return connection;
  };
  return { folder, start, startLive, another, temporary };
}

/** Resolves with the first value of an event that is wanted. */
export function next<T>(event: (listener: (value: T) => void) => unknown, wanted: (value: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve) => event((value) => wanted(value) && resolve(value)));
}

/** The last value that a tag has in some batches. */
export function lastOf(batches: readonly ScalarBatch[], tag: string): number | undefined {
  return batches.filter((batch) => batch.tag === tag).at(-1)?.values.at(-1);
}
