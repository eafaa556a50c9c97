// The line of controls above the curves: axes, smoothing, clipping, filter, layout and what else there is to do.
import type { AxisKind } from "#model/scalars";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import type { MenuItem } from "#kit/menu";
import { checkbox, dropdown, iconButton, iconOf, slider, textField } from "#kit/ui";
import { scopeChip } from "#kit/scopeChip";
import { scalarTags } from "./charts";
import { chosenTags, type View } from "./requests";
import type { Scale, Settings } from "./settings";
import { effectiveWindow, halfLifeWords, parseWeight, positionOf, printWeight, weightAt } from "./smoothingScale";

export interface ToolbarActions {
  set(change: Partial<Settings>): void;
  filter(text: string): void;
  /** Draws tags of other scopes again. */
  leaveScope(): void;
  /** The ends of the X axis. */
  limits(anchor: HTMLElement): void;
  readonly filterOpen: boolean;
  openFilter(open: boolean): void;
  menu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void;
  exportItems(): readonly MenuItem[];
  moreItems(): readonly MenuItem[];
}

/** Below these widths of the page, parts of the toolbar give way. */
const widths = { words: 960, halfLife: 880, layout: 720, exporting: 560, clip: 540, slider: 420, yScale: 290 };

const axes: readonly { readonly kind: "step" | "relative" | "wall" | "active"; readonly label: string }[] = [
  { kind: "step", label: "Step" },
  { kind: "relative", label: "Relative" },
  { kind: "wall", label: "Wall clock" },
  { kind: "active", label: "Training time" },
];

export function toolbar(view: View, width: number, actions: ToolbarActions): Content {
  const { settings, page, snapshot, scope } = view.state;
  const { set, menu } = actions;
  const words = width >= widths.words;
  const narrow = width < widths.slider;
  const runs = view.groups.reduce((sum, group) => sum + group.runs.length, 0);
  const { smoothing } = settings;
  const halfLife = halfLifeWords(smoothing.weight, snapshot, { numbers });
  const weight = printWeight(smoothing.weight);
  const window = `${halfLife}, as steady as the mean of ${numbers.value(effectiveWindow(smoothing.weight))} points`;
  return html`<div class="toolbar" role="toolbar" aria-label="Curves">
    ${xControl(view, words, actions)}
    ${width >= widths.yScale ? dropdown<Scale>({
      label: "Y axis", value: settings.y, name: "yScale", onChange: (y) => set({ y }),
      options: [{ value: "linear", label: words ? "Y Linear" : "Linear" }, { value: "log", label: words ? "Y Log" : "Log" }],
    }) : nothing}
    ${width >= widths.halfLife ? html`<span class="smoothing-word">Smoothing</span>` : nothing}
    ${narrow ? menuButton({ label: weight, title: "Smoothing", name: "smoothingMenu", open: (anchor) => menu(anchor, "Smoothing", weightItems(settings, set)) }) : html`
      ${slider({
        label: "Smoothing", value: positionOf(smoothing.weight), text: `weight ${weight}, ${window}`, name: "smoothing",
        onInput: (position) => set({ smoothing: { ...smoothing, weight: weightAt(position) } }),
      })}
      ${textField({
        label: "Smoothing weight, 0 to below 1", value: weight, className: "weight", name: "weight",
        onCommit: (text) => set({ smoothing: { ...smoothing, weight: parseWeight(text) ?? smoothing.weight } }),
      })}
      ${width >= widths.halfLife ? html`<span class="half-life secondary" title=${window}>${halfLife}${smoothing.timed ? " · by steps" : ""}${smoothing.bridge ? " · bridged" : ""}</span>` : nothing}`}
    ${width >= widths.clip ? checkbox({ label: clipWords(view), checked: settings.clip, name: "clip", ariaLabel: "Clip outliers", onChange: (clip) => set({ clip }) }) : nothing}
    ${scope?.name !== undefined && chosenTags(view.state).length < scalarTags(snapshot).length ? scopeChip(scope.name, actions.leaveScope) : nothing}
    ${narrow && !actions.filterOpen && page.filter === ""
      ? html`<span class="grow"></span>${iconButton({ icon: "filter", label: "Filter runs and tags", name: "openFilter", onClick: () => actions.openFilter(true) })}`
      : html`<span class=${narrow ? "filter-place filter-row" : "filter-place"}>${textField({
        label: "Filter runs and tags", placeholder: words || narrow ? "Filter runs and tags" : "Filter", value: page.filter, icon: "filter", className: "filter", name: "filter", onInput: actions.filter,
        ...(narrow && { onKey: (event: KeyboardEvent) => event.key === "Escape" && closeFilter(actions) }),
      })}${narrow ? iconButton({ icon: "close", label: "Close the filter (Esc)", onClick: () => closeFilter(actions) }) : nothing}</span>`}
    ${width >= widths.words && snapshot ? html`<span class="secondary runs-count">${numbers.count(runs)} of ${numbers.counted(Math.max(runs, snapshot.known), "run", "runs")}</span>` : nothing}
    ${width >= widths.layout ? menuButton({
      label: settings.columns === 0 ? "Auto" : numbers.counted(settings.columns, "column", "columns"), title: "Columns", icon: "split-horizontal", name: "layout",
      open: (anchor) => menu(anchor, "Columns", layoutItems(settings, set)),
    }) : nothing}
    ${width >= widths.exporting ? iconButton({ icon: "export", label: "Export…", name: "export", onClick: (event) => menu(event.currentTarget as HTMLElement, "Export", actions.exportItems()) }) : nothing}
    ${iconButton({ icon: "ellipsis", label: "More…", name: "more", onClick: (event) => menu(event.currentTarget as HTMLElement, "More", [
      ...(width < widths.yScale ? [{ label: "Logarithmic Y", checked: settings.y === "log", run: () => set({ y: settings.y === "log" ? "linear" : "log" }) }] : []),
      ...(width < widths.clip ? [{ label: clipWords(view), checked: settings.clip, run: () => set({ clip: !settings.clip }) }, { kind: "separator" as const }] : []),
      ...(width < widths.layout ? [...layoutItems(settings, set), { kind: "separator" as const }] : []),
      ...(width < widths.exporting ? [...actions.exportItems(), { kind: "separator" as const }] : []),
      ...actions.moreItems(),
    ]) })}
  </div>`;
}

/** What a hidden field filters would surprise. */
function closeFilter({ filter, openFilter }: ToolbarActions): void {
  filter("");
  openFilter(false);
}

/** `clip 3 points`, over all charts together, or `clip outliers` where there is nothing to clip. */
function clipWords({ state, charts }: View): string {
  const lines = new Set(charts.flatMap((chart) => (chart.clipped ? chart.lines.map(({ key }) => key) : [])));
  const beyond = [...state.drawn].reduce((sum, [key, { slice }]) => sum + (slice && lines.has(key) ? slice.above + slice.below : 0), 0);
  return state.settings.clip && beyond > 0 ? `clip ${numbers.counted(beyond, "point", "points")}` : "clip outliers";
}

function xControl({ state: { settings, snapshot } }: View, words: boolean, actions: ToolbarActions): Content {
  const { set, menu } = actions;
  const { x, xScale } = settings;
  const name = x.kind === "tag" ? x.tag : (axes.find(({ kind }) => kind === x.kind)?.label ?? "Step");
  const label = `${words ? "X " : ""}${name}${xScale === "log" ? " (log)" : ""}`;
  const tags = scalarTags(snapshot);
  const usual = tags.filter(({ tag }) => /(^|[/_])(epoch|samples|tokens|images|examples|lr|learning_rate)/i.test(tag));
  const tagItem = ({ tag }: { readonly tag: string }): MenuItem => ({ label: tag, checked: x.kind === "tag" && x.tag === tag, run: () => set({ x: { kind: "tag", tag } }) });
  const items = (anchor: HTMLElement): readonly MenuItem[] => [
    ...axes.map(({ kind, label: axis }): MenuItem => ({ label: axis, checked: x.kind === kind, run: () => set({ x: { kind } satisfies AxisKind }) })),
    ...usual.map(tagItem),
    ...(tags.length > 0 ? [{ label: "Another tag…", run: () => menu(anchor, "Tag on the X axis", tags.map(tagItem)) } satisfies MenuItem] : []),
    { kind: "separator" },
    { label: "Logarithmic", checked: xScale === "log", run: () => set({ xScale: xScale === "log" ? "linear" : "log" }) },
    // A moment of the wall clock is no number that a person types.
    ...(x.kind === "wall" ? [] : [{ label: "Limits…", name: "xLimits", run: () => actions.limits(anchor) }]),
  ];
  return menuButton({ label, title: "X axis", name: "xAxis", open: (anchor) => menu(anchor, "X axis", items(anchor)) });
}

function weightItems({ smoothing }: Settings, set: ToolbarActions["set"]): readonly MenuItem[] {
  return [0, 0.6, 0.9, 0.95, 0.99, 0.995, 0.999].map((weight) => ({
    label: weight === 0 ? "Off" : printWeight(weight), checked: weight === smoothing.weight, run: () => set({ smoothing: { ...smoothing, weight } }),
  }));
}

function layoutItems({ columns }: Settings, set: ToolbarActions["set"]): readonly MenuItem[] {
  return [0, 1, 2, 3, 4].map((count) => ({
    label: count === 0 ? "Auto" : numbers.counted(count, "column", "columns"), checked: columns === count, run: () => set({ columns: count }),
  }));
}

function menuButton({ label, title, icon, name, open }: { readonly label: string; readonly title: string; readonly icon?: string; readonly name: string; readonly open: (anchor: HTMLElement) => void }): Content {
  return html`<button type="button" class="menu-button" title=${title} aria-label=${`${title}: ${label}`} aria-haspopup="menu" aria-expanded="false" data-action=${name}
    @click=${(event: Event) => open(event.currentTarget as HTMLElement)}>${icon ? iconOf(icon) : nothing}<span class="cut">${label}</span>${iconOf("chevron-down")}</button>`;
}
