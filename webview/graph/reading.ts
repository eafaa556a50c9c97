// What the graph view asks of its host, and when: levels of open scopes, all about the selection, matches, paths, times.
import type { NodeBadge } from "#analysis/diagram/badge";
import { opens } from "#analysis/diagram/view";
import { messageOf } from "#base/errors";
import type { GraphLevel, GraphVariable } from "#model/graph";
import { mostNames, type GraphAsks } from "#protocol/graphViewApi";
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

/** Answers come into the store; a failure becomes words there, in the place of the answer. */
export class Reading {
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #valuesTimer: ReturnType<typeof setTimeout> | undefined;
  /** Readings of the graph are numbered: the newest that was asked for, and the one that is shown. */
  readonly #graph = { asked: 0, shown: 0 };
  /** The newest ask for values; what an older one answers was cut short or is out of date. */
  #valuesAsked = 0;

  constructor(
    private readonly ask: GraphAsks,
    private readonly store: Store<GraphState, Happening>,
  ) {}

  async open(): Promise<void> {
    const number = ++this.#graph.asked;
    try {
      const opened = await this.ask.open({});
      // A later reading has been faster.
      if (number < this.#graph.shown) return;
      this.#graph.shown = number;
      this.#tell({ kind: "opened", opened });
    } catch (error) {
      if (number === this.#graph.asked) this.#tell({ kind: "openFailed", why: messageOf(error) });
      return;
    }
    const { search, pathSearch, comparing } = this.#state;
    await Promise.all([
      this.badges(), this.selection(), this.levels(), search.trim() === "" ? undefined : this.#find(search, 0),
      pathSearch?.to === undefined ? undefined : this.path(pathSearch.from, pathSearch.to),
      comparing && this.#answered(this.ask.changes({}), { came: (changes) => this.#tell({ kind: "changesCame", changes }) }),
      this.#answered(this.ask.oddities({}), { came: (oddities) => this.#tell({ kind: "odditiesCame", oddities }) }),
    ]);
  }

  /** Levels of scopes that are open and were not read yet; drawn together, for a way into the depth may be hundreds long. */
  async levels(): Promise<void> {
    const scopes = wantedLevels(this.#state);
    if (scopes.length === 0) return;
    this.#tell({ kind: "levelsAsked", scopes });
    const levels: GraphLevel[] = [];
    await this.#answered(Promise.all(scopes.map(async (scope) => {
      try {
        levels.push(await this.ask.level({ scope }));
        return [];
      } catch (error) {
        return [{ kind: "levelRefused", scope, why: messageOf(error) } as const];
      }
    })), {
      came: (refused) => {
        this.#tell({ kind: "levelsCame", levels });
        for (const one of refused.flat()) this.#tell(one);
      },
    });
  }

  /** Facts, variables and tags of the selection, and last the variables' values. */
  async selection(): Promise<void> {
    const { selected: name, facts } = this.#state;
    if (name !== undefined && facts?.name === name) return;
    this.#forgetValues();
    if (name === undefined) return;
    await Promise.all([
      this.#answered(this.ask.node({ name }), { came: (facts) => this.#tell({ kind: "factsCame", facts }), failed: (why) => this.#tell({ kind: "factsFailed", name, why }) }),
      this.#answered(this.ask.ties({ name }), { came: (ties) => this.#tell({ kind: "tiesCame", ties }) }),
    ]);
    this.values();
  }

  /** Values of the selection's variables in the newest checkpoint. */
  values(): void {
    this.#forgetValues();
    this.#valuesTimer = setTimeout(() => void this.#values(), waits.values);
  }

  search(text: string): void {
    clearTimeout(this.#searchTimer);
    if (text.trim() !== "") this.#searchTimer = setTimeout(() => void this.#find(text, 0), waits.search);
  }

  /** The first match, once it is known: whoever presses Enter does not wait for the answer to come. Undefined when there is none, or another text by then. */
  async firstMatch(): Promise<string | undefined> {
    const { search, found } = this.#state;
    if (found?.text !== search && search.trim() !== "") {
      clearTimeout(this.#searchTimer);
      await this.#find(search, 0);
    }
    const now = this.#state;
    return now.search === search && now.found?.text === search ? now.found.matches[0]?.name : undefined;
  }

  async findMore(): Promise<void> {
    const { search, found } = this.#state;
    if (found?.text === search) await this.#find(search, found.matches.length);
  }

  async path(from: string, to: string): Promise<void> {
    await this.#answered(this.ask.path({ from, to }), {
      came: (answer) => this.#tell({ kind: "pathCame", from, to, answer }), failed: (why) => this.#tell({ kind: "pathCame", from, to, answer: { found: false, why } }),
    });
  }

  /** The newest values of scalars that the graph's operations record. */
  async badges(): Promise<void> {
    const scalars = this.#state.tags.filter(({ scalar }) => scalar).slice(0, mostNames);
    if (scalars.length === 0) return;
    await this.#answered(this.ask.badges({ tags: scalars.map(({ tag }) => tag) }), {
      came: (all) => {
        const came = new Map(all.map((badge) => [badge.tag, badge]));
        const badges = scalars.flatMap(({ tag, node }): NodeBadge[] => {
          const badge = came.get(tag);
          return badge?.last ? [{ tag, node, value: numbers.value(badge.last.value), y: badge.y, broken: badge.broken }] : [];
        });
        this.#tell({ kind: "badgesCame", badges });
      },
    });
  }

  async times(): Promise<void> {
    await this.#answered(this.ask.times({}), { came: (times) => this.#tell({ kind: "timesCame", times }) });
  }

  get #state(): GraphState {
    return this.store.state;
  }

  #tell(happening: Happening): void {
    this.store.dispatch(happening);
  }

  /** Hands on what an ask comes to, unless the graph was read anew since: then what is still wanted was asked again. */
  async #answered<Answer>(asked: Promise<Answer>, { came, failed }: { readonly came: (answer: Answer) => void; readonly failed?: (why: string) => void }): Promise<void> {
    const { shown } = this.#graph;
    try {
      const answer = await asked;
      if (shown === this.#graph.shown) came(answer);
    } catch (error) {
      if (shown !== this.#graph.shown) return;
      const why = messageOf(error);
      if (failed) failed(why);
      else this.#tell({ kind: "openFailed", why });
    }
  }

  #forgetValues(): void {
    clearTimeout(this.#valuesTimer);
    this.#valuesAsked++;
  }

  async #values(): Promise<void> {
    const { ties, selected: name, cardOpen } = this.#state;
    if (name === undefined || ties?.name !== name || !cardOpen) return;
    const variables = someOf(ties.variables);
    if (variables.length === 0) return;
    const asked = ++this.#valuesAsked;
    const came = (values: { readonly values?: Awaited<ReturnType<GraphAsks["values"]>>; readonly problem?: string }): void => {
      if (asked === this.#valuesAsked) this.#tell({ kind: "valuesCame", values: { name, ...values } });
    };
    await this.#answered(this.ask.values({ variables: variables.map(({ stored }) => stored) }), { came: (values) => came({ values }), failed: (problem) => came({ problem }) });
  }

  async #find(text: string, from: number): Promise<void> {
    const { levels, expanded } = this.#state;
    const within = [...levels.values()].flatMap(({ nodes }) => nodes.filter((node) => opens(node) && !expanded.has(node.name)).map(({ name }) => name));
    await this.#answered(this.ask.search({ text, from, count: matchesAtOnce, within }), {
      came: (found) => this.#tell({ kind: "foundCame", text, from, found }), failed: (why) => this.#tell({ kind: "findFailed", text, why }),
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
