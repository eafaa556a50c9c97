// Which variables of a checkpoint are shown: filter, open scopes, how far down, and the row that keys are on.
import type { ScopeVariables } from "#protocol/viewsApi";

export interface TreeView {
  readonly filter: string;
  readonly open: readonly string[];
  /** Pixels scrolled out above. */
  readonly top: number;
  /** Key of the row that is the one tab stop; the first that is drawn where left out. */
  readonly at?: string;
  /** Chosen in the run's graph: only its variables are shown. */
  readonly scope?: ScopeVariables;
  /** The scope whose variables are not shown alone any more, although it is still chosen there. */
  readonly leftScope?: string;
}

export type TreeHappening =
  | { readonly kind: "filtered"; readonly text: string }
  | { readonly kind: "scopeToggled"; readonly scope: string }
  | { readonly kind: "treeScrolled"; readonly top: number }
  | { readonly kind: "treeWalked"; readonly at: string; readonly top: number }
  | { readonly kind: "scopeChosen"; readonly scope: ScopeVariables }
  | { readonly kind: "scopeLeft" };

export const wholeTree: TreeView = { filter: "", open: [], top: 0 };

export function treeAfter(view: TreeView, happening: TreeHappening): TreeView {
  switch (happening.kind) {
    case "filtered": return { ...view, filter: happening.text };
    case "scopeToggled": {
      const { scope } = happening;
      return { ...view, open: view.open.includes(scope) ? view.open.filter((one) => one !== scope) : [...view.open, scope], at: `${scope}/` };
    }
    case "treeScrolled": return { ...view, top: happening.top };
    case "treeWalked": return { ...view, at: happening.at, top: happening.top };
    case "scopeChosen": {
      const { scope } = happening;
      return scope.name !== undefined && scope.name === view.leftScope ? view : { ...view, scope, leftScope: undefined };
    }
    case "scopeLeft": return { ...view, scope: undefined, leftScope: view.scope?.name };
  }
}

/** What can be done in it. */
export interface TreeActions {
  filter(text: string): void;
  toggleScope(scope: string): void;
  scrollTree(top: number): void;
  walkTree(at: string, top: number): void;
  /** Shows variables of other scopes again. */
  leaveScope(): void;
}

/** Its actions, each of which happens to it. */
export function treeActions(dispatch: (happening: TreeHappening) => void): TreeActions {
  return {
    filter: (text) => dispatch({ kind: "filtered", text }),
    toggleScope: (scope) => dispatch({ kind: "scopeToggled", scope }),
    scrollTree: (top) => dispatch({ kind: "treeScrolled", top }),
    leaveScope: () => dispatch({ kind: "scopeLeft" }),
    walkTree: (at, top) => dispatch({ kind: "treeWalked", at, top }),
  };
}

/** Height of a row and of the head above the rows, in pixels. */
export const rowHeight = 24;
/** Rows drawn beyond what is seen, above and below. */
const spare = 8;

/** The rows from `first` to before `last` are drawn; above and below is empty room, in pixels. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
  readonly above: number;
  readonly below: number;
}

/** Which of `count` rows are drawn in a box at most `height` pixels high that is scrolled by `top`. */
export function rowWindow(count: number, { top, height }: { readonly top: number; readonly height: number }): RowWindow {
  const seen = Math.ceil(height / rowHeight);
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), count - seen) - spare);
  const last = Math.min(count, first + seen + 2 * spare);
  return { first, last, above: first * rowHeight, below: (count - last) * rowHeight };
}
