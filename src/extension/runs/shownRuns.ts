// Which runs are checked, so that the curves of any run show them beside it, and which colour and dashes each run has. Kept per workspace.
import { Emitter, type Event } from "#base/emitter";
import type { Disposable } from "#base/lifetime";

/** Pairs of colour and dashes. */
const styles = 16;
const checkedKey = "curves.checkedRuns";
const stylesKey = "curves.runStyles";

/** Where a window keeps what outlives it; VS Code's Memento. */
export interface Memory {
  get<Value>(key: string, otherwise: Value): Value;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Tells of changes with the folders concerned. */
export class ShownRuns implements Disposable {
  readonly #changed = new Emitter<readonly string[]>();
  readonly onDidChange: Event<readonly string[]> = this.#changed.event;

  /** The checked runs as memory last gave them, for a look at each of a thousand rows. */
  #looked: { readonly dirs: readonly string[]; readonly known: ReadonlySet<string> } = { dirs: [], known: new Set() };

  constructor(private readonly memory: Memory) {}

  /** Folders of the checked runs, in the order in which they were checked. */
  get checked(): readonly string[] {
    return this.memory.get<readonly string[]>(checkedKey, []);
  }

  isChecked(dir: string): boolean {
    const dirs = this.checked;
    if (dirs !== this.#looked.dirs) this.#looked = { dirs, known: new Set(dirs) };
    return this.#looked.known.has(dir);
  }

  /** Checks or unchecks runs. */
  check(dirs: readonly string[], checked: boolean): void {
    const these = new Set(dirs);
    const rest = this.checked.filter((dir) => !these.has(dir));
    this.#keep(checked ? [...this.checked, ...dirs.filter((dir) => !this.isChecked(dir))] : rest);
    if (checked) this.#give(dirs);
    this.#changed.fire(dirs);
  }

  /** Checks these runs and no others. */
  checkOnly(dirs: readonly string[]): void {
    const before = this.checked;
    this.#keep(dirs);
    this.#give(dirs);
    this.#changed.fire([...new Set([...before, ...dirs])]);
  }

  /** A run's place among the pairs of colour and dashes: its own for as long as the workspace lives, the least used one at first. */
  styleOf(dir: string): number {
    const known = this.#styles[dir];
    if (known !== undefined) return known;
    this.giveStyles([dir]);
    return this.#styles[dir] ?? 0;
  }

  /** Gives those of the runs a style that have none, of a thousand at once. */
  giveStyles(dirs: readonly string[]): void {
    const fresh = this.#give(dirs);
    if (fresh.length > 0) this.#changed.fire(fresh);
  }

  /** All at once: given to the rows of a thousand one by one, each would be written down, and told, by itself. */
  #give(dirs: readonly string[]): readonly string[] {
    const before = this.#styles;
    const fresh = dirs.filter((dir) => before[dir] === undefined);
    if (fresh.length === 0) return fresh;
    const given: Record<string, number> = { ...before };
    const used = new Array<number>(styles).fill(0);
    for (const style of Object.values(given)) used[style] = (used[style] ?? 0) + 1;
    for (const dir of fresh) {
      const style = used.indexOf(Math.min(...used));
      used[style] = (used[style] ?? 0) + 1;
      given[dir] = style;
    }
    void this.memory.update(stylesKey, given);
    return fresh;
  }

  setStyle(dir: string, style: number): void {
    void this.memory.update(stylesKey, { ...this.#styles, [dir]: style });
    this.#changed.fire([dir]);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  get #styles(): Readonly<Record<string, number>> {
    return this.memory.get<Readonly<Record<string, number>>>(stylesKey, {});
  }

  #keep(dirs: readonly string[]): void {
    void this.memory.update(checkedKey, dirs);
  }
}
