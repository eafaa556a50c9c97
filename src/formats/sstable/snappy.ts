// Unpacks Snappy blocks, which TensorFlow's own tools sometimes left in tables (TB-11). Nothing here packs.
import { FormatError } from "#base/errors";

/** No Snappy element gives more than 64 bytes for 3; a block that claims more than this many times its size lies. */
const maxExpansion = 22;

/** The bytes behind one raw Snappy block. */
export function unpackSnappy(packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length, at: start } = unpackedLength(packed);
  if (length > packed.length * maxExpansion + 64) {
    throw new FormatError("tooMany", "a Snappy block claims more than it can hold", { wanted: packed.length * maxExpansion, got: length });
  }
  const out = new Uint8Array(length);
  let at = start;
  let filled = 0;
  while (at < packed.length) {
    const tag = packed[at] ?? 0;
    const kind = tag & 3;
    const element = kind === 0 ? literal(packed, at) : copy(packed, { at, kind });
    if (filled + element.length > length) throw damaged(at, "gives more bytes than it claims");
    if (kind === 0) {
      if (element.next + element.length > packed.length) throw damaged(at, "is cut");
      out.set(packed.subarray(element.next, element.next + element.length), filled);
      at = element.next + element.length;
    } else {
      if (element.back === 0 || element.back > filled) throw damaged(at, "copies from before its start");
      copyWithin(out, filled, element);
      at = element.next;
    }
    filled += element.length;
  }
  if (filled !== length) throw damaged(at, "gives fewer bytes than it claims");
  return out;
}

interface Element {
  readonly length: number;
  /** How far back a copy begins; 0 for a literal. */
  readonly back: number;
  /** Where the element's head ends. */
  readonly next: number;
}

function literal(packed: Uint8Array, at: number): Element {
  const size = (packed[at] ?? 0) >>> 2;
  if (size < 60) return { length: size + 1, back: 0, next: at + 1 };
  const bytes = size - 59;
  return { length: littleEndian(packed, at + 1, bytes) + 1, back: 0, next: at + 1 + bytes };
}

function copy(packed: Uint8Array, { at, kind }: { readonly at: number; readonly kind: number }): Element {
  const tag = packed[at] ?? 0;
  if (kind === 1) return { length: ((tag >>> 2) & 7) + 4, back: ((tag >>> 5) << 8) | littleEndian(packed, at + 1, 1), next: at + 2 };
  const bytes = kind === 2 ? 2 : 4;
  return { length: (tag >>> 2) + 1, back: littleEndian(packed, at + 1, bytes), next: at + 1 + bytes };
}

/** A copy may reach into the bytes that it is writing; then it repeats them. */
function copyWithin(out: Uint8Array, filled: number, { length, back }: Element): void {
  if (back >= length) out.copyWithin(filled, filled - back, filled - back + length);
  else for (let i = 0; i < length; i++) out[filled + i] = out[filled - back + i] ?? 0;
}

function littleEndian(packed: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) {
    const byte = packed[at + i];
    if (byte === undefined) throw damaged(at, "is cut");
    value = value * 256 + byte;
  }
  return value;
}

function unpackedLength(packed: Uint8Array): { length: number; at: number } {
  let length = 0;
  let scale = 1;
  for (let at = 0; at < Math.min(5, packed.length); at++) {
    const byte = packed[at] ?? 0;
    length += (byte & 127) * scale;
    if (byte < 128) return { length, at: at + 1 };
    scale *= 128;
  }
  throw damaged(0, "has no length");
}

function damaged(offset: number, how: string): FormatError {
  return new FormatError("malformed", `a Snappy block ${how}`, { offset });
}
