// One block of a table: entries that share key prefixes with their predecessors (TB-9).
import { FormatError } from "#base/errors";
import { compareBytes } from "../bytes/byteOrder";

/** One record of a table. `value` is a view into its block. */
export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** What a table's keys may still take in memory, in bytes; lowered as keys are read. */
export interface KeyBudget {
  bytes: number;
}

/** The entries of a block without its trailer, in strictly ascending order. */
export function decodeBlock(block: Uint8Array, budget: KeyBudget): TableEntry[] {
  const end = endOfEntries(block);
  const entries: TableEntry[] = [];
  let key: Uint8Array = new Uint8Array();
  let at = 0;
  while (at < end) {
    const shared = readVarint(block, at);
    const unshared = readVarint(block, shared.next);
    const valueSize = readVarint(block, unshared.next);
    const keyAt = valueSize.next;
    const valueAt = keyAt + unshared.value;
    const next = valueAt + valueSize.value;
    if (shared.value > key.length || next > end) throw new FormatError("malformed", "an entry of a table does not fit its block", { offset: at });
    const grown = new Uint8Array(spend(budget, shared.value + unshared.value));
    grown.set(key.subarray(0, shared.value));
    grown.set(block.subarray(keyAt, valueAt), shared.value);
    if (entries.length > 0 && compareBytes(key, grown) >= 0) throw new FormatError("malformed", "the keys of a block do not ascend", { offset: at });
    key = grown;
    entries.push({ key, value: block.subarray(valueAt, next) });
    at = next;
  }
  return entries;
}

/** A varint as a number, and where it ends. */
export function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw new FormatError("truncated", "a number in a table is cut", { offset: at });
    value += (byte & 127) * scale;
    if (byte < 128) {
      if (!Number.isSafeInteger(value)) throw new FormatError("outOfRange", "a number in a table is beyond 2^53 - 1", { offset: start });
      return { value, next: at + 1 };
    }
    scale *= 128;
  }
  throw new FormatError("malformed", "a number in a table is longer than ten bytes", { offset: start });
}

/** Entries end where the list of restart positions begins; its length is the block's last word. */
function endOfEntries(block: Uint8Array): number {
  const countAt = block.length - 4;
  const restarts = countAt < 0 ? 0 : new DataView(block.buffer, block.byteOffset + countAt, 4).getUint32(0, true);
  const end = countAt - 4 * restarts;
  if (restarts < 1 || end < 0) throw new FormatError("malformed", "a block of a table has no list of restarts", { got: restarts });
  return end;
}

function spend(budget: KeyBudget, bytes: number): number {
  budget.bytes -= bytes;
  if (budget.bytes < 0) throw new FormatError("tooMany", "the keys of a table take more memory than is allowed");
  return bytes;
}
