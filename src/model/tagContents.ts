// What tags other than scalars hold, as their last value in a run tells it.
import type { Step } from "./run";

/** A curve of precision against recall: one column per threshold, from 0 on. The columns have equal length. */
export interface PrCurve {
  readonly step: Step;
  readonly thresholds: readonly number[];
  readonly truePositives: readonly number[];
  readonly falsePositives: readonly number[];
  readonly trueNegatives: readonly number[];
  readonly falseNegatives: readonly number[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

/** What one tag holds of a mesh. */
export type MeshContent = "vertices" | "faces" | "colors" | "undefined";

/** One of the tags that a mesh is written under. */
export interface MeshPart {
  /** Of the mesh, as the program calls it. */
  readonly name: string;
  readonly content: MeshContent;
  /** Batch, number of vertices or faces, and 3. */
  readonly shape: readonly number[];
  /** What the mesh has; each has a tag of its own. */
  readonly components: readonly MeshContent[];
  /** Settings of the scene, JSON, as the program gave them. */
  readonly config?: string;
}
