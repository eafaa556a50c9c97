// The order of boxes and lanes within each row: few crossings first, then short lines, then the order of creation.

/** Something that stands in a row: a box, or the lane of an edge that passes the row. */
export interface RowItem {
  readonly row: number;
  /** Place in the order of creation; lanes take that of their edge's source. */
  readonly made: number;
  /** The lane of an edge; a box has none. */
  readonly lane?: number;
  /** Items of the row above and below that edges join it to. */
  readonly above: readonly number[];
  readonly below: readonly number[];
}

const mostSweeps = 10;
/** Beyond so many items only the first start is tried: the picture is too large to be read at once anyway. */
const fewItems = 600;

/** Item numbers by row, from left to right. The same items give the same order. */
export function orderRows(items: readonly RowItem[]): number[][] {
  const starts = items.length <= fewItems ? [byCreation, byDepth, reversedDepth, scattered(1), scattered(2), scattered(3)] : [byDepth];
  let best: { rows: number[][]; crossings: number; length: number } | undefined;
  for (const start of starts) {
    const swaps = swapped(items, swept(items, start(items)), true);
    const rows = readsBetterMirrored(items, swaps) ? swapped(items, swaps.map((row) => [...row].reverse()), true) : swaps;
    const found = { rows, crossings: crossingsOf(items, rows), length: lengthOf(items, rows) };
    if (!best || found.crossings < best.crossings || (found.crossings === best.crossings && found.length < best.length - 0.5)) best = found;
  }
  return best?.rows ?? [];
}

/** Crossings between all neighbouring rows. */
export function crossingsOf(items: readonly RowItem[], rows: readonly (readonly number[])[]): number {
  const place = placesOf(items, rows);
  let sum = 0;
  for (const row of rows) {
    const ends = row.flatMap((item) => [...(items[item]?.below ?? [])].map((to) => place[to] ?? 0).sort((one, other) => one - other));
    sum += inversions(ends);
  }
  return sum;
}

function placesOf(items: readonly RowItem[], rows: readonly (readonly number[])[]): Int32Array {
  const place = new Int32Array(items.length);
  for (const row of rows) row.forEach((item, at) => (place[item] = at));
  return place;
}

/** Pairs out of order, counted while merging. */
function inversions(values: readonly number[]): number {
  let [list, count] = [[...values], 0];
  for (let width = 1; width < list.length; width *= 2) {
    const next: number[] = [];
    for (let start = 0; start < list.length; start += 2 * width) {
      const [left, right] = [list.slice(start, start + width), list.slice(start + width, start + 2 * width)];
      let at = 0;
      for (const value of right) {
        while (at < left.length && (left[at] ?? 0) <= value) next.push(left[at++] ?? 0);
        count += left.length - at;
        next.push(value);
      }
      next.push(...left.slice(at));
    }
    list = next;
  }
  return count;
}

function lengthOf(items: readonly RowItem[], rows: readonly (readonly number[])[]): number {
  const place = new Float64Array(items.length);
  for (const row of rows) row.forEach((item, at) => (place[item] = at - (row.length - 1) / 2));
  let sum = 0;
  for (const [index, { below }] of items.entries()) for (const to of below) sum += Math.abs((place[to] ?? 0) - (place[index] ?? 0));
  return sum;
}

function rowsBy(items: readonly RowItem[], key: (item: number) => number): number[][] {
  const rows: number[][] = [];
  items.forEach(({ row }, item) => (rows[row] ??= []).push(item));
  return Array.from(rows, (row) => (row ?? []).sort((one, other) => key(one) - key(other) || one - other));
}

function byCreation(items: readonly RowItem[]): number[][] {
  return rowsBy(items, (item) => items[item]?.made ?? 0);
}

/** In the order in which a walk down from the first boxes meets them. */
function byDepth(items: readonly RowItem[]): number[][] {
  const met = new Int32Array(items.length).fill(-1);
  let next = 0;
  for (const start of byCreation(items).flat()) {
    const waiting = [start];
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      if ((met[item] ?? 0) >= 0) continue;
      met[item] = next++;
      waiting.push(...[...(items[item]?.below ?? [])].reverse());
    }
  }
  return rowsBy(items, (item) => met[item] ?? 0);
}

function reversedDepth(items: readonly RowItem[]): number[][] {
  return byDepth(items).map((row) => row.reverse());
}

/** Shuffled by a fixed seed. */
function scattered(seed: number): (items: readonly RowItem[]) => number[][] {
  return (items) => rowsBy(items, (item) => (Math.imul(item + 1, 0x9e3779b1 * seed) >>> 0) % 9973);
}

/** Barycentres down and up by turns, then swaps of neighbours; keeps the best seen. */
function swept(items: readonly RowItem[], start: number[][]): number[][] {
  let rows = start;
  let best = rows;
  let least = crossingsOf(items, rows);
  for (let sweep = 0, idle = 0; sweep < mostSweeps && idle < 4 && least > 0; sweep++) {
    rows = swapped(items, sorted(items, rows, sweep % 2 === 0));
    const crossings = crossingsOf(items, rows);
    if (crossings < least) [best, least, idle] = [rows, crossings, 0];
    else idle++;
  }
  return best;
}

function sorted(items: readonly RowItem[], before: readonly (readonly number[])[], down: boolean): number[][] {
  const rows = before.map((row) => [...row]);
  const place = new Float64Array(items.length);
  const note = (row: readonly number[]): void => row.forEach((item, at) => (place[item] = at - (row.length - 1) / 2));
  rows.forEach(note);
  const sequence = down ? rows.keys() : [...rows.keys()].reverse();
  for (const index of sequence) {
    const row = rows[index] ?? [];
    const centre = new Map(row.map((item) => {
      const around = (down ? items[item]?.above : items[item]?.below) ?? [];
      return [item, around.length === 0 ? (place[item] ?? 0) : around.reduce((sum, other) => sum + (place[other] ?? 0), 0) / around.length];
    }));
    row.sort((one, other) => (centre.get(one) ?? 0) - (centre.get(other) ?? 0));
    note(row);
  }
  return rows;
}

/** Swaps neighbours as long as that leaves fewer crossings with the rows above and below; `asMade`, also to get boxes into the order of creation. */
function swapped(items: readonly RowItem[], rows: number[][], asMade = false): number[][] {
  const place = placesOf(items, rows);
  const crossed = (left: readonly number[], right: readonly number[]): number => {
    let count = 0;
    for (const one of left) for (const other of right) if ((place[one] ?? 0) > (place[other] ?? 0)) count++;
    return count;
  };
  for (let pass = 0, changed = true; changed && pass < 6; pass++) {
    changed = false;
    for (const row of rows) {
      for (let at = 0; at + 1 < row.length; at++) {
        const [left, right] = [row[at] ?? 0, row[at + 1] ?? 0];
        const [one, other] = [items[left], items[right]];
        if (!one || !other) continue;
        const now = crossed(one.above, other.above) + crossed(one.below, other.below);
        const gain = now - crossed(other.above, one.above) - crossed(other.below, one.below);
        const inOrder = !asMade || one.lane !== undefined || other.lane !== undefined || one.made <= other.made;
        if (gain < 0 || (gain === 0 && inOrder)) continue;
        [row[at], row[at + 1]] = [right, left];
        [place[left], place[right]] = [at + 1, at];
        changed = true;
      }
    }
  }
  return rows;
}

/** Siblings of a row read best in the order in which the program made them. */
function readsBetterMirrored(items: readonly RowItem[], rows: readonly (readonly number[])[]): boolean {
  let right = 0;
  for (const row of rows) {
    const made = row.flatMap((item) => (items[item]?.lane === undefined ? (items[item]?.made ?? 0) : []));
    for (const [at, one] of made.entries()) for (const other of made.slice(at + 1)) right += Math.sign(other - one);
  }
  return right < 0;
}
