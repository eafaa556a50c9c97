// Which boxes of a level have equal structure: the same types of operations, wired alike, whatever their names.
import { appendTo } from "#base/multimap";
import type { Box } from "./box";
import { givesVariable, type ScopeTree } from "./scopeTree";

/** A letter for each box that is built like another one, in the order of the boxes. */
export function letters(tree: ScopeTree, boxes: readonly Box[]): ReadonlyMap<string, string> {
  const groups = new Map<string, Box[]>();
  for (const box of boxes) {
    if (!box.scope) continue;
    appendTo(groups, structureOf(tree, box.inside.filter((index) => counts(tree, index))), box);
  }
  const found = new Map<string, string>();
  let next = 0;
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const letter = letterOf(next++);
    for (const { name } of group) found.set(name, letter);
  }
  return found;
}

/** A … Z, then AA, AB … */
export function letterOf(number: number): string {
  const last = String.fromCharCode(65 + (number % 26));
  return number < 26 ? last : letterOf(Math.floor(number / 26) - 1) + last;
}

/** Of a variable only itself and its reads count: how it is initialised and which slots it has depends on its size, not on its use. */
function counts(tree: ScopeTree, index: number): boolean {
  const owner = tree.variableOf[index];
  if (typeof owner !== "object") return true;
  return index === owner.own || (givesVariable(tree, index) && tree.inputs[index]?.[0]?.from === owner.own);
}

/** What operations are and how they hang together, whatever their names: types in the graph's order, each with where its inputs come from: the place of an inner producer, or outside. */
export function structureOf(tree: ScopeTree, inside: readonly number[]): string {
  // Places count from the first operation: mostly a scope's operations lie close together.
  const first = inside[0] ?? 0;
  const places = new Int32Array((inside.at(-1) ?? 0) - first + 1).fill(-1);
  inside.forEach((index, at) => (places[index - first] = at));
  const hash = new Hash();
  for (const index of inside) {
    hash.number(typeNumber(tree, index));
    for (const { from, output, control } of tree.inputs[index] ?? []) {
      const place = places[from - first] ?? -1;
      hash.number(control ? 1 : 2);
      hash.number(place);
      // Which output of something outside it is, is not of its structure.
      hash.number(place < 0 ? 0 : output);
    }
  }
  return `${inside.length} ${hash.first} ${hash.second}`;
}

const typeNumbers = new WeakMap<ScopeTree, Map<string, number>>();

/** Two trees give a type the same number. */
function typeNumber(tree: ScopeTree, index: number): number {
  const type = tree.model.nodes[index]?.op ?? "";
  const numbers = typeNumbers.get(tree) ?? new Map<string, number>();
  typeNumbers.set(tree, numbers);
  const known = numbers.get(type);
  if (known !== undefined) return known;
  const hash = new Hash();
  for (let at = 0; at < type.length; at++) hash.number(type.charCodeAt(at));
  numbers.set(type, hash.second);
  return hash.second;
}

/** Two 32-bit FNV-like sums with different primes: 64 bits, far from chance for thousands of boxes. */
class Hash {
  first = 0x811c9dc5;
  second = 0x9747b28c;

  number(code: number): void {
    this.first = Math.imul(this.first ^ code, 0x01000193);
    this.second = Math.imul(this.second ^ (code + 0x9e37), 0x85ebca6b) ^ (this.second >>> 13);
  }
}
