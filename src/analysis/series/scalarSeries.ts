// The points of one scalar tag in the order of the files, cut into segments where the steps begin again (formats 8).

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

/** Space for what comes after the expected points: a full column is moved when it grows. It costs nothing until it is written. */
const expectedSlack = 1.25;

type GrowingSegment = { -readonly [K in keyof Segment]: Segment[K] };

/** Columns that grow; nothing is ever dropped but by `rollback`. */
export class ScalarSeries {
  #steps: Float64Array<ArrayBuffer> = new Float64Array(16);
  #values: Float64Array<ArrayBuffer> = new Float64Array(16);
  #wallTimes: Float64Array<ArrayBuffer> = new Float64Array(16);
  #length = 0;
  #segments: GrowingSegment[] = [];
  /** A START superseded the tail: the next point begins a new segment whatever its step. */
  #cut = false;
  #version = 0;
  #expected = 0;

  /** Number of points, standing and superseded. */
  get length(): number {
    return this.#length;
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
    return this.#steps.subarray(0, this.#length);
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  get wallTimeSeconds(): Float64Array {
    return this.#wallTimes.subarray(0, this.#length);
  }

  /** How many points there will be as far as one can see: columns grow to that at once, but to no more than eightfold. */
  expect(points: number): void {
    this.#expected = points;
  }

  /** Adds a copy of the point. */
  append({ step, value, wallTimeSeconds }: ScalarPoint): void {
    if (this.#length === this.#steps.length) this.#grow();
    const index = this.#length++;
    this.#steps[index] = step;
    this.#values[index] = value;
    this.#wallTimes[index] = wallTimeSeconds;
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
    return { length: this.#length, segments: this.#segments.map((segment) => ({ ...segment })), cut: this.#cut };
  }

  /** Forgets every change since the mark. */
  rollback(mark: SeriesMark): void {
    if (mark.length === this.#length && mark.cut === this.#cut) return;
    this.#length = mark.length;
    this.#segments = mark.segments.map((segment) => ({ ...segment }));
    this.#cut = mark.cut;
    this.#version++;
  }

  #place(index: number, step: number): void {
    const current = this.#segments[this.#segments.length - 1];
    if (!current) return this.#begin(index, "first");
    const last = this.#steps[index - 1] ?? 0;
    if (this.#cut) {
      if (step < last) this.#supersede(step);
      this.#cut = false;
      this.#begin(index, "restart");
    } else if (step >= last) {
      current.to = current.standing = index + 1;
    } else if (step <= (this.#steps[current.from] ?? 0)) {
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
      const newest = this.#steps[segment.standing - 1] ?? 0;
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
      if ((this.#steps[middle] ?? 0) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What is reserved beyond the points costs no memory until it is written. */
  #grow(): void {
    const { length } = this.#steps;
    const wanted = this.#expected > length ? Math.ceil(this.#expected * expectedSlack) : 2 * length;
    const room = Math.max(Math.ceil(1.5 * length), Math.min(8 * length, wanted));
    this.#steps = widened(this.#steps, room);
    this.#values = widened(this.#values, room);
    this.#wallTimes = widened(this.#wallTimes, room);
  }
}

function widened(column: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const wide = new Float64Array(length);
  wide.set(column);
  return wide;
}
