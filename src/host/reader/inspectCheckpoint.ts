// What a checkpoint on disk holds, and, when asked, whether all of its bytes are as they were written.
import { stat } from "node:fs/promises";
import { FormatError, messageOf, UserError } from "#base/errors";
import { describeBundle } from "#formats/bundle/describeBundle";
import { openBundle, shardName, type Bundle } from "#formats/bundle/openBundle";
import type { CheckpointContent } from "#model/checkpoint";
import { isNotFound, openFileSource, type FileSource } from "#node/files";

/** `prefix` is absolute. With `verify` every data byte is read, in pieces, and compared with its checksum. */
export async function inspectCheckpoint({ prefix, verify }: { readonly prefix: string; readonly verify: boolean }): Promise<CheckpointContent> {
  const opened: FileSource[] = [];
  const open = async (path: string): Promise<FileSource> => {
    const source = await openFileSource(path);
    opened.push(source);
    return source;
  };
  try {
    const index = await open(`${prefix}.index`).catch((error: unknown) => {
      throw isNotFound(error) ? new UserError(`There is no checkpoint at ${prefix}: its index file is not there.`) : error;
    });
    const bundle = await openBundle(index, (shard, of) => open(shardName(prefix, shard, of)));
    const content = describeBundle(bundle);
    const missing = await missingShards(prefix, bundle);
    const damaged = verify ? await damagedVariables(bundle) : [];
    const problems = [...content.problems, ...missing, ...damaged];
    return { ...content, problems, ...(verify ? { verified: problems.length === 0 } : {}) };
  } finally {
    for (const source of opened) await source.close();
  }
}

/** A data file that no variable lies in may be absent (formats 12). */
async function missingShards(prefix: string, bundle: Bundle): Promise<string[]> {
  const used = new Set([...bundle.entries.values()].filter(({ slices }) => !slices).map(({ shard }) => shard));
  const problems: string[] = [];
  for (const shard of [...used].sort((one, other) => one - other)) {
    const name = shardName(prefix, shard, bundle.shards);
    const there = await stat(name).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (!there) problems.push(`The data file ${name} is not there.`);
  }
  return problems;
}

/** In the order of the bytes on disk: anything else would make a spinning or far disk crawl. */
async function damagedVariables(bundle: Bundle): Promise<string[]> {
  const entries = [...bundle.entries.values()].sort((one, other) => one.shard - other.shard || one.offset - other.offset);
  const problems: string[] = [];
  for (const { name } of entries) {
    try {
      await bundle.verify(name);
    } catch (error) {
      if (isNotFound(error)) continue;
      problems.push(error instanceof FormatError ? error.message : `${name}: ${messageOf(error)}`);
    }
  }
  return problems;
}
