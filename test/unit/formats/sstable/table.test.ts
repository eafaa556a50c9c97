// Tables and their Snappy blocks: what is written is read again, over many blocks.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { compareBytes } from "#formats/bytes/byteOrder";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { encodeHeader } from "#formats/bundle/bundleRecords";
import { openBundle } from "#formats/bundle/openBundle";
import { encodeTable } from "#formats/sstable/encodeTable";
import { readTable } from "#formats/sstable/readTable";
import { unpackSnappy } from "#formats/sstable/snappy";
import { hex, unhex } from "../golden";

function entriesOf(count: number): [Uint8Array, Uint8Array][] {
  return Array.from({ length: count }, (_, at): [Uint8Array, Uint8Array] => [encodeUtf8(`key ${at % 7} ${at}`), encodeUtf8("v".repeat(at % 50))])
    .sort(([a], [b]) => compareBytes(a, b));
}

describe("tables", () => {
  test.each([0, 1, 15, 16, 17, 33, 500, 20_000])("%i entries come back in order", async (count) => {
    const entries = entriesOf(count);
    const table = await readTable(bytesAsSource(encodeTable(entries)));
    expect(table.problems).toEqual([]);
    expect(table.read.flatMap((block) => [...block]).map(({ key, value }) => [hex(key), hex(value)])).toEqual(entries.map((entry) => entry.map(hex)));
    if (count === 20_000) expect(table.blocks).toBeGreaterThan(1);
  });
  test("a value of twice a block's size gets a block of its own", async () => {
    const big = new Uint8Array(600_000);
    const table = await readTable(bytesAsSource(encodeTable([[encodeUtf8("a"), big], [encodeUtf8("b"), big], [encodeUtf8("c"), new Uint8Array()]])));
    expect([table.blocks, table.read.reduce((sum, { count }) => sum + count, 0)]).toEqual([3, 3]);
  });
  test("keys that do not ascend are our mistake", () => {
    expect(() => encodeTable([[encodeUtf8("b"), big()], [encodeUtf8("a"), big()]])).toThrow("ascend");
    expect(() => encodeTable([[encodeUtf8("a"), big()], [encodeUtf8("a"), big()]])).toThrow("ascend");
  });
  test.each([["", "truncated"], ["00".repeat(47), "truncated"], ["00".repeat(48), "badMagic"]])("%s is refused", async (bytes, reason) => {
    await expect(readTable(bytesAsSource(unhex(bytes)))).rejects.toMatchObject({ reason });
  });
});

describe("Snappy", () => {
  test.each([
    ["literals", "0a 24 61626364656667686a6b", "abcdefghjk"],
    ["a copy that repeats what it writes", "0a 00 61 15 01", "aaaaaaaaaa"],
    ["a copy of two offset bytes", "08 0c 61626364 0e 0400", "abcdabcd"],
    ["a copy of four offset bytes", "08 0c 61626364 0f 04000000", "abcdabcd"],
    ["a literal with a length byte", `40 f0 3f ${"61".repeat(64)}`, "a".repeat(64)],
    ["nothing", "00", ""],
  ])("%s", (_, packed, text) => {
    expect(Buffer.from(unpackSnappy(unhex(packed))).toString()).toBe(text);
  });
  test.each(["", "80", "05 0c 6162", "04 01 00", "04 00 61 05 02", "01 04 6162", "05 00 61", "04 f0"])("%s is refused", (packed) => {
    expect(() => unpackSnappy(unhex(packed))).toThrow(FormatError);
  });
});

function big(): Uint8Array {
  return new Uint8Array(4);
}

describe("damage is told with its place in the file", () => {
  const value = encodeUtf8("value");
  test.each([
    ["a cut footer", (bytes: Uint8Array) => bytes.slice(0, 20), { reason: "truncated", place: { file: "t.index", offset: 0 } }],
    ["a wrong magic", (bytes: Uint8Array) => bytes.with(bytes.length - 1, 0), { reason: "badMagic", place: { file: "t.index", offset: expect.any(Number) as number } }],
  ])("%s", async (_, damage, error) => {
    await expect(readTable(bytesAsSource(damage(encodeTable([[encodeUtf8("a"), value]])), "t.index"))).rejects.toMatchObject(error);
  });
  test("an entry that is no tensor's, behind a sound checksum", async () => {
    const header = encodeHeader({ shards: 1, endianness: "little", producer: 1 });
    const table = encodeTable([[new Uint8Array(), header], [encodeUtf8("w"), Uint8Array.of(8, 1, 0x28)], [encodeUtf8("x"), Uint8Array.of(0x18, 5)]]);
    const { problems } = await openBundle(bytesAsSource(table, "t.index"), async () => bytesAsSource(new Uint8Array()));
    // The first entry's value lies behind three numbers; a key, three numbers and the rest of its own value before it is cut.
    const first = 3 + header.length;
    expect(problems.map(({ reason, place }) => [reason, place.file, place.offset])).toEqual([
      ["truncated", "t.index", first + 3 + 1 + 3], ["malformed", "t.index", first + 3 + 1 + 3 + 3 + 1],
    ]);
  });
});
