// Links of the graph view: to boxes, wherever they are, and to lines of the script.
import { shapeWords } from "#analysis/diagram/boxes";
import type { NodeLink, SourceLocation } from "#model/graph";
import { numbers } from "#kit/numbers";
import { html, type Content } from "#kit/template";
import { iconOf, link } from "#kit/ui";
import type { Actions } from "./actions";

/** Leads to a box, wherever it is. */
export function boxLink(name: string, actions: Actions): Content {
  return html`<button type="button" class="link cut" title=${name} @click=${() => actions.reveal(name)}>${name}</button>`;
}

/** What flows along a link: its one shape, or how many tensors. */
export function linkWords({ shape, tensors }: NodeLink): string {
  return tensors > 1 ? numbers.counted(tensors, "tensor", "tensors") : shapeWords(shape);
}

/** `pix2pix.ts:212`, leading there. */
export function sourceLink(source: SourceLocation, actions: Actions): Content {
  return html`${iconOf("go-to-file")} ${link({ label: sourceWords(source), title: `${source.file}:${source.line}`, name: "source", onClick: () => actions.goToSource(source) })}`;
}

function sourceWords({ file, line }: SourceLocation): string {
  return `${file.split(/[\\/]/).at(-1) ?? file}:${line}`;
}
