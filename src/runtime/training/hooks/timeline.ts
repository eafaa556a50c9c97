// A traced run as Chrome's trace viewer reads it: a bar for each operation, arrows along the data.
import type { OperationTime, RunMetadata } from "../../graph/runOptions";

/** An event of the Trace Event Format; times in microseconds. */
export type TraceEvent = Readonly<Record<string, unknown>>;

/** The file's content. */
export interface Timeline {
  readonly traceEvents: readonly TraceEvent[];
}

const place = { pid: 0, tid: 0 } as const;

/** One process, which is the device, with one row: operations run one after the other. */
export function timelineOf({ device, operations }: RunMetadata, { showDataflow }: { readonly showDataflow: boolean }): Timeline {
  const head: TraceEvent = { ph: "M", name: "process_name", pid: place.pid, args: { name: `${device} Compute` } };
  const bars = operations.map(barOf);
  return { traceEvents: [head, ...bars, ...(showDataflow ? arrowsOf(operations) : [])] };
}

function barOf({ name, type, inputs, startMicros, endMicros, outputBytes }: OperationTime): TraceEvent {
  const named = Object.fromEntries(inputs.map((input, i) => [`input${i}`, input]));
  return { ...place, ph: "X", cat: "Op", name: type, ts: startMicros, dur: endMicros - startMicros, args: { name, op: type, outputBytes, ...named } };
}

function arrowsOf(operations: readonly OperationTime[]): TraceEvent[] {
  const ends = new Map(operations.map(({ name, endMicros }) => [name, endMicros]));
  return operations.flatMap(({ name, inputs, startMicros }) =>
    inputs.flatMap((input) => {
      const from = ends.get(input);
      const common = { ...place, cat: "DataFlow", name: input, id: `${input} ${name}` };
      return from === undefined ? [] : [{ ...common, ph: "s", ts: from }, { ...common, ph: "t", ts: startMicros }];
    }),
  );
}
