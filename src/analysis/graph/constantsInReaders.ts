// Constants that are written in the operation that takes them instead of being drawn as boxes.
import { operationName } from "./box";
import { isConstant } from "./operationKinds";
import { childHolding, type Scope, type ScopeTree } from "./scopeTree";

/** What is written where on one level. */
export interface ConstantsInReaders {
  /** By box: scalars that its operation takes, with the sign of what it does with them. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** Boxes of constants that are not drawn. */
  readonly folded: ReadonlySet<string>;
}

const signs: Readonly<Record<string, string>> = {
  Mul: "×", Add: "+", AddV2: "+", BiasAdd: "+", Sub: "−", Div: "÷", RealDiv: "÷", Pow: "^", Maximum: "max", Minimum: "min", Greater: ">", Less: "<", GreaterEqual: "≥", LessEqual: "≤", Equal: "=",
};

/** Here it matters on which side of the sign the constant stands. */
const ordered = new Set(["Sub", "Div", "RealDiv", "Pow", "Greater", "Less", "GreaterEqual", "LessEqual"]);

/** Looks at the operations that stand as boxes of `scope`, their own scopes of constants included. */
export function constantsInReaders(tree: ScopeTree, scope: Scope, boxes: readonly { readonly name: string; readonly operation?: number; readonly kind: string }[]): ConstantsInReaders {
  const words = new Map<string, readonly string[]>();
  const folded = new Set<string>();
  for (const { name, operation, kind } of boxes) {
    if (operation === undefined) continue;
    if (kind === "constant" && readersAreOperations(tree, scope, operation)) folded.add(name);
    if (kind !== "operation") continue;
    const type = tree.model.nodes[operation]?.op ?? "";
    const scalars = (tree.inputs[operation] ?? []).flatMap(({ from, control }, place) => {
      const value = control ? undefined : scalarOf(tree, from);
      return value === undefined ? [] : [place === 0 && ordered.has(type) ? `${value} ${signs[type] ?? ""}` : [signs[type], value].filter(Boolean).join(" ")];
    });
    if (scalars.length > 0 && scalars.length <= 2) words.set(name, scalars);
  }
  return { words, folded };
}

/** All of a constant's readers are single operations of this level, and few: then its value, or its shape, stands there. */
function readersAreOperations(tree: ScopeTree, scope: Scope, constant: number): boolean {
  const readers = tree.consumers[constant] ?? [];
  if (readers.length === 0 || (readers.length > 1 && scalarOf(tree, constant) === undefined)) return false;
  return readers.every((reader) => {
    const child = childHolding(tree, scope, reader);
    return child === reader || (typeof child === "object" && child.own === reader && operationName(tree, reader).name.startsWith(child.name));
  });
}

/** `0.6` of `0.6 (float32)`, as the model writes a scalar; undefined for anything else. */
function scalarOf(tree: ScopeTree, index: number): string | undefined {
  const node = tree.model.nodes[index];
  if (!node || !isConstant(node.op)) return undefined;
  const [, value] = /^(\S{1,24}) \((?:float|double|half|bfloat16|u?int)\w*\)$/.exec(node.attrs.get("value") ?? "") ?? [];
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(6))) : value;
}
