// The short way from a record to a scalar: events of a known tag that differ in time, step and value only need no objects.
import { registerWithin, throughZeros, zerosTables } from "../bytes/crc32c";
import { WireReader, wireTypes } from "../bytes/wireReader";
import { readShape } from "../tensor/tensorProto";
import type { Event } from "./event";
import { asScalar } from "./tagKind";

const fieldTag = { wallTime: 0x09, step: 0x10 } as const;
/** Seven bytes of step stay below 2^53. */
const mostStepScale = 128 ** 6;
const floatDtype = 1;
const floatBytes = 4;
const leastEventBytes = 18;

/** More, or longer, layouts than these are not remembered; their events go the long way. */
const mostLayouts = 16_384;
const longestSummary = 1024;
const mostOfOneHash = 8;

/**
 * What follows time and step in an event, as bytes with a hole of four for the number: what stands around the hole is
 * compared eight bytes at a time, as numbers that are equal only if their bits are: neither zero, which has a sign, nor NaN.
 * `next` is the layout that followed last time: trainings log the same tags in the same order.
 *
 * `register` is what the bytes, with zeros in the hole, make of a CRC's register of zeros; `wholeZeros` and `holeZeros` say
 * what becomes of what stands before them and in the hole.
 */
interface ScalarLayout {
  readonly tag: string;
  readonly tagNumber: number;
  readonly bytes: number;
  readonly hole: number;
  /** The bytes before the hole, then those behind it; each time the last eight overlap those before so that they end there. */
  readonly eights: Float64Array;
  readonly eightsBefore: number;
  readonly register: number;
  readonly wholeZeros: Int32Array;
  readonly holeZeros: Int32Array;
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
  /** Of the whole payload. */
  crc32c = 0;
  readonly #byHash = new Map<number, ScalarLayout[]>();
  readonly #numbers = new Map<string, number>();
  #layouts = 0;
  #last: ScalarLayout | undefined;

  /** Reads the payload that lies in `view` from `start` to `end`. */
  read(view: DataView, start: number, end: number): boolean {
    if (end - start < leastEventBytes || view.getUint8(start) !== fieldTag.wallTime) return false;
    let at = start + 9;
    let step = 0;
    if (view.getUint8(at) === fieldTag.step) {
      let scale = 1;
      let byte = 128;
      for (at++; byte >= 128; scale *= 128) {
        if (scale > mostStepScale || at >= end) return false;
        byte = view.getUint8(at++);
        step += (byte & 127) * scale;
      }
    }
    let layout = this.#last?.next;
    if (!layout || layout.bytes !== end - at || !standsAt(layout, view, at)) {
      layout = this.#find(view, at, end);
      if (!layout) return false;
      if (this.#last) this.#last.next = layout;
    }
    this.#last = layout;
    this.wallTimeSeconds = view.getFloat64(start + 1, true);
    this.step = step;
    this.value = view.getFloat32(at + layout.hole, true);
    this.crc32c = ~(throughZeros(layout.wholeZeros, registerWithin(view, start, at)) ^
      throughZeros(layout.holeZeros, view.getInt32(at + layout.hole, true)) ^ layout.register);
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
    const summary = number === undefined ? undefined : summaryOf(payload);
    if (!summary || summary.length > longestSummary) return;
    const hole = holeOf(summary);
    const view = new DataView(summary.buffer, summary.byteOffset, summary.length);
    if (hole === undefined || !Object.is(view.getFloat32(hole, true), number) || this.#find(view, 0, summary.length)) return;
    const sameHash = this.#bucket(hashOf(view, 0, summary.length));
    if (sameHash.length >= mostOfOneHash) return;
    const [before, behind] = [eightPlaces(0, hole), eightPlaces(hole + floatBytes, summary.length)];
    const eights = Float64Array.from([...before, ...behind], (place) => view.getFloat64(place, true));
    if (eights.some((eight) => eight === 0 || Number.isNaN(eight))) return;
    const tagNumber = this.#numberOf(only.tag);
    const bytes = summary.length;
    const [wholeZeros, holeZeros] = [zerosTables(bytes), zerosTables(bytes - hole)];
    const register = registerWithin(view, 0, bytes) ^ throughZeros(wholeZeros, -1) ^ throughZeros(holeZeros, view.getInt32(hole, true));
    sameHash.push({ tag: only.tag, tagNumber, bytes, hole, eights, eightsBefore: before.length, register, wholeZeros, holeZeros, next: undefined });
    this.#layouts++;
  }

  #find(view: DataView, start: number, end: number): ScalarLayout | undefined {
    const bytes = end - start;
    return this.#byHash.get(hashOf(view, start, end))?.find((layout) => layout.bytes === bytes && standsAt(layout, view, start));
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

/** Whether the bytes of a layout stand at `start`; as many as it has must be there. */
function standsAt({ eights, eightsBefore, hole, bytes }: ScalarLayout, view: DataView, start: number): boolean {
  let at = start;
  let eight = 0;
  for (const last = eightsBefore - 1; eight < last; eight++, at += 8) if (view.getFloat64(at, true) !== eights[eight]) return false;
  if (view.getFloat64(start + hole - 8, true) !== eights[eight++]) return false;
  if (eight === eights.length) return true;
  at = start + hole + floatBytes;
  for (const last = eights.length - 1; eight < last; eight++, at += 8) if (view.getFloat64(at, true) !== eights[eight]) return false;
  return view.getFloat64(start + bytes - 8, true) === eights[eight];
}

/** Where the eights from `from` to `to` lie. */
function eightPlaces(from: number, to: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / 8) }, (_, at) => Math.min(from + 8 * at, to - 8));
}

/** Of everything up to the end of the tag, which comes first in every summary that is learnt. Any bytes have a hash. */
function hashOf(view: DataView, start: number, end: number): number {
  let at = start + 1;
  for (let heads = 0; heads < 2; heads++, at += 2) while (at < end && view.getUint8(at) >= 128) at++;
  const stop = Math.min(end, at + (at < end ? view.getUint8(at) : 0) + 1);
  let hash = stop - start;
  for (at = start; at < stop; at++) hash = (Math.imul(hash, 31) + view.getUint8(at)) | 0;
  return hash;
}

/** The summary of an event, its head included, if time, step and one summary is all there is, in this order. */
function summaryOf(payload: Uint8Array): Uint8Array | undefined {
  const event = new WireReader(payload);
  if (nextField(event) !== 1) return undefined;
  event.skip();
  let field = nextField(event);
  if (field === 2) {
    event.skip();
    field = nextField(event);
  }
  if (field !== 5) return undefined;
  const summary = event.skipped();
  return event.next() ? undefined : summary;
}

/** The one value of a summary, if it has just one. */
function valueOf(whole: Uint8Array): Uint8Array | undefined {
  const event = new WireReader(whole);
  if (!event.next()) return undefined;
  const summary = event.message();
  if (nextField(summary) !== 1) return undefined;
  const value = summary.bytes();
  return summary.next() ? undefined : value;
}

/** 0 at the end of the message. */
function nextField(reader: WireReader): number {
  return reader.next() ? reader.field : 0;
}

/** Where in a summary the number lies, if its one value begins with its tag and has one float; undefined for any other. */
function holeOf(summary: Uint8Array): number | undefined {
  const value = valueOf(summary);
  if (!value) return undefined;
  const reader = new WireReader(value);
  const ends: number[] = [];
  for (let count = 0; reader.next(); count++) {
    if ((count === 0) !== (reader.field === 1)) return undefined;
    if (reader.field === 2) ends.push(endOf(reader.skipped()));
    else if (reader.field === 8) ends.push(...floatsOfTensor(reader.bytes()));
    else if (reader.field === 1 || reader.field === 9) reader.skip();
    else return undefined;
  }
  const [end = 0, ...others] = ends.map((place) => place - summary.byteOffset);
  // Before the number, and behind it if it is not the last, there must be eight bytes to compare.
  const before = end - floatBytes;
  const behind = summary.length - end;
  return others.length > 0 || before < 8 || (behind > 0 && behind < 8) ? undefined : before;
}

/** Where floats of a tensor end: a list of one, packed or not, or content; two places stand for a tensor that is anything else. */
function floatsOfTensor(tensor: Uint8Array): number[] {
  const unlike = [0, 0];
  const reader = new WireReader(tensor);
  const ends: number[] = [];
  let types = 0;
  while (reader.next()) {
    if (reader.field === 1) {
      reader.skip();
      types++;
    } else if (reader.field === 2) readShape(reader.message());
    else if (reader.field === 4 || reader.field === 5) {
      const float = reader.skipped();
      if (float.length !== (reader.wireType === wireTypes.fixed32 ? 5 : 6)) return unlike;
      ends.push(endOf(float));
    } else return unlike;
  }
  return types === 1 ? ends : unlike;
}

/** In the memory that the bytes are a view of. */
function endOf(bytes: Uint8Array): number {
  return bytes.byteOffset + bytes.length;
}
