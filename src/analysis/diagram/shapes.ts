// The drawing as simple shapes, the same for the page and for files: no decision about the graph is made here.
import { badgeCurve, type BoxBadge } from "./badge";
import { chevronWidth, type Box } from "./boxes";
import { footerHeight, quietWords, type DrawnBox, type DrawnEdge } from "./drawing";
import type { PlacedLabel } from "./labels";
import { headerHeight, type PlacedEdge, type Spot } from "./layout";
import { linePath } from "./linePath";
import type { NumberWords } from "./view";

/** One shape; its class says what it is, and with that its colour. Places are relative to the box that it belongs to. */
export type Shape =
  | { readonly tag: "rect"; readonly class: string; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly rx?: number }
  | { readonly tag: "path"; readonly class: string; readonly d: string; readonly stroke?: number; readonly at?: Spot }
  | { readonly tag: "text"; readonly class: string; readonly x: number; readonly y: number; readonly anchor?: "middle" | "end"; readonly text: string };

/** Letters of the small fonts are about this wide; too little room only leaves words out. */
export const factWidth = 6.3;
const hues = 5;

/** Class that colours boxes of one structure. */
export function hueOf(letter: string): number {
  return ((letter.codePointAt(0) ?? 65) - 65) % hues;
}

/** Outline and words of a box. */
export function boxShapes(drawn: DrawnBox, numbers: NumberWords): readonly Shape[] {
  const { box, at } = drawn;
  if (drawn.part) return partShapes(box, at.width);
  return [
    ...outline(drawn), ...(at.open ? openWords(drawn, numbers) : closedWords(box, at.width)),
    ...(box.node.alike ? alikeMark(drawn, box.node.alike) : []),
    ...(box.opens || box.form === "series" ? [chevron(drawn)] : []),
  ];
}

function outline({ box: { node, form }, at: { width, height, open, depth } }: DrawnBox): readonly Shape[] {
  const rect = (rx?: number): Shape => ({ tag: "rect", class: "outline", x: 0, y: 0, width, height, ...(rx === undefined ? {} : { rx }) });
  if (open) {
    const header = headerHeight(depth);
    return [rect(4), { tag: "rect", class: "header", x: 0.5, y: 0.5, width: width - 1, height: header - 0.5, rx: 4 }, { tag: "path", class: "rule", d: `M0 ${header}H${width}` }];
  }
  if (form === "series") {
    return [...[6, 3].map((by): Shape => ({ tag: "rect", class: "outline", x: by, y: -by, width, height, rx: 4 })), rect(4)];
  }
  if (form === "strip" || form === "row") return [rect(4)];
  switch (node.kind) {
    case "variable":
    case "variables": return [rect(), { tag: "path", class: "bars", d: `M4.5 0V${height}M${width - 4.5} 0V${height}` }];
    case "operation":
    case "constant": return [{ ...rect(height / 2), class: node.missing ? "outline missing" : "outline" }];
    case "group": return [{ tag: "rect", class: "hit", x: 0, y: 0, width, height }, { tag: "rect", class: "bar", x: 0, y: 0, width, height: 4 }];
    case "scope": return [rect(4)];
  }
}

function partShapes({ node, label }: Box, width: number): readonly Shape[] {
  const text: Shape = { tag: "text", class: "name", x: width / 2, y: 13.5, anchor: "middle", text: label };
  if (node.kind !== "variable") return [{ tag: "rect", class: "hit", x: 0, y: 0, width, height: 18 }, text];
  return [{ tag: "rect", class: "outline", x: 0, y: 0, width, height: 18 }, { tag: "path", class: "bars", d: `M2.5 0V18M${width - 2.5} 0V18` }, text];
}

function openWords({ box, at, resting = [] }: DrawnBox, numbers: NumberWords): readonly Shape[] {
  const header = headerHeight(at.depth);
  const y = header / 2 + 5;
  const end = at.width - 12;
  const name = chevronWidth + box.label.length * 7.6 + (box.node.alike ? 28 : 0) + 10;
  const shapes: Shape[] = [{ tag: "text", class: "name", x: chevronWidth, y, text: box.label }];
  if (name + box.facts.length * factWidth < end) shapes.push({ tag: "text", class: "facts", x: name, y, text: box.facts });
  const count = resting.reduce((sum, { ops }) => sum + ops, 0);
  const aside = count > 0 ? `${numbers.count(count)} ops aside` : "";
  if (aside && name + (box.facts.length + aside.length) * factWidth + 16 < end) shapes.push({ tag: "text", class: "facts", x: end, y, anchor: "end", text: aside });
  if (resting.length > 0) {
    const words = resting.map(({ word, ops }) => `${numbers.count(ops)} ${word}`).join(" · ");
    const room = Math.floor((at.width - 32) / factWidth);
    const line = `Aside: ${words}`;
    shapes.push({ tag: "text", class: "facts", x: 16, y: at.height - footerHeight / 2 + 2, text: line.length > room ? `${line.slice(0, Math.max(0, room - 1))}…` : line });
  }
  return shapes;
}

function closedWords(box: Box, width: number): readonly Shape[] {
  const { node, form, label, facts, chips, more } = box;
  if (form === "strip") return [];
  if (form === "row" || form === "series") {
    const end: Shape[] = more || facts ? [{ tag: "text", class: more ? "facts" : "shape", x: width - 9, y: 17, anchor: "end", text: more || facts }] : [];
    return [{ tag: "text", class: "name", x: chevronWidth, y: 17.5, text: label }, ...end];
  }
  if (node.kind === "group") {
    if (node.note === undefined) return [{ tag: "text", class: "name", x: width / 2, y: 22, anchor: "middle", text: label }];
    return [{ tag: "text", class: "name", x: width * 0.45, y: 22, anchor: "end", text: label }, { tag: "text", class: "facts", x: width * 0.45 + 8, y: 22, text: facts }];
  }
  if (node.kind === "operation" || node.kind === "constant") {
    if (!facts) return [{ tag: "text", class: "name", x: width / 2, y: 16.5, anchor: "middle", text: label }];
    return [{ tag: "text", class: "name", x: 18, y: 16.5, text: label }, { tag: "text", class: "facts", x: width - 18, y: 16, anchor: "end", text: facts }];
  }
  if (node.kind === "variable") {
    return [{ tag: "text", class: "name", x: 13, y: 16.5, text: label }, ...(facts ? [{ tag: "text", class: "shape", x: width - 12, y: 16, anchor: "end", text: facts } as const] : [])];
  }
  const left = box.opens ? chevronWidth : 12;
  return [
    { tag: "text", class: "name", x: left, y: 18, text: label }, { tag: "text", class: "facts", x: left, y: 34, text: facts },
    ...(more ? [{ tag: "text", class: "facts", x: width - 10, y: 34, anchor: "end", text: more } as const] : []),
    ...(chips.length > 0 ? [{ tag: "text", class: "facts", x: left, y: 50, text: chips[0]?.word ?? "" } as const] : []),
    ...chips.flatMap((chip): Shape[] => [
      { tag: "rect", class: "chip", x: chip.x, y: 38.5, width: chip.width, height: 15 },
      { tag: "path", class: "chip", d: `M${chip.x + 2.5} 38.5V53.5M${chip.x + chip.width - 2.5} 38.5V53.5` },
      { tag: "text", class: "facts chip-name", x: chip.x + 7, y: 50, text: chip.label },
    ]),
    ...(box.badge ? badgeShapes(box.badge, { left, right: width - 12, base: chips.length > 0 ? 67 : 50 }) : []),
  ];
}

function badgeShapes({ text, line, broken }: BoxBadge, { left, right, base }: { readonly left: number; readonly right: number; readonly base: number }): readonly Shape[] {
  const x = right - badgeCurve.width - (broken ? 10 : 0);
  return [
    { tag: "text", class: "facts badge", x: left, y: base, text },
    ...(line ? [{ tag: "path", class: "badge-line", d: line, at: [x, base - badgeCurve.height + 1] } as const] : []),
    ...(broken ? [{ tag: "text", class: "facts badge-broken", x: right, y: base, anchor: "end", text: "×" } as const] : []),
  ];
}

/** Equal structure: a bar and a letter, so that it does not rest on colour. */
function alikeMark({ box, at: { width, height, open, depth } }: DrawnBox, letter: string): readonly Shape[] {
  const middle = open ? headerHeight(depth) / 2 : box.form === "row" || box.form === "series" ? 13 : 13.5;
  const beside = chevronWidth + box.label.length * 7.4 + 8;
  const x = Math.round(open || box.form === "row" || box.form === "series" ? Math.min(beside, width - 110) : width - 24);
  return [
    { tag: "rect", class: "alike-bar", x: -0.5, y: 0, width: 3, height }, { tag: "rect", class: "alike-box", x: x + 0.5, y: middle - 6.5, width: 13, height: 13, rx: 3 },
    { tag: "text", class: "alike-letter", x: x + 7, y: middle + 3.8, anchor: "middle", text: letter },
  ];
}

function chevron({ box, at: { open, depth } }: DrawnBox): Shape {
  const middle = open ? headerHeight(depth) / 2 : box.form === "box" ? 13 : 13;
  return { tag: "path", class: "chevron-mark", d: open ? `M8.5 ${middle - 2}L13 ${middle + 2.5}L17.5 ${middle - 2}` : `M10.5 ${middle - 4.5}L15 ${middle}L10.5 ${middle + 4.5}` };
}

/** A line, its arrow, and clear ground where it passes over others. */
export function edgeShapes({ at, width, kind, gaps, leaves }: DrawnEdge): readonly Shape[] {
  const line = linePath(at.points);
  return [
    ...gaps.map(([one, other]): Shape => ({ tag: "path", class: "gap", d: `M${spot(one)}L${spot(other)}`, stroke: width + 7 })),
    { tag: "path", class: "edge-line", d: line, stroke: width }, ...(leaves ? [] : [arrow(at.points)]),
    ...(at.back ? [arrow([...at.points].reverse())] : []),
    ...(kind === "variables" ? [startSquare(at)] : []),
  ];
}

function spot([x, y]: Spot): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}

function arrow(points: readonly Spot[]): Shape {
  const [x, y] = points.at(-1) ?? [0, 0];
  const [beforeX, beforeY] = points.at(-2) ?? [x, y];
  const level = Math.abs(y - beforeY) < 0.5;
  const back = level ? (x >= beforeX ? -6 : 6) : y >= beforeY ? -6 : 6;
  const d = level ? `M${spot([x + back, y - 3.5])}V${Math.round((y + 3.5) * 10) / 10}L${spot([x, y])}Z` : `M${spot([x - 3.5, y + back])}H${Math.round((x + 3.5) * 10) / 10}L${spot([x, y])}Z`;
  return { tag: "path", class: "arrow", d };
}

function startSquare({ points }: PlacedEdge): Shape {
  const [[x, y] = [0, 0], next] = points;
  const level = next !== undefined && Math.abs(next[1] - y) < 0.5;
  return { tag: "rect", class: "start", x: Math.round(level ? x - 0.5 : x - 2.5), y: Math.round(level ? y - 2.5 : y - 0.5), width: 5, height: 5 };
}

/** The label of an edge, on the canvas's ground. */
export function labelShapes({ edge: { label, kind, quiet }, width }: PlacedLabel): readonly Shape[] {
  return [
    { tag: "rect", class: "label-ground", x: 0, y: 0, width, height: quiet ? 30 : 16 }, { tag: "text", class: kind === "control" ? "facts" : "shape", x: 4, y: 12, text: label },
    ...(quiet ? [{ tag: "text", class: "facts", x: 4, y: 26, text: quietWords } as const] : []),
  ];
}
