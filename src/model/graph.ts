// A graph as any GraphDef gives it, and one level of its scope tree as a diagram shows it.

import type { Change } from "./graphChanges";

/** One operation. Inputs are in TensorFlow's notation: `name`, `name:1`, `^name` for control. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly device: string;
  /** Attributes as short text, for cards; big values only as their size. */
  readonly attrs: ReadonlyMap<string, string>;
  /** Shapes of the outputs where the graph tells (`_output_shapes` or `shape`); -1 is unknown. */
  readonly shapes: readonly (readonly number[])[];
  /** Functions of the library that it runs, by the attribute that names them; "" where its type is the function. */
  readonly calls?: readonly (readonly [attribute: string, functionName: string])[];
}

/** A whole graph; `functions` counts the library's functions. */
export interface GraphModel {
  readonly nodes: readonly GraphNode[];
  readonly functions: number;
  /** The functions, where the file holds their bodies. */
  readonly library?: readonly GraphFunction[];
}

/** A function of a graph. Inputs of its operations are `argument`, `operation:output name:number`, or `^operation`. */
export interface GraphFunction {
  readonly name: string;
  readonly arguments: readonly { readonly name: string; readonly dtype?: string }[];
  /** The tensors that it gives back, written as inputs. */
  readonly results: readonly string[];
  readonly nodes: readonly GraphNode[];
}

/** The answer of `trainscope graph --json`. */
export interface GraphSummary {
  readonly nodes: number;
  readonly scopes: readonly ScopeSummary[];
  readonly edges: { readonly data: number; readonly control: number };
  readonly crossScope: readonly { readonly from: string; readonly to: string; readonly tensors: number }[];
  readonly ops: Readonly<Record<string, number>>;
  readonly functions: number;
  readonly variables: number;
}

/** A name scope with the number of operations in and below it; `children` down to the depth asked for. */
export interface ScopeSummary {
  readonly name: string;
  readonly nodes: number;
  readonly children?: readonly ScopeSummary[];
}

/** A box of the diagram. `name` is the full name; `label` its last part. */
export interface LevelNode {
  readonly name: string;
  readonly label: string;
  readonly kind: "scope" | "operation" | "variable" | "variables" | "group" | "constant";
  /** Operation type, for anything but a scope. */
  readonly op?: string;
  /** Operations inside, itself included. */
  readonly ops: number;
  readonly variables: number;
  readonly parameters: number;
  /** First output's shape as text, such as `1×32×32×3`. */
  readonly shape?: string;
  /** Scopes of variables that this box reads or updates. */
  readonly reads: readonly string[];
  readonly updates: readonly string[];
  /** Boxes of equal structure on this level share a letter. */
  readonly alike?: string;
  /** Not on the way to the operation that each step fetches: drawn in the aside column. */
  readonly aside?: string;
  /** What the operations inside tell of its purpose: an optimizer's name, a queue, or that each step ends here. */
  readonly note?: string;
  /** Boxes aside of equal structure share this word. */
  readonly series?: string;
  /** Scalar constants that this operation takes, written in it: `× 0.6`. */
  readonly constants?: readonly string[];
  /** A constant that only one operation of the level takes, or only scalars' readers: it is written there, not drawn. */
  readonly inReader?: boolean;
  /** Name of the function whose body this scope shows. */
  readonly function?: string;
  /** The graph does not hold it, though something takes it as an input. */
  readonly missing?: boolean;
  /** In a drawing of two graphs: what happened to it, and its name in the earlier graph where that is another. */
  readonly change?: Change;
  readonly was?: string;
}

/** An arrow of the diagram: all edges between two boxes, bundled. */
export interface LevelEdge {
  readonly from: string;
  readonly to: string;
  /** 0 for a pure control edge. */
  readonly tensors: number;
  readonly control: boolean;
  /** Carries values of variables. */
  readonly variables: boolean;
  readonly shape?: string;
  /** Which tensor it is, by TensorFlow's name, where there is but one: edges of one box with the same tensor carry the same value. */
  readonly tensor?: string;
  /** Type of its elements, where the operation tells. */
  readonly dtype?: string;
  /** In a drawing of two graphs: only one of them has it. */
  readonly change?: "added" | "removed";
}

/** One scope, opened. */
export interface GraphLevel {
  /** Full name without the trailing slash; empty for the whole graph. */
  readonly scope: string;
  readonly nodes: readonly LevelNode[];
  readonly edges: readonly LevelEdge[];
  /** Boxes of this level that are left out, being the last of very many. */
  readonly left?: number;
  /** What each step brings in from outside (`from` is the scope itself) and takes out (`to` is), gradients and variables left out. */
  readonly entering: readonly LevelEdge[];
  readonly leaving: readonly LevelEdge[];
  /** Operations inside, at any depth, that do not run in each step, counted by what they are for. */
  readonly resting: readonly RestingPart[];
}

/** A kind of operations that a training step does not run. */
export interface RestingPart {
  readonly word: "slots" | "init" | "summaries" | "saving" | "not in each step";
  readonly ops: number;
}

/** The facts of one box for its card. */
export interface NodeFacts {
  readonly name: string;
  readonly kind: LevelNode["kind"];
  readonly op?: string;
  readonly ops: number;
  readonly variables: number;
  readonly parameters: number;
  readonly device?: string;
  readonly attrs: readonly (readonly [string, string])[];
  /** As of LevelNode. */
  readonly function?: string;
  readonly missing?: boolean;
  readonly inputs: readonly NodeLink[];
  readonly outputs: readonly NodeLink[];
  readonly controlInputs: readonly NodeLink[];
  /** The script's line that made it, where the graph tells. */
  readonly source?: SourceLocation;
}

/** A line of a script; lines count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
}

/** What one line of a script has made. */
export interface SourceLine {
  readonly line: number;
  readonly ops: number;
  /** The scope around all of it, or the boxes of the whole graph that hold it. */
  readonly places: readonly string[];
  /** Places beyond those named. */
  readonly more: number;
}

/** A script that a graph names. */
export interface SourceFile {
  readonly file: string;
  readonly lines: readonly SourceLine[];
}

/** A tag that a graph records, and the operation (as a level shows it) whose value it is. */
export interface SummaryTag {
  readonly tag: string;
  readonly node: string;
  readonly scalar: boolean;
}

/** A variable of a graph. `stored` is its name in a checkpoint. */
export interface GraphVariable {
  readonly name: string;
  readonly stored: string;
  /** 0 where the shape is not known. */
  readonly elements: number;
  readonly shape?: string;
}

/** The variables of a box; not `inside` where it only reads them. */
export interface BoxVariables {
  readonly variables: readonly GraphVariable[];
  readonly inside: boolean;
}

/** The far end of a bundled edge. */
export interface NodeLink {
  readonly name: string;
  readonly shape?: string;
  readonly tensors: number;
}

/** What of another view leads to a box: a tag, or a variable by its name in a checkpoint. */
export type GraphTie = { readonly tag: string } | { readonly variable: string };
