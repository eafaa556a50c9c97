// What a person can do in the checkpoint browser; main carries it out.
import type { PrunePlan, RestoreChoice } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import type { ViewCommand } from "#protocol/viewsApi";
import type { MarkKind } from "#kit/marks";
import type { SortColumn } from "./rows";
import type { RestoreSheet } from "./state";
import type { TimeRange } from "./strip";
import type { TreeActions } from "./tree";
import type { ValuesActions } from "./values";

export interface Actions extends TreeActions, ValuesActions {
  simulate(policy: RetentionPolicy | undefined): void;
  select(prefix: string): void;
  /** Focuses a checkpoint's row. */
  reveal(prefix: string): void;
  /** The coming save under pointer or keys. */
  ghost(save?: number): void;
  zoom(range?: TimeRange): void;
  /** Scrolls the first saves to come out, and stands on one of the others. */
  skip(saves: number, ghost: number): void;
  sort(column: SortColumn): void;
  showOnly(mark?: MarkKind): void;
  sizeDetails(share: number): void;
  /** Has the person choose the scalar that stands beside the checkpoints. */
  chooseMetric(): void;
  /** Does not wait for the metric any longer. */
  giveUpMetric(): void;
  /** The row that has the focus, told to the host for its keys. */
  focus(prefix: string | undefined): void;
  /** Writes all variables, or one, to a file: what, in which form and where to is asked. */
  exportVariables(prefix: string, name?: string): void;
  /** Opens a checkpoint in an editor of its own. */
  openFile(prefix: string): void;
  /** Opens the file in which the policy stands. */
  showSource(): void;
  manageTrust(): void;
  verify(prefix: string): void;
  /** Figures of all variables of a checkpoint. */
  readStatistics(prefix: string): void;
  cancelTask(id: string): void;
  /** Shows a variable as a box of the run's graph. */
  showInGraph(variable: string): void;
  /** Compares two checkpoints in a tab of its own: one with another, or with the one saved before it. */
  compare(prefix?: string, other?: string): void;
  showVariables(open: boolean): void;
  planRestore(prefix: string): void;
  /** Names the new run that the restore goes into; in place where left out. */
  branch(name?: string): void;
  /** Chooses what of the checkpoint is restored; the preflight is made anew for it. */
  choose(choice: RestoreChoice): void;
  restore(sheet: RestoreSheet): void;
  undoRestore(): void;
  /** The rule's plan, or one checkpoint's. */
  planPrune(prefix?: string): void;
  prune(): void;
  tick(prefixes: readonly string[], ticked: boolean): void;
  closeSheet(): void;
  /** Tries once more to move what stayed behind. */
  retryPrune(plan: PrunePlan): void;
  undo(trash: string): void;
  emptyTrash(): void;
  dismiss(): void;
  command(id: ViewCommand, prefix?: string): void;
  protect(prefix: string, on: boolean): void;
  /** Writes the policy that is tried out to where the run's own stands. */
  writePolicy(): void;
  /** Whether the prune that is planned writes the policy too. */
  writeWithPrune(write: boolean): void;
  /** A restore can no longer be undone. */
  dismissUndo(): void;
}
