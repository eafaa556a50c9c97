// The facts about a run's checkpoints, gathered from its folder: files, state file, run record, event files' names, trash.
import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { CheckpointFacts, FoundCheckpoint } from "#analysis/checkpoints/facts";
import type { RunRecord } from "#model/run";
import { isEventFileName, startedSeconds } from "#node/eventFiles";
import { isNotFound } from "#node/files";
import { processExists } from "#node/processes";
import { readRunRecord } from "#node/runRecord";
import { readStateFile, stateFileName } from "#node/stateFile";
import { readTrash } from "#node/trash";

/** A checkpoint's files: `.index`, `.meta`, `.data-00000-of-00002`. */
const checkpointFile = /^(.+)\.(index|meta|data-(\d{5})-of-(\d{5}))$/s;

/** Reads what is there now. `dir` is the absolute path of the run's folder; nothing is changed. */
export async function readCheckpointFacts(dir: string, nowSeconds: number): Promise<CheckpointFacts> {
  const [names, record, trash] = await Promise.all([readdir(dir), readRunRecord(dir), readTrash(dir)]);
  const state = await readState(dir, names.includes(stateFileName));
  const elsewhere = [...new Set(state.listed.map((prefix) => dirname(prefix)))].filter((folder) => folder !== ".");
  const folders = await Promise.all(elsewhere.map(async (folder) => ({ folder, names: await namesIn(join(dir, folder)) })));
  const listedV1 = new Set(state.listed);
  const found = await Promise.all([{ folder: "", names }, ...folders].map((one) => findCheckpoints(dir, one, listedV1)));
  return {
    found: found.flat(),
    ...(state.latest === undefined ? {} : { state: { latest: state.latest, listed: state.listed } }),
    problems: state.problems,
    ...(record?.retention ? { policy: record.retention } : {}),
    ...(record?.nextKeepSeconds === undefined ? {} : { nextKeepSeconds: record.nextKeepSeconds }),
    builtSeconds: builtTimes(names, record),
    writer: writerOf(record),
    protected: [],
    nowSeconds,
    trash,
  };
}

interface State {
  readonly latest?: string;
  readonly listed: readonly string[];
  readonly problems: readonly string[];
}

/** Entries relative to the run's folder. One that lies elsewhere and is not there is looked for by its name here (formats 15). */
async function readState(dir: string, exists: boolean): Promise<State> {
  const state = await readStateFile(dir);
  if (!state || state.modelCheckpointPath === "") {
    const problems = exists ? ["The state file cannot be read: a restart would find no checkpoint."] : [];
    return { listed: [], problems };
  }
  const problems: string[] = [];
  const here = async (entry: string): Promise<string> => {
    const absolute = resolve(dir, entry);
    const below = relative(dir, absolute);
    const inside = below !== "" && !below.startsWith("..") && !isAbsolute(below);
    if (inside) return below.split(sep).join("/");
    const moved = basename(entry);
    if (await isFile(`${absolute}.index`) || !(await isFile(join(dir, `${moved}.index`)))) return absolute;
    problems.push(`The state file names ${entry}, which was moved: ${moved} in this folder is taken for it.`);
    return moved;
  };
  const listed: string[] = [];
  for (const entry of state.allModelCheckpointPaths) listed.push(await here(entry));
  const before = problems.length;
  const latest = await here(state.modelCheckpointPath);
  problems.length = Math.max(before, listed.includes(latest) ? before : problems.length);
  return { latest, listed, problems };
}

interface Folder {
  /** Relative to the run's folder; empty for that folder itself. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** The checkpoints of one folder: everything that has an index or data; a V1 file only where the state file lists it. */
async function findCheckpoints(dir: string, { folder, names }: Folder, listed: ReadonlySet<string>): Promise<FoundCheckpoint[]> {
  const files = new Map<string, string[]>();
  const below = (name: string): string => (folder === "" ? name : `${folder.split(sep).join("/")}/${name}`);
  for (const name of names) {
    const [, prefix, kind] = checkpointFile.exec(name) ?? [];
    const own = prefix === undefined && listed.has(below(name)) ? name : prefix;
    if (own === undefined || (kind === "meta" && !names.some((other) => isDataOrIndex(other, own) || other === own))) continue;
    files.set(own, [...(files.get(own) ?? []), name]);
  }
  const found = await Promise.all([...files].map(([prefix, own]) => describe(dir, below(prefix), own.map(below))));
  return found.flatMap((one) => (one ? [one] : []));
}

function isDataOrIndex(name: string, prefix: string): boolean {
  return name === `${prefix}.index` || (name.startsWith(`${prefix}.data-`) && checkpointFile.test(name));
}

async function describe(dir: string, prefix: string, files: readonly string[]): Promise<FoundCheckpoint | undefined> {
  const stats = await Promise.all(files.map((name) => statOf(join(dir, name))));
  const there = files.flatMap((name, at) => {
    const found = stats[at];
    return found ? [{ name, bytes: found.size, modifiedSeconds: found.mtimeMs / 1000 }] : [];
  });
  if (there.length === 0) return undefined;
  const lacks = whatLacks(prefix, there.map(({ name }) => name));
  const index = there.find(({ name }) => name === `${prefix}.index`);
  const newest = Math.max(...there.map(({ modifiedSeconds }) => modifiedSeconds));
  const step = stepOf(prefix);
  return {
    prefix, files: there.map(({ name }) => name).sort(),
    ...(step === undefined ? {} : { step }),
    wallTimeSeconds: index?.modifiedSeconds ?? newest,
    bytes: there.reduce((sum, { bytes }) => sum + bytes, 0),
    complete: lacks === undefined,
    ...(lacks === undefined ? {} : { lacks }),
  };
}

/** An index and each data file that the names of the others count; the index is renamed last, so it alone nearly says it. */
function whatLacks(prefix: string, files: readonly string[]): string | undefined {
  if (files.includes(prefix)) return undefined;
  if (!files.includes(`${prefix}.index`)) return "index file";
  const shards = files.flatMap((name) => {
    const [, , , shard, of] = checkpointFile.exec(name) ?? [];
    return shard === undefined ? [] : [{ shard: Number(shard), of: Number(of) }];
  });
  const complete = shards.some(({ of }) => new Set(shards.filter((one) => one.of === of).map(({ shard }) => shard)).size === of);
  return complete ? undefined : "data file";
}

/** The number that a prefix ends in, as Saver writes it (SS-2). */
function stepOf(prefix: string): number | undefined {
  const [, digits] = /-(\d{1,15})$/.exec(prefix) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * When each Saver of this run was built. run.json knows the last one; the event files' names tell when the ones before it
 * began writing, which a training does right after it built its Saver.
 */
function builtTimes(names: readonly string[], record: RunRecord | undefined): number[] {
  const starts = names.filter(isEventFileName).flatMap((name) => startedSeconds(name) ?? []);
  const known = record?.saverBuiltSeconds;
  if (known === undefined) return [...new Set(starts)].sort((one, other) => one - other);
  const earlier = starts.filter((start) => start < Math.floor(Math.min(known, record?.startedSeconds ?? known)));
  return [...[...new Set(earlier)].sort((one, other) => one - other), known];
}

function writerOf(record: RunRecord | undefined): CheckpointFacts["writer"] {
  if (!record) return "foreign";
  const alive = record.state === "running" && (record.pid === undefined || processExists(record.pid));
  return alive ? "running" : "ended";
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await statOf(path))?.isFile() ?? false;
}
