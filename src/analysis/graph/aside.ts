// What does not belong to each step, in words that say when it runs instead (graph design, layout rules 2 and 3).
import type { LevelEdge } from "#model/graph";
import type { Box } from "./box";
import { eachStep } from "./eachStep";
import { asksInitialised, isAssignment, isNoOp, isSaving, isSummary } from "./operationKinds";
import type { ScopeTree } from "./scopeTree";

export const asideWords = {
  saving: "Only when saving",
  summaries: "Only in summary steps",
  start: "Only at start",
  other: "Not in each step",
  hub: "Connected to most",
} as const;

/** A hub has edges to more than this share of its siblings, and to at least this many. */
const hubShare = 0.4;
const hubLeast = 10;

/**
 * Says of each box that goes aside why. Main is a box with operations of each step, or one from which edges between boxes lead
 * to such a box. Where nothing tells what each step runs, only hubs go aside.
 */
export function asideOf(tree: ScopeTree, boxes: readonly Box[], edges: readonly LevelEdge[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const step = eachStep(tree);
  if (step) {
    const main = closedBackwards(boxes.filter(({ inside }) => inside.some((index) => step.runs[index] === 1)), edges);
    // A scope that the step never enters, opened, would be aside as a whole: then nothing in it is.
    if (main.size > 0) sayWhen(tree, { boxes: boxes.filter(({ name }) => !main.has(name)), edges, words });
  }
  for (const box of boxes) {
    const holdsSink = step !== undefined && box.inside.includes(step.sink);
    if (!words.has(box.name) && !holdsSink && isHub(box, { boxes, edges, words })) words.set(box.name, asideWords.hub);
  }
  return words;
}

function closedBackwards(start: readonly Box[], edges: readonly LevelEdge[]): ReadonlySet<string> {
  const sources = new Map<string, string[]>();
  for (const { from, to } of edges) sources.set(to, [...(sources.get(to) ?? []), from]);
  const found = new Set(start.map(({ name }) => name));
  for (const name of found) for (const source of sources.get(name) ?? []) found.add(source);
  return found;
}

interface Words {
  readonly boxes: readonly Box[];
  readonly edges: readonly LevelEdge[];
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
  for (const { from, to } of edges) if (undecided.has(from)) targets.set(from, [...(targets.get(from) ?? []), to]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const name of undecided) {
      const ahead = new Set((targets.get(name) ?? []).map((to) => words.get(to)));
      const [only] = ahead;
      if (ahead.size !== 1 || only === undefined) continue;
      words.set(name, only);
      undecided.delete(name);
      changed = true;
    }
  }
  for (const name of undecided) words.set(name, asideWords.other);
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

/** Edges from what is aside already do not make a hub. */
function isHub(box: Box, { boxes, edges, words }: Words): boolean {
  const neighbours = new Set<string>();
  for (const { from, to } of edges) {
    if (from === box.name && !words.has(to)) neighbours.add(to);
    if (to === box.name && !words.has(from)) neighbours.add(from);
  }
  const siblings = boxes.filter(({ name }) => !words.has(name)).length - 1;
  return neighbours.size >= hubLeast && neighbours.size > hubShare * siblings;
}
