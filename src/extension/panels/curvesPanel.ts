// What stands behind the curves page: the runs it shows, cuts of their curves out of the reader, and a word when there is more to ask for.
import { basename } from "node:path";
import * as vscode from "vscode";
import { messageOf, UserError } from "#base/errors";
import { Lifetime } from "#base/lifetime";
import type { Tag } from "#model/run";
import { openChannel } from "#protocol/channel";
import type { CurvesAsks, CurvesRun, CurvesTells } from "#protocol/curvesApi";
import { curvesChecks } from "#protocol/curvesChecks";
import type { BoxTies } from "#protocol/graphViewApi";
import type { AverageInfo, RunContent } from "#protocol/readerApi";
import type { HostSide, ViewSide } from "#protocol/viewsApi";
import type { Following } from "../reader";
import { throttled } from "../throttle";
import { counted } from "../words";
import { pickRuns } from "../runs/pickRuns";
import { saveAs, showBytes } from "./curvesFiles";
import { showInGraph } from "./graphTies";
import { runOf, type PanelParts } from "./panelParts";
import type { PanelServer, PanelTask, ServedPage } from "./panelServer";

/** A page asks at most ten times a second, so it hears no more often that there is news. */
const tellMs = 100;
const runMs = 1000;
/** Files that take longer than this to read are drawn while they are. */
const patienceMs = 150;
/** Coming saves that are simulated for the ticks' words. */
const forecast = 8;
const settingsKey = "curves.settings";

/** Answers curves pages. A hidden page is not told anything; it asks for everything when it is shown again. */
export function curvesServer(parts: PanelParts): PanelServer {
  return (task) => new CurvesServer(parts, task);
}

class CurvesServer implements ServedPage {
  readonly #life = new Lifetime();
  readonly #runs = new Map<string, ServedRun>();
  readonly #tell: { readonly series: (dir: string) => void; readonly run: () => void; readonly scope: (ties: BoxTies | undefined) => void };

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
        if (visible()) for (const dir of dirs) channel.tell.seriesChanged({ dir, revision: this.#runs.get(dir)?.revision ?? 0 });
      }),
    );
    const tellNow = (): unknown => visible() && channel.tell.runChanged({});
    const tellRun = this.#life.own(throttled(runMs, tellNow));
    // The first point of a tag is to be seen as soon as any other.
    const tellTags = this.#life.own(throttled(tellMs, tellNow));
    this.#life.own(parts.runs.onScalars(({ dir, batches }) => {
      const served = this.#runs.get(dir);
      if (served && batches.some(({ tag }) => !served.tags.has(tag))) tellTags();
    }));
    this.#tell = {
      series: (dir) => {
        changed.add(dir);
        tellSeries();
      },
      run: tellRun,
      scope: (ties) => channel.tell.scopeChosen(ties ? { name: ties.name, tags: ties.tags } : { tags: [] }),
    };
    this.#life.own(parts.scopes.onDidChange(({ dir, ties }) => dir === task.dir && visible() && this.#tell.scope(ties)));
    this.#life.own(parts.runs.onDidChange((dir) => {
      if (dir !== undefined && !this.#runs.has(dir)) return;
      for (const [one, served] of this.#runs) if (dir === undefined || dir === one) forget(served);
      tellRun();
    }));
    this.#life.own(parts.shown.onDidChange(() => visible() && channel.tell.runChanged({})));
    this.nudge = () => {
      for (const served of this.#runs.values()) forget(served);
      channel.tell.runChanged({});
    };
  }

  readonly nudge: () => void;

  dispose(): void {
    this.#life.dispose();
    for (const run of this.#runs.values()) run.following.dispose();
    this.#runs.clear();
  }

  #asks(): CurvesAsks {
    const { parts } = this;
    const { reader, shown, memory, checkpoints } = parts;
    const inView = <Request extends { readonly dir: string }>(request: Request): Request => {
      if (!this.#runs.has(request.dir)) throw new UserError(`${basename(request.dir)} is not shown here.`);
      return request;
    };
    return {
      open: async () => {
        // What is chosen in the graph is told once the page knows its tags.
        setTimeout(() => this.#tell.scope(parts.scopes.get(this.task.dir)));
        return { own: this.task.dir, runs: await this.#open(), known: parts.runs.all.length, settings: memory.get(settingsKey, ""), mayChange: vscode.workspace.isTrusted };
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
        const chosen = await pickRuns(parts.runs, { title: own ? `Runs beside ${own.name}` : "Runs in the curves", chosen: [...this.#runs.keys()], without: own?.dir });
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
        const name = this.#runs.size > 1 ? counted(this.#runs.size, "run") : basename(this.task.dir);
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

  async #open(): Promise<readonly CurvesRun[]> {
    const { runs, shown } = this.parts;
    if (!runs.scanned) await runs.refresh();
    const dirs = [...new Set([this.task.dir, ...shown.checked])].filter((dir) => runs.get(dir));
    for (const [dir, run] of this.#runs) {
      if (dirs.includes(dir)) continue;
      run.following.dispose();
      this.#runs.delete(dir);
    }
    shown.giveStyles(dirs);
    for (const dir of dirs) if (!this.#runs.has(dir)) this.#runs.set(dir, this.#serve(dir));
    return Promise.all([...this.#runs].map(async ([dir, served]) => {
      const run = served.described ?? (await this.#describe(dir, served));
      return { ...run, style: shown.styleOf(dir) };
    }));
  }

  #serve(dir: string): ServedRun {
    const following = this.parts.reader.follow(dir);
    const run: ServedRun = { following, revision: 0, reading: undefined, news: 0, tags: new Set(), described: undefined, averages: { graphs: -1, found: [] } };
    following.onChanged((revision) => {
      run.revision = revision;
      forget(run);
      this.#tell.series(dir);
      // Tags, counts and the progress of a long reading are in the snapshot.
      this.#tell.run();
    });
    return run;
  }

  /** A run that takes long to read is described by what has been read so far. */
  async #describe(dir: string, served: ServedRun): Promise<CurvesRun> {
    const { reader, shown } = this.parts;
    const style = shown.styleOf(dir);
    const { news } = served;
    const run = await runOf(this.parts, dir);
    const empty = { run, style, revision: served.revision, tags: [], checkpoints: [], averages: [], damage: [] };
    try {
      const reading = (served.reading ??= served.following.content().finally(() => (served.reading = undefined)));
      const whole = await Promise.race([reading, new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs, undefined))]);
      if (!whole) reading.then(() => this.#tell.run(), () => this.#tell.run());
      const { content, reading: progress } = await reader.ask.look({ dir });
      served.revision = Math.max(served.revision, content.revision);
      served.tags = new Set(content.tags.map(({ tag }) => tag));
      const list = await reader.ask.checkpoints({ dir, nowSeconds: Date.now() / 1000, forecast });
      const described = {
        ...empty, run: await runOf(this.parts, dir, content), revision: content.revision, tags: content.tags, damage: content.damage,
        checkpoints: list.checkpoints, averages: progress ? [] : await this.#averages(dir, served, content), ...(progress && { reading: progress }),
      };
      if (!progress && served.news === news) served.described = described;
      return described;
    } catch (error) {
      return { ...empty, problem: messageOf(error) };
    }
  }

  /** The graph is looked at again only when there is another. */
  async #averages(dir: string, served: ServedRun, { graphs, metaGraphs }: RunContent): Promise<readonly AverageInfo[]> {
    const count = graphs + metaGraphs;
    if (served.averages.graphs !== count) served.averages = { graphs: count, found: await this.parts.reader.ask.averages({ dir }) };
    return served.averages.found;
  }
}

interface ServedRun {
  readonly following: Following;
  revision: number;
  reading: Promise<RunContent> | undefined;
  /** How often it has changed. */
  news: number;
  /** Tags that the page has heard of. */
  tags: ReadonlySet<Tag>;
  /** What it was found to be, until it changes: of a thousand runs few do. */
  described: CurvesRun | undefined;
  averages: { readonly graphs: number; readonly found: readonly AverageInfo[] };
}

/** What is known of a run is no longer so. */
function forget(served: ServedRun): void {
  served.news++;
  served.described = undefined;
}
