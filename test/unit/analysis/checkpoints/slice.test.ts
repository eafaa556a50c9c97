import { describe, expect, test } from "vitest";
import { layOutSlice, planSlice, SliceSum, type SliceWish } from "#analysis/checkpoints/slice";

const room = { rows: 128, columns: 256 };

/** The slice of a tensor whose values are their own places, through the reads that would be made of a file. */
function slice(shape: readonly number[], wish: SliceWish = {}, { most = room, elementBytes = 4, change = (value: number) => value } = {}) {
  const plan = planSlice(shape, wish);
  const layout = layOutSlice(plan, elementBytes);
  const sum = new SliceSum(plan, most);
  let [reads, bytes] = [0, 0];
  for (const read of layout.reads) {
    reads++;
    bytes += read.count * elementBytes;
    sum.addRead(Float64Array.from({ length: read.count }, (_, at) => change(read.from + at)), read, { layout, complex: false });
  }
  return { ...sum.done(), reads, readBytes: bytes, toldBytes: layout.bytes };
}

describe("a slice", () => {
  test("is the last two axes unless others are wished for", () => {
    expect([...slice([2, 2, 3]).mean]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...slice([2, 2, 3], { at: [1, 0, 0] }).mean]).toEqual([6, 7, 8, 9, 10, 11]);
  });
  test("of a vector is one row, of a scalar one cell", () => {
    expect(slice([3])).toMatchObject({ shape: [1, 3], rows: { axis: 0, cells: 1 }, columns: { axis: 1, cells: 3 } });
    expect([...slice([]).mean]).toEqual([0]);
  });
  test("holds every value of any two axes in any order, and reads what it says", () => {
    const shape = [3, 4, 5, 2];
    const stride = [40, 10, 2, 1];
    for (const rows of [0, 1, 2, 3]) {
      for (const columns of [0, 1, 2, 3].filter((axis) => axis !== rows)) {
        const at = [2, 3, 1, 1];
        const window = (axis: number, from: number) => ({ axis, from, count: (shape[axis] ?? 0) - from });
        const found = slice(shape, { rows: window(rows, 1), columns: window(columns, 0), at });
        const base = at.reduce((sum, index, axis) => sum + (axis === rows || axis === columns ? 0 : index * (stride[axis] ?? 0)), 0);
        const wanted = Array.from({ length: (shape[rows] ?? 0) - 1 }, (_, row) => Array.from({ length: shape[columns] ?? 0 }, (_, column) => base + (row + 1) * (stride[rows] ?? 0) + column * (stride[columns] ?? 0))).flat();
        expect([...found.mean]).toEqual(wanted);
        expect(found.readBytes).toBe(found.toldBytes);
      }
    }
  });
  test("far-apart elements are read one by one, near ones in one go", () => {
    expect(slice([4, 8, 1_000_000], { rows: { axis: 0, from: 0, count: 4 }, columns: { axis: 1, from: 0, count: 8 }, at: [0, 0, 5] })).toMatchObject({ reads: 32, readBytes: 128 });
    expect(slice([512, 64]).reads).toBe(1);
    expect(slice([600_000, 2], { columns: { axis: 1, from: 1, count: 1 } })).toMatchObject({ reads: 5 });
  });
  test("that is larger than its picture has the mean of a few values in each cell, with least and greatest", () => {
    const found = slice([4, 6], {}, { most: { rows: 2, columns: 3 } });
    expect(found).toMatchObject({ rows: { cells: 2, each: 2 }, columns: { cells: 3, each: 2 }, range: { least: 0, greatest: 23 } });
    expect([...found.mean].slice(0, 2)).toEqual([3.5, 5.5]);
    expect([found.least?.[0], found.greatest?.[0]]).toEqual([0, 7]);
  });
  test("marks what is no number and leaves it out of mean and range", () => {
    const found = slice([1, 5], {}, { change: (value) => [NaN, Infinity, -Infinity, -2, 3][value] ?? 0 });
    expect([...found.marks]).toEqual([1, 2, 3, 0, 0]);
    expect(found).toMatchObject({ nan: 1, infinite: 2, range: { least: -2, greatest: 3 } });
    expect(slice([2, 0])).toMatchObject({ range: { least: NaN }, rows: { cells: 2 }, columns: { cells: 0 } });
  });
  test("outside the shape is refused", () => {
    for (const wish of [{ rows: { axis: 1, from: 0, count: 3 } }, { rows: { axis: 0, from: 1, count: 2 } }, { at: [0] }, { rows: { axis: 9, from: 0, count: 0 } }])
      expect(() => planSlice([2, 3], wish)).toThrow(RangeError);
    expect(() => planSlice([2, 3, 4], { at: [2, 0, 0] })).toThrow("outside the shape 2 × 3 × 4");
  });
});

test("complex numbers count by their magnitude", () => {
  const plan = planSlice([1, 1], {});
  const layout = layOutSlice(plan, 8);
  const sum = new SliceSum(plan, room);
  for (const read of layout.reads) sum.addRead([3, -4], read, { layout, complex: true });
  expect([...sum.done().mean]).toEqual([5]);
});
