// Checkpoints under a curve, drawn: the mark on the axis, and the details that a click opens.
import type { CheckpointInfo } from "#model/checkpoint";
import { markBox, markOf } from "#kit/marks";
import type { Numbers } from "#kit/numbers";
import { html, nothing, styled, type Content } from "#kit/template";
import { button, iconButton, link } from "#kit/ui";
import type { Tick } from "./ticks";
import { checkpointName } from "./words";

export function tickButton({ checkpoint, label, open }: Tick, { x, y, onClick }: { readonly x: number; readonly y: number; readonly onClick: () => void }): Content {
  return html`<button
    type="button" class="tick" tabindex="-1" aria-label=${label} title=${label} aria-expanded=${open} data-prefix=${checkpoint.prefix}
    ${styled({ left: `${x}px`, top: `${y}px` })} @click=${onClick}
  >${markBox(markOf(checkpoint))}</button>`;
}

/** What the details of a checkpoint need to know. */
export interface TickDetails {
  readonly checkpoint: CheckpointInfo;
  /** Every line of the chart with its value there. */
  readonly values: readonly { readonly swatch: Content; readonly name: string; readonly value: string }[];
  readonly mayChange: boolean;
  readonly nowSeconds: number;
  readonly numbers: Numbers;
  close(): void;
  restore(): void;
  branch(): void;
}

export function tickDetails({ checkpoint, values, mayChange, nowSeconds, numbers, close, restore, branch }: TickDetails): Content {
  const name = checkpointName(checkpoint, numbers);
  const off = !checkpoint.complete || !mayChange;
  return html`
    <div class="popover-head">${markBox(markOf(checkpoint))}<b>${name[0]?.toUpperCase()}${name.slice(1)}</b>
      <span class="secondary cut">${numbers.clock(checkpoint.wallTimeSeconds, nowSeconds)} · ${numbers.bytes(checkpoint.bytes)}</span><span class="grow"></span>
      ${iconButton({ icon: "close", label: "Close", onClick: close })}</div>
    <p>${checkpoint.reason}</p><p class="secondary">${checkpoint.next}</p>
    ${values.length > 0 ? html`<ul class="popover-values">${values.map((one) => html`<li>${one.swatch}<span class="cut">${one.name}</span><span class="grow"></span><b>${one.value}</b></li>`)}</ul>` : nothing}
    <div class="popover-actions">${button({ label: `Restore ${name}…`, primary: true, disabled: off, name: "restore", onClick: restore })}
      ${off ? nothing : link({ label: "Branch…", name: "branch", title: "Start a new run from here; this one stays as it is", onClick: branch })}</div>`;
}
