// The variables of a checkpoint as a tree of scopes, in rows, filtered by name.
import type { VariableInfo } from "#model/checkpoint";
import { isWithin } from "#model/scopedName";
import type { ScopeVariables } from "#protocol/viewsApi";
import type { TreeView } from "./tree";

export type VariableRow =
  | { readonly kind: "scope"; readonly path: string; readonly name: string; readonly depth: number; readonly open: boolean; readonly variables: number; readonly bytes: number }
  | { readonly kind: "variable"; readonly depth: number; readonly name: string; readonly variable: VariableInfo };

interface Scope {
  readonly name: string;
  readonly path: string;
  readonly scopes: Map<string, Scope>;
  readonly variables: VariableInfo[];
  count: number;
  bytes: number;
}

interface Shown {
  readonly filter: string;
  readonly open: readonly string[];
  readonly scope: ScopeVariables | undefined;
  readonly rows: readonly VariableRow[];
}

/** The rows drawn last of each checkpoint: thousands of variables are not sorted anew for each pixel scrolled. */
const drawn = new WeakMap<readonly VariableInfo[], Shown>();

/** Rows in order of name. With a filter all matching variables are shown, and the scopes above them are open. */
export function variableRows(variables: readonly VariableInfo[], { filter, open, scope }: Pick<TreeView, "filter" | "open" | "scope">): readonly VariableRow[] {
  const last = drawn.get(variables);
  if (last?.filter === filter && last.open === open && last.scope === scope) return last.rows;
  const rows = makeRows(variables, { filter, open: new Set(open), chosen: scope });
  drawn.set(variables, { filter, open, scope, rows });
  return rows;
}

/** What tells a row from the others; a scope's ends in a slash. */
export function rowKey(row: VariableRow): string {
  return row.kind === "scope" ? `${row.path}/` : row.variable.name;
}

function makeRows(variables: readonly VariableInfo[], { filter, open, chosen }: { readonly filter: string; readonly open: ReadonlySet<string>; readonly chosen: ScopeVariables | undefined }): readonly VariableRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = variables.filter(({ name, dtype }) => words.every((word) => `${name} ${dtype}`.toLowerCase().includes(word)) && isIn(name, chosen));
  const root = treeOf(matching);
  const rows: VariableRow[] = [];
  const walk = (scope: Scope, depth: number): void => {
    for (const inner of [...scope.scopes.values()].sort(byName)) {
      const shown = foldChain(inner);
      const isOpen = words.length > 0 || chosen?.name !== undefined || open.has(shown.scope.path);
      rows.push({ kind: "scope", path: shown.scope.path, name: shown.name, depth, open: isOpen, variables: shown.scope.count, bytes: shown.scope.bytes });
      if (isOpen) walk(shown.scope, depth + 1);
    }
    for (const variable of [...scope.variables].sort(byName)) {
      rows.push({ kind: "variable", depth, name: shownName(variable.name).slice(scope.path === "" ? 0 : scope.path.length + 1), variable });
    }
  };
  walk(root, 0);
  return rows;
}

const { compare } = new Intl.Collator("en", { numeric: true });
// Slots and averages of a variable are stored below it.
function isIn(name: string, scope: ScopeVariables | undefined): boolean {
  return scope?.name === undefined || scope.variables.some((one) => isWithin(name, one));
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return compare(one.name, other.name);
}

/**
 * The name as the program's objects go: TensorFlow 2 stores a value under its object's path and the attribute's name,
 * an optimizer's slot below the variable that it belongs to.
 */
export function shownName(name: string): string {
  return name.replace(/\/\.ATTRIBUTES\/VARIABLE_VALUE$/, "").replace("/.OPTIMIZER_SLOT/", "/slot ");
}

function emptyScope(name: string, path: string): Scope {
  return { name, path, scopes: new Map(), variables: [], count: 0, bytes: 0 };
}

function treeOf(variables: readonly VariableInfo[]): Scope {
  const root = emptyScope("", "");
  for (const variable of variables) {
    const parts = shownName(variable.name).split("/");
    let scope = root;
    for (const [index, part] of parts.slice(0, -1).entries()) {
      const inner = scope.scopes.get(part) ?? emptyScope(part, parts.slice(0, index + 1).join("/"));
      scope.scopes.set(part, inner);
      scope = inner;
      scope.count++;
      scope.bytes += variable.bytes;
    }
    scope.variables.push(variable);
  }
  return root;
}

// A scope that holds nothing but one other scope is one row with it.
function foldChain(scope: Scope): { readonly scope: Scope; readonly name: string } {
  let inner = scope;
  let { name } = scope;
  for (;;) {
    const only = inner.variables.length === 0 && inner.scopes.size === 1 ? [...inner.scopes.values()][0] : undefined;
    if (!only) return { scope: inner, name };
    name = `${name}/${only.name}`;
    inner = only;
  }
}

/** `4 × 4 × 3 × 32`; a scalar has no dimensions. */
export function shapeWords(shape: readonly number[]): string {
  return shape.length === 0 ? "scalar" : shape.join(" × ");
}
