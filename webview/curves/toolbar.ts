// The line of controls above the curves, and the strip that says which run this is and how it fares.
import type { ViewCommand } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import type { Theme } from "#kit/theme";
import { dropdown, iconOf, link, notice, slider, textField } from "#kit/ui";
import { halfLifeSteps, parseWeight, positionOf, printWeight, weightAt } from "./smoothingScale";
import { scalarTags, type CurvesState, type Preferences, type YScale } from "./state";
import { swatch } from "./swatch";
import { runWords, staleFor } from "./words";

export interface ToolbarActions {
  prefer(change: Partial<Preferences>): void;
  command(id: ViewCommand): void;
}

const scales: readonly { readonly value: YScale; readonly label: string }[] = [
  { value: "linear", label: "Y Linear" },
  { value: "log", label: "Y Log" },
];

export function toolbar(state: CurvesState, { prefer }: ToolbarActions): Content {
  const { smoothing, y, filter } = state.preferences;
  const tags = scalarTags(state);
  const halfLife = halfLifeSteps(smoothing, tags);
  const weight = printWeight(smoothing);
  return html`<div class="toolbar" role="toolbar" aria-label="Curves">
    ${dropdown({ label: "Y axis", value: y, options: scales, name: "yScale", onChange: (value) => prefer({ y: value }) })}
    <span class="smoothing-word">Smoothing</span>
    ${slider({
      label: "Smoothing", value: positionOf(smoothing), text: `weight ${weight}`, name: "smoothing",
      onInput: (position) => prefer({ smoothing: weightAt(position) }),
    })}
    ${textField({
      label: "Smoothing weight, 0 to below 1", value: weight, className: "weight", name: "weight",
      onCommit: (text) => prefer({ smoothing: parseWeight(text) ?? smoothing }),
    })}
    <span class="half-life secondary">${halfLife === undefined ? "off" : `half-life ${numbers.counted(Math.round(halfLife), "step", "steps")}`}</span>
    ${textField({
      label: "Filter tags", placeholder: "Filter tags", value: filter, icon: "filter", className: "filter", name: "filter",
      onInput: (text) => prefer({ filter: text }),
    })}
  </div>`;
}

/** Run and state at the left; the visible range and the way back at the right, only while zoomed. */
export function legend(state: CurvesState, theme: Theme, { prefer }: ToolbarActions): Content {
  const run = state.snapshot?.run;
  if (!run) return nothing;
  const { range } = state.preferences;
  const drawnStep = Math.max(-Infinity, ...[...state.slices.values()].map(({ slice }) => slice.extent?.[1] ?? -Infinity));
  const last = Math.max(0, drawnStep, ...scalarTags(state).map((tag) => tag.last?.step ?? 0));
  return html`<div class="legend">
    <span class="legend-run">${swatch(theme)}<span class="cut" title=${run.dir}>${run.name}</span><span class="secondary cut">${runWords(run, numbers, drawnStep)}</span></span>
    <span class="grow"></span>
    ${range ? html`<span class="legend-range"><span class="secondary">step ${numbers.count(Math.round(range.from))}–${numbers.count(Math.round(range.to))} of ${numbers.count(last)}</span>
      ${link({ label: "Fit", name: "fit", onClick: () => prefer({ range: undefined }) })}</span>` : nothing}
  </div>`;
}

/** At most one line about the run that the person should know: it failed, it rests, or the page could not be refreshed. */
export function runNotice(state: CurvesState, { command }: ToolbarActions): Content {
  const { snapshot, nowSeconds, problem } = state;
  if (!snapshot) return nothing;
  const { run } = snapshot;
  const log = link({ label: "Show Log", name: "showLog", onClick: () => command("showLog") });
  if (problem) return notice({ icon: "warning", kind: "warning", text: `Could not refresh: ${problem}`, action: log });
  if (run.state === "failed") return notice({ icon: "error", kind: "error", text: `The run failed${run.end?.error ? `: ${run.end.error}` : "."}`, action: log });
  if (run.state === "lost") return notice({ icon: "warning", kind: "warning", text: "The trainer vanished and left no word.", action: log });
  const stale = staleFor(run, nowSeconds);
  return stale === undefined ? nothing : notice({ icon: "warning", kind: "warning", text: `no event for ${numbers.age(stale)}`, action: log });
}

/** A scope's header; a click closes or opens it. */
export function scopeHeader({ scope, count, open, toggle }: {
  readonly scope: string; readonly count: number; readonly open: boolean; readonly toggle: () => void;
}): Content {
  return html`<h2 class="scope"><button type="button" class="scope-toggle" aria-expanded=${open} @click=${toggle}>
    ${iconOf(open ? "chevron-down" : "chevron-right")}<span class="cut" title=${scope}>${scope}</span><span class="secondary scope-count">${numbers.count(count)}</span>
  </button></h2>`;
}
