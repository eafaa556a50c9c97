// Says in curves and checkpoints that a scope chosen in the graph is all that is shown, and takes that back.
import { html, type Content } from "./template";
import { iconButton, iconOf } from "./ui";

/** The chip of a chosen scope. */
export function scopeChip(name: string, clear: () => void): Content {
  return html`<span class="scope-chip" role="status">${iconOf("type-hierarchy")}<span class="cut" title="Chosen in the graph: ${name}">${name}</span>${iconButton({
    icon: "close", label: `Show more than ${name}`, name: "clearScope", onClick: clear,
  })}</span>`;
}
