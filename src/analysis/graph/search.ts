// A search over all of a graph's boxes, whatever is open: by name, type, shape, element type and device, without a cap.
import type { GraphMatch, GraphMatches, GraphSearch } from "#model/graphSearch";
import { innermostAround, lastPart } from "#model/scopedName";
import { kindOf, operationName, type Box } from "./box";
import { isMissing, type ScopeTree } from "./scopeTree";
import { shapeText } from "./shapeText";

interface Entry {
  readonly match: GraphMatch;
  readonly fields: Readonly<Record<Field, string>>;
}

type Field = (typeof fieldNames)[number];
const fieldNames = ["name", "type", "shape", "dtype", "device"] as const;

interface Index {
  readonly entries: readonly Entry[];
  /** The last search: its next part is asked for while a list is scrolled. */
  last?: { readonly text: string; readonly found: readonly Entry[] };
}

const indexes = new WeakMap<ScopeTree, Index>();

/** Finds boxes. Text without a word finds nothing. */
export function searchGraph(tree: ScopeTree, { text, from, count, within }: GraphSearch): GraphMatches {
  const index = indexes.get(tree) ?? { entries: entriesOf(tree) };
  indexes.set(tree, index);
  const found = index.last?.text === text ? index.last.found : find(index.entries, text);
  index.last = { text, found };
  return { total: found.length, matches: found.slice(from, from + count).map(({ match }) => match), inside: hidden(found, new Set(within)) };
}

/** Scopes and operations; an operation that is the whole of the scope of its name is listed once. */
function entriesOf(tree: ScopeTree): readonly Entry[] {
  const entries: Entry[] = [];
  const merged = new Set<number>();
  for (const scope of tree.scopes.values()) {
    if (scope === tree.root) continue;
    const kind = kindOf(tree, { scope, operation: scope.own });
    const alone = kind === "variable" || kind === "operation";
    if (alone && scope.own !== undefined) merged.add(scope.own);
    entries.push(entryOf(tree, { name: scope.name, operation: alone ? scope.own : undefined }, { kind, ops: scope.ops }));
  }
  tree.model.nodes.forEach((_, operation) => {
    if (merged.has(operation) || isMissing(tree, operation)) return;
    entries.push(entryOf(tree, { name: operationName(tree, operation).name, operation }, { kind: kindOf(tree, { operation }), ops: 1 }));
  });
  return entries;
}

function entryOf(tree: ScopeTree, { name, operation }: Pick<Box, "name" | "operation">, { kind, ops }: Pick<GraphMatch, "kind" | "ops">): Entry {
  const node = operation === undefined ? undefined : tree.model.nodes[operation];
  const [shape, ...more] = node?.shapes.map((one) => shapeText(one) ?? "") ?? [];
  const dtype = node?.attrs.get("dtype") ?? node?.attrs.get("T") ?? "";
  return {
    match: { name, kind, ops, ...(node ? { op: node.op } : {}), ...(shape === undefined ? {} : { shape }), ...(node?.device ? { device: node.device } : {}) },
    fields: { name: name.toLowerCase(), type: node?.op.toLowerCase() ?? "", shape: [shape, ...more].join(" "), dtype: dtype.toLowerCase(), device: node?.device.toLowerCase() ?? "" },
  };
}

interface Wanted {
  readonly word: string;
  readonly fields: readonly Field[];
}

function find(entries: readonly Entry[], text: string): readonly Entry[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean).map(wantedOf);
  if (wanted.length === 0) return [];
  const rank = ({ match: { name, op, kind } }: Entry): number => {
    const label = lastPart(name).toLowerCase();
    return label === wanted[0]?.word ? 0 : op === undefined && kind !== "operation" ? 1 : 2;
  };
  return entries
    .filter(({ fields }) => wanted.every(({ word, fields: names }) => names.some((name) => fields[name].includes(name === "shape" ? shapeWord(word) : word))))
    .map((entry, place) => ({ entry, place, rank: rank(entry) }))
    .sort((one, other) => one.rank - other.rank || one.entry.match.name.length - other.entry.match.name.length || one.place - other.place)
    .map(({ entry }) => entry);
}

/** `type:conv` looks for conv among the types only. */
function wantedOf(word: string): Wanted {
  const field = fieldNames.find((name) => word.startsWith(`${name}:`));
  const rest = field === undefined ? "" : word.slice(field.length + 1);
  return field === undefined || rest === "" ? { word, fields: fieldNames } : { word: rest, fields: [field] };
}

/** Shapes may be typed as they are shown: `[1,256,256,3]`, `1x256`. */
function shapeWord(word: string): string {
  return word.replace(/[[\]]/g, "").replace(/(?<=[\d?])[x,](?=[\d?]|$)/g, "×");
}

function hidden(found: readonly Entry[], closed: ReadonlySet<string>): GraphMatches["inside"] {
  const counts = new Map<string, number>();
  if (closed.size === 0) return [];
  for (const { match: { name } } of found) {
    const around = innermostAround(name, (scope) => closed.has(scope));
    if (around !== undefined) counts.set(around, (counts.get(around) ?? 0) + 1);
  }
  return [...counts];
}
