// A restore of part of a checkpoint: what is chosen and fits is set, the rest keeps its present value.
import { restorePlan } from "#analysis/checkpoints/preflight";
import { describeBundle } from "#formats/bundle/describeBundle";
import type { RestoreChoice } from "#model/checkpoint";
import { UserError } from "#base/errors";
import type { WorkWatch } from "#node/namedTasks";
import type { Session } from "../graph/session";
import { openCheckpoint } from "../saving/openCheckpoint";
import type { Saver } from "../saving/saver";
import { heldValues, type HeldValues } from "../saving/storedValues";
import { watchedReads } from "../saving/watchedReads";

/** A restore that has been read and checked: nothing is left but to set it. */
export interface ReadyRestore {
  /** How many variables it sets. */
  readonly variables: number;
  set(): void | Promise<void>;
}

/**
 * Reads those of the Saver's variables that `choice` names and the file can give. Strings and partitioned variables are not restored
 * in part.
 */
export async function readPart(
  { session, saver }: { readonly session: Session; readonly saver: Saver },
  prefix: string,
  { choice, watch }: { readonly choice: RestoreChoice; readonly watch: WorkWatch },
): Promise<ReadyRestore> {
  const { bundle, close } = await openCheckpoint(prefix);
  try {
    const program = saver.saveables.filter(({ dtype, part }) => dtype !== "string" && !part);
    const plan = restorePlan({ file: describeBundle(bundle).variables, program, choice });
    if (plan.length === 0) throw new UserError(`Nothing of ${prefix} fits what was chosen; nothing was changed.`);
    const byName = new Map(program.map((saveable) => [saveable.name, saveable]));
    const read = watchedReads(bundle, plan.map(({ from }) => from), watch);
    const values: (() => void)[] = [];
    for (const { name, from } of plan) {
      const saveable = byName.get(name);
      if (!saveable) continue;
      const held: HeldValues = heldValues(name, saveable.dtype, await read(from));
      values.push(() => session.assignVariable(saveable.variable, held, saveable.shape));
    }
    return { variables: values.length, set: () => values.forEach((set) => set()) };
  } finally {
    await close();
  }
}
