// A run that grows while it is open: what reading on costs, and how soon a point that was written is there.
import { spawn } from "node:child_process";
import { appendFileSync, closeSync, copyFileSync, mkdirSync, openSync, readSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pointRecords } from "../data";
import { quantile, secondsOf, type Measured, type VariantArguments } from "../measured";
import { newReader } from "./loading";
import { burst, monotonicSeconds } from "./writer";

/** Fewer points at once are not worth measuring: opening and listing are all they cost. */
const leastPointsOfGrowth = 5000;

/** Seconds of reading one percent more, written in pieces, as a share of the first reading's. `count` is the file's points. */
export async function growByOnePercent({ path, count }: VariantArguments): Promise<Measured> {
  const dir = `${dirname(path)}-growing-${process.pid}`;
  mkdirSync(dir, { recursive: true });
  const growing = join(dir, basename(path));
  copyFileSync(path, growing);
  const growths = Math.max(1, Math.floor(count / 100 / leastPointsOfGrowth));
  const piece = Math.floor(count / 100 / growths);
  // Made before and not meanwhile: making them leaves garbage, which is none of the reader's.
  const pieces = Array.from({ length: growths }, (_, at) => pointRecords(count + at * piece, count + (at + 1) * piece));
  globalThis.gc?.();
  const reader = newReader(dir);
  const whole = await secondsOf(() => reader.refresh());
  let more = 0;
  for (const records of pieces) {
    appendFileSync(growing, records);
    more += await secondsOf(() => reader.refresh());
  }
  const points = reader.content().tags.reduce((sum, tag) => sum + tag.points, 0);
  if (points !== count + growths * piece) throw new Error(`${points} points were read`);
  return { value: more / whole, result: "" };
}

/** Of our reader: seconds from before a burst is written until it is in the model, 95 % of them. `count` bursts. */
export async function followLatency({ path, count }: VariantArguments): Promise<Measured> {
  const file = emptyEventFile(path, "ours");
  const reader = newReader(dirname(file));
  await reader.refresh();
  const seen = new Latencies(count);
  const { events } = reader;
  const settle = events.settle.bind(events);
  events.settle = () => {
    settle();
    seen.note(events.tag("tag 19")?.series.wallTimeSeconds ?? new Float64Array());
  };
  reader.follow();
  writer(file, count);
  const value = await seen.p95;
  reader.dispose();
  return { value, result: String(count) };
}

/** A watch and a loop that reads what is new and finds each burst's time, and nothing else: seconds as above. */
export async function bareFollow({ path, count }: VariantArguments): Promise<Measured> {
  const file = emptyEventFile(path, "bare");
  const handle = openSync(file, "r");
  const buffer = new Uint8Array(1024 * 1024);
  const view = new DataView(buffer.buffer);
  const times: number[] = [];
  const seen = new Latencies(count);
  let points = 0;
  let end = 0;
  const look = (): void => {
    end += readSync(handle, buffer, end, buffer.length - end, null);
    let start = 0;
    for (let to = 0; start + 12 <= end; start = to) {
      to = start + 16 + view.getUint32(start, true);
      if (to > end) break;
      if (++points % burst.points === 0) times.push(view.getFloat64(start + 13, true));
    }
    buffer.copyWithin(0, start, end);
    end -= start;
    seen.note(times);
  };
  const watching = watch(dirname(file), look);
  writer(file, count);
  const value = await seen.p95;
  watching.close();
  closeSync(handle);
  return { value, result: String(count) };
}

/** How late each burst was, by its wall time. */
class Latencies {
  readonly #seconds: number[] = [];
  #done: (p95: number) => void = () => undefined;
  readonly p95 = new Promise<number>((resolve) => (this.#done = resolve));

  constructor(private readonly wanted: number) {}

  /** `times` are those of all bursts that are there now. */
  note(times: ArrayLike<number>): void {
    const now = monotonicSeconds();
    for (let at = this.#seconds.length; at < times.length; at++) this.#seconds.push(now - (times[at] ?? NaN));
    if (this.#seconds.length === this.wanted) this.#done(quantile(this.#seconds, 0.95));
  }
}

function emptyEventFile(dir: string, name: string): string {
  const folder = join(dir, `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "events.out.tfevents.1700000000.bench");
  writeFileSync(file, "");
  return file;
}

function writer(file: string, bursts: number): void {
  spawn(process.execPath, [process.argv[1] ?? "", "writeBursts", JSON.stringify({ path: file, count: bursts })], { stdio: "ignore" });
}
