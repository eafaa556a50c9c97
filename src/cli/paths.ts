// What the words RUN and PREFIX on the command line mean as paths, and how paths are printed.
import { stat } from "node:fs/promises";
import { basename, relative, resolve, sep } from "node:path";
import { UserError } from "#base/errors";
import { isNotFound } from "#node/files";
import { readStateFile, prefixOfEntry } from "#node/stateFile";
import { findRuns, isEventFile, runAt, type RunFolder } from "#host/runs/runFolders";

/** The run that a word names: a folder, or a run's name below the current folder. */
export async function runNamed(word: string): Promise<RunFolder> {
  const dir = resolve(word);
  if (await isFolder(dir)) {
    const run = await runAt(dir);
    if (run) return run;
    throw new UserError(`${word} holds no run.`, "trainscope ls shows the runs below a folder.");
  }
  const alike = (await findRuns(process.cwd(), { checkpointFolders: true })).filter(
    ({ name }) => name === word || basename(name) === word,
  );
  const exact = alike.find(({ name }) => name === word);
  if (exact) return exact;
  if (alike[0] && alike.length === 1) return alike[0];
  if (alike.length === 0)
    throw new UserError(`There is no run ${word}.`, "trainscope ls shows the runs below a folder.");
  throw new UserError(`${word} may be ${alike.map(({ name }) => name).join(" or ")}.`, "Name it by its path.");
}

/** The checkpoint that a word names, as an absolute prefix; a run means its latest. `below`: a folder to look in first. */
export async function prefixNamed(word: string, below?: string): Promise<string> {
  const plain = withoutSuffix(word);
  for (const prefix of [...(below === undefined ? [] : [resolve(below, plain)]), resolve(plain)])
    if (await isCheckpoint(prefix)) return prefix;
  if (await isFolder(resolve(word))) return latestOf(resolve(word), word);
  throw new UserError(`There is no checkpoint ${word}.`, "trainscope checkpoints RUN shows what is there.");
}

/** What a path is, as far as its name and its first look tell. */
export type PathKind =
  | { readonly kind: "logdir" | "eventFile" | "stateFile" | "graph" | "savedModel" | "jsonModel"; readonly path: string }
  | { readonly kind: "checkpoint"; readonly prefix: string };

/** Decides what `inspect` looks at. */
export async function kindOfPath(word: string): Promise<PathKind> {
  const path = resolve(word);
  if (await isFolder(path)) {
    const saved = (await isFile(resolve(path, "saved_model.pb"))) || (await isFile(resolve(path, "saved_model.pbtxt")));
    return { kind: saved ? "savedModel" : "logdir", path };
  }
  // A meta graph stands for itself; the other files of a checkpoint stand for the whole.
  const prefix = path.endsWith(".meta") ? path : withoutSuffix(path);
  if (prefix !== path && ((await isFile(path)) || (await isCheckpoint(prefix)))) return { kind: "checkpoint", prefix };
  if (await isFile(path)) {
    if (isEventFile(basename(path))) return { kind: "eventFile", path };
    if (basename(path) === "checkpoint") return { kind: "stateFile", path };
    if (/^saved_model\.pb(txt)?$/.test(basename(path))) return { kind: "savedModel", path };
    if (/\.(pb|pbtxt|meta)$/.test(path)) return { kind: "graph", path };
    if (path.endsWith(".json")) return { kind: "jsonModel", path };
    return { kind: "checkpoint", prefix: path };
  }
  if (await isCheckpoint(path)) return { kind: "checkpoint", prefix: path };
  throw new UserError(
    `There is nothing at ${word}.`,
    "Give a run's folder, an event file, a checkpoint, a state file or a graph.",
  );
}

/** The latest checkpoint of a folder (ST-10). */
export async function latestOf(dir: string, word: string): Promise<string> {
  const state = await readStateFile(dir);
  const prefix = state ? prefixOfEntry(dir, state.modelCheckpointPath) : undefined;
  if (prefix !== undefined && (await isCheckpoint(prefix))) return prefix;
  const moved = prefix === undefined ? undefined : resolve(dir, basename(prefix));
  if (moved !== undefined && (await isCheckpoint(moved))) return moved;
  throw new UserError(
    `${word} has no latest checkpoint.`,
    "Its state file names none that is there; name one yourself.",
  );
}

/** A path below `base` as it is printed: relative, with `/`. */
export function printedPath(base: string, path: string): string {
  const below = relative(base, path);
  return below === "" ? "." : below.split(sep).join("/");
}

/** A checkpoint path without what follows its prefix. */
function withoutSuffix(path: string): string {
  return path.replace(/\.(index|meta|data-\d{5}-of-\d{5})$/, "");
}

async function isCheckpoint(prefix: string): Promise<boolean> {
  return (await isFile(`${prefix}.index`)) || ((await isFile(prefix)) && basename(prefix) !== "checkpoint");
}

/** Whether there is a file of this path. */
export async function isFile(path: string): Promise<boolean> {
  return (await lookAt(path))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
  return (await lookAt(path))?.isDirectory() ?? false;
}

async function lookAt(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
