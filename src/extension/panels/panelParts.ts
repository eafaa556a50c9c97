// What panels need of the rest of the extension.
import { basename } from "node:path";
import { UserError } from "#base/errors";
import type { Checkpoints } from "#host/checkpoints/checkpoints";
import type { RunInfo } from "#model/run";
import type { RunContent } from "#protocol/readerApi";
import type { ViewCommand } from "#protocol/viewsApi";
import type { CheckpointCommands } from "../checkpoints/checkpointCommands";
import type { PanelKind } from "../manifest";
import type { Reader } from "../reader";
import type { RunList } from "../runs/runList";
import type { ScopeSelection } from "../runs/scopeSelection";
import type { Memory, ShownRuns } from "../runs/shownRuns";
import type { PageIntent } from "./panelServer";

/** The parts behind every panel. */
export interface PanelParts {
  readonly reader: Reader;
  readonly runs: RunList;
  /** Which runs the curves show beside a panel's own. */
  readonly shown: ShownRuns;
  /** What of a run's graph is selected. */
  readonly scopes: ScopeSelection;
  /** Opens one of a run's views and shows something on it. */
  open(kind: PanelKind, dir: string, intent?: PageIntent): void;
  /** What this workspace remembers. */
  readonly memory: Memory;
  checkpointsOf(dir: string): Checkpoints;
  readonly checkpoints: CheckpointCommands;
  /** Runs one of our commands on a run. */
  command(id: ViewCommand, dir: string, prefix?: string): Promise<void>;
}

/** The run that a panel shows; what its event files say fills in what the list does not know. */
export async function runOf({ runs }: { readonly runs: Pick<RunList, "scanned" | "refresh" | "get"> }, dir: string, content?: RunContent): Promise<RunInfo> {
  if (!runs.scanned) await runs.refresh();
  const run = runs.get(dir);
  if (!run) throw new UserError(`The run ${basename(dir)} is not there any more.`);
  return content ? { ...run, tags: content.tags.length, lastStep: run.lastStep ?? content.lastStep } : run;
}
