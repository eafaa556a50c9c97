// The edges of a level as numbers, turned so that none runs in a circle, and the row of each box.

/** An edge between two boxes, by their places in the list. */
export interface FlowEdge {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Rows for `count` boxes. */
export interface Ranking {
  /** By box: its row, 0 at the top. */
  readonly rank: readonly number[];
  /** By edge: it closes a circle and was turned around to find rows. */
  readonly turned: readonly boolean[];
}

const mostPasses = 24;

/**
 * Rows in the order of execution: every edge leads at least one row down, but for those that would close a circle, which are
 * turned. Among such rows those with short edges, heavy ones first; of two equally good rows of a box the lower one, so that
 * what has a single reader stands just above it. `twins` are boxes that are to share a row where their edges let them.
 */
export function rankBoxes(count: number, edges: readonly FlowEdge[], twins: readonly (readonly number[])[] = []): Ranking {
  const turned = backEdges(count, edges);
  const flow = edges.map((edge, index): FlowEdge => (turned[index] ? { ...edge, from: edge.to, to: edge.from } : edge));
  const [into, out] = [lists(count, flow, "to"), lists(count, flow, "from")];
  const order = topological(count, into, out);
  const rank = new Array<number>(count).fill(0);
  for (const box of order) for (const { from } of into[box] ?? []) rank[box] = Math.max(rank[box] ?? 0, (rank[from] ?? 0) + 1);
  const shortening = { rank, into, out, order };
  shorten(shortening);
  if (level(shortening, twins)) pullSources(shortening);
  return { rank: withoutGaps(rank), turned };
}

function lists(count: number, flow: readonly FlowEdge[], end: "from" | "to"): FlowEdge[][] {
  const found = Array.from({ length: count }, (): FlowEdge[] => []);
  for (const edge of flow) found[edge[end]]?.push(edge);
  return found;
}

/** Edges that lead back to a box whose outputs are still being followed, from the first box on. */
function backEdges(count: number, edges: readonly FlowEdge[]): boolean[] {
  const out = Array.from({ length: count }, (): number[] => []);
  edges.forEach(({ from }, index) => out[from]?.push(index));
  const turned = edges.map(() => false);
  const state = new Uint8Array(count);
  for (let start = 0; start < count; start++) {
    if (state[start]) continue;
    const path = [{ box: start, next: 0 }];
    state[start] = 1;
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const index = out[top.box]?.[top.next++];
      if (index === undefined) {
        state[top.box] = 2;
        path.pop();
        continue;
      }
      const to = edges[index]?.to ?? -1;
      if (state[to] === 1) turned[index] = true;
      else if (state[to] === 0) {
        state[to] = 1;
        path.push({ box: to, next: 0 });
      }
    }
  }
  return turned;
}

function topological(count: number, into: readonly (readonly FlowEdge[])[], out: readonly (readonly FlowEdge[])[]): number[] {
  const waiting = into.map((list) => list.length);
  const order = Array.from({ length: count }, (_, box) => box).filter((box) => waiting[box] === 0);
  for (const box of order) {
    for (const { to } of out[box] ?? []) {
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) order.push(to);
    }
  }
  return order;
}

interface Shortening {
  readonly rank: number[];
  readonly into: readonly (readonly FlowEdge[])[];
  readonly out: readonly (readonly FlowEdge[])[];
  readonly order: readonly number[];
}

/** Moves single boxes, and boxes with all that hangs on them, towards their heavier side until nothing gets shorter. */
function shorten({ rank, into, out, order }: Shortening): void {
  const at = (box: number): number => rank[box] ?? 0;
  const weight = (list: readonly FlowEdge[] | undefined): number => (list ?? []).reduce((sum, edge) => sum + edge.weight, 0);
  for (let pass = 0, changed = true; changed && pass < mostPasses; pass++) {
    changed = false;
    for (const box of pass % 2 === 0 ? [...order].reverse() : order) {
      const [above, below] = [into[box] ?? [], out[box] ?? []];
      const [up, down] = [weight(above), weight(below)];
      const lowest = Math.min(Infinity, ...below.map(({ to }) => at(to) - 1));
      const highest = Math.max(0, ...above.map(({ from }) => at(from) + 1));
      const wanted = below.length === 0 || up > down ? highest : lowest;
      if (wanted === at(box) || (up === down && wanted < at(box))) continue;
      rank[box] = wanted;
      changed = true;
    }
  }
}

/** Moves twins down to the lowest of them; says whether any moved. */
function level({ rank, out }: Shortening, twins: readonly (readonly number[])[]): boolean {
  let moved = false;
  for (const group of twins) {
    const row = Math.max(...group.map((box) => rank[box] ?? 0));
    for (const box of group) {
      const lowest = Math.min(Infinity, ...(out[box] ?? []).map(({ to }) => (rank[to] ?? 0) - 1));
      if (rank[box] === row || lowest < row) continue;
      rank[box] = row;
      moved = true;
    }
  }
  return moved;
}

/** What nothing feeds stands just above the first that it feeds. */
function pullSources({ rank, into, out, order }: Shortening): void {
  for (const box of order) {
    if ((into[box]?.length ?? 0) > 0 || (out[box]?.length ?? 0) === 0) continue;
    rank[box] = Math.min(...(out[box] ?? []).map(({ to }) => (rank[to] ?? 0) - 1));
  }
}

function withoutGaps(rank: readonly number[]): number[] {
  const used = [...new Set(rank)].sort((one, other) => one - other);
  const row = new Map(used.map((value, index) => [value, index]));
  return rank.map((value) => row.get(value) ?? 0);
}
