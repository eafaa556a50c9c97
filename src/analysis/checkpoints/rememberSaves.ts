// The saves that run.json remembers: the newest ones, as many as keep the file small, for it is written anew at each save.
import type { RecordedSave } from "#model/run";

/** What they may take together in run.json, in characters: nearly 500 saves of usual names. */
const mostCharacters = 64 * 1024;

/** Of a save around its prefix, as it is printed. */
const charactersAround = 128;

/** The saves with a new one behind them, the oldest left out where they grow too many. A prefix stands once. */
export function rememberSave(saves: readonly RecordedSave[], saved: RecordedSave): RecordedSave[] {
  const all = [...saves.filter(({ prefix }) => prefix !== saved.prefix), saved];
  let left = mostCharacters;
  let first = all.length - 1;
  for (; first >= 0; first--) {
    left -= (all[first]?.prefix.length ?? 0) + charactersAround;
    if (left < 0) break;
  }
  return all.slice(Math.min(first + 1, all.length - 1));
}
