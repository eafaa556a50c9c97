// One choice of a scope shared by the views of a run: what is selected in its graph, and what of curves and checkpoints belongs to it.
import { Emitter } from "#base/emitter";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { BoxTies } from "#protocol/graphViewApi";

/** What is chosen in one run; `ties` is undefined where nothing is. */
export interface ScopeChoice {
  readonly dir: string;
  readonly ties: BoxTies | undefined;
}

/** The choices of all runs of this window. */
export class ScopeSelection implements Disposable {
  readonly #life = new Lifetime();
  readonly #changed = this.#life.own(new Emitter<ScopeChoice>());
  readonly #chosen = new Map<string, BoxTies>();

  readonly onDidChange = this.#changed.event;

  get(dir: string): BoxTies | undefined {
    return this.#chosen.get(dir);
  }

  choose({ dir, ties }: ScopeChoice): void {
    if (ties?.name === this.#chosen.get(dir)?.name) return;
    if (ties) this.#chosen.set(dir, ties);
    else this.#chosen.delete(dir);
    this.#changed.fire({ dir, ties });
  }

  dispose(): void {
    this.#life.dispose();
  }
}
