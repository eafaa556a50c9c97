// What there will be after the saves that are foreseen, by running the rule ahead: with some checkpoints moved away before, or with none.
import type { EndSum, EndSums } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import { ownPolicy, type CheckpointFacts } from "./facts";
import { rowsOf } from "./rows";
import { clockJumped, currentRetention, simulate } from "./simulate";

/** A prune in thought: what it moves, and the rule from then on; the run's own where left out. */
export interface EndRequest {
  readonly gone: readonly string[];
  readonly policy?: RetentionPolicy;
}

/** Saves to look ahead where the end of the training is not known. */
const fewSaves = 8;

/** As things are, and as they would be. */
export function endSums(facts: CheckpointFacts, { gone, policy }: EndRequest): EndSums {
  const own = ownPolicy(facts);
  return { now: sumOf(facts, own), then: sumOf(without(facts, new Set(gone)), policy ?? own) };
}

function without(facts: CheckpointFacts, gone: ReadonlySet<string>): CheckpointFacts {
  const { state } = facts;
  const listed = state?.listed.filter((prefix) => !gone.has(prefix)) ?? [];
  return { ...facts, found: facts.found.filter(({ prefix }) => !gone.has(prefix)), ...(state && { state: { ...state, listed } }) };
}

function sumOf(facts: CheckpointFacts, policy: RetentionPolicy): EndSum {
  const coming = simulate(facts, policy, { forecast: fewSaves, toTheEnd: true });
  const told = coming.saves.slice(0, coming.told).filter(({ refused }) => !refused);
  const rows = rowsOf(facts, coming, { timesUnknown: clockJumped(facts) !== undefined, best: undefined });
  const newest = new Set(currentRetention(facts, policy).last.map(([prefix]) => prefix));
  const forGood = new Set(rows.filter(({ complete, kept, prefix }) => complete && kept !== "unmanaged" && !newest.has(prefix)).map(({ prefix }) => prefix));
  const marks: string[] = [];
  for (const save of told) {
    newest.add(save.prefix);
    for (const prefix of save.deletes) for (const set of [newest, forGood]) set.delete(prefix);
    for (const prefix of [...save.keepsForever, ...save.spares]) {
      newest.delete(prefix);
      forGood.add(prefix);
    }
    marks.push(...save.keepsForever);
  }
  const stays = rows.filter(({ prefix }) => !newest.has(prefix) && !forGood.has(prefix) && !told.some(({ deletes }) => deletes.includes(prefix)));
  const used = facts.found.reduce((sum, { bytes }) => sum + bytes, 0);
  return { newest: newest.size, forGood: forGood.size, unmanaged: stays.length, marks, bytes: told.at(-1)?.totalBytes ?? used };
}
