// The runs behind one curves page: what each of them is described as, and what of that the page has already.
import type { Disposable } from "#base/lifetime";
import { messageOf } from "#base/errors";
import type { Tag } from "#model/run";
import type { CurvesRun, CurvesSnapshot } from "#protocol/curvesApi";
import type { AverageInfo, ReaderAsks, RunContent } from "#protocol/readerApi";
import type { Following, Reader } from "../reader";
import { runOf, type PanelParts } from "./panelParts";

/** Runs described in one answer: of a thousand, the first are drawn while the others are read, and no answer is long to pass on. */
export const mostDescribed = 100;
/** Files that take longer than this to read are drawn while they are. */
const patienceMs = 150;
/** Coming saves that are simulated for the ticks' words. */
const forecast = 8;

/** What it needs of the extension. */
export interface ServedParts {
  readonly runs: Pick<PanelParts["runs"], "scanned" | "refresh" | "get">;
  readonly shown: Pick<PanelParts["shown"], "checked" | "giveStyles" | "styleOf">;
  readonly reader: Pick<Reader, "follow"> & { readonly ask: Pick<ReaderAsks, "look" | "checkpoints" | "averages"> };
}

/** Whom it tells: that a run has points to be asked for, that a description changed. */
export interface ServedTells {
  series(dir: string): void;
  run(): void;
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
  /** What the page has of it. */
  sent: { readonly described: CurvesRun; readonly style: number } | undefined;
  averages: { readonly graphs: number; readonly found: readonly AverageInfo[] };
}

export class ServedRuns implements Disposable {
  readonly #runs = new Map<string, ServedRun>();

  constructor(
    /** Of the page's own run, which is the first for as long as it is there. */
    private readonly own: string,
    private readonly parts: ServedParts,
    private readonly tell: ServedTells,
  ) {}

  get dirs(): readonly string[] {
    return [...this.#runs.keys()];
  }

  has(dir: string): boolean {
    return this.#runs.has(dir);
  }

  revisionOf(dir: string): number {
    return this.#runs.get(dir)?.revision ?? 0;
  }

  /** Whether the page has yet to hear of a tag of a run that it shows. */
  lacksTag(dir: string, tag: Tag): boolean {
    return this.#runs.get(dir)?.tags.has(tag) === false;
  }

  /** What is known of a run, or of all, is no longer so. */
  forget(dir?: string): void {
    for (const [one, served] of this.#runs) if (dir === undefined || dir === one) forget(served);
  }

  dispose(): void {
    for (const { following } of this.#runs.values()) following.dispose();
    this.#runs.clear();
  }

  /**
   * Which runs are in view, and those of them, from a place on, that the page does not have as they are: so many as go into one
   * answer, and where the next begins. A page that has nothing asks for the `whole`.
   */
  async next({ whole, from }: { readonly whole: boolean; readonly from: number }): Promise<Pick<CurvesSnapshot, "runs"> & { readonly dirs: readonly string[]; readonly next?: number }> {
    const { shown } = this.parts;
    const dirs = await this.#inView();
    if (whole) for (const served of this.#runs.values()) served.sent = undefined;
    const lacking: { readonly dir: string; readonly served: ServedRun }[] = [];
    let at = from;
    for (; at < dirs.length && lacking.length < mostDescribed; at++) {
      const dir = dirs[at] ?? "";
      const served = this.#runs.get(dir);
      if (served && !this.#isThere(dir, served)) lacking.push({ dir, served });
    }
    const described = await Promise.all(lacking.map(async (one) => ({ ...one, described: one.served.described ?? (await this.#describe(one.dir, one.served)) })));
    // Only now: had one of them failed, the page would have none.
    const runs = described.map(({ dir, served, described: found }) => {
      const style = shown.styleOf(dir);
      served.sent = { described: found, style };
      return { ...found, style };
    });
    return { dirs, runs, ...(at < dirs.length && { next: at }) };
  }

  /** Begins to follow what came into view, and no longer follows what left it. */
  async #inView(): Promise<readonly string[]> {
    const { runs, shown } = this.parts;
    if (!runs.scanned) await runs.refresh();
    const dirs = new Set([this.own, ...shown.checked].filter((dir) => runs.get(dir)));
    for (const [dir, { following }] of this.#runs) {
      if (dirs.has(dir)) continue;
      following.dispose();
      this.#runs.delete(dir);
    }
    shown.giveStyles([...dirs]);
    for (const dir of dirs) if (!this.#runs.has(dir)) this.#runs.set(dir, this.#serve(dir));
    return [...dirs];
  }

  #isThere(dir: string, { described, sent }: ServedRun): boolean {
    return described !== undefined && sent?.described === described && sent.style === this.parts.shown.styleOf(dir);
  }

  #serve(dir: string): ServedRun {
    const following = this.parts.reader.follow(dir);
    const run: ServedRun = { following, revision: 0, reading: undefined, news: 0, tags: new Set(), described: undefined, sent: undefined, averages: { graphs: 0, found: [] } };
    following.onChanged((revision) => {
      run.revision = Math.max(run.revision, revision);
      // Of what it is described with, the page hears by that.
      if (run.described && revision <= run.described.revision) return;
      forget(run);
      this.tell.series(dir);
      // Tags, counts and the progress of a long reading are in the description.
      this.tell.run();
    });
    return run;
  }

  /** A run that takes long to read is described by what has been read so far. */
  async #describe(dir: string, served: ServedRun): Promise<CurvesRun> {
    const { reader, shown } = this.parts;
    const style = shown.styleOf(dir);
    const run = await runOf(this.parts, dir);
    const empty = { run, style, revision: served.revision, tags: [], checkpoints: [], averages: [], damage: [] };
    try {
      const reading = (served.reading ??= served.following.content().finally(() => (served.reading = undefined)));
      const read = await Promise.race([reading, new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs, undefined))]);
      if (!read) reading.then(this.tell.run, this.tell.run);
      const { news } = served;
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

function forget(served: ServedRun): void {
  served.news++;
  served.described = undefined;
}
