// run.json on disk: read as far as it is ours, replaced atomically.
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "#model/run";
import { parseRunRecord, printRunRecord, runRecordName } from "#protocol/runRecord";
import { isNotFound, replaceFile } from "./files";

const maxRecordBytes = 1024 * 1024;

/** The record of a run's folder; undefined when there is none, or when it is not one of ours. */
export async function readRunRecord(dir: string): Promise<RunRecord | undefined> {
  try {
    const handle = await open(join(dir, runRecordName), "r");
    try {
      const { size } = await handle.stat();
      return size > maxRecordBytes ? undefined : parseRunRecord(await handle.readFile("utf8"));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Replaces the record of a run's folder (ST-11). */
export async function writeRunRecord(dir: string, record: RunRecord): Promise<void> {
  await replaceFile(join(dir, runRecordName), printRunRecord(record));
}
