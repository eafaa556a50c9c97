// What crosses between the host and the graph view. The view pulls what it shows; the host tells what a training tells of itself.
import type { VariableStatistics } from "#model/checkpointLook";
import type { NonFiniteSearch, StepTimes } from "#model/diagnosis";
import type { GraphLevel, GraphVariable, NodeFacts, SourceLocation, SummaryTag } from "#model/graph";
import type { GraphChanges } from "#model/graphChanges";
import type { GraphMatches, GraphOddity, GraphPath, GraphSearch } from "#model/graphSearch";
import type { Step, Tag } from "#model/run";
import type { StepValue } from "#model/scalars";
import type { ViewAsks } from "./viewsApi";

/** Names in one ask: variables of a card, tags of badges. */
export const mostNames = 1000;

/** The graph view asks. Names are those that levels show. */
export interface GraphAsks extends ViewAsks {
  open(argument: Record<string, never>): Promise<GraphOpened>;
  level(argument: { readonly scope: string }): Promise<GraphLevel>;
  node(argument: { readonly name: string }): Promise<NodeFacts>;
  search(argument: GraphSearch): Promise<GraphMatches>;
  /** The shortest path between two boxes, whether drawn or not. */
  path(argument: { readonly from: string; readonly to: string }): Promise<GraphPath>;
  oddities(argument: Record<string, never>): Promise<readonly GraphOddity[]>;
  /** What differs between two graphs; undefined where only one is shown. */
  changes(argument: Record<string, never>): Promise<GraphChanges | undefined>;
  /** What a box has of variables and curves. */
  ties(argument: { readonly name: string }): Promise<BoxTies>;
  /** Figures of variables in the newest checkpoint, and their norms in the ones before; undefined where there is no checkpoint. */
  values(argument: { readonly variables: readonly string[] }): Promise<VariableValues | undefined>;
  /** The newest points of scalars. */
  badges(argument: { readonly tags: readonly Tag[] }): Promise<readonly Badge[]>;
  /** Where the time of the running training goes; measured while somebody asks every few seconds. */
  times(argument: Record<string, never>): Promise<StepTimes | undefined>;
  /** Tells the run's other views what is selected here. */
  chosen(argument: { readonly name?: string }): Promise<void>;
  /** Opens the curves or the checkpoints with what belongs to the selection. */
  showTied(argument: { readonly kind: "curves" | "checkpoints"; readonly name: string }): Promise<void>;
  /** Opens the curves with this tag. */
  showCurve(argument: { readonly tag: Tag }): Promise<void>;
  /** Shows a line of the training script in an editor. */
  goToSource(argument: SourceLocation): Promise<void>;
  /** Runs the training's step again with checks; answers when that is done. */
  searchNonFinite(argument: Record<string, never>): Promise<NonFiniteSearch>;
  /** Keeps which boxes a person moved, for the next time that this graph is opened. */
  keepMoves(moves: BoxMoves): Promise<void>;
  /** Asks where to, then writes the drawing; answers with the sentence about it, empty when the person left. */
  saveDrawing(drawing: SavedDrawing): Promise<{ readonly text: string }>;
}

/** What the view begins with. */
export interface GraphOpened {
  readonly title: string;
  readonly level: GraphLevel;
  readonly tags: readonly SummaryTag[];
  readonly life: GraphLife;
  /** It comes out of a file: there are no curves and no checkpoints to go to. */
  readonly file?: true;
  /** As they were kept, if ever. */
  readonly moves?: BoxMoves;
  /** The page shows two graphs in one: what the first of these became in the second. */
  readonly comparing?: { readonly before: string; readonly after: string };
}

/** Boxes that a person moved out of the aside column, and into it. */
export interface BoxMoves {
  readonly broughtIn: readonly string[];
  readonly sentAside: readonly string[];
}

/** What a training tells of itself beside its graph. */
export interface GraphLife {
  readonly running: boolean;
  /** The latest search, of a running or an ended training. */
  readonly nonFinite?: NonFiniteSearch;
  /** A scalar that has recorded NaN or ∞. */
  readonly brokenTag?: Tag;
  /** When the list of checkpoints was last written: with a later time there are other values to read. */
  readonly savedSeconds?: number;
}

/** What other views have of a box. */
export interface BoxTies {
  readonly name: string;
  /** Tags of its operations' values, and tags below its name. */
  readonly tags: readonly Tag[];
  /** Largest first. */
  readonly variables: readonly GraphVariable[];
  /** False where it only reads them. */
  readonly inside: boolean;
}

/** Variables in a run's checkpoints. */
export interface VariableValues {
  /** The newest checkpoint that can be read. */
  readonly prefix: string;
  readonly step?: Step;
  /** By their stored names; what the checkpoint does not hold is left out. */
  readonly variables: readonly VariableStatistics[];
  /** Norms in the order of `variables`, oldest checkpoint first. */
  readonly history: readonly { readonly step?: Step; readonly norms: readonly (number | undefined)[] }[];
}

/** The course of a scalar in a few points; a first value that is not finite ends it. */
export interface Badge {
  readonly tag: Tag;
  readonly y: Float64Array;
  readonly last?: StepValue;
  readonly broken: boolean;
}

/** A drawing as text (SVG, DOT) or bytes (PNG). */
export type SavedDrawing =
  | { readonly kind: "svg" | "dot"; readonly name: string; readonly text: string }
  | { readonly kind: "png"; readonly name: string; readonly bytes: Uint8Array };

/** The host tells the graph view. */
export interface GraphTells {
  graphChanged(argument: Record<string, never>): void;
  /** The training began or ended, or a value broke. */
  lifeChanged(life: GraphLife): void;
  /** New points are there, and badges may be asked for. */
  seriesChanged(argument: Record<string, never>): void;
  /** Shows a box, wherever it is. */
  reveal(argument: { readonly name: string }): void;
}
