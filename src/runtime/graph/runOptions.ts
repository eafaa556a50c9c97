// How one run goes and what it tells of itself: TF1's RunOptions and RunMetadata, as far as they mean something here.

/** How much a run notes about its operations (TensorFlow's numbers). Anything but none times each operation. */
export const TraceLevel = { NO_TRACE: 0, SOFTWARE_TRACE: 1, HARDWARE_TRACE: 2, FULL_TRACE: 3 } as const;

/** Options of one run. */
export interface RunOptions {
  /** One of TraceLevel; NO_TRACE unless given. */
  readonly traceLevel?: number;
  /** The run ends with DeadlineExceededError when it takes longer, looked at between two operations; 0 for no limit. */
  readonly timeoutInMs?: number;
}

/** When an operation ran, in microseconds since the epoch. On a GPU this is the time to hand the work over. */
export interface OperationTime {
  /** Of the operation. */
  readonly name: string;
  /** TensorFlow's type of operation. */
  readonly type: string;
  /** Names of the operations whose outputs it took. */
  readonly inputs: readonly string[];
  /** Microseconds since 1970. */
  readonly startMicros: number;
  /** Microseconds since 1970. */
  readonly endMicros: number;
  /** Of the outputs that it made. */
  readonly outputBytes: number;
}

/** Filled by a run that was traced. */
export class RunMetadata {
  /** The backend that computed. */
  device = "";
  /** In the order of running. */
  readonly operations: OperationTime[] = [];
}

/** Several wishes for one run as one: the largest trace level and the largest limit of time (MS-4). */
export function mergeRunOptions(all: readonly (RunOptions | undefined)[]): RunOptions {
  const largest = (pick: (options: RunOptions) => number | undefined) =>
    all.reduce((most, options) => Math.max(most, (options && pick(options)) ?? 0), 0);
  return { traceLevel: largest(({ traceLevel }) => traceLevel), timeoutInMs: largest(({ timeoutInMs }) => timeoutInMs) };
}
