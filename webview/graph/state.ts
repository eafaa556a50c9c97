// All that the graph view knows, and how it changes: a reducer over what the host says and what the person does.
import type { NodeBadge } from "#analysis/diagram/badge";
import type { DiagramView } from "#analysis/diagram/view";
import type { StepTimes } from "#model/diagnosis";
import type { GraphLevel, LevelNode, NodeFacts, SummaryTag } from "#model/graph";
import type { Change, GraphChanges } from "#model/graphChanges";
import type { GraphMatches, GraphOddity, GraphPath } from "#model/graphSearch";
import { isWithin, parentsOf, pathTo } from "#model/scopedName";
import type { BoxMoves, BoxTies, GraphLife, GraphOpened, VariableValues } from "#protocol/graphViewApi";

/** Where the drawing stands in the window: its origin in pixels, and the zoom. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** A path that is looked for: its end may be still to choose. */
export interface PathSearch {
  readonly from: string;
  readonly to?: string;
  readonly answer?: GraphPath;
}

/** Parts of the page that open and close. */
export type Panel = "card" | "aside" | "tree" | "oddities";

export interface GraphState extends DiagramView {
  readonly phase: "loading" | "open" | "failed";
  readonly problem?: string;
  readonly title: string;
  /** Scopes whose level is asked for. */
  readonly asked: ReadonlySet<string>;
  readonly facts?: NodeFacts;
  /** Why there are none of the selection. */
  readonly factsProblem?: string;
  /** Of the selection, as far as they came. */
  readonly ties?: BoxTies;
  readonly values?: SelectedValues;
  /** What the graph's summaries record. */
  readonly tags: readonly SummaryTag[];
  readonly badges: readonly NodeBadge[];
  readonly search: string;
  /** What a search has found; of an older text while the newer is looked for. */
  readonly found?: Found;
  readonly pathSearch?: PathSearch;
  readonly oddities: readonly GraphOddity[];
  /** There are no curves and no checkpoints to go to. */
  readonly file?: true;
  /** Two graphs are drawn in one. */
  readonly comparing?: GraphOpened["comparing"];
  readonly changes?: GraphChanges;
  /** Kinds of changes that are left out of the drawing, which stays as it is. */
  readonly hiddenChanges: ReadonlySet<Change>;
  readonly cardOpen: boolean;
  readonly asideOpen: boolean;
  readonly odditiesOpen: boolean;
  /** Drawn as a tree by choice; where there is little room it always is. */
  readonly asTree: boolean;
  readonly life?: GraphLife;
  readonly times?: StepTimes;
  /** Boxes are coloured by their share of a run's time. */
  readonly byTime: boolean;
  /** The step is being run again with checks. */
  readonly searching: boolean;
  /** The cause of the banner that was closed. */
  readonly dismissed?: string;
  /** A sentence about what was just done. */
  readonly said?: string;
}

/** Figures of the selection's variables; without any where no checkpoint has them. */
export interface SelectedValues {
  readonly name: string;
  readonly values?: VariableValues;
  readonly problem?: string;
}

export interface Found extends GraphMatches {
  readonly text: string;
  /** Why the search failed; then there are no matches. */
  readonly problem?: string;
}

export type Happening =
  | { readonly kind: "opened"; readonly opened: GraphOpened }
  | { readonly kind: "openFailed"; readonly why: string }
  | { readonly kind: "levelsAsked"; readonly scopes: readonly string[] }
  | { readonly kind: "levelsCame"; readonly levels: readonly GraphLevel[] }
  | { readonly kind: "levelRefused"; readonly scope: string; readonly why: string }
  | { readonly kind: "expand"; readonly scope: string; readonly open: boolean }
  | { readonly kind: "select"; readonly name: string | undefined }
  /** Selects a box wherever it is: scopes around it open, and it is brought in from aside. */
  | { readonly kind: "reveal"; readonly name: string }
  /** Shows the boxes of a series one by one, or folds them again. */
  | { readonly kind: "unfold"; readonly names: readonly string[] }
  /** Moves a box into the drawing, or out of it. */
  | { readonly kind: "aside"; readonly names: readonly string[]; readonly aside: boolean }
  | { readonly kind: "factsCame"; readonly facts: NodeFacts }
  | { readonly kind: "factsFailed"; readonly name: string; readonly why: string }
  | { readonly kind: "tiesCame"; readonly ties: BoxTies }
  | { readonly kind: "valuesCame"; readonly values: SelectedValues }
  | { readonly kind: "badgesCame"; readonly badges: readonly NodeBadge[] }
  | { readonly kind: "edgeHovered"; readonly edge: string | undefined }
  | { readonly kind: "searched"; readonly text: string }
  /** The first matches of a text, or more of them. */
  | { readonly kind: "foundCame"; readonly text: string; readonly found: GraphMatches; readonly from: number }
  | { readonly kind: "findFailed"; readonly text: string; readonly why: string }
  | { readonly kind: "pathSought"; readonly search: PathSearch | undefined }
  | { readonly kind: "pathCame"; readonly from: string; readonly to: string; readonly answer: GraphPath }
  | { readonly kind: "odditiesCame"; readonly oddities: readonly GraphOddity[] }
  | { readonly kind: "changesCame"; readonly changes: GraphChanges | undefined }
  | { readonly kind: "changesShown"; readonly change: Change; readonly shown: boolean }
  | { readonly kind: "lifeCame"; readonly life: GraphLife }
  | { readonly kind: "timesCame"; readonly times: StepTimes | undefined }
  | { readonly kind: "byTime"; readonly on: boolean }
  | { readonly kind: "searching"; readonly on: boolean }
  | { readonly kind: "bannerClosed" }
  | { readonly kind: "drawAnyway"; readonly scope: string }
  | { readonly kind: "said"; readonly text: string | undefined }
  | { readonly kind: "panel"; readonly panel: Panel; readonly open: boolean };

export function initialState(saved: unknown): GraphState {
  const { expanded, broughtIn, sentAside, unfolded, asideOpen, asTree } = (typeof saved === "object" && saved !== null ? saved : {}) as Record<string, unknown>;
  const names = (saved: unknown): ReadonlySet<string> => new Set(Array.isArray(saved) ? saved.filter((name) => typeof name === "string") : []);
  return {
    phase: "loading", title: "", levels: new Map(), asked: new Set(), search: "", tags: [], badges: [], oddities: [], hiddenChanges: new Set(),
    expanded: names(expanded), broughtIn: names(broughtIn), sentAside: names(sentAside), unfolded: names(unfolded),
    cardOpen: true, asideOpen: asideOpen !== false, odditiesOpen: false, asTree: asTree === true,
    byTime: false, searching: false,
  };
}

/** The longest name that is kept of a box that was moved, and so many of them. */
const mostKept = { letters: 1000, names: 1000 };

/** Boxes that stand elsewhere than the rule has them; what was only looked at once is not among them. */
export function movesOf({ levels, broughtIn, sentAside }: GraphState): BoxMoves {
  const aside = new Set([...levels.values()].flatMap(({ nodes }) => nodes.filter((node) => node.aside !== undefined).map(({ name }) => name)));
  const kept = (names: Iterable<string>): readonly string[] => [...names].filter(({ length }) => length <= mostKept.letters).slice(0, mostKept.names);
  return { broughtIn: kept([...broughtIn].filter((name) => aside.has(name))), sentAside: kept(sentAside) };
}

/** What the editor keeps while the page sleeps. */
export function savedState({ expanded, broughtIn, sentAside, unfolded, asideOpen, asTree }: GraphState): unknown {
  return { expanded: [...expanded], broughtIn: [...broughtIn], sentAside: [...sentAside], unfolded: [...unfolded], asideOpen, asTree };
}

export function reduce(state: GraphState, happening: Happening): GraphState {
  switch (happening.kind) {
    case "opened": {
      const { title, level, tags, life, file, comparing, moves } = happening.opened;
      // A page that comes back knows more of its own than what was kept.
      const fresh = state.levels.size === 0 && state.broughtIn.size + state.sentAside.size === 0;
      return { ...state, ...(fresh && moves && { broughtIn: new Set(moves.broughtIn), sentAside: new Set(moves.sentAside) }), phase: "open", problem: undefined, title, tags, life, file, comparing, levels: new Map([["", level]]), asked: new Set(), found: undefined, facts: undefined, factsProblem: undefined };
    }
    case "openFailed": return { ...state, phase: state.levels.size > 0 ? "open" : "failed", problem: happening.why };
    case "levelsAsked": return { ...state, asked: new Set([...state.asked, ...happening.scopes]) };
    case "levelsCame": {
      const came = happening.levels.map((level) => [level.scope, level] as const);
      const scopes = new Set(came.map(([scope]) => scope));
      return { ...state, asked: new Set([...state.asked].filter((scope) => !scopes.has(scope))), levels: new Map([...state.levels, ...came]) };
    }
    case "levelRefused":
      return { ...state, asked: without(state.asked, happening.scope), expanded: without(state.expanded, happening.scope), problem: happening.why };
    case "expand": return expand(state, happening.scope, happening.open);
    case "select": return { ...selected(state, happening.name), cardOpen: happening.name === undefined ? state.cardOpen : true };
    case "reveal": return revealed(state, happening.name);
    case "unfold": return { ...state, unfolded: new Set([...state.unfolded, ...happening.names]) };
    case "aside": return moved(state, happening.names, happening.aside);
    case "factsCame": return state.selected === happening.facts.name ? { ...state, facts: happening.facts, factsProblem: undefined } : state;
    case "factsFailed": return state.selected === happening.name ? { ...state, factsProblem: happening.why } : state;
    case "tiesCame": return state.selected === happening.ties.name ? { ...state, ties: happening.ties } : state;
    case "valuesCame": return state.selected === happening.values.name ? { ...state, values: happening.values } : state;
    case "edgeHovered": return { ...state, hoveredEdge: happening.edge };
    case "searched": return { ...state, search: happening.text, found: happening.text.trim() === "" ? undefined : state.found };
    case "foundCame": return found(state, happening);
    case "findFailed": return happening.text === state.search ? { ...state, found: { text: happening.text, total: 0, matches: [], inside: [], problem: happening.why } } : state;
    case "pathSought": return { ...state, pathSearch: happening.search, path: undefined };
    case "pathCame": return pathFound(state, happening);
    case "odditiesCame": return { ...state, oddities: happening.oddities };
    case "changesCame": return { ...state, changes: happening.changes };
    case "changesShown": {
      const { change, shown } = happening;
      return { ...state, hiddenChanges: new Set([...[...state.hiddenChanges].filter((kind) => kind !== change), ...(shown ? [] : [change])]) };
    }
    case "drawAnyway": return { ...state, drawAnyway: new Set(state.drawAnyway).add(happening.scope) };
    case "panel": return panel(state, happening.panel, happening.open);
    default: return alive(state, happening);
  }
}

/** What the training tells, and what is said of it. */
function alive(state: GraphState, happening: Extract<Happening, { kind: "badgesCame" | "lifeCame" | "timesCame" | "byTime" | "searching" | "bannerClosed" | "said" }>): GraphState {
  switch (happening.kind) {
    case "badgesCame": return { ...state, badges: happening.badges };
    case "lifeCame": {
      const { life } = happening;
      return { ...state, life, times: life.running ? state.times : undefined, dismissed: brokenCause(life) === state.dismissed ? state.dismissed : undefined };
    }
    case "timesCame": return { ...state, times: happening.times };
    case "byTime": return { ...state, byTime: happening.on };
    case "searching": return { ...state, searching: happening.on, dismissed: undefined };
    case "bannerClosed": return { ...state, dismissed: brokenCause(state.life) };
    case "said": return { ...state, said: happening.text };
  }
}

/** What a banner speaks of: one that was dismissed comes back with another cause, and when its own was gone meanwhile. */
export function brokenCause(life: GraphLife | undefined): string | undefined {
  const { nonFinite, brokenTag } = life ?? {};
  if (!nonFinite) return brokenTag === undefined ? undefined : `tag ${brokenTag}`;
  const { found, start, runs } = nonFinite;
  return found ? `first ${found.node} ${found.step ?? ""}` : `searched ${runs} ${start?.kind ?? ""} ${start?.step ?? ""}`;
}

function panel(state: GraphState, which: Panel, open: boolean): GraphState {
  switch (which) {
    case "card": return { ...state, cardOpen: open };
    case "aside": return { ...state, asideOpen: open };
    case "tree": return { ...state, asTree: open };
    case "oddities": return { ...state, odditiesOpen: open };
  }
}

/** Selects a box; what was read of another one goes. */
function selected(state: GraphState, name: string | undefined): GraphState {
  if (name === state.selected) return state;
  return { ...state, selected: name, facts: undefined, factsProblem: undefined, ties: undefined, values: undefined };
}

function found(state: GraphState, { text, found: came, from }: Extract<Happening, { kind: "foundCame" }>): GraphState {
  if (text !== state.search) return state;
  const before = state.found?.text === text ? state.found.matches.slice(0, from) : [];
  // What it goes on from was forgotten meanwhile, and is looked for anew.
  if (before.length < from) return state;
  return { ...state, found: { ...came, text, matches: [...before, ...came.matches] } };
}

function pathFound(state: GraphState, { from, to, answer }: Extract<Happening, { kind: "pathCame" }>): GraphState {
  if (state.pathSearch?.from !== from || state.pathSearch.to !== to) return state;
  return { ...state, pathSearch: { from, to, answer }, path: answer.found ? answer.steps.map(({ name }) => name) : undefined };
}

function moved(state: GraphState, names: readonly string[], aside: boolean): GraphState {
  const without = (set: ReadonlySet<string>): ReadonlySet<string> => new Set([...set].filter((name) => !names.includes(name)));
  const byRule = new Set([...state.levels.values()].flatMap(({ nodes }) => nodes.filter((node) => node.aside !== undefined || node.inReader).map(({ name }) => name)));
  return {
    ...state,
    broughtIn: aside ? without(state.broughtIn) : new Set([...state.broughtIn, ...names]),
    sentAside: aside ? new Set([...state.sentAside, ...names.filter((name) => !byRule.has(name))]) : without(state.sentAside),
  };
}

function revealed(state: GraphState, name: string): GraphState {
  const around = parentsOf(name);
  return {
    ...selected(state, name), expanded: new Set([...state.expanded, ...around]), broughtIn: new Set([...state.broughtIn, ...around, name]), cardOpen: true, search: "", found: undefined,
  };
}

function expand(state: GraphState, scope: string, open: boolean): GraphState {
  if (open) {
    const around = pathTo(scope).filter((name) => name !== "");
    return { ...state, expanded: new Set([...state.expanded, ...around]), broughtIn: new Set([...state.broughtIn, ...around]) };
  }
  const left = state.selected !== undefined && isWithin(state.selected, scope) ? scope : state.selected;
  const outside = (names: ReadonlySet<string>): ReadonlySet<string> => new Set([...names].filter((name) => !isWithin(name, scope)));
  return { ...selected(state, left), expanded: outside(state.expanded), unfolded: outside(state.unfolded) };
}

function without(set: ReadonlySet<string>, gone: string): ReadonlySet<string> {
  return new Set([...set].filter((item) => item !== gone));
}

/** Scopes that are drawn open but whose level has not been asked for. */
export function wantedLevels(state: GraphState): readonly string[] {
  if (state.phase !== "open") return [];
  return [...state.expanded].filter((scope) => !state.levels.has(scope) && !state.asked.has(scope));
}

/** The box of a name, in whichever level has been read. */
export function nodeOf({ levels }: GraphState, name: string | undefined): LevelNode | undefined {
  if (name === undefined) return undefined;
  for (const level of levels.values()) {
    const found = level.nodes.find((node) => node.name === name);
    if (found) return found;
  }
  return undefined;
}

/** The aside column: what does not run in each step by when it runs, and what was sent aside; alike boxes in one row. */
export function asideGroups({ levels, broughtIn, sentAside }: GraphState): readonly AsideGroup[] {
  const groups = new Map<string, LevelNode[][]>();
  for (const node of levels.get("")?.nodes ?? []) {
    const title = sentAside.has(node.name) ? "Sent aside" : broughtIn.has(node.name) || node.inReader ? undefined : node.aside;
    if (title === undefined) continue;
    const rows = groups.get(title) ?? [];
    groups.set(title, rows);
    const series = node.series === undefined ? undefined : rows.find(([first]) => first?.series === node.series);
    if (series) series.push(node);
    else rows.push([node]);
  }
  return [...groups].map(([title, rows]) => ({ title, rows }));
}

export interface AsideGroup {
  readonly title: string;
  readonly rows: readonly (readonly LevelNode[])[];
}
