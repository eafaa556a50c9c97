// The two messages in a bundle's index: header and entry (TB-7).
import { FormatError } from "#base/errors";
import { WireReader } from "../bytes/wireReader";
import { encodeMessage, type WireWriter } from "../bytes/wireWriter";
import { dtypeCode, dtypeName } from "../tensor/dtypes";
import { readShape, writeShape } from "../tensor/tensorProto";
import type { BundleEntry, BundleHeader, SliceExtent, TensorSlice } from "./bundle";

/** What an entry says of itself; its name is the key. */
export type EntryRecord = Omit<BundleEntry, "name">;

const wholeDimension = -1;
const maxSlices = 1_000_000;

/** Bytes of a BundleHeaderProto. */
export function encodeHeader({ shards, endianness, producer }: BundleHeader): Uint8Array {
  return encodeMessage((writer) => {
    writer.intIfSet(1, shards);
    writer.intIfSet(2, endianness === "big" ? 1 : 0);
    writer.message(3, (version) => version.intIfSet(1, producer));
  });
}

/** Bytes of a BundleEntryProto: zero fields left out, the shape always there. */
export function encodeEntry(entry: EntryRecord): Uint8Array {
  return encodeMessage((writer) => {
    writer.intIfSet(1, dtypeCode(entry.dtype));
    writer.message(2, (shape) => writeShape(shape, entry.shape));
    writer.intIfSet(3, entry.shard);
    writer.intIfSet(4, entry.offset);
    writer.intIfSet(5, entry.size);
    if (entry.crc32c) writer.fixed32(6, entry.crc32c);
    for (const slice of entry.slices ?? []) writer.message(7, (inner) => writeSlice(inner, slice));
  });
}

/** Reads a BundleHeaderProto. A V1 checkpoint, which is a table as well, is refused: it is read elsewhere (openV1). */
export function decodeHeader(bytes: Uint8Array): BundleHeader {
  const reader = new WireReader(bytes);
  let shards = 0;
  let endianness: BundleHeader["endianness"] = "little";
  let producer = 0;
  while (reader.next()) {
    if (reader.field === 1) {
      if (reader.wireType === 2) throw new FormatError("unsupported", "this is a checkpoint in TensorFlow's V1 format, not the index of a V2 checkpoint");
      shards = reader.int32();
    } else if (reader.field === 2) endianness = decodeEndianness(reader.int32());
    else if (reader.field === 3) producer = decodeProducer(reader.message());
    else reader.skip();
  }
  if (shards < 1) throw new FormatError("malformed", `the header counts ${shards} data files`);
  return { shards, endianness, producer };
}

/** Reads a BundleEntryProto's fields. */
export function readEntry(name: string, reader: WireReader): BundleEntry {
  let dtype = 0;
  let shape: readonly number[] | undefined = [];
  let shard = 0;
  let offset = 0;
  let size = 0;
  let crc32c = 0;
  let slices: TensorSlice[] | undefined;
  while (reader.next()) {
    switch (reader.field) {
      case 1: dtype = reader.int32(); break;
      case 2: shape = reader.inside(readShape); break;
      case 3: shard = reader.int32(); break;
      case 4: offset = reader.safeInteger("a tensor's offset"); break;
      case 5: size = reader.safeInteger("a tensor's size"); break;
      case 6: crc32c = reader.fixed32(); break;
      case 7: (slices ??= []).push(readSlice(reader.message())); break;
      default: reader.skip();
    }
    if (slices && slices.length > maxSlices) throw new FormatError("tooMany", `a tensor has more than ${maxSlices} slices`);
  }
  if (!shape || shape.some((length) => length < 0)) throw new FormatError("malformed", "a stored tensor has no known shape");
  if (offset < 0 || size < 0 || shard < 0) throw new FormatError("malformed", "a tensor lies before its file");
  const entry = { name, dtype: dtypeName(dtype), shape, shard, offset, size, crc32c };
  return slices ? { ...entry, slices } : entry;
}

function decodeEndianness(value: number): BundleHeader["endianness"] {
  if (value !== 0 && value !== 1) throw new FormatError("malformed", "the header names no byte order", { got: value });
  return value === 0 ? "little" : "big";
}

function decodeProducer(reader: WireReader): number {
  let producer = 0;
  let minConsumer = 0;
  while (reader.next()) {
    if (reader.field === 1) producer = reader.int32();
    else if (reader.field === 2) minConsumer = reader.int32();
    else reader.skip();
  }
  if (minConsumer > 1) throw new FormatError("unsupported", "this bundle asks for a newer reader", { wanted: minConsumer, got: 1 });
  return producer;
}

function writeSlice(writer: WireWriter, slice: TensorSlice): void {
  for (const [start, length] of slice) {
    writer.message(1, (extent) => {
      if (length === wholeDimension) return;
      extent.intIfSet(1, start);
      extent.int(2, length);
    });
  }
}

/** Reads a TensorSliceProto's fields; a dimension without a length is whole. */
export function readSlice(reader: WireReader): TensorSlice {
  const slice: SliceExtent[] = [];
  while (reader.next()) {
    if (reader.field === 1) slice.push(readExtent(reader.message()));
    else reader.skip();
  }
  return slice;
}

function readExtent(reader: WireReader): SliceExtent {
  let start = 0;
  let length = wholeDimension;
  while (reader.next()) {
    if (reader.field === 1) start = reader.safeInteger("a slice's start");
    else if (reader.field === 2) length = reader.safeInteger("a slice's length");
    else reader.skip();
  }
  return [start, length];
}
