// Writes a V2 checkpoint: hands back what to append to the data file, and at the end the index (TB-4 to TB-7).
import type { Dtype } from "#model/checkpoint";
import { compareBytes } from "../bytes/byteOrder";
import { crc32c, maskCrc } from "../bytes/crc32c";
import { encodeUtf8 } from "../bytes/utf8";
import { encodeTable } from "../sstable/encodeTable";
import { bytesPerElement } from "../tensor/dtypes";
import { elementCount, type BundleHeader, type TensorSlice } from "./bundle";
import { encodeEntry, encodeHeader, type EntryRecord } from "./bundleRecords";
import { encodeSliceKey } from "./orderedCode";
import { stringsCrc } from "./stringTensor";

export { encodeStrings } from "./stringTensor";

/** One record of an index: key bytes and what the entry says. */
export type KeyedEntry = readonly [key: Uint8Array, entry: EntryRecord];

/** How many data files the index declares, and which of them the tensors go to. */
export interface BundleShards {
  readonly shards?: number;
  readonly shard?: number;
}

/** What a stored tensor is called and how its bytes are read. */
export interface TensorKind {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** Collects the tensors of one data file. It keeps no tensor bytes; the caller appends what `add` gives. */
export class BundleWriter {
  readonly #entries: KeyedEntry[] = [];
  readonly #slices: KeyedEntry[] = [];
  /** Tensors that came in parts, with the parts so far. */
  readonly #sliced = new Map<string, EntryRecord>();
  readonly #shards: number;
  readonly #shard: number;
  #offset = 0;

  constructor({ shards = 1, shard = 0 }: BundleShards = {}) {
    this.#shards = shards;
    this.#shard = shard;
  }

  /**
   * Adds a tensor and gives what to append to the data file. `bytes` are little-endian in row-major order; those of a
   * string tensor come from `encodeStrings`. Names ascend in byte order, each once; a breach of that, or a size that
   * does not fit the shape, is our mistake.
   */
  add({ name, dtype, shape }: TensorKind, bytes: Uint8Array): Uint8Array {
    const key = encodeUtf8(name);
    const last = this.#entries.at(-1);
    if (key.length === 0) throw new Error("a tensor of a checkpoint needs a name");
    if (last && compareBytes(last[0], key) >= 0) throw new Error(`tensors come in ascending order of their names, each once: ${name}`);
    const wanted = (bytesPerElement(dtype) ?? NaN) * elementCount(shape);
    if (dtype !== "string" && bytes.length !== wanted) {
      throw new Error(`${name} has ${bytes.length} bytes, ${dtype} [${shape.join(",")}] takes ${wanted}`);
    }
    const crc = dtype === "string" ? stringsCrc(bytes) : crc32c(bytes);
    const place = { shard: this.#shard, offset: this.#offset, size: bytes.length, crc32c: maskCrc(crc) };
    this.#entries.push([key, { dtype, shape: [...shape], ...place }]);
    this.#offset += bytes.length;
    return bytes;
  }

  /** Adds a part of a tensor and gives what to append to the data file. The whole's entry names all of its parts (TB-14). */
  addSlice({ name, dtype, shape }: TensorKind, slice: TensorSlice, bytes: Uint8Array): Uint8Array {
    const known = this.#sliced.get(name);
    const slices = [...(known?.slices ?? []), slice];
    this.#sliced.set(name, { dtype, shape: [...shape], shard: 0, offset: 0, size: 0, crc32c: 0, slices });
    const crc = dtype === "string" ? stringsCrc(bytes) : crc32c(bytes);
    const place = { shard: this.#shard, offset: this.#offset, size: bytes.length, crc32c: maskCrc(crc) };
    this.#slices.push([encodeSliceKey(name, slice), { dtype, shape: slice.map(([, length]) => length), ...place }]);
    this.#offset += bytes.length;
    return bytes;
  }

  /** What was added so far. */
  get entries(): readonly KeyedEntry[] {
    const wholes = [...this.#sliced].map(([name, entry]): KeyedEntry => [encodeUtf8(name), entry]);
    return [...this.#entries, ...this.#slices, ...wholes];
  }

  /** The bytes of the index. */
  finish(): Uint8Array<ArrayBuffer> {
    return finishShards([this], this.#shards);
  }
}

/** The bytes of the index over several data files, one writer each. */
export function finishShards(writers: readonly BundleWriter[], shards: number): Uint8Array<ArrayBuffer> {
  const entries = writers.flatMap((writer) => writer.entries).sort(([a], [b]) => compareBytes(a, b));
  return encodeBundleIndex({ shards, endianness: "little", producer: 1 }, entries);
}

/** An index of any entries, in ascending order of their keys; keys of slices come from `encodeSliceKey`. */
export function encodeBundleIndex(header: BundleHeader, entries: readonly KeyedEntry[]): Uint8Array<ArrayBuffer> {
  const records = entries.map(([key, entry]): [Uint8Array, Uint8Array] => [key, encodeEntry(entry)]);
  return encodeTable([[new Uint8Array(), encodeHeader(header)], ...records]);
}
