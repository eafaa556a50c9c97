// The table of all curves: what each comes to, compared with a baseline, sorted; rows of a group below their mean.
import type { Tag } from "#model/run";
import type { CurveSummary, StepValue } from "#model/scalars";
import { lastPart } from "#model/scopedName";
import type { RunGroup } from "./charts";
import { summaryKey, type View } from "./requests";
import { betterByName, type Better } from "./settings";

/** A tag's cells in one row. */
export interface SummaryCells {
  readonly tag: Tag;
  /** Smoothed, at the step of comparison, else the last. */
  readonly value: number | undefined;
  /** Of a group. */
  readonly spread?: number;
  readonly last: number | undefined;
  readonly lastStep: number | undefined;
  /** Against the baseline, where there is one and this is not it. */
  readonly difference?: number;
  readonly percent?: number;
  readonly better?: boolean;
  /** Extreme of the smoothed line in the tag's direction. */
  readonly best: StepValue | undefined;
  readonly min: StepValue | undefined;
  readonly max: StepValue | undefined;
}

export interface SummaryRow {
  readonly name: string;
  readonly dir: string;
  readonly style: number;
  readonly state: string;
  readonly kind: "run" | "group" | "member";
  /** Of a member: the name of its group. */
  readonly group?: string;
  /** Of a group: its runs. */
  readonly members?: number;
  readonly baseline: boolean;
  /** Now, or of a run that has ended, since its last restart. */
  readonly stepsPerSecond: number | undefined;
  readonly cells: readonly SummaryCells[];
}

export interface SummaryTable {
  readonly tags: readonly Tag[];
  readonly rows: readonly SummaryRow[];
  readonly directions: ReadonlyMap<Tag, Better>;
}

/** The columns that a tag can be sorted by. */
export type SummaryColumn = "value" | "difference" | "percent" | "best" | "min" | "max" | "speed";

/** Makes the table of what is in view. The baseline stays first, members stay below their group. */
export function summaryTable(view: View): SummaryTable {
  const { state, charts, groups } = view;
  const { settings, summaries } = state;
  const tags = charts.flatMap(({ plan }) => plan.tags);
  const directions = new Map(charts.flatMap(({ plan, settings: own }) => plan.tags.map((tag) => [tag, own.better ?? betterByName(tag)] as const)));
  const summaryOf = (dir: string, tag: Tag): CurveSummary | undefined => summaries.get(summaryKey(dir, tag))?.summary;
  const base = new Map(tags.map((tag) => [tag, settings.baseline === undefined ? undefined : valueOf(summaryOf(settings.baseline, tag))]));
  const cellsOf = (dirs: readonly string[], isBaseline: boolean): SummaryCells[] =>
    tags.map((tag) => {
      const own = dirs.flatMap((dir) => summaryOf(dir, tag) ?? []);
      return cells({ tag, own, better: directions.get(tag) ?? "none", base: isBaseline ? undefined : base.get(tag) });
    });
  const speedOf = (dir: string): number | undefined => tags.flatMap((tag) => summaryOf(dir, tag)?.stepsPerSecond ?? [])[0];
  const blocks = groups.map((group) => block(group, { baseline: settings.baseline, cellsOf, speedOf }));
  const { sorting } = settings;
  const order = (one: SummaryRow, other: SummaryRow): number => (sorting ? compare(one, other, sorting) : 0);
  const sorted = [...blocks].sort(([one], [other]) => (one && other ? Number(other.baseline) - Number(one.baseline) || order(one, other) : 0));
  return { tags, directions, rows: sorted.flatMap(([head, ...members]) => (head ? [head, ...members.sort(order)] : [])) };
}

function block(group: RunGroup, { baseline, cellsOf, speedOf }: {
  readonly baseline: string | undefined; readonly cellsOf: (dirs: readonly string[], baseline: boolean) => SummaryCells[]; readonly speedOf: (dir: string) => number | undefined;
}): SummaryRow[] {
  const rows = group.runs.map(({ run, style }): SummaryRow => ({
    name: lastPart(run.name), dir: run.dir, style, state: run.state === "foreign" ? "elsewhere" : run.state === "running" ? "live" : run.state,
    ...(group.runs.length > 1 ? { kind: "member", group: group.name } : { kind: "run" }), baseline: run.dir === baseline, stepsPerSecond: run.progress?.stepsPerSecond ?? speedOf(run.dir), cells: cellsOf([run.dir], run.dir === baseline),
  }));
  const [first] = rows;
  if (!first || rows.length === 1) return first ? [{ ...first, name: group.name }] : [];
  const speeds = rows.flatMap(({ stepsPerSecond }) => stepsPerSecond ?? []);
  const states = [...new Set(rows.map(({ state }) => state))];
  const head: SummaryRow = {
    name: group.name, dir: first.dir, style: group.style, state: states.length === 1 ? `${rows.length} ${states[0] ?? ""}` : `${rows.length} runs`, kind: "group", members: rows.length, baseline: false,
    stepsPerSecond: speeds.length === 0 ? undefined : speeds.reduce((sum, one) => sum + one, 0) / speeds.length, cells: cellsOf(group.runs.map(({ run }) => run.dir), false),
  };
  return [head, ...rows];
}

function valueOf(summary: CurveSummary | undefined): number | undefined {
  return (summary?.at ?? summary?.last)?.smoothed;
}

function cells({ tag, own, better, base }: { readonly tag: Tag; readonly own: readonly CurveSummary[]; readonly better: Better; readonly base: number | undefined }): SummaryCells {
  const values = own.flatMap((summary) => valueOf(summary) ?? []).filter(Number.isFinite);
  const value = values.length > 0 ? values.reduce((sum, one) => sum + one, 0) / values.length : undefined;
  const difference = base !== undefined && value !== undefined ? value - base : undefined;
  const least = extreme(own.map(({ min }) => min), "lower");
  return {
    tag, value, last: own.length === 1 ? own[0]?.last?.smoothed : value, lastStep: own[0]?.last?.step,
    ...(own.length > 1 && value !== undefined && values.length > 1 && { spread: Math.sqrt(values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (values.length - 1)) }),
    ...(difference !== undefined && { difference }),
    ...(difference !== undefined && base !== undefined && base !== 0 && { percent: (100 * difference) / Math.abs(base) }),
    ...(difference !== undefined && better !== "none" && { better: better === "lower" ? difference < 0 : difference > 0 }),
    best: better === "none" ? undefined : extreme(own.map(({ lowest, highest }) => (better === "lower" ? lowest : highest)), better),
    min: least,
    max: extreme(own.map(({ max }) => max), "higher"),
  };
}

function extreme(all: readonly (StepValue | undefined)[], way: "lower" | "higher"): StepValue | undefined {
  const sign = way === "lower" ? 1 : -1;
  return all.filter((one) => one !== undefined).reduce<StepValue | undefined>((best, one) => (best && sign * best.value <= sign * one.value ? best : one), undefined);
}

function compare(one: SummaryRow, other: SummaryRow, { tag, column, descending }: { readonly tag: Tag; readonly column: string; readonly descending: boolean }): number {
  const of = (row: SummaryRow): number => {
    const cell = row.cells.find((candidate) => candidate.tag === tag);
    switch (column) {
      case "speed": return row.stepsPerSecond ?? NaN;
      case "difference": return cell?.difference ?? NaN;
      case "percent": return cell?.percent ?? NaN;
      case "best": return cell?.best?.value ?? NaN;
      case "min": return cell?.min?.value ?? NaN;
      case "max": return cell?.max?.value ?? NaN;
      default: return cell?.value ?? NaN;
    }
  };
  const [a, b] = [of(one), of(other)];
  // What has no value stands last, whichever way it is sorted.
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return descending ? b - a : a - b;
}
