// What the comparison of checkpoints knows, and how it changes.
import type { ChangeMap, CheckpointDifference } from "#model/checkpointLook";
import type { CheckpointInfo } from "#model/checkpoint";
import type { Measure } from "./heat";

/** Two checkpoints side by side, and the change of scopes over all of them. */
export interface CompareState {
  readonly from: string;
  readonly to: string;
  readonly measure: Measure;
  readonly openScopes: readonly string[];
  readonly filter: string;
  readonly difference?: CheckpointDifference;
  readonly map?: ChangeMap;
  readonly problem?: string;
}

export type CompareHappening =
  | { readonly kind: "compareOpened"; readonly from: string; readonly to: string }
  | { readonly kind: "compareClosed" }
  | { readonly kind: "differenceCame"; readonly from: string; readonly to: string; readonly difference: CheckpointDifference }
  | { readonly kind: "mapCame"; readonly map: ChangeMap }
  | { readonly kind: "compareFailed"; readonly why: string }
  | { readonly kind: "measured"; readonly measure: Measure }
  | { readonly kind: "compareFiltered"; readonly text: string }
  | { readonly kind: "compareScopeToggled"; readonly scope: string };

/** The map stays while another pair is chosen: it is of all checkpoints. */
export function compareAfter(state: CompareState | undefined, happening: CompareHappening): CompareState | undefined {
  if (happening.kind === "compareOpened") {
    const { from, to } = happening;
    const fresh: CompareState = { from, to, measure: "perThousand", openScopes: [], filter: "" };
    return state ? { ...state, from, to, difference: undefined, problem: undefined } : fresh;
  }
  if (!state) return undefined;
  switch (happening.kind) {
    case "compareClosed": return undefined;
    case "differenceCame": return happening.from === state.from && happening.to === state.to ? { ...state, difference: happening.difference } : state;
    case "mapCame": return { ...state, map: happening.map, openScopes: state.openScopes.length > 0 ? state.openScopes : happening.map.scopes.slice(0, 1) };
    case "compareFailed": return { ...state, problem: happening.why };
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
export function pairOf(checkpoints: readonly CheckpointInfo[], { selected, other }: { readonly selected: string | undefined; readonly other?: string }): { readonly from: string; readonly to: string } | undefined {
  const all = comparable(checkpoints);
  const at = (prefix: string | undefined): number => all.findIndex((one) => one.prefix === prefix);
  const [one, second] = [at(selected), at(other)];
  const later = Math.max(one, second) < 0 ? all.length - 1 : Math.max(one, second);
  const earlier = one >= 0 && second >= 0 && one !== second ? Math.min(one, second) : later > 0 ? later - 1 : 1;
  const [from, to] = [all[Math.min(earlier, later)], all[Math.max(earlier, later)]];
  return from && to && from !== to ? { from: from.prefix, to: to.prefix } : undefined;
}
