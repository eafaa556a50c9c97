// Writes a file piece by piece so that it is whole or not there.
import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/**
 * Writes beside the target and takes its place when all is written and synced; answers how many bytes there were. Whatever ends the
 * pieces early, a full disk or an error of theirs, leaves nothing behind and the file that was there before as it was.
 */
export async function writeInPieces(path: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
  const unfinished = `${path}.part${randomBytes(8).toString("hex")}`;
  let bytes = 0;
  const handle = await open(unfinished, "wx");
  try {
    try {
      for await (const piece of pieces) {
        await handle.writeFile(piece);
        bytes += piece.length;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return bytes;
}
