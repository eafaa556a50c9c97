// What is found in a graph: matches of a search, a path between two boxes, and what is odd about the whole.
import type { LevelNode } from "./graph";

/** A search. Every word must occur in a name, type, shape, element type or device; `type:conv` looks in one of them only. */
export interface GraphSearch {
  readonly text: string;
  /** Which of the matches are wanted: so many, from this one on. */
  readonly from: number;
  readonly count: number;
  /** Names of closed boxes of the drawing. */
  readonly within: readonly string[];
}

/** One match, by the name under which a level shows it. */
export interface GraphMatch {
  readonly name: string;
  readonly kind: LevelNode["kind"];
  readonly op?: string;
  readonly shape?: string;
  readonly device?: string;
  /** Operations inside, itself included. */
  readonly ops: number;
}

/** All matches are counted, the wanted ones listed: those whose own name fits best first. */
export interface GraphMatches {
  readonly total: number;
  readonly matches: readonly GraphMatch[];
  /** By closed box: how many matches it hides. Boxes without any are left out. */
  readonly inside: readonly (readonly [name: string, matches: number])[];
}

/** One operation of a path, and the edge that leads to it from the one before. */
export interface PathStep {
  readonly name: string;
  /** `queue`: through a queue, to what takes out of it. The first step has none. */
  readonly by?: "data" | "control" | "queue";
  /** Of the tensor that leads here. */
  readonly shape?: string;
}

/** The shortest path between two boxes: along tensors, and only where there is none along control edges too. */
export type GraphPath =
  | {
      readonly found: true;
      /** It leads from the second to the first. */
      readonly reversed: boolean;
      /** It needs control edges. */
      readonly control: boolean;
      readonly steps: readonly PathStep[];
    }
  | { readonly found: false; readonly why: string };

/** Something of a graph that TensorFlow would not write, or that a reader should know. */
export interface GraphOddity {
  readonly kind: "cycle" | "missingInput" | "duplicateName" | "longName" | "deepName" | "emptyName" | "unseenCharacter" | "unopenedFunction";
  /** A sentence. */
  readonly text: string;
  /** Boxes to go to, the first few of them. */
  readonly names: readonly string[];
  readonly count: number;
}
