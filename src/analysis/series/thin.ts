// Thinning of a line to a width: per pixel column the first, the least, the greatest and the last point, in their order.

/** Which points of a column of numbers to draw. Steps within `from`…`to` must not fall. */
export interface ThinRequest {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** Indices, `to` not included. */
  readonly from: number;
  readonly to: number;
  /** Step at the left edge, steps per pixel column, and number of columns. */
  readonly left: number;
  readonly stepsPerColumn: number;
  readonly columns: number;
}

/** Takes one point to draw; `afterGap` when non-finite values lie between it and the one before. */
export type Emit = (index: number, afterGap: boolean) => void;

/**
 * At most four finite points per pixel column, ascending; all of a column that holds no more than four. The least and the
 * greatest of each column are exact. A gap within a column of more than four points is narrower than a pixel and is not told.
 */
export function thin(request: ThinRequest, emit: Emit): void {
  const { steps, values, from, to } = request;
  const column = new PixelColumn(values, emit);
  let gap = false;
  let place = -1;
  for (let index = from; index < to; index++) {
    if (!Number.isFinite(values[index] ?? NaN)) {
      gap = true;
      continue;
    }
    const here = columnOf(steps[index] ?? 0, request);
    if (here !== place) column.flush();
    place = here;
    column.add(index, gap);
    gap = false;
  }
  column.flush();
}

/** The pixel column of a step; the right edge belongs to the last column, what lies outside to its own. */
function columnOf(step: number, { left, stepsPerColumn, columns }: ThinRequest): number {
  if (stepsPerColumn <= 0) return 0;
  return Math.max(0, Math.min(columns - 1, Math.floor((step - left) / stepsPerColumn)));
}

/** One column while its points come by: the first four as they are, and the extremes of all. */
class PixelColumn {
  #count = 0;
  #gapBefore = false;
  readonly #few = [0, 0, 0, 0];
  readonly #gaps = [false, false, false, false];
  #min = 0;
  #max = 0;
  #last = 0;

  constructor(
    readonly values: Float64Array,
    readonly emit: Emit,
  ) {}

  add(index: number, afterGap: boolean): void {
    const value = this.values[index] ?? NaN;
    if (this.#count === 0) {
      this.#gapBefore = afterGap;
      this.#min = this.#max = index;
    } else if (value < (this.values[this.#min] ?? NaN)) this.#min = index;
    else if (value > (this.values[this.#max] ?? NaN)) this.#max = index;
    if (this.#count < 4) {
      this.#few[this.#count] = index;
      this.#gaps[this.#count] = afterGap;
    }
    this.#last = index;
    this.#count++;
  }

  flush(): void {
    const count = this.#count;
    this.#count = 0;
    if (count <= 4) {
      for (let at = 0; at < count; at++) this.emit(this.#few[at] ?? 0, this.#gaps[at] ?? false);
      return;
    }
    const first = this.#few[0] ?? 0;
    let before = first;
    this.emit(first, this.#gapBefore);
    for (const index of [Math.min(this.#min, this.#max), Math.max(this.#min, this.#max), this.#last]) {
      if (index > before) this.emit(index, false);
      before = index;
    }
  }
}
