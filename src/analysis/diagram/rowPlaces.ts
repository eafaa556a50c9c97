// Where boxes and lanes stand sideways: as near below each other as their rows allow, long lanes straight.
import { appendTo } from "#base/multimap";

/** One thing of a row; `left` and `right` are how far it reaches from the place where lines meet it. */
export interface Standing {
  readonly left: number;
  readonly right: number;
  /** Lanes of one edge share a number; a box has none. */
  readonly lane?: number;
}

/** A line between two things of neighbouring rows; it pulls as strongly as it weighs. */
export interface Pull {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** Wanted distance of the two places, for lines that do not meet the middle of a box. */
  readonly offset?: number;
}

export interface RowGaps {
  readonly boxes: number;
  readonly lanes: number;
}

/** Few things settle fast; many need not be perfect. */
const sweeps = { least: 30, most: 160, things: 6000 };
/** A weak pull to where it stands keeps what nothing else pulls. */
const inertia = 0.002;

/**
 * Places for all things, rows given from left to right: least squares over the lines, row by row, with the order kept and gaps
 * between neighbours; then every long lane is made straight where its neighbours leave room.
 */
export function placeRows(things: readonly Standing[], { rows, pulls, gaps }: { rows: readonly (readonly number[])[]; pulls: readonly Pull[]; gaps: RowGaps }): Float64Array {
  const x = packed(things, rows, gaps);
  const around = Array.from({ length: things.length }, (): { other: number; weight: number; offset: number }[] => []);
  for (const { from, to, weight, offset = 0 } of pulls) {
    around[from]?.push({ other: to, weight, offset: -offset });
    around[to]?.push({ other: from, weight, offset });
  }
  const rounds = Math.max(sweeps.least, Math.min(sweeps.most, Math.round(sweeps.things / Math.max(1, things.length))));
  for (let sweep = 0; sweep < rounds; sweep++) {
    const order = sweep % 2 === 0 ? rows : [...rows].reverse();
    for (const row of order) settle(row, { x, things, gaps, around });
  }
  straighten(things, { rows, x, gaps });
  for (let sweep = 0; sweep < 4; sweep++) for (const row of rows) settle(row, { x, things, gaps, around, fixed: true });
  return x;
}

function apart(one: Standing | undefined, other: Standing | undefined, gaps: RowGaps): number {
  const lanes = one?.lane !== undefined && other?.lane !== undefined;
  return (one?.right ?? 0) + (other?.left ?? 0) + (lanes ? gaps.lanes : one?.lane !== undefined || other?.lane !== undefined ? (gaps.lanes + gaps.boxes) / 2 : gaps.boxes);
}

function packed(things: readonly Standing[], rows: readonly (readonly number[])[], gaps: RowGaps): Float64Array {
  const x = new Float64Array(things.length);
  for (const row of rows) {
    let at = 0;
    row.forEach((item, index) => {
      if (index > 0) at += apart(things[row[index - 1] ?? -1], things[item], gaps);
      x[item] = at;
    });
    for (const item of row) x[item] = (x[item] ?? 0) - at / 2;
  }
  return x;
}

interface Settling {
  readonly x: Float64Array;
  readonly things: readonly Standing[];
  readonly gaps: RowGaps;
  readonly around: readonly (readonly { readonly other: number; readonly weight: number; readonly offset: number }[])[];
  /** Lanes stay where they are. */
  readonly fixed?: boolean;
}

interface Pool {
  sum: number;
  weight: number;
  readonly members: number[];
}

/** Exact for one row: neighbours that want to pass each other move as one, to the mean of what they want. */
function settle(row: readonly number[], { x, things, gaps, around, fixed = false }: Settling): void {
  const pools: Pool[] = [];
  const shift: number[] = [];
  let before = 0;
  row.forEach((item, index) => {
    if (index > 0) before += apart(things[row[index - 1] ?? -1], things[item], gaps);
    shift[index] = before;
    const held = fixed && things[item]?.lane !== undefined;
    let weight = held ? 1e6 : inertia;
    let sum = (x[item] ?? 0) * weight;
    if (!held) {
      for (const { other, weight: pull, offset } of around[item] ?? []) {
        sum += ((x[other] ?? 0) + offset) * pull;
        weight += pull;
      }
    }
    pools.push({ sum: sum - before * weight, weight, members: [index] });
    for (let last = pools.at(-1), prior = pools.at(-2); last && prior && prior.sum / prior.weight > last.sum / last.weight; last = pools.at(-1), prior = pools.at(-2)) {
      pools.pop();
      prior.sum += last.sum;
      prior.weight += last.weight;
      prior.members.push(...last.members);
    }
  });
  for (const { sum, weight, members } of pools) for (const index of members) x[row[index] ?? 0] = sum / weight + (shift[index] ?? 0);
}

/** Gives every lane one place in all rows that it passes, the longest first, if no box or lane stands there. */
function straighten(things: readonly Standing[], { rows, x, gaps }: { rows: readonly (readonly number[])[]; x: Float64Array; gaps: RowGaps }): void {
  const lanes = new Map<number, { item: number; row: readonly number[]; at: number }[]>();
  for (const row of rows) row.forEach((item, at) => {
    const lane = things[item]?.lane;
    if (lane !== undefined) appendTo(lanes, lane, { item, row, at });
  });
  const longest = [...lanes.values()].filter(({ length }) => length > 1).sort((one, other) => other.length - one.length);
  for (const parts of longest) {
    let [low, high] = [-Infinity, Infinity];
    for (const { item, row, at } of parts) {
      const [left, right] = [row[at - 1], row[at + 1]];
      if (left !== undefined) low = Math.max(low, (x[left] ?? 0) + apart(things[left], things[item], gaps));
      if (right !== undefined) high = Math.min(high, (x[right] ?? 0) - apart(things[item], things[right], gaps));
    }
    if (low > high) continue;
    const mean = parts.reduce((sum, { item }) => sum + (x[item] ?? 0), 0) / parts.length;
    for (const { item } of parts) x[item] = Math.min(high, Math.max(low, mean));
  }
}
