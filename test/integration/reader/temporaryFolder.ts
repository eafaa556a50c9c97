// A folder that lives as long as one test.
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "trainscope-reader-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes small files of a checkpoint, all dated alike. */
export async function putCheckpoint(dir: string, prefix: string, seconds: number, parts = ["index", "data-00000-of-00001", "meta"]): Promise<void> {
  for (const part of parts) {
    const path = join(dir, `${prefix}.${part}`);
    await writeFile(path, "0123456789");
    await utimes(path, seconds, seconds);
  }
}
