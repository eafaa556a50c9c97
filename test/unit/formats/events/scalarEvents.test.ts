// The short way from a record to a scalar says what the long way says, or nothing.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { crc32c } from "#formats/bytes/crc32c";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { encodeMessage, type WireWriter } from "#formats/bytes/wireWriter";
import { decodeEvent } from "#formats/events/decodeEvent";
import { encodeEvent } from "#formats/events/encodeEvent";
import type { Event, EventContent, SummaryMetadata, SummaryValue } from "#formats/events/event";
import { ScalarEvents } from "#formats/events/scalarEvents";
import { asScalar } from "#formats/events/tagKind";
import { encodeRecord } from "#formats/records/encodeRecord";
import { recordHeaderBytes } from "#formats/records/recordLayout";
import { RecordScanner } from "#formats/records/recordScanner";
import type { TensorProto } from "#formats/tensor/tensorProto";

const metadata: SummaryMetadata = { pluginName: "scalars", pluginContent: new Uint8Array(), displayName: "", description: "", dataClass: 0 };

const eventOf = (step: number, ...values: SummaryValue[]): Uint8Array =>
  encodeEvent({ wallTimeSeconds: 1_700_000_000.25 + step, step, what: { kind: "summary", values } });
const simple = (tag: string, value: number): SummaryValue => ({ tag, value: { kind: "simple", value } });
const tensor = (tag: string, value: number): SummaryValue =>
  ({ tag, metadata, value: { kind: "tensor", tensor: { dtype: 1, shape: [], content: new Uint8Array(Float32Array.of(value).buffer) } } });
const listed = (tag: string, value: number): SummaryValue =>
  ({ tag, metadata, value: { kind: "tensor", tensor: { dtype: 1, shape: [1], values: [value] } } });

/** As a reader does: the short way if it will, else the long way, from which the short way learns. */
function readBy(scalars: ScalarEvents, payload: Uint8Array): "short" | "long" {
  if (readShort(scalars, payload)) return "short";
  scalars.learn(payload, decodeEvent(payload));
  return "long";
}

/** Whatever is read the short way has the checksum of all of its bytes. */
function readShort(scalars: ScalarEvents, payload: Uint8Array): boolean {
  const short = scalars.read(new DataView(payload.buffer, payload.byteOffset, payload.length), 0, payload.length);
  if (short) expect(scalars.crc32c >>> 0).toBe(crc32c(payload));
  return short;
}

const shortPoint = ({ wallTimeSeconds, step, tag, value }: ScalarEvents) => ({ wallTimeSeconds, step, points: [[tag, value]] });
const longPoint = ({ wallTimeSeconds, step, what }: Event) =>
  ({ wallTimeSeconds, step, points: what.kind === "summary" ? what.values.map((one) => [one.tag, asScalar(one.value)]) : [] });

describe("events that differ in time, step and number from one that was read", () => {
  test.each([["plain", simple], ["tensor with content", tensor], ["tensor with a list", listed]] as const)("%s", (_, make) => {
    const scalars = new ScalarEvents();
    for (const tag of ["loss", "a/é", "x".repeat(300), "t"]) expect(readBy(scalars, eventOf(0, make(tag, 1.5)))).toBe("long");
    for (const step of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 40]) {
      for (const tag of ["t", "loss", "x".repeat(300), "a/é"]) {
        for (const value of [0, -0, 1.5, NaN, -Infinity]) {
          const payload = eventOf(step, make(tag, value));
          expect(readBy(scalars, payload)).toBe("short");
          expect(shortPoint(scalars)).toEqual(longPoint(decodeEvent(payload)));
        }
      }
    }
  });
  test("tags with one hash are told apart", () => {
    const scalars = new ScalarEvents();
    for (const tag of ["Aa", "BB"]) readBy(scalars, eventOf(1, simple(tag, 1)));
    for (const tag of ["Aa", "BB", "BB", "Aa"]) {
      expect(readBy(scalars, eventOf(2, simple(tag, 1)))).toBe("short");
      expect(scalars.tag).toBe(tag);
    }
  });
  test("a tag has one number, however its events are made", () => {
    const scalars = new ScalarEvents();
    const numbers = [simple, tensor, simple, listed].map((make) => {
      readBy(scalars, eventOf(1, make("a", 1)));
      readBy(scalars, eventOf(1, make("b", 1)));
      expect(readBy(scalars, eventOf(2, make("a", 2)))).toBe("short");
      return scalars.tagNumber;
    });
    expect(numbers).toEqual([0, 0, 0, 0]);
    expect(readBy(scalars, eventOf(2, tensor("b", 2)))).toBe("short");
    expect(scalars.tagNumber).toBe(1);
  });
  test("more tags than are remembered are read the long way", () => {
    const scalars = new ScalarEvents();
    for (let tag = 0; tag < 16_500; tag++) readBy(scalars, eventOf(1, simple(`tag ${tag}`, 1)));
    expect(readBy(scalars, eventOf(2, simple("tag 0", 1)))).toBe("short");
    expect(readBy(scalars, eventOf(2, simple("tag 16499", 1)))).toBe("long");
  });
});

describe("what is left to the long way", () => {
  const tensorOf = (proto: TensorProto): SummaryValue => ({ tag: "t", metadata, value: { kind: "tensor", tensor: proto } });
  const others: readonly (readonly [string, Uint8Array])[] = [
    ["two values", eventOf(1, simple("a", 1), simple("b", 1))],
    ["no value", eventOf(1)],
    ["no tag", eventOf(1, simple("", 1))],
    ["a tag whose bytes are the number zero", eventOf(1, simple("\0".repeat(16), 1))],
    ["a step before 0", eventOf(-1, simple("a", 1))],
    ["a wide number", eventOf(1, tensorOf({ dtype: 2, shape: [], values: [1.5] }))],
    ["a whole number", eventOf(1, tensorOf({ dtype: 3, shape: [], values: [1] }))],
    ["several numbers", eventOf(1, tensorOf({ dtype: 1, shape: [2], values: [1, 2] }))],
    ["no number", eventOf(1, tensorOf({ dtype: 1, shape: [] }))],
    ["a number twice", eventOf(1, tensorOf({ dtype: 1, shape: [], values: [2], content: new Uint8Array(4) }))],
    ["a summary in two pieces", Uint8Array.of(...eventOf(1, simple("a", 1)), ...eventOf(1, simple("b", 1)).subarray(11))],
    ["a value in two ways", encodeMessage((event) => {
      event.double(1, 5);
      event.message(5, (summary) => summary.message(1, (value: WireWriter) => {
        value.bytes(1, encodeUtf8("a"));
        value.float(2, 1);
        value.float(2, 2);
      }));
    })],
    ...([{ kind: "fileVersion", version: "brain.Event:2" }, { kind: "graph", bytes: new Uint8Array(30) },
      { kind: "sessionLog", status: "start", checkpointPath: "", message: "" }, { kind: "nothing" }] satisfies EventContent[])
      .map((what) => [what.kind, encodeEvent({ wallTimeSeconds: 1, step: 2, what })] as const),
  ];
  test.each(others)("%s", (_, payload) => {
    const scalars = new ScalarEvents();
    expect(readBy(scalars, payload)).toBe("long");
    expect(readBy(scalars, payload)).toBe("long");
  });
  test("a payload that is cut", () => {
    const scalars = new ScalarEvents();
    for (const payload of [eventOf(500, simple("loss", 1)), eventOf(500, tensor("loss", 1))]) {
      readBy(scalars, payload);
      for (let end = 0; end < payload.length; end++) expect(readShort(scalars, payload.subarray(0, end))).toBe(false);
    }
  });
});

test("whatever byte of an event changes, the short way agrees with the long one or leaves it to it", () => {
  const scalars = new ScalarEvents();
  let short = 0;
  for (const payload of [eventOf(500, simple("loss", 1)), eventOf(500, tensor("loss", 1)), eventOf(500, listed("loss", 1))]) {
    readBy(scalars, payload);
    for (let at = 0; at < payload.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = payload.slice();
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        if (!readShort(scalars, changed)) continue;
        short++;
        expect(shortPoint(scalars)).toEqual(longPoint(longWay(changed)));
      }
    }
  }
  expect(short).toBeGreaterThan(3 * 8 * 12);
});

test("whatever byte of a known event is damaged, its checksum tells", () => {
  const payload = eventOf(500, tensor("loss", 1));
  const sound = encodeRecord(payload);
  const scalars = new ScalarEvents();
  readBy(scalars, payload);
  const scanned = (record: Uint8Array): string => {
    const scanner = new RecordScanner();
    scanner.push(record);
    return scanner.scan(scalars);
  };
  expect(scanned(sound)).toBe("known");
  for (let at = recordHeaderBytes; at < sound.length; at++) {
    const damaged = sound.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0x10;
    expect(scanned(damaged)).toBe("skipped");
  }
});

function longWay(payload: Uint8Array): Event {
  try {
    return decodeEvent(payload);
  } catch (error) {
    if (error instanceof FormatError) return { wallTimeSeconds: NaN, step: NaN, what: { kind: "nothing" } };
    throw error;
  }
}
