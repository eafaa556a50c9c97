// A text file that another process appends to, shown as it grows.
import { watch } from "node:fs";
import { messageOf } from "#base/errors";
import { isNotFound, openFileSource } from "./files";

/** A file being followed. */
export interface FollowedText {
  /** Reads to the present end once more and stops. */
  finish(): Promise<void>;
}

const chunkBytes = 256 * 1024;
/** Notices of changes may be late or missing on network file systems. */
const lookEveryMs = 500;

/** Follows a file from `fromByte` (its present end where left out). A file that is not there yet may still come. */
export function followText(
  path: string,
  { fromByte, onText }: { readonly fromByte?: number; onText(text: string): void },
): FollowedText {
  const decoder = new TextDecoder();
  let offset = fromByte;
  let reading: Promise<void> | undefined;
  let again = false;
  const readOn = async (): Promise<void> => {
    do {
      again = false;
      offset = await readFrom(path, offset, (bytes) => onText(decoder.decode(bytes, { stream: true })));
    } while (again);
  };
  const look = (): Promise<void> => {
    again = true;
    reading ??= readOn().finally(() => (reading = undefined));
    return reading;
  };
  const lookQuietly = (): void =>
    void look().catch((error: unknown) => onText(`(${path} cannot be read: ${messageOf(error)})\n`));
  const timer = setInterval(lookQuietly, lookEveryMs);
  const watcher = watchFile(path, lookQuietly);
  lookQuietly();
  return {
    finish: async () => {
      clearInterval(timer);
      watcher?.close();
      await reading;
      await look();
    },
  };
}

/** The offset after what could be read. */
async function readFrom(
  path: string,
  from: number | undefined,
  onBytes: (bytes: Uint8Array) => void,
): Promise<number | undefined> {
  try {
    const source = await openFileSource(path);
    try {
      let offset = from ?? (await source.size());
      for (
        let bytes = await source.read(offset, chunkBytes);
        bytes.length > 0;
        bytes = await source.read(offset, chunkBytes)
      ) {
        onBytes(bytes);
        offset += bytes.length;
      }
      return offset;
    } finally {
      await source.close();
    }
  } catch (error) {
    if (isNotFound(error)) return from;
    throw error;
  }
}

/** Undefined where the system cannot watch; looking now and then has to do there. */
function watchFile(path: string, onChange: () => void): { close(): void } | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
