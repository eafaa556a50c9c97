// A monitored session with the usual hooks for summaries, speed and checkpoints: TF1's MonitoredTrainingSession (MT-1 to MT-6).
import type { Clock } from "./clock";
import { CheckpointSaverHook } from "./hooks/checkpointSaverHook";
import { StepCounterHook } from "./hooks/stepCounterHook";
import { SummarySaverHook } from "./hooks/summarySaverHook";
import { MonitoredSession } from "./monitoredSession";
import { Scaffold } from "./scaffold";
import { ChiefSessionCreator, WorkerSessionCreator } from "./sessionCreators";
import type { Hook } from "./sessionRunHook";

/** How a training session is opened. Of a frequency's two forms give one; 0 or null switches it off (MT-2, MT-3). */
export interface MonitoredTrainingSessionOptions {
  /** A worker initialises, restores and saves nothing; true unless given. */
  readonly isChief?: boolean;
  /** Where checkpoints are restored from and saved to. */
  readonly checkpointDir?: string | undefined;
  /** Initializers, Saver and summaries; made of the graph's own unless given. */
  readonly scaffold?: Scaffold;
  /** Behind the usual ones. */
  readonly hooks?: readonly Hook[];
  /** Before the usual ones, on the chief alone. */
  readonly chiefOnlyHooks?: readonly Hook[];
  /** Seconds between checkpoints; 600 unless steps or seconds are given. */
  readonly saveCheckpointSecs?: number | null;
  /** Steps between checkpoints, instead of seconds. */
  readonly saveCheckpointSteps?: number | null;
  /** Steps between summaries; 100 unless steps or seconds are given. */
  readonly saveSummariesSteps?: number | null;
  /** Seconds between summaries, instead of steps. */
  readonly saveSummariesSecs?: number | null;
  /** Steps between two values of `global_step/sec`; 100 unless given. */
  readonly logStepCountSteps?: number | null;
  /** How long queues and loopers may take to end; 120 unless given. */
  readonly stopGracePeriodSecs?: number;
  /** How long a worker waits for its variables; 7200 unless given. */
  readonly maxWaitSecs?: number;
  /** Where summaries go: the checkpoint folder unless given. */
  readonly summaryDir?: string | undefined;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** Opens a training session; whoever opens it closes it, best with `use`. */
export function MonitoredTrainingSession(options?: MonitoredTrainingSessionOptions): Promise<MonitoredSession>;
/** Opens a training session, runs `body` with it, calls the hooks' `end` and closes, as TensorFlow's `with` block does. */
export function MonitoredTrainingSession<T>(
  options: MonitoredTrainingSessionOptions,
  body: (session: MonitoredSession) => T | Promise<T>,
): Promise<T | undefined>;
export async function MonitoredTrainingSession<T>(
  options: MonitoredTrainingSessionOptions = {},
  body?: (session: MonitoredSession) => T | Promise<T>,
): Promise<MonitoredSession | T | undefined> {
  const session = await MonitoredSession.open(sessionOptions(options));
  return body ? session.use(body) : session;
}

function sessionOptions(options: MonitoredTrainingSessionOptions): Parameters<typeof MonitoredSession.open>[0] {
  const { isChief = true, clock, hooks = [], chiefOnlyHooks = [], stopGracePeriodSecs = 120, maxWaitSecs = 7200 } = options;
  const scaffold = options.scaffold ?? new Scaffold({ clock });
  const common = { stopGraceSecs: stopGracePeriodSecs, clock };
  if (!isChief) return { ...common, hooks, sessionCreator: new WorkerSessionCreator({ scaffold, maxWaitSecs, clock }) };
  return {
    ...common,
    hooks: [...chiefOnlyHooks, ...usualHooks(options, scaffold), ...hooks],
    sessionCreator: new ChiefSessionCreator({ scaffold, checkpointDir: options.checkpointDir, clock }),
  };
}

/** MT-4. An empty folder's name is none, as in TensorFlow. */
function usualHooks(options: MonitoredTrainingSessionOptions, scaffold: Scaffold): Hook[] {
  const { checkpointDir, logStepCountSteps = 100, clock } = options;
  const outputDir = options.summaryDir || checkpointDir;
  const at = { ...(clock && { clock }) };
  const hooks: Hook[] = [];
  if (outputDir && isOn(logStepCountSteps)) {
    hooks.push(new StepCounterHook({ outputDir, everyNSteps: logStepCountSteps, ...at }));
  }
  const summaries = frequency({ steps: options.saveSummariesSteps, secs: options.saveSummariesSecs }, { steps: 100, secs: null });
  if (outputDir && (isOn(summaries.steps) || isOn(summaries.secs))) {
    hooks.push(new SummarySaverHook({ scaffold, outputDir, saveSteps: summaries.steps, saveSecs: summaries.secs, ...at }));
  }
  const checkpoints = frequency({ steps: options.saveCheckpointSteps, secs: options.saveCheckpointSecs }, { steps: null, secs: 600 });
  if (checkpointDir && (isOn(checkpoints.steps) || isOn(checkpoints.secs))) {
    hooks.push(new CheckpointSaverHook(checkpointDir, { scaffold, saveSteps: checkpoints.steps, saveSecs: checkpoints.secs, ...at }));
  }
  return hooks;
}

interface Frequency {
  readonly steps: number | null;
  readonly secs: number | null;
}

/** Where one form is given the other is off; where neither is, the usual one holds (MT-2). */
function frequency({ steps, secs }: Partial<{ [K in keyof Frequency]: Frequency[K] | undefined }>, usual: Frequency): Frequency {
  if (steps === undefined && secs === undefined) return usual;
  return { steps: steps ?? null, secs: secs ?? null };
}

function isOn(frequency: number | null): boolean {
  return frequency !== null && frequency > 0;
}
