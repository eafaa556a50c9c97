// What does not belong to each step, in words that say when it runs instead (graph design, layout rules 2 and 3).
import { appendTo } from "#base/multimap";
import type { Box } from "./box";
import { eachStep } from "./eachStep";
import { asksInitialised, isAssignment, isNoOp, isSaving, isSummary } from "./operationKinds";
import type { ScopeTree } from "./scopeTree";

const asideWords = {
  saving: "Only when saving",
  summaries: "Only in summary steps",
  start: "Only at start",
  other: "Not in each step",
  hub: "Connected to most",
  library: "Functions that nothing here calls",
} as const;

/** Something leads from one box to another, by their names. */
interface Link {
  readonly from: string;
  readonly to: string;
}

/** A hub has edges to more than this share of its siblings, and to at least this many. */
const hubShare = 0.4;
const hubLeast = 10;

/**
 * Says of each box that goes aside why. Main is a box with operations of each step, or one from which edges between boxes lead
 * to such a box. Where nothing tells what each step runs, only hubs go aside.
 */
export function asideOf(tree: ScopeTree, boxes: readonly Box[], edges: readonly Link[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const step = eachStep(tree);
  if (step) {
    const main = closedBackwards(boxes.filter(({ inside }) => inside.some((index) => step.runs[index] === 1)), edges);
    // A scope that the step never enters, opened, would be aside as a whole: then nothing in it is.
    if (main.size > 0) sayWhen(tree, { boxes: boxes.filter(({ name }) => !main.has(name)), edges, words });
  }
  if (tree.made.uncalled !== undefined && boxes.some(({ name }) => name === tree.made.uncalled)) words.set(tree.made.uncalled, asideWords.library);
  for (const name of hubs(boxes.filter((box) => !words.has(box.name)), edges)) {
    const holdsSink = step !== undefined && boxes.some((box) => box.name === name && box.inside.includes(step.sink));
    if (!holdsSink) words.set(name, asideWords.hub);
  }
  return words;
}

function closedBackwards(start: readonly Box[], edges: readonly Link[]): ReadonlySet<string> {
  const sources = new Map<string, string[]>();
  for (const { from, to } of edges) appendTo(sources, to, from);
  const found = new Set(start.map(({ name }) => name));
  for (const name of found) for (const source of sources.get(name) ?? []) found.add(source);
  return found;
}

interface Words {
  readonly boxes: readonly Box[];
  readonly edges: readonly Link[];
  readonly words: Map<string, string>;
}

/** By what is inside; a box that holds nothing telling runs when what it leads to runs. */
function sayWhen(tree: ScopeTree, { boxes, edges, words }: Words): void {
  const undecided = new Set<string>();
  for (const box of boxes) {
    const own = ownWord(tree, box);
    if (own === undefined) undecided.add(box.name);
    else words.set(box.name, own);
  }
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) if (undecided.has(from)) appendTo(targets, from, to);
  for (let changed = true; changed; ) {
    changed = false;
    // Edges mostly lead from earlier boxes to later ones: backwards, one pass decides nearly all.
    for (const name of [...undecided].reverse()) {
      const ahead = new Set((targets.get(name) ?? []).map((to) => words.get(to)));
      const [only] = ahead;
      if (ahead.size !== 1 || only === undefined) continue;
      words.set(name, only);
      undecided.delete(name);
      changed = true;
    }
  }
  for (const name of undecided) words.set(name, asideWords.other);
  nameSinks({ boxes, edges, words });
}

/** More boxes than this are not told apart: no one reads such a column. */
const mostNamed = 400;

/** What else is aside and leads to one box runs for that box: several together are told apart by it. */
function nameSinks({ boxes, edges, words }: Words): void {
  const rest = new Map(boxes.filter(({ name }) => words.get(name) === asideWords.other).map((box) => [box.name, box]));
  if (rest.size > mostNamed) return;
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) if (rest.has(from) && rest.has(to) && from !== to) appendTo(targets, from, to);
  const sinkOf = new Map<string, string | undefined>();
  const find = (name: string): string | undefined => {
    if (sinkOf.has(name)) return sinkOf.get(name);
    // A circle leads to no single box.
    sinkOf.set(name, undefined);
    const ahead = new Set((targets.get(name) ?? []).map(find));
    const [only] = ahead;
    const sink = ahead.size === 0 ? name : ahead.size === 1 ? only : undefined;
    sinkOf.set(name, sink);
    return sink;
  };
  const groups = new Map<string, string[]>();
  for (const name of rest.keys()) {
    const sink = find(name);
    if (sink !== undefined) appendTo(groups, sink, name);
  }
  for (const [sink, names] of groups) {
    if (names.length > 1) for (const name of names) words.set(name, `Only for ${rest.get(sink)?.label ?? sink}`);
  }
}

function ownWord(tree: ScopeTree, { inside }: Box): string | undefined {
  const has = (fits: (type: string) => boolean): boolean => inside.some((index) => fits(tree.model.nodes[index]?.op ?? ""));
  if (has(isSaving)) return asideWords.saving;
  if (has(isSummary)) return asideWords.summaries;
  if (has(asksInitialised)) return asideWords.start;
  const waitsForAssignments = inside.some((index) => isNoOp(tree.model.nodes[index]?.op ?? "") && onlyAssignments(tree, index));
  return waitsForAssignments ? asideWords.start : undefined;
}

/** An initializer: a group of nothing but assignments, or of such groups; also one of none at all. */
function onlyAssignments(tree: ScopeTree, group: number): boolean {
  const seen = new Set([group]);
  for (const index of seen) {
    for (const { from } of tree.inputs[index] ?? []) {
      const type = tree.model.nodes[from]?.op ?? "";
      if (isNoOp(type)) seen.add(from);
      else if (!isAssignment(type)) return false;
    }
  }
  return true;
}

/** Boxes with edges to most of the others; what is aside already does not count. */
function hubs(boxes: readonly Box[], edges: readonly Link[]): string[] {
  const neighbours = new Map(boxes.map(({ name }) => [name, new Set<string>()]));
  for (const { from, to } of edges) {
    if (neighbours.has(to)) neighbours.get(from)?.add(to);
    if (neighbours.has(from)) neighbours.get(to)?.add(from);
  }
  const enough = Math.max(hubLeast, Math.floor(hubShare * (boxes.length - 1)) + 1);
  return [...neighbours].flatMap(([name, others]) => (others.size >= enough ? [name] : []));
}
