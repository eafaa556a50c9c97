// A checkpoint on disk as an open bundle: the index now, each data file when it is first read.
import { openBundle, shardName, type Bundle } from "#formats/bundle/openBundle";
import { openFileSource, type FileSource } from "#node/files";

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
    const index = await source(`${prefix}.index`);
    return { bundle: await openBundle(index, (shard, of) => source(shardName(prefix, shard, of))), close };
  } catch (error) {
    await close();
    throw error;
  }
}
