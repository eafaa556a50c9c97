// All that the graph view knows, and how it changes: a reducer over what the host says and what the person does.
import { opens, parentsOf, type DiagramView } from "#analysis/diagram/view";
import type { GraphLevel, LevelNode, NodeFacts } from "#model/graph";
import type { GraphLife } from "#protocol/viewsApi";

/** Where the drawing stands in the window: its origin in pixels, and the zoom. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface GraphState extends DiagramView {
  readonly phase: "loading" | "open" | "failed";
  readonly problem?: string;
  readonly title: string;
  /** Scopes whose level is asked for. */
  readonly asked: ReadonlySet<string>;
  readonly facts?: NodeFacts;
  readonly search: string;
  /** Every scope has been read, so a search is complete. */
  readonly indexed: boolean;
  readonly cardOpen: boolean;
  readonly asideOpen: boolean;
  /** Drawn as a tree by choice; where there is little room it always is. */
  readonly asTree: boolean;
  readonly life?: GraphLife;
  /** Boxes are coloured by their share of a run's time. */
  readonly byTime: boolean;
  /** The step is being run again with checks. */
  readonly searching: boolean;
  readonly bannerClosed: boolean;
}

export type Happening =
  | { readonly kind: "opened"; readonly title: string; readonly level: GraphLevel }
  | { readonly kind: "openFailed"; readonly why: string }
  | { readonly kind: "levelAsked"; readonly scope: string }
  | { readonly kind: "levelCame"; readonly level: GraphLevel }
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
  | { readonly kind: "edgeHovered"; readonly edge: string | undefined }
  | { readonly kind: "searched"; readonly text: string }
  | { readonly kind: "indexed" }
  | { readonly kind: "lifeCame"; readonly life: GraphLife }
  | { readonly kind: "byTime"; readonly on: boolean }
  | { readonly kind: "searching"; readonly on: boolean }
  | { readonly kind: "bannerClosed" }
  | { readonly kind: "panel"; readonly panel: "card" | "aside" | "tree"; readonly open: boolean };

export function initialState(saved: unknown): GraphState {
  const { expanded, broughtIn, sentAside, unfolded, asideOpen, asTree } = (typeof saved === "object" && saved !== null ? saved : {}) as Record<string, unknown>;
  const names = (saved: unknown): ReadonlySet<string> => new Set(Array.isArray(saved) ? saved.filter((name) => typeof name === "string") : []);
  return {
    phase: "loading", title: "", levels: new Map(), asked: new Set(), search: "", indexed: false,
    expanded: names(expanded), broughtIn: names(broughtIn), sentAside: names(sentAside), unfolded: names(unfolded),
    cardOpen: true, asideOpen: asideOpen !== false, asTree: asTree === true,
    byTime: false, searching: false, bannerClosed: false,
  };
}

/** What the editor keeps while the page sleeps. */
export function savedState({ expanded, broughtIn, sentAside, unfolded, asideOpen, asTree }: GraphState): unknown {
  return { expanded: [...expanded], broughtIn: [...broughtIn], sentAside: [...sentAside], unfolded: [...unfolded], asideOpen, asTree };
}

export function reduce(state: GraphState, happening: Happening): GraphState {
  switch (happening.kind) {
    case "opened": {
      const { title, level } = happening;
      return { ...state, phase: "open", problem: undefined, title, levels: new Map([["", level]]), asked: new Set(), indexed: false };
    }
    case "openFailed": return { ...state, phase: state.levels.size > 0 ? "open" : "failed", problem: happening.why };
    case "levelAsked": return { ...state, asked: new Set(state.asked).add(happening.scope) };
    case "levelCame": {
      const { level } = happening;
      return { ...state, asked: without(state.asked, level.scope), levels: new Map(state.levels).set(level.scope, level) };
    }
    case "levelRefused":
      return { ...state, asked: without(state.asked, happening.scope), expanded: without(state.expanded, happening.scope), problem: happening.why };
    case "expand": return expand(state, happening.scope, happening.open);
    case "select": {
      const { name } = happening;
      return { ...state, selected: name, facts: state.facts?.name === name ? state.facts : undefined, cardOpen: name === undefined ? state.cardOpen : true };
    }
    case "reveal": return revealed(state, happening.name);
    case "unfold": return { ...state, unfolded: new Set([...state.unfolded, ...happening.names]) };
    case "aside": return moved(state, happening.names, happening.aside);
    case "factsCame": return state.selected === happening.facts.name ? { ...state, facts: happening.facts } : state;
    case "edgeHovered": return { ...state, hoveredEdge: happening.edge };
    case "searched": return { ...state, search: happening.text };
    case "indexed": return { ...state, indexed: true };
    case "lifeCame": {
      const { life } = happening;
      const news = life.nonFinite?.found?.node !== state.life?.nonFinite?.found?.node;
      return { ...state, life, bannerClosed: state.bannerClosed && !news };
    }
    case "byTime": return { ...state, byTime: happening.on };
    case "searching": return { ...state, searching: happening.on, bannerClosed: false };
    case "bannerClosed": return { ...state, bannerClosed: true };
    case "panel":
      if (happening.panel === "card") return { ...state, cardOpen: happening.open };
      return happening.panel === "aside" ? { ...state, asideOpen: happening.open } : { ...state, asTree: happening.open };
  }
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
    ...state, expanded: new Set([...state.expanded, ...around]), broughtIn: new Set([...state.broughtIn, ...around, name]),
    selected: name, facts: state.facts?.name === name ? state.facts : undefined, cardOpen: true, search: "",
  };
}

function expand(state: GraphState, scope: string, open: boolean): GraphState {
  if (open) {
    const around = [...parentsOf(scope), scope].filter((name) => name !== "");
    return { ...state, expanded: new Set([...state.expanded, ...around]), broughtIn: new Set([...state.broughtIn, ...around]) };
  }
  const inside = (name: string): boolean => name === scope || name.startsWith(`${scope}/`);
  const selected = state.selected !== undefined && state.selected.startsWith(`${scope}/`) ? scope : state.selected;
  return { ...state, expanded: new Set([...state.expanded].filter((name) => !inside(name))), selected, facts: state.facts?.name === selected ? state.facts : undefined };
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

/** Names that match every word in name, type or shape; scopes first, then by length of the name. */
export function findNodes({ levels, search }: GraphState): readonly LevelNode[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = [...levels.values()].flatMap(({ nodes }) => nodes.filter((node) => {
    const text = `${node.name} ${node.op ?? ""} ${node.shape ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }));
  const unique = [...new Map(found.map((node) => [node.name, node])).values()];
  return unique.sort((one, other) => Number(opens(other)) - Number(opens(one)) || one.name.length - other.name.length);
}

/** Matches that lie in closed scopes of the drawing, by the scope that hides them. */
export function matchesInside(found: readonly LevelNode[], drawn: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of found) {
    if (drawn.has(name)) continue;
    const around = [...parentsOf(name)].reverse().find((parent) => drawn.has(parent));
    if (around !== undefined) counts.set(around, (counts.get(around) ?? 0) + 1);
  }
  return counts;
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
