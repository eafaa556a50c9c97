// The end of a text file, for a person to read.
import { isNotFound, openFileSource } from "./files";

const maxTailBytes = 16 * 1024;

/** The last lines of a file, at most 16 KiB, from `fromByte` on; empty when there is no file. */
export async function readTail(path: string, { lines = 20, fromByte = 0 } = {}): Promise<string> {
  try {
    const source = await openFileSource(path);
    try {
      const size = await source.size();
      const from = Math.max(fromByte, size - maxTailBytes);
      const text = new TextDecoder().decode(await source.read(from, Math.max(0, size - from)));
      return text.trimEnd().split("\n").slice(-lines).join("\n");
    } finally {
      await source.close();
    }
  } catch (error) {
    if (isNotFound(error)) return "";
    throw error;
  }
}
