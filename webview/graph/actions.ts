// What a person can do in the graph view; main carries it out.
import type { ViewCommand } from "#protocol/viewsApi";

export interface Actions {
  select(name: string | undefined): void;
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
  /** Reads every scope, so that a search is complete. */
  index(): void;
  panel(panel: "card" | "aside" | "tree", open: boolean): void;
  goToSource(source: { readonly file: string; readonly line: number }): void;
  /** Colours boxes by their share of the time, or no longer. */
  colourByTime(on: boolean): void;
  searchNonFinite(): void;
  closeBanner(): void;
  command(id: ViewCommand): void;
}
