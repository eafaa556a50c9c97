// All that the curves view knows, and how it changes: a reducer over what the host says and what the person does.
import type { Tag } from "#model/run";
import type { Slice, SliceRequest, TagInfo } from "#model/scalars";
import type { CurvesSnapshot } from "#protocol/viewsApi";

export type YScale = "linear" | "log";

/** Steps, inclusive. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** What the person chose; kept by the editor while the page sleeps. */
export interface Preferences {
  /** Weight of TensorBoard's average, 0 to below 1. */
  readonly smoothing: number;
  readonly y: YScale;
  readonly filter: string;
  readonly closedScopes: readonly string[];
  readonly range?: StepRange;
}

/** A slice together with the ask that brought it, so that a newer wish is recognised. */
export interface DrawnSlice {
  readonly slice: Slice;
  readonly key: string;
  /** Revision of the series when it was asked for. */
  readonly revision: number;
}

export interface CurvesState {
  readonly phase: "loading" | "open" | "failed";
  /** Why the last ask for all failed. */
  readonly problem?: string;
  readonly snapshot?: CurvesSnapshot;
  readonly revision: number;
  readonly preferences: Preferences;
  readonly slices: ReadonlyMap<Tag, DrawnSlice>;
  /** Asks under way, by tag. */
  readonly asked: ReadonlySet<Tag>;
  /** Asks that were refused, so that they are not repeated until something changes. */
  readonly refused: ReadonlyMap<Tag, { readonly key: string; readonly revision: number; readonly why: string }>;
  /** Cards on screen and their plot's width in pixels. */
  readonly visible: ReadonlyMap<Tag, number>;
  /** The checkpoint whose details are open, and the card it was opened on. */
  readonly openTick?: { readonly tag: Tag; readonly prefix: string };
  readonly restoring: boolean;
  readonly nowSeconds: number;
}

export type Happening =
  | { readonly kind: "opened"; readonly snapshot: CurvesSnapshot }
  | { readonly kind: "openFailed"; readonly why: string }
  | { readonly kind: "seriesChanged"; readonly revision: number }
  | { readonly kind: "asked"; readonly tag: Tag }
  | { readonly kind: "sliceCame"; readonly drawn: DrawnSlice }
  | { readonly kind: "sliceRefused"; readonly tag: Tag; readonly key: string; readonly revision: number; readonly why: string }
  | { readonly kind: "shown"; readonly tag: Tag; readonly pixels: number }
  | { readonly kind: "hidden"; readonly tag: Tag }
  | { readonly kind: "prefer"; readonly change: Partial<Preferences> }
  | { readonly kind: "scopeToggled"; readonly scope: string }
  | { readonly kind: "tickOpened"; readonly tag: Tag; readonly prefix: string }
  | { readonly kind: "tickClosed" }
  | { readonly kind: "restoring"; readonly now: boolean }
  | { readonly kind: "clock"; readonly nowSeconds: number };

const defaults: Preferences = { smoothing: 0.9, y: "linear", filter: "", closedScopes: [] };

/** The state before the host has answered. `saved` is whatever the editor kept from an earlier page. */
export function initialState(saved: unknown, nowSeconds: number): CurvesState {
  return {
    phase: "loading", revision: 0, preferences: preferencesOf(saved), slices: new Map(), asked: new Set(),
    refused: new Map(), visible: new Map(), restoring: false, nowSeconds,
  };
}

function preferencesOf(saved: unknown): Preferences {
  if (typeof saved !== "object" || saved === null) return defaults;
  const { smoothing, y, filter, closedScopes, range } = saved as Record<string, unknown>;
  return {
    smoothing: typeof smoothing === "number" && smoothing >= 0 && smoothing < 1 ? smoothing : defaults.smoothing,
    y: y === "log" ? "log" : "linear",
    filter: typeof filter === "string" ? filter : "",
    closedScopes: Array.isArray(closedScopes) ? closedScopes.filter((scope) => typeof scope === "string") : [],
    range: isRange(range) ? range : undefined,
  };
}

function isRange(range: unknown): range is StepRange {
  if (typeof range !== "object" || range === null) return false;
  const { from, to } = range as Record<string, unknown>;
  return typeof from === "number" && typeof to === "number" && to > from;
}

export function reduce(state: CurvesState, happening: Happening): CurvesState {
  switch (happening.kind) {
    case "opened": return opened(state, happening.snapshot);
    case "openFailed": return { ...state, phase: state.snapshot ? "open" : "failed", problem: happening.why };
    case "seriesChanged": return { ...state, revision: Math.max(state.revision, happening.revision) };
    case "asked": return { ...state, asked: new Set(state.asked).add(happening.tag) };
    case "sliceCame": return sliceCame(state, happening.drawn);
    case "sliceRefused": {
      const { tag, key, revision, why } = happening;
      return { ...state, asked: without(state.asked, tag), refused: new Map(state.refused).set(tag, { key, revision, why }) };
    }
    case "shown": return { ...state, visible: new Map(state.visible).set(happening.tag, happening.pixels) };
    case "hidden": return { ...state, visible: new Map([...state.visible].filter(([tag]) => tag !== happening.tag)) };
    case "prefer": return { ...state, preferences: { ...state.preferences, ...happening.change } };
    case "scopeToggled": return { ...state, preferences: toggled(state.preferences, happening.scope) };
    case "tickOpened": return { ...state, openTick: { tag: happening.tag, prefix: happening.prefix } };
    case "tickClosed": return { ...state, openTick: undefined };
    case "restoring": return { ...state, restoring: happening.now, openTick: happening.now ? state.openTick : undefined };
    case "clock": return { ...state, nowSeconds: happening.nowSeconds };
  }
}

function opened(state: CurvesState, snapshot: CurvesSnapshot): CurvesState {
  const tags = new Set(snapshot.tags.map(({ tag }) => tag));
  const stillThere = snapshot.checkpoints.some(({ prefix }) => prefix === state.openTick?.prefix);
  return {
    ...state, phase: "open", problem: undefined, snapshot, revision: Math.max(state.revision, snapshot.revision),
    slices: new Map([...state.slices].filter(([tag]) => tags.has(tag))),
    openTick: stillThere ? state.openTick : undefined,
  };
}

function sliceCame(state: CurvesState, drawn: DrawnSlice): CurvesState {
  const { tag } = drawn.slice;
  const refused = new Map([...state.refused].filter(([name]) => name !== tag));
  return { ...state, asked: without(state.asked, tag), refused, slices: new Map(state.slices).set(tag, drawn) };
}

function without<T>(set: ReadonlySet<T>, gone: T): ReadonlySet<T> {
  return new Set([...set].filter((item) => item !== gone));
}

function toggled(preferences: Preferences, scope: string): Preferences {
  const { closedScopes } = preferences;
  const closed = closedScopes.includes(scope) ? closedScopes.filter((name) => name !== scope) : [...closedScopes, scope];
  return { ...preferences, closedScopes: closed };
}

/** The tags that have curves, in the order in which they were first recorded. */
export function scalarTags(state: CurvesState): readonly TagInfo[] {
  return (state.snapshot?.tags ?? []).filter(({ kind }) => kind === "scalar");
}

/** What must be asked so that every visible card shows what it should; one ask per card at a time. */
export function wantedSlices(state: CurvesState): readonly { readonly request: SliceRequest; readonly key: string }[] {
  if (state.phase !== "open") return [];
  return [...state.visible].flatMap(([tag, pixels]) => {
    if (state.asked.has(tag) || pixels <= 0) return [];
    const request = requestFor(state, tag, pixels);
    const key = keyOf(request);
    const has = state.slices.get(tag);
    const refused = state.refused.get(tag);
    const fresh = (known: { key: string; revision: number } | undefined): boolean =>
      known !== undefined && known.key === key && known.revision >= state.revision;
    return fresh(has) || fresh(refused) ? [] : [{ request, key }];
  });
}

function requestFor({ preferences }: CurvesState, tag: Tag, pixels: number): SliceRequest {
  const { range, smoothing } = preferences;
  const base = { tag, pixels: Math.round(pixels), smoothing };
  return range ? { ...base, from: Math.floor(range.from), to: Math.ceil(range.to) } : base;
}

function keyOf({ from, to, pixels, smoothing }: SliceRequest): string {
  return [from ?? "", to ?? "", pixels, smoothing].join(" ");
}
