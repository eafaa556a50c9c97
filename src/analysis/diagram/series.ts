// Alike siblings that stand as one where a level would not fit: three or more built alike, one after the other.
import { appendTo } from "#base/multimap";
import type { LevelEdge, LevelNode } from "#model/graph";
import { bendOf, type Bend } from "./bend";
import type { DiagramView } from "./view";

/** Several boxes drawn as one. */
export interface Series {
  readonly node: LevelNode;
  readonly members: readonly LevelNode[];
}

/** More boxes than this on one level start as series. */
const mostBoxes = 60;
/** A bent chain with something open in it is too tall from so many boxes on. */
const longChain = 12;
const least = 3;

/** The series of a level. What is selected, open, or was unfolded stays as it is. */
export function seriesOf(nodes: readonly LevelNode[], edges: readonly LevelEdge[], view: DiagramView): readonly Series[] {
  const bend = bendOf(nodes.map(({ name }) => name), edges);
  const shows = (name: string): boolean => view.expanded.has(name) || view.unfolded.has(name) || view.selected === name;
  if (bend) return nodes.length >= longChain && nodes.some(({ name }) => view.expanded.has(name)) ? inPairs(nodes, { ...bend, shows }) : [];
  return nodes.length > mostBoxes ? [...inARow(nodes, shows), ...ofOneUse(nodes, { edges, shows })] : [];
}

/** In a bent chain both sides fold alike, so that their skips stay level. */
function inPairs(nodes: readonly LevelNode[], { chain, left, sum, shows }: Bend & { readonly shows: (name: string) => boolean }): readonly Series[] {
  const at = new Map(nodes.map((node) => [node.name, node]));
  const node = (index: number): LevelNode | undefined => at.get(chain[index] ?? "");
  const found: Series[] = [];
  let run: number[] = [];
  let key: string | undefined;
  const close = (): void => {
    if (run.length >= least) {
      found.push(seriesFrom(run.flatMap((index) => node(index) ?? [])), seriesFrom([...run].reverse().flatMap((index) => node(sum - index) ?? [])));
    }
    run = [];
  };
  for (let index = 0; index < left; index++) {
    const [down, up] = [node(index), node(sum - index)];
    const same = down?.alike !== undefined && up?.alike !== undefined && !shows(down.name) && !shows(up.name) ? `${down.alike} ${up.alike}` : undefined;
    if (same === undefined || same !== key) close();
    key = same;
    if (same !== undefined) run.push(index);
  }
  close();
  return found.filter(({ members }) => members.length >= least);
}

/** Boxes made one after the other and built alike. */
function inARow(nodes: readonly LevelNode[], shows: (name: string) => boolean): readonly Series[] {
  const found: Series[] = [];
  let run: LevelNode[] = [];
  const close = (): void => {
    if (run.length >= least) found.push(seriesFrom(run));
    run = [];
  };
  for (const node of nodes) {
    const fits = node.alike !== undefined && !shows(node.name);
    if (!fits || node.alike !== run[0]?.alike) close();
    if (fits) run.push(node);
  }
  close();
  return found;
}

/** Operations of one type that feed the same boxes and are fed by the same: the updates of an optimizer, the parts of a group. */
function ofOneUse(nodes: readonly LevelNode[], { edges, shows }: { edges: readonly LevelEdge[]; shows: (name: string) => boolean }): readonly Series[] {
  const ends = new Map<string, string[]>();
  for (const { from, to } of edges) {
    appendTo(ends, from, `to ${to}`);
    appendTo(ends, to, `from ${from}`);
  }
  const groups = new Map<string, LevelNode[]>();
  for (const node of nodes) {
    if (node.kind !== "operation" || shows(node.name)) continue;
    const key = [node.op, ...(ends.get(node.name) ?? []).sort()].join("\n");
    appendTo(groups, key, node);
  }
  return [...groups.values()].filter((group) => group.length >= least).map(seriesFrom);
}

function seriesFrom(members: readonly LevelNode[]): Series {
  const [first, last] = [members[0], members.at(-1)];
  const sum = (key: "ops" | "variables" | "parameters"): number => members.reduce((total, node) => total + node[key], 0);
  return {
    members,
    node: {
      name: `${first?.name ?? ""} … ${last?.label ?? ""}`, label: seriesLabel(members.map(({ label }) => label)), kind: "scope",
      ops: sum("ops"), variables: sum("variables"), parameters: sum("parameters"), reads: [], updates: [],
      ...(first?.alike === undefined ? {} : { alike: first.alike }),
    },
  };
}

/** `encoder_3 … 5` where only a number differs, `*_summary` where only the beginning does, else first and last. */
export function seriesLabel(labels: readonly string[]): string {
  const [first = "", last = ""] = [labels[0], labels.at(-1)];
  const numbered = labels.map((label) => /^(.*?)_?(\d+)$/.exec(label));
  if (numbered.every((match) => match !== null && match[1] === numbered[0]?.[1])) return `${first} … ${numbered.at(-1)?.[2] ?? ""}`;
  const stem = /^(.*?)(?:_\d+)?$/.exec(first)?.[1] ?? first;
  if (labels.every((label) => label === stem || (label.startsWith(`${stem}_`) && /^\d+$/.test(label.slice(stem.length + 1))))) return stem;
  let start = 0;
  while (start < first.length && labels.every((label) => label[start] === first[start])) start++;
  let end = 0;
  while (end < first.length - start && labels.every((label) => label.at(-1 - end) === first.at(-1 - end))) end++;
  // Whole words only: what is between two underscores.
  const head = first.slice(0, first.slice(0, start).lastIndexOf("_") + 1);
  const rest = first.slice(first.length - end);
  const tail = rest.includes("_") ? rest.slice(rest.indexOf("_")) : "";
  return head || tail ? `${head}*${tail}` : `${first} … ${last}`;
}
