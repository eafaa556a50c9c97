// How large each thing of a level is, and which words stand in it: shape first, then label.
import type { LevelNode } from "#model/graph";
import type { Change } from "#model/graphChanges";
import { lastPart } from "#model/scopedName";
import type { Around } from "./around";
import { badgeCurve, badgeHeight, badgeRoom, boxBadge, type BoxBadge, type NodeBadge } from "./badge";
import type { Form, Unit } from "./units";
import { opens, type NumberWords } from "./view";

/** A box before it has a place. */
export interface Box {
  readonly node: LevelNode;
  readonly form: Form;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  /** Second line of a box; beside the name of anything on one line. */
  readonly facts: string;
  /** At the right end: edges that are folded into this box, or how many are in a series. */
  readonly more: string;
  /** Third line: scopes of variables that it reads or updates. */
  readonly chips: readonly Chip[];
  readonly opens: boolean;
  /** Below all other lines: values that are recorded inside. */
  readonly badge?: BoxBadge;
  /** Of a series or a strip: the names of all in it. */
  readonly members: readonly string[];
}

/** A reference to variables. */
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

/** What is needed to put words into boxes. */
export interface Wording {
  readonly measure: Measure;
  readonly numbers: NumberWords;
  /** Values that stand on the boxes that they come from. */
  readonly badges?: readonly NodeBadge[] | undefined;
}

/** Where the words of a box that opens begin. */
export const chevronWidth = 24;
const padding = 12;
const sizes = { least: 136, most: 232, row: 224, rowHeight: 26 };
const letterRoom = 28;
/** In a row everything stands closer: behind the shape, and for the letter before it. */
const [rowEnd, rowLetter] = [9, 22];
const mostLabel = 34;
/** Fewer would be a bare small number after the variables, which says nothing. */
const fewParameters = 1000;
/** Between the parts of a strip, for the arrow. */
export const stripGaps = { arrow: 26, ends: 10 };

/** Parameters in short: `54.4 M`, `2.77 M`, `512`. */
export function shortAmount(amount: number): string {
  for (const [unit, size] of [["G", 1e9], ["M", 1e6], ["k", 1e3]] as const) {
    if (amount >= size) return `${Number((amount / size).toPrecision(3))} ${unit}`;
  }
  return String(amount);
}

/** A shape as the drawing writes it: `[1,32,32,3]`. */
export function shapeWords(shape: string | undefined): string {
  return shape === undefined ? "" : shape === "scalar" ? "scalar" : `[${shape.replaceAll("×", ",")}]`;
}

/** `1,686 ops · 88 variables · 54.4 M`. */
export function factWords(node: LevelNode, numbers: NumberWords): string {
  const { kind, ops, variables, parameters, shape, op, note } = node;
  if (node.missing) return "not in the graph";
  if (kind === "variables") return [numbers.counted(variables, "variable", "variables"), parameters > 0 ? `${shortAmount(parameters)} parameters` : ""].filter(Boolean).join(" · ");
  if (kind === "scope") {
    return [
      numbers.counted(ops, "op", "ops"), node.function === undefined ? "" : "function", note ?? "", variables > 0 && !note ? numbers.counted(variables, "variable", "variables") : "", parameters >= fewParameters ? shortAmount(parameters) : "",
    ].filter(Boolean).join(" · ");
  }
  if (kind === "group") return note ?? "group";
  return kind === "variable" ? shapeWords(shape) : (op ?? "");
}

/** A name cut in the middle; the full one stands in card and tree. */
export function cutName(name: string, most = mostLabel): string {
  if (name.length <= most) return name;
  const tail = Math.ceil((most - 1) / 2);
  return `${name.slice(0, most - 1 - tail)}…${name.slice(-tail)}`;
}

/** What tells a kind of change without colour. */
export const changeSigns: Readonly<Record<Change, string>> = { added: "+", removed: "−", changed: "~", renamed: "=" };

/** What happened to a box between two graphs stands before its name: it does not rest on colour. */
function signed({ change }: LevelNode, label: string): string {
  return change === undefined ? label : `${changeSigns[change]} ${label}`;
}

function fittingName(name: string, room: number, measure: Measure): string {
  let most = mostLabel;
  while (most > 8 && measure(cutName(name, most), "name") > room) most -= 2;
  return cutName(name, most);
}

/** Sizes a thing to its words. */
export function boxOf({ node, form, members, folded }: Unit, { measure, numbers, badges }: Wording): Box {
  const canOpen = opens(node);
  const base = { node, form, chips: [], opens: canOpen, more: "", facts: "", members: members.map(({ name }) => name) };
  if (form === "strip") return stripBox(base, members, measure);
  if (form === "row" || form === "series") return rowBox({ ...base, more: form === "series" ? `× ${numbers.count(members.length)}` : "" }, measure);
  const label = signed(node, fittingName(node.label, sizes.most - chevronWidth - padding - (node.change ? 14 : 0), measure));
  const box = { ...base, label, facts: factWords(node, numbers) };
  switch (node.kind) {
    case "operation":
    case "constant": return pill({ ...box, facts: pillFacts(node) }, measure);
    case "variable": {
      const facts = box.facts === "" ? 0 : measure(box.facts, "mono") + 8;
      return { ...box, width: Math.round(Math.max(96, measure(label, "name") + facts + 28)), height: 24 };
    }
    case "group": return { ...box, width: 320, height: 30 };
    case "variables":
    case "scope": return scopeBox({ ...box, more: folded.length > 0 ? `+${numbers.counted(folded.length, "edge", "edges")}` : "", badge: boxBadge(node, badges) }, badgeRoom(node, badges), measure);
  }
}

function scopeBox(box: Omit<Box, "width" | "height">, badgeText: string, measure: Measure): Box {
  const { node, label, facts, more, badge, opens: canOpen } = box;
  const chips = chipsOf(node, measure);
  const left = canOpen ? chevronWidth : padding;
  const name = measure(label, "name") + (node.alike ? letterRoom : 0);
  const inner = Math.max(name, measure(facts, "facts") + (more ? measure(more, "facts") + 16 : 0), badge ? measure(badgeText, "facts") + badgeCurve.width + 24 : 0, ...chips.map((chip) => chip.x + chip.width - left));
  const width = Math.round(Math.min(sizes.most, Math.max(sizes.least, left + inner + padding)));
  return { ...box, chips: chips.filter((chip) => chip.x + chip.width <= width - 4), width, height: (chips.length > 0 ? 59 : 42) + (badge ? badgeHeight : 0) };
}

/** One line: the name, and at the right the shape that comes out of it. */
function rowBox(box: Omit<Box, "width" | "height" | "label">, measure: Measure): Box {
  const { node, form } = box;
  const facts = form === "series" ? "" : shapeWords(node.shape);
  const room = sizes.row - chevronWidth - rowEnd - (node.alike ? rowLetter : 0) - (facts ? measure(facts, "mono") + 3 : 32);
  return { ...box, facts, label: signed(node, fittingName(node.label, room - (node.change ? 14 : 0), measure)), width: sizes.row, height: sizes.rowHeight };
}

function pill(box: Omit<Box, "width" | "height">, measure: Measure): Box {
  const facts = box.facts === "" ? 0 : measure(box.facts, "facts") + 7;
  return { ...box, width: Math.round(Math.max(64, measure(box.label, "name") + facts + 36)), height: 24 };
}

/** The constants it takes, else its type where the name does not say it. */
function pillFacts({ label, op = "", constants = [], kind, shape, missing }: LevelNode): string {
  if (missing) return "not in the graph";
  if (constants.length > 0) return constants.join(", ");
  if (kind === "constant") return shapeWords(shape);
  const stem = label.replace(/_\d+$/, "").replace(/[()]/g, "").toLowerCase();
  return op.toLowerCase().startsWith(stem) || stem.startsWith(op.toLowerCase()) ? "" : op;
}

function stripBox(box: Omit<Box, "width" | "height" | "label">, members: readonly LevelNode[], measure: Measure): Box {
  const widths = members.map((node) => partWidth(node, measure));
  const width = widths.reduce((sum, one) => sum + one, 2 * stripGaps.ends + stripGaps.arrow * (members.length - 1));
  return { ...box, label: box.node.label, width, height: 28 };
}

/** Width of one operation within a strip. */
export function partWidth({ label, kind }: LevelNode, measure: Measure): number {
  return Math.round(measure(cutName(label, 24), "name") + (kind === "variable" ? 16 : 4));
}

function chipsOf({ reads, updates }: LevelNode, measure: Measure): readonly Chip[] {
  const [word, names] = updates.length > 0 ? (["updates", updates] as const) : (["reads", reads] as const);
  const chips: Chip[] = [];
  let x = chevronWidth + measure(word, "facts") + 6;
  for (const name of names.slice(0, 2)) {
    const label = cutName(lastPart(name), 20);
    const width = Math.round(measure(label, "facts") + 14);
    chips.push({ word, label, name, x: Math.round(x), width });
    x += width + 6;
  }
  return chips;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Strokes wider as more tensors flow. */
export function edgeWidth(tensors: number): number {
  if (tensors >= 200) return 3.5;
  if (tensors >= 40) return 2.75;
  if (tensors >= 10) return 2.25;
  return tensors >= 2 ? 1.75 : 1.25;
}

/** What a screen reader says of a box; in a drawing also what it stands among. */
export function boxWords(node: LevelNode, { open, numbers, around }: { open: boolean; numbers: NumberWords; around?: Around | undefined }): string {
  const kind = node.kind === "operation" ? (node.op ?? "operation") : node.kind;
  const relations = [
    around && around.inputs + around.outputs > 0 ? `${numbers.counted(around.inputs, "input", "inputs")}, ${numbers.counted(around.outputs, "output", "outputs")}.` : "",
    around && around.readBy.length > 0 ? `Read by ${around.readBy.join(", ")}.` : "", around && around.updatedBy.length > 0 ? `Updated by ${around.updatedBy.join(", ")}.` : "",
    node.reads.length > 0 ? `Reads ${node.reads.join(", ")}.` : "", node.updates.length > 0 ? `Updates ${node.updates.join(", ")}.` : "",
    node.change ? `${node.change === "renamed" ? "" : `${capital(node.change)}.`}${node.was === undefined ? "" : ` Was ${node.was}.`}`.trim() : "",
    node.alike ? `Same structure: ${node.alike}.` : "", node.aside ? `Aside: ${node.aside}.` : "", opens(node) ? (open ? "Expanded." : "Collapsed.") : "",
  ];
  const facts = node.kind === "operation" && !node.missing ? [shapeWords(node.shape), ...(node.constants ?? [])].filter(Boolean).join(", ") : factWords(node, numbers).replaceAll(" · ", ", ");
  return [`${node.label}, ${kind}${facts ? `, ${facts}` : ""}.`, ...relations].filter(Boolean).join(" ");
}
