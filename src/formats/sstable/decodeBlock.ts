// One block of a table: entries that share key prefixes with their predecessors (TB-9).
import { FormatError } from "#base/errors";
import { decodeUtf8 } from "../bytes/utf8";
import { restartInterval } from "./tableLayout";

/** One record of a table, as views: `key` into the keys of its block, `value` into the block. */
export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** What a table's keys may still take in memory, in bytes; lowered as keys are read. */
export interface KeyBudget {
  bytes: number;
}

/** A block without its trailer, and where it lies. `inside` is false where it was packed, so that places in it are none of the file. */
export interface StoredBlock {
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly offset: number;
  readonly inside: boolean;
}

/** Columns with room for more than the `count` entries that they have. */
interface EntryPlaces {
  readonly count: number;
  readonly keyEnds: Uint32Array;
  readonly valueStarts: Uint32Array;
  readonly valueEnds: Uint32Array;
}

/** A block's entries in columns, in strictly ascending order: thousands of them need no objects. */
export class BlockEntries implements Iterable<TableEntry> {
  /** @param keys all keys, whole, one after another. Value `at` lies in `block` from `valueStarts[at]` to `valueEnds[at]`. */
  constructor(
    private readonly stored: StoredBlock,
    private readonly keys: Uint8Array,
    private readonly places: EntryPlaces,
  ) {}

  get block(): Uint8Array {
    return this.stored.bytes;
  }

  get count(): number {
    return this.places.count;
  }

  /** An error about this block's bytes as one about the file's; `at` is the entry that it is about. */
  placed(error: FormatError, at: number): FormatError {
    const { file, offset, inside } = this.stored;
    const start = inside && error.place.offset === undefined ? this.valueStart(at) : 0;
    return error.within({ file, offset: offset + start, inside });
  }

  /** Of an entry from 0 to `count` - 1, as the others below. */
  key(at: number): Uint8Array {
    return this.keys.subarray(this.#keyStart(at), this.places.keyEnds[at]);
  }

  value(at: number): Uint8Array {
    return this.block.subarray(this.valueStart(at), this.valueEnd(at));
  }

  valueStart(at: number): number {
    return this.places.valueStarts[at] ?? 0;
  }

  valueEnd(at: number): number {
    return this.places.valueEnds[at] ?? 0;
  }

  /** All keys as texts. Where each byte makes one character they are cut from a single text. */
  keyTexts(): string[] {
    const all = decodeUtf8(this.keys);
    const cut = all.length === this.keys.length;
    const texts: string[] = [];
    for (let at = 0; at < this.count; at++) texts.push(cut ? all.slice(this.#keyStart(at), this.places.keyEnds[at]) : decodeUtf8(this.key(at)));
    return texts;
  }

  *[Symbol.iterator](): Iterator<TableEntry> {
    for (let at = 0; at < this.count; at++) yield { key: this.key(at), value: this.value(at) };
  }

  #keyStart(at: number): number {
    return this.places.keyEnds[at - 1] ?? 0;
  }
}

/** The entries of a block. Throws FormatError with its place in the file. */
export function decodeBlock(stored: StoredBlock, budget: KeyBudget): BlockEntries {
  try {
    return entriesOf(stored, budget);
  } catch (error) {
    throw error instanceof FormatError ? error.within(stored) : error;
  }
}

function entriesOf(stored: StoredBlock, budget: KeyBudget): BlockEntries {
  const block = stored.bytes;
  const { end, restarts } = endOfEntries(block);
  const cursor = new VarintCursor(block);
  const keys = new GrowingKeys(block, budget);
  const places = new GrowingPlaces(Math.min(restarts * restartInterval, block.length));
  while (cursor.at < end) {
    const start = cursor.at;
    const shared = cursor.next();
    const unshared = cursor.next();
    const valueSize = cursor.next();
    const valueStart = cursor.at + unshared;
    const valueEnd = valueStart + valueSize;
    if (shared > keys.lastLength || valueEnd > end) throw new FormatError("malformed", "an entry of a table does not fit its block", { offset: start });
    const ascends = keys.add(shared, { from: cursor.at, to: valueStart });
    if (!ascends && places.count > 0) throw new FormatError("malformed", "the keys of a block do not ascend", { offset: start });
    places.add(keys.end, valueStart, valueEnd);
    cursor.at = valueEnd;
  }
  return new BlockEntries(stored, keys.all(), places);
}

/** Reads varints one after another. */
export class VarintCursor {
  constructor(private readonly bytes: Uint8Array, public at = 0) {}

  next(): number {
    const start = this.at;
    const short = this.bytes[start];
    if (short !== undefined && short < 128) {
      this.at++;
      return short;
    }
    let value = 0;
    let scale = 1;
    while (this.at < start + 10) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new FormatError("truncated", "a number in a table is cut", { offset: this.at });
      this.at++;
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (!Number.isSafeInteger(value)) throw new FormatError("outOfRange", "a number in a table is beyond 2^53 - 1", { offset: start });
        return value;
      }
      scale *= 128;
    }
    throw new FormatError("malformed", "a number in a table is longer than ten bytes", { offset: start });
  }
}

/** Places of entries as they are found. */
class GrowingPlaces implements EntryPlaces {
  count = 0;
  keyEnds: Uint32Array;
  valueStarts: Uint32Array;
  valueEnds: Uint32Array;

  constructor(expected: number) {
    this.keyEnds = new Uint32Array(expected);
    this.valueStarts = new Uint32Array(expected);
    this.valueEnds = new Uint32Array(expected);
  }

  add(keyEnd: number, valueStart: number, valueEnd: number): void {
    const at = this.count++;
    if (at === this.keyEnds.length) {
      this.keyEnds = doubled(this.keyEnds);
      this.valueStarts = doubled(this.valueStarts);
      this.valueEnds = doubled(this.valueEnds);
    }
    this.keyEnds[at] = keyEnd;
    this.valueStarts[at] = valueStart;
    this.valueEnds[at] = valueEnd;
  }
}

function doubled(column: Uint32Array): Uint32Array {
  const longer = new Uint32Array(2 * column.length + restartInterval);
  longer.set(column);
  return longer;
}

/** Keys one after another, each made from the one before. */
class GrowingKeys {
  #bytes: Uint8Array;
  #lastStart = 0;
  #end = 0;

  constructor(private readonly block: Uint8Array, private readonly budget: KeyBudget) {
    this.#bytes = new Uint8Array(block.length);
  }

  get end(): number {
    return this.#end;
  }

  get lastLength(): number {
    return this.#end - this.#lastStart;
  }

  /** Adds the key that has its first `shared` bytes from the one before and then those of the block; answers whether it is greater. */
  add(shared: number, own: { readonly from: number; readonly to: number }): boolean {
    const length = shared + own.to - own.from;
    this.#reserve(length);
    const [bytes, before, start] = [this.#bytes, this.#lastStart, this.#end];
    for (let at = 0; at < shared; at++) bytes[start + at] = bytes[before + at] ?? 0;
    for (let at = shared, from = own.from; at < length; at++, from++) bytes[start + at] = this.block[from] ?? 0;
    this.#lastStart = start;
    this.#end = start + length;
    let differs = shared;
    while (differs < length && before + differs < start && bytes[start + differs] === bytes[before + differs]) differs++;
    return differs < length && (before + differs === start || (bytes[start + differs] ?? 0) > (bytes[before + differs] ?? 0));
  }

  all(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  #reserve(length: number): void {
    this.budget.bytes -= length;
    if (this.budget.bytes < 0) throw new FormatError("tooMany", "the keys of a table take more memory than is allowed");
    if (this.#end + length <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#end + length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Entries end where the list of restart positions begins; its length is the block's last word. */
function endOfEntries(block: Uint8Array): { readonly end: number; readonly restarts: number } {
  const countAt = block.length - 4;
  const restarts = countAt < 0 ? 0 : new DataView(block.buffer, block.byteOffset + countAt, 4).getUint32(0, true);
  const end = countAt - 4 * restarts;
  if (restarts < 1 || end < 0) throw new FormatError("malformed", "a block of a table has no list of restarts", { got: restarts });
  return { end, restarts };
}
