// Writes protobuf's wire format into one growing buffer. Plain methods always write; `…IfSet` leave out proto3's defaults.
import { encodeUtf8 } from "./utf8";

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Writes the fields of one message; nested messages go into the same buffer. */
export class WireWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** A whole number as varint; negative ones are sign-extended to ten bytes, as int32, int64 and enums demand. */
  int(field: number, value: number | bigint): void {
    this.#tag(field, wire.varint);
    this.varint(value);
  }

  intIfSet(field: number, value: number | bigint | undefined): void {
    if (value) this.int(field, value);
  }

  bool(field: number, value: boolean): void {
    this.int(field, value ? 1 : 0);
  }

  boolIfSet(field: number, value: boolean | undefined): void {
    if (value) this.int(field, 1);
  }

  fixed32(field: number, value: number): void {
    this.#tag(field, wire.fixed32);
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  float(field: number, value: number): void {
    this.#tag(field, wire.fixed32);
    this.rawFloat(value);
  }

  floatIfSet(field: number, value: number | undefined): void {
    if (value !== undefined && !Object.is(value, 0)) this.float(field, value);
  }

  double(field: number, value: number): void {
    this.#tag(field, wire.fixed64);
    this.rawDouble(value);
  }

  doubleIfSet(field: number, value: number | undefined): void {
    if (value !== undefined && !Object.is(value, 0)) this.double(field, value);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, wire.bytes);
    this.varint(value.length);
    this.raw(value);
  }

  bytesIfSet(field: number, value: Uint8Array | undefined): void {
    if (value?.length) this.bytes(field, value);
  }

  string(field: number, value: string): void {
    if (value.length >= 128 || !this.#shortAscii(field, value)) this.bytes(field, encodeUtf8(value));
  }

  stringIfSet(field: number, value: string | undefined): void {
    if (value) this.string(field, value);
  }

  /** A nested message, or a packed list: whatever `write` writes, behind its length. */
  message(field: number, write: (writer: this) => void): void {
    this.#tag(field, wire.bytes);
    const start = this.#length;
    this.#byte(0);
    write(this);
    this.#closeLength(start);
  }

  /** A varint without a tag. */
  varint(value: number | bigint): void {
    if (typeof value === "bigint") return this.#bigVarint(value);
    if (value < 0) return this.#bigVarint(BigInt(value));
    this.#reserve(10);
    let rest = value;
    for (; rest >= 0x80000000; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>>= 7) this.#bytes[this.#length++] = (rest & 127) | 128;
    this.#bytes[this.#length++] = rest;
  }

  /** Four bytes of a float without a tag. */
  rawFloat(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  /** Eight bytes of a double without a tag. */
  rawDouble(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Bytes as they are: fields that were kept verbatim, or the body of a length-delimited field. */
  raw(bytes: Uint8Array | undefined): void {
    if (!bytes?.length) return;
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #tag(field: number, wireType: number): void {
    this.varint(field * 8 + wireType);
  }

  /** The usual string is a short name: written letter by letter, it costs no encoder. False, and nothing written, for others. */
  #shortAscii(field: number, value: string): boolean {
    const before = this.#length;
    this.#tag(field, wire.bytes);
    this.#reserve(value.length + 1);
    this.#bytes[this.#length++] = value.length;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code >= 128) {
        this.#length = before;
        return false;
      }
      this.#bytes[this.#length++] = code;
    }
    return true;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #bigVarint(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 128n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 127n) | 128;
    this.#bytes[this.#length++] = Number(rest);
  }

  /** Puts the length of what follows the one byte at `start` there; moves the content when the length needs more bytes. */
  #closeLength(start: number): void {
    const size = this.#length - start - 1;
    if (size < 128) {
      this.#bytes[start] = size;
      return;
    }
    const extra = size < 1 << 14 ? 1 : size < 1 << 21 ? 2 : size < 1 << 28 ? 3 : 4;
    this.#reserve(extra);
    this.#bytes.copyWithin(start + 1 + extra, start + 1, this.#length);
    this.#length = start;
    this.varint(size);
    this.#length += size;
  }

  #reserve(count: number): void {
    const wanted = this.#length + count;
    if (wanted <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** The bytes of one message. */
export function encodeMessage(write: (writer: WireWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  write(writer);
  return writer.finish();
}
