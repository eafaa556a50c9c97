// A restore of part of a checkpoint: what is chosen and fits is set, the rest keeps its present value.
import { restorePlan } from "#analysis/checkpoints/preflight";
import { describeBundle } from "#formats/bundle/describeBundle";
import type { RestoreChoice } from "#model/checkpoint";
import { UserError } from "#base/errors";
import type { Session } from "../graph/session";
import { openCheckpoint } from "../saving/openCheckpoint";
import type { Saver } from "../saving/saver";
import { heldValues, type HeldValues } from "../saving/storedValues";

/**
 * Sets those of the Saver's variables that `choice` names and the file can give; answers how many. Everything is read before
 * anything is set: a restore that fails leaves the program as it was. Strings and partitioned variables are not restored in part.
 */
export async function restorePart({ session, saver }: { readonly session: Session; readonly saver: Saver }, prefix: string, choice: RestoreChoice): Promise<number> {
  const { bundle, close } = await openCheckpoint(prefix);
  try {
    const program = saver.saveables.filter(({ dtype, part }) => dtype !== "string" && !part);
    const plan = restorePlan({ file: describeBundle(bundle).variables, program, choice });
    if (plan.length === 0) throw new UserError(`Nothing of ${prefix} fits what was chosen; nothing was changed.`);
    const byName = new Map(program.map((saveable) => [saveable.name, saveable]));
    const values: (() => void)[] = [];
    for (const { name, from } of plan) {
      const saveable = byName.get(name);
      if (!saveable) continue;
      const held: HeldValues = heldValues(name, saveable.dtype, await bundle.read(from));
      values.push(() => session.assignVariable(saveable.variable, held, saveable.shape));
    }
    for (const set of values) set();
    return values.length;
  } finally {
    await close();
  }
}
