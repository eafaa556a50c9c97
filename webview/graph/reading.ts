// What the graph view asks of its host, and when: levels of open scopes, all about the selection, matches, paths, times.
import type { NodeBadge } from "#analysis/diagram/badge";
import { opens } from "#analysis/diagram/view";
import { messageOf } from "#base/errors";
import type { GraphVariable } from "#model/graph";
import type { GraphAsks } from "#protocol/graphViewApi";
import { numbers } from "#kit/numbers";
import type { Store } from "#kit/store";
import { wantedLevels, type GraphState, type Happening } from "./state";

/** Matches that are listed at once; more are asked for by whoever wants them. */
const matchesAtOnce = 100;
/** A person who types is not answered letter by letter, and one who walks is not told of every variable passed. */
const waits = { search: 120, values: 250 };
/** Variables of a scope whose values its card shows. */
const mostVariables = 5;
/** Values that are read for them together: 64 MB of 32-bit floats; one variable may have more. */
const mostValues = 2 ** 24;

/** Answers come into the store; a failure becomes words there. */
export class Reading {
  #searchTimer: number | undefined;
  #valuesTimer: number | undefined;

  constructor(
    private readonly ask: GraphAsks,
    private readonly store: Store<GraphState, Happening>,
  ) {}

  async open(): Promise<void> {
    await this.#trying(async () => this.#tell({ kind: "opened", opened: await this.ask.open({}) }));
    if (this.#state.phase !== "open") return;
    const { search } = this.#state;
    await Promise.all([
      this.badges(), this.selection(), this.levels(), search.trim() === "" ? undefined : this.#find(search, 0),
      this.#trying(async () => this.#state.comparing && this.#tell({ kind: "changesCame", changes: await this.ask.changes({}) })),
      this.#trying(async () => this.#tell({ kind: "odditiesCame", oddities: await this.ask.oddities({}) })),
    ]);
  }

  /** Levels of scopes that are open and were not read yet. */
  async levels(): Promise<void> {
    await Promise.all(wantedLevels(this.#state).map(async (scope) => {
      this.#tell({ kind: "levelAsked", scope });
      try {
        this.#tell({ kind: "levelCame", level: await this.ask.level({ scope }) });
      } catch (error) {
        this.#tell({ kind: "levelRefused", scope, why: messageOf(error) });
      }
    }));
  }

  /** Facts, variables and tags of the selection, and last the variables' values. */
  async selection(): Promise<void> {
    const { selected: name, facts } = this.#state;
    window.clearTimeout(this.#valuesTimer);
    if (name === undefined || facts?.name === name) return;
    await Promise.all([
      this.#trying(async () => this.#tell({ kind: "factsCame", facts: await this.ask.node({ name }) })),
      this.#trying(async () => this.#tell({ kind: "tiesCame", ties: await this.ask.ties({ name }) })),
    ]);
    this.#valuesTimer = window.setTimeout(() => void this.#values(name), waits.values);
  }

  search(text: string): void {
    window.clearTimeout(this.#searchTimer);
    if (text.trim() !== "") this.#searchTimer = window.setTimeout(() => void this.#find(text, 0), waits.search);
  }

  async findMore(): Promise<void> {
    const { search, found } = this.#state;
    if (found?.text === search) await this.#find(search, found.matches.length);
  }

  async path(from: string, to: string): Promise<void> {
    await this.#trying(async () => this.#tell({ kind: "pathCame", from, to, answer: await this.ask.path({ from, to }) }));
  }

  /** The newest values of scalars that the graph's operations record. */
  async badges(): Promise<void> {
    const scalars = this.#state.tags.filter(({ scalar }) => scalar);
    if (scalars.length === 0) return;
    await this.#trying(async () => {
      const came = new Map((await this.ask.badges({ tags: scalars.map(({ tag }) => tag) })).map((badge) => [badge.tag, badge]));
      const badges = scalars.flatMap(({ tag, node }): NodeBadge[] => {
        const badge = came.get(tag);
        return badge?.last ? [{ tag, node, value: numbers.value(badge.last.value), y: badge.y, broken: badge.broken }] : [];
      });
      this.#tell({ kind: "badgesCame", badges });
    });
  }

  async times(): Promise<void> {
    await this.#trying(async () => this.#tell({ kind: "timesCame", times: await this.ask.times({}) }));
  }

  get #state(): GraphState {
    return this.store.state;
  }

  #tell(happening: Happening): void {
    this.store.dispatch(happening);
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#tell({ kind: "openFailed", why: messageOf(error) });
    }
  }

  async #values(name: string): Promise<void> {
    const { ties, selected, cardOpen } = this.#state;
    const variables = ties?.name === name && selected === name && cardOpen ? someOf(ties.variables) : [];
    if (variables.length === 0) return;
    try {
      const values = await this.ask.values({ variables: variables.map(({ stored }) => stored) });
      this.#tell({ kind: "valuesCame", values: { name, ...(values && { values }) } });
    } catch (error) {
      this.#tell({ kind: "valuesCame", values: { name, problem: messageOf(error) } });
    }
  }

  async #find(text: string, from: number): Promise<void> {
    const { levels, expanded } = this.#state;
    const within = [...levels.values()].flatMap(({ nodes }) => nodes.filter((node) => opens(node) && !expanded.has(node.name)).map(({ name }) => name));
    await this.#trying(async () => {
      this.#tell({ kind: "foundCame", text, from, found: await this.ask.search({ text, from, count: matchesAtOnce, within }) });
    });
  }
}

/** The largest, as many as may be read at once. */
function someOf(variables: readonly GraphVariable[]): readonly GraphVariable[] {
  let values = 0;
  return variables.slice(0, mostVariables).filter(({ elements }, index) => {
    values += elements;
    return index === 0 || values <= mostValues;
  });
}
