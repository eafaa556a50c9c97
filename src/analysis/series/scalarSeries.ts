// The points of one scalar tag in the order of the files, cut into segments where the steps begin again (formats 8).
import { Column, ColumnPool, Numbers } from "./column";

/** One point on its way in. */
export interface ScalarPoint {
  readonly step: number;
  readonly value: number;
  readonly wallTimeSeconds: number;
}

/**
 * A run of points whose steps never fall: indices `from` to `to`, of which those before `standing` stand and the rest was
 * superseded by a restart. `again`: the counter began anew and nothing was superseded.
 */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly standing: number;
  readonly begins: "first" | "again" | "restart";
}

/** Where a series stood, to go back to. */
export interface SeriesMark {
  readonly length: number;
  readonly segments: readonly Segment[];
  readonly cut: boolean;
}

/** What the series of one run share: all tags of a summary have its step and its time, other tags at least the steps. */
export class RunColumns {
  readonly steps = new ColumnPool();
  readonly wallTimes = new ColumnPool();
}

type GrowingSegment = { -readonly [K in keyof Segment]: Segment[K] };

/** Columns that grow; nothing is ever dropped but by `rollback`. */
export class ScalarSeries {
  readonly #steps: Column;
  readonly #values = new Numbers();
  readonly #wallTimes: Column;
  #segments: GrowingSegment[] = [];
  /** A START superseded the tail: the next point begins a new segment whatever its step. */
  #cut = false;
  #version = 0;

  /** Without those of a run, the columns are the series' own. */
  constructor(run?: RunColumns) {
    this.#steps = new Column(run?.steps);
    this.#wallTimes = new Column(run?.wallTimes);
  }

  /** Number of points, standing and superseded. */
  get length(): number {
    return this.#values.length;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** The columns; valid until the next change. */
  get steps(): Float64Array {
    return this.#steps.numbers;
  }

  get values(): Float64Array {
    return this.#values.room.subarray(0, this.#values.length);
  }

  get wallTimeSeconds(): Float64Array {
    return this.#wallTimes.numbers;
  }

  /** How many points there will be as far as one can see: columns grow to that at once, but to no more than eightfold. */
  expect(points: number): void {
    this.#values.expected = points;
    for (const column of this.#shared) column.expect(points);
  }

  /** Adds a copy of the point. */
  append({ step, value, wallTimeSeconds }: ScalarPoint): void {
    const index = this.#values.length;
    this.#steps.push(step);
    this.#values.push(value);
    this.#wallTimes.push(wallTimeSeconds);
    this.#place(index, step);
    this.#version++;
  }

  /** A START at `step` > 0: what came before it with an equal or greater step is superseded (formats 8). */
  supersedeFrom(step: number): void {
    if (!this.#supersede(step)) return;
    this.#cut = true;
    this.#version++;
  }

  mark(): SeriesMark {
    return { length: this.length, segments: this.#segments.map((segment) => ({ ...segment })), cut: this.#cut };
  }

  /** Forgets every change since the mark. */
  rollback(mark: SeriesMark): void {
    if (mark.length === this.length && mark.cut === this.#cut) return;
    this.#values.length = mark.length;
    for (const column of this.#shared) column.cut(mark.length);
    this.#segments = mark.segments.map((segment) => ({ ...segment }));
    this.#cut = mark.cut;
    this.#version++;
  }

  get #shared(): readonly Column[] {
    return [this.#steps, this.#wallTimes];
  }

  #place(index: number, step: number): void {
    const current = this.#segments[this.#segments.length - 1];
    if (!current) return this.#begin(index, "first");
    const last = this.#steps.at(index - 1);
    if (this.#cut) {
      if (step < last) this.#supersede(step);
      this.#cut = false;
      this.#begin(index, "restart");
    } else if (step >= last) {
      current.to = current.standing = index + 1;
    } else if (step <= this.#steps.at(current.from)) {
      this.#begin(index, "again");
    } else {
      this.#supersede(step);
      this.#begin(index, "restart");
    }
  }

  #begin(index: number, begins: Segment["begins"]): void {
    this.#segments.push({ from: index, to: index + 1, standing: index + 1, begins });
  }

  /** Steps within a segment never fall, so what stands of one is always its beginning. */
  #supersede(step: number): boolean {
    let changed = false;
    for (const segment of this.#segments) {
      const newest = this.#steps.at(segment.standing - 1);
      if (segment.standing === segment.from || newest < step) continue;
      segment.standing = this.#firstAtLeast(step, segment);
      changed = true;
    }
    return changed;
  }

  #firstAtLeast(step: number, { from, standing }: Segment): number {
    let low = from;
    let high = standing;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#steps.at(middle) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
