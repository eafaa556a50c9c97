// What a person can do in the graph view; main carries it out.
import type { SourceLocation } from "#model/graph";
import type { Change } from "#model/graphChanges";
import type { Tag } from "#model/run";
import type { ViewCommand } from "#protocol/viewsApi";
import type { Panel } from "./state";

export interface Actions {
  select(name: string | undefined): void;
  /** Selects a box that keys pass; it ends no path that was begun. */
  walkTo(name: string): void;
  /** Selects a box wherever it is and moves the view to it. */
  reveal(name: string): void;
  expand(scope: string, open: boolean): void;
  /** Shows the boxes of a series one by one. */
  unfold(names: readonly string[]): void;
  /** Moves boxes aside, or into the drawing. */
  aside(names: readonly string[], aside: boolean): void;
  /** Brings what of a scope does not run in each step into the drawing, or puts it aside again. */
  bringAside(scope: string): void;
  hoverEdge(edge: string | undefined): void;
  search(text: string): void;
  /** Shows the first match as soon as it is known; true when there was one. */
  revealFirst(): Promise<boolean>;
  /** The next matches of the search. */
  findMore(): void;
  /** Begins a path at a box, or ends the one that was begun there; without a name none is sought any more. */
  seekPath(name: string | undefined): void;
  /** Shows or hides boxes and edges that came, went or changed, where two graphs are drawn. */
  showChanges(kind: Change, shown: boolean): void;
  panel(panel: Panel, open: boolean): void;
  goToSource(source: SourceLocation): void;
  /** Opens the run's curves or checkpoints with what belongs to a box. */
  showTied(kind: "curves" | "checkpoints", name: string): void;
  /** Colours boxes by their share of the time, or no longer. */
  colourByTime(on: boolean): void;
  searchNonFinite(): void;
  /** Draws a level although it has very many boxes. */
  drawAnyway(scope: string): void;
  closeBanner(): void;
  /** Opens the run's curves with one of its tags. */
  showCurve(tag: Tag): void;
  save(kind: "svg" | "png" | "dot"): void;
  command(id: ViewCommand): void;
}
