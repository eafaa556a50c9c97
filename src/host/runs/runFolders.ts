// The runs below a folder: which folders are runs, and what is known of each without reading its event files.
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { UserError } from "#base/errors";
import type { RunInfo, RunProgress, RunRecord, RunState } from "#model/run";
import { isNotFound } from "#node/files";
import { readRunRecord } from "#node/runRecord";
import type { RunContent } from "#protocol/readerApi";
import { runRecordName } from "#protocol/runRecord";
import { enterDoor } from "./doorClient";

/** A folder that holds a run. */
export interface RunFolder {
  /** Path below the folder that was asked about, with `/`; `.` for that folder itself. */
  readonly name: string;
  /** Absolute path. */
  readonly dir: string;
  /** Absent for a run that something else wrote. */
  readonly record?: RunRecord;
  readonly eventFiles: readonly string[];
  /** Checkpoints that have an index. */
  readonly checkpoints: number;
  /** Of the files directly in the folder. */
  readonly bytes: number;
  /** Newest change of a file, in milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** How far a search goes. */
export interface SearchLimits {
  readonly depth?: number;
  readonly folders?: number;
  /** Also looks into folders whose name begins with a dot. */
  readonly hidden?: boolean;
  /** Also takes a folder for a run that holds only checkpoints with their state file: some libraries keep them apart. */
  readonly checkpointFolders?: boolean;
}

const skipped = new Set(["node_modules", ".trash", ".git"]);

/**
 * Finds the runs in and below `root`: folders with event files or with a record of ours, sorted by name. What cannot be
 * read is passed over. A link to a folder outside is followed, each such folder once; one to a folder inside, or to one
 * around `root`, is not: no run is found twice, and a loop ends.
 */
export async function findRuns(root: string, limits: SearchLimits = {}): Promise<readonly RunFolder[]> {
  const { depth = 32, folders = 20_000, hidden = false, checkpointFolders = false } = limits;
  const found: RunFolder[] = [];
  const links = new LinkedFolders(await realpath(root).catch(() => root));
  let level = [root];
  let seen = 0;
  for (let below = 0; below <= depth && level.length > 0; below++) {
    const next: string[] = [];
    for (const dir of level) {
      if (seen++ >= folders) break;
      const entries = await entriesOf(dir, dir === root);
      const run = await runIn(dir, entries, root);
      if (run && (checkpointFolders || run.record || run.eventFiles.length > 0)) found.push(run);
      for (const { name, kind } of entries) {
        if (kind === "file" || skipped.has(name) || (!hidden && name.startsWith("."))) continue;
        if (kind === "folder" || (await links.isNew(join(dir, name)))) next.push(join(dir, name));
      }
    }
    level = next;
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Which links to folders a search follows. */
class LinkedFolders {
  readonly #followed = new Set<string>();

  constructor(private readonly root: string) {}

  async isNew(link: string): Promise<boolean> {
    const target = await realpath(link).catch(passOver);
    if (
      target === undefined ||
      this.#followed.has(target) ||
      isWithin(target, this.root) ||
      isWithin(this.root, target)
    )
      return false;
    this.#followed.add(target);
    return true;
  }
}

/** Whether a path is a folder or lies below it; both as `realpath` gives them. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The run in this very folder, be it only checkpoints; undefined when it is none. */
export async function runAt(dir: string): Promise<RunFolder | undefined> {
  return runIn(dir, await entriesOf(dir, true), dir);
}

/** Whether a name is that of an event file. */
export function isEventFile(name: string): boolean {
  return name.includes("tfevents");
}

/**
 * The state of a run, and its progress while it trains. It trains only if its door answers, be it with a refusal (a trainer
 * of another version): a record that says so while nobody answers is `lost`, and a run without a record is `foreign`.
 */
export async function stateOf({
  dir,
  record,
}: RunFolder): Promise<{ readonly state: RunState; readonly progress?: RunProgress }> {
  if (!record) return { state: "foreign" };
  if (record.state !== "running") return { state: record.state };
  const client = await enterDoor(dir, deaf).catch((error: unknown) => {
    if (error instanceof UserError) return "refused" as const;
    throw error;
  });
  if (client === "refused") return { state: "running" };
  if (!client) {
    // It may have ended between the two looks.
    const now = await readRunRecord(dir);
    return { state: now && now.state !== "running" ? now.state : "lost" };
  }
  const { progress } = client.status;
  client.channel.dispose();
  return { state: "running", ...(progress && { progress }) };
}

/** A row of the run explorer: the folder, its state, and what its event files hold where that was read. */
export async function describeRun(folder: RunFolder, content?: RunContent): Promise<RunInfo> {
  const { record } = folder;
  const { state, progress } = await stateOf(folder);
  const lastStep = content?.lastStep ?? progress?.step ?? record?.end?.step;
  return {
    name: folder.name,
    dir: folder.dir,
    state,
    ...(lastStep !== undefined && { lastStep }),
    ...(content?.lastWallTimeSeconds !== undefined && { lastWallTimeSeconds: content.lastWallTimeSeconds }),
    tags: content?.tags.length ?? 0,
    checkpoints: folder.checkpoints,
    bytes: folder.bytes,
    ...(record?.backend && { backend: record.backend.name }),
    ...(record?.parent !== undefined && { parent: record.parent }),
    ...(progress && { progress }),
    ...(record?.end && { end: record.end }),
  };
}

/** Tells that nobody listens to: for a client that only looks in. */
const deaf = {
  scalarsRecorded: ignore,
  progressed: ignore,
  checkpointSaved: ignore,
  checkpointsChanged: ignore,
  restoreProgressed: ignore,
  nonFiniteSearched: ignore,
  noticed: ignore,
  ended: ignore,
};

function ignore(): void {
  // Whoever only looks in has no use for it.
}

/** An entry of a folder; a link to a file counts as the file. */
interface Entry {
  readonly name: string;
  readonly kind: "file" | "folder" | "linkedFolder";
}

async function runIn(dir: string, entries: readonly Entry[], root: string): Promise<RunFolder | undefined> {
  const files = entries.filter(({ kind }) => kind === "file").map(({ name }) => name);
  const eventFiles = files.filter(isEventFile);
  const hasRecord = files.includes(runRecordName);
  if (!hasRecord && eventFiles.length === 0 && !files.includes("checkpoint")) return undefined;
  const stats = await Promise.all(files.map((name) => stat(join(dir, name)).catch(passOver)));
  const record = hasRecord ? await readRunRecord(dir).catch(passOver) : undefined;
  return {
    name: relative(root, dir).split(sep).join("/") || ".",
    dir,
    ...(record && { record }),
    eventFiles,
    checkpoints: files.filter((name) => name.endsWith(".index")).length,
    bytes: stats.reduce((sum, found) => sum + (found?.size ?? 0), 0),
    modifiedMs: Math.max(0, ...stats.map((found) => found?.mtimeMs ?? 0)),
  };
}

/** What cannot be read counts as not there, except the folder that was asked about. */
async function entriesOf(dir: string, asked: boolean): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  try {
    for (const entry of await readdir(dir, { withFileTypes: true })) {
      if (entry.isFile()) entries.push({ name: entry.name, kind: "file" });
      else if (entry.isDirectory()) entries.push({ name: entry.name, kind: "folder" });
      else if (entry.isSymbolicLink()) {
        const target = await stat(join(dir, entry.name)).catch(passOver);
        if (target?.isFile()) entries.push({ name: entry.name, kind: "file" });
        else if (target?.isDirectory()) entries.push({ name: entry.name, kind: "linkedFolder" });
      }
    }
  } catch (error) {
    if (asked && !isNotFound(error)) throw error;
  }
  return entries;
}

function passOver(): undefined {
  return undefined;
}
