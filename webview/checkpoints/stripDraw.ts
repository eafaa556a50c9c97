// Ink for the strip of saves and the curve under it, with its marks as a list of options that keys walk.
import { lastPart } from "#model/scopedName";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markShape, type MarkKind } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, svg, type Content } from "#kit/template";
import { iconOf } from "#kit/ui";
import type { Actions } from "./actions";
import { curveModel, type CurveModel } from "./curve";
import { isMetricComing, restoreInThought, tickedPlan, type CheckpointsState, type PruneSheet } from "./state";
import { panned, stripModel, stripStop, wholePast, zoomed, type ComingSave, type PastMark, type StripModel } from "./strip";
import { keepWords, nowWords, rowWords, stripWords } from "./words";

const line = 40;
const curveTop = 92;
const curveBottom = 148;
const height = 172;
/** Without a metric there is no curve to make room for. */
const shortHeight = 116;

/** How many more saves there are is said under the last slot, and takes this much to its left. */
const moreRoom = 51;

/** Below this width there is no room for names at the left, nor for a label under each save to come. */
const narrowStrip = 600;

function metricName(tag: string, actions: Actions): Content {
  return html`<button type="button" class="metric-name" title="${tag}: choose another metric" data-action="chooseMetric" @click=${() => actions.chooseMetric()}>
    <span class="cut">${lastPart(tag)}</span>${iconOf("chevron-down")}</button>`;
}

interface Drawing {
  readonly model: StripModel;
  readonly curve: CurveModel | undefined;
  readonly height: number;
  readonly state: CheckpointsState;
  readonly snapshot: CheckpointsSnapshot;
  readonly actions: Actions;
}

/** Draws the strip for a width in pixels. Past at the left, linear in time; a slot per save to come at the right. */
export function strip(state: CheckpointsState, snapshot: CheckpointsSnapshot, { width, actions }: { readonly width: number; readonly actions: Actions }): Content {
  const gutter = width < narrowStrip ? 0 : 112;
  const { selected, ghost, range, skipped, written } = state;
  const model = stripModel(snapshot, { width, gutter, selected, ghost, range, skipped, compact: width < narrowStrip, numbers, written: state.simulated && written?.forecast });
  const curve = snapshot.metric && curveModel(snapshot.metric, model, { top: curveTop, bottom: curveBottom, numbers });
  const tall = snapshot.metric || isMetricComing(state) ? height : shortHeight;
  const drawing: Drawing = { model, curve, height: tall, state, snapshot, actions };
  const chosen = model.past.findIndex(({ checkpoint }) => checkpoint.prefix === selected);
  const at = ghost === undefined ? chosen : model.past.length + model.coming.findIndex(({ save }) => save === ghost);
  return html`<div class="strip-box"><div class=${ghost === undefined ? "strip" : "strip ghosted"} role="listbox" tabindex="0" aria-label=${stripWords(snapshot, numbers)}
    aria-activedescendant=${at < 0 ? nothing : `mark-${at}`} @keydown=${(event: KeyboardEvent) => stripKey(event, drawing, at)}
    @wheel=${(event: WheelEvent) => wheel(event, drawing)} @pointerdown=${(event: PointerEvent) => drag(event, drawing)}>
    <svg width=${width} height=${tall} viewBox="0 0 ${width} ${tall}">${ground(drawing, gutter)}${curveInk(drawing, gutter)}
      ${sheetArc(drawing) ?? arcOf(model)}<path class="now" d=${`M${model.now + 0.5} 0V${tall - 24}`}></path>
      ${model.gone.map((x) => svg`<g transform="translate(${x} ${line})">${markShape("deleted")}</g>`)}
      ${model.notches.map((x) => svg`<path class="notch" d=${`M${x + 0.5} ${line + 9}v6`}></path>`)}
      ${model.past.map((mark, index) => pastMark(mark, index, drawing))}
      ${model.coming.map((save, index) => comingMark(save, index, drawing))}
      ${nowInk(drawing)}
    </svg></div>${gutter > 0 && snapshot.metric ? metricName(snapshot.metric.tag, actions) : nothing}</div>`;
}

function ground({ model, height: tall, snapshot }: Drawing, gutter: number): Content {
  const { now, width, coming, from, ticks, restarts } = model;
  return svg`${coming.length > 0 ? svg`<rect class="to-come" x=${now} y="0" width=${width - now} height=${tall}></rect>` : nothing}
    ${gutter > 0 ? svg`<text x="16" y=${line + 4}>Saves</text>` : nothing}
    <path class="axis" d=${`M${from - 8} ${line}H${now}`}></path>
    ${coming.length > 0 ? svg`<path class="axis axis-to-come" d=${`M${now} ${line}H${width}`}></path>` : nothing}
    ${ticks.map(({ x, label }) => svg`<path class="grid" d=${`M${x + 0.5} ${tall - 24}v-4`}></path><text x=${x} y=${tall - 8} text-anchor="middle">${label}</text>`)}
    ${restarts.map(({ x, seconds, forgot }) => {
      const label = `restart ${numbers.clock(seconds, snapshot.nowSeconds)}${forgot > 0 ? `, Saver forgot ${numbers.count(forgot)} of its list` : ""}`;
      return svg`<path class="restart" d=${`M${x + 0.5} ${line - 8}V${tall - 24}`}></path>
        ${x - from > label.length * 6 ? svg`<text class="on-curve" x=${x - 8} y=${tall === height ? curveTop + 4 : line + 34} text-anchor="end">${label}</text>` : nothing}`;
    })}`;
}

function curveInk({ model, curve, snapshot: { metric }, state }: Drawing, gutter: number): Content {
  if (!metric) return nothing;
  const { selected } = state;
  // While two rules are compared, their words stand where the selected checkpoint's value would.
  const ring = state.simulated ? undefined : curve?.rings.find(({ prefix }) => prefix === selected);
  const room = model.now - (ring?.x ?? 0);
  return svg`${gutter > 0 ? svg`<text x="16" y=${curveTop + 22}>EMA${curve?.log ? ", log" : ""}</text>
      ${curve?.ticks.map(({ y, label }) => svg`<path class="grid" d=${`M${model.from - 8} ${y}H${model.now}`}></path><text x=${model.from - 12} y=${y + 4} text-anchor="end">${label}</text>`)}` : nothing}
    <path class="grid" d=${`M${model.from - 8} ${curveBottom + 0.5}H${model.now}`}></path>
    ${curve ? svg`<path class="raw" d=${curve.raw}></path><path class="ema" d=${curve.smoothed}></path>
      ${curve.rings.map(({ x, y, prefix }) => svg`<circle class=${prefix === selected ? "ring ring-chosen" : "ring"} cx=${x} cy=${y} r=${prefix === selected ? 4 : 2.5}></circle>`)}` : nothing}
    ${ring ? svg`<path class="stem" d=${`M${ring.x + 0.5} ${line + 26}V${ring.y - 4}`}></path>
      <text class="ring-value" x=${room > 64 ? ring.x + 8 : ring.x - 8} y=${Math.max(curveTop + 16, ring.y - 12)} text-anchor=${room > 64 ? "start" : "end"}>${numbers.metric(ring.value)}</text>` : nothing}`;
}

function arcOf({ arc }: StripModel): Content {
  if (!arc) return nothing;
  const top = Math.max(4, line - 14 - (arc.to - arc.from) / 10);
  return svg`<path class="arc" d=${`M${arc.from} ${line - 10}C${arc.from} ${top} ${arc.to} ${top} ${arc.to} ${line - 6}`}></path>`;
}

/** While a restore in place is decided on: from now back to the step that it goes to. */
function sheetArc({ model, state: { sheet } }: Drawing): Content {
  if (sheet?.kind !== "restore" || sheet.branch !== undefined) return undefined;
  const goal = model.past.find(({ checkpoint }) => checkpoint.prefix === sheet.prefix);
  if (!goal) return undefined;
  const top = Math.max(4, line - 14 - (model.now - goal.x) / 10);
  return svg`<path class="arc arc-restore" d=${`M${model.now} ${line - 6}C${model.now} ${top} ${goal.x} ${top} ${goal.x} ${line - 12}`}></path>
    <path class="arrow" d=${`M${goal.x - 4} ${line - 17}h8l-4 6Z`}></path>`;
}

function pastMark({ x, kind, checkpoint }: PastMark, index: number, { model, state: { selected, ghost, sheet }, snapshot, actions }: Drawing): Content {
  const isSelected = checkpoint.prefix === selected;
  const words = rowWords(checkpoint, { snapshot, numbers });
  // While a prune is decided on, the strip shows what it would leave.
  const shown = sheet?.kind === "prune" ? plannedMark(checkpoint.prefix, sheet) ?? kind : kind;
  const isTaken = model.coming.some(({ save, deletes }) => save === ghost && deletes.includes(checkpoint.prefix));
  return svg`<g id="mark-${index}" class=${isTaken ? "stop stop-taken" : "stop"} role="option" aria-selected=${isSelected} transform="translate(${x} ${line})"
    aria-label=${words} @click=${() => actions.select(checkpoint.prefix)}>
    <title>${words}</title>
    <rect class="hit" x="-8" y="-12" width="16" height="24"></rect>
    ${isSelected ? svg`<rect class="chosen" x="-9" y="-9" width="18" height="18" rx="3"></rect>` : nothing}${markShape(shown)}
    ${checkpoint.best ? svg`<g transform="translate(0 18) scale(0.8)">${markShape("best")}</g>` : nothing}
  </g>`;
}

/** What the plan makes of a checkpoint; undefined where it leaves it as it is. */
function plannedMark(prefix: string, sheet: PruneSheet): MarkKind | undefined {
  if (tickedPlan(sheet)?.deletes.some((one) => one.prefix === prefix)) return "toTrash";
  return prefix === sheet.leftOut ? "protected" : undefined;
}

function comingMark({ x, save, clock, label, kind, deletes, words, written }: ComingSave, index: number, { model, height: tall, state, actions }: Drawing): Content {
  const { selected, ghost } = state;
  const takes = ghost === save || (ghost === undefined && selected !== undefined && deletes.includes(selected));
  const effect = (what: Pick<ComingSave, "label" | "kind">, y: number, style: string): Content => svg`
    ${what.kind === undefined ? nothing : svg`<g transform="translate(${-what.label.length * 3.2} ${y - 4}) scale(0.75)">${markShape(what.kind)}</g>`}
    <text class=${style} x=${(what.kind === undefined ? 0 : 6) + Math.min(0, model.width - 4 - x - what.label.length * 3.5)} y=${y} text-anchor="middle">${what.label}</text>`;
  const end = model.more > 0 ? model.coming.at(-1) : undefined;
  const last = save === end?.save;
  const crowded = !last && end !== undefined && end.x - x < moreRoom;
  const style = takes ? "coming coming-takes" : "coming";
  // The words of the option say all; what is printed under it would be read twice.
  return svg`<g aria-hidden="true" class=${style} transform="translate(${x} ${line})">${effect({ label, kind }, 24, kind === undefined ? "takes" : "keeps")}
      ${written ? effect(written, 40, "takes") : nothing}
      <path class="grid" d=${`M0.5 ${curveTop - line}V${tall - line - 24}`}></path>
      <text x=${last ? Math.min(24, model.width - x - 4) : 0} y=${tall - line - 8} text-anchor=${last ? "end" : "middle"}>${last ? `… ${numbers.count(model.more)} more` : crowded ? "" : clock}</text></g>
    <g id="mark-${model.past.length + index}" class=${style} role="option" aria-selected=${ghost === save} aria-label=${words}
      transform="translate(${x} ${line})" @pointerenter=${() => actions.ghost(save)} @pointerleave=${() => actions.ghost(undefined)}>
      <title>${words}</title><rect class="hit" x=${-model.slot / 2} y="-14" width=${model.slot} height="44"></rect>${markShape("toCome")}</g>`;
}

function nowInk({ model, snapshot, state, height: tall }: Drawing): Content {
  const { now, width, coming } = model;
  const { title, text } = nowWords(snapshot, { compared: state.simulated !== undefined, afterRestore: restoreInThought(state), numbers });
  if (coming.length === 0) return snapshot.checkpoints.length > 0 && now > 360 ? svg`<text x=${now - 8} y="14" text-anchor="end">${text}</text>` : nothing;
  const y = tall === height ? curveTop + 15 : 14;
  const fits = width - now > Math.max(title.length, text.length) * 5.6 + 16;
  const compared = state.simulated && state.written
    ? svg`<text class="keeps" x=${now - 8} y=${line + 24} text-anchor="end">keep ${keepWords(state.simulated.maxToKeep)}</text>
      <text x=${now - 8} y=${line + 40} text-anchor="end">keep ${keepWords(state.written.policy.maxToKeep)}</text>` : nothing;
  return svg`${compared}${fits ? svg`<text class="now-words on-slots" x=${now + 8} y=${y}>${title}</text>
    ${tall === height ? svg`<text class="on-slots" x=${now + 8} y=${y + 16}>${text}</text>` : nothing}` : nothing}`;
}

function stripKey(event: KeyboardEvent, { model, state, snapshot, actions }: Drawing, at: number): void {
  const whole = wholePast(snapshot);
  const range = state.range ?? whole;
  const zoom = (factor: number): void => actions.zoom(zoomed(range, { whole, factor, about: (range.from + range.to) / 2 }));
  switch (event.key) {
    case "ArrowLeft": case "ArrowRight": case "Home": case "End": walk(event.key, { model, at, actions }); break;
    case "+": case "=": zoom(0.5); break;
    case "-": zoom(2); break;
    case "Enter": if (state.selected !== undefined) actions.reveal(state.selected); break;
    case "Escape": actions.ghost(undefined); if (state.selected !== undefined) actions.reveal(state.selected); break;
    default: return;
  }
  event.preventDefault();
}

function walk(key: string, { model, at, actions }: { readonly model: StripModel; readonly at: number; readonly actions: Actions }): void {
  const { past, coming, more } = model;
  const first = coming[0]?.save ?? 1;
  // Beyond the last slot the saves to come scroll on by one, and back before the first.
  if (key === "ArrowRight" && at === past.length + coming.length - 1 && more > 0) return actions.skip(first, (coming.at(-1)?.save ?? 0) + 1);
  if (key === "ArrowLeft" && at === past.length && first > 1) return actions.skip(first - 2, first - 1);
  const stop = stripStop(at, key, past.length + coming.length);
  const mark = past[stop];
  if (mark) actions.select(mark.checkpoint.prefix);
  else actions.ghost(coming[stop - past.length]?.save);
}

function wheel(event: WheelEvent, { model, state, snapshot, actions }: Drawing): void {
  const whole = wholePast(snapshot);
  const range = state.range ?? whole;
  const x = event.offsetX;
  if (event.shiftKey || x > model.now || snapshot.checkpoints.length === 0) return;
  event.preventDefault();
  const about = range.from + ((x - model.from) / (model.now - 12 - model.from)) * (range.to - range.from);
  actions.zoom(zoomed(range, { whole, factor: event.deltaY > 0 ? 1.25 : 0.8, about: Math.min(range.to, Math.max(range.from, about)) }));
}

/** A drag pans the past once it is zoomed. */
function drag(event: PointerEvent, { model, state, snapshot, actions }: Drawing): void {
  const { range } = state;
  const { currentTarget } = event;
  if (!range || event.button !== 0 || event.offsetX > model.now || !(currentTarget instanceof HTMLElement)) return;
  const whole = wholePast(snapshot);
  const secondsPerPixel = (range.to - range.from) / (model.now - 12 - model.from);
  const start = event.clientX;
  const move = (moved: PointerEvent): void => actions.zoom(panned(range, (start - moved.clientX) * secondsPerPixel, whole));
  const end = (): void => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", end);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end);
}
