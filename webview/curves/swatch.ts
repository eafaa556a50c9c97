// The sample of a run's line that stands for it in legend, values and read-outs.
import { svg, html, type TemplateResult } from "#kit/template";
import type { Theme } from "#kit/theme";

/** Draws the line of the `index`-th run: its colour and its dashes. */
export function swatch(theme: Theme, index: number): TemplateResult {
  const style = theme.series[index];
  return html`<svg class="swatch" viewBox="0 0 20 10" aria-hidden="true">${svg`<path
    d="M0 5H20" fill="none" stroke=${style?.color ?? theme.foreground} stroke-width=${theme.highContrast ? 3 : 2} stroke-dasharray=${(style?.dash ?? []).join(" ")}></path>`}</svg>`;
}
