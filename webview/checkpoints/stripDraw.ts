// Ink for the strip of saves, with its marks as a list of options that keys walk.
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markShape } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, svg, type Content } from "#kit/template";
import type { Actions } from "./actions";
import { stripModel, stripStop, type ComingSave, type PastMark, type StripModel } from "./strip";
import { rowWords, stripWords } from "./words";

const line = 48;
const height = 112;
/** Words of the upper edge; arcs stay below them. */
const wordLine = 14;

/** Draws the strip for a width in pixels. Past at the left, linear in time; a slot per save to come at the right. */
export function strip(snapshot: CheckpointsSnapshot, { width, selected, actions }: {
  readonly width: number; readonly selected?: string; readonly actions: Actions;
}): Content {
  const gutter = width < 600 ? 0 : 96;
  const model = stripModel(snapshot, { width, gutter, selected, numbers });
  const chosen = model.past.findIndex(({ checkpoint }) => checkpoint.prefix === selected);
  const key = (event: KeyboardEvent): void => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const stop = model.past[stripStop(chosen, event.key, model.past.length)];
    if (stop) actions.select(stop.checkpoint.prefix);
  };
  return html`<div class="strip" role="listbox" tabindex="0" aria-label=${stripWords(snapshot, numbers)}
    aria-activedescendant=${chosen < 0 ? nothing : `mark-${chosen}`} @keydown=${key}>
    <svg width=${width} height=${height} viewBox="0 0 ${width} ${height}">
      ${model.coming.length > 0 ? svg`<rect class="to-come" x=${model.now} y="0" width=${width - model.now} height=${height}></rect>` : nothing}
      ${gutter > 0 ? svg`<text x="16" y=${line + 4}>Saves</text>` : nothing}
      <path class="axis" d=${`M${model.from - 8} ${line}H${model.now}`}></path>
      ${model.coming.length > 0 ? svg`<path class="axis axis-to-come" d=${`M${model.now} ${line}H${width}`}></path>` : nothing}
      ${model.ticks.map(({ x, label }) => svg`<path class="axis" d=${`M${x} ${height - 24}v4`}></path><text class="small" x=${x} y=${height - 8} text-anchor="middle">${label}</text>`)}
      ${arcOf(model)}
      <path class="now" d=${`M${model.now + 0.5} 0V${height}`}></path>
      ${model.past.map((mark, index) => pastMark(mark, { index, selected, snapshot, actions }))}
      ${model.coming.map((save) => comingMark(save, selected))}
      ${nowWords(snapshot, model)}
    </svg></div>`;
}

function arcOf({ arc }: StripModel): Content {
  if (!arc) return nothing;
  return svg`<path class="arc" d=${`M${arc.from} ${line - 10}C${arc.from} ${wordLine + 4} ${arc.to} ${wordLine + 4} ${arc.to} ${line - 6}`}></path>`;
}

function pastMark({ x, kind, checkpoint }: PastMark, { index, selected, snapshot, actions }: {
  index: number; selected: string | undefined; snapshot: CheckpointsSnapshot; actions: Actions;
}): Content {
  const isSelected = checkpoint.prefix === selected;
  return svg`<g id="mark-${index}" class="stop" role="option" aria-selected=${isSelected} transform="translate(${x} ${line})"
    aria-label=${rowWords(checkpoint, { nowSeconds: snapshot.nowSeconds, numbers })} @click=${() => actions.select(checkpoint.prefix)}>
    <title>${rowWords(checkpoint, { nowSeconds: snapshot.nowSeconds, numbers })}</title>
    <rect class="hit" x="-7" y="-12" width="14" height="24"></rect>
    ${isSelected ? svg`<rect class="chosen" x="-9" y="-9" width="18" height="18" rx="3"></rect>` : nothing}${markShape(kind)}
    ${isSelected && checkpoint.step !== undefined ? svg`<text class="chosen-step" y="26" text-anchor="middle">${numbers.count(checkpoint.step)}</text>` : nothing}
  </g>`;
}

function comingMark({ x, clock, label, kind, deletes, words }: ComingSave, selected: string | undefined): Content {
  const takesSelected = selected !== undefined && deletes.includes(selected);
  return svg`<g class="coming" role="option" aria-selected="false" aria-label=${words} transform="translate(${x} ${line})">
    <title>${words}</title>${markShape("toCome")}
    ${kind === undefined ? nothing : svg`<g transform="translate(-21 20) scale(0.75)">${markShape(kind)}</g>`}
    <text class=${takesSelected ? "takes takes-selected" : kind === undefined ? "takes" : "keeps"} x=${kind === undefined ? 0 : 5} y="24" text-anchor="middle">${label}</text>
    <text class="small" y=${height - line - 8} text-anchor="middle">${clock}</text></g>`;
}

function nowWords({ run, nowSeconds, checkpoints }: CheckpointsSnapshot, { now, coming, width }: StripModel): Content {
  const step = run.progress?.step ?? run.lastStep;
  const isRunning = run.state === "running";
  const when = isRunning ? `now ${numbers.clock(nowSeconds, nowSeconds)}` : run.state === "foreign" ? "now" : run.state;
  const text = `${when}${step === undefined ? "" : ` · step ${numbers.count(step)}`}`;
  const room = width - now;
  if (coming.length === 0) {
    const why = run.state === "running" ? "no forecast yet" : `run ${run.state === "foreign" ? "of another program" : run.state}; no save to come`;
    return checkpoints.length > 0 && now > 360 ? svg`<text class="small" x=${now - 8} y=${wordLine} text-anchor="end">${why}</text>` : nothing;
  }
  const beside = room > text.length * 7;
  return svg`<text class="small now-words" x=${beside ? now + 8 : now - 8} y=${wordLine} text-anchor=${beside ? "start" : "end"}>${text}</text>
    ${beside && room > text.length * 6.5 + 270 ? svg`<text class="small" x=${width - 12} y=${wordLine} text-anchor="end">${isRunning ? "to come" : "after a restart"}: what each save deletes</text>` : nothing}`;
}
