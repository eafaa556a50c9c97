// What a person can do in the graph view; main carries it out.
import type { ViewCommand } from "#protocol/viewsApi";

export interface Actions {
  select(name: string | undefined): void;
  /** Selects a box wherever it is and moves the view to it. */
  reveal(name: string): void;
  expand(scope: string, open: boolean): void;
  hoverEdge(edge: string | undefined): void;
  search(text: string): void;
  /** Reads every scope, so that a search is complete. */
  index(): void;
  panel(panel: "card" | "aside" | "tree", open: boolean): void;
  goToSource(source: { readonly file: string; readonly line: number }): void;
  command(id: ViewCommand): void;
}
