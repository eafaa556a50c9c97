// How much room a disk has left for a folder that may not exist yet.
import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isNotFound } from "./files";

/** Bytes that may be written below `folder`; of its nearest parent where it is not there yet. */
export async function freeBytes(folder: string): Promise<number> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      if (!isNotFound(error) || path === dirname(path)) throw error;
    }
  }
}
