// Guesses which missing variable is which extra one under a new name: same type, same shape, and a name that is much alike.
import { appendTo } from "#base/multimap";
import { lastPart } from "#model/scopedName";

interface Named {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A missing variable and the extra one that it probably was. */
export interface Rename {
  readonly missing: string;
  readonly extra: string;
}

/** Names less alike than this are no rename; the only pair of its shape may be less alike. */
const alikeEnough = 0.5;
const alikeEnoughWhenAlone = 0.25;
/** More pairs of one shape than this are not compared letter by letter, only by the last part of the name. */
const mostPairs = 40_000;

/** Pairs each name at most once, the most alike first; in the order of `missing`. */
export function likelyRenames(missing: readonly Named[], extra: readonly Named[]): Rename[] {
  const extras = groupByKind(extra);
  const taken = new Map<string, string>();
  for (const [kind, wanted] of groupByKind(missing)) {
    const offered = extras.get(kind) ?? [];
    const threshold = wanted.length === 1 && offered.length === 1 ? alikeEnoughWhenAlone : alikeEnough;
    const used = new Set<string>();
    for (const { from, to, alike } of pairsOf(wanted, offered)) {
      if (alike < threshold || taken.has(from) || used.has(to)) continue;
      taken.set(from, to);
      used.add(to);
    }
  }
  return missing.flatMap(({ name }) => {
    const found = taken.get(name);
    return found === undefined ? [] : [{ missing: name, extra: found }];
  });
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly alike: number;
}

function pairsOf(wanted: readonly string[], offered: readonly string[]): Pair[] {
  const letterwise = wanted.length * offered.length <= mostPairs;
  const offers = offered.map((name) => ({ name, last: lastPart(name), pairs: letterPairs(name) }));
  const pairs = wanted.flatMap((from) => {
    const own = letterPairs(from);
    const last = lastPart(from);
    return offers
      .filter((offer) => letterwise || offer.last === last)
      .map((offer) => ({ from, to: offer.name, alike: likeness(own, offer.pairs) }));
  });
  return pairs.sort((one, other) => other.alike - one.alike);
}

function groupByKind(variables: readonly Named[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, dtype, shape } of variables) appendTo(groups, `${dtype} ${shape.join(",")}`, name);
  return groups;
}

/** Pairs of neighbouring letters, each as often as it occurs. */
function letterPairs(name: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let index = 0; index + 1 < name.length; index++) {
    const pair = name.slice(index, index + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/** Dice's coefficient: 1 for the same pairs of letters, 0 for none in common. */
function likeness(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  const size = (pairs: ReadonlyMap<string, number>): number => [...pairs.values()].reduce((sum, count) => sum + count, 0);
  let common = 0;
  for (const [pair, count] of one) common += Math.min(count, other.get(pair) ?? 0);
  const all = size(one) + size(other);
  return all === 0 ? 0 : (2 * common) / all;
}
