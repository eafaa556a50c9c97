// What each operation of a run took, as TensorFlow's RunMetadata with its StepStats.
import { WireWriter } from "../bytes/wireWriter";

/** One operation's part of a run; microseconds since the epoch. */
export interface OperationSpan {
  readonly name: string;
  readonly type: string;
  readonly startMicros: number;
  readonly endMicros: number;
}

/** The operations of one run on one device. */
export interface RunTimes {
  readonly device: string;
  readonly operations: readonly OperationSpan[];
}

/** RunMetadata{step_stats=1} of StepStats{dev_stats=1} of DeviceStepStats{device=1, node_stats=2}, times in whole microseconds. */
export function encodeRunTimes({ device, operations }: RunTimes): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter(operations.length * 64 + 64);
  writer.message(1, (stepStats) =>
    stepStats.message(1, (deviceStats) => {
      deviceStats.stringIfSet(1, device);
      for (const span of operations) deviceStats.message(2, (node) => writeSpan(node, span));
    }),
  );
  return writer.finish();
}

/** NodeExecStats{node_name=1, all_start_micros=2, op_start_rel=3, op_end_rel=4, all_end_rel=5, timeline_label=8}. */
function writeSpan(writer: WireWriter, { name, type, startMicros, endMicros }: OperationSpan): void {
  const start = Math.floor(startMicros);
  const length = Math.max(0, Math.round(endMicros - startMicros));
  writer.stringIfSet(1, name);
  writer.intIfSet(2, start);
  writer.intIfSet(4, length);
  writer.intIfSet(5, length);
  writer.stringIfSet(8, `${name} = ${type}()`);
}
