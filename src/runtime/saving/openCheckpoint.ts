// A checkpoint on disk as an open bundle: the index now, each data file when it is first read; or the older one-file format.
import { stat } from "node:fs/promises";
import { FormatError } from "#base/errors";
import { openBundle, shardName, type Bundle } from "#formats/bundle/openBundle";
import { openV1 } from "#formats/bundle/openV1";
import { isNotFound, openFileSource, type FileSource } from "#node/files";
import { NotFoundError } from "../graph/errors";

/** An open checkpoint; whoever opened it closes it. */
export interface OpenCheckpoint {
  readonly bundle: Bundle;
  close(): Promise<void>;
}

/** Opens a checkpoint by its prefix. */
export async function openCheckpoint(prefix: string): Promise<OpenCheckpoint> {
  const open: FileSource[] = [];
  const source = async (path: string): Promise<FileSource> => {
    const file = await openFileSource(path);
    open.push(file);
    return file;
  };
  const close = async (): Promise<void> => {
    for (const file of open.splice(0)) await file.close();
  };
  try {
    if (await isSingleFile(prefix)) return { bundle: await openSingle(await source(prefix)), close };
    const index = await source(`${prefix}.index`);
    return { bundle: await openBundle(index, (shard, of) => source(shardName(prefix, shard, of))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The older format is one file of the prefix's own name; with an index beside it, that counts (ST-9). */
async function isSingleFile(prefix: string): Promise<boolean> {
  const fileAt = async (path: string) => (await stat(path).catch(missing))?.isFile() ?? false;
  return !(await fileAt(`${prefix}.index`)) && (await fileAt(prefix));
}

/** A table without tensors of the older format, such as a newer checkpoint's index, holds none of the names. */
async function openSingle(file: FileSource): Promise<Bundle> {
  try {
    return await openV1(file);
  } catch (error) {
    if (!(error instanceof FormatError) || error.reason !== "malformed") throw error;
    throw new NotFoundError(`Tensors not found in checkpoint files ${file.name}: ${error.message}`, undefined, { cause: error });
  }
}

function missing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
  return undefined;
}
