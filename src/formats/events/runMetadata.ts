// RunMetadata: when each operation of one traced run began and how long it took, as TensorBoard shows it on the graph.
import { WireWriter } from "../bytes/wireWriter";

/** One operation of a run. Times are whole microseconds since the epoch. */
export interface NodeStats {
  readonly name: string;
  readonly startMicros: number;
  readonly endMicros: number;
  /** Of what it gave. */
  readonly outputBytes: number;
}

/** Bytes of a RunMetadata with the statistics of one device (tensorflow/core/framework/step_stats.proto). */
export function encodeRunMetadata(device: string, nodes: readonly NodeStats[]): Uint8Array {
  const writer = new WireWriter(Math.max(256, nodes.length * 96));
  writer.message(1, (stats) =>
    stats.message(1, (deviceStats) => {
      deviceStats.string(1, device);
      for (const node of nodes) deviceStats.message(2, (inner) => writeNode(inner, node));
    }),
  );
  return writer.finish();
}

function writeNode(writer: WireWriter, { name, startMicros, endMicros, outputBytes }: NodeStats): void {
  writer.string(1, name);
  writer.intIfSet(2, startMicros);
  const took = Math.max(1, endMicros - startMicros);
  writer.intIfSet(4, took);
  writer.intIfSet(5, took);
  writer.message(6, (memory) => {
    memory.string(1, "outputs");
    memory.intIfSet(2, outputBytes);
    memory.intIfSet(3, outputBytes);
  });
  writer.string(8, name);
  writer.intIfSet(9, startMicros);
}
