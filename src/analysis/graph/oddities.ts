// What of a graph is odd, in words: nothing of it keeps the graph from being shown.
import type { GraphOddity } from "#model/graphSearch";
import { operationName } from "./box";
import { closesLoop, isEnqueue, isQueue } from "./operationKinds";
import type { ScopeTree } from "./scopeTree";

/** So many boxes are named of each oddity. */
const mostNames = 20;
const longName = 300;
const deepName = 50;
/** Control characters, and what turns the direction of writing. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** All that is odd, most telling first; nothing for a graph as TensorFlow writes it. */
export function oddities(tree: ScopeTree): readonly GraphOddity[] {
  return [...cycles(tree), ...missingInputs(tree), ...unopened(tree), ...oddNames(tree)];
}

interface Found {
  readonly kind: GraphOddity["kind"];
  readonly operations: readonly number[];
}

function odd(tree: ScopeTree, { kind, operations }: Found, text: (count: number) => string): readonly GraphOddity[] {
  if (operations.length === 0) return [];
  return [{ kind, text: text(operations.length), names: operations.slice(0, mostNames).map((index) => operationName(tree, index).name).filter(Boolean), count: operations.length }];
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `One ${one}` : `${grouped(count)} ${many}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** What a missing producer was called, as the inputs name it. */
function missingInputs(tree: ScopeTree): readonly GraphOddity[] {
  const readers: number[] = [];
  const missing = new Set<string>();
  tree.inputs.forEach((list, index) => {
    const gone = list.flatMap(({ from }, place) => (from < 0 || from >= tree.made.known ? [tree.model.nodes[index]?.inputs[place] ?? ""] : []));
    if (gone.length === 0) return;
    readers.push(index);
    for (const name of gone) missing.add(name.replace(/^\^|:\d+$/g, ""));
  });
  const [example] = missing;
  return odd(tree, { kind: "missingInput", operations: readers }, (count) =>
    `${counted(count, "operation takes", "operations take")} ${counted(missing.size, "input", "inputs").toLowerCase()} that the graph does not hold, such as “${cut(example ?? "")}”.`);
}

function unopened(tree: ScopeTree): readonly GraphOddity[] {
  return odd(tree, { kind: "unopenedFunction", operations: tree.made.unopened }, (count) =>
    `${counted(count, "call", "calls")} of functions ${count === 1 ? "stays" : "stay"} closed: the function calls itself, or the functions are too many or too deep to be opened all.`);
}

function oddNames(tree: ScopeTree): readonly GraphOddity[] {
  const { nodes } = tree.given;
  const where = (fits: (name: string, index: number) => boolean): number[] => nodes.flatMap(({ name }, index) => (fits(name, index) ? [index] : []));
  const longest = nodes.reduce((most, { name }) => Math.max(most, name.length), 0);
  const deepest = nodes.reduce((most, { name }) => Math.max(most, name.split("/").length), 0);
  return [
    ...odd(tree, { kind: "duplicateName", operations: where((name, index) => name !== "" && tree.indexOf.get(name) !== index) }, (count) =>
      `${counted(count, "operation has the name", "operations have the names")} of an earlier one; inputs mean the first.`),
    ...odd(tree, { kind: "emptyName", operations: where((name) => name === "") }, (count) => `${counted(count, "operation has", "operations have")} no name.`),
    ...odd(tree, { kind: "longName", operations: where((name) => name.length > longName) }, (count) =>
      `${counted(count, "name is", "names are")} longer than ${longName} characters, the longest ${grouped(longest)}; drawn cut in the middle.`),
    ...odd(tree, { kind: "unseenCharacter", operations: where((name) => unseen.test(name)) }, (count) =>
      `${counted(count, "name holds", "names hold")} characters that are not seen: control characters, or a change of the direction of writing.`),
    ...odd(tree, { kind: "deepName", operations: where((name) => name.split("/").length > deepName) }, (count) =>
      `${counted(count, "operation lies", "operations lie")} more than ${deepName} scopes deep, the deepest ${deepest - 1}.`),
  ];
}

function cut(name: string): string {
  return name.length > 80 ? `${name.slice(0, 40)}…${name.slice(-39)}` : name;
}

/** Circles that no loop of the graph closes: groups of operations that all lead to each other (Tarjan's strongly connected components). */
function cycles(tree: ScopeTree): readonly GraphOddity[] {
  const circles = components(tree).filter((group) => group.length > 1 || (tree.inputs[group[0] ?? -1] ?? []).some(({ from }) => from === group[0]));
  if (circles.length === 0) return [];
  const first = [...(circles[0] ?? [])].sort((one, other) => one - other);
  const names = first.map((index) => cut(operationName(tree, index).name));
  const shown = names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  return odd(tree, { kind: "cycle", operations: circles.flat().sort((one, other) => one - other) }, (count) =>
    circles.length === 1
      ? `${counted(count, "operation feeds itself", "operations feed each other in a circle")}: ${shown}. One edge is drawn backwards.`
      : `${counted(circles.length, "circle", "circles")} of operations that feed each other, the first of ${shown}. One edge of each is drawn backwards.`);
}

function components(tree: ScopeTree): readonly (readonly number[])[] {
  const count = tree.model.nodes.length;
  const [number, low] = [new Int32Array(count).fill(-1), new Int32Array(count)];
  const waiting = new Uint8Array(count);
  const [stack, found]: [number[], number[][]] = [[], []];
  let next = 0;
  const out = tree.consumers.map((list, at) => leadingOn(tree, at, list));
  for (let start = 0; start < count; start++) {
    if (number[start] !== -1) continue;
    const path = [{ at: start, child: 0 }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { at } = top;
      if (top.child === 0) {
        number[at] = low[at] = next++;
        stack.push(at);
        waiting[at] = 1;
      }
      const to = out[at]?.[top.child++];
      if (to !== undefined) {
        if (number[to] === -1) path.push({ at: to, child: 0 });
        else if (waiting[to] === 1) low[at] = Math.min(low[at] ?? 0, number[to] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.at;
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[at] ?? 0);
      if (low[at] === number[at]) found.push(takeDownTo(at, stack, waiting));
    }
  }
  return found;
}

/** A loop's way back and what is put into a queue close no circle. */
function leadingOn({ model: { nodes } }: ScopeTree, at: number, consumers: readonly number[]): readonly number[] {
  const type = nodes[at]?.op ?? "";
  if (closesLoop(type)) return [];
  return isEnqueue(type) ? consumers.filter((to) => !isQueue(nodes[to]?.op ?? "")) : consumers;
}

function takeDownTo(first: number, stack: number[], waiting: Uint8Array): number[] {
  const group = stack.splice(stack.lastIndexOf(first));
  for (const index of group) waiting[index] = 0;
  return group;
}
