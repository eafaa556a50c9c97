// Files: random access, atomic replacement, and saying plainly what went wrong.
import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { ByteSource } from "#formats/bytes/byteSource";

/** A file as a source of bytes. It may grow; each read opens nothing anew. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** Opens a file for random access; `name` is what messages call it. */
export async function openFileSource(path: string, name = path): Promise<FileSource> {
  const handle = await open(path, "r");
  return {
    name,
    size: async () => (await handle.stat()).size,
    read: async (offset, length) => {
      // Every byte that is given was read, so none need be cleared first.
      const bytes = bytesOf(Buffer.allocUnsafeSlow(length));
      const filled = await fill(handle, bytes, offset);
      return filled < length ? bytes.subarray(0, filled) : bytes;
    },
    readInto: (bytes, offset) => fill(handle, bytes, offset),
    close: () => handle.close(),
  };
}

/**
 * Replaces a file so that a reader sees the old content or the new, never a mixture: written beside it, synced,
 * renamed over it (ST-11). On failure the old file stays and nothing is left behind.
 */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.tmp${randomBytes(16).toString("hex")}`;
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes renames in a folder durable. Windows cannot sync folders and needs no such call. */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether an error says that a file or folder is not there. */
export function isNotFound(error: unknown): boolean {
  return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
}

/** The `code` of an operating system error. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

async function fill(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function bytesOf({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** Names in a folder; none where it is not there. */
export async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
