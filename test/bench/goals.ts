// What is measured, against what, and what counts as reached: a gate may fail a run, a target is what we aim at.
import { join } from "node:path";
import type { VariantArguments } from "./measured";

/** The data of one benchmark run. */
export interface BenchData {
  readonly dir: string;
  readonly points: number;
  readonly eventFile: string;
  readonly checkpointBytes: number;
  readonly checkpoint: string;
  /** As large, with the same names and other values. */
  readonly laterCheckpoint: string;
  readonly tensors: number;
  readonly index: string;
}

/** One side of a comparison. */
export interface Side {
  readonly title: string;
  readonly variant: string;
  readonly arguments: (data: BenchData) => VariantArguments;
}

/** `ratio` is made of our median and the peer's, and of the bytes or points of the data where there is no peer. */
export interface Goal {
  readonly name: string;
  readonly title: string;
  readonly ours: Side;
  readonly peer?: Side;
  readonly unit: "s" | "ms" | "MB" | "%";
  readonly ratio: (ours: number, peer: number, data: BenchData) => number;
  readonly better: "more" | "less";
  readonly gate: number;
  readonly target: number;
  /** Results of both sides are equal. */
  readonly equal?: boolean;
  /** Results of all turns are JSON lists of numbers that are relatively as close as this. */
  readonly tolerance?: number;
  /** A package without which it is not measured. */
  readonly needs?: string;
  /** Where one turn is like the other. */
  readonly rounds?: number;
  /** Only with caches dropped before each turn. */
  readonly cold?: boolean;
}

/** Tensors of the two checkpoints that are verified and compared. */
export const comparedTensors = 40;

const eventFile = ({ eventFile: path, points }: BenchData): VariantArguments => ({ path, count: points });
const checkpoint = ({ checkpoint: path, tensors }: BenchData): VariantArguments => ({ path, count: tensors });
const index = ({ index: path, tensors }: BenchData): VariantArguments => ({ path, count: tensors });
const bursts = ({ dir: path, points }: BenchData): VariantArguments => ({ path, count: points > 1e6 ? 300 : 100 });

const load: Side = { title: "the reader", variant: "readerLoad", arguments: eventFile };
const verify: Side = { title: "verifying", variant: "verifyCheckpoint", arguments: checkpoint };
const read: Side = { title: "reading with one buffer", variant: "sequentialRead", arguments: checkpoint };
/** Of a column: step and wall time as float64, value as float32. */
const pointBytes = 20;

/** The goals of the event and checkpoint readers. */
export const goals: readonly Goal[] = [
  {
    name: "P1", title: "loading an event file, all checksums, all points; times faster than protobufjs without checksums",
    ours: load, peer: { title: "protobufjs", variant: "protobufjsLoad", arguments: eventFile },
    unit: "s", ratio: (ours, peer) => peer / ours, better: "more", gate: 5, target: 8, equal: true,
  },
  {
    name: "P1", title: "the same; times faster than pbf without checksums",
    ours: load, peer: { title: "pbf", variant: "pbfLoad", arguments: eventFile },
    unit: "s", ratio: (ours, peer) => peer / ours, better: "more", gate: 2.5, target: 4, equal: true,
  },
  {
    name: "P2", title: "the same; share of a pass that only reads and compares checksums",
    ours: load, peer: { title: "checksums only", variant: "checksumPass", arguments: eventFile },
    unit: "s", ratio: (ours, peer) => ours / peer, better: "less", gate: 2.5, target: 1.7,
  },
  {
    name: "P4", title: "reading on when an open run grows by 1 %; share of the first reading",
    ours: { title: "1 % more", variant: "growByOnePercent", arguments: eventFile },
    unit: "%", ratio: (ours) => ours, better: "less", gate: 0.03, target: 0.015,
  },
  {
    name: "P4", title: "written until read, 95 % of bursts; times that of a bare watch and loop",
    ours: { title: "the reader", variant: "followLatency", arguments: bursts },
    peer: { title: "watch and loop", variant: "bareFollow", arguments: bursts },
    unit: "ms", ratio: (ours, peer) => ours / peer, better: "less", gate: 5, target: 3,
  },
  {
    name: "P5", title: "memory of the loaded points; times the 20 bytes of a point's columns",
    ours: { title: "growth", variant: "readerMemory", arguments: eventFile },
    unit: "MB", ratio: (ours, _, { points }) => ours / (points * pointBytes), better: "less", gate: 2, target: 1.4,
  },
  {
    name: "P8", title: "verifying a checkpoint, warm; share of a plain read's speed",
    ours: verify, peer: read, unit: "ms", ratio: (ours, peer) => peer / ours, better: "more", gate: 0.12, target: 0.18, equal: true,
  },
  {
    name: "P8", title: "verifying a checkpoint, cold; share of a plain read's speed",
    ours: verify, peer: read, unit: "ms", ratio: (ours, peer) => peer / ours, better: "more", gate: 0.45, target: 0.65, equal: true, cold: true,
  },
  {
    name: "DIFF", title: "comparing two checkpoints of the size of P8; most memory of the process",
    ours: { title: "the comparison", variant: "compareCheckpoints", arguments: ({ checkpoint: from, laterCheckpoint: to }) => ({ path: `${from}\n${to}`, count: comparedTensors }) },
    unit: "MB", ratio: (ours) => ours / 1e6, better: "less", gate: 200, target: 150, rounds: 1,
  },
  {
    name: "P9", title: "listing 10 000 tensors out of an index; times JSON.parse of the same table",
    ours: { title: "the index", variant: "listIndex", arguments: index },
    peer: { title: "JSON.parse", variant: "jsonIndex", arguments: index },
    unit: "ms", ratio: (ours, peer) => ours / peer, better: "less", gate: 1.5, target: 1, equal: true,
  },
  {
    name: "IDLE", title: "following 1000 runs of which none grows, for half a minute; share of one processor",
    ours: { title: "processor", variant: "idleFollowing", arguments: ({ dir }) => ({ path: join(dir, "idle"), count: 1000 }) },
    unit: "%", ratio: (ours) => ours, better: "less", gate: 0.05, target: 0.01, rounds: 1,
  },
];
