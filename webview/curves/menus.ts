// What the menus hold: of a chart, a scope, a run, and of the whole view.
import type { CurvesRun } from "#protocol/curvesApi";
import type { MenuItem } from "#kit/menu";
import type { Theme } from "#kit/theme";
import { apart, mergedWith, type ChartPlan, type RunGroup } from "./charts";
import type { ChartView, View } from "./requests";
import { pinnedScope } from "./sections";
import { betterByName, type Better, type Settings } from "./settings";
import { printWeight } from "./smoothingScale";
import type { Happening } from "./state";
import { swatch } from "./swatch";

export interface MenuActions {
  dispatch(happening: Happening): void;
  limits(anchor: HTMLElement, chart: ChartView | { readonly scope: string }): void;
  image(chart: ChartView, kind: "svg" | "png", paper: "light" | "dark"): void;
  exportCurves(format: "csv" | "json", charts: readonly ChartView[]): void;
  setStyle(dir: string, style: number): void;
  pickRuns(): void;
  /** Which tags share a chart. */
  pickTags(plan: ChartPlan): void;
  dropRun(dir: string): void;
  /** Shows a tag's value as a box of a run's graph. */
  showInGraph(dir: string, tag: string): void;
  openRun(dir: string, what: "openCheckpoints" | "openGraph"): void;
}

const weights = [0, 0.6, 0.9, 0.99, 0.999];
const directions: readonly { readonly better: Better; readonly label: string }[] = [
  { better: "lower", label: "Lower is better" },
  { better: "higher", label: "Higher is better" },
  { better: "none", label: "Neither is better" },
];
const separator: MenuItem = { kind: "separator" };

/** Of one chart. `anchor` is where a form would open. */
export function chartItems(view: View, chart: ChartView, { anchor, actions }: { readonly anchor: HTMLElement; readonly actions: MenuActions }): readonly MenuItem[] {
  const { settings } = view.state;
  const { plan, yScale } = chart;
  const own = settings.charts[plan.id] ?? {};
  const { dispatch } = actions;
  const set = (change: Extract<Happening, { kind: "setChart" }>["change"]): void => dispatch({ kind: "setChart", chart: plan.id, change });
  const pinned = settings.pinned.includes(plan.id);
  const better = own.better ?? betterByName(plan.tags[0] ?? "");
  return [
    { label: pinned ? "Unpin" : "Pin to Top", name: "pin", run: () => dispatch({ kind: "set", change: { pinned: pinned ? settings.pinned.filter((id) => id !== plan.id) : [...settings.pinned, plan.id] } }) },
    { label: "Hide", name: "hide", run: () => dispatch({ kind: "set", change: { hidden: [...settings.hidden, ...plan.tags] } }) },
    ...(plan.tags.length > 1 ? [{ label: "Take Apart", name: "apart", run: () => dispatch({ kind: "set", change: { merged: apart(settings.merged, plan.tags) } }) }] : []),
    ...mergeItems(view, plan, actions),
    separator,
    ...weights.map((weight): MenuItem => ({
      label: `Smoothing ${weight === 0 ? "off" : printWeight(weight)}`, checked: own.weight === weight, run: () => set({ weight: own.weight === weight ? undefined : weight }),
    })),
    separator,
    { label: "Logarithmic Y", checked: yScale === "log", run: () => set({ y: yScale === "log" ? "linear" : "log" }) },
    { label: "Y Limits…", name: "limits", checked: own.limits !== undefined, run: () => actions.limits(anchor, chart) },
    separator,
    ...directions.map((one): MenuItem => ({ label: one.label, checked: better === one.better, run: () => set({ better: one.better }) })),
    separator,
    ...imageItems(chart, actions),
    ...dataItems([chart], actions),
    separator,
    ...graphItems(chart, actions),
    { label: "Reset This Chart", name: "resetChart", disabled: Object.keys(own).length === 0, run: () => set({ weight: undefined, y: undefined, limits: undefined, corrected: undefined, better: undefined }) },
  ];
}

/** Drawing into another chart, for those who do not drag: into the one before, or with any. */
function mergeItems(view: View, plan: ChartPlan, actions: MenuActions): readonly MenuItem[] {
  const at = view.charts.findIndex((one) => one.plan.id === plan.id);
  const before = view.charts[at - 1]?.plan;
  const merge = (onto: ChartPlan): void => actions.dispatch({ kind: "set", change: { merged: mergedWith(view.state.settings.merged, onto, plan) } });
  return [
    ...(before ? [{ label: `Draw With ${before.tags[0] ?? ""}`, name: "merge", run: () => merge(before) }] : []),
    ...(view.charts.length > 1 || plan.tags.length > 1 ? [{ label: "Draw With…", name: "pickTags", run: () => actions.pickTags(plan) }] : []),
  ];
}

/** Of the first run that has it. */
function graphItems({ plan, lines }: ChartView, actions: MenuActions): readonly MenuItem[] {
  const [dir] = lines[0]?.dirs ?? [];
  return dir === undefined ? [] : plan.tags.map((tag): MenuItem => ({ label: plan.tags.length > 1 ? `Show ${tag} in Graph` : "Show in Graph", name: "showInGraph", run: () => actions.showInGraph(dir, tag) }));
}

function imageItems(chart: ChartView, actions: MenuActions): readonly MenuItem[] {
  return (["svg", "png"] as const).flatMap((kind) => (["light", "dark"] as const).map((paper): MenuItem => ({
    label: `Save as ${kind.toUpperCase()}, ${paper}…`, name: `${kind}-${paper}`, run: () => actions.image(chart, kind, paper),
  })));
}

function dataItems(charts: readonly ChartView[], actions: MenuActions): readonly MenuItem[] {
  return (["csv", "json"] as const).map((format): MenuItem => ({ label: `Export All Points as ${format.toUpperCase()}…`, name: `export-${format}`, run: () => actions.exportCurves(format, charts) }));
}

/** Of a scope: what holds for all charts in it that have no setting of their own. */
export function scopeItems(view: View, scope: string, { anchor, actions }: { readonly anchor: HTMLElement; readonly actions: MenuActions }): readonly MenuItem[] {
  const own = view.state.settings.scopes[scope] ?? {};
  const set = (change: Extract<Happening, { kind: "setScope" }>["change"]): void => actions.dispatch({ kind: "setScope", scope, change });
  if (scope === pinnedScope) return [{ label: "Unpin All", run: () => actions.dispatch({ kind: "set", change: { pinned: [] } }) }];
  return [
    ...weights.map((weight): MenuItem => ({ label: `Smoothing ${weight === 0 ? "off" : printWeight(weight)}`, checked: own.weight === weight, run: () => set({ weight: own.weight === weight ? undefined : weight }) })),
    separator,
    { label: "Logarithmic Y", checked: own.y === "log", run: () => set({ y: own.y === "log" ? undefined : "log" }) },
    { label: "Y Limits…", checked: own.limits !== undefined, run: () => actions.limits(anchor, { scope }) },
    separator,
    { label: "Reset This Scope", disabled: Object.keys(own).length === 0, run: () => set({ weight: undefined, y: undefined, limits: undefined }) },
  ];
}

/** Of a run, or of a group by its first run. */
export function runItems(view: View, group: Pick<RunGroup, "runs">, { theme, actions }: { readonly theme: Theme; readonly actions: MenuActions }): readonly MenuItem[] {
  const { settings, snapshot } = view.state;
  const [first] = group.runs;
  if (!first) return [];
  const { dir } = first.run;
  const own = snapshot?.own === dir;
  const baseline = settings.baseline === dir;
  return [
    { label: "Show Its Checkpoints and Marks", checked: false, run: () => actions.dispatch({ kind: "focused", dir }) },
    { label: "Baseline", checked: baseline, name: "baseline", run: () => actions.dispatch({ kind: "set", change: { baseline: baseline ? undefined : dir } }) },
    { label: "Open Checkpoints", run: () => actions.openRun(dir, "openCheckpoints") },
    { label: "Open Graph", run: () => actions.openRun(dir, "openGraph") },
    separator,
    ...theme.series.slice(0, 16).map((_, style): MenuItem => ({ label: styleName(style), checked: first.style === style, lead: swatch(theme, style), run: () => actions.setStyle(dir, style) })),
    separator,
    { label: own ? "The panel’s own run" : "Remove From View", disabled: own, name: "dropRun", run: () => group.runs.forEach((run: CurvesRun) => actions.dropRun(run.run.dir)) },
  ];
}

const colors = ["Blue", "Orange", "Purple", "Green"];
const lines = ["solid", "dashed", "dotted", "dash-dot"];

function styleName(style: number): string {
  return `${colors[style % 4] ?? ""}, ${lines[(style + Math.floor(style / 4)) % 4] ?? ""}`;
}

/** Of the whole view. */
export function viewItems({ state: { settings } }: View, actions: MenuActions): readonly MenuItem[] {
  const set = (change: Partial<Settings>): void => actions.dispatch({ kind: "set", change });
  const { smoothing } = settings;
  return [
    { label: "Choose Runs…", name: "pickRuns", run: actions.pickRuns },
    { label: "Runs of One Folder as Mean ± sd", checked: settings.grouped, run: () => set({ grouped: !settings.grouped }) },
    separator,
    { label: "Superseded Tails", checked: settings.superseded, run: () => set({ superseded: !settings.superseded }) },
    { label: "Average Goes On Across Restarts", checked: smoothing.bridge, name: "bridge", run: () => set({ smoothing: { ...smoothing, bridge: !smoothing.bridge } }) },
    { label: "Average by Steps, Not Points", checked: smoothing.timed, name: "timed", run: () => set({ smoothing: { ...smoothing, timed: !smoothing.timed } }) },
    separator,
    { label: `Show Hidden Tags (${settings.hidden.length})`, disabled: settings.hidden.length === 0, name: "unhide", run: () => set({ hidden: [] }) },
  ];
}

/** Everything in view. */
export function exportItems({ charts }: View, actions: MenuActions): readonly MenuItem[] {
  return dataItems(charts, actions);
}
