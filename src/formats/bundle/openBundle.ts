// Opens a V2 checkpoint: index at once, data files when first needed, every tensor checked as it is read (TB-7, TB-13).
import { FormatError } from "#base/errors";
import type { ByteSource } from "../bytes/byteSource";
import { WireReader } from "../bytes/wireReader";
import type { BlockEntries } from "../sstable/decodeBlock";
import { readTable } from "../sstable/readTable";
import { BundleEntries, type BundleEntry, type BundleHeader } from "./bundle";
import { decodeHeader, readEntry } from "./bundleRecords";
import { decodeUsualEntry } from "./usualEntry";
import { readSlices } from "./readSlices";
import { HeldTensor, partOf, type ElementRun } from "./elementRun";
import { checkStored, readStored, readStoredPart, storedPieces, type ShardReader } from "./storedTensor";

export { decodeTensor, type TensorValues } from "./decodeTensor";

/** An open checkpoint. */
export interface Bundle {
  readonly format: "V1" | "V2";
  /** Number of data files. */
  readonly shards: number;
  readonly endianness: "little" | "big";
  /** Tensors by name, in the order of the index; a partitioned tensor is one entry. */
  readonly entries: BundleEntries;
  /** What of the index could not be read. */
  readonly problems: readonly FormatError[];
  /**
   * Little-endian bytes of a tensor, slices joined, checksum compared unless `verify` is false. Throws FormatError for
   * damage; a name that is not in `entries` is our mistake.
   */
  read(name: string, options?: { readonly verify?: boolean }): Promise<Uint8Array>;
  /**
   * Little-endian bytes of a tensor in their order, in pieces of whole elements; its checksum is compared behind the last one. Of
   * strings and partitioned tensors there is one piece. A piece is valid until the next one is asked for.
   */
  pieces(name: string): AsyncIterable<Uint8Array>;
  /**
   * Little-endian bytes of a run of a numeric tensor's elements, without its checksum: that is of all of them. A partitioned tensor
   * is read whole for the first run and held as long as the checkpoint is open.
   */
  readPart(name: string, part: ElementRun): Promise<Uint8Array>;
  /** Compares a tensor's checksums without holding all of it. Throws FormatError for damage. */
  verify(name: string): Promise<void>;
}

/** Where data files come from; `of` is their number. A missing one rejects. */
export type OpenShard = (shard: number, of: number) => Promise<ByteSource>;

/** Name of a data file: `P.data-00000-of-00001` (TB-1). */
export function shardName(prefix: string, shard: number, of: number): string {
  const digits = (value: number): string => String(value).padStart(5, "0");
  return `${prefix}.data-${digits(shard)}-of-${digits(of)}`;
}

/** Reads the index. Throws FormatError when it is no index of a V2 checkpoint, or when its header is unreadable. */
export async function openBundle(index: ByteSource, openShard: OpenShard): Promise<Bundle> {
  const table = await readTable(index);
  const first = table.read[0];
  if (!first || first.key(0).length > 0) throw table.problems[0] ?? new FormatError("malformed", "the index has no header", { file: index.name, offset: 0 });
  const header = headerOf(first);
  const problems = [...table.problems];
  const entries: BundleEntry[] = [];
  const slices = new Map<string, BundleEntry>();
  for (const block of table.read) {
    const names = block.keyTexts();
    const reader = new WireReader(block.block);
    for (let at = block === first ? 1 : 0; at < block.count; at++) {
      const name = names[at] ?? "";
      try {
        let entry = decodeUsualEntry(name, block, at);
        if (!entry) {
          reader.moveTo(block.valueStart(at), block.valueEnd(at));
          entry = readEntry(name, reader);
        }
        if (entry.shard >= header.shards) throw new FormatError("malformed", `${name} lies in data file ${entry.shard} of ${header.shards}`);
        // Keys of slices begin with a zero byte (TB-14).
        if (name.charCodeAt(0) === 0) slices.set(keyText(block.key(at)), entry);
        else entries.push(entry);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        problems.push(block.placed(new FormatError(error.reason, `${name}: ${error.what}`, error.place), at));
      }
    }
  }
  return new OpenBundle({ header, entries: new BundleEntries(entries), slices, problems }, openShard);
}

function headerOf(first: BlockEntries): BundleHeader {
  try {
    return decodeHeader(first.value(0));
  } catch (error) {
    throw error instanceof FormatError ? first.placed(new FormatError(error.reason, error.what), 0) : error;
  }
}

interface BundleIndex {
  readonly header: BundleHeader;
  readonly entries: BundleEntries;
  /** Entries of slices by the text of their keys. */
  readonly slices: ReadonlyMap<string, BundleEntry>;
  readonly problems: readonly FormatError[];
}

class OpenBundle implements Bundle {
  readonly format = "V2";
  readonly shards: number;
  readonly endianness: "little" | "big";
  readonly entries: BundleEntries;
  readonly problems: readonly FormatError[];
  readonly #slices: ReadonlyMap<string, BundleEntry>;
  readonly #open = new Map<number, Promise<ByteSource>>();
  readonly #reader: ShardReader;
  readonly #held = new HeldTensor();

  constructor({ header, entries, slices, problems }: BundleIndex, openShard: OpenShard) {
    this.shards = header.shards;
    this.endianness = header.endianness;
    this.entries = entries;
    this.problems = problems;
    this.#slices = slices;
    this.#reader = { bigEndian: header.endianness === "big", source: (shard) => this.#source(shard, openShard), spare: [] };
  }

  async read(name: string, { verify = true }: { readonly verify?: boolean } = {}): Promise<Uint8Array> {
    const entry = this.#entry(name);
    if (!entry.slices) return readStored(this.#reader, entry, verify);
    return readSlices(entry, { find: (key) => this.#slices.get(keyText(key)), read: (slice) => readStored(this.#reader, slice, verify) });
  }

  async *pieces(name: string): AsyncIterable<Uint8Array> {
    const entry = this.#entry(name);
    if (entry.slices || entry.dtype === "string") yield await this.read(name);
    else yield* storedPieces(this.#reader, entry);
  }

  async readPart(name: string, part: ElementRun): Promise<Uint8Array> {
    const entry = this.#entry(name);
    if (!entry.slices) return readStoredPart(this.#reader, entry, part);
    return partOf(entry, await this.#held.of(name, () => this.read(name)), part);
  }

  async verify(name: string): Promise<void> {
    const entry = this.#entry(name);
    if (entry.slices) await this.read(name);
    else await checkStored(this.#reader, entry);
  }

  #entry(name: string): BundleEntry {
    const entry = this.entries.get(name);
    if (!entry) throw new Error(`Key ${name} not found in checkpoint`);
    return entry;
  }

  /** A data file is opened once; a failure is not remembered, since the file may come. */
  #source(shard: number, openShard: OpenShard): Promise<ByteSource> {
    const known = this.#open.get(shard);
    if (known) return known;
    const opening = openShard(shard, this.shards);
    this.#open.set(shard, opening);
    opening.catch(() => this.#open.delete(shard));
    return opening;
  }
}

/** Keys as texts of one character per byte, so that a map finds them. */
function keyText(key: Uint8Array): string {
  let text = "";
  for (const byte of key) text += String.fromCharCode(byte);
  return text;
}
