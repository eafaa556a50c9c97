// What stands behind the curves page: the runs it shows, cuts of their curves out of the reader, and a word when there is more to ask for.
import { basename } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import { Lifetime } from "#base/lifetime";
import { openChannel } from "#protocol/channel";
import type { CurvesAsks, CurvesTells } from "#protocol/curvesApi";
import { curvesChecks } from "#protocol/curvesChecks";
import type { BoxTies } from "#protocol/graphViewApi";
import type { HostSide, ViewSide } from "#protocol/viewsApi";
import { throttled } from "../throttle";
import { counted } from "../words";
import { pickRuns } from "../runs/pickRuns";
import { saveAs, showBytes } from "./curvesFiles";
import { showInGraph } from "./graphTies";
import type { PanelParts } from "./panelParts";
import type { PanelServer, PanelTask, ServedPage } from "./panelServer";
import { ServedRuns } from "./servedRuns";

/** A page asks at most ten times a second, so it hears no more often that there is news. */
const tellMs = 100;
const runMs = 1000;
const settingsKey = "curves.settings";

/** Answers curves pages. A hidden page is not told anything; it asks for everything when it is shown again. */
export function curvesServer(parts: PanelParts): PanelServer {
  return (task) => new CurvesServer(parts, task);
}

class CurvesServer implements ServedPage {
  readonly #life = new Lifetime();
  readonly #runs: ServedRuns;
  readonly #tell: { readonly scope: (ties: BoxTies | undefined) => void };

  constructor(
    private readonly parts: PanelParts,
    private readonly task: PanelTask,
  ) {
    const { pipe, visible } = task;
    const channel = this.#life.own(
      openChannel<HostSide<CurvesAsks>, ViewSide<CurvesTells>>(pipe, { asks: this.#asks(), tells: {} }, curvesChecks),
    );
    const changed = new Set<string>();
    const tellSeries = this.#life.own(
      throttled(tellMs, () => {
        const dirs = [...changed];
        changed.clear();
        if (visible()) channel.tell.seriesChanged({ changes: dirs.map((dir) => ({ dir, revision: this.#runs.revisionOf(dir) })) });
      }),
    );
    const tellNow = (): unknown => visible() && channel.tell.runChanged({});
    const tellRun = this.#life.own(throttled(runMs, tellNow));
    // The first point of a tag is to be seen as soon as any other.
    const tellTags = this.#life.own(throttled(tellMs, tellNow));
    this.#life.own(parts.runs.onScalars(({ dir, batches }) => {
      if (batches.some(({ tag }) => this.#runs.lacksTag(dir, tag))) tellTags();
    }));
    this.#runs = this.#life.own(new ServedRuns(task.dir, parts, {
      series: (dir) => {
        changed.add(dir);
        tellSeries();
      },
      run: tellRun,
    }));
    this.#tell = {
      scope: (ties) => channel.tell.scopeChosen(ties ? { name: ties.name, tags: ties.tags } : { tags: [] }),
    };
    this.#life.own(parts.scopes.onDidChange(({ dir, ties }) => dir === task.dir && visible() && this.#tell.scope(ties)));
    this.#life.own(parts.runs.onDidChange((dir) => {
      if (dir !== undefined && !this.#runs.has(dir)) return;
      this.#runs.forget(dir);
      tellRun();
    }));
    this.#life.own(parts.shown.onDidChange(tellNow));
    this.nudge = () => {
      this.#runs.forget();
      channel.tell.runChanged({});
    };
  }

  readonly nudge: () => void;

  dispose(): void {
    this.#life.dispose();
  }

  #asks(): CurvesAsks {
    const { parts } = this;
    const { reader, shown, memory, checkpoints } = parts;
    const inView = <Request extends { readonly dir: string }>(request: Request): Request => {
      if (!this.#runs.has(request.dir)) throw new UserError(`${basename(request.dir)} is not shown here.`);
      return request;
    };
    return {
      open: async (request) => {
        // What is chosen in the graph is told once the page knows its tags.
        if (request.from === 0) setTimeout(() => this.#tell.scope(parts.scopes.get(this.task.dir)));
        return { own: this.task.dir, ...(await this.#runs.next(request)), known: parts.runs.all.length, settings: memory.get(settingsKey, ""), mayChange: vscode.workspace.isTrusted };
      },
      slices: ({ requests }) => reader.ask.slices({ requests: requests.map(inView) }),
      groupSlices: ({ requests }) => {
        for (const { dirs } of requests) for (const dir of dirs) inView({ dir });
        return reader.ask.groupSlices({ requests });
      },
      summaries: ({ requests }) => reader.ask.summaries({ requests: requests.map(inView) }),
      pointsNear: ({ requests }) => reader.ask.pointsNear({ requests: requests.map(inView) }),
      planRestore: async ({ dir, prefix, branch }) => checkpoints.planRestore(inView({ dir }).dir, { prefix, branch }),
      pickRuns: async () => {
        const own = parts.runs.get(this.task.dir);
        const chosen = await pickRuns(parts.runs, { title: own ? `Runs beside ${own.name}` : "Runs in the curves", chosen: this.#runs.dirs, without: own?.dir });
        if (chosen) shown.checkOnly([...(own ? [own.dir] : []), ...chosen]);
      },
      pickTags: async ({ title, tags, chosen }) => {
        const items = tags.map((tag) => ({ label: tag, picked: chosen.includes(tag) }));
        const picked = await vscode.window.showQuickPick(items, { title, placeHolder: "Tags to draw in one chart", canPickMany: true });
        return picked ? { chosen: picked.map(({ label }) => label) } : {};
      },
      dropRun: async ({ dir }) => shown.check([dir], false),
      setStyle: async ({ dir, style }) => shown.setStyle(inView({ dir }).dir, style),
      remember: async ({ settings }) => memory.update(settingsKey, settings),
      exportCurves: async ({ format, curves, superseded }) => {
        const named = curves.map((curve) => ({ ...inView(curve), run: parts.runs.get(curve.dir)?.name ?? basename(curve.dir) }));
        const shownRuns = this.#runs.dirs.length;
        const name = shownRuns > 1 ? counted(shownRuns, "run") : basename(this.task.dir);
        const text = await saveAs(this.task.dir, { name: `${name} scalars`, kind: format }, async (path) => {
          const { points } = await reader.ask.exportCurves({ path, format, curves: named, superseded });
          return counted(points, "point");
        });
        return { text };
      },
      saveImage: async ({ name, image }) => ({
        text: await saveAs(this.task.dir, { name, kind: image.kind }, async (path) => {
          const bytes = image.kind === "svg" ? new TextEncoder().encode(image.text) : image.bytes;
          await vscode.workspace.fs.writeFile(vscode.Uri.file(path), bytes);
          return "the picture";
        }),
      }),
      halt: async (request) => {
        await reader.ask.halt(inView(request));
      },
      showBytes: ({ dir, file, offset }) => showBytes(inView({ dir }).dir, file, offset),
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      showInGraph: ({ dir, tag }) => showInGraph(parts, inView({ dir }).dir, { tag }),
      command: ({ id }) => parts.command(id, this.task.dir),
      commandOn: ({ id, dir }) => parts.command(id, inView({ dir }).dir),
    };
  }
}
