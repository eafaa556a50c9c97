// Writing a checkpoint so that the process may die at any moment: temporary files, synced, renamed, index last (TB-2).
import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "#base/errors";
import { BundleWriter, finishShards } from "#formats/bundle/bundleWriter";
import { shardName } from "#formats/bundle/openBundle";
import type { TensorSlice } from "#formats/bundle/bundle";
import type { Dtype } from "#model/checkpoint";
import { writeAt } from "#node/appendFile";
import { codeOf, isNotFound, syncFolder } from "#node/files";
import { explainWrite } from "#node/writeProblem";
import { ValueError } from "../graph/errors";
import { notice } from "../training/observers";
import { dataFiles } from "./checkpointFiles";
import { openCheckpoint } from "./openCheckpoint";

/** A tensor to be saved. Its bytes are asked for when their turn comes, so that only one is in memory at a time. */
export interface TensorToSave {
  readonly name: string;
  readonly dtype: Dtype;
  /** Of the whole, also where this is a part of it. */
  readonly shape: readonly number[];
  readonly slice?: TensorSlice | undefined;
  bytes(): Promise<Uint8Array>;
}

/**
 * Writes tensors as the checkpoint `prefix`: one data file for each list of `shards`, in ascending byte order of names. The data file is complete and
 * synced under its final name before the index gets its own; an index therefore always has its data. A checkpoint that
 * was there before stays whole until the new index replaces its index in one step. On failure it stays, and no
 * temporary file is left behind.
 */
export async function writeCheckpoint(prefix: string, ...shards: readonly (readonly TensorToSave[])[]): Promise<void> {
  const ours: string[] = [];
  let data: readonly string[];
  try {
    await makeParent(prefix);
    data = await writeFiles(prefix, shards, ours);
  } catch (error) {
    await removeAll(ours);
    throw explained(prefix, error);
  }
  await removeReplaced(prefix, data);
}

/** Answers with the new data files. `ours` holds at each moment what would be garbage if it ended there. */
async function writeFiles(prefix: string, shards: readonly (readonly TensorToSave[])[], ours: string[]): Promise<readonly string[]> {
  const temporary = `.tempstate${randomBytes(8).readBigUInt64LE()}`;
  const of = await freeShardCount(prefix, shards.length);
  const data = Array.from({ length: of }, (_, shard) => shardName(prefix, shard, of));
  const index = `${prefix}.index`;
  const writers = data.map((_, shard) => new BundleWriter({ shards: of, shard }));
  for (const [shard, writer] of writers.entries()) {
    const path = `${data[shard]}${temporary}`;
    ours.push(path);
    await writeSynced(path, dataChunks(writer, shards[shard] ?? []));
  }
  ours.push(index + temporary);
  await writeSynced(index + temporary, [finishShards(writers, of)]);
  for (const path of data) {
    await rename(path + temporary, path);
    ours.push(path);
  }
  await syncFolder(dirname(prefix));
  await rename(index + temporary, index);
  ours.length = 0;
  await syncFolder(dirname(prefix));
  return data;
}

/**
 * How many shards the new checkpoint declares: as many as were asked for, as TensorFlow writes. Where that would overwrite
 * the data of a checkpoint that is there, one more, which is empty: any reader takes both forms, and the names differ, so
 * at no moment is there an old index beside new data.
 */
async function freeShardCount(prefix: string, wanted: number): Promise<number> {
  const existing = await openCheckpoint(prefix).catch(() => undefined);
  try {
    return existing?.bundle.shards === wanted ? wanted + 1 : wanted;
  } finally {
    await existing?.close();
  }
}

/**
 * Removes the data files of the checkpoint that was replaced, and what earlier, killed saves left of the other form. The
 * new checkpoint is complete by now, so that a file which cannot be removed is no failure.
 */
async function removeReplaced(prefix: string, current: readonly string[]): Promise<void> {
  const keep = new Set(current.map(normalName));
  await removeAll((await dataFiles(prefix)).filter((path) => !keep.has(normalName(path))));
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await rm(path, { force: true }).catch((error: unknown) => {
      if (!isNotFound(error)) notice(`${path} could not be removed: ${messageOf(error)}`);
    });
  }
}

function normalName(path: string): string {
  return path.slice(path.lastIndexOf(".data-"));
}

async function* dataChunks(writer: BundleWriter, tensors: readonly TensorToSave[]): AsyncIterable<Uint8Array> {
  for (const { slice, bytes, ...kind } of tensors) yield slice ? writer.addSlice(kind, slice, await bytes()) : writer.add(kind, await bytes());
}

async function writeSynced(path: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(path, "wx");
  try {
    let end = 0;
    for await (const chunk of chunks) {
      await writeAt(handle, chunk, end);
      end += chunk.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One missing level is made, as TensorFlow's writer does (SS-6). */
async function makeParent(prefix: string): Promise<void> {
  try {
    await mkdir(dirname(prefix));
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    throw error;
  }
}

function explained(prefix: string, error: unknown): unknown {
  if (isNotFound(error)) return new ValueError(`Parent directory of ${prefix} doesn't exist, can't save.`);
  return explainWrite(`The checkpoint ${prefix}`, error);
}
