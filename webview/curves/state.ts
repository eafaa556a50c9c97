// All that the curves view knows, and how it changes: a reducer over what the host says and what the person does.
import type { CurveSummary, GroupSlice, Slice } from "#model/scalars";
import type { CurvesPart, CurvesRun, CurvesSnapshot, ScopeTags } from "#protocol/curvesApi";
import { defaultSettings, parseSettings, type ChartSettings, type ScopeSettings, type Settings } from "./settings";

/** Places on the x axis, both inclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What the editor keeps for one page while it sleeps. */
export interface PageState {
  readonly range?: Range;
  readonly filter: string;
}

/** A cut together with the ask that brought it, so that a newer wish is recognised. */
export interface Drawn {
  readonly key: string;
  /** Revisions of the runs when it was asked for. */
  readonly revision: number;
  /** What the person had chosen when it was asked for. */
  readonly chosen: Pick<CurvesState, "settings"> & Pick<PageState, "range">;
  readonly slice?: Slice;
  readonly group?: GroupSlice;
  /** Why there is none. */
  readonly refused?: string;
}

/** A curve's numbers together with the ask that brought them. */
export interface KnownSummary {
  readonly key: string;
  /** Left out where it was refused. */
  readonly summary?: CurveSummary;
}

/** A checkpoint whose details are open, and where. */
export interface OpenTick {
  readonly chart: string;
  readonly dir: string;
  readonly prefix: string;
}

export interface CurvesState {
  readonly phase: "loading" | "open" | "failed";
  /** Why the last ask for all failed. */
  readonly problem?: string;
  readonly snapshot?: CurvesSnapshot;
  readonly settings: Settings;
  readonly page: PageState;
  /** Newest known revision of each run. */
  readonly revisions: ReadonlyMap<string, number>;
  /** By the key of a line. */
  readonly drawn: ReadonlyMap<string, Drawn>;
  /** An ask for cuts is under way. */
  readonly asking: boolean;
  /** The axis is being moved: cuts may be coarse. */
  readonly moving: boolean;
  /** Charts on screen and their plots' widths in pixels. */
  readonly visible: ReadonlyMap<string, number>;
  /** Whole curves in a few numbers, by the key of a line of one run. */
  readonly summaries: ReadonlyMap<string, KnownSummary>;
  readonly tableVisible: boolean;
  /** Folder of the run that is pointed at in legend or table; the others are dim. */
  readonly pointedRun?: string;
  readonly focusedRun?: string;
  readonly openTick?: OpenTick;
  /** A sentence about what was just done. */
  readonly said?: string;
  readonly nowSeconds: number;
  /** Chosen in the run's graph: only its tags are drawn. */
  readonly scope?: ScopeTags;
  /** The scope whose tags are not drawn alone any more, although it is still chosen there. */
  readonly leftScope?: string;
}

export type Happening =
  | { readonly kind: "opened"; readonly snapshot: CurvesSnapshot }
  | { readonly kind: "openFailed"; readonly why: string }
  | { readonly kind: "seriesChanged"; readonly changes: readonly { readonly dir: string; readonly revision: number }[] }
  | { readonly kind: "asked" }
  | { readonly kind: "drawnCame"; readonly drawn: ReadonlyMap<string, Drawn> }
  | { readonly kind: "summariesCame"; readonly summaries: ReadonlyMap<string, KnownSummary> }
  | { readonly kind: "shown"; readonly chart: string; readonly pixels: number }
  | { readonly kind: "hidden"; readonly chart: string }
  | { readonly kind: "tableShown"; readonly now: boolean }
  | { readonly kind: "set"; readonly change: Partial<Settings> }
  | { readonly kind: "setChart"; readonly chart: string; readonly change: { readonly [K in keyof ChartSettings]: ChartSettings[K] | undefined } }
  | { readonly kind: "setScope"; readonly scope: string; readonly change: { readonly [K in keyof ScopeSettings]: ScopeSettings[K] | undefined } }
  | { readonly kind: "zoomed"; readonly range: Range | undefined; readonly moving: boolean }
  | { readonly kind: "rested" }
  | { readonly kind: "filtered"; readonly filter: string }
  | { readonly kind: "scopeChosen"; readonly scope: ScopeTags }
  | { readonly kind: "scopeLeft" }
  | { readonly kind: "pointed"; readonly dir: string | undefined }
  | { readonly kind: "focused"; readonly dir: string }
  | { readonly kind: "tickOpened"; readonly tick: OpenTick }
  | { readonly kind: "tickClosed" }
  | { readonly kind: "said"; readonly text: string | undefined }
  | { readonly kind: "clock"; readonly nowSeconds: number };

/** The state before the host has answered. `saved` is whatever the editor kept from an earlier page. */
export function initialState(saved: unknown, nowSeconds: number): CurvesState {
  return {
    phase: "loading", settings: defaultSettings, page: pageStateOf(saved), revisions: new Map(), drawn: new Map(), asking: false, moving: false,
    visible: new Map(), summaries: new Map(), tableVisible: false, nowSeconds,
  };
}

function pageStateOf(saved: unknown): PageState {
  if (typeof saved !== "object" || saved === null) return { filter: "" };
  const { filter, range } = saved as Record<string, unknown>;
  return { filter: typeof filter === "string" ? filter : "", ...(isRange(range) && { range: { from: range.from, to: range.to } }) };
}

function isRange(range: unknown): range is Range {
  if (typeof range !== "object" || range === null) return false;
  const { from, to } = range as Record<string, unknown>;
  return typeof from === "number" && typeof to === "number" && to > from;
}

export function reduce(state: CurvesState, happening: Happening): CurvesState {
  switch (happening.kind) {
    case "opened": return opened(state, happening.snapshot);
    case "openFailed": return { ...state, phase: state.snapshot ? "open" : "failed", problem: happening.why };
    case "seriesChanged": return { ...state, revisions: withRevisions(state.revisions, happening.changes) };
    case "asked": return { ...state, asking: true };
    case "drawnCame": return { ...state, asking: false, drawn: new Map([...state.drawn, ...happening.drawn]) };
    case "summariesCame": return { ...state, summaries: new Map([...state.summaries, ...happening.summaries]) };
    case "shown": return { ...state, visible: new Map(state.visible).set(happening.chart, happening.pixels) };
    case "hidden": return { ...state, visible: new Map([...state.visible].filter(([chart]) => chart !== happening.chart)) };
    case "tableShown": return { ...state, tableVisible: happening.now };
    case "set": return set(state, happening.change);
    case "setChart": return set(state, { charts: patched(state.settings.charts, happening.chart, happening.change) });
    case "setScope": return set(state, { scopes: patched(state.settings.scopes, happening.scope, happening.change) });
    case "zoomed": return { ...state, moving: happening.moving, page: { filter: state.page.filter, ...(happening.range && { range: happening.range }) } };
    case "rested": return { ...state, moving: false };
    case "filtered": return { ...state, openTick: undefined, page: { ...state.page, filter: happening.filter } };
    case "scopeChosen": {
      const { scope } = happening;
      return scope.name !== undefined && scope.name === state.leftScope ? state : { ...state, scope, leftScope: undefined };
    }
    case "scopeLeft": return { ...state, scope: undefined, leftScope: state.scope?.name };
    case "pointed": return { ...state, pointedRun: happening.dir };
    // Details are of a mark of the run that was focused until now: its marks go.
    case "focused": return { ...state, openTick: undefined, focusedRun: happening.dir };
    case "tickOpened": return { ...state, openTick: happening.tick };
    case "tickClosed": return { ...state, openTick: undefined };
    case "said": return { ...state, said: happening.text };
    case "clock": return { ...state, nowSeconds: happening.nowSeconds };
  }
}

function opened(state: CurvesState, snapshot: CurvesSnapshot): CurvesState {
  const dirs = new Set(snapshot.runs.map(({ run }) => run.dir));
  const { openTick } = state;
  const ticks = runIn(snapshot, openTick?.dir)?.checkpoints ?? [];
  const revisions = new Map([...state.revisions].filter(([dir]) => dirs.has(dir)));
  for (const { run, revision } of snapshot.runs) revisions.set(run.dir, Math.max(revision, revisions.get(run.dir) ?? 0));
  return {
    ...state, phase: "open", problem: undefined, snapshot, revisions,
    // Settings are read once: from then on this page is ahead of what it told the host to remember.
    settings: state.snapshot ? state.settings : parseSettings(snapshot.settings),
    drawn: new Map([...state.drawn].filter(([key]) => key.slice(0, key.indexOf("\0")).split("\n").every((dir) => dirs.has(dir)))),
    openTick: ticks.some(({ prefix }) => prefix === openTick?.prefix) ? openTick : undefined,
    focusedRun: state.focusedRun !== undefined && dirs.has(state.focusedRun) ? state.focusedRun : undefined,
  };
}

/** What the page has after a part of what there is came to it. A run that it has yet to hear of is left out until then. */
export function joined(before: CurvesSnapshot | undefined, { own, dirs, runs, known, settings, mayChange }: CurvesPart): CurvesSnapshot {
  const fresh = new Map(runs.map((one) => [one.run.dir, one]));
  return { runs: dirs.flatMap((dir) => fresh.get(dir) ?? runIn(before, dir) ?? []), own, known, settings, mayChange };
}

function withRevisions(before: ReadonlyMap<string, number>, changes: readonly { readonly dir: string; readonly revision: number }[]): Map<string, number> {
  const revisions = new Map(before);
  for (const { dir, revision } of changes) revisions.set(dir, Math.max(revision, before.get(dir) ?? 0));
  return revisions;
}

/** A zoom is a range of one axis: another axis shows all. */
function set(state: CurvesState, change: Partial<Settings>): CurvesState {
  const moved = change.x !== undefined && JSON.stringify(change.x) !== JSON.stringify(state.settings.x);
  return { ...state, settings: { ...state.settings, ...change }, page: moved ? { filter: state.page.filter } : state.page };
}

function patched<Value extends object>(all: Readonly<Record<string, Value>>, key: string, change: object): Readonly<Record<string, Value>> {
  const rest = Object.entries({ ...all[key], ...change }).filter(([, value]) => value !== undefined);
  const others = Object.entries(all).filter(([name]) => name !== key);
  return Object.fromEntries(rest.length === 0 ? others : [...others, [key, Object.fromEntries(rest) as Value]]);
}

/** A run of a snapshot by its folder. */
export function runIn(snapshot: CurvesSnapshot | undefined, dir: string | undefined): CurvesRun | undefined {
  if (!snapshot || dir === undefined) return undefined;
  const known = runsOf.get(snapshot) ?? new Map(snapshot.runs.map((one) => [one.run.dir, one]));
  runsOf.set(snapshot, known);
  return known.get(dir);
}

const runsOf = new WeakMap<CurvesSnapshot, ReadonlyMap<string, CurvesRun>>();
