// What every loader of an event file fills, whatever decodes it, and how two fillings are compared.
import { closeSync, openSync, readSync } from "node:fs";

const chunkBytes = 4 * 1024 * 1024;
const headerBytes = 12;
const footerBytes = 4;

/** The points of one tag. */
interface Column {
  length: number;
  steps: Float64Array;
  wallTimes: Float64Array;
  values: Float32Array;
}

/** Columns that double. */
export class Columns {
  readonly #tags = new Map<string, Column>();

  add(tag: string, point: { readonly step: number; readonly wallTime: number; readonly value: number }): void {
    let column = this.#tags.get(tag);
    if (!column) this.#tags.set(tag, column = { length: 0, steps: new Float64Array(16), wallTimes: new Float64Array(16), values: new Float32Array(16) });
    if (column.length === column.steps.length) grow(column);
    const at = column.length++;
    column.steps[at] = point.step;
    column.wallTimes[at] = point.wallTime;
    column.values[at] = point.value;
  }

  digest(): string {
    return digestOf([...this.#tags].map(([tag, { length, steps, values, wallTimes }]) =>
      ({ tag, steps: steps.subarray(0, length), values: values.subarray(0, length), wallTimes: wallTimes.subarray(0, length) })));
  }
}

/** Number of points and sums per column, added in the order of the points: equal for equal columns. */
export function digestOf(columns: readonly { tag: string; steps: ArrayLike<number>; values: ArrayLike<number>; wallTimes: ArrayLike<number> }[]): string {
  return [...columns].sort((one, other) => (one.tag < other.tag ? -1 : 1))
    .map(({ tag, steps, values, wallTimes }) => [tag, steps.length, weighted(steps), weighted(values), weighted(wallTimes)].join(" ")).join("\n");
}

/** Walks the records of a file with one buffer and hands out where each payload lies. No checksum is looked at here. */
export function walkRecords(path: string, onRecord: (bytes: Uint8Array, view: DataView, at: { from: number; to: number }) => void): void {
  const file = openSync(path, "r");
  const bytes = new Uint8Array(chunkBytes);
  const view = new DataView(bytes.buffer);
  const at = { from: 0, to: 0 };
  let end = 0;
  for (;;) {
    const count = readSync(file, bytes, end, bytes.length - end, null);
    if (count === 0) break;
    end += count;
    let start = 0;
    while (start + headerBytes <= end) {
      at.from = start + headerBytes;
      at.to = at.from + view.getUint32(start, true);
      if (at.to + footerBytes > end) break;
      onRecord(bytes, view, at);
      start = at.to + footerBytes;
    }
    bytes.copyWithin(0, start, end);
    end -= start;
  }
  closeSync(file);
}

function weighted(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < numbers.length; at++) sum += (numbers[at] ?? 0) * (1 + (at % 7));
  return sum;
}

function grow(column: Column): void {
  const { steps, wallTimes, values } = column;
  column.steps = new Float64Array(steps.length * 2);
  column.wallTimes = new Float64Array(steps.length * 2);
  column.values = new Float32Array(steps.length * 2);
  column.steps.set(steps);
  column.wallTimes.set(wallTimes);
  column.values.set(values);
}
