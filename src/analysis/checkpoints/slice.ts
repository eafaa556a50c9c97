// A two-dimensional slice of a tensor: which runs of its elements hold it, and its cells, each the mean of a few values where it is large.
import type { SliceWindow, TensorSlice } from "#model/checkpointLook";
import type { Numbers } from "./statistics";

/** What of a tensor is looked at. */
export interface SlicePlan {
  /** With a leading 1 where there are less than two axes. */
  readonly shape: readonly number[];
  readonly rows: SliceWindow;
  readonly columns: SliceWindow;
  /** An index for each axis; those of the two that are shown mean nothing. */
  readonly at: readonly number[];
}

/** A wish as a person has it; what is left out is chosen. */
export type SliceWish = { readonly [Key in keyof Omit<SlicePlan, "shape">]?: SlicePlan[Key] | undefined };

/** The last two axes unless others are wished for, whole unless a window is. Throws RangeError for what does not lie in the shape. */
export function planSlice(shape: readonly number[], wish: SliceWish): SlicePlan {
  const padded = [...Array<number>(Math.max(0, 2 - shape.length)).fill(1), ...shape];
  const window = (axis: number): SliceWindow => ({ axis, from: 0, count: padded[axis] ?? 0 });
  const rows = wish.rows ?? window(padded.length - 2);
  const columns = wish.columns ?? window(padded.length - 1);
  const at = wish.at ?? padded.map(() => 0);
  const fits = ({ axis, from, count }: SliceWindow): boolean => axis < padded.length && count >= 0 && from >= 0 && from + count <= (padded[axis] ?? 0);
  if (rows.axis === columns.axis || !fits(rows) || !fits(columns)) throw new RangeError(`The window lies outside the shape ${padded.join(" × ")}.`);
  if (at.length !== padded.length || at.some((index, axis) => axis !== rows.axis && axis !== columns.axis && !(index >= 0 && index < (padded[axis] ?? 0))))
    throw new RangeError(`The indices ${at.join(", ")} lie outside the shape ${padded.join(" × ")}.`);
  return { shape: padded, rows, columns, at };
}

/** One read: a run of elements, and which rows and columns of the window lie in it. */
export interface SliceRead {
  readonly from: number;
  readonly count: number;
  /** Of the window, in the two directions: the further one, whose elements lie further apart, and the nearer one. */
  readonly far: readonly [first: number, count: number];
  readonly near: readonly [first: number, count: number];
}

/** How the window lies in the tensor's elements. */
export interface SliceLayout {
  readonly reads: Iterable<SliceRead>;
  /** Elements from one to the next in each direction. */
  readonly farStride: number;
  readonly nearStride: number;
  /** Rows lie further apart than columns. */
  readonly rowsAreFar: boolean;
  /** Bytes of all reads. */
  readonly bytes: number;
}

/** Elements that are this close are read with what lies between them: one read of it costs less than two. */
const closeBytes = 64 * 1024;
const readBytes = 1024 * 1024;

/** Reads as few bytes as makes sense, none of them larger than a megabyte or one element. */
export function layOutSlice({ shape, rows, columns, at }: SlicePlan, elementBytes: number): SliceLayout {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const [rowStride, columnStride] = [strides[rows.axis] ?? 1, strides[columns.axis] ?? 1];
  const rowsAreFar = rows.axis < columns.axis;
  const [far, near] = rowsAreFar ? [rows, columns] : [columns, rows];
  const [farStride, nearStride] = rowsAreFar ? [rowStride, columnStride] : [columnStride, rowStride];
  const base = at.reduce((sum, index, axis) => sum + (axis === rows.axis || axis === columns.axis ? 0 : index * (strides[axis] ?? 0)), far.from * farStride + near.from * nearStride);
  const perNear = nearStride * elementBytes <= closeBytes ? Math.max(1, Math.floor(readBytes / (nearStride * elementBytes))) : 1;
  const span = (near.count - 1) * nearStride + 1;
  const together = perNear >= near.count && (farStride - span) * elementBytes <= closeBytes;
  const perFar = together ? Math.max(1, Math.floor(readBytes / (farStride * elementBytes))) : 1;
  const nearCount = Math.min(perNear, near.count);
  const reads = function* (): Generator<SliceRead> {
    for (let one = 0; one < far.count; one += perFar) {
      const fars = Math.min(perFar, far.count - one);
      for (let other = 0; other < near.count; other += nearCount) {
        const nears = Math.min(nearCount, near.count - other);
        const count = (fars - 1) * farStride + (nears - 1) * nearStride + 1;
        yield { from: base + one * farStride + other * nearStride, count, far: [one, fars], near: [other, nears] };
      }
    }
  };
  const chunks = Math.ceil(near.count / Math.max(1, nearCount));
  const bytes = far.count * near.count === 0 ? 0 : together ? ((far.count - 1) * farStride + span) * elementBytes : far.count * (span - (chunks - 1) * (nearStride - 1)) * elementBytes;
  return { reads: { [Symbol.iterator]: reads }, farStride, nearStride, rowsAreFar, bytes };
}

/** What stands in a cell that is no plain number. */
const marks = { nan: 1, infinite: 2, negative: 3, unread: 4 } as const;

/** The cells of a window, filled value by value. */
export class SliceSum {
  readonly #each: readonly [number, number];
  readonly #cells: readonly [number, number];
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;
  readonly #least: Float64Array;
  readonly #greatest: Float64Array;
  readonly #marks: Uint8Array;
  #nan = 0;
  #infinite = 0;

  /** At most `most` rows and columns of cells. */
  constructor(private readonly plan: SlicePlan, most: { readonly rows: number; readonly columns: number }) {
    const { rows, columns } = plan;
    this.#each = [Math.max(1, Math.ceil(rows.count / most.rows)), Math.max(1, Math.ceil(columns.count / most.columns))];
    this.#cells = [Math.ceil(rows.count / this.#each[0]), Math.ceil(columns.count / this.#each[1])];
    const size = this.#cells[0] * this.#cells[1];
    this.#sum = new Float64Array(size);
    this.#count = new Uint32Array(size);
    this.#least = new Float64Array(size).fill(Infinity);
    this.#greatest = new Float64Array(size).fill(-Infinity);
    this.#marks = new Uint8Array(size).fill(marks.unread);
  }

  /** The values of one read. Complex numbers, as pairs, count by their magnitude. */
  addRead(values: Numbers, { far, near }: SliceRead, { layout, complex }: { readonly layout: SliceLayout; readonly complex: boolean }): void {
    for (let one = 0; one < far[1]; one++) {
      for (let other = 0; other < near[1]; other++) {
        const at = one * layout.farStride + other * layout.nearStride;
        const value = complex ? Math.hypot(Number(values[2 * at]), Number(values[2 * at + 1])) : Number(values[at]);
        if (layout.rowsAreFar) this.#add(far[0] + one, near[0] + other, value);
        else this.#add(near[0] + other, far[0] + one, value);
      }
    }
  }

  #add(row: number, column: number, value: number): void {
    const at = Math.floor(row / this.#each[0]) * this.#cells[1] + Math.floor(column / this.#each[1]);
    if (this.#marks[at] === marks.unread) this.#marks[at] = 0;
    if (!Number.isFinite(value)) {
      const nan = Number.isNaN(value);
      if (nan) this.#nan++;
      else this.#infinite++;
      if (this.#marks[at] !== marks.nan) this.#marks[at] = nan ? marks.nan : value > 0 ? marks.infinite : marks.negative;
      return;
    }
    this.#sum[at] = (this.#sum[at] ?? 0) + value;
    this.#count[at] = (this.#count[at] ?? 0) + 1;
    if (value < (this.#least[at] ?? 0)) this.#least[at] = value;
    if (value > (this.#greatest[at] ?? 0)) this.#greatest[at] = value;
  }

  done(): Omit<TensorSlice, "name" | "dtype" | "magnitude" | "cancelled"> {
    const { shape, rows, columns, at } = this.plan;
    const [eachRow, eachColumn] = this.#each;
    const pooled = eachRow * eachColumn > 1;
    const mean = this.#sum.map((sum, cell) => sum / (this.#count[cell] ?? 0));
    const least = this.#least.reduce((one, other) => Math.min(one, other), Infinity);
    const greatest = this.#greatest.reduce((one, other) => Math.max(one, other), -Infinity);
    const [noneLeast, noneGreatest] = least > greatest ? [NaN, NaN] : [least, greatest];
    return {
      shape, at, rows: { ...rows, cells: this.#cells[0], each: eachRow }, columns: { ...columns, cells: this.#cells[1], each: eachColumn },
      mean, marks: this.#marks, ...(pooled && { least: this.#least, greatest: this.#greatest }),
      range: { least: noneLeast, greatest: noneGreatest }, nan: this.#nan, infinite: this.#infinite,
    };
  }
}
