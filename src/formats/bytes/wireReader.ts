// Reads protobuf's wire format: bounded, forward only, no copies of what is nested, and every refusal names its byte.
import { FormatError, type FormatReason } from "#base/errors";
import { decodeUtf8 } from "./utf8";

/** The wire types that occur (formats 1). Groups, 3 and 4, never do and are refused. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Messages nested deeper than this are refused. */
export const maxDepth = 100;

const two32 = 2 ** 32;

/** Nested messages that any bytes may hold, and one more for each so many bytes: two bytes can claim an object of a hundred. */
const freeMessages = 100_000;
const bytesPerMessage = 8;

/** Where a nested message begins, how deep it lies, and how many more the whole may have. */
interface MessagePlace {
  readonly start: number;
  readonly depth: number;
  readonly messages: { left: number };
}

/** Reads one message. The loop is `while (reader.next()) switch (reader.field) { …; default: reader.skip() }`. */
export class WireReader {
  /** Number and wire type of the field that `next` came to. */
  field = 0;
  wireType = 0;
  #at: number;
  #end: number;
  #depth: number;
  #fieldStart: number;
  #low = 0;
  #high = 0;
  readonly #messages: { left: number };

  constructor(private readonly buffer: Uint8Array, end: number = buffer.length, { start, depth, messages }: MessagePlace = wholeOf(end)) {
    this.#at = start;
    this.#fieldStart = start;
    this.#end = end;
    this.#depth = depth;
    this.#messages = messages;
  }

  /** Begins anew with the message that lies in the buffer from `start` to `end`: one reader for many messages. */
  moveTo(start: number, end: number): void {
    this.#at = start;
    this.#fieldStart = start;
    this.#end = end;
    this.#depth = 0;
    this.#messages.left = messagesWithin(end - start);
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    this.#fieldStart = this.#at;
    const tag = this.uint32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) throw this.#error("malformed", "a field of a message has number 0");
    return true;
  }

  /** Passes over the field's content. */
  skip(): void {
    switch (this.wireType) {
      case wireTypes.varint: return this.#varint();
      case wireTypes.fixed64: return void this.#take(8);
      case wireTypes.bytes: return void this.#take(this.#lengthPrefix());
      case wireTypes.fixed32: return void this.#take(4);
      default: throw this.#error("malformed", `a field of a message has wire type ${this.wireType}`);
    }
  }

  /** Passes over the field and gives all of it, tag included, to be kept verbatim. */
  skipped(): Uint8Array {
    this.skip();
    return this.buffer.subarray(this.#fieldStart, this.#at);
  }

  /** A varint cut to 32 bits. */
  uint32(): number {
    if (this.#at < this.#end) {
      const byte = this.buffer[this.#at] ?? 0;
      if (byte < 128) {
        this.#at++;
        return byte;
      }
    }
    this.#varint();
    return this.#low;
  }

  /** int32 and enums: the low 32 bits of a varint, signed. */
  int32(): number {
    this.#expect(wireTypes.varint);
    return this.uint32() | 0;
  }

  bool(): boolean {
    this.#expect(wireTypes.varint);
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** int64 as a number; refused beyond ±(2^53 − 1). */
  safeInteger(what: string): number {
    this.#expect(wireTypes.varint);
    this.#varint();
    const value = (this.#high | 0) * two32 + this.#low;
    if (!Number.isSafeInteger(value)) throw this.#error("outOfRange", `${what} is beyond 2^53 - 1`);
    return value;
  }

  int64(): bigint {
    this.#expect(wireTypes.varint);
    this.#varint();
    return BigInt.asIntN(64, (BigInt(this.#high) << 32n) | BigInt(this.#low));
  }

  fixed32(): number {
    this.#expect(wireTypes.fixed32);
    const at = this.#take(4);
    const { buffer } = this;
    return ((buffer[at] ?? 0) | ((buffer[at + 1] ?? 0) << 8) | ((buffer[at + 2] ?? 0) << 16) | ((buffer[at + 3] ?? 0) << 24)) >>> 0;
  }

  float(): number {
    this.#expect(wireTypes.fixed32);
    return this.#view(4).getFloat32(0, true);
  }

  double(): number {
    this.#expect(wireTypes.fixed64);
    return this.#view(8).getFloat64(0, true);
  }

  /** The content of a length-delimited field, not copied. */
  bytes(): Uint8Array {
    this.#expect(wireTypes.bytes);
    const start = this.#take(this.#lengthPrefix());
    return this.buffer.subarray(start, this.#at);
  }

  string(): string {
    return decodeUtf8(this.bytes());
  }

  /** A reader of the nested message. */
  message(): WireReader {
    this.#expect(wireTypes.bytes);
    const start = this.#take(this.#lengthPrefix());
    const depth = this.#deeper();
    if (--this.#messages.left < 0) throw this.#error("tooMany", "too many messages for so few bytes");
    return new WireReader(this.buffer, this.#at, { start, depth, messages: this.#messages });
  }

  /** What `read` makes of the nested message: with this reader, which needs no object for it and is behind it afterwards. */
  inside<T>(read: (reader: WireReader) => T): T {
    this.#expect(wireTypes.bytes);
    const outerEnd = this.#end;
    const start = this.#take(this.#lengthPrefix());
    this.#end = this.#at;
    this.#at = start;
    this.#depth = this.#deeper();
    const result = read(this);
    this.#depth--;
    this.#at = this.#end;
    this.#end = outerEnd;
    return result;
  }

  /** Elements of a repeated number, packed or not: `read` is called once for each. */
  elements(plainType: number, read: (reader: WireReader) => void): void {
    if (this.wireType === plainType) return read(this);
    this.#expect(wireTypes.bytes);
    const start = this.#take(this.#lengthPrefix());
    const packed = new WireReader(this.buffer, this.#at, { start, depth: this.#depth, messages: this.#messages });
    packed.wireType = plainType;
    while (packed.#at < packed.#end) read(packed);
  }

  /** Appends the doubles of a packed or unpacked field to `list`. */
  doubles(list: number[]): void {
    if (this.wireType === wireTypes.fixed64) return void list.push(this.double());
    const packed = this.bytes();
    if (packed.length % 8) throw this.#error("malformed", "a packed list of doubles has a torn end");
    const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
    for (let at = 0; at < packed.length; at += 8) list.push(view.getFloat64(at, true));
  }

  /** Position in the buffer, for messages. */
  get offset(): number {
    return this.#at;
  }

  #deeper(): number {
    if (this.#depth >= maxDepth) throw this.#error("tooDeep", `messages are nested deeper than ${maxDepth}`);
    return this.#depth + 1;
  }

  #varint(): void {
    let low = 0;
    let high = 0;
    for (let count = 0; count < 10; count++) {
      if (this.#at >= this.#end) throw this.#error("truncated", "a number in a message is cut");
      const byte = this.buffer[this.#at++] ?? 0;
      const bits = byte & 127;
      if (count < 4) low |= bits << (7 * count);
      else if (count === 4) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else high |= bits << (7 * count - 32);
      if (byte < 128) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw this.#error("malformed", "a number in a message is longer than ten bytes");
  }

  #lengthPrefix(): number {
    if (this.#at < this.#end) {
      const byte = this.buffer[this.#at] ?? 0;
      if (byte < 128) {
        this.#at++;
        return byte;
      }
    }
    this.#varint();
    return this.#high * two32 + this.#low;
  }

  #take(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) {
      throw this.#error("truncated", "a field reaches beyond its message", { wanted: length, got: this.#end - start });
    }
    this.#at = start + length;
    return start;
  }

  #view(length: number): DataView {
    const start = this.#take(length);
    return new DataView(this.buffer.buffer, this.buffer.byteOffset + start, length);
  }

  #expect(wireType: number): void {
    if (this.wireType !== wireType) {
      throw this.#error("malformed", `field ${this.field} has another wire type`, { wanted: wireType, got: this.wireType });
    }
  }

  #error(reason: FormatReason, message: string, sizes: { wanted?: number; got?: number } = {}): FormatError {
    return new FormatError(reason, message, { offset: this.#at, ...sizes });
  }
}

function wholeOf(bytes: number): MessagePlace {
  return { start: 0, depth: 0, messages: { left: messagesWithin(bytes) } };
}

function messagesWithin(bytes: number): number {
  return freeMessages + bytes / bytesPerMessage;
}
