// Moving checkpoints into a run's `.trash`, bringing them back, and emptying it: exactly what a plan says, or a refusal.
import { lstat, mkdir, open, readdir, realpath, rename, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { messageOf, UserError } from "#base/errors";
import type { FileStamp, PlannedDelete, PrunedBeside, PrunePlan, PruneResult, PruneUndone, TrashEntry } from "#model/checkpoint";
import { codeOf, isNotFound, replaceFile, syncFolder } from "./files";
import { prefixOfEntry, readStateFile, withEntriesAgain, withoutEntries, writeStateFile } from "./stateFile";
import { parseManifest, type TrashManifest } from "./trashManifest";

/** Folder inside a run that holds what was pruned. */
const trashName = ".trash";

const manifestName = "manifest.json";
const maxManifestBytes = 64 * 1024 * 1024;

/**
 * Carries out exactly this plan. Everything is checked before anything happens: each file must be one of its checkpoint's, lie
 * really below the run's folder, and look as it did when the plan was made; the latest checkpoint never goes. Then, in this
 * order: manifest, state file, files, so that a crash leaves garbage and never a listed file that is not there.
 * A checkpoint that cannot be moved goes back whole and is told; throws where none could be. `now` names the trash folder; `beside` is
 * remembered in the manifest, and made by the caller.
 */
export async function moveToTrash(dir: string, plan: PrunePlan, { now = new Date(), beside }: { readonly now?: Date; readonly beside?: PrunedBeside | undefined } = {}): Promise<PruneResult> {
  if (plan.deletes.length === 0) throw new UserError("The plan moves nothing.");
  const state = await readStateFile(dir);
  const prefixes = new Set(plan.deletes.map(({ prefix }) => prefixOfEntry(dir, prefix)));
  const gone = (entry: string): boolean => prefixes.has(prefixOfEntry(dir, entry));
  if (state && gone(state.modelCheckpointPath))
    throw new UserError("The latest checkpoint is never pruned.", "Make a new plan.");
  const named = plan.deletes.flatMap(({ files }) => files);
  if (new Set(named).size < named.length) throw new UserError("The plan names a file twice; nothing was moved.");
  for (const planned of plan.deletes) await checkPlanned(dir, planned);

  const trash = await makeTrashFolder(dir, now);
  const listed = state?.allModelCheckpointPaths ?? [];
  const manifest: TrashManifest = {
    version: 1,
    movedSeconds: now.getTime() / 1000,
    listed: listed.some(gone) ? listed : [],
    checkpoints: plan.deletes.map(({ prefix, files, bytes }) => ({ prefix, files, bytes })),
    ...(beside && { beside }),
  };
  await replaceFile(join(dir, trash, manifestName), printManifest(manifest));
  if (state && listed.some(gone)) await writeStateFile(dir, withoutEntries(state, gone));
  const left: { readonly prefix: string; readonly why: string }[] = [];
  for (const planned of plan.deletes) {
    const why = await moveOne(planned, { from: dir, to: join(dir, trash) });
    if (why !== undefined) left.push({ prefix: planned.prefix, why });
  }
  if (left.length === 0) return { trash };
  await leaveOut(dir, { trash, manifest, left: new Set(left.map(({ prefix }) => prefix)) });
  if (left.length === plan.deletes.length) throw new UserError(`Nothing was moved: ${left[0]?.why ?? ""}`, "Make a new plan.");
  return { trash, left };
}

/** The index goes first: what is half moved does not look like a checkpoint. Why it could not be, with all of it back in its place. */
async function moveOne({ files }: PlannedDelete, way: { readonly from: string; readonly to: string }): Promise<string | undefined> {
  const moved: string[] = [];
  try {
    for (const name of [...files].sort(indexFirst)) {
      await mkdir(dirname(join(way.to, name)), { recursive: true });
      await rename(join(way.from, name), join(way.to, name));
      moved.push(name);
    }
    for (const folder of new Set(files.flatMap((name) => [dirname(join(way.from, name)), dirname(join(way.to, name))]))) await syncFolder(folder);
    return undefined;
  } catch (error) {
    await moveAll(moved.reverse(), { from: way.to, to: way.from }, "Undo brings back the rest.");
    return messageOf(error);
  }
}

/** What stays is listed again, and the manifest speaks of the others only; a folder that holds none goes. */
async function leaveOut(
  dir: string,
  { trash, manifest, left }: { readonly trash: string; readonly manifest: TrashManifest; readonly left: ReadonlySet<string> },
): Promise<void> {
  await listAgain(dir, { ...manifest, checkpoints: manifest.checkpoints.filter(({ prefix }) => left.has(prefix)) });
  const moved = manifest.checkpoints.filter(({ prefix }) => !left.has(prefix));
  if (moved.length > 0) await replaceFile(join(dir, trash, manifestName), printManifest({ ...manifest, checkpoints: moved }));
  else await rm(join(dir, trash), { recursive: true });
}

function printManifest(manifest: TrashManifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Makes what takes back the changes beside a prune, and answers with it. */
export type TakeBack = (beside: PrunedBeside) => Promise<PruneUndone["tookBack"]>;

/**
 * Brings back everything a prune moved into `trash`, lists again what was listed, and removes the folder. Before the files comes what
 * the prune changed beside them: by its rule the next save would delete what just came back.
 */
export async function bringBack(dir: string, trash: string, takeBack?: TakeBack): Promise<PruneUndone> {
  const folder = await trashFolder(dir, trash);
  const manifest = await readManifest(folder);
  if (!manifest) throw new UserError(`${trash} holds nothing that could be brought back.`);
  const waiting: string[] = [];
  for (const name of manifest.checkpoints.flatMap(({ files }) => [...files].sort(indexFirst).reverse())) {
    for (const end of [folder, dir]) await mustLieReally(end, name);
    const [there, here] = [await exists(join(folder, name)), await exists(join(dir, name))];
    if (there && here)
      throw new UserError(
        `${name} is there again since it was pruned; nothing was brought back.`,
        "Move it away first.",
      );
    if (there) waiting.push(name);
    else if (!here) throw new UserError(`${name} is in neither the trash nor the run; nothing was brought back.`);
  }
  const tookBack = manifest.beside && takeBack ? await takeBack(manifest.beside) : [];
  await moveAll(waiting, { from: folder, to: dir }, "Undo again goes on from there.");
  await listAgain(dir, manifest);
  await rm(folder, { recursive: true });
  return { prefixes: manifest.checkpoints.map(({ prefix }) => prefix), tookBack };
}

/** What can be brought back, newest first. Folders without our manifest are not ours and not named. */
export async function readTrash(dir: string): Promise<readonly TrashEntry[]> {
  const found: TrashEntry[] = [];
  for (const { name, manifest } of await trashFolders(dir)) {
    const checkpoints = manifest.checkpoints.map(({ prefix, bytes }) => ({ prefix, bytes }));
    found.push({ trash: `${trashName}/${name}`, movedSeconds: manifest.movedSeconds, checkpoints, bytes: checkpoints.reduce((sum, { bytes }) => sum + bytes, 0) });
  }
  return found;
}

/** Deletes for good what is in the trash; answers with how many bytes of checkpoints that were. */
export async function emptyTrash(dir: string): Promise<{ readonly folders: number; readonly bytes: number }> {
  const entries = await readTrash(dir);
  for (const { trash } of entries) await rm(await trashFolder(dir, trash), { recursive: true });
  if (entries.length > 0 && (await readdir(join(dir, trashName))).length === 0)
    await rm(join(dir, trashName), { recursive: true });
  return { folders: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** How a file looks now, to be kept in a plan. */
export async function stampOf(path: string): Promise<FileStamp> {
  const { size, mtimeMs } = await lstat(path);
  return { bytes: size, modifiedMs: mtimeMs };
}

async function checkPlanned(dir: string, { prefix, files, stamps }: PlannedDelete): Promise<void> {
  const root = await realpath(dir);
  for (const [at, name] of files.entries()) {
    if (!isPlainName(name) || !isFileOf(prefix, name))
      throw new UserError(`${name} is no file of the checkpoint ${prefix}; nothing was moved.`);
    const path = join(dir, name);
    const found = await lstat(path).catch((error: unknown) => {
      throw isNotFound(error)
        ? new UserError(`${name} is no longer there; nothing was moved.`, "Make a new plan.")
        : error;
    });
    const really = await realpath(path);
    if (!found.isFile() || really !== join(root, normalize(name)))
      throw new UserError(`${name} lies outside the run's folder; nothing was moved.`);
    const stamp = stamps?.[at];
    if (stamp?.bytes === found.size && stamp.modifiedMs === found.mtimeMs) continue;
    throw new UserError(`${name} has changed since the plan was made; nothing was moved.`, "Make a new plan.");
  }
}

/** Refuses a name on whose way a folder is a link now: what lies behind it is not the run's. */
async function mustLieReally(root: string, name: string): Promise<void> {
  let folder = root;
  for (const part of name.split("/").slice(0, -1)) {
    folder = join(folder, part);
    if (!(await exists(folder))) return;
    if (!(await lstat(folder)).isDirectory()) throw new UserError(`${name} lies behind a link; nothing was brought back.`);
  }
}

/** A relative name that stays below its folder, spelled in the one usual way. */
function isPlainName(name: string): boolean {
  if (name.length === 0 || name.includes("\0") || isAbsolute(name) || /^[A-Za-z]:|\\/.test(name)) return false;
  const parts = name.split("/");
  return parts.every((part) => part !== "" && part !== "." && part !== "..") && parts[0] !== trashName;
}

/** The names that belong to one checkpoint: index, meta graph, data files; a V1 checkpoint is the prefix itself. */
function isFileOf(prefix: string, name: string): boolean {
  return name.startsWith(prefix) && /^(|\.index|\.meta|\.data-\d{5}-of-\d{5})$/.test(name.slice(prefix.length));
}

function indexFirst(a: string, b: string): number {
  return Number(b.endsWith(".index")) - Number(a.endsWith(".index"));
}

async function makeTrashFolder(dir: string, now: Date): Promise<string> {
  await mkdir(join(dir, trashName)).catch((error: unknown) => {
    if (codeOf(error) !== "EEXIST") throw error;
  });
  if (!(await lstat(join(dir, trashName))).isDirectory())
    throw new UserError(`${trashName} is no folder; nothing was moved.`);
  const time = now.toISOString().replaceAll(":", "-");
  for (let attempt = 0; attempt < 1000; attempt++) {
    const name = attempt === 0 ? time : `${time}-${attempt}`;
    try {
      await mkdir(join(dir, trashName, name));
      return `${trashName}/${name}`;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
  throw new Error(`no free name below ${join(dir, trashName)}`);
}

async function moveAll(
  names: readonly string[],
  { from, to }: { from: string; to: string },
  remedy: string,
): Promise<void> {
  let moved = 0;
  try {
    for (const name of names) {
      await mkdir(dirname(join(to, name)), { recursive: true });
      await rename(join(from, name), join(to, name));
      moved++;
    }
  } catch (error) {
    throw new UserError(
      `${moved} of ${names.length} files were moved, then ${names[moved] ?? "one"} could not be: ${messageOf(error)}`,
      remedy,
    );
  }
  for (const folder of new Set(names.flatMap((name) => [dirname(join(from, name)), dirname(join(to, name))])))
    await syncFolder(folder);
}

async function listAgain(dir: string, { listed, checkpoints }: TrashManifest): Promise<void> {
  const state = await readStateFile(dir);
  if (!state || listed.length === 0) return;
  const prefixes = new Set(checkpoints.map(({ prefix }) => prefixOfEntry(dir, prefix)));
  const back = (entry: string): boolean => prefixes.has(prefixOfEntry(dir, entry));
  const times = new Map<string, number>();
  for (const entry of listed) times.set(entry, await modifiedSeconds(`${prefixOfEntry(dir, entry)}.index`));
  await writeStateFile(
    dir,
    withEntriesAgain(state, { before: listed, back }, (entry) => times.get(entry) ?? 0),
  );
}

async function modifiedSeconds(path: string): Promise<number> {
  return lstat(path).then(
    ({ mtimeMs }) => mtimeMs / 1000,
    () => 0,
  );
}

/** The real folder behind a name such as `.trash/2026-…`; refuses any other name, and links. */
async function trashFolder(dir: string, trash: string): Promise<string> {
  const name = trash.startsWith(`${trashName}/`) ? trash.slice(trashName.length + 1) : "";
  const folder = join(dir, trashName, name);
  const plain = /^[\w.-]+$/.test(name) && name !== "." && name !== "..";
  const really = plain && (await exists(folder)) ? await realpath(folder) : undefined;
  if (really !== undefined && really === [await realpath(dir), trashName, name].join(sep)) return folder;
  throw new UserError(`There is no trash folder ${trash} in this run.`);
}

async function trashFolders(
  dir: string,
): Promise<readonly { readonly name: string; readonly manifest: TrashManifest }[]> {
  const found: { name: string; manifest: TrashManifest }[] = [];
  const names = await readdir(join(dir, trashName)).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw error;
  });
  for (const name of names.sort().reverse()) {
    const folder = await trashFolder(dir, `${trashName}/${name}`).catch(refusedAsNone);
    const manifest = folder === undefined ? undefined : await readManifest(folder);
    if (manifest) found.push({ name, manifest });
  }
  return found;
}

function refusedAsNone(error: unknown): undefined {
  if (error instanceof UserError) return undefined;
  throw error;
}

/** A manifest is a file from disk like any other: names in it that do not stay below the run make it none. */
async function readManifest(folder: string): Promise<TrashManifest | undefined> {
  try {
    const handle = await open(join(folder, manifestName), "r");
    try {
      if ((await handle.stat()).size > maxManifestBytes) return undefined;
      const manifest = parseManifest(await handle.readFile("utf8"));
      const sound = manifest?.checkpoints.every(({ prefix, files }) =>
        files.every((name) => isPlainName(name) && isFileOf(prefix, name)),
      );
      return sound ? manifest : undefined;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (isNotFound(error)) return false;
      throw error;
    },
  );
}
