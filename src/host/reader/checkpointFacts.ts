// The facts about a run's checkpoints, gathered from its folder: files, state file, run record, event files' names, trash.
import type { Stats } from "node:fs";
import { access, constants, readdir, stat, statfs } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { managerPolicy, managerRule } from "#analysis/checkpoints/managerRule";
import { bareFacts, type CheckpointFacts, type FoundCheckpoint } from "#analysis/checkpoints/facts";
import type { RunRecord } from "#model/run";
import { messageOf } from "#base/errors";
import { isEventFileName, startedSeconds } from "#node/eventFiles";
import { isNotFound, namesIn } from "#node/files";
import { readRunRecord } from "#node/runRecord";
import { stateFileName } from "#node/stateFile";
import { readTrash } from "#node/trash";
import type { MetricWish } from "#protocol/readerApi";
import { writerOf } from "../runs/writer";
import type { CheckpointHealth } from "./checkpointHealth";
import { ruleOf } from "./foreignRule";
import { allSaves, metricFacts } from "./metricFacts";
import type { RunEvents } from "./runEvents";
import { readState, repairOf } from "./stateFacts";

/** A checkpoint's files: `.index`, `.meta`, `.data-00000-of-00002`. */
const checkpointFile = /^(.+)\.(index|meta|data-(\d{5})-of-(\d{5}))$/s;

/** What the caller knows beyond the folder. */
export interface FactsSources {
  readonly nowSeconds: number;
  /** The run's events, where they were read. */
  readonly events?: RunEvents;
  readonly metric?: MetricWish;
  /** Last step that the training means to reach. */
  readonly endStep?: number;
  readonly health: CheckpointHealth;
}

/** Reads what is there now. `dir` is the absolute path of the run's folder; nothing is changed. */
export async function readCheckpointFacts(dir: string, sources: FactsSources): Promise<CheckpointFacts> {
  const { nowSeconds, events, endStep, health } = sources;
  const [names, record, trash] = await Promise.all([readdir(dir), readRunRecord(dir), readTrash(dir)]);
  const writer: Pick<CheckpointFacts, "writer" | "who"> = record ? writerOf(record) : { writer: "foreign" };
  const exists = names.includes(stateFileName);
  const state = await readState(dir, exists);
  const listedIn = state.listed.map((prefix) => dirname(prefix));
  const elsewhere = [...new Set(listedIn)].filter((folder) => folder !== ".");
  const folders = await Promise.all(elsewhere.map(async (folder) => ({ folder, names: await namesIn(join(dir, folder)) })));
  const listedV1 = new Set(state.listed);
  const all = await Promise.all([{ folder: "", names }, ...folders].map((one) => findCheckpoints(dir, one, listedV1)));
  const found = await Promise.all(all.flat().map(async (one) => (one.complete ? { ...one, ...(await health.of(dir, one)) } : one)));
  const metric = events && sources.metric ? metricFacts(events, found, keepBestFirst(sources.metric, record)) : undefined;
  const { manager } = state;
  const managed = manager && managerRule(found, manager);
  const stateRepair = record || exists ? repairOf(state, found, exists) : undefined;
  return {
    ...bareFacts,
    found, trash, nowSeconds, ...writer, ...recordFacts(record),
    ...(state.latest === undefined ? {} : { state: { latest: state.latest, listed: state.listed } }),
    problems: state.problems,
    builtSeconds: builtTimes(names, record),
    saves: allSaves(found, events, record?.saves),
    rule: await ruleOf({ dir, names, record, state: state.written, manager: managed }),
    ...(manager && managed && { manager, policy: managerPolicy(managed) }),
    ...(metric && { metric }), ...(endStep !== undefined && { endStep }), ...(stateRepair && { stateRepair }),
    ...(await freeBytesOf(dir)), ...(await whyNoChange(dir, writer)),
  };
}

/** What stands in the way of every change. */
async function whyNoChange(dir: string, { writer, who }: Pick<CheckpointFacts, "writer" | "who">): Promise<{ readonly whyNoChange?: string }> {
  if (writer === "elsewhere") return { whyNoChange: `Written by ${who ?? "another process"}: it cannot be asked from here.` };
  try {
    await access(dir, constants.W_OK);
    return {};
  } catch (error) {
    return { whyNoChange: `This folder cannot be changed: ${messageOf(error)}.` };
  }
}

/** What run.json alone knows. */
function recordFacts(record: RunRecord | undefined): Partial<CheckpointFacts> {
  if (!record) return {};
  const policy = record.retentionAsked ?? record.retention;
  return {
    protected: record.protected ?? [], keptAsBest: record.keptAsBest ?? [],
    bestValues: new Map((record.bestValues ?? []).map(({ prefix, value }) => [prefix, value])),
    ...(policy && { policy }), ...(record.keepBest && { keepBest: record.keepBest }), ...(record.undoRestore && { undoRestore: record.undoRestore }),
    ...(record.nextKeepSeconds !== undefined && { nextKeepSeconds: record.nextKeepSeconds }),
  };
}

/** Where keep-best is on, its metric is the one to speak of unless another is asked for. */
function keepBestFirst(wish: MetricWish, record: RunRecord | undefined): MetricWish {
  const { keepBest } = record ?? {};
  return keepBest && (wish.tag === undefined || wish.tag === keepBest.tag) ? { tag: keepBest.tag, lower: keepBest.lower } : wish;
}

async function freeBytesOf(dir: string): Promise<{ readonly freeBytes?: number }> {
  try {
    const { bavail, bsize } = await statfs(dir);
    return { freeBytes: bavail * bsize };
  } catch {
    // Some network and virtual file systems do not say; then the disk counts as never full.
    return {};
  }
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

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
