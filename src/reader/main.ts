// Main program of the reader worker: wires what a reader can do to the port of the thread that started it.
import { parentPort } from "node:worker_threads";
import { createReader } from "#host/reader/readerService";
import { workerPipe } from "#host/reader/workerPipe";
import { openChannel, type Channel } from "#protocol/channel";
import type { ReaderClientSide, ReaderSide } from "#protocol/readerApi";

const port = parentPort;
if (!port) throw new Error("the reader runs as a worker thread");

const reader = createReader({
  seriesChanged: (notice) => host.tell.seriesChanged(notice),
  taskProgressed: (progress) => host.tell.taskProgressed(progress),
});
const { append, cancelTask, dispose, ...asks } = reader;
const host: Channel<ReaderClientSide> = openChannel<ReaderSide, ReaderClientSide>(
  workerPipe(port, () => port.close()),
  { asks, tells: { append, cancelTask } },
);
host.onClose(dispose);
