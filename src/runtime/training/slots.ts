// Slots: variables that are kept for others, such as momenta and averages, named below them (SLT, EM-12).
import { getVariable, type GetVariableOptions } from "../scope/getVariable";
import type { Variable } from "../scope/variable";
import { variableScope } from "../scope/variableScope";

/** For what a slot is made: a variable, or a tensor under its operation's name. */
export interface SlotOwner {
  readonly op: { readonly name: string; readonly graph: Variable["op"]["graph"] };
  /** Of a part of a partitioned variable: its slots are parts as well. */
  readonly saveSlice?: Variable["saveSlice"];
}

/**
 * A slot is the variable scope of its own name below the current one, `v/Adam`, and `v/Adam_1` the next time; it is not
 * trainable, never partitioned again, and made outside of control dependencies.
 */
export function createSlot({ op, saveSlice }: SlotOwner, name: string, options: GetVariableOptions): Variable {
  const make = (): Variable =>
    variableScope(null, { defaultName: `${op.name}/${name}` }, (scope) => {
      scope.partitioner = undefined;
      const slot = getVariable("", { ...options, trainable: false });
      if (saveSlice) {
        const own = scope.name.slice(scope.name.lastIndexOf(op.name) + op.name.length + 1);
        slot.saveSlice = { ...saveSlice, fullName: `${saveSlice.fullName}/${own}` };
      }
      return slot;
    });
  return op.graph.control.within(undefined, make);
}
