// What the comparison of checkpoints knows, and how it changes.
import type { ChangeMap, CheckpointDifference, PairFigures, Weights } from "#model/checkpointLook";
import type { CheckpointInfo, VariableInfo } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import type { Measure } from "./heat";
import { taskAfter, type TaskHappening } from "./looks";
import type { Task } from "./taskWords";

/** Two checkpoints side by side, and the change of scopes over all of them. */
export interface CompareState {
  readonly from: string;
  readonly to: string;
  readonly weights: Weights;
  readonly measure: Measure;
  readonly openScopes: readonly string[];
  readonly filter: string;
  /** Shapes and types by name, of the older and the newer one. */
  readonly variables?: { readonly from: ReadonlyMap<string, VariableInfo>; readonly to: ReadonlyMap<string, VariableInfo> };
  readonly difference?: CheckpointDifference;
  readonly map?: ChangeMap;
  /** By name, as far as they were read. */
  readonly figures: ReadonlyMap<string, PairFigures>;
  readonly problem?: string;
}

/** The whole page. */
export interface ComparePageState {
  readonly snapshot?: CheckpointsSnapshot;
  /** Why there is no snapshot. */
  readonly failed?: string;
  readonly compare?: CompareState;
  readonly task?: Task;
}

/** Two prefixes; the older one first unless a person swapped them. */
export interface Pair {
  readonly from: string;
  readonly to: string;
}

export type CompareHappening =
  | TaskHappening
  | { readonly kind: "opened"; readonly snapshot: CheckpointsSnapshot }
  | { readonly kind: "openFailed"; readonly why: string }
  | (Pair & { readonly kind: "compareOpened"; readonly measure?: Measure })
  | (Pair & { readonly kind: "indexCame"; readonly variables: NonNullable<CompareState["variables"]> })
  | (Pair & { readonly kind: "differenceCame"; readonly weights: Weights; readonly difference: CheckpointDifference })
  | (Pair & { readonly kind: "figuresCame"; readonly weights: Weights; readonly figures: readonly PairFigures[] })
  | { readonly kind: "mapCame"; readonly weights: Weights; readonly map: ChangeMap }
  | { readonly kind: "compareFailed"; readonly why: string }
  | { readonly kind: "weighed"; readonly weights: Weights }
  | { readonly kind: "measured"; readonly measure: Measure }
  | { readonly kind: "compareFiltered"; readonly text: string }
  | { readonly kind: "compareScopeToggled"; readonly scope: string };

export function comparePageAfter(state: ComparePageState, happening: CompareHappening): ComparePageState {
  switch (happening.kind) {
    case "opened": return { ...state, snapshot: happening.snapshot, failed: undefined };
    case "openFailed": return { ...state, failed: happening.why };
    case "taskBegun": case "taskProgressed": case "taskEnded": return { ...state, task: taskAfter(state.task, happening) };
    default: return { ...state, compare: compareAfter(state.compare, happening) };
  }
}

type OfPair = Exclude<CompareHappening, TaskHappening | { readonly kind: "opened" | "openFailed" }>;

/** The map stays while another pair is chosen: it is of all checkpoints. An answer about another pair, or other weights, changes nothing. */
export function compareAfter(state: CompareState | undefined, happening: OfPair): CompareState | undefined {
  if (happening.kind === "compareOpened") {
    const { from, to, measure } = happening;
    const fresh: CompareState = { from, to, weights: "raw", measure: measure ?? "perThousand", openScopes: [], filter: "", figures: new Map() };
    return state ? { ...state, from, to, variables: undefined, difference: undefined, problem: undefined, figures: new Map() } : fresh;
  }
  if (!state) return undefined;
  if ("from" in happening && (happening.from !== state.from || happening.to !== state.to)) return state;
  if ("weights" in happening && happening.kind !== "weighed" && happening.weights !== state.weights) return state;
  switch (happening.kind) {
    case "indexCame": return { ...state, variables: happening.variables };
    case "differenceCame": return { ...state, difference: happening.difference };
    case "figuresCame": return { ...state, figures: new Map([...state.figures, ...happening.figures.map((pair) => [pair.name, pair] as const)]) };
    case "mapCame": return { ...state, map: happening.map, openScopes: state.openScopes.length > 0 ? state.openScopes : happening.map.scopes.slice(0, 1) };
    case "compareFailed": return { ...state, problem: happening.why };
    case "weighed": return { ...state, weights: happening.weights, difference: undefined, map: undefined, figures: new Map(), problem: undefined };
    case "measured": return { ...state, measure: happening.measure };
    case "compareFiltered": return { ...state, filter: happening.text };
    case "compareScopeToggled": {
      const { openScopes } = state;
      const { scope } = happening;
      return { ...state, openScopes: openScopes.includes(scope) ? openScopes.filter((one) => one !== scope) : [...openScopes, scope] };
    }
  }
}

/** More columns than this are not read: the newest ones are. */
const mostColumns = 25;

/** The checkpoints that a comparison can read, oldest first. */
export function comparable(checkpoints: readonly CheckpointInfo[]): readonly CheckpointInfo[] {
  return checkpoints.filter(({ complete, damage }) => complete && damage === undefined).slice(0, mostColumns).reverse();
}

/** The pair that is meant: the two that were chosen in the order of their age, else the selected one and the one before it. */
export function pairOf(checkpoints: readonly CheckpointInfo[], { selected, other }: { readonly selected: string | undefined; readonly other?: string }): Pair | undefined {
  const all = comparable(checkpoints);
  const at = (prefix: string | undefined): number => all.findIndex((one) => one.prefix === prefix);
  const [one, second] = [at(selected), at(other)];
  const later = Math.max(one, second) < 0 ? all.length - 1 : Math.max(one, second);
  const earlier = one >= 0 && second >= 0 && one !== second ? Math.min(one, second) : later > 0 ? later - 1 : 1;
  const [from, to] = [all[Math.min(earlier, later)], all[Math.max(earlier, later)]];
  return from && to && from !== to ? { from: from.prefix, to: to.prefix } : undefined;
}

/** The last checkpoint before values stopped being finite; undefined where none did, or they were so from the oldest one on. */
export function lastFinite({ columns }: ChangeMap): string | undefined {
  const first = columns.findIndex(({ nonFinite }) => nonFinite.some((count) => count > 0));
  return first > 0 ? columns[first]?.from : undefined;
}
