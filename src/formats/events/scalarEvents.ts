// The short way from a record to a scalar: most events of a training hold one plain number, and need no objects.
import { decodeUtf8 } from "../bytes/utf8";

const tagOf = { wallTime: 0x09, step: 0x10, summary: 0x2a, value: 0x0a, name: 0x0a, simpleValue: 0x15 } as const;
const mostKnownTags = 4096;

/**
 * Reads events that are exactly: a time, perhaps a step, and a summary with one tagged `simple_value`. After `read`
 * said true the fields hold that point; after false they mean nothing and the payload is to be read by `decodeEvent`.
 * The fields are overwritten by the next read.
 */
export class ScalarEvents {
  wallTimeSeconds = 0;
  step = 0;
  tag = "";
  value = 0;
  readonly #tags = new Map<number, { readonly bytes: Uint8Array; readonly text: string }>();
  #at = 0;

  read(payload: Uint8Array): boolean {
    if (payload[0] !== tagOf.wallTime || payload.length < 18) return false;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    this.wallTimeSeconds = view.getFloat64(1, true);
    this.#at = 9;
    this.step = 0;
    if (payload[9] === tagOf.step) {
      this.#at = 10;
      const step = this.#smallVarint(payload, 7);
      if (step < 0) return false;
      this.step = step;
    }
    if (!this.#enter(payload, tagOf.summary) || !this.#enter(payload, tagOf.value)) return false;
    if (payload[this.#at] !== tagOf.name) return false;
    this.#at++;
    const length = this.#smallVarint(payload, 4);
    const start = this.#at;
    const end = start + length;
    if (length < 1 || end + 5 !== payload.length || payload[end] !== tagOf.simpleValue) return false;
    this.value = view.getFloat32(end + 1, true);
    this.tag = this.#tagAt(payload, start, end);
    return true;
  }

  /** Passes the head of a nested message that reaches to the end of the payload. */
  #enter(payload: Uint8Array, tag: number): boolean {
    if (payload[this.#at] !== tag) return false;
    this.#at++;
    const length = this.#smallVarint(payload, 4);
    return length >= 0 && this.#at + length === payload.length;
  }

  /** A varint of at most `mostBytes`; -1 for a longer or cut one. */
  #smallVarint(payload: Uint8Array, mostBytes: number): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < mostBytes && this.#at < payload.length; count++, scale *= 128) {
      const byte = payload[this.#at++] ?? 0;
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
    }
    return -1;
  }

  /** Tags repeat: the text of a known one is found by its bytes. */
  #tagAt(payload: Uint8Array, start: number, end: number): string {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (payload[at] ?? 0)) | 0;
    const known = this.#tags.get(hash);
    if (known?.bytes.length === end - start && standsAt(known.bytes, payload, start)) return known.text;
    const bytes = payload.slice(start, end);
    const text = decodeUtf8(bytes);
    if (this.#tags.size < mostKnownTags) this.#tags.set(hash, { bytes, text });
    return text;
  }
}

function standsAt(known: Uint8Array, payload: Uint8Array, start: number): boolean {
  for (let at = 0; at < known.length; at++) if (payload[start + at] !== known[at]) return false;
  return true;
}
