// Finds records in bytes that arrive piece by piece, from a file that may still grow or that was damaged (formats 2).
import type { FormatReason } from "#base/errors";
import { crc32cWithin, maskCrc } from "../bytes/crc32c";
import { defaultMaxRecordBytes, largeMaxRecordBytes, recordFooterBytes, recordHeaderBytes } from "./recordLayout";

/** What `next` came to. Half a record is a state: more bytes may come. Offsets count bytes of the whole stream. */
export type RecordRead =
  | { readonly kind: "record"; readonly offset: number; readonly data: Uint8Array }
  | { readonly kind: "needMore" }
  | { readonly kind: "skipped"; readonly offset: number; readonly bytes: number; readonly reason: FormatReason };

/** Reads payloads that it knows but for a few bytes, and so has their checksum for less than a walk over all of them. */
export interface KnownPayloads {
  /** Whether the payload that lies in `view` from `start` to `end` is such a one. */
  read(view: DataView, start: number, end: number): boolean;
  /** CRC-32C of the payload that was read. */
  readonly crc32c: number;
}

/** How a scanner begins and what it refuses. */
export interface ScannerOptions {
  /** Where in the stream the first pushed byte lies. */
  readonly offset?: number;
  /** Payloads beyond this are skipped; 64 MiB unless given. */
  readonly maxRecordBytes?: number;
  /** Bytes that the stream is known to have, such as a file's size: payloads that lie in it may be as big as 1 GiB. */
  readonly streamBytes?: () => number;
}

/** No file has a payload of 2^50 bytes: a header that claims it is taken for damage, though its checksum holds. */
const absurdHigh = 2 ** 18;

/** The masked checksums of short lengths, which nearly all records have. That of 0 is not zero: bytes never written are no record. */
const shortLengths = Uint32Array.from({ length: 1024 }, (_, length) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, length, true);
  return maskCrc(crc32cWithin(view, 0, 8));
});

const needMore: RecordRead = { kind: "needMore" };

/**
 * Takes bytes with `push`, or in the space that `room` gives, and gives records with `next` or `scan`. Nothing is read
 * twice however the bytes are cut. Where a length is damaged it goes on at the next plausible header; where a payload
 * is damaged only that record is skipped. Payloads are views: they stay as they are unless `room` is used.
 */
export class RecordScanner {
  #buffer: Uint8Array = new Uint8Array();
  #view = viewOf(this.#buffer);
  /** Whether the buffer was made by `room` and may be written over. */
  #own = false;
  #start = 0;
  #end = 0;
  /** Stream offset of the byte at `#start`. */
  #offset: number;
  /** Bytes of a record too large to hold that are still to come. */
  #toDrop = 0;
  #lostAt: number | undefined;
  #recordOffset = 0;
  #payloadStart = 0;
  #payloadEnd = 0;
  #skipped: RecordRead = needMore;
  readonly #maxRecordBytes: number;
  readonly #streamBytes: () => number;

  constructor({ offset = 0, maxRecordBytes = defaultMaxRecordBytes, streamBytes = () => 0 }: ScannerOptions = {}) {
    this.#offset = offset;
    this.#maxRecordBytes = maxRecordBytes;
    this.#streamBytes = streamBytes;
  }

  /** Where the first byte lies that is not yet part of a given or skipped record: reading can be resumed there. */
  get offset(): number {
    return this.#offset;
  }

  /** Damage for which no next record has been found yet: from where, and how many bytes of it were seen. */
  get damage(): { readonly offset: number; readonly bytes: number } | undefined {
    return this.#lostAt === undefined ? undefined : { offset: this.#lostAt, bytes: this.#offset + this.#left - this.#lostAt };
  }

  /** Adds bytes. They are kept, not copied, when nothing is left over; the caller must not change them afterwards. */
  push(bytes: Uint8Array): void {
    const dropped = Math.min(this.#toDrop, bytes.length);
    this.#toDrop -= dropped;
    const fresh = dropped > 0 ? bytes.subarray(dropped) : bytes;
    if (fresh.length === 0) return;
    if (this.#left === 0) return this.#adopt(fresh);
    if (this.#end + fresh.length > this.#buffer.length) this.#grow(fresh.length);
    this.#buffer.set(fresh, this.#end);
    this.#end += fresh.length;
  }

  /**
   * Space for `bytes` more, right behind those that are there; `filled` must follow, and `scan` may be called meanwhile. It
   * makes no copies of what it reads and uses its space again: payloads given before are overwritten. Where it needs new
   * space it makes room for `spare` bytes more.
   */
  room(bytes: number, spare = 0): Uint8Array {
    if (!this.#own || this.#left + bytes > this.#buffer.length) {
      this.#grow(bytes + spare);
      this.#own = true;
    } else if (this.#end + bytes > this.#buffer.length) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#end = this.#left;
      this.#start = 0;
    }
    return this.#buffer.subarray(this.#end, this.#end + bytes);
  }

  /** Tells how many bytes were put into the space that `room` gave. */
  filled(bytes: number): void {
    const dropped = Math.min(this.#toDrop, bytes);
    this.#toDrop -= dropped;
    this.#start += dropped;
    this.#end += bytes;
  }

  /** Gives back the space that `room` made; what is not used up stays. For a pause of unknown length. */
  trim(): void {
    if (this.#own) this.#adopt(this.#buffer.slice(this.#start, this.#end));
  }

  /** The next record, or what stands in its place. */
  next(): RecordRead {
    const kind = this.scan();
    if (kind === "record") return { kind, offset: this.#recordOffset, data: this.payload };
    return kind === "skipped" ? this.#skipped : needMore;
  }

  /**
   * As `next` without an object per record: what was found is asked of the scanner, until it is called again. "known": a record
   * that `known` has read.
   */
  scan(known?: KnownPayloads): RecordRead["kind"] | "known" {
    if (this.#lostAt !== undefined) return this.#search(this.#lostAt);
    if (this.#left < recordHeaderBytes) return "needMore";
    if (!this.#headerHolds(this.#start)) {
      this.#lostAt = this.#offset;
      this.#advance(1);
      return this.#search(this.#lostAt);
    }
    const length = this.#lengthAt(this.#start);
    const whole = recordHeaderBytes + length + recordFooterBytes;
    if (length > this.#maxRecordBytes && length > this.#cap()) return this.#drop(whole);
    if (this.#left < whole) return "needMore";
    this.#recordOffset = this.#offset;
    this.#payloadStart = this.#start + recordHeaderBytes;
    this.#payloadEnd = this.#payloadStart + length;
    this.#advance(whole);
    const stored = this.#view.getUint32(this.#payloadEnd, true);
    const isKnown = known?.read(this.#view, this.#payloadStart, this.#payloadEnd) === true;
    const crc = isKnown ? known.crc32c : crc32cWithin(this.#view, this.#payloadStart, this.#payloadEnd);
    if (stored === maskCrc(crc)) return isKnown ? "known" : "record";
    return this.#skip({ kind: "skipped", offset: this.#recordOffset, bytes: whole, reason: "badDataCrc" });
  }

  /** Stream offset of the record that `scan` found. */
  get recordOffset(): number {
    return this.#recordOffset;
  }

  /** The payload of the record that `scan` found lies here, from `payloadStart` to `payloadEnd`. */
  get view(): DataView {
    return this.#view;
  }

  get payloadStart(): number {
    return this.#payloadStart;
  }

  get payloadEnd(): number {
    return this.#payloadEnd;
  }

  /** The payload of the record that `scan` found, by itself. */
  get payload(): Uint8Array {
    return this.#buffer.subarray(this.#payloadStart, this.#payloadEnd);
  }

  /** What `scan` said to have skipped. */
  get skipped(): RecordRead {
    return this.#skipped;
  }

  get #left(): number {
    return this.#end - this.#start;
  }

  #cap(): number {
    const known = this.#streamBytes() - this.#offset;
    return Math.max(this.#maxRecordBytes, Math.min(known, largeMaxRecordBytes));
  }

  /** Looks for the next plausible header; keeps the last bytes that could begin one. */
  #search(lostAt: number): RecordRead["kind"] {
    const last = this.#end - recordHeaderBytes;
    for (let at = this.#start; at <= last; at++) {
      if (this.#view.getUint32(at + 4, true) !== 0 || !this.#headerHolds(at) || this.#lengthAt(at) > this.#cap()) continue;
      this.#advance(at - this.#start);
      this.#lostAt = undefined;
      return this.#skip({ kind: "skipped", offset: lostAt, bytes: this.#offset - lostAt, reason: "badLengthCrc" });
    }
    if (last >= this.#start) this.#advance(last + 1 - this.#start);
    return "needMore";
  }

  #headerHolds(at: number): boolean {
    const low = this.#view.getUint32(at, true);
    const high = this.#view.getUint32(at + 4, true);
    if (low < shortLengths.length && high === 0) return this.#view.getUint32(at + 8, true) === shortLengths[low];
    return high < absurdHigh && this.#view.getUint32(at + 8, true) === maskCrc(crc32cWithin(this.#view, at, at + 8));
  }

  #lengthAt(at: number): number {
    const high = this.#view.getUint32(at + 4, true);
    const low = this.#view.getUint32(at, true);
    return high === 0 ? low : low + high * 2 ** 32;
  }

  /** Passes over a record that is not to be held, those of its bytes too that have not come yet. */
  #drop(whole: number): RecordRead["kind"] {
    const offset = this.#offset;
    const here = Math.min(whole, this.#left);
    this.#advance(here);
    this.#offset = offset + whole;
    this.#toDrop = whole - here;
    return this.#skip({ kind: "skipped", offset, bytes: whole, reason: "recordTooLarge" });
  }

  #skip(what: RecordRead): "skipped" {
    this.#skipped = what;
    return "skipped";
  }

  #advance(bytes: number): void {
    this.#start += bytes;
    this.#offset += bytes;
  }

  #adopt(bytes: Uint8Array): void {
    this.#buffer = bytes;
    this.#view = viewOf(bytes);
    this.#own = false;
    this.#start = 0;
    this.#end = bytes.length;
  }

  /** A new, larger buffer; the old one stays as it is for payloads that were given. */
  #grow(bytes: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#left, this.#left + bytes));
    grown.set(this.#buffer.subarray(this.#start, this.#end));
    const left = this.#left;
    this.#adopt(grown);
    this.#end = left;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
