// Writes a whole table, byte for byte as TensorFlow's bundle writer does: no compression, one pass (TB-9, TB-10).
import { compareBytes, joinBytes, sharedPrefix } from "../bytes/byteOrder";
import { crc32c, maskCrc } from "../bytes/crc32c";
import { WireWriter } from "../bytes/wireWriter";
import { BlockBuilder } from "./blockBuilder";
import {
  blockBytes, compressions, footerBytes, magicHigh, magicLow, magicOffset, restartInterval, trailerBytes, type BlockHandle,
} from "./tableLayout";

/** The bytes of a table. Keys must come in strictly ascending byte order; anything else is our mistake. */
export function encodeTable(entries: Iterable<readonly [Uint8Array, Uint8Array]>): Uint8Array<ArrayBuffer> {
  const file = new TableFile();
  const data = new BlockBuilder(restartInterval);
  const index = new BlockBuilder(1);
  let lastKey: Uint8Array | undefined;
  let closed: BlockHandle | undefined;
  const close = (): void => {
    if (!data.empty) closed = file.append(data.finish());
  };
  for (const [key, value] of entries) {
    if (lastKey && compareBytes(lastKey, key) >= 0) throw new Error("the keys of a table must ascend");
    if (lastKey && key.length + value.length >= 2 * blockBytes) close();
    if (closed && lastKey) index.add(separator(lastKey, key), encodeHandle(closed));
    closed = undefined;
    data.add(key, value);
    lastKey = key;
    if (data.size >= blockBytes) close();
  }
  close();
  if (closed && lastKey) index.add(successor(lastKey), encodeHandle(closed));
  const metaIndexHandle = file.append(new BlockBuilder(1).finish());
  return file.finish(metaIndexHandle, file.append(index.finish()));
}

class TableFile {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  append(block: Uint8Array): BlockHandle {
    const handle = { offset: this.#length, size: block.length };
    const trailer = new Uint8Array(trailerBytes);
    trailer[0] = compressions.none;
    new DataView(trailer.buffer).setUint32(1, maskCrc(crc32c(trailer.subarray(0, 1), crc32c(block))), true);
    this.#parts.push(block, trailer);
    this.#length += block.length + trailerBytes;
    return handle;
  }

  finish(metaIndex: BlockHandle, index: BlockHandle): Uint8Array<ArrayBuffer> {
    const footer = new Uint8Array(footerBytes);
    footer.set(joinBytes([encodeHandle(metaIndex), encodeHandle(index)]));
    const view = new DataView(footer.buffer);
    view.setUint32(magicOffset, magicLow, true);
    view.setUint32(magicOffset + 4, magicHigh, true);
    return joinBytes([...this.#parts, footer]);
  }
}

function encodeHandle({ offset, size }: BlockHandle): Uint8Array {
  const writer = new WireWriter(20);
  writer.varint(offset);
  writer.varint(size);
  return writer.finish();
}

/** The shortest key that is not below `key` and below `next`, found as LevelDB finds it. */
function separator(key: Uint8Array, next: Uint8Array): Uint8Array {
  const at = sharedPrefix(key, next);
  const byte = key[at];
  const limit = next[at];
  if (byte === undefined || limit === undefined || byte + 1 >= limit) return key;
  return bumped(key, at);
}

/** A short key that is not below `key`: its first byte that can grow, grown, and nothing after it. */
function successor(key: Uint8Array): Uint8Array {
  const at = key.findIndex((byte) => byte !== 0xff);
  return at < 0 ? key : bumped(key, at);
}

function bumped(key: Uint8Array, at: number): Uint8Array {
  const short = key.slice(0, at + 1);
  short[at] = (short[at] ?? 0) + 1;
  return short;
}
