// What the person chose for the charts: kept for the whole workspace by the host, as JSON that is not trusted when it comes back.
import { parseIfJson } from "#base/json";
import { directionByName } from "#analysis/series/direction";
import type { Tag } from "#model/run";
import type { AxisKind, Smoothing } from "#model/scalars";

export type Scale = "linear" | "log";

/** Which extreme of a curve is its best. */
export type Better = "lower" | "higher" | "none";

/** `none` where the tag's name does not say, or two networks pull it both ways. */
export function betterByName(tag: Tag): Better {
  const direction = directionByName(tag);
  return direction === "lower" || direction === "higher" ? direction : "none";
}

/** What one chart has of its own. */
export interface ChartSettings {
  readonly weight?: number;
  readonly y?: Scale;
  readonly limits?: readonly [number, number];
  /** Averages that started at 0 are shown as they would be without that. */
  readonly corrected?: boolean;
  readonly better?: Better;
}

/** What a scope has for all of its charts that have none of their own. */
export type ScopeSettings = Pick<ChartSettings, "weight" | "y" | "limits">;

/** Which column of which tag the table is sorted by. */
export interface Sorting {
  readonly tag: Tag;
  readonly column: string;
  readonly descending: boolean;
}

export interface Settings {
  readonly x: AxisKind;
  readonly xScale: Scale;
  readonly y: Scale;
  readonly smoothing: Smoothing;
  /** Outliers are left out of the value axes, and counted. */
  readonly clip: boolean;
  /** What restarts superseded is drawn, faint. */
  readonly superseded: boolean;
  /** 0: as many as fit. */
  readonly columns: number;
  readonly closedScopes: readonly string[];
  readonly hidden: readonly Tag[];
  /** Ids of charts that stand first. */
  readonly pinned: readonly string[];
  /** Tags that share a chart. */
  readonly merged: readonly (readonly Tag[])[];
  readonly charts: Readonly<Record<string, ChartSettings>>;
  readonly scopes: Readonly<Record<string, ScopeSettings>>;
  /** Folder of the run that others are compared with. */
  readonly baseline?: string;
  /** Values are compared at the last step that all runs have reached, or each at its own last. */
  readonly compareAt: "common" | "last";
  /** Runs that share a folder are drawn as mean and spread. */
  readonly grouped: boolean;
  /** Undefined until it was opened or closed by hand. */
  readonly tableOpen?: boolean;
  /** Names of groups whose members the table does not show. */
  readonly closedGroups: readonly string[];
  readonly sorting?: Sorting;
}

export const defaultSettings: Settings = {
  x: { kind: "step" }, xScale: "linear", y: "linear", smoothing: { weight: 0.9, timed: false, bridge: false }, clip: true, superseded: true,
  columns: 0, closedScopes: [], hidden: [], pinned: [], merged: [], charts: {}, scopes: {}, grouped: true, compareAt: "common", closedGroups: [],
};

/** Settings out of what was kept; whatever has not the expected shape is as it is at first. */
export function parseSettings(text: string): Settings {
  const kept = record(parseIfJson(text));
  const smoothing = record(kept.smoothing);
  const { x, xScale, y, clip, superseded, columns, closedScopes, hidden, pinned, merged, baseline, grouped, tableOpen } = kept;
  return {
    x: axisOf(x) ?? defaultSettings.x,
    xScale: scaleOf(xScale) ?? "linear",
    y: scaleOf(y) ?? "linear",
    smoothing: {
      weight: weightOf(smoothing.weight) ?? defaultSettings.smoothing.weight, timed: smoothing.timed === true, bridge: smoothing.bridge === true,
    },
    clip: clip !== false,
    superseded: superseded !== false,
    columns: typeof columns === "number" && [1, 2, 3, 4].includes(columns) ? columns : 0,
    closedScopes: texts(closedScopes),
    hidden: texts(hidden),
    pinned: texts(pinned),
    merged: Array.isArray(merged) ? merged.map(texts).filter((tags) => tags.length > 1) : [],
    charts: mapped(kept.charts, chartOf),
    scopes: mapped(kept.scopes, chartOf),
    ...(typeof baseline === "string" && { baseline }),
    grouped: grouped !== false,
    compareAt: kept.compareAt === "last" ? "last" : "common",
    ...(typeof tableOpen === "boolean" && { tableOpen }),
    closedGroups: texts(kept.closedGroups),
    ...sortingOf(kept.sorting),
  };
}

export function printSettings(settings: Settings): string {
  return JSON.stringify(settings);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function mapped<Value>(value: unknown, of: (one: unknown) => Value): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record(value)).map(([key, one]) => [key, of(one)]));
}

function axisOf(value: unknown): AxisKind | undefined {
  const { kind, tag } = record(value);
  if (kind === "tag" && typeof tag === "string") return { kind, tag };
  return kind === "step" || kind === "relative" || kind === "wall" || kind === "active" ? { kind } : undefined;
}

function scaleOf(value: unknown): Scale | undefined {
  return value === "linear" || value === "log" ? value : undefined;
}

function weightOf(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value < 1 ? value : undefined;
}

function chartOf(value: unknown): ChartSettings {
  const { weight, y, limits, corrected, better } = record(value);
  const ownWeight = weightOf(weight);
  const ownScale = scaleOf(y);
  const [low, high] = Array.isArray(limits) ? (limits as unknown[]) : [];
  return {
    ...(ownWeight !== undefined && { weight: ownWeight }),
    ...(ownScale && { y: ownScale }),
    ...(typeof low === "number" && typeof high === "number" && high > low && { limits: [low, high] as const }),
    ...(typeof corrected === "boolean" && { corrected }),
    ...((better === "lower" || better === "higher" || better === "none") && { better }),
  };
}

function sortingOf(value: unknown): Pick<Settings, "sorting"> {
  const { tag, column, descending } = record(value);
  return typeof tag === "string" && typeof column === "string" ? { sorting: { tag, column, descending: descending === true } } : {};
}
