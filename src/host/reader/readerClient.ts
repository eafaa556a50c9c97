// The reader as a worker thread of this program, and how to ask it.
import { Worker } from "node:worker_threads";
import { Emitter, type Event } from "#base/emitter";
import type { Disposable } from "#base/lifetime";
import type { LookProgress } from "#model/checkpointLook";
import { openChannel, type Channel } from "#protocol/channel";
import type { HostTells, ReaderClientSide, ReaderSide } from "#protocol/readerApi";
import { workerPipe } from "./workerPipe";

/** A reader at work. Disposing ends its thread. */
export interface ReaderClient extends Disposable, Pick<Channel<ReaderSide>, "ask" | "tell" | "onClose"> {
  /** A run that is open and followed has changed. */
  readonly onSeriesChanged: Event<Parameters<HostTells["seriesChanged"]>[0]>;
  /** A long look has come so far. */
  readonly onTaskProgressed: Event<LookProgress>;
}

/** Starts the worker; `program` is the absolute path of the built reader. Asks made before it is ready wait for it. */
export function startReader(program: string): ReaderClient {
  const worker = new Worker(program, { name: "trainscope reader" });
  const changed = new Emitter<Parameters<HostTells["seriesChanged"]>[0]>();
  const progressed = new Emitter<LookProgress>();
  const tells: HostTells = { seriesChanged: (notice) => changed.fire(notice), taskProgressed: (progress) => progressed.fire(progress) };
  const mine: ReaderClientSide = { asks: {}, tells };
  const channel = openChannel<ReaderClientSide, ReaderSide>(workerPipe(worker, () => void worker.terminate()), mine);
  return {
    ask: channel.ask,
    tell: channel.tell,
    onClose: channel.onClose,
    onSeriesChanged: changed.event,
    onTaskProgressed: progressed.event,
    dispose: () => {
      changed.dispose();
      progressed.dispose();
      channel.dispose();
    },
  };
}
