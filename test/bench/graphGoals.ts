// The goals of the graph view: the first picture of a large graph, and one scope more, against dagre on the same machine.
import type { Goal, Side } from "./goals";

const nothing = { path: "", count: 0 };
const large: Side = { title: "20 000 operations", variant: "graphFirstPicture", arguments: () => ({ path: "", count: 20_000 }) };
const small: Side = { title: "1000 operations", variant: "graphFirstPicture", arguments: () => ({ path: "", count: 1000 }) };

/** The goals of the graph's analysis and layout. Bytes are decoded before. */
export const graphGoals: readonly Goal[] = [
  {
    name: "P13", title: "from operations to the first picture, 20 000 of them; times the same for 1000",
    ours: large, peer: small, unit: "ms", ratio: (ours, peer) => ours / peer, better: "less", gate: 12, target: 8,
  },
  {
    name: "P13", title: "first picture of 20 000 operations; times faster than dagre lays out all of 1000",
    ours: large, peer: { title: "dagre, 1000 operations", variant: "dagreWhole", arguments: () => ({ path: "", count: 1000 }) },
    unit: "ms", ratio: (ours, peer) => peer / ours, better: "more", gate: 50, target: 150, rounds: 1,
  },
  {
    name: "P13", title: "laying out a level of 100 boxes; share of dagre's time for it",
    ours: { title: "our layout", variant: "graphExpand", arguments: () => nothing }, peer: { title: "dagre", variant: "dagreLevel", arguments: () => nothing },
    unit: "ms", ratio: (ours, peer) => ours / peer, better: "less", gate: 2, target: 1.2, equal: true,
  },
];
