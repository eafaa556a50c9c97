// Which run the sidebar speaks of: the one selected in the tree, else the first one.
import { Emitter } from "#base/emitter";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { RunList } from "./runList";

/** Lists that follow the selected run ask here. */
export class RunSelection implements Disposable {
  readonly #life = new Lifetime();
  readonly #changed = this.#life.own(new Emitter<string | undefined>());
  #chosen: string | undefined;
  #last: string | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(private readonly runs: RunList) {
    this.#life.own(runs.onDidChange(() => this.#tell()));
  }

  /** Absolute path of the run's folder. */
  get dir(): string | undefined {
    return this.#chosen !== undefined && this.runs.get(this.#chosen) ? this.#chosen : this.runs.all[0]?.dir;
  }

  /** A row of the tree was selected. */
  choose(dir: string): void {
    this.#chosen = dir;
    this.#tell();
  }

  dispose(): void {
    this.#life.dispose();
  }

  #tell(): void {
    if (this.dir === this.#last) return;
    this.#last = this.dir;
    this.#changed.fire(this.dir);
  }
}
