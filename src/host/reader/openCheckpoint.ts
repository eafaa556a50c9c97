// A checkpoint on disk, whichever of its two formats it has, open for as long as someone looks into it.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { FormatError, UserError } from "#base/errors";
import { openBundle, shardName, type Bundle } from "#formats/bundle/openBundle";
import { openV1 } from "#formats/bundle/openV1";
import { isNotFound, openFileSource, type FileSource } from "#node/files";

/**
 * Hands `look` the checkpoint at `prefix`, an absolute path, and closes its files afterwards. V2 where there is an index, else
 * V1 where a file has the prefix as its name. Throws UserError where there is neither.
 */
export async function withCheckpoint<T>(prefix: string, look: (bundle: Bundle) => Promise<T>): Promise<T> {
  const opened: FileSource[] = [];
  const open = async (path: string): Promise<FileSource> => {
    // Who asked knows the folder: messages name the file only.
    const source = await openFileSource(path, basename(path));
    opened.push(source);
    return source;
  };
  try {
    const index = await orNothing(open(`${prefix}.index`));
    if (index) return await look(await openBundle(index, (shard, of) => open(shardName(prefix, shard, of))));
    const single = await orNothing(stat(prefix));
    if (!single?.isFile()) throw new UserError(`There is no checkpoint at ${prefix}: its index file is not there.`);
    return await look(await openAlone(await open(prefix)));
  } finally {
    for (const source of opened) await source.close();
  }
}

/** A single file is a V1 checkpoint or none at all. */
async function openAlone(file: FileSource): Promise<Bundle> {
  try {
    return await openV1(file);
  } catch (error) {
    if (error instanceof FormatError && (error.reason === "badMagic" || error.place.got === 0)) throw new UserError(`${file.name} is no checkpoint.`);
    throw error;
  }
}

async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
