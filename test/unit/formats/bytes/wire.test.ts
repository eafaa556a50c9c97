// Protobuf's wire format: what is written is read again, at every edge of every number.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { compareBytes, joinBytes, sharedPrefix } from "#formats/bytes/byteOrder";
import { decodeBfloat16, decodeFloat16, encodeBfloat16, encodeFloat16 } from "#formats/bytes/float16";
import { decodeStrictUtf8, decodeUtf8, encodeUtf8 } from "#formats/bytes/utf8";
import { WireReader } from "#formats/bytes/wireReader";
import { encodeMessage, WireWriter } from "#formats/bytes/wireWriter";
import { escapeBytes, printDouble } from "#formats/protoText/printValue";
import { hex, unhex } from "../golden";

function field(bytes: Uint8Array): WireReader {
  const reader = new WireReader(bytes);
  expect(reader.next()).toBe(true);
  return reader;
}

describe("numbers", () => {
  const edges = [0, 1, 127, 128, 16383, 16384, 2 ** 21, 2 ** 28 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 35, 2 ** 42, 2 ** 49, 2 ** 53 - 1];
  test.each([...edges, ...edges.map((value) => -value)])("%d survives as int64", (value) => {
    const bytes = encodeMessage((writer) => writer.int(3, value));
    expect(field(bytes).safeInteger("it")).toBe(value + 0);
    expect(field(bytes).int64()).toBe(BigInt(value));
    expect(hex(bytes)).toBe(hex(encodeMessage((writer) => writer.int(3, BigInt(value)))));
  });
  test.each([2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, -(2n ** 53n)])("%s survives as bigint, and is no safe number", (value) => {
    const bytes = encodeMessage((writer) => writer.int(1, value));
    expect(field(bytes).int64()).toBe(value);
    expect(() => field(bytes).safeInteger("it")).toThrow(FormatError);
  });
  test("-1 as int32 takes ten bytes", () => {
    const bytes = encodeMessage((writer) => writer.int(1, -1));
    expect(hex(bytes)).toBe("08ffffffffffffffffff01");
    expect(field(bytes).int32()).toBe(-1);
  });
  test("doubles and floats, minus zero among them, are written where they are not the default", () => {
    const bytes = encodeMessage((writer) => {
      writer.doubleIfSet(1, 0);
      writer.doubleIfSet(2, -0);
      writer.floatIfSet(3, 1.5);
      writer.doubleIfSet(4, NaN);
    });
    const reader = new WireReader(bytes);
    reader.next();
    expect([reader.field, reader.double()]).toEqual([2, -0]);
    reader.next();
    expect([reader.field, reader.float()]).toEqual([3, 1.5]);
    reader.next();
    expect([reader.field, reader.double()]).toEqual([4, NaN]);
    expect(reader.next()).toBe(false);
  });
});

describe("messages", () => {
  test.each([0, 127, 128, 16383, 16384, 2_097_152])("a nested message of %i bytes carries its length", (size) => {
    const content = new Uint8Array(size).fill(7);
    const bytes = encodeMessage((writer) => writer.message(2, (inner) => inner.raw(content)));
    expect(field(bytes).bytes().length).toBe(size);
    expect(hex(bytes)).toBe(hex(encodeMessage((writer) => writer.bytes(2, content))));
  });
  test("unknown fields are passed over by their wire types, and can be kept", () => {
    const bytes = encodeMessage((writer) => {
      writer.int(100, 2 ** 40);
      writer.double(101, 1);
      writer.string(102, "kept");
      writer.fixed32(103, 7);
      writer.int(1, 5);
    });
    const reader = new WireReader(bytes);
    const kept: Uint8Array[] = [];
    while (reader.next()) kept.push(reader.skipped());
    expect(hex(joinBytes(kept))).toBe(hex(bytes));
  });
  test("repeated numbers are read packed, unpacked and mixed", () => {
    const mixed = encodeMessage((writer) => {
      writer.int(1, 300);
      writer.message(1, (packed) => {
        packed.varint(1);
        packed.varint(2);
      });
      writer.int(1, -4);
    });
    const reader = new WireReader(mixed);
    const found: number[] = [];
    while (reader.next()) reader.elements(0, (element) => found.push(element.int32()));
    expect(found).toEqual([300, 1, 2, -4]);
  });
  test("doubles are gathered packed and unpacked, and a torn list is refused", () => {
    const bytes = encodeMessage((writer) => {
      writer.message(6, (packed) => packed.rawDouble(1));
      writer.double(6, 2);
    });
    const reader = new WireReader(bytes);
    const found: number[] = [];
    while (reader.next()) reader.doubles(found);
    expect(found).toEqual([1, 2]);
    expect(() => field(unhex("3203010203")).doubles([])).toThrow(/torn/);
  });
  test("another wire type than the field's is refused, and told with its byte", () => {
    expect(() => field(unhex("0801")).string()).toThrow(/another wire type.*byte 1.*wanted 2, got 0/);
    expect(() => field(unhex("0a0161")).int32()).toThrow(FormatError);
    expect(() => field(unhex("0d00000000")).double()).toThrow(FormatError);
  });
  test("a writer can be finished twice and grow between", () => {
    const writer = new WireWriter(4);
    writer.string(1, "some text");
    const before = hex(writer.finish());
    writer.int(2, 1);
    expect(hex(writer.finish())).toBe(`${before}1001`);
    expect(writer.length).toBe(13);
  });
});

describe("texts and bytes", () => {
  test("bytes that are not UTF-8 become U+FFFD, and a byte-order mark stays", () => {
    expect(decodeUtf8(unhex("61ff62"))).toBe("a\ufffdb");
    expect(decodeUtf8(unhex("efbbbf61"))).toBe("\ufeffa");
    expect(decodeStrictUtf8(unhex("61ff62"))).toBeUndefined();
    expect(decodeStrictUtf8(encodeUtf8("日本"))).toBe("日本");
  });
  test("keys are compared as unsigned bytes", () => {
    expect(compareBytes(unhex("ff"), unhex("01ff"))).toBeGreaterThan(0);
    expect(compareBytes(unhex("01"), unhex("0100"))).toBeLessThan(0);
    expect(compareBytes(unhex("0102"), unhex("0102"))).toBe(0);
    expect(sharedPrefix(unhex("010203"), unhex("010304"))).toBe(1);
  });
  test("a source gives fewer bytes past its end", async () => {
    const source = bytesAsSource(unhex("010203"), "three");
    expect([await source.size(), hex(await source.read(1, 9)), hex(await source.read(5, 1)), source.name]).toEqual([3, "0203", "", "three"]);
  });
  test.each([[0x3c00, 1], [0xc000, -2], [0x0001, 2 ** -24], [0x03ff, 1023 * 2 ** -24], [0x7bff, 65504], [0x7c00, Infinity], [0xfc00, -Infinity], [0x7e00, NaN], [0x8000, -0]])(
    "half %i is %d", (bits, value) => expect(decodeFloat16(bits)).toBe(value));
  test.each([[0x3f80, 1], [0xc000, -2], [0x7f80, Infinity], [0x7fc0, NaN]])("bfloat %i is %d", (bits, value) => expect(decodeBfloat16(bits)).toBe(value));
  test.each([
    [0, "0.0"], [-0, "-0.0"], [1, "1.0"], [-2.5, "-2.5"], [10000, "10000.0"], [1e15, "1000000000000000.0"], [1e16, "1e+16"],
    [123456789012345680, "1.2345678901234568e+17"], [0.0001, "0.0001"], [0.00001, "1e-05"], [1e-7, "1e-07"], [1e100, "1e+100"], [5e-324, "5e-324"],
    [1700000000.25, "1700000000.25"], [NaN, "nan"], [Infinity, "inf"], [-Infinity, "-inf"],
  ])("%d is printed as %s", (value, text) => expect(printDouble(value)).toBe(text));
  test("bytes are escaped for text", () => {
    expect(escapeBytes(unhex("0a0d09222761 5c 00 01 7f ff c3a9"))).toBe("\\n\\r\\t\\\"\\'a\\\\\\000\\001\\177\\377\\303\\251");
  });
});

describe("rounding to 16 bits", () => {
  const all = Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  test.each([["half", decodeFloat16, encodeFloat16], ["bfloat16", decodeBfloat16, encodeBfloat16]] as const)("every %s comes back, and what lies between two goes to the nearer or the even one", (_, decode, encode) => {
    const wrong = all.filter((bits) => !Number.isNaN(decode(bits)) && encode(decode(bits)) !== bits);
    expect(wrong).toEqual([]);
    for (let bits = 0; bits < 0x7b00; bits += 7) {
      const [low, high] = [decode(bits), decode(bits + 1)];
      expect([encode(low * 0.75 + high * 0.25), encode(low * 0.25 + high * 0.75), encode((low + high) / 2)]).toEqual([bits, bits + 1, bits + (bits % 2)]);
    }
  });
  test("half ends at 65504: from 65520 on it is infinite", () => {
    expect([65504, 65519.996, 65520, -1e9].map((value) => encodeFloat16(value))).toEqual([0x7bff, 0x7bff, 0x7c00, 0xfc00]);
  });
});
