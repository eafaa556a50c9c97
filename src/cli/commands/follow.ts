// Following a training from a terminal: its output or its events as they come, Ctrl-C to stop it, its end as our exit code.
import { join } from "node:path";
import { Lifetime } from "#base/lifetime";
import type { RunEnd } from "#model/run";
import { logName } from "#host/engines/localEngine";
import { type RunConnection, endOnRecord } from "#host/runs/runConnection";
import { readRunRecord } from "#node/runRecord";
import { followText } from "#node/followText";
import { printJson, type Terminal } from "../output";
import { printedPath } from "../paths";

/** What to follow, and how to show it. */
export interface FollowOptions {
  readonly runDir: string;
  readonly json: boolean;
  readonly terminal: Terminal;
  /** Where in the log the output begins that is shown; its end where left out. */
  readonly logOffset?: number;
  /** Whether Ctrl-C stops the run; otherwise it only leaves it. */
  readonly mayStop: boolean;
}

/** Shows a run until it ends; answers with the exit code. `connection` is undefined when it ended before we came. */
export async function follow(connection: RunConnection | undefined, options: FollowOptions): Promise<number> {
  const { runDir, json, terminal } = options;
  const life = new Lifetime();
  const line = (value: object): void => terminal.out(`${printJson(value)}\n`);
  const record = await readRunRecord(runDir);
  if (json) {
    const backend = connection?.status.backend?.name ?? record?.backend?.name;
    const pid = connection?.status.pid ?? record?.pid;
    line({
      kind: "started",
      run: printedPath(process.cwd(), runDir),
      ...(backend && { backend }),
      ...(pid !== undefined && { pid }),
    });
    if (connection) tellEvents(connection, line, life);
  }
  const log = json
    ? undefined
    : followText(join(runDir, logName), { fromByte: options.logOffset, onText: terminal.out });
  if (connection) life.own(takeInterrupts(connection, options));
  const end = connection ? await connection.ended : await endOnRecord(runDir);
  await log?.finish();
  life.dispose();
  connection?.dispose();
  return report(end ?? { how: "lost", error: "The process is gone and left no word." }, { line, json, terminal });
}

function tellEvents(connection: RunConnection, line: (value: object) => void, life: Lifetime): void {
  life.own(
    connection.onScalars((batches) => {
      for (const [step, values] of byStep(batches)) line({ kind: "scalars", step, values });
    }),
  );
  life.own(connection.onCheckpoint(({ prefix, step, deleted }) => line({ kind: "checkpoint", prefix, step, deleted })));
  life.own(
    connection.onProgress(({ step, of, stepsPerSecond, secondsLeft }) =>
      line({ kind: "progress", step, ...(of !== undefined && { of }), stepsPerSecond, secondsLeft }),
    ),
  );
  life.own(connection.onNotice((text) => line({ kind: "notice", text })));
}

/** Columns of tags as one object per step, in the order of steps. */
export function byStep(
  batches: Parameters<Parameters<RunConnection["onScalars"]>[0]>[0],
): readonly (readonly [step: number, values: Readonly<Record<string, number>>])[] {
  const rows = new Map<number, Record<string, number>>();
  for (const { tag, steps, values } of batches) {
    for (const [at, step] of steps.entries()) {
      const row = rows.get(step) ?? {};
      row[tag] = values[at] ?? Number.NaN;
      rows.set(step, row);
    }
  }
  return [...rows].sort(([a], [b]) => a - b);
}

function takeInterrupts(connection: RunConnection, { mayStop, terminal }: FollowOptions) {
  let pressed = 0;
  const onInterrupt = (): void => {
    pressed++;
    if (!mayStop) return process.exit(0);
    if (pressed === 1) terminal.err("\nStopping after this step; Ctrl-C again ends it at once.\n");
    void connection.stop(pressed === 1 ? { graceMs: 24 * 3600 * 1000 } : { now: true, terminateMs: 2000 });
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  return {
    dispose: () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onInterrupt);
    },
  };
}

function report(
  end: RunEnd,
  { line, json, terminal }: { line: (value: object) => void; json: boolean; terminal: Terminal },
): number {
  const ok = end.how === "finished" || end.how === "stopped";
  const exitCode = end.exitCode ?? (ok ? 0 : 1);
  if (json) line({ kind: "ended", how: end.how, ...(end.step !== undefined && { step: end.step }), exitCode });
  if (!ok) terminal.err(`The training ${words[end.how]}${end.error ? `: ${end.error}` : "."}\n`);
  return exitCode;
}

const words: Readonly<Record<RunEnd["how"], string>> = {
  finished: "has finished",
  stopped: "was stopped",
  failed: "failed",
  killed: "was killed",
  lost: "was lost",
};
