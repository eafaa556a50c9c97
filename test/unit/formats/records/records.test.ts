// Records: the vectors of the format's own tests, cuts at every byte, and every kind of damage.
import { describe, expect, test } from "vitest";
import { crc32c, crc32cWithin, crcByTables, maskCrc, maskedCrc32c, unmaskCrc } from "#formats/bytes/crc32c";
import { leastFoldedBytes, openCrcFolding } from "#formats/bytes/crcFolding";
import { joinBytes } from "#formats/bytes/byteOrder";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { decodeEvent } from "#formats/events/decodeEvent";
import { encodeEvent } from "#formats/events/encodeEvent";
import type { Event } from "#formats/events/event";
import { encodeRecord } from "#formats/records/encodeRecord";
import { RecordScanner, type RecordRead, type ScannerOptions } from "#formats/records/recordScanner";
import { hex, unhex } from "../golden";

const text = (words: string): string => hex(encodeUtf8(words));
const version = unhex(`1800000000000000 a37f4b22 09 00008038 99d6d741 1a0d ${text("brain.Event:2")} 124b36ab`);
const accuracy = unhex(
  `3200000000000000 241956ec 09 c405b73d99d6d741 104d 2a25 0a23 0a08 ${text("accuracy")} 420a08011200 2204a4707d3f 4a0b0a090a07 ${text("scalars")} a55b6433`,
);

function readAll(pieces: readonly Uint8Array[], options?: ScannerOptions): RecordRead[] {
  const scanner = new RecordScanner(options);
  return pieces.flatMap((piece) => {
    scanner.push(piece);
    const reads: RecordRead[] = [];
    for (let read = scanner.next(); read.kind !== "needMore"; read = scanner.next()) reads.push(read);
    return reads;
  });
}

const kinds = (reads: readonly RecordRead[]): string[] =>
  reads.map((read) => (read.kind === "skipped" ? `${read.reason} ${read.offset}+${read.bytes}` : read.kind === "record" ? `record ${read.offset}` : read.kind));

const records = Array.from({ length: 6 }, (_, at) => encodeRecord(encodeUtf8("x".repeat(10 + 7 * at))));
const stream = joinBytes(records);

describe("checksums", () => {
  test("known values", () => {
    expect(crc32c(encodeUtf8("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(maskedCrc32c(new Uint8Array(8))).toBe(0x07980329);
    expect(maskedCrc32c(new Uint8Array())).toBe(0xa282ead8);
    expect(maskedCrc32c(unhex(`1a11${text("CRC test, one two")}`))).toBe(0x5794d08a);
  });
  test("a checksum goes on where another one ended, at any split", () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, at) => at * 37);
    for (let split = 0; split <= 100; split++) expect(crc32c(bytes.subarray(split), crc32c(bytes.subarray(0, split)))).toBe(crc32c(bytes));
  });
  test("big blocks, at any place in memory, have the checksum of their pieces", () => {
    const memory = Uint8Array.from({ length: 1200 }, (_, at) => (at * at) >> 3);
    for (let from = 0; from < 9; from++) {
      for (let length = 250; length < 270; length++) {
        const whole = memory.subarray(from, from + length);
        const piecewise = crc32c(whole.subarray(200), crc32c(whole.subarray(0, 200)));
        expect(crc32c(whole)).toBe(piecewise);
        expect(crc32cWithin(new DataView(memory.buffer), from, from + length)).toBe(piecewise);
        expect(crc32c(whole, 12345)).toBe(crc32c(whole.subarray(200), crc32c(whole.subarray(0, 200), 12345)));
      }
    }
  });
  test("very big blocks, which are made short first, have the checksum that the tables find, whatever their length, place and seed", () => {
    const memory = Uint8Array.from({ length: 600_000 }, (_, at) => Math.imul(at, 2_654_435_761) >>> 13);
    const lengths = [leastFoldedBytes - 1, leastFoldedBytes, leastFoldedBytes + 1, 40_000, 256 * 1024, 256 * 1024 + 63, 300_000, 590_000];
    for (const [at, length] of lengths.entries()) {
      const bytes = memory.subarray(at, at + length);
      expect(crc32c(bytes)).toBe(crcByTables(bytes));
      expect(crc32c(bytes, 0xfedcba98)).toBe(crcByTables(bytes, 0xfedcba98));
      expect(crc32cWithin(new DataView(memory.buffer), at, at + length)).toBe(crcByTables(bytes));
    }
    expect(crc32c(new Uint8Array(100_000))).toBe(crcByTables(new Uint8Array(100_000)));
  });
  test("the engine that makes them short is there, and folding leaves the checksum as it is", () => {
    const folding = openCrcFolding();
    const bytes = Uint8Array.from({ length: folding?.takes(70_000) ?? 0 }, (_, at) => at * at);
    expect(bytes.length).toBeGreaterThan(69_000);
    const rest = folding?.fold(bytes, ~77) ?? bytes;
    expect(rest.length).toBeLessThan(4000);
    expect(crcByTables(rest, -1)).toBe(crcByTables(bytes, 77));
  });
  test("masking is undone by unmasking", () => {
    for (const crc of [0, 1, 0x80000000, 0xffffffff, 0xe3069283]) expect(unmaskCrc(maskCrc(crc))).toBe(crc);
  });
});

describe("writing", () => {
  const first: Event = { wallTimeSeconds: 1_587_702_272.0000305, step: 0, what: { kind: "fileVersion", version: "brain.Event:2" } };
  test("TensorBoard's two records come out byte for byte", () => {
    const wallTimes = [version, accuracy].map((record) => new DataView(record.buffer, 13, 8).getFloat64(0, true));
    expect(hex(encodeRecord(encodeEvent({ ...first, wallTimeSeconds: wallTimes[0] ?? 0 })))).toBe(hex(version));
    const value = {
      tag: "accuracy",
      metadata: { pluginName: "scalars", pluginContent: new Uint8Array(), displayName: "", description: "", dataClass: 0 },
      value: { kind: "tensor", tensor: { dtype: 1, shape: [], content: new Uint8Array(Float32Array.of(0.99).buffer) } },
    } as const;
    expect(hex(encodeRecord(encodeEvent({ wallTimeSeconds: wallTimes[1] ?? 0, step: 77, what: { kind: "summary", values: [value] } })))).toBe(hex(accuracy));
  });
  test("a step that is no whole number is refused", () => {
    expect(() => encodeEvent({ ...first, step: 0.5 })).toThrow(RangeError);
    expect(() => encodeEvent({ ...first, step: 2 ** 53 })).toThrow(RangeError);
  });
  test("negative steps take ten bytes and come back", () => {
    const event: Event = { wallTimeSeconds: 0, step: -1, what: { kind: "nothing" } };
    expect(hex(encodeEvent(event))).toBe("10ffffffffffffffffff01");
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });
});

describe("reading", () => {
  test("records come out whole wherever the bytes are cut", () => {
    const whole = readAll([stream]);
    expect(kinds(whole)).toEqual(["record 0", "record 26", "record 59", "record 99", "record 146", "record 200"]);
    for (let cut = 0; cut <= stream.length; cut++) expect(readAll([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(whole);
  });
  test("half a record is not damage, and reading resumes at its start in another scanner", () => {
    for (let cut = 0; cut < stream.length; cut++) {
      const scanner = new RecordScanner();
      scanner.push(stream.subarray(0, cut));
      let read = scanner.next();
      let count = 0;
      for (; read.kind === "record"; read = scanner.next()) count++;
      expect(read).toEqual({ kind: "needMore" });
      expect(scanner.damage).toBeUndefined();
      expect(count + readAll([stream.subarray(scanner.offset)], { offset: scanner.offset }).length).toBe(records.length);
    }
  });
  test("payloads given earlier stay as they are while more bytes come", () => {
    const scanner = new RecordScanner();
    const pieces = [stream.slice(0, 30), stream.slice(30, 150), stream.slice(150)];
    const given = pieces.flatMap((piece) => {
      scanner.push(piece);
      const found: Uint8Array[] = [];
      for (let read = scanner.next(); read.kind === "record"; read = scanner.next()) found.push(read.data);
      return found;
    });
    expect(given.map((data) => data.length)).toEqual([10, 17, 24, 31, 38, 45]);
    expect(given.every((data) => data.every((byte) => byte === 120))).toBe(true);
  });
  test("a record without payload is legal", () => {
    expect(readAll([encodeRecord(new Uint8Array())])).toEqual([{ kind: "record", offset: 0, data: new Uint8Array() }]);
  });
  test("zeros are no records", () => {
    const scanner = new RecordScanner();
    scanner.push(new Uint8Array(100_000));
    expect(scanner.next()).toEqual({ kind: "needMore" });
    expect(scanner.damage).toEqual({ offset: 0, bytes: 100_000 });
  });
});

describe("damage", () => {
  test("a flipped bit costs its own record and no other, wherever it is", () => {
    for (let bit = 0; bit < stream.length * 8; bit++) {
      const damaged = stream.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const found = readAll([damaged]);
      expect(found.filter(({ kind }) => kind === "record").length).toBe(records.length - 1);
      const lastRecord = bit >> 3 >= 200;
      const inPayload = found.some((read) => read.kind === "skipped" && read.reason === "badDataCrc");
      expect(found.some(({ kind }) => kind === "skipped")).toBe(!lastRecord || inPayload);
    }
  });
  test("the vector with a wrong length checksum is refused", () => {
    const scanner = new RecordScanner();
    scanner.push(unhex(`1800000000000000 997f4b55 ${"00".repeat(28)}`));
    expect(scanner.next()).toEqual({ kind: "needMore" });
    expect(scanner.damage?.offset).toBe(0);
  });
  test("after a torn header the next good record is found, and what was skipped is told", () => {
    const torn = joinBytes([stream.subarray(0, 26), encodeUtf8("garbage of any length"), stream.subarray(26)]);
    expect(kinds(readAll([torn]))).toEqual(["record 0", "badLengthCrc 26+21", "record 47", "record 80", "record 120", "record 167", "record 221"]);
    for (let cut = 0; cut <= torn.length; cut++) {
      expect(kinds(readAll([torn.subarray(0, cut), torn.subarray(cut)]))).toEqual(kinds(readAll([torn])));
    }
  });
  test("a record beyond the cap is skipped without being held", () => {
    const pieces = [stream.subarray(0, 205), stream.subarray(205), version];
    expect(kinds(readAll(pieces, { maxRecordBytes: 40 }))).toEqual([
      "record 0", "record 26", "record 59", "record 99", "record 146", "recordTooLarge 200+61", "record 261",
    ]);
  });
  test("a record beyond the cap is read when the stream is known to hold it", () => {
    expect(kinds(readAll([stream], { maxRecordBytes: 40, streamBytes: () => stream.length })).at(-1)).toBe("record 200");
  });
  test("a length of many exabytes neither hangs nor allocates", () => {
    const header = new Uint8Array(12).fill(255, 0, 8);
    new DataView(header.buffer).setUint32(8, maskedCrc32c(header.subarray(0, 8)), true);
    expect(kinds(readAll([joinBytes([header, stream])]))[0]).toBe("badLengthCrc 0+12");
  });
});

describe("reading into the scanner's own space", () => {
  const torn = joinBytes([stream.subarray(0, 26), encodeUtf8("garbage of any length"), stream.subarray(26), version]);
  /** As `readAll`, with space of the scanner's for each piece, and what is found looked at in place. */
  function readInPlace(pieces: readonly Uint8Array[], { pause = false, ...options }: ScannerOptions & { readonly pause?: boolean } = {}): RecordRead[] {
    const scanner = new RecordScanner(options);
    return pieces.flatMap((piece) => {
      scanner.room(piece.length + 5).set(piece);
      scanner.filled(piece.length);
      const reads: RecordRead[] = [];
      for (let kind = scanner.scan(); kind !== "needMore"; kind = scanner.scan()) {
        if (kind === "skipped") reads.push(scanner.skipped);
        else {
          const { view, payloadStart, payloadEnd } = scanner;
          const data = new Uint8Array(view.buffer, view.byteOffset + payloadStart, payloadEnd - payloadStart).slice();
          expect(scanner.payload).toEqual(data);
          reads.push({ kind: "record", offset: scanner.recordOffset, data });
        }
      }
      if (pause) scanner.trim();
      return reads;
    });
  }
  test.each([{}, { pause: true }, { maxRecordBytes: 40 }])("gives what pushing gives, cut anywhere: %o", (options) => {
    for (let cut = 0; cut <= torn.length; cut++) {
      const pieces = [torn.subarray(0, cut), torn.subarray(cut, cut + 30), torn.subarray(cut + 30)];
      expect(readInPlace(pieces, options)).toEqual(readAll(pieces, options));
    }
  });
  test("gives what pushing gives, byte by byte", () => {
    const bytes = Array.from(torn, (byte) => Uint8Array.of(byte));
    expect(readInPlace(bytes)).toEqual(readAll(bytes));
  });
});
