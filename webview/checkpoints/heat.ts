// The heat map of change as rows of cells: which scopes are shown, what stands in a cell, how strongly it is coloured.
import type { ChangeMap } from "#model/checkpointLook";
import type { Numbers } from "#kit/numbers";
import { parentsOf } from "#model/scopedName";

/** What the map measures: change per 1,000 steps, or from one checkpoint to the next however far apart they are. */
export type Measure = "perThousand" | "between";

/** One cell. `percent` is undefined where the scope was not in both checkpoints. */
export interface HeatCell {
  readonly percent: number | undefined;
  readonly nonFinite: number;
  /** Share of the accent colour, 0.04 to 0.6. */
  readonly share: number;
}

export interface HeatRow {
  readonly scope: string;
  /** Its last part. */
  readonly name: string;
  readonly depth: number;
  /** Undefined where nothing lies below it. */
  readonly open?: boolean;
  readonly cells: readonly HeatCell[];
  /** It or something below it holds values that are not finite. */
  readonly broken: boolean;
}

/** Between these percentages the colour grows with the logarithm. */
const palest = 0.1;
const strongest = 30;

/** What of the map is shown, and how. */
export interface HeatOptions {
  readonly open: ReadonlySet<string>;
  readonly measure: Measure;
  /** Steps from one column's first checkpoint to its second; undefined where they are not known. */
  steps(column: number): number | undefined;
}

/** Rows whose parents are open, in the order of the map. */
export function heatRows({ scopes, columns }: Pick<ChangeMap, "scopes" | "columns">, { open, measure, steps }: HeatOptions): readonly HeatRow[] {
  const parents = new Set(scopes.map((scope) => parentOf(scope, scopes)).filter((parent) => parent !== undefined));
  return scopes.flatMap((scope, index): HeatRow[] => {
    const above = ancestors(scope, scopes);
    if (!above.every((parent) => open.has(parent))) return [];
    const cells = columns.map(({ relative, nonFinite }, column) => cellOf(relative[index], { nonFinite: nonFinite[index] ?? 0, steps: steps(column), measure }));
    const name = above.length === 0 ? scope : scope.slice((above.at(-1)?.length ?? 0) + 1);
    return [{ scope, name: name === "" ? "(no scope)" : name, depth: above.length, ...(parents.has(scope) && { open: open.has(scope) }), cells, broken: cells.some(({ nonFinite }) => nonFinite > 0) }];
  });
}

function parentOf(scope: string, scopes: readonly string[]): string | undefined {
  return ancestors(scope, scopes).at(-1);
}

function ancestors(scope: string, scopes: readonly string[]): string[] {
  const known = new Set(scopes);
  return parentsOf(scope).filter((above) => known.has(above));
}

/** One cell of a relative change. */
export function cellOf(relative: number | undefined, { nonFinite, steps, measure }: { readonly nonFinite: number; readonly steps: number | undefined; readonly measure: Measure }): HeatCell {
  const scale = measure === "perThousand" && steps !== undefined && steps > 0 ? 1000 / steps : 1;
  const percent = relative === undefined ? undefined : relative * 100 * scale;
  return { percent, nonFinite, share: shareOf(percent) };
}

/** Share of the accent colour for a percentage. */
export function shareOf(percent: number | undefined): number {
  if (percent === undefined || Number.isNaN(percent) || percent < palest) return 0.04;
  const place = Math.min(1, Math.log(percent / palest) / Math.log(strongest / palest));
  return 0.04 + 0.56 * place;
}

/** What is printed in a cell: two digits; words for what is no number. */
export function cellText(percent: number | undefined, numbers: Numbers): string {
  if (percent === undefined) return "–";
  if (Number.isNaN(percent)) return "NaN";
  if (!Number.isFinite(percent)) return "inf";
  return percent >= 9.95 ? numbers.count(Math.round(percent)) : percent.toFixed(1);
}

/** A cell in words, for those who hear it. */
export function cellWords(row: HeatRow, cell: HeatCell, { from, to, measure, numbers }: { readonly from: string; readonly to: string; readonly measure: Measure; readonly numbers: Numbers }): string {
  if (cell.nonFinite > 0) return `${row.name}, ${from} to ${to}, NaN: not a number, in ${numbers.counted(cell.nonFinite, "value", "values")}.`;
  if (cell.percent === undefined) return `${row.name}, ${from} to ${to}, not in both.`;
  return `${row.name}, ${from} to ${to}, ${cellText(cell.percent, numbers)} percent${measure === "perThousand" ? " per 1,000 steps" : ""}.`;
}
