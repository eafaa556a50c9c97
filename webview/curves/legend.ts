// The strip below the toolbar: which runs are drawn and how they fare, the visible range, and messages about runs.
import type { CurvesRun } from "#protocol/curvesApi";
import { numbers } from "#kit/numbers";
import { guard, html, nothing, repeat, styled, type Content } from "#kit/template";
import type { Theme } from "#kit/theme";
import { iconOf, link, notice } from "#kit/ui";
import type { RunGroup } from "./charts";
import { axisWord, placeText } from "./places";
import type { View } from "./requests";
import type { Section } from "./sections";
import { runIn } from "./state";
import { swatch } from "./swatch";
import { goneWords, runWords, staleFor } from "./words";

/** Messages about runs; the rest are counted. */
const mostNotices = 4;

export interface LegendActions {
  fit(): void;
  point(dir: string | undefined): void;
  focus(dir: string): void;
  runMenu(anchor: HTMLElement, group: RunGroup): void;
  command(id: "showLog", dir: string): void;
  halt(dir: string, resume: boolean): void;
  showBytes(dir: string, file: string, offset: number): void;
}

/** What runs and their numbers are made of, whatever part of the axis is shown: with a thousand of them, lists are not made anew for each step of a zoom. */
export function subjectOf({ state: { snapshot, settings, page, scope, leftScope } }: View, theme: Theme): readonly unknown[] {
  return [snapshot, settings, page.filter, scope, leftScope, theme];
}

/** Runs at the left; the visible range and the way back at the right, only while zoomed. */
export function legend(view: View, theme: Theme, actions: LegendActions): Content {
  const { groups, state, x, extent, zoomed } = view;
  if (!state.snapshot) return nothing;
  const focused = view.focused?.run.dir ?? "";
  const axis = state.settings.x;
  const runs = (steps: ReadonlyMap<string, number>): unknown => repeat(groups, ({ runs: [one] }) => one?.run.dir, (group) => {
      const [first] = group.runs;
      const dir = first?.run.dir ?? "";
      const alone = group.runs.length === 1;
      const words = alone && first ? runWords(first.run, numbers, steps.get(dir)) : `mean ± 1 sd of ${numbers.counted(group.runs.length, "run", "runs")}`;
      return html`<li><button type="button" class="legend-run" title=${`${group.runs.map(({ run }) => run.dir).join("\n")}\nClick: its checkpoints and marks. Right click or the menu key: colour, baseline, remove`}
        aria-pressed=${groups.length > 1 ? String(group.runs.some(({ run }) => run.dir === focused)) : nothing} aria-haspopup="menu" data-dir=${dir}
        @click=${() => actions.focus(dir)} @pointerenter=${() => groups.length > 1 && actions.point(dir)} @pointerleave=${() => groups.length > 1 && actions.point(undefined)}
        @focus=${(event: Event) => groups.length > 1 && byKeys(event) && actions.point(dir)} @blur=${() => groups.length > 1 && actions.point(undefined)}
        @contextmenu=${(event: Event) => {
          event.preventDefault();
          actions.runMenu(event.currentTarget as HTMLElement, group);
        }}>${swatch(theme, group.style)}<span class="cut">${group.name}</span><span class="secondary cut">${words}${dir === state.settings.baseline ? " · baseline" : ""}</span></button></li>`;
    });
  return html`<div class="legend">
    <ul class="legend-runs">${guard([...subjectOf(view, theme), focused, state.drawn], () => runs(drawnSteps(view)))}</ul>
    ${zoomed && extent ? html`<span class="legend-range"><span class="secondary">${axisWord(axis)} ${placeText(x.min, axis, numbers)}–${placeText(x.max, axis, numbers)} of ${placeText(extent[1], axis, numbers)}</span>
      ${link({ label: "Fit", name: "fit", title: "Show all (0, or double-click a chart)", onClick: actions.fit })}</span>` : nothing}
  </div>`;
}

/** Keys point at a run as the pointer does; a click, which takes the focus too, is no pointing that stays. */
export function byKeys({ currentTarget }: Event): boolean {
  return (currentTarget as Element).matches(":focus-visible");
}

/** The last step of each run in the picture. */
function drawnSteps({ state }: View): ReadonlyMap<string, number> {
  const steps = new Map<string, number>();
  for (const [key, { slice }] of state.drawn) {
    const dir = key.slice(0, key.indexOf("\0"));
    if (slice?.last) steps.set(dir, Math.max(slice.last.step, steps.get(dir) ?? -Infinity));
  }
  return steps;
}

/** At most one line per run about what the person should know: it is being read, failed, rests, or is damaged. */
export function notices(view: View, actions: LegendActions): Content {
  const { state } = view;
  const runs = state.snapshot?.runs ?? [];
  const several = runs.length > 1;
  const told = runs.flatMap((one) => runNotice(one, { nowSeconds: state.nowSeconds, several, actions }) ?? []);
  return html`${state.problem !== undefined && runs[0] ? notice({ icon: "warning", kind: "warning", text: `Could not refresh: ${state.problem}`, action: log(runs[0], actions) }) : nothing}
    ${state.snapshot && !runIn(state.snapshot, state.snapshot.own) && runs[0] ? notice({ icon: "warning", kind: "warning", text: goneWords(state.snapshot.own) }) : nothing}
    ${told.slice(0, mostNotices)}${told.length > mostNotices ? notice({ icon: "info", text: `… ${numbers.counted(told.length - mostNotices, "more run has", "more runs have")} something to say` }) : nothing}
    ${state.said ? notice({ icon: "info", text: state.said }) : nothing}`;
}

function runNotice(one: CurvesRun, { nowSeconds, several, actions }: { readonly nowSeconds: number; readonly several: boolean; readonly actions: LegendActions }): Content {
  const { run, reading, damage, problem } = one;
  const named = (text: string): string => (several ? `${run.name}: ${text}` : text);
  if (reading) return readingNotice(one, actions);
  if (problem !== undefined) return notice({ icon: "error", kind: "error", text: named(problem), action: log(one, actions) });
  if (run.state === "failed") return notice({ icon: "error", kind: "error", text: `${several ? run.name : "The run"} failed${run.end?.error ? `: ${run.end.error}` : "."}`, action: log(one, actions) });
  if (run.state === "lost") return notice({ icon: "warning", kind: "warning", text: named("the trainer vanished and left no word"), action: log(one, actions) });
  const stale = staleFor(run, nowSeconds);
  if (stale !== undefined) return notice({ icon: "warning", kind: "warning", text: named(`no event for ${numbers.age(stale)}`), action: log(one, actions) });
  const [first] = damage;
  if (!first) return undefined;
  const more = damage.length > 1 ? ` and ${numbers.counted(damage.length - 1, "more place", "more places")}` : "";
  const text = named(`${numbers.counted(damage.length, "record", "records")} skipped at byte ${numbers.count(first.offset)} of ${first.file}${first.afterStep === undefined ? "" : `, after step ${numbers.count(first.afterStep)}`}${more}`);
  return notice({ icon: "warning", kind: "warning", text, action: link({ label: "Show Bytes", name: "showBytes", onClick: () => actions.showBytes(run.dir, first.file, first.offset) }) });
}

function readingNotice({ run, reading }: CurvesRun, actions: LegendActions): Content {
  if (!reading) return undefined;
  const share = reading.of > 0 ? reading.bytes / reading.of : 0;
  const amount = amountOf(numbers.bytes(reading.bytes), numbers.bytes(reading.of));
  if (reading.halted) {
    return notice({ icon: "debug-pause", kind: "warning", text: `Reading ${run.name} was stopped at ${amount}`, action: link({ label: "Read On", name: "readOn", onClick: () => actions.halt(run.dir, true) }) });
  }
  return html`<div class="reading-line" role="progressbar" aria-label=${`Reading ${run.name}`} aria-valuenow=${Math.round(share * 100)}><div ${styled({ width: `${share * 100}%` })}></div></div>
    ${notice({ icon: "loading", text: `Reading ${run.name} · ${amount}`, action: link({ label: "Cancel", name: "cancelReading", onClick: () => actions.halt(run.dir, false) }) })}`;
}

/** `18.2 of 96.4 MB`. */
function amountOf(read: string, whole: string): string {
  const unit = whole.slice(whole.lastIndexOf(" "));
  return `${read.endsWith(unit) ? read.slice(0, -unit.length) : read} of ${whole}`;
}

function log({ run }: CurvesRun, actions: LegendActions): Content {
  return run.state === "foreign" ? undefined : link({ label: "Show Log", name: "showLog", onClick: () => actions.command("showLog", run.dir) });
}

/** A scope's header, further in the deeper the scope lies, with its name from there on; a click closes or opens it. */
export function scopeHeader({ scope, parent, depth, count }: Section, { open, toggle, menu }: {
  readonly open: boolean; readonly toggle: () => void; readonly menu: (anchor: HTMLElement) => void;
}): Content {
  const name = parent === undefined ? scope : scope.slice(parent.length + 1);
  return html`<div class="scope" ${styled({ "--depth": String(depth) })}><h2 aria-level=${2 + depth}><button type="button" class="scope-toggle" aria-expanded=${open} @click=${toggle}>
    ${iconOf(open ? "chevron-down" : "chevron-right")}<span class="cut" title=${scope}>${name || "(no name)"}</span><span class="secondary scope-count">${numbers.count(count)}</span>
  </button></h2><span class="grow"></span>${open ? html`<button type="button" class="icon-button scope-menu" title="For all charts of this scope" aria-label=${`For all charts of ${scope}`} aria-haspopup="menu"
    @click=${(event: Event) => menu(event.currentTarget as HTMLElement)}>${iconOf("ellipsis")}</button>` : nothing}</div>`;
}
