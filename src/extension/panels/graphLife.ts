// What a graph page hears of its run without asking: that the training began or ended, that a value broke, that there are new points.
import { Lifetime, type Disposable } from "#base/lifetime";
import { savedSecondsOf } from "#host/checkpoints/savedSeconds";
import { runAt } from "#host/runs/runFolders";
import type { Tag } from "#model/run";
import type { Badge, GraphLife } from "#protocol/graphViewApi";
import { unpack } from "#protocol/packed";
import type { ReaderAsks } from "#protocol/readerApi";
import type { Following } from "../reader";
import type { RunList } from "../runs/runList";
import { throttled } from "../throttle";

/** Badges and marks are refreshed at most this often. */
const everyMs = 2000;
/** Columns of the little curve on a box. */
const badgePixels = 40;

/** What of the extension a life is read from. */
export interface LifeParts {
  readonly runs: Pick<RunList, "live" | "get" | "scanned" | "refresh" | "onDidChange" | "onNonFinite">;
  readonly reader: { readonly ask: Pick<ReaderAsks, "look" | "slices">; follow(dir: string): Following };
}

export interface LifeListener {
  lifeChanged(life: GraphLife): void;
  seriesChanged(): void;
}

/** Follows a run for its graph; a graph that belongs to no run has no life. */
export class RunLife implements Disposable {
  readonly #life = new Lifetime();
  #told = "";
  #answered: Promise<unknown> = Promise.resolve();
  readonly #look: () => void;
  #following: Following | undefined;

  constructor(
    private readonly parts: LifeParts,
    private readonly dir: string,
    private readonly listener: LifeListener,
  ) {
    const { runs } = parts;
    const look = this.#life.own(throttled(everyMs, () => void this.#tellNews()));
    let live = runs.live(dir);
    this.#life.own(
      runs.onDidChange((changed) => {
        // What changed in the run itself may be a save.
        if (runs.live(dir) === live && changed !== dir) return;
        live = runs.live(dir);
        look();
      }),
    );
    this.#life.own(runs.onNonFinite((broken) => broken === dir && look()));
    this.#look = look;
  }

  /** How the training is now. */
  now(): Promise<GraphLife> {
    const answer = this.#answer();
    this.#answered = answer;
    return answer;
  }

  async #answer(): Promise<GraphLife> {
    const { runs, reader } = this.parts;
    if (!runs.scanned) await runs.refresh();
    if (!runs.get(this.dir)) return { running: false };
    // The graph need not wait for long event files: what they say is told when they are read, and why not to who asks for values.
    if (!this.#following) this.#follow().then(this.#look, () => undefined);
    const [record, { content }, savedSeconds] = await Promise.all([runAt(this.dir), reader.ask.look({ dir: this.dir }), savedSecondsOf(this.dir)]);
    const nonFinite = record?.record?.nonFinite;
    const brokenTag = content.tags.find((tag) => (tag.nonFinite ?? 0) > 0)?.tag;
    const life = { running: runs.live(this.dir) !== undefined, ...(nonFinite && { nonFinite }), ...(brokenTag !== undefined && { brokenTag }), ...(savedSeconds !== undefined && { savedSeconds }) };
    this.#told = JSON.stringify(life);
    return life;
  }

  /** The newest points of scalars; a tag that has none is left out. */
  async badges(tags: readonly Tag[]): Promise<readonly Badge[]> {
    const { runs, reader } = this.parts;
    if (!runs.get(this.dir)) return [];
    await this.#follow();
    const smoothing = { weight: 0, timed: false, bridge: true };
    const request = { axis: { kind: "step" } as const, smoothing, log: false, pixels: badgePixels, raw: false, clip: false, dir: this.dir };
    const slices = unpack(await reader.ask.slices({ requests: tags.map((tag) => ({ ...request, tag })) }));
    return slices.flatMap((slice): Badge[] => {
      if (!("answer" in slice) || !slice.answer.last) return [];
      const { tag, smoothed, last, nonFiniteCount } = slice.answer;
      return [{ tag, y: smoothed.y, last: { step: last.step, value: last.value }, broken: nonFiniteCount > 0 }];
    });
  }

  dispose(): void {
    this.#life.dispose();
  }

  /** Reads the run's event files and hears of more from then on. */
  async #follow(): Promise<void> {
    if (this.#following || this.#life.ended) return;
    this.#following = this.#life.own(this.parts.reader.follow(this.dir));
    const tellSeries = this.#life.own(throttled(everyMs, () => this.listener.seriesChanged()));
    this.#life.own(
      this.#following.onChanged(() => {
        this.#look();
        tellSeries();
      }),
    );
    await this.#following.content();
  }

  async #tellNews(): Promise<void> {
    // What is being answered is no news; why there is no answer is told to who asked.
    await this.#answered.catch(() => undefined);
    const told = this.#told;
    const life = await this.#answer();
    if (!this.#life.ended && JSON.stringify(life) !== told) this.listener.lifeChanged(life);
  }
}
