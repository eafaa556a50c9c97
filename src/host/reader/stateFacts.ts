// What a run's state file says, what of it no longer holds, and how a repair would write it.
import { realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { byAge, type FoundCheckpoint, type ManagerFacts } from "#analysis/checkpoints/facts";
import { printCheckpointState, type CheckpointState } from "#formats/checkpointState/checkpointState";
import type { StateRepair } from "#model/checkpointOutlook";
import { isNotFound } from "#node/files";
import { readStateFile } from "#node/stateFile";

/** The state file with its entries as prefixes relative to the run's folder; absolute where they lie elsewhere. */
export interface StateFacts {
  readonly latest?: string;
  /** Oldest first. */
  readonly listed: readonly string[];
  readonly problems: readonly string[];
  /** As it stands in the file. */
  readonly written?: CheckpointState;
  /** Only where CheckpointManager wrote it. */
  readonly manager?: ManagerFacts;
}

/** Entries relative to the run's folder. One that lies elsewhere and is not there is looked for by its name here (formats 15). */
export async function readState(dir: string, exists: boolean): Promise<StateFacts> {
  const state = await readStateFile(dir);
  if (!state || state.modelCheckpointPath === "") {
    const problems = exists ? ["The state file cannot be read: a restart would find no checkpoint."] : [];
    return { listed: [], problems };
  }
  const root = await realpath(dir);
  const problems: string[] = [];
  const here = async (entry: string): Promise<string> => {
    const absolute = resolve(dir, entry);
    const below = belowOf(dir, absolute) ?? belowOf(root, absolute);
    if (below !== undefined) return below;
    const moved = basename(entry);
    if ((await isFile(`${absolute}.index`)) || !(await isFile(join(dir, `${moved}.index`)))) return absolute;
    problems.push(`The state file names ${entry}, which was moved: ${moved} in this folder is taken for it.`);
    return moved;
  };
  const listed: string[] = [];
  for (const entry of state.allModelCheckpointPaths) listed.push(await here(entry));
  const before = problems.length;
  const latest = await here(state.modelCheckpointPath);
  problems.length = Math.max(before, listed.includes(latest) ? before : problems.length);
  return { latest, listed, problems, written: state, ...managerOf(state, listed) };
}

/** A Saver writes neither times nor what it kept (CM-4). */
function managerOf({ timestamps, lastPreservedTimestamp }: CheckpointState, listed: readonly string[]): Pick<StateFacts, "manager"> {
  if (timestamps.length !== listed.length || lastPreservedTimestamp === undefined) return {};
  return { manager: { savedSeconds: new Map(listed.map((prefix, at) => [prefix, timestamps[at] ?? NaN])), lastPreservedSeconds: lastPreservedTimestamp } };
}

/**
 * The state file as it should be: only what is here and whole, with relative paths, so that the folder may be moved. Undefined
 * where it is so already, or where there is nothing to name.
 */
export function repairOf({ latest, listed, problems, written }: StateFacts, found: readonly FoundCheckpoint[], exists: boolean): StateRepair | undefined {
  const whole = new Map(found.filter(({ complete }) => complete).map((one) => [one.prefix, one]));
  const kept = [...new Set(listed.filter((prefix) => whole.has(prefix)))];
  const newest = (latest !== undefined && whole.has(latest) ? latest : kept.at(-1)) ?? [...whole.values()].sort(byAge).at(-1)?.prefix;
  if (newest === undefined) return undefined;
  const paths = [...kept.filter((prefix) => prefix !== newest), newest];
  const timed = written && written.timestamps.length > 0 && written.timestamps.length === listed.length;
  const timestamps = timed ? paths.map((prefix) => written.timestamps[listed.indexOf(prefix)] ?? whole.get(prefix)?.wallTimeSeconds ?? 0) : [];
  const preserved = written?.lastPreservedTimestamp;
  const repaired: CheckpointState = {
    modelCheckpointPath: newest, allModelCheckpointPaths: paths, timestamps, ...(preserved !== undefined && { lastPreservedTimestamp: preserved }),
  };
  const before = written ? printCheckpointState(written) : "";
  const after = printCheckpointState(repaired);
  if (before === after) return undefined;
  const gone = [...new Set([...(latest === undefined ? [] : [latest]), ...listed])].filter((prefix) => !whole.has(prefix));
  const missing = gone.map((prefix) => {
    const there = found.find((one) => one.prefix === prefix);
    return there ? `The state file names ${prefix}, which lacks its ${there.lacks ?? "files"}.` : `The state file names ${prefix}, which is not on disk.`;
  });
  const none = written || exists ? [] : ["There is no state file: a restart would not find these checkpoints."];
  return { before, after, reasons: [...missing, ...problems, ...none] };
}

/** The path from the folder to what lies below it, with `/`; undefined for what lies elsewhere. */
function belowOf(dir: string, absolute: string): string | undefined {
  const below = relative(dir, absolute);
  const inside = below !== "" && !below.startsWith("..") && !isAbsolute(below);
  return inside ? below.split(sep).join("/") : undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
