// How large each box of a level is, and which words stand in it: shape first, then label.
import type { LevelNode } from "#model/graph";
import type { Numbers } from "#kit/numbers";
import { opens } from "./state";

/** A box before it has a place. */
export interface Box {
  readonly node: LevelNode;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  /** Second line: operations, variables, parameters. */
  readonly facts: string;
  /** At the right end: edges that are folded into this box. */
  readonly more: string;
  /** Third line: scopes of variables that it reads or updates. */
  readonly chips: readonly Chip[];
  readonly opens: boolean;
}

export interface Chip {
  readonly word: "reads" | "updates";
  readonly label: string;
  readonly name: string;
  /** Left edge of the chip and its width, in the box. */
  readonly x: number;
  readonly width: number;
}

/** Width of a text in pixels, by its style. */
export type Measure = (text: string, style: "name" | "facts" | "mono") => number;

export const chevronWidth = 24;
const padding = 12;
const sizes = { least: 136, most: 232 };
const mostLabel = 34;
/** Fewer would be a bare small number after the variables, which says nothing. */
const fewParameters = 1000;

/** Parameters in short: `54.4 M`, `2.77 M`, `512`. */
export function shortAmount(amount: number): string {
  for (const [unit, size] of [["G", 1e9], ["M", 1e6], ["k", 1e3]] as const) {
    if (amount >= size) return `${Number((amount / size).toPrecision(3))} ${unit}`;
  }
  return String(amount);
}

/** `1,686 ops · 88 variables · 54.4 M`. */
export function factWords(node: LevelNode, numbers: Numbers): string {
  const { kind, ops, variables, parameters, shape, op } = node;
  if (kind === "variables") return [numbers.counted(variables, "variable", "variables"), parameters > 0 ? `${shortAmount(parameters)} parameters` : ""].filter(Boolean).join(" · ");
  if (kind === "scope") {
    return [
      numbers.counted(ops, "op", "ops"), variables > 0 ? numbers.counted(variables, "variable", "variables") : "", parameters >= fewParameters ? shortAmount(parameters) : "",
    ].filter(Boolean).join(" · ");
  }
  return kind === "variable" ? (shape ?? "") : (op ?? "");
}

/** A name cut in the middle; the full one stands in card and tree. */
export function cutName(name: string, most = mostLabel): string {
  if (name.length <= most) return name;
  const tail = Math.ceil((most - 1) / 2);
  return `${name.slice(0, most - 1 - tail)}…${name.slice(-tail)}`;
}

function fittingName(name: string, measure: Measure): string {
  let most = mostLabel;
  while (most > 8 && measure(cutName(name, most), "name") > sizes.most - chevronWidth - padding) most -= 2;
  return cutName(name, most);
}

/** Sizes a box to its words. */
export function boxOf(node: LevelNode, { measure, numbers, folded = 0 }: { readonly measure: Measure; readonly numbers: Numbers; readonly folded?: number }): Box {
  const label = fittingName(node.label, measure);
  const canOpen = opens(node);
  const facts = factWords(node, numbers);
  const more = folded > 0 ? `+${numbers.counted(folded, "edge", "edges")}` : "";
  const box = { node, label, facts, more, chips: [], opens: canOpen };
  const name = measure(label, "name");
  if (node.kind === "operation" || node.kind === "constant") {
    return { ...box, facts: node.op === node.label ? "" : facts, width: Math.round(Math.max(52, name + 28)), height: 24 };
  }
  if (node.kind === "variable") return { ...box, width: Math.round(Math.max(96, name + (facts ? measure(facts, "mono") + 8 : 0) + 32)), height: 24 };
  if (node.kind === "group") return { ...box, width: 240, height: 30 };
  const chips = chipsOf(node, measure);
  const left = canOpen ? chevronWidth : padding;
  const inner = Math.max(name + (node.alike ? 28 : 0), measure(facts, "facts") + (more ? measure(more, "facts") + 16 : 0), ...chips.map((chip) => chip.x + chip.width - left));
  const width = Math.round(Math.min(sizes.most, Math.max(sizes.least, left + inner + padding)));
  return { ...box, chips: chips.filter((chip) => chip.x + chip.width <= width - 4), width, height: chips.length > 0 ? 59 : 42 };
}

function chipsOf({ reads, updates }: LevelNode, measure: Measure): readonly Chip[] {
  const [word, names] = updates.length > 0 ? (["updates", updates] as const) : (["reads", reads] as const);
  const chips: Chip[] = [];
  let x = chevronWidth + measure(word, "facts") + 6;
  for (const name of names.slice(0, 2)) {
    const label = cutName(name.split("/").at(-1) ?? name, 20);
    const width = Math.round(measure(label, "facts") + 14);
    chips.push({ word, label, name, x: Math.round(x), width });
    x += width + 6;
  }
  return chips;
}

/** Strokes wider as more tensors flow. */
export function edgeWidth(tensors: number): number {
  if (tensors >= 200) return 3.5;
  if (tensors >= 40) return 2.75;
  if (tensors >= 10) return 2.25;
  return tensors >= 2 ? 1.75 : 1.25;
}

/** What a screen reader says of a box. */
export function boxWords(node: LevelNode, { open, numbers }: { open: boolean; numbers: Numbers }): string {
  const kind = node.kind === "operation" ? (node.op ?? "operation") : node.kind;
  const relations = [
    node.reads.length > 0 ? `Reads ${node.reads.join(", ")}.` : "", node.updates.length > 0 ? `Updates ${node.updates.join(", ")}.` : "",
    node.aside ? `Aside: ${node.aside}.` : "", opens(node) ? (open ? "Expanded." : "Collapsed.") : "",
  ];
  const facts = node.kind === "operation" ? (node.shape ?? "") : factWords(node, numbers).replaceAll(" · ", ", ");
  return [`${node.label}, ${kind}${facts ? `, ${facts}` : ""}.`, ...relations].filter(Boolean).join(" ");
}
