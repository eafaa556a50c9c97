// A drawing as an SVG file that needs nothing else: for papers, and where there is no page.
import { boxShapes, edgeShapes, hueOf, labelShapes, type Shape } from "./shapes";
import type { Drawing } from "./drawing";
import { placeLabels, wholeOf } from "./labels";
import type { NumberWords } from "./view";

/** Colours of a drawing in a file. */
interface Palette {
  readonly ground: string;
  readonly box: string;
  readonly border: string;
  readonly text: string;
  readonly facts: string;
  readonly edge: string;
  readonly variable: string;
  /** Values that are not finite. */
  readonly broken: string;
  /** Of what differs between two graphs. */
  readonly change: { readonly added: string; readonly removed: string; readonly changed: string };
  /** Of boxes alike, in turn. */
  readonly alike: readonly [string, string, string, string, string];
}

/** On white paper. */
const lightPalette: Palette = {
  ground: "#ffffff", box: "#f8f8f8", border: "#c8c8c8", text: "#3b3b3b", facts: "#616161", edge: "#767676", variable: "#1b7f6b", broken: "#c72e2e",
  change: { added: "#587c0c", removed: "#ad0707", changed: "#895503" },
  alike: ["#1a85ff", "#652d90", "#d18616", "#388a34", "#bf8803"],
};

const margin = 16;

/** The whole drawing. `title` is said to who does not see it. */
export function printSvg(drawing: Drawing, { title, numbers }: { readonly title: string; readonly numbers: NumberWords }): string {
  const [width, height] = [Math.ceil(drawing.width) + 2 * margin, Math.ceil(drawing.height) + 2 * margin];
  const boxes = (under: boolean): string[] => drawing.boxes.filter(({ at, box }) => (at.open || box.form === "strip") === under).map((drawn) => {
    const { node } = drawn.box;
    const hue = node.alike ? ` alike-${hueOf(node.alike)}` : "";
    return group(`box-${node.kind}${drawn.at.open ? " open" : ""}${hue}${changeClass(node)}`, [drawn.at.x, drawn.at.y], [`<title>${escaped(node.name)}</title>`, ...boxShapes(drawn, numbers).map(printShape)]);
  });
  const edges = drawing.edges.map((edge) => group(`edge-${edge.kind}${edge.quiet ? " quiet" : ""}${changeClass(edge.edge)}`, [0, 0], edgeShapes(edge).map(printShape)));
  const labels = placeLabels(drawing.edges, drawing.boxes, wholeOf(drawing, margin)).map((label) => group("label", [label.x, label.y], labelShapes(label).map(printShape)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-margin} ${-margin} ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`, `<style>${style(lightPalette)}${drawing.boxes.some(({ box }) => box.node.change) ? changeStyle(lightPalette) : ""}</style>`,
    `<rect class="ground" x="${-margin}" y="${-margin}" width="${width}" height="${height}"/>`,
    ...boxes(true), ...edges, ...boxes(false), ...labels, "</svg>", "",
  ].join("\n");
}

function changeClass({ change }: { readonly change?: string }): string {
  return change === undefined ? "" : ` change-${change}`;
}

function style({ ground, box, border, text, facts, edge, variable, alike, broken }: Palette): string {
  return [
    `text{font:13px system-ui,"Segoe UI",Roboto,sans-serif;fill:${text}}`, `.facts{font-size:11px;fill:${facts}}`, `.shape{font:11px ui-monospace,Menlo,Consolas,monospace;fill:${facts}}`,
    `.ground,.label-ground{fill:${ground}}`, `.outline{fill:${box};stroke:${border}}`, `.open>.outline{fill:${ground}}`, `.header{fill:${box}}`, `.rule{stroke:${border}}`, ".hit{fill:none}", ".missing{stroke-dasharray:4 3}",
    `.box-variables>.outline,.box-variable>.outline,.bars,.chip{stroke:${variable}}`, ".bars,.chip{fill:none}", `.chip-name{fill:${text};stroke:none}`, `.bar{fill:${text}}`,
    `.chevron-mark{fill:none;stroke:${facts};stroke-width:1.1}`, `.edge-line{fill:none;stroke:${edge}}`, `.gap{stroke:${ground}}`, `.arrow{fill:${edge}}`, ".edge-control .edge-line{stroke-dasharray:5 4}",
    `.edge-variables .edge-line{stroke:${variable}}`, `.edge-variables .arrow{fill:${variable}}`, `.start{fill:${ground};stroke:${variable}}`, ".alike-box{fill:none}", `.badge{fill:${text}}.badge-line{fill:none;stroke:${alike[0]}}.badge-broken{fill:${broken}}`, ".alike-letter{font-size:10px}",
    ...alike.map((color, hue) => `.alike-${hue}>.alike-bar{fill:${color}}.alike-${hue}>.alike-box{stroke:${color}}`),
  ].join("");
}

function changeStyle({ change }: Palette): string {
  return [
    `.change-added>.outline,.change-added>.edge-line{stroke:${change.added}}`, `.change-removed>.outline,.change-removed>.edge-line{stroke:${change.removed};stroke-dasharray:3 3}`,
    `.change-changed>.outline,.change-renamed>.outline{stroke:${change.changed}}`, `.change-added>.arrow{fill:${change.added}}`, `.change-removed>.arrow{fill:${change.removed}}`,
  ].join("");
}

function group(name: string, [x, y]: readonly [number, number], content: readonly string[]): string {
  const place = x === 0 && y === 0 ? "" : ` transform="translate(${x} ${y})"`;
  return `<g class="${name}"${place}>${content.join("")}</g>`;
}

function printShape(shape: Shape): string {
  switch (shape.tag) {
    case "rect": return `<rect class="${shape.class}" x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}"${shape.rx === undefined ? "" : ` rx="${shape.rx}"`}/>`;
    case "path": return `<path class="${shape.class}"${shape.at ? ` transform="translate(${shape.at.join(" ")})"` : ""} d="${shape.d}"${shape.stroke === undefined ? "" : ` stroke-width="${shape.stroke}"`}/>`;
    case "text": return `<text class="${shape.class}" x="${Math.round(shape.x * 10) / 10}" y="${shape.y}"${shape.anchor ? ` text-anchor="${shape.anchor}"` : ""}>${escaped(shape.text)}</text>`;
  }
}

/** Text for XML; characters that XML has no form for become the replacement character. */
function escaped(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
