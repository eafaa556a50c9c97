// Reading tensors of an open checkpoint for a restore: how far it has come can be watched, and it can be called off.
import type { WorkWatch } from "#node/namedTasks";
import { elementCount, type BundleEntry } from "#formats/bundle/bundle";
import type { Bundle } from "#formats/bundle/openBundle";
import { bytesPerElement } from "#formats/tensor/dtypes";

/** Tensors of more bytes than this are read in pieces, so that a reading of one large variable moves and can be called off. */
const wholeBytes = 4 * 1024 * 1024;

/**
 * Reads tensors whole, checksums compared, as `Bundle.read` does. `names` are those that will be read, each once. Throws the
 * signal's reason when the reading is called off.
 */
export function watchedReads(bundle: Bundle, names: readonly string[], { signal, progressed }: WorkWatch): (name: string) => Promise<Uint8Array> {
  const total = [...new Set(names)].reduce((sum, name) => sum + sizeOf(bundle.entries.get(name)), 0);
  let done = 0;
  const passed = (bytes: number): void => progressed?.((done += bytes), total);
  passed(0);
  return async (name) => {
    signal?.throwIfAborted();
    const size = sizeOf(bundle.entries.get(name));
    if (size <= wholeBytes) {
      const bytes = await bundle.read(name);
      passed(size);
      return bytes;
    }
    let whole: Uint8Array | undefined;
    let at = 0;
    for await (const piece of bundle.pieces(name)) {
      signal?.throwIfAborted();
      // Strings and partitioned tensors come in one piece. A size that is no truth was refused before the first piece.
      if (at === 0 && piece.length >= size) whole = piece;
      else (whole ??= new Uint8Array(size)).set(piece, at);
      at += piece.length;
      passed(piece.length);
    }
    return whole ?? new Uint8Array();
  };
}

/** The place of a partitioned tensor's entry says nothing, its shape does. */
function sizeOf(entry: BundleEntry | undefined): number {
  if (!entry) return 0;
  return entry.slices ? (bytesPerElement(entry.dtype) ?? 0) * elementCount(entry.shape) : entry.size;
}
