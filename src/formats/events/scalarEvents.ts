// The short way from a record to a scalar: events of a known tag that differ in time, step and value only need no objects.
import { WireReader, wireTypes } from "../bytes/wireReader";
import { readShape } from "../tensor/tensorProto";
import type { Event } from "./event";
import { asScalar } from "./tagKind";

const fieldTag = { wallTime: 0x09, step: 0x10, summary: 0x2a, value: 0x0a } as const;
const floatDtype = 1;
const floatBytes = 4;
const leastEventBytes = 18;

/** More, or longer, layouts than these are not remembered; their events go the long way. */
const mostLayouts = 16_384;
const longestBody = 4096;
const mostOfOneHash = 8;

/**
 * A summary's one value as bytes with a hole of four for the number: what stands around the hole is compared word by word.
 * `next` is the layout that followed last time: training loops log the same tags in the same order.
 */
interface ScalarLayout {
  readonly tag: string;
  readonly tagNumber: number;
  readonly bytes: number;
  readonly hole: number;
  /** Where in the body a word is compared, and with what. Words may overlap. */
  readonly places: Int32Array;
  readonly words: Int32Array;
  next: ScalarLayout | undefined;
}

/**
 * Reads events that are exactly: a time, perhaps a step, and a summary with one value whose bytes are, but for its number,
 * those of an event that was learnt. So whatever the long way said of that event holds of this one, metadata included.
 * After `read` said true the fields hold that point; after false they mean nothing and the payload is to be read by
 * `decodeEvent`. The fields are overwritten by the next read.
 */
export class ScalarEvents {
  wallTimeSeconds = 0;
  step = 0;
  value = 0;
  tag = "";
  /** Tags are counted from 0 in the order in which they were learnt. */
  tagNumber = 0;
  readonly #byHash = new Map<number, ScalarLayout[]>();
  readonly #numbers = new Map<string, number>();
  #layouts = 0;
  #last: ScalarLayout | undefined;
  #at = 0;

  /** Reads the payload that lies in `view` from `start` to `end`. */
  read(view: DataView, start: number, end: number): boolean {
    if (end - start < leastEventBytes || view.getUint8(start) !== fieldTag.wallTime) return false;
    this.#at = start + 9;
    const step = view.getUint8(this.#at) === fieldTag.step ? this.#enterStep(view, end) : 0;
    if (step < 0 || !this.#enter(view, fieldTag.summary, end) || !this.#enter(view, fieldTag.value, end)) return false;
    const body = this.#at;
    let layout = this.#last?.next;
    if (!layout || layout.bytes !== end - body || !standsAt(layout, view, body)) {
      layout = this.#find(view, body, end);
      if (!layout) return false;
      if (this.#last) this.#last.next = layout;
    }
    this.#last = layout;
    this.wallTimeSeconds = view.getFloat64(start + 1, true);
    this.step = step;
    this.value = view.getFloat32(body + layout.hole, true);
    this.tag = layout.tag;
    this.tagNumber = layout.tagNumber;
    return true;
  }

  /** Remembers how an event that the long way read is made, if it is one that the short way can take next time. */
  learn(payload: Uint8Array, { what }: Event): void {
    const [only, ...others] = what.kind === "summary" ? what.values : [];
    if (!only?.tag || others.length > 0 || this.#layouts >= mostLayouts) return;
    if (only.value.kind === "tensor" && only.value.tensor.dtype !== floatDtype) return;
    const number = asScalar(only.value);
    const body = number === undefined ? undefined : bodyOf(payload);
    if (!body || body.length > longestBody) return;
    const hole = holeOf(body);
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    if (hole === undefined || !Object.is(view.getFloat32(hole, true), number) || this.#find(view, 0, body.length)) return;
    const sameHash = this.#bucket(hashOf(view, 0, body.length));
    if (sameHash.length >= mostOfOneHash) return;
    const places = placesAround(hole, body.length);
    const words = places.map((place) => view.getInt32(place, true));
    sameHash.push({ tag: only.tag, tagNumber: this.#numberOf(only.tag), bytes: body.length, hole, places, words, next: undefined });
    this.#layouts++;
  }

  #enterStep(view: DataView, end: number): number {
    this.#at++;
    return this.#smallVarint(view, end, 7);
  }

  /** Passes the head of a nested message that reaches to the end of the payload. */
  #enter(view: DataView, tag: number, end: number): boolean {
    if (this.#at >= end || view.getUint8(this.#at) !== tag) return false;
    this.#at++;
    const length = this.#smallVarint(view, end, 4);
    return length >= 0 && this.#at + length === end;
  }

  /** A varint; -1 for a cut one and for one longer than `mostBytes`, which is at most 7 to stay below 2^53. */
  #smallVarint(view: DataView, end: number, mostBytes: number): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < mostBytes && this.#at < end; count++, scale *= 128) {
      const byte = view.getUint8(this.#at++);
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
    }
    return -1;
  }

  #find(view: DataView, body: number, end: number): ScalarLayout | undefined {
    const bytes = end - body;
    return this.#byHash.get(hashOf(view, body, end))?.find((layout) => layout.bytes === bytes && standsAt(layout, view, body));
  }

  #bucket(hash: number): ScalarLayout[] {
    const known = this.#byHash.get(hash);
    if (known) return known;
    const made: ScalarLayout[] = [];
    this.#byHash.set(hash, made);
    return made;
  }

  #numberOf(tag: string): number {
    const known = this.#numbers.get(tag);
    if (known !== undefined) return known;
    this.#numbers.set(tag, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

function standsAt({ places, words }: ScalarLayout, view: DataView, body: number): boolean {
  for (let at = 0; at < words.length; at++) if (view.getInt32(body + (places[at] ?? 0), true) !== words[at]) return false;
  return true;
}

/** Of the tag, which comes first in every body that is learnt. Any bytes have a hash. */
function hashOf(view: DataView, body: number, end: number): number {
  const length = end - body < 2 ? 0 : view.getUint8(body + 1);
  const stop = Math.min(end, body + 2 + length);
  let hash = stop - body;
  for (let at = body; at < stop; at++) hash = (Math.imul(hash, 31) + view.getUint8(at)) | 0;
  return hash;
}

/** The value of an event's summary, if time, step and a summary with that one value is all there is, in this order. */
function bodyOf(payload: Uint8Array): Uint8Array | undefined {
  const event = new WireReader(payload);
  if (nextField(event) !== 1) return undefined;
  event.skip();
  let field = nextField(event);
  if (field === 2) {
    event.skip();
    field = nextField(event);
  }
  if (field !== 5) return undefined;
  const summary = new WireReader(event.bytes());
  if (event.next() || nextField(summary) !== 1) return undefined;
  const body = summary.bytes();
  return summary.next() ? undefined : body;
}

/** 0 at the end of the message. */
function nextField(reader: WireReader): number {
  return reader.next() ? reader.field : 0;
}

/** Where the number lies in a value that begins with its tag and has one float; undefined for any other value. */
function holeOf(body: Uint8Array): number | undefined {
  const reader = new WireReader(body);
  const holes: number[] = [];
  for (let count = 0; reader.next(); count++) {
    if ((count === 0) !== (reader.field === 1)) return undefined;
    if (reader.field === 2) holes.push(lastBytesOf(reader, body));
    else if (reader.field === 8) holes.push(...holesOfTensor(reader.bytes(), body));
    else if (reader.field === 1 || reader.field === 9) reader.skip();
    else return undefined;
  }
  const [hole, ...others] = holes;
  // A word on each side, or the end, so that words can be compared.
  return hole === undefined || others.length > 0 || hole < 4 || (hole + 8 > body.length && hole + 4 < body.length) ? undefined : hole;
}

/** A float as a list of one, packed or not, or as content; two holes stand for a tensor that is anything else. */
function holesOfTensor(tensor: Uint8Array, body: Uint8Array): number[] {
  const reader = new WireReader(tensor);
  const holes: number[] = [];
  let types = 0;
  while (reader.next()) {
    if (reader.field === 1) {
      reader.skip();
      types++;
    } else if (reader.field === 2) readShape(reader.message());
    else if (reader.field === 4 || reader.field === 5) {
      const number = reader.skipped();
      if (number.length !== (reader.wireType === wireTypes.fixed32 ? 5 : 6)) return [0, 0];
      holes.push(number.byteOffset + number.length - floatBytes - body.byteOffset);
    } else return [0, 0];
  }
  return types === 1 ? holes : [0, 0];
}

function lastBytesOf(reader: WireReader, body: Uint8Array): number {
  const field = reader.skipped();
  return field.byteOffset + field.length - floatBytes - body.byteOffset;
}

/** The places of words that cover all but the hole; the last word before it and the last of all may overlap others. */
function placesAround(hole: number, bytes: number): Int32Array {
  const places: number[] = [];
  for (const [from, to] of [[0, hole], [hole + floatBytes, bytes]] as const) {
    for (let at = from; at < to; at += 4) places.push(Math.min(at, to - 4));
  }
  return Int32Array.from(places);
}
