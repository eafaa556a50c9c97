// What stands behind the checkpoints page: the list and the details out of the reader, changes through the host.
import { join } from "node:path";
import * as vscode from "vscode";
import { Lifetime } from "#base/lifetime";
import type { Checkpoints } from "#host/checkpoints/checkpoints";
import type { RestoreWatch } from "#host/checkpoints/watched";
import { openChannel } from "#protocol/channel";
import type { BoxTies } from "#protocol/graphViewApi";
import { checkpointsChecks } from "#protocol/viewChecks";
import type { CheckpointsAsks, CheckpointsTells, HostSide, ScopeVariables, ViewSide } from "#protocol/viewsApi";
import { chooseMetric } from "../checkpoints/chooseMetric";
import { checkpointEditors } from "../manifest";
import { throttled } from "../throttle";
import { showInGraph } from "./graphTies";
import { runOf, type PanelParts } from "./panelParts";
import type { PageIntent, PanelServer } from "./panelServer";

const runMs = 1000;

/** Answers checkpoints pages and the comparisons beside them. */
export function checkpointsServer(parts: PanelParts): PanelServer {
  return ({ pipe, dir, visible }) => {
    const { runs, checkpoints, checkpointsOf, scopes } = parts;
    const life = new Lifetime();
    let intent: PageIntent | undefined;
    let opened = false;
    const tellIntent = (): void => {
      const wanted = intent;
      intent = undefined;
      opened = true;
      channel.tell.scopeChosen(chosenVariables(scopes.get(dir)));
      if (wanted?.kind === "prune") channel.tell.showPrune(wanted.prefix === undefined ? {} : { prefix: wanted.prefix });
      else if (wanted?.kind === "compare") channel.tell.showCompare({ ...(wanted.prefix !== undefined && { prefix: wanted.prefix }), ...(wanted.other !== undefined && { other: wanted.other }) });
      else if (wanted?.kind === "restore") channel.tell.showRestore({ prefix: wanted.prefix, branch: wanted.branch });
      else if (wanted?.kind === "show") channel.tell.show({ prefix: wanted.prefix });
    };
    const restores = new Map<string, AbortController>();
    const watchedBy = async <T>(task: string | undefined, restore: (watch: RestoreWatch) => Promise<T>): Promise<T> => {
      if (task === undefined) return restore({});
      const abort = new AbortController();
      restores.set(task, abort);
      const progressed = (doneBytes: number, totalBytes: number): void => channel.tell.taskProgressed({ task, doneBytes, totalBytes });
      return restore({ signal: abort.signal, progressed }).finally(() => restores.delete(task));
    };
    // While someone looks, the events stay read: the metric of a new checkpoint costs no reading from the start.
    life.own(parts.reader.follow(dir));
    const asks: CheckpointsAsks = {
      open: async ({ policy, metric = {}, afterRestore, filesOnly }) => {
        const nowSeconds = Date.now() / 1000;
        const thought = afterRestore === undefined ? {} : { afterRestore: { prefix: afterRestore, stepNow: runs.get(dir)?.progress?.step } };
        const list = await checkpointsOf(dir).list({ toTheEnd: true, ...(!filesOnly && { metric }), ...(policy && { policy }), ...thought });
        // What somebody wants shown is told once the page has what it shows.
        setTimeout(tellIntent);
        return { ...list, run: await runOf(parts, dir), nowSeconds, mayChange: vscode.workspace.isTrusted };
      },
      ...looksInto(checkpointsOf(dir)),
      openCompare: async (pair) => checkpoints.openCompare(dir, { kind: "compare", ...pair }),
      cancelTask: async ({ task }) => {
        restores.get(task)?.abort();
        parts.reader.cancelTask(task);
      },
      preflight: ({ prefix, choice }) => checkpointsOf(dir).preflight(prefix, choice),
      restore: async ({ task, ...wish }) => ({ text: await watchedBy(task, (watch) => checkpoints.restoreNow(dir, { ...wish, watch })) }),
      undoRestore: async ({ task }) => ({ text: await watchedBy(task, (watch) => checkpoints.undoRestoreNow(dir, watch)) }),
      planPrune: (wish) => checkpointsOf(dir).planPrune(wish),
      endSums: (wish) => checkpointsOf(dir).endSums(wish),
      prune: (plan) => checkpoints.pruneNow(dir, plan),
      undoPrune: ({ trash }) => checkpoints.undoNow(dir, trash),
      change: (act) => checkpoints.changeNow(dir, act),
      emptyTrash: async () => ({ emptied: await checkpoints.emptyTrashAsking(dir) }),
      chooseMetric: ({ tag }) => chooseMetric(parts, dir, tag),
      focused: async ({ prefix, other }) => checkpoints.focus(prefix === undefined ? undefined : { dir, prefix, ...(other !== undefined && { other }) }),
      exportVariables: ({ prefix, name }) => checkpoints.exporting.exportSaying(join(dir, prefix), name),
      showInGraph: ({ variable }) => showInGraph(parts, dir, { variable }),
      openFile: async ({ prefix }) => void (await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(join(dir, `${prefix}.index`)), checkpointEditors[0])),
      showSource: async () => void (await vscode.window.showTextDocument(vscode.Uri.file(join(dir, "run.json")))),
      manageTrust: async () => void (await vscode.commands.executeCommand("workbench.trust.manage")),
      command: ({ id, prefix }) => parts.command(id, dir, prefix),
    };
    const channel = life.own(openChannel<HostSide<CheckpointsAsks>, ViewSide<CheckpointsTells>>(pipe, { asks, tells: {} }, checkpointsChecks));
    life.own(parts.reader.onTaskProgressed((progress) => channel.tell.taskProgressed(progress)));
    const tellRun = life.own(
      throttled(runMs, () => {
        if (visible()) channel.tell.runChanged({});
      }),
    );
    life.own(runs.onDidChange((changed) => (changed === undefined || changed === dir) && tellRun()));
    life.own(scopes.onDidChange((choice) => choice.dir === dir && visible() && channel.tell.scopeChosen(chosenVariables(choice.ties))));
    return {
      nudge: () => channel.tell.runChanged({}),
      show: (wanted) => {
        intent = wanted;
        // A page that is hidden or still loading asks first, and is told then.
        if (opened && visible()) tellIntent();
        else opened = false;
      },
      dispose: () => life.dispose(),
    };
  };
}

/** The asks that look into the bytes of the run's checkpoints. */
function looksInto(checkpoints: Checkpoints): Pick<CheckpointsAsks, "inspect" | "statistics" | "slice" | "difference" | "pairFigures" | "changeMap"> {
  return {
    inspect: ({ prefix, verify, task }) => checkpoints.inspect(prefix, verify, task),
    statistics: (wish) => checkpoints.statistics(wish),
    slice: (wish) => checkpoints.slice(wish),
    difference: (wish) => checkpoints.difference(wish),
    pairFigures: (wish) => checkpoints.pairFigures(wish),
    changeMap: (wish) => checkpoints.changeMap(wish),
  };
}

/** A scope that holds no variables chooses none of them: all stay shown. */
function chosenVariables(ties: BoxTies | undefined): ScopeVariables {
  const variables = ties?.variables.map(({ stored }) => stored) ?? [];
  return ties && variables.length > 0 ? { name: ties.name, variables: ties.inside ? [ties.name, ...variables] : variables } : { variables: [] };
}
