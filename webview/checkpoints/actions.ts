// What a person can do in the checkpoint browser; main carries it out.
import type { RetentionPolicy } from "#model/run";
import type { ViewCommand } from "#protocol/viewsApi";

export interface Actions {
  simulate(policy: RetentionPolicy | undefined): void;
  select(prefix: string): void;
  verify(prefix: string): void;
  filter(text: string): void;
  toggleScope(scope: string): void;
  showVariables(open: boolean): void;
  planRestore(prefix: string): void;
  restore(prefix: string): void;
  /** The rule's plan, or one checkpoint's. */
  planPrune(prefix?: string): void;
  prune(): void;
  tick(prefix: string, ticked: boolean): void;
  closeSheet(): void;
  undo(trash: string): void;
  emptyTrash(): void;
  dismiss(): void;
  command(id: ViewCommand): void;
}
