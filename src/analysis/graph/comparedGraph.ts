// Two graphs as one, for one drawing: the later one with what is gone from the earlier one in its place, and what happened to each.
import { appendTo } from "#base/multimap";
import type { Change } from "#model/graphChanges";
import type { GraphNode } from "#model/graph";
import { lastPart } from "#model/scopedName";
import { align, type Alignment } from "./alignment";
import { wholeScopeTree, type Scope, type ScopeTree } from "./scopeTree";

/** Both graphs in one tree. Operations are given by their places in it. */
export interface ComparedGraph {
  readonly tree: ScopeTree;
  /** By operation: what happened to it; undefined for what is the same, and for what stands for a missing input. */
  readonly changes: readonly (Change | undefined)[];
  /** By operation that was changed or renamed: as it was, its inputs named as now. */
  readonly was: ReadonlyMap<number, GraphNode>;
  /** By operation: inputs of it that only one of the graphs has, as written in the joined graph. */
  readonly inputs: ReadonlyMap<number, InputChange>;
  /** By scope of the joined tree: its name in the earlier graph, where it was another. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Inputs that came and went. */
export interface InputChange {
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** Joins two graphs. */
export function compareGraphs(before: ScopeTree, after: ScopeTree): ComparedGraph {
  const alignment = align(before, after);
  const earlierNode = nodesNow({ before, after, alignment });
  const [old, now] = [before.model.nodes.slice(0, before.made.known), after.model.nodes.slice(0, after.made.known)];
  const became = new Map([...alignment.operations].map(([early, late]) => [late, early]));
  const behind = removedBehind(old.length, alignment);
  const nodes: GraphNode[] = [];
  const changes: (Change | undefined)[] = [];
  const was = new Map<number, GraphNode>();
  const inputs = new Map<number, InputChange>();
  const gone = (late: number): void => {
    for (const early of behind.get(late) ?? []) {
      const node = earlierNode(early);
      if (!node) continue;
      nodes.push(node);
      changes.push("removed");
    }
  };
  // An operation of a scope's name is called anew with its scope; that is said of the scope.
  const hasNewName = (late: number, early: number): boolean => after.scopeOf[late]?.own !== late && labelOf(now[late]) !== labelOf(old[early]);
  gone(-1);
  now.forEach((node, late) => {
    const early = became.get(late);
    const earlier = early === undefined ? undefined : earlierNode(early);
    const place = nodes.length;
    const removed = new Set(earlier?.inputs.filter((input) => !node.inputs.includes(input)));
    const added = new Set(earlier ? node.inputs.filter((input) => !earlier.inputs.includes(input)) : []);
    if (removed.size + added.size > 0) inputs.set(place, { added, removed });
    nodes.push(removed.size > 0 ? { ...node, inputs: [...node.inputs, ...removed] } : node);
    const change = !earlier ? "added" : differs(earlier, node) ? "changed" : hasNewName(late, early ?? -1) ? "renamed" : undefined;
    changes.push(change);
    if (earlier && (change === "changed" || change === "renamed")) was.set(place, { ...earlier, name: old[early ?? -1]?.name ?? "" });
    gone(late);
  });
  const renamed = new Map([...alignment.scopes].filter(([one, other]) => lastPart(one) !== lastPart(other) && after.scopes.has(other)).map(([one, other]) => [other, one]));
  return { tree: wholeScopeTree({ nodes, functions: after.given.functions }), changes, was, inputs, renamed };
}

function labelOf(node: GraphNode | undefined): string | undefined {
  return node && lastPart(node.name);
}

interface Pair {
  readonly before: ScopeTree;
  readonly after: ScopeTree;
  readonly alignment: Alignment;
}

/** By operation of the earlier graph: its name in the joined graph. What is gone gets a name that nothing else has. */
function namesNow({ before, after, alignment: { operations, scopes } }: Pair): readonly string[] {
  const taken = new Set(after.model.nodes.slice(0, after.made.known).map(({ name }) => name));
  return before.model.nodes.slice(0, before.made.known).map(({ name }, index) => {
    const late = operations.get(index);
    if (late !== undefined) return after.model.nodes[late]?.name ?? name;
    const home = before.scopeOf[index];
    const around = scopes.get(home?.name ?? "") ?? "";
    const label = home?.own === index ? undefined : lastPart(name);
    const wanted = label === undefined ? around : around === "" ? label : `${around}/${label}`;
    let free = wanted;
    for (let number = 1; taken.has(free); number++) free = `${wanted} (before${number > 1 ? ` ${number}` : ""})`;
    taken.add(free);
    return free;
  });
}

/** Operations of the earlier graph as they are called in the joined one, they and their inputs. */
function nodesNow(pair: Pair): (early: number) => GraphNode | undefined {
  const { before } = pair;
  const names = namesNow(pair);
  const inputNow = (input: string): string => {
    const [, control = "", name = input, output = ""] = /^(\^?)(.*?)(:\d+)?$/s.exec(input) ?? [];
    const known = before.indexOf.get(name);
    return known === undefined ? input : `${control}${names[known] ?? name}${output}`;
  };
  return (early) => {
    const node = before.model.nodes[early];
    return node && { ...node, name: names[early] ?? node.name, inputs: node.inputs.map(inputNow) };
  };
}

/** Operations that are gone, by the operation of the later graph that the one before them became; -1: before all. */
function removedBehind(count: number, { operations }: Alignment): ReadonlyMap<number, readonly number[]> {
  const lists = new Map<number, number[]>();
  let last = -1;
  for (let early = 0; early < count; early++) {
    const late = operations.get(early);
    if (late !== undefined) last = late;
    else appendTo(lists, last, early);
  }
  return lists;
}

/** Type, device, attributes, shapes or inputs. Not the script's line, nor what TensorFlow notes for itself. */
function differs(one: GraphNode, other: GraphNode): boolean {
  return one.op !== other.op || one.device !== other.device || shapesOf(one) !== shapesOf(other) || one.inputs.join("\n") !== other.inputs.join("\n")
    || attributesThatDiffer(one, other).length > 0;
}

/** Names of the attributes whose texts are not the same; what begins with an underscore, the script's line among it, is no part of the computation. */
export function attributesThatDiffer(one: GraphNode, other: GraphNode): readonly string[] {
  const names = new Set([...one.attrs.keys(), ...other.attrs.keys()]);
  return [...names].filter((name) => !name.startsWith("_") && one.attrs.get(name) !== other.attrs.get(name));
}

function shapesOf({ shapes }: GraphNode): string {
  return shapes.map((shape) => shape.join(",")).join(" ");
}

/** How many operations in a scope came, went, and changed. */
export interface Tally {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly all: number;
}

const tallies = new WeakMap<ComparedGraph, ReadonlyMap<Scope, Tally>>();

/** Counts of all scopes. */
export function changesByScope(compared: ComparedGraph): ReadonlyMap<Scope, Tally> {
  const known = tallies.get(compared);
  if (known) return known;
  const { tree, changes } = compared;
  const counts = new Map<Scope, { added: number; removed: number; changed: number; all: number }>();
  changes.forEach((change, index) => {
    for (let at = tree.scopeOf[index]; at; at = at.parent) {
      const count = counts.get(at) ?? { added: 0, removed: 0, changed: 0, all: 0 };
      counts.set(at, count);
      count.all++;
      if (change !== undefined && change !== "renamed") count[change]++;
    }
  });
  tallies.set(compared, counts);
  return counts;
}
