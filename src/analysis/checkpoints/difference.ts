// How two checkpoints differ: which variables, by how much each, and added up over scopes.
import type { ScopeChange, VariableChange, VariableReshaped } from "#model/checkpointLook";
import { parentsOf } from "#model/scopedName";
import type { Fitting } from "./preflight";
import type { Numbers } from "./statistics";

/** A variable of both files, of one type and shape. */
export interface ComparedNames<V extends Fitting> {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly reshaped: readonly VariableReshaped[];
  readonly common: readonly { readonly from: V; readonly to: V }[];
}

/** Compares by name, type and shape; names come sorted. */
export function compareNames<V extends Fitting>(from: readonly V[], to: readonly V[]): ComparedNames<V> {
  const before = new Map(from.map((one) => [one.name, one]));
  const after = new Map(to.map((one) => [one.name, one]));
  const reshaped: VariableReshaped[] = [];
  const common: { readonly from: V; readonly to: V }[] = [];
  for (const [name, one] of [...before].sort(byName)) {
    const other = after.get(name);
    if (!other) continue;
    if (one.dtype === other.dtype && one.shape.join() === other.shape.join()) common.push({ from: one, to: other });
    else reshaped.push({ name, from: { dtype: one.dtype, shape: one.shape }, to: { dtype: other.dtype, shape: other.shape } });
  }
  const missingIn = (there: ReadonlyMap<string, V>, names: ReadonlyMap<string, V>): string[] => [...names.keys()].filter((name) => !there.has(name)).sort();
  return { added: missingIn(before, after), removed: missingIn(after, before), reshaped, common };
}

/** The sums behind a variable's change, piece by piece. */
export class ChangeSum {
  #count = 0;
  #nonFinite = 0;
  #squaresBefore = 0;
  #squaresOfChange = 0;
  #equal = true;

  /** Pieces of equal length; values that are not finite count, but do not enter the sums. */
  add(before: Numbers, after: Numbers): void {
    for (let at = 0; at < before.length; at++) {
      const one = Number(before[at]);
      const other = Number(after[at]);
      if (!Object.is(one, other)) this.#equal = false;
      if (!Number.isFinite(one) || !Number.isFinite(other)) {
        this.#nonFinite++;
        continue;
      }
      this.#squaresBefore += one * one;
      this.#squaresOfChange += (other - one) ** 2;
    }
    this.#count += before.length;
  }

  /** Only its size where every value is as it was. */
  done(name: string, bytes: number): VariableChange | Measured {
    if (this.#equal) return { name, squaresBefore: this.#squaresBefore, squaresOfChange: 0, nonFinite: 0 };
    return { name, bytes, ...this.#totals(), count: this.#count };
  }

  /** The change as one number, also where it is none. */
  get relative(): number {
    return this.#totals().relative;
  }

  #totals() {
    const sums = { squaresBefore: this.#squaresBefore, squaresOfChange: this.#squaresOfChange, nonFinite: this.#nonFinite };
    return { ...sums, relative: relativeChange(sums) };
  }
}

/** |change| / |before|; NaN where anything is not finite, Infinity where it was all zero, 0 where nothing changed. */
function relativeChange({ squaresBefore, squaresOfChange, nonFinite }: Pick<VariableChange, "squaresBefore" | "squaresOfChange" | "nonFinite">): number {
  if (nonFinite > 0) return NaN;
  return squaresOfChange === 0 ? 0 : Math.sqrt(squaresOfChange / squaresBefore);
}

/** What is known of one common variable: its change, or only how large it is where it did not. */
export type Measured = Pick<VariableChange, "name" | "squaresBefore" | "squaresOfChange" | "nonFinite">;

/** Adds up over scopes down to `depth` levels; a variable without a scope counts as its own. Sorted by name. */
export function changesOfScopes(variables: readonly Measured[], depth: number): ScopeChange[] {
  const scopes = new Map<string, { squaresBefore: number; squaresOfChange: number; nonFinite: number; changed: number; variables: number }>();
  for (const one of variables) {
    for (const scope of scopesOf(one.name, depth)) {
      const sum = scopes.get(scope) ?? { squaresBefore: 0, squaresOfChange: 0, nonFinite: 0, changed: 0, variables: 0 };
      scopes.set(scope, sum);
      sum.squaresBefore += one.squaresBefore;
      sum.squaresOfChange += one.squaresOfChange;
      sum.nonFinite += one.nonFinite;
      sum.changed += Number(one.squaresOfChange > 0 || one.nonFinite > 0);
      sum.variables++;
    }
  }
  return [...scopes].sort(byName).map(([scope, { changed, variables: count, ...sums }]) => ({
    scope, relative: relativeChange(sums), changed, variables: count, nonFinite: sums.nonFinite,
  }));
}

/** `a`, `a/b` … of `a/b/c`; the name itself where it has no scope. */
function scopesOf(name: string, depth: number): readonly string[] {
  const scopes = parentsOf(name).slice(0, depth);
  return scopes.length === 0 ? [name] : scopes;
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
